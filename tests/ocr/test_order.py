"""Reading order: two columns, a table, vertical columns, a page with a heading and a foot."""

import random

from ybda_qc.ocr.order import Rectangle, laid_down, reading_order

HEIGHT, PITCH = 5.0, 8.0


def column(left: float, width: float, count: int, top: float = 0.0) -> list[Rectangle]:
    return [Rectangle(left, top + PITCH * n, left + width, top + PITCH * n + HEIGHT) for n in range(count)]


def read_as_given(lines: list[Rectangle]) -> bool:
    shuffled = list(range(len(lines)))
    random.Random(7).shuffle(shuffled)
    order = reading_order([lines[place] for place in shuffled])
    return [shuffled[place] for place in order] == list(range(len(lines)))


def test_no_lines() -> None:
    assert reading_order([]) == []


def test_columns_that_stand_level_are_read_one_after_the_other() -> None:
    assert read_as_given(column(0, 90, 10) + column(100, 90, 10))


def test_columns_that_do_not_stand_level() -> None:
    assert read_as_given(column(0, 90, 10) + column(100, 90, 10, top=3.5))


def test_a_heading_and_a_foot_across_columns() -> None:
    heading, foot = Rectangle(40, -20, 150, -10), Rectangle(90, 100, 104, 105)

    assert read_as_given([heading, *column(0, 90, 10), *column(100, 90, 8), foot])


def test_the_second_column_may_be_the_longer_one() -> None:
    assert read_as_given(column(0, 90, 6, top=2 * PITCH) + column(100, 90, 10))


def test_rows_of_a_table_are_read_across() -> None:
    cells = [
        Rectangle(left, 8 * row, left + width, 8 * row + HEIGHT)
        for row in range(12)
        for left, width in ((0, 25), (40, 30), (100, 20), (160, 28))
    ]

    assert read_as_given(cells)


def test_lines_that_touch_each_other_are_rows_all_the_same() -> None:
    assert read_as_given([Rectangle(0, 8 * n - 2, 180, 8 * n + 8) for n in range(10)])


def test_vertical_columns_are_read_from_right_to_left() -> None:
    columns = [laid_down(left, 0, left + 10, 200) for left in (180, 160, 140, 120)]

    assert read_as_given(columns)


def test_the_narrow_columns_of_a_newspaper() -> None:
    columns = [line for left in (0, 45, 90, 135) for line in column(left, 40, 12)]

    assert read_as_given(columns)
