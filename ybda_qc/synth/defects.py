"""Faults of a scanner that are laid over a finished picture; see `spec.Defect`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Line along the whole picture from a dirty or dead sensor element.

    `place` is 0..1 across the picture, `level` the grey value it leaves, `across` True if the
    line lies horizontally.
    """

    place: float = 0.4
    width_px: int = 1
    level: int = 90
    across: bool = False

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Pixels:  # noqa: ARG002
        """Draw the line in place."""
        length = pixels.shape[0] if self.across else pixels.shape[1]
        start = min(int(self.place * length), length - 1)
        band = np.s_[start : start + self.width_px]
        if self.across:
            pixels[band] = self.level
        else:
            pixels[:, band] = self.level
        return pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Speckle:
    """Dark specks of dust, `per_cm2` of them, each a square of about `size_mm`."""

    per_cm2: float = 1.0
    size_mm: float = 0.2
    level: int = 40

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Pixels:
        """Draw the specks in place."""
        height, width = pixels.shape[:2]
        scale = dpi / MM_PER_INCH
        side = max(round(self.size_mm * scale), 1)
        count = rng.poisson(self.per_cm2 * height * width / (10 * scale) ** 2)
        tops = rng.integers(0, max(height - side, 1), count)
        lefts = rng.integers(0, max(width - side, 1), count)
        for row in range(side):
            for column in range(side):
                pixels[np.minimum(tops + row, height - 1), np.minimum(lefts + column, width - 1)] = self.level
        return pixels
