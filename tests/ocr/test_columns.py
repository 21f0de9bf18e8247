"""Chains of lines, and which of them are running text."""

import pytest

from ybda_qc.ocr.columns import chains, in_columns_of_text
from ybda_qc.ocr.rectangle import Rectangle


def column(left: float, widths: list[float], pitch: float = 8.0) -> list[Rectangle]:
    return [Rectangle(left, pitch * n, left + width, pitch * n + 5) for n, width in enumerate(widths)]


def test_a_heading_a_gap_and_a_line_over_two_end_a_chain() -> None:
    heading, above_both = Rectangle(0, -20, 90, -7), Rectangle(0, 40, 190, 45)
    lines = [heading, *column(0, [90] * 5), above_both]
    lines += [line._replace(top=line.top + 48, bottom=line.bottom + 48) for line in column(0, [90] * 3)]
    lines += [line._replace(top=line.top + 48, bottom=line.bottom + 48) for line in column(100, [90] * 3)]
    lines += [Rectangle(0, 85, 90, 90)]

    assert chains(lines) == [[0], [1, 2, 3, 4, 5, 6], [7, 8, 9], [10, 11, 12], [13]]


@pytest.mark.parametrize(("shortest", "is_text"), [(0.9, True), (0.1, False)])
def test_running_text_fills_its_column(shortest: float, is_text: bool) -> None:
    widths = [90 * (shortest + (1 - shortest) * (7 * n % 12) / 11) for n in range(12)]
    lines = column(0, widths)

    assert in_columns_of_text(lines, chains(lines)) == (set(range(12)) if is_text else set())


@pytest.mark.parametrize(("width", "is_text"), [(30, True), (25, False)])
def test_a_column_of_text_is_wider_than_that_of_a_table(width: float, is_text: bool) -> None:
    lines = column(0, [width] * 6)

    assert bool(in_columns_of_text(lines, chains(lines))) is is_text


def test_a_filled_column_beside_cells_belongs_to_the_table_and_so_does_its_neighbour() -> None:
    lines = column(0, [10] * 8) + column(20, [60] * 8) + column(90, [60] * 8)

    assert in_columns_of_text(lines, chains(lines)) == set()


def test_a_few_cells_beside_a_column_do_not_make_it_a_table() -> None:
    lines = column(0, [60] * 12) + column(70, [10] * 2)

    assert in_columns_of_text(lines, chains(lines)) == set(range(12))
