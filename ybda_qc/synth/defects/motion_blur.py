"""Motion blur 抖动模糊: the sheet or the camera moved during the exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.optics import convolve, stroke
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionBlur:
    """Even movement by a length in millimetres in one direction."""

    scale: ClassVar[Scale] = Scale(
        "length of the movement",
        "mm",
        (0.15, 0.3, 0.6, 1.0, 1.8),
        0.6,
        "strokes across the movement are doubled or gone",
    )
    length_mm: float = 0.6
    angle_degrees: float = 90.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> MotionBlur:
        """Movement of this length, mostly along the way the sheet is fed."""
        angle = 90.0 if rng.random() < 0.5 else float(rng.uniform(0, 180))
        return cls(length_mm=strength, angle_degrees=angle)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the blurred picture."""
        return Laid(pixels=convolve(pixels, stroke(self.length_mm * dpi / MM_PER_INCH, self.angle_degrees)))
