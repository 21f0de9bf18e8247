"""Skew of drawn pages whose angle is known, and of pages that show none."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.imaging.ops.line_ink import extract_line_ink
from ybda_qc.imaging.ops.radial_spectrum import radial_energy
from ybda_qc.imaging.ops.skew import SkewEstimate, estimate_skew
from ybda_qc.imaging.ops.strip_correlation import strip_profiles, strip_scores
from ybda_qc.synth import PageSpec, Speckle, Streak, draw_page

PAGE = PageSpec(layout="text", seed=1, dpi=100)


def _measure(spec: PageSpec) -> SkewEstimate | None:
    return estimate_skew(draw_page(spec).pixels)


def _sure(spec: PageSpec) -> float:
    estimate = _measure(spec)
    assert estimate is not None
    assert estimate.is_sure, estimate
    return estimate.angle_degrees


@pytest.mark.parametrize(
    "layout",
    [
        "text",
        "columns",
        "document",
        "vertical",
        "typewriter",
        "table",
        "form",
        "music",
        "dot_matrix",
        "illustrated",
    ],
)
@pytest.mark.parametrize("angle", [-14.6, -1.13, 0.0, 4.37])
def test_the_angle_of_a_page_with_lines_is_found(layout: str, angle: float) -> None:
    measured = _sure(dataclasses.replace(PAGE, layout=layout, angle_degrees=angle))
    assert measured == pytest.approx(angle, abs=0.15)


@pytest.mark.parametrize("seed", range(4))
def test_a_few_words_are_enough(seed: int) -> None:
    spec = PageSpec(layout="sparse", seed=seed, dpi=150, angle_degrees=2.0)
    assert _sure(spec) == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "bitonal"},
        {"noise": 14.0},
        {"contrast": 0.35},
        {"ink": 0.3},
        {"blur_px": 1.5},
        {"shading": 0.4, "texture": 6.0},
        {"show_through": 0.25},
        {"punch_holes": 4, "seal": True},
        {"language": "en"},
        {"paper_mm": (297.0, 210.0)},
        {"dpi": 72.0},
        {"dpi": 220.0},
        {"defects": (Speckle(per_cm2=2),)},
    ],
    ids="+".join,
)
def test_bad_scans_of_good_pages_still_show_their_angle(change: dict[str, object]) -> None:
    assert _sure(dataclasses.replace(PAGE, angle_degrees=-3.3, **change)) == pytest.approx(-3.3, abs=0.15)


@settings(max_examples=20, deadline=None)
@given(angle=st.floats(-10, 10), more=st.floats(-8, 8), seed=st.integers(0, 50))
def test_a_page_turned_further_measures_further(angle: float, more: float, seed: int) -> None:
    spec = dataclasses.replace(PAGE, seed=seed, angle_degrees=angle)
    further = dataclasses.replace(spec, angle_degrees=angle + more)
    assert _sure(further) - _sure(spec) == pytest.approx(more, abs=0.15)


@pytest.mark.parametrize("layout", ["text", "vertical", "table"])
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_lying_and_inverted_pages_keep_their_skew(layout: str, turns: int) -> None:
    spec = dataclasses.replace(PAGE, layout=layout, angle_degrees=2.6)
    turned = dataclasses.replace(spec, quarter_turns=turns)
    assert _sure(turned) == pytest.approx(_sure(spec), abs=0.05)


def test_a_mirrored_page_has_the_opposite_skew() -> None:
    pixels = draw_page(dataclasses.replace(PAGE, angle_degrees=5.2)).pixels
    mirrored = estimate_skew(np.ascontiguousarray(pixels[:, ::-1]))
    assert mirrored is not None
    assert mirrored.angle_degrees == pytest.approx(-5.2, abs=0.1)


def test_vertical_writing_is_told_from_level() -> None:
    level = _measure(dataclasses.replace(PAGE, language="en"))
    upright = _measure(dataclasses.replace(PAGE, language="en", quarter_turns=1))
    assert level is not None and upright is not None
    assert not level.vertical
    assert upright.vertical


def test_a_black_bed_does_not_hide_the_lines() -> None:
    # the sheet lies straight, the printing on it does not: the lines decide
    printed_askew = dataclasses.replace(
        PAGE, angle_degrees=1.8, bed="black", border_mm=(9, 4, 12, 3), border_turns=False
    )
    lying_askew = dataclasses.replace(printed_askew, border_turns=True)
    assert _sure(printed_askew) == pytest.approx(1.8, abs=0.15)
    assert _sure(lying_askew) == pytest.approx(1.8, abs=0.15)


def test_a_streak_of_the_scanner_is_no_line_of_the_page() -> None:
    streaks = (Streak(place=0.31), Streak(place=0.77, width_px=2))
    spec = dataclasses.replace(PAGE, layout="sparse", angle_degrees=3.0, defects=streaks)
    assert _sure(spec) == pytest.approx(3.0, abs=0.2)


def test_faint_bands_of_the_scanner_do_not_outweigh_a_little_writing() -> None:
    bands = tuple(Streak(place=place, width_px=2, level=228) for place in np.linspace(0.05, 0.95, 18))
    spec = dataclasses.replace(PAGE, layout="sparse", dpi=150, angle_degrees=4.0, defects=bands)
    estimate = _measure(spec)
    assert estimate is not None
    assert not estimate.is_sure or abs(estimate.angle_degrees - 4.0) < 0.2


def test_a_negative_is_read_like_its_positive() -> None:
    pixels = draw_page(dataclasses.replace(PAGE, angle_degrees=-2.2)).pixels
    estimate = estimate_skew(255 - pixels)
    assert estimate is not None
    assert estimate.is_sure
    assert estimate.angle_degrees == pytest.approx(-2.2, abs=0.15)


@pytest.mark.parametrize("layout", ["picture", "drawing", "handwriting"])
def test_pages_without_lines_are_not_guessed(layout: str) -> None:
    wrong = 0
    for seed in range(12):
        spec = dataclasses.replace(PAGE, layout=layout, seed=seed, angle_degrees=6.0)
        estimate = _measure(spec)
        wrong += estimate is not None and estimate.is_sure and abs(estimate.angle_degrees - 6.0) > 0.5
    # drawings have lines of their own, and drifting handwriting a slope of its own
    assert wrong <= 1


def test_dithered_pictures_show_no_false_level() -> None:
    # noise has no direction; whatever found one would have found the pixel grid
    for seed in range(6):
        rng = np.random.default_rng(seed)
        light = cv2.resize(rng.normal(140, 60, (11, 8)), (900, 1200), interpolation=cv2.INTER_CUBIC)
        dithered = np.where(light + rng.normal(0, 9, light.shape) > 150, 255, 0).astype(np.uint8)
        estimate = estimate_skew(dithered)
        assert estimate is None or not estimate.is_sure


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (20, 20), (600, 400), (3000, 40)])
def test_plain_planes_have_no_skew(shape: tuple[int, int], level: int) -> None:
    assert estimate_skew(np.full(shape, level, np.uint8)) is None


def test_a_blank_sheet_gives_no_sure_answer() -> None:
    for seed in range(3):
        spec = dataclasses.replace(
            PAGE, layout="blank", seed=seed, noise=6, texture=5, bed="black", angle_degrees=3
        )
        estimate = _measure(spec)
        assert estimate is None or not estimate.is_sure


def test_two_pages_at_different_angles_have_no_one_skew() -> None:
    left, right = (draw_page(dataclasses.replace(PAGE, angle_degrees=angle)).pixels for angle in (-3.0, 3.0))
    estimate = estimate_skew(np.hstack([left, right]))
    assert estimate is not None
    assert not estimate.is_sure


def test_the_plane_given_is_not_changed() -> None:
    pixels = draw_page(PAGE).pixels
    pixels.flags.writeable = False
    before = pixels.copy()
    assert estimate_skew(pixels) is not None
    assert np.array_equal(pixels, before)


def test_repeating_gives_the_same_bits() -> None:
    pixels = draw_page(dataclasses.replace(PAGE, angle_degrees=1.234)).pixels
    assert estimate_skew(pixels) == estimate_skew(pixels.copy())


@pytest.mark.parametrize(
    ("layout", "turns"), [("form", 0), ("vertical", 0), ("document", 0), ("document", 1)]
)
def test_the_lines_shown_lie_on_ink_at_the_angle(layout: str, turns: int) -> None:
    spec = dataclasses.replace(PAGE, layout=layout, dpi=150, angle_degrees=7.0, quarter_turns=turns)
    page = draw_page(spec)
    estimate = estimate_skew(page.pixels)
    assert estimate is not None
    assert len(estimate.lines) >= 2
    dark = cv2.dilate((page.pixels < 150).astype(np.uint8), np.ones((9, 9), np.uint8))
    for (x0, y0), (x1, y1) in estimate.lines:
        slope = np.degrees(np.arctan2(y1 - y0, x1 - x0))
        assert (slope - estimate.angle_degrees + 45) % 90 - 45 == pytest.approx(0, abs=0.01)
        along = np.linspace(0.05, 0.95, 60)
        columns = np.clip(np.round(x0 + along * (x1 - x0)).astype(int), 0, dark.shape[1] - 1)
        rows = np.clip(np.round(y0 + along * (y1 - y0)).astype(int), 0, dark.shape[0] - 1)
        assert dark[rows, columns].mean() > 0.4


def test_the_spectrum_has_its_ridge_at_the_angle_of_the_lines() -> None:
    ink = extract_line_ink(draw_page(dataclasses.replace(PAGE, angle_degrees=8.0)).pixels)
    assert ink is not None
    angles, level, upright = radial_energy(ink.plane)
    assert angles[int(level.argmax())] == pytest.approx(8.0, abs=0.5)
    assert level.max() > 2 * upright.max()
    assert (angles[0], angles[-1]) == (-45.0, 44.75)


def test_strips_of_noise_do_not_agree() -> None:
    slopes = np.tan(np.radians(np.arange(-2, 2.01, 0.1)))
    plane = np.random.default_rng(4).integers(0, 256, (900, 700)).astype(np.uint8)
    for upright in (False, True):
        profiles, width = strip_profiles(plane, upright=upright)
        # a bright plane that breaks off at the bands' ends must not count as level lines
        assert strip_scores(profiles, width, slopes).coherence < 0.03


def test_strips_agree_at_the_slope_of_a_line() -> None:
    slopes = np.tan(np.radians(np.arange(-1, 1.01, 0.1)))
    plane = np.zeros((600, 700), np.uint8)
    for row in range(100, 500, 40):
        cv2.line(plane, (0, row), (699, row + round(699 * slopes[14])), 255, 2, cv2.LINE_AA)
    profiles, width = strip_profiles(plane, upright=False)
    scores = strip_scores(profiles, width, slopes)
    assert int(scores.total.argmax()) == 14
    assert scores.coherence > 0.6


def test_faint_and_dark_pages_give_like_maps_of_ink() -> None:
    dark = extract_line_ink(draw_page(PAGE).pixels)
    faint = extract_line_ink(draw_page(dataclasses.replace(PAGE, ink=0.25)).pixels)
    assert dark is not None and faint is not None
    assert dark.strength > 2 * faint.strength
    assert np.abs(dark.plane.astype(int) - faint.plane).mean() < 4


def test_a_tiny_or_empty_plane_holds_no_ink() -> None:
    assert extract_line_ink(np.full((30, 400), 255, np.uint8)) is None
    assert extract_line_ink(np.full((400, 400), 255, np.uint8)) is None
