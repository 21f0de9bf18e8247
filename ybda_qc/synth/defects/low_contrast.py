"""Low contrast 反差过低."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class LowContrast:
    """Levels drawn together around light grey, to `share` of their distance."""

    scale: ClassVar[Scale] = Scale(
        "share of the contrast left",
        "",
        (0.7, 0.5, 0.35, 0.25, 0.15),
        0.25,
        "ink and paper are hardly fifty levels apart",
    )
    share: float = 0.25

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> LowContrast:  # noqa: ARG003
        """So much contrast left."""
        return cls(share=strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the flatter picture."""
        return Laid(pixels=apply_curve(pixels, 190 + (LEVELS - 190) * self.share))
