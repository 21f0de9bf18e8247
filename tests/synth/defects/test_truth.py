"""What a defect says it touched or moved must be so in the pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ybda_qc.synth import DEFECTS, Box, PageSpec, draw_page
from ybda_qc.synth.defects import (
    BrightStreak,
    Cropped,
    DarkBand,
    DeadElement,
    FoldedCorner,
    LocalBlur,
    QuarterTurned,
    Recompressed,
    Rescanned,
    Streak,
    Turned,
)
from ybda_qc.synth.defects.cropped import Side
from ybda_qc.synth.spec import Defect

DPI = 150


def tinted() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(120, 180, (300, 220, 3)).astype(np.uint8)


def outside(boxes: tuple[Box, ...], shape: tuple[int, ...], margin: int = 0) -> np.ndarray:
    mask = np.ones(shape[:2], bool)
    for left, top, width, height in boxes:
        rows = slice(max(math.floor(top) - margin, 0), math.ceil(top + height) + margin)
        mask[rows, max(math.floor(left) - margin, 0) : math.ceil(left + width) + margin] = False
    return mask


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", [Streak, BrightStreak, DeadElement])
def test_a_streak_touches_its_box_and_nothing_else(kind: type[Streak], seed: int) -> None:
    before = tinted()
    rng = np.random.default_rng(seed)
    laid = kind.graded(kind.scale.returnable, rng).apply(before.copy(), dpi=DPI, rng=rng)
    changed = (laid.pixels != before).any(axis=2)
    assert changed.any()
    assert not changed[outside(laid.boxes, before.shape)].any()


@pytest.mark.parametrize("corner", range(4))
@pytest.mark.parametrize("to_front", [True, False])
def test_a_folded_corner_shows_the_bed_in_its_corner(corner: int, to_front: bool) -> None:
    before = tinted()
    defect = FoldedCorner(corner=corner, legs_mm=(10, 8), bed=10, to_front=to_front)
    laid = defect.apply(before.copy(), dpi=DPI, rng=np.random.default_rng(1))
    y, x = (0 if corner in (0, 1) else -1), (0 if corner in (0, 3) else -1)
    assert laid.pixels[y, x].max() < 40
    assert laid.pixels[-1 - y, -1 - x].min() > 100
    changed = (laid.pixels != before).any(axis=2)
    assert not changed[outside(laid.boxes, before.shape, margin=12)].any()  # the shadow reaches 2 mm further
    area = (laid.pixels.max(axis=2) < 40).sum() / (DPI / 25.4) ** 2
    assert area == pytest.approx(10 * 8 / 2, rel=0.12)


@pytest.mark.parametrize("where", ["top left", "right", "middle"])
def test_partial_blur_leaves_the_rest_sharp(where: str) -> None:
    before = tinted()
    laid = LocalBlur(where=where, reach=0.4, radius_mm=0.5).apply(  # type: ignore[arg-type]
        before.copy(), dpi=DPI, rng=np.random.default_rng(1)
    )
    (left, top, width, height) = (int(part) for part in laid.boxes[0])
    rough = np.abs(np.diff(laid.pixels[..., 0].astype(int), axis=1))
    middle = rough[top + height // 3 : top + 2 * height // 3, left + width // 3 : left + 2 * width // 3]
    assert middle.mean() < 0.5 * rough.max(axis=0).mean()
    opposite = {"top left": np.s_[-40:, -40:], "right": np.s_[:, :40], "middle": np.s_[:40]}[where]
    assert np.array_equal(laid.pixels[opposite], before[opposite])


def test_a_dark_band_is_as_deep_as_said_and_the_page_stays_whole() -> None:
    before = tinted()
    band = DarkBand(depth_mm=(5, 0, 2, 0), level=0, shadow_mm=0)
    laid = band.apply(before.copy(), dpi=DPI, rng=np.random.default_rng(1))
    left, right = round(5 * DPI / 25.4), round(2 * DPI / 25.4)
    assert laid.pixels.shape[1] == before.shape[1] + left + right
    assert laid.pixels[:, :left].max() < 20
    assert laid.pixels[:, -right:].max() < 20
    assert np.abs(laid.pixels[:, left + 2 : -right - 2].astype(int) - before[:, 2:-2]).max() < 3


@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_a_cut_goes_through_the_writing(side: Side) -> None:
    page = draw_page(PageSpec(layout="text", dpi=DPI, paper_mm=(105, 148), paper_rgb=(255, 255, 255)))
    boxes = np.array(page.truth.ink_boxes)
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    content = Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    laid = Cropped.through(content, page.pixels.shape, side, 9.0).apply(
        page.pixels, dpi=DPI, rng=np.random.default_rng(0)
    )
    rim = {"left": np.s_[:, 0], "top": np.s_[0], "right": np.s_[:, -1], "bottom": np.s_[-1]}[side]
    assert (laid.pixels[rim] < 128).any()


@pytest.mark.parametrize(
    "defect",
    [
        Turned(angle_degrees=3.0),
        Turned(angle_degrees=-8.0),
        QuarterTurned(turns=1),
        QuarterTurned(turns=2),
        QuarterTurned(turns=3),
        Rescanned(shift_mm=(3, -2), angle_degrees=2.0, noise=0.5),
        Recompressed(quality=90, shift_px=(3, 5)),
        Cropped(side="left", strip_px=17),
        DarkBand(depth_mm=(3, 4, 0, 0)),
    ],
)
def test_the_matrix_says_where_things_went(defect: Defect) -> None:
    before = np.full((300, 220), 230, np.uint8)
    before[90:94, 140:144] = 0  # its centre is (142, 92)
    laid = defect.apply(before, dpi=DPI, rng=np.random.default_rng(2))
    assert laid.matrix is not None
    x, y = laid.matrix @ np.array([142.0, 92.0, 1.0])
    dark = np.clip(
        150 - laid.pixels[round(y) - 8 : round(y) + 8, round(x) - 8 : round(x) + 8].astype(float), 0, 255
    )
    rows, columns = np.mgrid[round(y) - 8 : round(y) + 8, round(x) - 8 : round(x) + 8] + 0.5
    centre = (columns * dark).sum() / dark.sum(), (rows * dark).sum() / dark.sum()
    assert centre == pytest.approx((x, y), abs=0.15)


def test_the_truth_of_a_page_moves_along() -> None:
    spec = PageSpec(layout="text", dpi=DPI, paper_mm=(105, 148), paper_rgb=(255, 255, 255))
    spec_turned = PageSpec(
        layout="text",
        dpi=DPI,
        paper_mm=(105, 148),
        paper_rgb=(255, 255, 255),
        defects=(Streak(place=0.5), QuarterTurned(turns=1)),
    )
    page, turned = draw_page(spec), draw_page(spec_turned)
    assert len(turned.truth.ink_boxes) == len(page.truth.ink_boxes)
    streak = turned.truth.defect_boxes[0][0]
    assert streak.height == 1
    assert streak.width == turned.pixels.shape[1]
    assert (turned.pixels[int(streak.top)] == 90).all()


def test_a_grey_picture_as_colour_has_three_equal_channels() -> None:
    laid = (
        DEFECTS["grey_as_colour"]
        .graded(1.0, np.random.default_rng(0))
        .apply(tinted(), dpi=DPI, rng=np.random.default_rng(0))
    )
    assert np.ptp(laid.pixels, axis=2).max() == 0
