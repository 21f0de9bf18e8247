"""Crease 折痕: a fold that was smoothed again, dark on one flank and bright on the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ybda_qc.synth.ageing.fibres import shaded
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Crease:
    """Fold through the whole sheet.

    Attributes
    ----------
    place : float
        0..1 across the sheet.
    across : bool
        True if it runs from left to right.
    slope : float
        Sideways drift a unit of length.
    levels : float
        Contrast on white.
    """

    place: float = 0.5
    across: bool = True
    slope: float = 0.0
    levels: float = 30.0

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Add the fold."""
        height, width = pixels.shape[:2]
        length, breadth = (width, height) if self.across else (height, width)
        wander = np.interp(np.arange(length), np.linspace(0, length, 12), rng.normal(0, 0.15, 12))
        scale = dpi / MM_PER_INCH
        line = self.place * breadth + self.slope * (np.arange(length) - length / 2) + wander * scale
        away = (np.arange(breadth)[:, None] - line[None, :]) / scale
        light = 1 + self.levels / 255 * (0.5 * np.exp(-((away - 0.5) ** 2) / 0.3) - np.exp(-(away**2) / 0.12))
        return Laid(pixels=shaded(pixels, np.asarray(light if self.across else light.T, np.float32)))
