"""Cut content 内容裁切: the picture ends in the middle of what is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ybda_qc.synth.spec import Box, Laid, Pixels, Scale

Side = Literal["left", "top", "right", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cropped:
    """Cuts a strip off one side.

    Attributes
    ----------
    side : {"left", "top", "right", "bottom"}
    strip_px : int
        Depth of the strip. What stands there only the author of the page knows; see `through`.
    """

    scale: ClassVar[Scale] = Scale(
        "depth of the cut in the writing", "mm", (0.5, 1, 2, 4, 8), 2, "half a character of each line is gone"
    )
    side: Side = "right"
    strip_px: int = 0

    @classmethod
    def through(cls, content: Box, shape: tuple[int, ...], side: Side, depth_px: float) -> Cropped:
        """Cut `depth_px` deep into the box around the content of a picture of this shape."""
        height, width = shape[:2]
        free = {
            "left": content.left,
            "top": content.top,
            "right": width - content.left - content.width,
            "bottom": height - content.top - content.height,
        }[side]
        return cls(side=side, strip_px=max(round(free + depth_px), 0))

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the smaller picture."""
        height, width = pixels.shape[:2]
        cut = min(self.strip_px, (width if self.side in ("left", "right") else height) - 1)
        left, top = (cut if self.side == "left" else 0), (cut if self.side == "top" else 0)
        right, bottom = (
            width - (cut if self.side == "right" else 0),
            height - (cut if self.side == "bottom" else 0),
        )
        kept = np.ascontiguousarray(pixels[top:bottom, left:right])
        rim = {
            "left": Box(0, 0, 1, bottom - top),
            "top": Box(0, 0, right - left, 1),
            "right": Box(right - left - 1, 0, 1, bottom - top),
            "bottom": Box(0, bottom - top - 1, right - left, 1),
        }[self.side]
        return Laid(pixels=kept, boxes=(rim,), matrix=np.array([[1.0, 0, -left], [0, 1.0, -top]]))
