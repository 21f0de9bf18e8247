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
_PARTS = 4  # of a strip at least, each shifted for itself
_SHIFT_PX = 0.53  # between neighbouring parts at most
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
    profiles : float32, (s, h) or (s, w)
        Mean of each strip, one row a strip, about `STRIPS` of them.
    width : float
        Of a strip, in pixels.
    """
    lying = plane if upright else cv2.transpose(plane)
    side, length = lying.shape
    part = max(side // (STRIPS * _PARTS), 1)
    parts = _PARTS
    if abs(slope) * part > _SHIFT_PX:
        step = part * parts
        part = max(int(_SHIFT_PX / abs(slope)), 1)
        parts = max(step // part, 1)
    step = part * parts
    count = side // step
    if not slope:
        part, parts = step, 1
    fine = np.add.reduce(lying[: count * step].reshape(-1, part, length), axis=1, dtype=np.uint16)
    if slope:
        along = np.array([[1, slope * part, slope * (part - count * step) / 2], [0, 1, 0]], np.float64)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        fine = np.asarray(cv2.warpAffine(fine, along, fine.shape[::-1], flags=flags), np.uint16)
    profiles = np.add.reduce(fine.reshape(count, parts, length), axis=1, dtype=np.float32)
    return profiles / np.float32(step), float(step)


def strip_scores(profiles: Floats, width: float, slopes: NDArray[np.float64]) -> StripScores:
    """Correlate strips with their neighbours along each slope.

    Parameters
    ----------
    profiles : float32, (s, h)
    width : float
        Of a strip, pixels.
    slopes : float64, (n,)
        Rows down a pixel to the right; symmetric around 0.
    """
    strips, height = profiles.shape
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
    bands = np.zeros((BANDS, strips, length), np.float32)
    for band, (start, end) in zip(bands, spans, strict=True):
        part = profiles[:, start:end]
        # a band that broke off sharply would bring two level lines of its own
        band[:, : end - start] = (part - part.mean(axis=1, keepdims=True)) * _taper(end - start, 2 * overlap)
    frequencies = (length - 1) // 2  # without 0, which has no weight, and without the very last
    spectra = _rows_transformed(bands.reshape(-1, length))[:, 1 : 1 + 2 * frequencies].view(np.complex64)
    across = np.zeros((BANDS, frequencies, room), np.complex64)
    across[:, :, :strips] = spectra.reshape(BANDS, strips, frequencies).transpose(0, 2, 1)
    power = np.square(_rows_transformed(across.view(np.float32).reshape(-1, room, 2)))
    # correlation of strips at each distance, still as a spectrum over the rows: real and imaginary by turns
    pairs = _rows_transformed(power[:, :, 0] + power[:, :, 1]).reshape(BANDS, frequencies, room)
    apart = np.ascontiguousarray(pairs[:, :, 1 : 2 * reach - 1]).reshape(BANDS, -1)
    scores = apart @ _slope_waves(length, width, reach, tuple(slopes.tolist()))
    scale = np.float32(2.0 / (length * room))
    return StripScores(
        scores=scores * (scale / np.float32(reach - 1)),
        energy=pairs[:, :, 0] @ _row_weights(length) * scale,
    )


def _rows_transformed(rows: Floats) -> Floats:
    """Fourier transform of each row; of real rows packed as 0, 1, 1, 2, 2 ... (real, imaginary)."""
    return cv2.dft(rows, flags=cv2.DFT_ROWS).astype(np.float32, copy=False)


@lru_cache(maxsize=32)
def _slope_waves(length: int, width: float, reach: int, slopes: tuple[float, ...]) -> Floats:
    """Waves (frequencies * distances * 2, slopes) that turn the spectra of pairs into sums of scores.

    Shifts are exact, not rounded or interpolated: interpolation between lags favours the lags it
    rests on, and with them the angle 0.
    """
    weights = _row_weights(length)
    frequency = np.arange(1, len(weights) + 1) / length
    turns = np.outer(frequency, np.arange(1, reach) * width).ravel()
    phase = (2 * np.pi * np.outer(turns, slopes)).astype(np.float32)
    waves = np.stack([np.cos(phase), np.sin(phase)], axis=1).reshape(len(weights), -1)
    return (waves * weights[:, None]).reshape(-1, len(slopes))


@lru_cache(maxsize=64)
def _taper(length: int, ramp: int) -> Floats:
    """Window (length,) that rises from 0 over the ramp and falls over the same at its end."""
    inside = np.minimum(np.arange(length) + 0.5, np.arange(length, 0, -1) - 0.5) / ramp
    window = 0.5 - 0.5 * np.cos(np.pi * np.minimum(inside, 1))
    return np.asarray(window, np.float32)


@lru_cache(maxsize=64)
def _row_weights(length: int) -> Floats:
    """Weight of each frequency along the rows from 1, ((length - 1) // 2,).

    The square of a difference of neighbouring rows (edges of lines count, their mass does not),
    taken back towards the finest detail, which is noise.
    """
    frequency = np.arange(1, (length + 1) // 2) / length
    weights = (2 * np.sin(np.pi * frequency)) ** 2 * np.exp(-((frequency / 0.35) ** 4))
    return weights.astype(np.float32)
