"""Soft, pale marks apart from the writing: print of the other side that shines through the paper."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import quantile

Pixels = NDArray[np.uint8]

_LEAST_INK: Final = 0.35  # of the level of the paper: paler ink cannot be told from that of the other side
_INK_QUANTILE: Final = 0.95
_PALE: Final = 0.5  # of the ink
_OFF_INK_MM: Final = 1.0  # nearer lie the rims of the letters, broad ones where the page is blurred


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftMarks:
    """Pale marks off the ink.

    Parameters
    ----------
    share
        Of the paper that they cover.
    strength
        Their darkness as share of that of the ink of the page.
    """

    share: float
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
    grey, mask, inside = (halved(plane, 1) for plane in (grey, ink.mask, ink.inside))
    scale /= 2
    ground = cv2.resize(ink.ground, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    depth = np.asarray(cv2.bitwise_and(cv2.subtract(ground, grey), mask), dtype=np.uint8)
    marked = depth[depth > 0]
    if marked.size < 2:
        return None
    black = quantile(marked, _INK_QUANTILE)
    if black < _LEAST_INK * level:
        return None
    strong = cv2.threshold(depth, _PALE * black, 255, cv2.THRESH_BINARY)[1]
    reach = 2 * max(1, round(_OFF_INK_MM * scale)) + 1
    near = cv2.dilate(np.asarray(strong), np.ones((reach, reach), np.uint8))
    pale = cv2.subtract(depth, near)
    values = np.asarray(pale, dtype=np.uint8)
    values = values[values > 0]
    area = max(1, cv2.countNonZero(inside))
    if not values.size:
        return SoftMarks(share=0.0, strength=0.0)
    return SoftMarks(share=cv2.countNonZero(pale) / area, strength=quantile(values, 0.5) / black)
