"""Gaussian blur: many small faults of optics and movement together, or a smoothing filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianBlur:
    """Blur of this standard deviation in millimetres."""

    scale: ClassVar[Scale] = Scale(
        "standard deviation",
        "mm",
        (0.04, 0.08, 0.16, 0.25, 0.4),
        0.16,
        "as wide as the disk of 0.3 mm: the strokes of small characters run together",
    )
    sigma_mm: float = 0.16

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> GaussianBlur:  # noqa: ARG003
        """Blur of this width."""
        return cls(sigma_mm=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the blurred picture."""
        sigma = max(self.sigma_mm * dpi / MM_PER_INCH, 0.1)
        return Laid(pixels=np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8))
