"""Streaks are found by standing still from edge to edge; what is printed on the sheet is none."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.scanner_line import ScannerLineCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"streak": {"note": 3, "review": 8}}
TEXT = PageSpec(layout="text", paper_mm=(100.0, 140.0), noise=2.0, mode="colour", angle_degrees=0.4)


def look(pixels: np.ndarray, dpi: float | None = 300) -> tuple[CheckResult, list[Finding]]:
    return run_check(ScannerLineCheck, pixels, dpi=dpi, **LIMITS)


def value(result: CheckResult, quantity: str) -> float:
    found = result.number(quantity)
    assert found is not None, quantity
    return found.value


@pytest.fixture(scope="module")
def sheet() -> np.ndarray:
    return draw_page(TEXT).pixels


def streaked(
    page: np.ndarray,
    x: int = 700,
    *,
    levels: int = -20,
    width: int = 2,
    top: float = 0,
    channel: slice | int = slice(None),
) -> np.ndarray:
    page = page.copy()
    part = page[int(top * page.shape[0]) :, x : x + width]
    part[..., channel] = np.clip(part[..., channel].astype(int) + levels, 0, 255)
    return page


@pytest.mark.parametrize("levels", [-40, -20, -12, 7])
@pytest.mark.parametrize("width", [1, 4])
def test_a_streak_is_found_in_its_place(sheet: np.ndarray, levels: int, width: int) -> None:
    result, findings = look(streaked(sheet, levels=levels, width=width))

    assert value(result, "streaks") == 1
    assert value(result, "column_1") == pytest.approx(700 + width / 2, abs=1)
    assert np.sign(value(result, "column_1_contrast")) == np.sign(levels)
    (box,) = assert_finding(findings, "scanner_line/streak").boxes
    assert box.left == pytest.approx(700, abs=1)
    assert box.height > 0.9 * sheet.shape[0]


def test_a_level_streak_stands_in_a_row(sheet: np.ndarray) -> None:
    turned = np.ascontiguousarray(streaked(sheet).swapaxes(0, 1))

    result, findings = look(turned)

    assert value(result, "row_1") == pytest.approx(701, abs=1)
    assert "y 701" in assert_finding(findings, "scanner_line/streak", verdict="review").message


def test_a_stronger_streak_measures_stronger(sheet: np.ndarray) -> None:
    found = [value(look(streaked(sheet, levels=-n))[0], "contrast") for n in (0, 8, 20, 50)]

    assert found[0] == 0
    assert found == sorted(found)


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_one_channel_is_enough(sheet: np.ndarray, channel: int) -> None:
    _, findings = look(streaked(sheet, channel=channel, width=3))

    assert_finding(findings, "scanner_line/streak", verdict="review")


def test_a_streak_may_start_on_the_way_and_have_gaps(sheet: np.ndarray) -> None:
    page = streaked(sheet, top=0.4, levels=-30)
    for row in range(800, page.shape[0] - 200, 300):
        page[row : row + 60] = sheet[row : row + 60]

    assert_finding(look(page)[1], "scanner_line/streak", verdict="review")


def test_a_strong_streak_may_be_gone_half_of_the_way(sheet: np.ndarray) -> None:
    page = sheet.copy()
    for top in range(0, page.shape[0], 400):
        page[top : top + 210] = streaked(sheet, levels=-70)[top : top + 210]

    result, _ = look(page)

    assert value(result, "streaks") == 1


def test_a_strong_streak_may_be_gone_most_of_the_way(sheet: np.ndarray) -> None:
    page, length = sheet.copy(), sheet.shape[0]
    there = np.zeros(length, np.bool_)
    for start, stop in ((0, 0.09), (0.3, 0.38), (0.55, 0.6), (0.9, 0.98)):
        there[int(start * length) : int(stop * length)] = True
    page[there, 700:702] -= 60

    _, findings = look(page)

    assert_finding(findings, "scanner_line/streak", verdict="review")


def test_a_white_streak_is_found_where_the_paper_at_its_ends_is_nearly_white(sheet: np.ndarray) -> None:
    page = sheet.copy()
    page[200:-200] = (page[200:-200] * 0.6).astype(np.uint8)
    page[:, 700:702] = 255

    _, findings = look(page)

    assert_finding(findings, "scanner_line/streak", verdict="review")


def test_a_streak_is_found_where_it_runs_into_a_printed_rule(sheet: np.ndarray) -> None:
    page = streaked(sheet, levels=-50)
    page[500:1100, 700:702] = 20

    result, findings = look(page)

    assert value(result, "streaks") == 1
    (box,) = assert_finding(findings, "scanner_line/streak").boxes
    assert box.height > 0.9 * page.shape[0]


def test_on_bitonal_pages_black_and_white_streaks_are_found() -> None:
    page = draw_page(replace(TEXT, paper_mm=(120.0, 200.0), font_mm=3.0, mode="bitonal"))
    middle = page.pixels.shape[1] // 2
    black, white = page.pixels.copy(), page.pixels.copy()
    black[:, middle] = 0
    white[:, middle : middle + 2] = 255

    for pixels, sign in ((black, -1), (white, 1)):
        result, findings = look(pixels)
        assert_finding(findings, "scanner_line/streak", verdict="review")
        assert value(result, "column_1") == pytest.approx(middle + 0.5, abs=1.5)
        assert np.sign(value(result, "column_1_contrast")) == sign


def in_cells(width: int, *, seed: int = 1) -> np.ndarray:
    """Characters that fill cells of equal width but for a gap that no stroke crosses."""
    rng = np.random.default_rng(seed)
    page = np.full((2400, 1400), 255, np.uint8)
    for top in range(150, 2250, 60):
        for left in range(100, 1300 - width, width):
            first, last = left + 5 + rng.integers(0, 3), left + width - 1 - rng.integers(0, 3)
            box = (int(first), top), (int(last), top + 42)
            if rng.random() < 0.4:
                cv2.rectangle(page, *box, 0, 3)
            else:
                for row in (0, 21, 42):
                    cv2.line(page, (box[0][0], top + row), (box[1][0], top + row), 0, 4)
    return page


@pytest.mark.parametrize("width", [22, 30, 45])
def test_gaps_between_letters_set_in_cells_are_no_streaks(width: int) -> None:
    result, findings = look(in_cells(width))

    assert_no_finding(findings)
    assert value(result, "streaks") == 0


def test_three_white_streaks_side_by_side_are_found() -> None:
    page = draw_page(replace(TEXT, paper_mm=(120.0, 200.0), font_mm=4.0, mode="bitonal")).pixels.copy()
    places = (400, 655, 830)
    for x in places:
        page[:, x : x + 3] = 255
        rows = np.flatnonzero((page[:, x - 2] == 0) & (page[:, x + 4] == 0))
        page[rows[::25], x : x + 3] = 0  # dust came off for a moment: some strokes cross them

    result, findings = look(page)

    assert_finding(findings, "scanner_line/streak", verdict="review")
    assert value(result, "streaks") == len(places)


def test_without_a_resolution_streaks_are_found_all_the_same(sheet: np.ndarray) -> None:
    assert_finding(look(streaked(sheet), dpi=None)[1], "scanner_line/streak")


def test_each_side_of_the_limits(sheet: np.ndarray) -> None:
    result, _ = look(streaked(sheet))
    strongest = value(result, "contrast")

    assert_no_finding(judge(ScannerLineCheck, result, streak={"review": strongest}))
    assert_finding(judge(ScannerLineCheck, result, streak={"review": strongest - 0.1}), "scanner_line/streak")


def with_table(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for x in range(200, 1100, 180):
        page[150:-150, x : x + 3] = 30
    return page


def with_turned_rule(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    cv2.line(page, (700, 0), (706, page.shape[0]), (40, 40, 40), 3)
    return page


def with_rules_hardly_aslant(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for x, shift in ((300, 1), (520, -1), (830, 1)):
        cv2.line(page, (x, 0), (x + shift, page.shape[0] - 1), (20, 20, 20), 3)
    return page


def with_fold(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    wander = 700 + np.cumsum(np.random.default_rng(1).normal(0, 0.15, page.shape[0]))
    for row, x in enumerate(wander.astype(int)):
        page[row, x : x + 3] -= 25
    return page


def with_ruling_to_the_edges(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for row in range(300, 1500, 100):
        page[row : row + 3] = (150, 160, 200)
    return page


def with_dashes(page: np.ndarray) -> np.ndarray:
    for top in range(0, page.shape[0], 80):
        page[top : top + 40, 700:703] = 40
    return page


def with_sheet_edge(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    page[:, 1000:] = 252
    page[:, 997:1000] = 120
    page[:, :997] = np.minimum(page[:, :997], 225)
    return page


def with_gutter(page: np.ndarray) -> np.ndarray:
    shade = 1 - 0.5 * np.exp(-(((np.arange(page.shape[1]) - 800) / 30) ** 2))
    return (page * shade[None, :, None]).astype(np.uint8)


@pytest.mark.parametrize(
    "draw",
    [
        with_table,
        with_turned_rule,
        with_rules_hardly_aslant,
        with_fold,
        with_ruling_to_the_edges,
        with_sheet_edge,
        with_gutter,
        with_dashes,
    ],
)
def test_what_belongs_to_the_sheet_is_no_streak(sheet: np.ndarray, draw: object) -> None:
    result, findings = look(draw(sheet))  # type: ignore[operator]

    assert_no_finding(findings)
    assert value(result, "streaks") == 0


@pytest.mark.parametrize(
    "layout", ["text", "table", "form", "vertical", "music", "dot_matrix", "picture", "drawing", "blank"]
)
def test_clean_pages_have_none(layout: str) -> None:
    spec = PageSpec(layout=layout, paper_mm=(100.0, 140.0), mode="bitonal" if layout == "text" else "grey")

    assert_no_finding(look(draw_page(spec).pixels)[1])


def test_a_scrap_is_too_small_to_tell() -> None:
    result, findings = look(np.full((50, 400), 200, np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert findings == []
