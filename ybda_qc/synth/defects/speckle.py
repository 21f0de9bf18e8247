"""Speckle 噪点: dust on the glass, pepper and salt of a bad threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale

Kind = Literal["squares", "dust", "pepper", "salt"]
_HAIRS = 0.08  # of the dust


@dataclass(frozen=True, slots=True, kw_only=True)
class Speckle:
    """Specks all over the picture, `per_cm2` of them on average.

    Attributes
    ----------
    per_cm2 : float
    size_mm : float
        Of a speck, on average; pepper and salt are one or two pixels whatever this says.
    level : int
        Grey value at the heart of a speck (salt: the distance from white).
    kind : {"squares", "dust", "pepper", "salt"}
        Squares of one size; rounded, ragged grains of many sizes and a few hairs; single dark pixels; single
        bright pixels.
    """

    scale: ClassVar[Scale] = Scale(
        "density",
        "specks a cm²",
        (0.02, 0.1, 0.5, 2, 6),
        0.5,
        "some 300 specks on a page, more than commas: the glass was not cleaned",
    )
    per_cm2: float = 1.0
    size_mm: float = 0.2
    level: int = 40
    kind: Kind = "squares"

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Speckle:
        """Dust or pepper of this density."""
        kind: Kind = "dust" if rng.random() < 0.65 else "pepper"
        return cls(
            per_cm2=strength,
            size_mm=float(rng.uniform(0.15, 0.4)),
            level=int(rng.integers(10, 110)),
            kind=kind,
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Draw the specks in place."""
        height, width = pixels.shape[:2]
        scale = dpi / MM_PER_INCH
        count = int(rng.poisson(self.per_cm2 * height * width / (10 * scale) ** 2))
        if self.kind == "dust":
            self._draw_dust(pixels, count, scale, rng)
            return Laid(pixels=pixels)
        side = max(round(self.size_mm * scale), 1) if self.kind == "squares" else int(rng.integers(1, 3))
        tops = rng.integers(0, max(height - side, 1), count)
        lefts = rng.integers(0, max(width - side, 1), count)
        level = 255 - self.level if self.kind == "salt" else self.level
        for row in range(side):
            for column in range(side):
                pixels[np.minimum(tops + row, height - 1), np.minimum(lefts + column, width - 1)] = level
        return Laid(pixels=pixels)

    def _draw_dust(self, pixels: Pixels, count: int, scale: float, rng: np.random.Generator) -> None:
        """Grains: ragged patches of log-normal size, darkest in the middle; and hairs."""
        height, width = pixels.shape[:2]
        for _ in range(count):
            x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
            level = float(np.clip(self.level + rng.normal(0, 25), 0, 200))
            tone = (level,) * (1 if pixels.ndim == 2 else 3)
            if rng.random() < _HAIRS:
                steps = np.cumsum(rng.normal(0, 0.25, (8, 2)) + rng.normal(0, 0.25, 2), axis=0)
                points = np.round(((x, y) + steps * scale) * 16).astype(np.int32)
                cv2.polylines(pixels, [points.reshape(-1, 1, 2)], False, tone, 1, cv2.LINE_AA, 4)
                continue
            size = self.size_mm * float(np.exp(rng.normal(-0.1, 0.45))) * scale / 2
            angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 9))))
            radii = size * rng.uniform(0.6, 1.3, len(angles))
            rim = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], axis=1)
            cv2.fillPoly(pixels, [np.round(rim * 16).astype(np.int32)], tone, cv2.LINE_AA, 4)
