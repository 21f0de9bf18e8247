"""Clipping 层次丢失: bright and dark tones run into white and black."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipped:
    """White and black points moved inwards by `levels`."""

    scale: ClassVar[Scale] = Scale(
        "levels cut at each end",
        "grey levels",
        (15, 30, 50, 75, 100),
        75,
        "pencil, pale stamps and the shadows of photographs are gone",
    )
    levels: float = 75

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Clipped:  # noqa: ARG003
        """So many levels cut at either end."""
        return cls(levels=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the harder picture."""
        return Laid(pixels=apply_curve(pixels, (LEVELS - self.levels) * 255 / max(255 - 2 * self.levels, 1)))
