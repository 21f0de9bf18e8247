"""Lossy compression 有损压缩 that the picture went through before it was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """The picture after it was stored as JPEG of this quality and opened again; RGB or grey."""
    bgr = pixels if pixels.ndim == 2 else pixels[..., ::-1]
    stored = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    opened = cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE if pixels.ndim == 2 else cv2.IMREAD_COLOR)
    assert opened is not None
    return np.ascontiguousarray(opened if pixels.ndim == 2 else opened[..., ::-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recompressed:
    """Stored once as JPEG and opened again; the file itself is written afterwards, at its own quality.

    Attributes
    ----------
    quality : int
    shift_px : tuple of int
        Columns and rows cut off after the first storing, so that the two grids of blocks differ.
    """

    scale: ClassVar[Scale] = Scale(
        "quality of the first JPEG",
        "",
        (90, 75, 60, 45, 30),
        45,
        "blocks and ringing stand around every letter",
    )
    quality: int = 45
    shift_px: tuple[int, int] = (0, 0)

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Recompressed:
        """First JPEG of this quality; the grid is shifted in one of three."""
        shift = (int(rng.integers(1, 8)), int(rng.integers(1, 8))) if rng.random() < 1 / 3 else (0, 0)
        return cls(quality=round(strength), shift_px=shift)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the picture with the traces in it."""
        left, top = self.shift_px
        kept = np.ascontiguousarray(jpeg(pixels, self.quality)[top:, left:])
        moved = np.array([[1.0, 0, -left], [0, 1.0, -top]]) if left or top else None
        return Laid(pixels=kept, matrix=moved)
