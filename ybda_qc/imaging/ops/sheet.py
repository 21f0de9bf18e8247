"""A page made ready to be compared with another scan of the same sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]

SCALE = 4.7
"""Pixels a millimetre of a sheet: 120 dpi on A4, which still tells a 3 from an 8 of common print."""

_SIDE_MM = (297.0, 445.0)  # smaller sheets are taken for A4 and larger ones for this, so that both fit
_FULL_PERCENTILE = 70  # of the darkness of ink: the darkness of most of it
_LEAST_FULL = 20.0
_PAPER = 0.15  # of full darkness: less is paper


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """Darkness of the ink of a page, at `SCALE`.

    Attributes
    ----------
    darkness : uint8, (H, W)
        0 = paper, 255 = as dark as most ink of the page.
    known : uint8, (H, W)
        255 where the sheet was looked at; 0 off its edge.
    """

    darkness: Pixels
    known: Pixels


def side_mm(long_side_px: int, dpi: float | None) -> float:
    """Longer side of a picture in millimetres, kept within bounds; A4 where no resolution is declared."""
    declared = _SIDE_MM[0] if dpi is None else long_side_px / dpi * 25.4
    return min(max(declared, _SIDE_MM[0]), _SIDE_MM[1])


def prepare_sheet(grey: Pixels, ink: Ink, *, is_dark: bool, long_side_mm: float) -> Sheet:
    """Take paper, brightness and contrast away, and bring a page to `SCALE`.

    Parameters
    ----------
    grey : uint8, (H, W)
        Not changed.
    ink : Ink
        Of that plane.
    is_dark : bool
        The page is dark and its writing bright.
    long_side_mm : float
        From `side_mm`, the same for both pages of a pair.
    """
    height, width = grey.shape
    dark = np.asarray(cv2.bitwise_not(grey), np.uint8) if is_dark else grey
    ground = cv2.resize(ink.ground, (width, height), interpolation=cv2.INTER_LINEAR)
    depth = cv2.bitwise_and(cv2.subtract(ground, dark), ink.inside)
    inked = depth[ink.mask > 0]
    full = max(_LEAST_FULL, float(np.percentile(inked, _FULL_PERCENTILE))) if inked.size else 255.0
    levels = np.clip((np.arange(256) / full - _PAPER) / (1 - _PAPER) * 255, 0, 255).astype(np.uint8)
    factor = long_side_mm * SCALE / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    darkness = halved(np.asarray(cv2.LUT(depth, levels), np.uint8), max(0, int(-np.log2(factor))))
    return Sheet(
        darkness=np.asarray(cv2.resize(darkness, size, interpolation=cv2.INTER_LINEAR), np.uint8),
        known=np.asarray(cv2.resize(ink.inside, size, interpolation=cv2.INTER_NEAREST), np.uint8),
    )
