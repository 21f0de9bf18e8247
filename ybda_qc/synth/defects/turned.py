"""Skew 偏斜 of a finished picture, and quarter turns: the sheet was not put straight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.defects.optics import paper_level
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Content turned clockwise by an angle; the corners are filled with the tone of the paper."""

    scale: ClassVar[Scale] = Scale(
        "angle", "degrees", (0.3, 0.7, 1.5, 3.5, 8.0), 1.5, "clearly beyond the 1 degree that contracts allow"
    )
    angle_degrees: float = 1.5

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Turned:
        """Turned by this angle to either side."""
        return cls(angle_degrees=strength if rng.random() < 0.5 else -strength)

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the turned picture, of the same size."""
        height, width = pixels.shape[:2]
        turn = math.radians(self.angle_degrees)
        linear = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        centre = np.array([width, height]) / 2
        matrix = np.column_stack([linear, centre - linear @ centre])
        inner = matrix.copy()  # cv2 has pixel centres at whole numbers
        inner[:, 2] += linear @ np.array([0.5, 0.5]) - 0.5
        fill = tuple(float(level) for level in paper_level(pixels))
        turned = cv2.warpAffine(
            pixels,
            inner,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=fill,
        )
        return Laid(pixels=np.asarray(turned, np.uint8), matrix=matrix)
