"""Tone of a page: how bright its paper is, how dark its ink, and whether the scale ran out."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]
Counts = NDArray[np.float32]

_WHITE = 254  # levels from which paper is pure white
_CORE_PERCENTILE = 10  # of the levels under ink: the cores of strokes, not their edges
_STRIDE = 3  # every third row tells the levels of a page
_BROAD_TIMES = 5
_LEAST_AREAS = 30
_LEAST_INK = 0.002  # share of the paper under ink from which its darkness is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """Levels of a page, 0..255.

    Parameters
    ----------
    paper
        Median level of the bare paper.
    ink
        Level of the cores of strokes; None where too little is written to tell.
    clipped
        Share of the bare paper that is pure white.
    ink_share
        Share of the paper under ink.
    """

    paper: float
    ink: float | None
    clipped: float
    ink_share: float

    @property
    def contrast(self) -> float | None:
        """Difference of paper and ink as a share of the paper's level."""
        return None if self.ink is None else max(0.0, self.paper - self.ink) / max(1.0, self.paper)


def measure_tone(grey: Pixels, ink: Ink) -> Tone:
    """Levels of paper and ink inside the sheet.

    Percentiles, so that neither bed nor stains nor a few specks count (as the tone statistics of FADGI's
    guidelines do, which need a target; this is what a page itself can tell).

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi; not of a dark page.
    ink
        Of the same plane.
    """
    near = cv2.dilate(ink.mask, np.ones((3, 3), np.uint8))
    grey, within, mask = grey[::_STRIDE], ink.inside[::_STRIDE], ink.mask[::_STRIDE]
    inside = cv2.countNonZero(within)
    bare = cv2.bitwise_and(within, cv2.bitwise_not(near[::_STRIDE]))
    levels, inked = _histogram(grey, np.asarray(bare, dtype=np.uint8)), _histogram(grey, mask)
    bare_count, ink_count = float(levels.sum()), float(inked.sum())
    paper = _percentile(levels, 50) if bare_count else _percentile(inked, 90)
    share = ink_count / max(1, inside)
    core = _percentile(inked, _CORE_PERCENTILE) if share >= _LEAST_INK else None
    return Tone(
        paper=paper,
        ink=core,
        clipped=float(levels[_WHITE:].sum()) / bare_count if bare_count else 0.0,
        ink_share=share,
    )


def _histogram(grey: Pixels, mask: Pixels) -> Counts:
    return np.asarray(cv2.calcHist([grey], [0], mask, [256], [0, 256]), dtype=np.float32).ravel()


def _percentile(histogram: Counts, percent: float) -> float:
    total = np.cumsum(histogram)
    return float(np.searchsorted(total, total[-1] * percent / 100.0))


def tonal_range(grey: Pixels, inside: Pixels) -> float:
    """How far the tones of broad areas lie apart, in levels, once even a slanting light is taken away.

    Paper, however tinted or lit, has one tone; a photograph has many, even where it has no stroke or edge. A
    quadratic surface takes up the light.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    inside
        uint8 (H, W), 255 on the paper.

    Returns
    -------
    float
        Between the 5th and the 95th percentile of areas of about 5 mm; 0 where there are too few of them.
    """
    small = halved(grey, _BROAD_TIMES).astype(np.float64)
    y, x = np.nonzero(halved(inside, _BROAD_TIMES) == 255)
    if y.size < _LEAST_AREAS:
        return 0.0
    v, u = y / small.shape[0] - 0.5, x / small.shape[1] - 0.5
    surface = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=1)
    levels = small[y, x]
    fit, *_ = np.linalg.lstsq(surface, levels, rcond=None)
    low, high = np.percentile(levels - surface @ fit, [5, 95])
    return float(high - low)
