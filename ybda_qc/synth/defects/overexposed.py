"""Overexposure 曝光过度: the ink is washed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Overexposed:
    """Black lifted to `lift` and white far beyond what can be stored, as a brightness control does."""

    scale: ClassVar[Scale] = Scale(
        "level of black",
        "grey levels",
        (40, 80, 120, 160, 200),
        160,
        "ink is paler than the paper of a sound dark page, thin strokes are gone",
    )
    lift: float = 160

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Overexposed:  # noqa: ARG003
        """Black lifted to this level."""
        return cls(lift=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the brighter picture."""
        return Laid(pixels=apply_curve(pixels, LEVELS + self.lift))
