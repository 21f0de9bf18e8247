"""Grey stored as colour 灰度伪彩色: three channels that hold the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class GreyAsColour:
    """The picture loses a share of its colour but keeps three channels; 1 leaves grey."""

    scale: ClassVar[Scale] = Scale(
        "share of the colour lost", "", (0.5, 1.0), 1.0, "a colour scan was ordered and a grey one delivered"
    )
    share: float = 1.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> GreyAsColour:  # noqa: ARG003
        """So much of the colour is lost."""
        return cls(share=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return three channels without their colour."""
        if pixels.ndim == 2:
            return Laid(pixels=np.repeat(pixels[..., None], 3, axis=2))
        grey = pixels.astype(np.float32) @ _LUMA
        mixed = pixels + (grey[..., None] - pixels) * np.float32(self.share)
        return Laid(pixels=np.clip(mixed + 0.5, 0, 255).astype(np.uint8))
