"""Folded corners are measured on dark, grey and white grounds; what only looks like one is none."""

from functools import cache

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.folded_corner import FoldedCornerCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.synth.defects import FoldedCorner
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {"folded": {"review": 10.0}, "folded_share": {"review": 0.048}}
DPI = 150.0
PX = DPI / 25.4
CORNERS = ("top left", "top right", "bottom left", "bottom right")


@cache
def sheet() -> np.ndarray:
    return draw_page(PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=DPI, noise=1.0)).pixels


def look(pixels: np.ndarray, dpi: float | None = DPI) -> tuple[CheckResult, list[Finding]]:
    return run_check(FoldedCornerCheck, np.ascontiguousarray(pixels), dpi=dpi, **LIMITS)


def size(result: CheckResult) -> float:
    found = result.number("folded_corner")
    assert found is not None
    return found.value


def folded(
    legs: tuple[float, float], corner: str = "top left", *, ground: int = 20, margin: float = 0.0
) -> np.ndarray:
    """The sheet with a corner gone along a straight line, and the shadow of its edge on the ground."""
    turn_x, turn_y = corner.endswith("right"), corner.startswith("bottom")
    page = sheet()[:: -1 if turn_y else 1, :: -1 if turn_x else 1].astype(np.float32)
    y, x = np.mgrid[: page.shape[0], : page.shape[1]].astype(np.float32) / PX
    across, down = legs
    beyond = (1 - x / across - y / down) * across * down / np.hypot(across, down)
    shadow = 0.3 * np.exp(-np.maximum(beyond, 0) / 1.5)
    page = np.where(beyond > 0, ground * (1 - shadow), page)
    page = page[:: -1 if turn_y else 1, :: -1 if turn_x else 1]
    wide = round(margin * PX)
    page = cv2.copyMakeBorder(page, wide, wide, wide, wide, cv2.BORDER_CONSTANT, value=float(ground))
    noisy = page + np.random.default_rng(3).normal(0, 1.0, page.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("corner", "ground", "margin"),
    [*zip(CORNERS, (20, 20, 120, 252), (0.0, 3.0, 3.0, 0.0), strict=True), ("top left", 235, 3.0)],
)
def test_each_corner_is_found_on_each_ground(corner: str, ground: int, margin: float) -> None:
    result, findings = look(folded((22.0, 18.0), corner, ground=ground, margin=margin))

    found = assert_finding(findings, "folded_corner/folded", verdict="review")
    assert corner in found.message
    assert size(result) == pytest.approx(20, abs=2.5)
    (box,) = found.boxes
    assert box.width == pytest.approx(22 * PX, abs=3 * PX)


def test_a_larger_fold_measures_larger() -> None:
    sizes = [size(look(folded((leg, leg)))[0]) for leg in (10.0, 15.0, 25.0, 40.0)]

    assert sizes == sorted(sizes)
    assert sizes == pytest.approx([10, 15, 25, 40], abs=2.5)


def test_each_side_of_the_limit() -> None:
    assert_no_finding(look(folded((8.5, 8.5)))[1])
    assert_finding(look(folded((13.0, 13.0)))[1], "folded_corner/folded")


def flat(page: np.ndarray) -> np.ndarray:
    return page


def turned_on_a_dark_bed(page: np.ndarray) -> np.ndarray:
    page = cv2.copyMakeBorder(page, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=15)
    matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 4.0, 1.0)
    return cv2.warpAffine(page, matrix, page.shape[::-1], borderValue=15)


def torn(page: np.ndarray) -> np.ndarray:
    page, random = page.copy(), np.random.default_rng(5)
    edge = 110 - np.arange(110) + 30 * np.sin(np.arange(110) / 9) + random.normal(0, 5, 110)
    for row, width in enumerate(np.clip(edge, 0, None).astype(int)):
        page[row, :width] = 20
    return page


def smoothed_crease(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    cv2.line(page, (0, 120), (120, 0), 170, 2)
    return page


def rounded(page: np.ndarray) -> np.ndarray:
    page, radius = page.copy(), 30
    y, x = np.ogrid[:radius, :radius]
    page[:radius, :radius][np.hypot(x - radius, y - radius) > radius] = 15
    return page


def browned(page: np.ndarray, soft: float = 8.0) -> np.ndarray:
    """Darker by steps too soft for an edge towards every corner."""
    y, x = np.ogrid[: page.shape[0], : page.shape[1]]
    far = np.minimum(x, page.shape[1] - 1 - x) + np.minimum(y, page.shape[0] - 1 - y)
    depth = 40 / (1 + np.exp((far - 110) / soft))
    return np.clip(page - depth, 0, 255).astype(np.uint8)


def browned_steeply(page: np.ndarray) -> np.ndarray:
    return browned(page, 4.0)


def drawing(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for start in range(20, 260, 26):
        cv2.line(page, (start, 30), (30, start), 40, 4)
    return page


@pytest.mark.parametrize("seed", range(4))
def test_writing_on_the_back_of_the_fold_hides_nothing(seed: int) -> None:
    fold = FoldedCorner(legs_mm=(17.0, 14.0), bed=10, writing=True)
    page = fold.apply(sheet().copy(), dpi=DPI, rng=np.random.default_rng(seed)).pixels

    assert_finding(look(page)[1], "folded_corner/folded")


@pytest.mark.parametrize("sigma", [1.0, 1.5])
def test_a_fold_is_found_on_a_blurred_page(sigma: float) -> None:
    page = cv2.GaussianBlur(folded((22.0, 18.0), margin=3.0), (0, 0), sigma)  # 3 pixels at 300 dpi

    assert_finding(look(page)[1], "folded_corner/folded")


@pytest.mark.parametrize("angle", [0, 20, 70])
@pytest.mark.parametrize("size_of_letters", [0.4, 0.7])
def test_letters_of_any_angle_and_size_on_the_back_hide_nothing(angle: int, size_of_letters: float) -> None:
    page = folded((22.0, 18.0), margin=3.0)
    across, down, wide = 22.0 * PX, 18.0 * PX, 3.0 * PX
    y, x = np.mgrid[: page.shape[0], : page.shape[1]] - wide
    normal = np.array([down, across]) / np.hypot(across, down)
    inwards = normal[0] * (x - across) + normal[1] * y
    mirrored = x - 2 * inwards * normal[0], y - 2 * inwards * normal[1]
    back = np.full(page.shape, 228, np.uint8)
    for row in range(20, 600, round(40 * size_of_letters)):
        cv2.putText(back, "Letters of the back 0123456789 " * 4, (-40, row), 0, size_of_letters, 40, 2)
    back = cv2.warpAffine(
        back, cv2.getRotationMatrix2D((80, 80), angle, 1), page.shape[::-1], borderValue=228
    )
    page = np.where((inwards > 0) & (mirrored[0] >= 0) & (mirrored[1] >= 0), back, page)

    assert_finding(look(page)[1], "folded_corner/folded")


@pytest.mark.parametrize(
    "draw", [flat, turned_on_a_dark_bed, torn, smoothed_crease, rounded, browned, browned_steeply, drawing]
)
def test_what_only_looks_like_a_fold_is_none(draw: object) -> None:
    assert_no_finding(look(draw(sheet()))[1])  # type: ignore[operator]


def test_dark_pages_are_not_measured() -> None:
    result, findings = look(np.full((900, 700), 20, np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_without_a_resolution_the_share_of_the_short_side_counts() -> None:
    result, findings = look(folded((13.0, 13.0)), dpi=None)
    _, small = look(folded((6.5, 6.5)), dpi=None)

    share = result.number("folded_corner_share")
    assert result.number("folded_corner") is None
    assert share is not None
    assert share.value == pytest.approx(13 / 148, abs=0.01)
    assert_finding(findings, "folded_corner/folded-share")
    assert_no_finding(small)
    assert_no_finding(look(sheet(), dpi=None)[1])


def test_a_slip_too_narrow_to_look_at_its_corners_is_not_passed() -> None:
    assert look(sheet()[:, : round(70 * PX)])[0].state is State.NOT_APPLICABLE
