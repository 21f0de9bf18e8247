"""Lines of enlarging: kept by what takes out the coarser sampling of colours, and where they belong."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops.resampling import (
    RATES,
    Swings,
    Thresholds,
    _swings,
    find_enlargement,
    levelled,
    swings_along_rows,
)
from ybda_qc.synth import PageSpec, draw_page

SIDE = 512


def page(side: int = SIDE) -> np.ndarray:
    """Writing as scanned, uint8 (side, side)."""
    spec = PageSpec(layout="text", paper_mm=(90.0, 90.0), dpi=300.0, noise=1.5, texture=1.0, blur_px=0.5)
    return np.ascontiguousarray(draw_page(spec).pixels[200 : 200 + side, 200 : 200 + side])


def enlarged(grey: np.ndarray, times: float) -> np.ndarray:
    side = round(SIDE / times)
    return np.asarray(cv2.resize(grey[:side, :side], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)


def clipped(grey: np.ndarray, lost: int) -> np.ndarray:
    """The page without one of its channels, as a JPEG that stores colours at half the size gives it back."""
    colour = np.repeat(grey[:, :, None], 3, axis=2)
    colour[:, :, lost] = 0
    luma, red, blue = cv2.split(cv2.cvtColor(colour, cv2.COLOR_RGB2YCrCb))
    halves = [cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for plane in (red, blue)]
    coarse = [half.repeat(2, axis=0).repeat(2, axis=1) for half in halves]
    return np.asarray(cv2.cvtColor(cv2.merge([luma, *coarse]), cv2.COLOR_YCrCb2RGB), np.uint8)


def grey_of(colour: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)


def swings(grey: np.ndarray) -> Swings:
    return swings_along_rows(grey[None], np.zeros(1, np.intp), grey.shape[1])


def height(found: Swings, rate: float) -> float:
    return float(found.height[np.abs(RATES - rate) < 0.004].max())


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_channel_cut_off_leaves_no_line_once_levelled(lost: int) -> None:
    colour = clipped(page(), lost)
    grey = grey_of(colour)

    uncut = levelled(colour[None], grey[None])[0]

    assert height(swings(uncut), 0.5) < 0.5 * height(swings(grey), 0.5)
    assert find_enlargement(swings(uncut), swings(uncut.T.copy()), Thresholds()) is None


def test_the_sampling_of_colours_would_be_taken_for_enlarging() -> None:
    grey = grey_of(clipped(page(), 1))

    assert find_enlargement(swings(grey), swings(grey.T.copy()), Thresholds()) is not None


@pytest.mark.parametrize("times", [1.5, 2.0, 3.0])
def test_an_enlarged_tile_keeps_its_line(times: float) -> None:
    grey = enlarged(page(), times)
    colour = np.repeat(grey[:, :, None], 3, axis=2)
    colour[:, :, 0] = np.minimum(colour[:, :, 0], 200) + 55  # of white paper, red is cut off

    uncut = levelled(colour[None], grey[None])[0]

    found = find_enlargement(swings(uncut), swings(uncut.T.copy()), Thresholds())
    assert found is not None
    assert 1 / found.across == pytest.approx(times, rel=0.01)
    assert height(swings(uncut), 1 / times) > 3 * height(swings(page()), 1 / times)


def test_what_is_not_cut_off_is_not_changed() -> None:
    grey = page()
    colour = np.repeat(grey[:, :, None], 3, axis=2)

    assert (levelled(colour[None], grey[None])[0] == grey).all()
    colour[:8, :8, 2] = 0  # a small mark
    assert (levelled(colour[None], grey[None])[0] == grey).all()


def test_the_levels_of_the_cut_off_part_become_one() -> None:
    grey = np.arange(256, dtype=np.uint8).repeat(256).reshape(1, 256, 256)
    colour = np.repeat(grey[..., None], 3, axis=3)
    colour[:, :100, :, 0], colour[:, 200:, :, 1] = 0, 255

    uncut = levelled(colour, grey)

    assert (uncut[0, :98] == uncut[0, 0]).all()
    assert (uncut[0, 202:] == uncut[0, -1]).all()
    assert (uncut[0, 101:199] == grey[0, 101:199]).all()


def wave(rate: float, length: int, depth: float = 0.4) -> np.ndarray:
    return (100 * (1 + depth * np.cos(2 * np.pi * rate * np.arange(length))))[None].astype(np.float32)


def at(spectra: np.ndarray, rate: float) -> float:
    place = round(rate * 2 * (spectra.shape[1] - 1))
    return float(spectra[0, place - 1 : place + 2].max())


@pytest.mark.parametrize("length", [700, 4001, 12_000])
@pytest.mark.parametrize("rate", [0.3, 0.47, 0.4])
def test_a_swing_stands_at_its_rate_with_half_its_depth(rate: float, length: int) -> None:
    spectra = _swings(wave(rate, length), 1.0)

    assert at(spectra, rate) == pytest.approx(0.2, rel=0.1)
    assert at(spectra, rate) > 5 * at(spectra, rate - 0.05)
    assert at(_swings(wave(rate, length, 0.2), 1.0), rate) == pytest.approx(0.1, rel=0.1)


def test_how_much_is_written_does_not_matter() -> None:
    power = wave(0.3, 4000)
    uneven = power * (1 + 0.6 * np.sin(np.arange(4000) / 300)).astype(np.float32)

    assert at(_swings(uneven, 1.0), 0.3) == pytest.approx(at(_swings(power, 1.0), 0.3), rel=0.1)
    assert at(_swings(3 * power, 1.0), 0.3) == pytest.approx(at(_swings(power, 1.0), 0.3), rel=0.01)


def test_the_rounding_of_levels_swings_nowhere() -> None:
    assert not _swings(wave(0.3, 2000), 500.0).any()
    assert not _swings(np.zeros((1, 2000), np.float32), 1.0).any()


def test_ruled_lines_do_not_outweigh_the_page() -> None:
    ruled = wave(0.3, 4000, 0)
    ruled[:, ::50] = ruled[:, 1::50] = 1e6

    assert at(_swings(ruled, 1.0), 0.3) < 0.2
