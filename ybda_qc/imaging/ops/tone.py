"""Tone of a page: how bright its paper is, how dark its ink, and whether the scale ran out."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import masked_levels

Pixels = NDArray[np.uint8]
Counts = NDArray[np.float32]

_WHITE = 254  # levels from which paper is pure white
_CORE_PERCENTILE = 10  # of the levels under ink: the cores of strokes, not their edges
_STRIDE = 6  # every sixth row tells the levels of a page
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
    trace
        The same of however little stands out of the paper; None where nothing does.
    clipped
        Share of the bare paper that is pure white.
    ink_share
        Share of the paper under ink.
    """

    paper: float
    ink: float | None
    trace: float | None
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
    height = grey.shape[0]
    rows = slice(min(1, height - 1), max(height - 1, 2), _STRIDE)
    within, mask = (np.ascontiguousarray(plane[rows]) for plane in (ink.inside, ink.mask))
    grey = np.ascontiguousarray(grey[rows])
    inside = cv2.countNonZero(within)
    bare = cv2.bitwise_and(within, cv2.bitwise_not(_near(ink.mask, rows)))
    levels, inked = masked_levels(grey, np.asarray(bare, dtype=np.uint8)), masked_levels(grey, mask)
    bare_count, ink_count = float(levels.sum()), float(inked.sum())
    paper = _percentile(levels, 50) if bare_count else _percentile(inked, 90)
    share = ink_count / max(1, inside)
    core = _percentile(inked, _CORE_PERCENTILE) if ink_count else None
    return Tone(
        paper=paper,
        ink=core if share >= _LEAST_INK else None,
        trace=core,
        clipped=float(levels[_WHITE:].sum()) / bare_count if bare_count else 0.0,
        ink_share=share,
    )


def _near(mask: Pixels, rows: slice) -> Pixels:
    """Some rows of the mask, a pixel wider each way: the rims of strokes are neither paper nor ink."""
    count = len(range(*rows.indices(mask.shape[0])))
    beside = [mask[max(0, rows.start + step) :: rows.step][:count] for step in (-1, 0, 1)]
    if any(part.shape != beside[0].shape for part in beside):  # a page of a row or two
        return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)[rows]
    thick = np.maximum(np.maximum(beside[0], beside[1]), beside[2])
    return np.asarray(cv2.dilate(thick, np.ones((1, 3), np.uint8)), dtype=np.uint8)


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
