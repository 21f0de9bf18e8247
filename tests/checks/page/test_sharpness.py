"""Blur is told by the width of the sharpest edges, whatever the contrast; soft originals are not accused."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.sharpness import SharpnessCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {
    "blurred": {"review": 0.39},
    "blurred_px": {"review": 5.0},
    "partly_blurred": {"review": 1.5, "least_mm": 0.35},
}
TEXT = PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=300.0, noise=1.0)


def look(pixels: np.ndarray, dpi: float | None = 300) -> tuple[CheckResult, list[Finding]]:
    return run_check(SharpnessCheck, pixels, dpi=dpi, **LIMITS)


def width(pixels: np.ndarray, dpi: float | None = 300) -> float:
    result, _ = look(pixels, dpi)
    found = result.number("edge_width_px")
    assert found is not None
    return found.value


def page(**changes: object) -> np.ndarray:
    return draw_page(replace(TEXT, **changes)).pixels  # type: ignore[arg-type]


@cache
def blurred_width(sigma: float) -> float:
    """Width on the plain page blurred by so many pixels, with which other pages are compared."""
    return width(page(blur_px=sigma))


def test_the_width_grows_with_the_blur() -> None:
    widths = [blurred_width(sigma) for sigma in (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)]

    assert widths == sorted(widths)
    assert widths[3] - widths[2] > 1


@pytest.mark.parametrize("contrast", [0.25, 0.5, 1.0])
def test_the_width_does_not_depend_on_contrast(contrast: float) -> None:
    assert width(page(blur_px=1.5, contrast=contrast)) == pytest.approx(blurred_width(1.5), rel=0.08)


@pytest.mark.parametrize("paper", [{"texture": 6.0}, {"noise": 4.0}, {"shading": 0.4}, {"show_through": 0.2}])
def test_neither_paper_nor_noise_passes_for_focus_or_blur(paper: dict[str, float]) -> None:
    assert width(page(blur_px=1.0, **paper)) == pytest.approx(blurred_width(1.0), rel=0.15)
    assert width(page(blur_px=4.0, **paper)) > 1.8 * blurred_width(1.0)


def test_each_side_of_the_limit() -> None:
    _, sharp = look(page(blur_px=1.0))
    _, blurred = look(page(blur_px=3.5))

    assert_no_finding(sharp)
    found = assert_finding(blurred, "sharpness/blurred", verdict="review")
    assert found.boxes


def test_the_same_blur_in_finer_pixels_is_less_on_paper() -> None:
    result, findings = look(page(dpi=600.0, blur_px=2.0), dpi=600)

    assert_no_finding(findings)
    assert result.number("edge_width") is not None


def test_coarse_sampling_is_not_blur() -> None:
    _, findings = look(page(dpi=100.0), dpi=100)

    assert_no_finding(findings)


def test_without_a_resolution_pixels_are_judged() -> None:
    _, sharp = look(page(blur_px=1.0), dpi=None)
    _, blurred = look(page(blur_px=4.0), dpi=None)

    assert_no_finding(sharp)
    assert_finding(blurred, "sharpness/blurred-px")


def test_one_line_of_writing_is_enough() -> None:
    pixels = np.full((1600, 1200), 240, np.uint8)
    cv2.putText(pixels, "one line of writing", (200, 300), cv2.FONT_HERSHEY_COMPLEX, 2.0, 30, 3, cv2.LINE_AA)
    result, findings = look(pixels)

    assert_no_finding(findings)
    tiles = result.number("tiles")
    assert tiles is not None
    assert 3 <= tiles.value < 6


def test_a_soft_carbon_copy_with_a_sharp_stamp_is_not_accused() -> None:
    copy = page(paper_mm=(148.0, 210.0), blur_px=3.5)
    for row in range(6):
        for column in range(4):
            x, y = 150 + 400 * column, 200 + 380 * row
            cv2.putText(copy, "No 7", (x, y), 0, 1.2, 40, 3, cv2.LINE_AA)

    _, findings = look(copy)

    assert_no_finding(findings)


@pytest.mark.parametrize("size", [(9, 1), (1, 9)])
def test_movement_widens_the_edges_across_it(size: tuple[int, int]) -> None:
    moved = cv2.blur(page(blur_px=0.7), size)
    _, findings = look(moved)

    assert width(moved) > blurred_width(0.7) + 2
    assert_finding(findings, "sharpness/blurred")


@pytest.mark.parametrize("size", [(21, 1), (1, 21)])
def test_strong_movement_leaves_few_edges_across_it(size: tuple[int, int]) -> None:
    _, findings = look(cv2.blur(page(blur_px=0.7), size))

    assert_finding(findings, "sharpness/blurred")


@pytest.mark.parametrize("quality", [40, 85])
@pytest.mark.parametrize("upright", [True, False])
def test_rules_in_one_direction_are_no_movement(quality: int, upright: bool) -> None:
    ruled = np.full((1748, 1240), 235, np.uint8)
    ruled[:, 100:1200:90] = ruled[:, 101:1200:90] = ruled[:, 102:1200:90] = 60
    ruled = ruled if upright else ruled.T.copy()
    grain = np.random.default_rng(5).normal(0, 3, ruled.shape)
    pixels = np.clip(cv2.GaussianBlur(ruled, (0, 0), 0.8) + grain, 0, 255).astype(np.uint8)
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    _, findings = look(np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8))

    assert_no_finding(findings)


def test_a_blurred_corner_is_found_where_it_is() -> None:
    sharp = page(blur_px=0.5)
    height, width_px = sharp.shape[:2]
    y, x = np.mgrid[0:height, 0:width_px]
    share = np.clip(1.8 - 3.0 * np.hypot(x / width_px, y / height), 0, 1)
    corner = (share * cv2.GaussianBlur(sharp, (0, 0), 3) + (1 - share) * sharp).astype(np.uint8)
    _, before = look(sharp)
    _, after = look(corner)

    assert_no_finding(before)
    found = assert_finding(after, "sharpness/partly-blurred", verdict="review")
    assert all(box.left < 0.7 * width_px and box.top < 0.7 * height for box in found.boxes)


@pytest.mark.parametrize("radius", [4, 7])
def test_fine_sampling_hides_no_blur(radius: int) -> None:
    _, sharp = look(page(dpi=600.0, blur_px=1.0), dpi=600)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
    out_of_focus = cv2.filter2D(page(dpi=600.0, blur_px=1.0), -1, disk / disk.sum())
    result, findings = look(out_of_focus, dpi=600)

    assert_no_finding(sharp)
    assert [finding.code for finding in findings] == (["blurred"] if radius == 7 else [])
    width_px = result.number("edge_width_px")
    assert width_px is not None
    assert width_px.value > 1.2 * radius


def test_a_small_blurred_corner_is_seen_by_looking_closer() -> None:
    sharp = page(paper_mm=(210.0, 297.0), blur_px=0.5)
    part = (slice(0, 900), slice(0, 700))
    corner = sharp.copy()
    corner[part] = cv2.GaussianBlur(sharp, (0, 0), 4)[part]
    _, findings = look(corner)

    found = assert_finding(findings, "sharpness/partly-blurred")
    assert all(box.left < 700 and box.top < 900 for box in found.boxes)


def test_what_shows_through_is_no_blurred_part() -> None:
    lines = np.full((1748, 1240), 240, np.uint8)
    back = lines.copy()
    for row in range(12):
        cv2.putText(back, "the other side of it", (100, 560 + 90 * row), 0, 2.0, 170, 5, cv2.LINE_AA)
    pixels = cv2.GaussianBlur(back, (0, 0), 4)
    for row in range(4):
        cv2.putText(pixels, "title of the page", (100, 100 + 90 * row), 0, 2.0, 30, 5, cv2.LINE_AA)
    _, findings = look(pixels)

    assert_no_finding(findings)


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_a_soft_picture_is_not_judged(noise: float) -> None:
    rng = np.random.default_rng(4)
    pixels = np.full((2000, 1500), 120, np.uint8)
    for level in rng.integers(40, 220, 25):
        cv2.fillPoly(pixels, [rng.integers(0, 2000, (3, 2)).astype(np.int32)], int(level))
    soft = cv2.GaussianBlur(pixels, (0, 0), 3) + rng.normal(0, noise, pixels.shape)
    result, findings = look(np.clip(soft, 0, 255).astype(np.uint8))

    assert_no_finding(findings)
    assert result.state is State.NOT_APPLICABLE


def test_one_soft_picture_among_sharp_text_is_not_accused() -> None:
    sharp = page(blur_px=0.5)
    part = sharp[700:1000, 500:800]
    sharp[700:1000, 500:800] = cv2.GaussianBlur(part, (0, 0), 4)
    _, findings = look(sharp)

    assert_no_finding(findings)


def test_one_blurred_corner_shows_in_the_spread() -> None:
    sharp = page(blur_px=0.5)
    corner = sharp.copy()
    half = (sharp.shape[0] // 2, sharp.shape[1] // 2)
    corner[: half[0], : half[1]] = cv2.GaussianBlur(sharp[: half[0], : half[1]], (0, 0), 4)

    spreads = []
    for pixels in (sharp, corner):
        spread = look(pixels)[0].number("edge_width_spread_px")
        assert spread is not None
        spreads.append(spread.value)

    assert spreads[1] > spreads[0] + 2


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((1500, 1000), 230, np.uint8),
        np.zeros((1500, 1000, 3), np.uint8),
        np.full((3, 3), 9, np.uint8),
        draw_page(replace(TEXT, layout="blank", texture=5.0, noise=3.0)).pixels,
    ],
)
def test_a_page_without_edges_is_not_judged(pixels: np.ndarray) -> None:
    result, findings = look(pixels)

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_bitonal_pages_are_not_judged(tmp_path: object) -> None:
    bits = page(mode="bitonal")
    path = write_page(tmp_path / "0001.tif", bits, dpi=300, compression="g4")  # type: ignore[operator]

    for source in (path, bits):  # as a bitonal file, and as a grey one that holds only black and white
        result, _ = run_check(SharpnessCheck, source, **LIMITS)
        assert result.state is State.NOT_APPLICABLE


@pytest.mark.parametrize("sigma", [9.0, 14.0, 20.0])
def test_the_worst_blur_is_never_passed_over(sigma: float) -> None:
    """Where no edge is left to measure, a page with much on it is still pointed out."""
    _, findings = run_check(
        SharpnessCheck,
        page(blur_px=sigma),
        blurred={"review": 0.4, "least_px": 4.6},
        blurred_px={"review": 6.0},
        unsure={"verdict": "review"},
    )
    assert {finding.code for finding in findings} <= {"blurred", "unsure"}
    assert findings, f"a page blurred by {sigma} px passes"


def test_a_blank_page_is_not_called_blurred() -> None:
    result, findings = run_check(SharpnessCheck, page(layout="blank", noise=2.0, texture=2.0))
    assert result.state is State.NOT_APPLICABLE
    assert not findings


def test_the_dots_of_a_halftone_screen_are_no_soft_edges() -> None:
    soft = draw_page(replace(TEXT, blur_px=4.0)).pixels
    y, x = np.mgrid[: soft.shape[0], : soft.shape[1]] / 4.0
    dots = np.cos(2 * np.pi * (0.8 * x + 0.6 * y)) + np.cos(2 * np.pi * (0.6 * x - 0.8 * y))
    screened = 0.8 * soft.reshape(*dots.shape, -1)[:, :, 0] + 22 + 11 * dots

    assert_finding(look(soft)[1], "sharpness/blurred")
    result, findings = look(np.clip(screened, 0, 255).astype(np.uint8))
    assert findings == []
    assert result.state is State.NOT_APPLICABLE
