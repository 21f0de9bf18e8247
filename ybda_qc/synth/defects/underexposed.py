"""Underexposure 曝光不足: too little light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Underexposed:
    """All light multiplied by `light`."""

    scale: ClassVar[Scale] = Scale(
        "light",
        "times",
        (0.8, 0.65, 0.5, 0.35, 0.2),
        0.35,
        "white paper comes out darker than middle grey",
    )
    light: float = 0.35

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Underexposed:  # noqa: ARG003
        """So much light."""
        return cls(light=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the darker picture."""
        return Laid(pixels=apply_curve(pixels, LEVELS * self.light))
