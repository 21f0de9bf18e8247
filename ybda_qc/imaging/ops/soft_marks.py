"""Soft, pale marks apart from the writing: print of the other side that shines through the paper."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.specks import sampled_rows

Pixels = NDArray[np.uint8]

_LEAST_INK: Final = 0.35  # of the level of the paper: paler ink cannot be told from that of the other side
_INK_QUANTILE: Final = 0.95
_PALE_QUANTILE: Final = 0.8  # most of a soft mark is its slope; its heart is as dark as the other side shines
_EVERY: Final = 3  # tiles from one band of rows that is looked at to the next
_PALE: Final = 0.5  # of the ink
_OFF_INK_MM: Final = 1.0  # nearer lie the rims of the letters, broad ones where the page is blurred


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftMarks:
    """Pale marks off the ink.

    Parameters
    ----------
    share
        Of the bare paper, apart from the ink, that they cover.
    bare
        Share of the paper that is apart from the ink.
    strength
        Darkness of their hearts as share of that of the ink of the page.
    """

    share: float
    bare: float
    strength: float


def measure_soft_marks(grey: Pixels, ink: Ink, *, level: int, scale: float) -> SoftMarks | None:
    """Measure what is much paler than the ink and apart from it; None on a page without dark ink.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    ink
        Of the same plane.
    level
        Of the paper.
    scale
        Pixels a millimetre.
    """
    size = grey.shape[1] // 2, grey.shape[0] // 2
    rows = sampled_rows(grey.shape[0], scale, every=_EVERY)
    grey, mask, inside = (halved(plane[rows], 1) for plane in (grey, ink.mask, ink.inside))
    scale /= 2
    ground = cv2.resize(ink.ground, size, interpolation=cv2.INTER_LINEAR)[rows[: rows.size // 2 * 2 : 2] // 2]
    depth = np.asarray(cv2.bitwise_and(cv2.subtract(ground, grey), mask), dtype=np.uint8)
    black = _quantile(depth, _INK_QUANTILE)
    if black < _LEAST_INK * level:
        return None
    strong = cv2.threshold(depth, _PALE * black, 255, cv2.THRESH_BINARY)[1]
    reach = 2 * max(1, round(_OFF_INK_MM * scale)) + 1
    near = cv2.dilate(np.asarray(strong), np.ones((reach, reach), np.uint8))
    pale = cv2.subtract(depth, near)
    bare = cv2.countNonZero(cv2.subtract(inside, near))
    heart = _quantile(np.asarray(pale, dtype=np.uint8), _PALE_QUANTILE)
    return SoftMarks(
        share=cv2.countNonZero(pale) / max(1, bare),
        bare=bare / max(1, cv2.countNonZero(inside)),
        strength=heart / black,
    )


def _quantile(depth: Pixels, share: float) -> float:
    """Quantile of what is not 0, to a whole level; 0 where there is nothing."""
    counts = np.cumsum(cv2.calcHist([depth], [0], None, [256], [0, 256]).ravel()[1:])
    return float(np.searchsorted(counts, share * counts[-1]) + 1) if counts[-1] else 0.0
