"""Dead channel 色通道缺失: one colour was not scanned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadChannel:
    """A share of one channel's light is missing; 1 leaves nothing of it."""

    scale: ClassVar[Scale] = Scale(
        "share of the channel lost", "", (0.3, 0.6, 1.0), 1.0, "the page is cyan, magenta or yellow"
    )
    channel: int = 0
    share: float = 1.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> DeadChannel:
        """So much of a channel of chance is lost."""
        return cls(channel=int(rng.integers(3)), share=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Take the light away in place; a grey picture has no channel to lose."""
        if pixels.ndim == 3:
            pixels[..., self.channel] = np.round(pixels[..., self.channel] * (1 - self.share)).astype(
                np.uint8
            )
        return Laid(pixels=pixels)
