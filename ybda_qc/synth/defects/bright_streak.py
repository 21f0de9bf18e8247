"""Bright streak 亮线: a spot of dirt on the strip of white by which the sensor is calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.spec import Box, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class BrightStreak:
    """Vertical line in which every level is multiplied by `gain`: seen on tinted paper and in pictures.

    `place` is 0..1 across the picture.
    """

    scale: ClassVar[Scale] = Scale(
        "gain", "times", (1.05, 1.1, 1.2, 1.4, 1.8), 1.4, "a white line through picture or tinted paper"
    )
    place: float = 0.5
    width_px: int = 2
    gain: float = 1.4

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> BrightStreak:
        """Bright streak of this gain, 1 to 4 pixels wide."""
        return cls(
            place=float(rng.uniform(0.06, 0.94)), width_px=int(rng.choice([1, 2, 3, 4])), gain=strength
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Brighten the columns in place."""
        height, width = pixels.shape[:2]
        left = min(int(self.place * width), width - 1)
        band = pixels[:, left : left + self.width_px]
        band[:] = np.clip(band * self.gain + 0.5, 0, 255).astype(np.uint8)
        return Laid(pixels=pixels, boxes=(Box(left, 0, min(self.width_px, width - left), height),))
