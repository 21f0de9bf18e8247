"""Specks all over bare paper are counted; dots that belong to the page are not."""

import numpy as np
import pytest

from ybda_qc.checks.page.speckle import SpeckleCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"pepper": {"note": 2, "review": 8}, "specks": {"note": 4}}
SHEET = PageSpec(layout="text", paper_mm=(120.0, 160.0), font_mm=3.0, mode="bitonal")


@pytest.fixture(scope="module")
def sheet() -> np.ndarray:
    return draw_page(SHEET).pixels


def peppered(page: np.ndarray, a_cm2: float, size: int = 2) -> np.ndarray:
    page = page.copy()
    random = np.random.default_rng(1)
    for _ in range(int(a_cm2 * 12 * 16)):
        y, x = random.integers(0, page.shape[0] - size), random.integers(0, page.shape[1] - size)
        page[y : y + size, x : x + size] = 0
    return page


def look(pixels: np.ndarray, tmp_path: object, *, bitonal: bool = True) -> tuple[CheckResult, list[Finding]]:
    path = write_page(tmp_path / "page.tif", pixels, dpi=300, bitonal=bitonal)  # type: ignore[operator]
    return run_check(SpeckleCheck, path, **LIMITS)


def density(result: CheckResult) -> float:
    found = result.number("density")
    assert found is not None
    return found.value


def test_more_pepper_measures_more(sheet: np.ndarray, tmp_path: object) -> None:
    found = [density(look(peppered(sheet, n), tmp_path)[0]) for n in (0, 3, 10, 30)]

    assert found[0] < 0.5
    assert found == sorted(found)
    assert found[2] == pytest.approx(10, rel=0.4)


@pytest.mark.parametrize("size", [1, 3])
def test_pepper_on_a_bitonal_page_waits_for_a_person(sheet: np.ndarray, tmp_path: object, size: int) -> None:
    _, findings = look(peppered(sheet, 20, size), tmp_path)

    assert assert_finding(findings, "speckle/pepper", verdict="review").boxes


def test_pepper_so_dense_that_no_paper_is_bare_is_found(sheet: np.ndarray, tmp_path: object) -> None:
    noise = np.random.default_rng(2).random(sheet.shape) < 0.01

    assert_finding(look(np.where(noise, 0, sheet).astype(np.uint8), tmp_path)[1], "speckle/pepper")


def test_specks_on_grey_pages_are_no_more_than_a_note(sheet: np.ndarray, tmp_path: object) -> None:
    grey = np.where(peppered(sheet, 20) > 0, 240, 30).astype(np.uint8)

    assert_finding(look(grey, tmp_path, bitonal=False)[1], "speckle/specks", verdict="note")


def dotted_paper(page: np.ndarray) -> np.ndarray:
    page = np.full_like(page, 255)
    for dy in range(3):
        for dx in range(3):
            page[30 + dy :: 59, 30 + dx :: 59] = 0
    return page


def dotted_leaders(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for row in range(200, 800, 200):
        page[row : row + 3, 150:1200:24] = 0
    return page


def stippled_drawing(page: np.ndarray) -> np.ndarray:
    page = np.full_like(page, 255)
    page[600:1100, 400:900] = peppered(np.full((500, 500), 255, np.uint8), 8)
    return page


@pytest.mark.parametrize("draw", [dotted_paper, dotted_leaders, stippled_drawing])
def test_dots_of_the_original_do_not_count(sheet: np.ndarray, tmp_path: object, draw: object) -> None:
    assert_no_finding(look(draw(sheet), tmp_path)[1])  # type: ignore[operator]


@pytest.mark.parametrize("layout", ["typewriter", "dot_matrix", "table", "handwriting", "picture"])
def test_clean_pages_have_none(layout: str, tmp_path: object) -> None:
    page = draw_page(PageSpec(layout=layout, paper_mm=(120.0, 160.0), mode="bitonal")).pixels

    assert_no_finding(look(page, tmp_path)[1])


def test_each_side_of_the_limit(sheet: np.ndarray, tmp_path: object) -> None:
    result, _ = look(peppered(sheet, 10), tmp_path)

    assert_no_finding(judge(SpeckleCheck, result, pepper={"review": density(result)}))
    assert_finding(judge(SpeckleCheck, result, pepper={"review": density(result) - 0.1}), "speckle/pepper")


def test_without_a_resolution_a_sheet_of_a4_is_assumed() -> None:
    page = peppered(np.full((1754, 1240), 255, np.uint8), 2)
    known, unknown = (run_check(SpeckleCheck, page, dpi=dpi)[0] for dpi in (150, None))
    assert density(known) > 0.3
    assert density(unknown) == pytest.approx(density(known), abs=0.11)


def test_a_single_pixel_of_600_dpi_is_a_speck(tmp_path: object) -> None:
    random = np.random.default_rng(3)
    page = np.full((3000, 2400), 255, np.uint8)
    page[random.integers(0, 3000, 130), random.integers(0, 2400, 130)] = 0
    path = write_page(tmp_path / "page.tif", page, dpi=600, bitonal=True)  # type: ignore[operator]
    assert density(run_check(SpeckleCheck, path, **LIMITS)[0]) == pytest.approx(1, rel=0.3)


def test_dust_of_the_glass_is_counted_as_it_lies(sheet: np.ndarray, tmp_path: object) -> None:
    grey = np.where(peppered(sheet, 1, 3) > 0, 240, 90).astype(np.uint8)
    assert density(look(grey, tmp_path, bitonal=False)[0]) == pytest.approx(1, rel=0.4)


def test_on_a_dark_page_or_a_small_one_nothing_is_said() -> None:
    page = np.full((1200, 900), 255, np.uint8)
    assert run_check(SpeckleCheck, np.zeros_like(page))[0].state is State.NOT_APPLICABLE
    assert run_check(SpeckleCheck, page[:100, :100])[0].state is State.NOT_APPLICABLE
