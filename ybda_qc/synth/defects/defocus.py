"""Defocus 失焦: the sheet did not lie flat on the glass, or the camera was not focused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.optics import convolve, disk
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Defocus:
    """Every point becomes a disk of this radius in millimetres."""

    scale: ClassVar[Scale] = Scale(
        "radius of the disk",
        "mm",
        (0.08, 0.15, 0.3, 0.45, 0.7),
        0.3,
        "strokes 0.5 mm apart, as in small characters, run together",
    )
    radius_mm: float = 0.3

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Defocus:  # noqa: ARG003
        """Disk of this radius."""
        return cls(radius_mm=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the blurred picture."""
        return Laid(pixels=convolve(pixels, disk(self.radius_mm * dpi / MM_PER_INCH)))
