"""Dark border 黑边: the scanner's bed shows beside the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Box, Laid, Pixels, Scale, Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkBand:
    """Bed around the picture, which grows by it.

    Attributes
    ----------
    depth_mm : Sides
        At its deeper end.
    taper : float
        0 for a straight band, 1 for a wedge that ends in nothing: the sheet lay askew and was straightened.
    level : int
        Grey value of the bed.
    shadow_mm : float
        Width of the soft shadow that the edge of the sheet throws on itself.
    """

    scale: ClassVar[Scale] = Scale(
        "width", "mm", (1, 2, 3, 5, 10), 5, "twice the 2-3 mm that the rule wants left outside the page"
    )
    depth_mm: Sides = (5.0, 0.0, 0.0, 0.0)
    taper: float = 0.0
    level: int = 12
    shadow_mm: float = 0.3

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> DarkBand:
        """Band of this width on one to four sides, straight or tapering, of a black to dark grey bed."""
        sides = np.zeros(4)
        chosen = rng.permutation(4)[: int(rng.choice([1, 1, 1, 2, 2, 4]))]
        sides[chosen] = rng.uniform(0.1, 1.0, len(chosen)) * strength
        sides[chosen[0]] = strength
        left, top, right, bottom = (float(side) for side in sides)
        return cls(
            depth_mm=(left, top, right, bottom),
            taper=float(rng.choice([0.0, 0.0, 0.3, 0.6])),
            level=int(rng.integers(0, 70)),
            shadow_mm=float(rng.uniform(0.1, 0.6)),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Lay the picture on a larger, dark one."""
        depths = [round(side * dpi / MM_PER_INCH) for side in self.depth_mm]
        left, top, right, bottom = depths
        height, width = pixels.shape[0] + top + bottom, pixels.shape[1] + left + right
        grown = np.asarray(
            cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_REPLICATE), np.uint8
        )
        x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
        edge = np.full((height, width), np.inf, np.float32)  # pixels from here to the bed, negative in it
        for depth, across, along in (
            (left, x, y / height),
            (top, y, x / width),
            (right, width - 1 - x, y / height),
            (bottom, height - 1 - y, x / width),
        ):
            if depth:
                share = along if rng.random() < 0.5 else 1 - along
                edge = np.minimum(edge, across - depth * (1 - self.taper * share) + 0.5)
        shadow = max(self.shadow_mm * dpi / MM_PER_INCH, 0.5)
        light = np.sqrt(np.clip(edge / shadow * 0.5 + 0.5, 0, 1)) * (edge > 0)
        if grown.ndim == 3:
            light = light[..., None]
        bed = self.level + 2 * rng.standard_normal((height, width, 1)[: grown.ndim], dtype=np.float32)
        grown = np.clip(grown * light + bed * (1 - light), 0, 255).astype(np.uint8)
        boxes = (
            Box(0, 0, left, height),
            Box(0, 0, width, top),
            Box(width - right, 0, right, height),
            Box(0, height - bottom, width, bottom),
        )
        touched = tuple(box for box in boxes if min(box.width, box.height) > 0)
        return Laid(pixels=grown, boxes=touched, matrix=np.array([[1.0, 0, left], [0, 1.0, top]]))
