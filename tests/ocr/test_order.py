"""Reading order: two columns, a table, vertical columns, a page with a heading and a foot."""

import random

from ybda_qc.ocr.order import reading_order
from ybda_qc.ocr.rectangle import Rectangle, laid_down

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


def test_a_heading_over_two_of_three_columns_is_read_before_these_alone() -> None:
    masthead, heading = Rectangle(60, -30, 125, -12), Rectangle(0, 0, 112, 12)

    assert read_as_given(
        [masthead, heading, *column(0, 55, 28, top=16), *column(62, 55, 28, top=16), *column(124, 55, 30)]
    )


def test_a_short_heading_over_the_middle_column_alone_is_read_first() -> None:
    assert read_as_given(
        [Rectangle(70, -20, 112, -10), *(line for left in (0, 62, 124) for line in column(left, 55, 20))]
    )


def test_columns_that_run_round_a_picture_with_a_caption_in_the_gutter() -> None:
    def beside(lines: list[Rectangle], left: float, right: float) -> list[Rectangle]:
        return lines[:8] + [line._replace(left=left, right=right) for line in lines[8:20]] + lines[20:]

    caption = [Rectangle(75, 130 + 8 * n, 105, 135 + 8 * n) for n in range(3)]
    left, right = beside(column(0, 86, 30), 0, 45), beside(column(94, 86, 30), 135, 180)
    lines = [*left, *right, *caption]

    order = [place for place in reading_order(lines) if place < len(left) + len(right)]

    assert order == list(range(len(left) + len(right)))


def test_a_short_last_line_and_an_indented_first_one_stay_in_their_column() -> None:
    def paragraphs(left: float) -> list[Rectangle]:
        lines = column(left, 60, 20)
        lines[9] = lines[9]._replace(right=left + 8)
        lines[10] = lines[10]._replace(left=left + 10)
        return lines

    assert read_as_given([*paragraphs(0), *paragraphs(70)])


def test_a_long_cell_beside_short_ones_is_read_in_its_row() -> None:
    cells = [
        Rectangle(left, 8 * row, left + width, 8 * row + HEIGHT)
        for row in range(12)
        for left, width in ((0, 8), (15, 60), (80, 60), (150, 20))
    ]

    assert read_as_given(cells)


def test_labels_are_read_before_their_paragraphs() -> None:
    lines = []
    for paragraph in range(5):
        lines += [Rectangle(0, 32 * paragraph, 16, 32 * paragraph + HEIGHT)]
        lines += column(25, 150, 4, top=32 * paragraph)

    assert read_as_given(lines)


def test_notes_on_the_margin_are_no_labels() -> None:
    notes = [Rectangle(0, 30 + 5.7 * n, 26, 33.8 + 5.7 * n) for n in range(6)]

    assert read_as_given([*notes, *column(40, 140, 25)])


def test_a_date_on_the_right_above_a_salutation_on_the_left() -> None:
    assert read_as_given([Rectangle(120, 0, 175, 5), Rectangle(0, 10, 50, 15), *column(0, 180, 12, top=20)])


def test_vertical_tiers_are_read_one_after_the_other() -> None:
    tiers = [laid_down(200 - 9 * n, top, 205 - 9 * n, top + 100) for top in (0, 108) for n in range(20)]

    assert read_as_given(tiers)
