"""Upsampling 插值放大: fewer pixels were scanned than the file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from ybda_qc.synth.defects.recompressed import jpeg
from ybda_qc.synth.spec import Laid, Pixels, Scale

Kernel = Literal["nearest", "linear", "cubic", "lanczos"]
_KERNELS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsampled:
    """Picture scanned with 1/`factor` of the resolution and blown up.

    Attributes
    ----------
    factor : float
    kernel : {"nearest", "linear", "cubic", "lanczos"}
    quality_before : int or None
        JPEG quality of the small picture before it was blown up.
    sharpen : float
        Amount of an unsharp mask afterwards; 0 for none.
    """

    scale: ClassVar[Scale] = Scale(
        "factor", "times", (1.2, 1.5, 2.0, 3.0), 2.0, "three quarters of the pixels are invented"
    )
    factor: float = 2.0
    kernel: Kernel = "cubic"
    quality_before: int | None = None
    sharpen: float = 0.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Upsampled:
        """Upsampling by this factor with any kernel, sometimes from a JPEG, sometimes sharpened."""
        kernels: tuple[Kernel, ...] = ("nearest", "linear", "cubic", "cubic", "lanczos")
        return cls(
            factor=strength,
            kernel=kernels[int(rng.integers(len(kernels)))],
            quality_before=int(rng.integers(60, 96)) if rng.random() < 0.5 else None,
            sharpen=float(rng.uniform(0.4, 1.2)) if rng.random() < 0.3 else 0.0,
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the blown-up picture, of the same size."""
        height, width = pixels.shape[:2]
        small_size = (max(round(width / self.factor), 1), max(round(height / self.factor), 1))
        # what a scanner of this resolution sees: the light is averaged over its larger elements
        small = np.asarray(cv2.resize(pixels, small_size, interpolation=cv2.INTER_AREA), np.uint8)
        if self.quality_before is not None:
            small = jpeg(small, self.quality_before)
        large = np.asarray(cv2.resize(small, (width, height), interpolation=_KERNELS[self.kernel]), np.uint8)
        if self.sharpen:
            soft = cv2.GaussianBlur(large, (0, 0), 1.2)
            large = np.asarray(cv2.addWeighted(large, 1 + self.sharpen, soft, -self.sharpen, 0), np.uint8)
        return Laid(pixels=large)
