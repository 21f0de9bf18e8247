"""Wrong direction 方向错误: the page lies on its side or stands on its head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterTurned:
    """Turned clockwise by `turns` quarters."""

    scale: ClassVar[Scale] = Scale(
        "turn",
        "degrees",
        (90, 180, 270),
        90,
        "nobody reads a page that lies on its side or stands on its head",
    )
    turns: int = 1

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> QuarterTurned:  # noqa: ARG003
        """Turned by this many degrees."""
        return cls(turns=round(strength / 90) % 4)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the turned picture."""
        height, width = pixels.shape[:2]
        matrix = np.array([[1.0, 0, 0], [0, 1.0, 0]])
        for _ in range(self.turns % 4):
            step = np.array([[0.0, -1, height], [1, 0, 0], [0, 0, 1]])
            matrix = step[:2] @ np.vstack([matrix, [0, 0, 1]])
            height, width = width, height
        return Laid(pixels=np.ascontiguousarray(np.rot90(pixels, -self.turns)), matrix=matrix)
