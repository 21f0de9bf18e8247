"""Ink stands out of the noise of its paper, on any tint; paper alone gives next to none."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.imaging.ops.flat import flatten
from ybda_qc.imaging.ops.ink import separate_ink
from ybda_qc.imaging.ops.letters import count_letters
from ybda_qc.imaging.ops.marks import find_marks
from ybda_qc.imaging.ops.paper import locate_paper

SCALE = 150 / 25.4


def paper_with_noise(level: float, sigma: float, *, seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, sigma, (900, 640))
    return np.clip(np.round(level + noise), 0, 255).astype(np.uint8)


@settings(max_examples=20, deadline=None)
@given(level=st.integers(120, 245), sigma=st.floats(0.0, 10.0))
def test_the_noise_is_measured_and_is_not_ink(level: int, sigma: float) -> None:
    grey = paper_with_noise(level, sigma)
    paper = locate_paper(grey, scale=SCALE)

    ink = separate_ink(grey, paper, scale=SCALE)
    assert np.count_nonzero(ink.mask) < 0.003 * ink.mask.size
    flat = flatten(grey, paper, ink.inside)
    if level + 3 * sigma < 255:
        assert float(np.median(flat.sigma)) == pytest.approx(max(0.8, sigma), rel=0.2, abs=0.4)


@pytest.mark.parametrize("level", [130, 180, 245])
def test_strokes_are_found_where_they_are(level: int) -> None:
    grey = paper_with_noise(level, 2.0)
    grey[399:402, 100:500] = level - 60

    ink = separate_ink(grey, locate_paper(grey, scale=SCALE), scale=SCALE)

    rows = np.flatnonzero(np.count_nonzero(ink.mask, axis=1) > 300)
    assert list(rows) == [399, 400, 401]


def test_uneven_light_is_not_ink() -> None:
    shade = np.linspace(140, 250, 640, dtype=np.float32)[None, :].repeat(900, axis=0)
    ink = separate_ink(shade.astype(np.uint8), locate_paper(shade.astype(np.uint8), scale=SCALE), scale=SCALE)

    assert np.count_nonzero(ink.mask) == 0


def test_a_blurred_mark_is_less_sharp_and_as_deep() -> None:
    found = []
    for sigma in (0.6, 3.0):
        grey = np.full((900, 640), 240, np.float32)
        cv2.rectangle(grey, (200, 300), (260, 320), 180.0, -1)
        plane = cv2.GaussianBlur(grey, (0, 0), sigma).astype(np.uint8)
        paper = locate_paper(plane, scale=SCALE)
        (mark,) = find_marks(flatten(plane, paper, paper.mask(plane.shape, 10)))
        found.append(mark)

    assert found[0].depth == pytest.approx(0.25, abs=0.02)
    assert found[1].depth == pytest.approx(0.25, abs=0.04)
    assert found[0].sharpness > 0.35
    assert found[1].sharpness < 0.25


def test_letters_are_counted_in_lines_and_not_where_they_are_scattered() -> None:
    line = np.full((900, 640), 240, np.uint8)
    for x in range(60, 430, 18):
        cv2.rectangle(line, (x, 400), (x + 12, 415), 20, 2)
    scattered = np.full((900, 640), 240, np.uint8)
    for index, x in enumerate(range(60, 560, 25)):
        y = 60 + (index * 7 % 20) * 40
        cv2.rectangle(scattered, (x, y), (x + 12, y + 15), 20, 2)

    counts = []
    for plane in (line, scattered):
        paper = locate_paper(plane, scale=SCALE)
        counts.append(
            count_letters(find_marks(flatten(plane, paper, paper.mask(plane.shape, 10))), scale=SCALE)
        )

    assert counts[0] >= 18  # the outermost have neighbours on one side only
    assert counts[1] < 5
