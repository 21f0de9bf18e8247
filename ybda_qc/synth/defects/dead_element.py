"""Dead element 坏线: a sensor element that gives nothing, or dirt that lets no light through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.streak import Streak
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadElement:
    """Black vertical line from end to end, which one bit a pixel shows as well.

    `place` is 0..1 across the picture.
    """

    scale: ClassVar[Scale] = Scale(
        "width", "pixels", (1, 2, 3, 5), 1, "a black line through the whole page is seen at once"
    )
    place: float = 0.5
    width_px: int = 1
    level: int = 10

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> DeadElement:
        """Black line of this width."""
        place, level = float(rng.uniform(0.06, 0.94)), int(rng.integers(0, 50))
        return cls(place=place, width_px=round(strength), level=level)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Draw the line in place."""
        streak = Streak(place=self.place, width_px=self.width_px, level=self.level)
        return streak.apply(pixels, dpi=dpi, rng=rng)
