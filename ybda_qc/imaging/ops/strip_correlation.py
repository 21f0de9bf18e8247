"""How well the parts of a line continue each other across the page, for every small angle.

The page is cut into upright strips, each strip summed to a profile of its rows. Where lines run at
an angle t, the profile of a strip d strips further on is the same one shifted by d * width * tan t.
The sum of the correlations of all such pairs is the differential square sum of Bloomberg, Kopec
and Dasari (SPIE 2422, 1995) less its constant part, but all angles come from one transform, and
shifts need not be whole pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STRIPS = 28
BANDS = 3
_PARTS = 4  # of a strip, each shifted for itself
_REACH = 10
"""Strips this far apart and further are not compared: lines of two columns need not stand level."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StripScores:
    """Agreement of strips in each of `BANDS` bands of the page.

    Attributes
    ----------
    scores : float32, (BANDS, n)
        Mean correlation over distances, for each slope.
    energy : float32, (BANDS,)
        What full agreement would score.
    """

    scores: Floats
    energy: Floats

    @property
    def total(self) -> Floats:
        """Scores of the whole page, (n,)."""
        return np.asarray(self.scores.sum(axis=0), np.float32)

    @property
    def coherence(self) -> float:
        """Best score as a share of full agreement, 0..1."""
        full = float(self.energy.sum())
        return max(float(self.total.max()) / full, 0.0) if full > 0 else 0.0


def strip_profiles(plane: NDArray[np.uint8], *, upright: bool, slope: float = 0.0) -> tuple[Floats, float]:
    """Profiles of strips that cut the level (or upright) lines of the plane.

    Parameters
    ----------
    plane : uint8, (h, w)
        At least 4 pixels each way.
    upright : bool
        True for lines that run up and down: the strips lie level then.
    slope : float
        Pixels that the lines go down a pixel along them; they are sheared level first. Narrow parts of the
        strips are shifted, which is many times cheaper than turning the plane, and as good for small angles.

    Returns
    -------
    profiles : float32, (h, s) or (w, s)
        One column a strip, about `STRIPS` of them.
    width : float
        Of a strip, in pixels.
    """
    height, width = plane.shape
    side = height if upright else width
    # whole pixels: OpenCV's area reduction is fast for these only
    part = max(side // (STRIPS * _PARTS), 1)
    step = part * _PARTS
    count = side // step
    parts = _PARTS if slope else 1
    part = step // parts
    if upright:
        fine = cv2.resize(plane[: count * step], (width, count * parts), interpolation=cv2.INTER_AREA)
    else:
        fine = cv2.resize(plane[:, : count * step], (count * parts, height), interpolation=cv2.INTER_AREA)
    if slope:
        offset = slope * (part - count * step) / 2
        along = [[1, slope * part, offset], [0, 1, 0]] if upright else [[1, 0, 0], [slope * part, 1, offset]]
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        fine = cv2.warpAffine(fine, np.array(along, np.float64), fine.shape[::-1], flags=flags)
    fine = fine.T if upright else fine
    profiles = fine[:, ::parts].astype(np.float32)
    for further in range(1, parts):
        profiles += fine[:, further::parts]
    return np.ascontiguousarray(profiles / np.float32(parts)), float(step)


def strip_scores(profiles: Floats, width: float, slopes: NDArray[np.float64]) -> StripScores:
    """Correlate strips with their neighbours along each slope.

    Parameters
    ----------
    profiles : float32, (h, s)
    width : float
        Of a strip, pixels.
    slopes : float64, (n,)
        Rows down a pixel to the right; symmetric around 0.
    """
    height, strips = profiles.shape
    reach = min(_REACH, strips)
    farthest = math.ceil((reach - 1) * width * float(np.abs(slopes).max())) + 1
    step = height / BANDS
    overlap = max(round(step / 8), 1)
    spans = [
        (max(round(band * step) - overlap, 0), min(round((band + 1) * step) + overlap, height))
        for band in range(BANDS)
    ]
    length = cv2.getOptimalDFTSize(max(end - start for start, end in spans) + farthest)
    room = cv2.getOptimalDFTSize(strips + reach)
    cosines, sines = _slope_waves(length, width, reach, tuple(slopes.tolist()))
    scores, energy = [], []
    for start, end in spans:
        band = profiles[start:end]
        # a band that broke off sharply would bring two level lines of its own
        band = (band - band.mean(axis=0)) * _taper(end - start, 2 * overlap)
        spectra = np.fft.rfft(band, n=length, axis=0)
        across = np.fft.fft(spectra, n=room, axis=1)
        # correlation of strips at each distance, still as a spectrum over the rows
        pairs = np.fft.ifft(np.abs(across) ** 2, axis=1)[:, :reach] * _row_weights(length)
        apart = pairs[:, 1:]
        scores.append(apart.real.ravel() @ cosines - apart.imag.ravel() @ sines)
        energy.append(2 * float(pairs[:, 0].real.sum()) / length)
    return StripScores(scores=np.array(scores, np.float32), energy=np.array(energy, np.float32))


@lru_cache(maxsize=32)
def _slope_waves(length: int, width: float, reach: int, slopes: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Waves (frequencies * distances, slopes) that turn the spectra of pairs into mean scores.

    Shifts are exact, not rounded or interpolated: interpolation between lags favours the lags it
    rests on, and with them the angle 0.
    """
    frequency = np.arange(length // 2 + 1) / length
    turns = np.outer(frequency, np.arange(1, reach) * width).ravel()
    phase = 2 * np.pi * np.outer(turns, slopes)
    scale = 2.0 / (length * (reach - 1))
    return (scale * np.cos(phase)).astype(np.float32), (scale * np.sin(phase)).astype(np.float32)


@lru_cache(maxsize=64)
def _taper(length: int, ramp: int) -> Floats:
    """Window (length, 1) that rises from 0 over the ramp and falls over the same at its end."""
    inside = np.minimum(np.arange(length) + 0.5, np.arange(length, 0, -1) - 0.5) / ramp
    window = 0.5 - 0.5 * np.cos(np.pi * np.minimum(inside, 1))
    return np.asarray(window[:, None], np.float32)


@lru_cache(maxsize=64)
def _row_weights(length: int) -> Floats:
    """Weight of each frequency along the rows, (length // 2 + 1, 1).

    The square of a difference of neighbouring rows (edges of lines count, their mass does not),
    taken back towards the finest detail, which is noise.
    """
    frequency = np.arange(length // 2 + 1) / length
    weights = (2 * np.sin(np.pi * frequency)) ** 2 * np.exp(-((frequency / 0.35) ** 4))
    return weights.astype(np.float32)[:, None]
