"""Folded corner 折角: a flap lies over the page, and the bed shows where the corner was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.defects.optics import mix, paper_level
from ybda_qc.synth.spec import MM_PER_INCH, Box, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedCorner:
    """One corner turned over, to the front or to the back.

    Attributes
    ----------
    corner : int
        0 top left, then clockwise.
    legs_mm : tuple of float
        How far the fold reaches along the horizontal and the vertical edge.
    bed : int
        Grey value that shows where the corner was.
    to_front : bool
        True: the flap covers the page, throws a shadow and shows its other side.
    shade : float
        Brightness of the flap, as a share of the paper's.
    writing : bool
        Whether something is written on the flap's other side.
    """

    scale: ClassVar[Scale] = Scale(
        "longer leg", "mm", (4, 8, 15, 25, 45), 15, "a dog-ear as large as a thumb, which can hide words"
    )
    corner: int = 0
    legs_mm: tuple[float, float] = (15.0, 15.0)
    bed: int = 20
    to_front: bool = True
    shade: float = 0.95
    writing: bool = False

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> FoldedCorner:
        """Fold whose longer leg has this length, at any corner, on a black, grey or white bed."""
        legs = [strength, strength * float(rng.uniform(0.55, 1.0))]
        rng.shuffle(legs)
        return cls(
            corner=int(rng.integers(4)),
            legs_mm=(legs[0], legs[1]),
            bed=int(rng.choice([10, 40, 90, 252], p=[0.4, 0.2, 0.15, 0.25])),
            to_front=bool(rng.random() < 0.75),
            shade=float(rng.uniform(0.86, 1.0)),
            writing=bool(rng.random() < 0.4),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Draw at the top left corner of a mirrored view, so that one geometry serves all four."""
        flip_x, flip_y = self.corner in (1, 2), self.corner in (2, 3)
        view = pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
        scale = dpi / MM_PER_INCH
        a, b = (
            min(leg * scale, side - 1.0) for leg, side in zip(self.legs_mm, pixels.shape[1::-1], strict=True)
        )
        tip = np.array([2 * a * b * b, 2 * a * a * b]) / (a * a + b * b)  # the corner mirrored in the fold
        reach = int(np.ceil(max(a, b, *tip) + 4 * scale))
        part = np.ascontiguousarray(view[:reach, :reach])
        paper = paper_level(pixels)
        if self.to_front:
            part = self._lay_flap(part, np.array([(a, 0), (0, b), tip]), paper, scale, rng)
        gone = _area(part.shape, np.array([(0, 0), (a, 0), (0, b)]), 0.5)
        bed = np.clip(self.bed + 2 * rng.standard_normal(part.shape), 0, 255).astype(np.uint8)
        view[:reach, :reach] = mix(part, bed, gone)
        wide, high = (max(a, tip[0]), max(b, tip[1])) if self.to_front else (a, b)
        height, width = pixels.shape[:2]
        wide, high = float(wide), float(high)
        box = Box(width - wide if flip_x else 0.0, height - high if flip_y else 0.0, wide, high)
        return Laid(pixels=pixels, boxes=(box,))

    def _lay_flap(
        self, part: Pixels, flap: np.ndarray, paper: np.ndarray, scale: float, rng: np.random.Generator
    ) -> Pixels:
        """The flap and the shadow that its free edges throw."""
        shadow = _area(part.shape, flap + 0.4 * scale, 0.7 * scale) * np.float32(0.35)
        part = mix(part, np.zeros_like(part), shadow)
        back = np.broadcast_to(paper * self.shade, (*part.shape[:2], paper.size)).copy()
        back += rng.normal(0, 1.5, (*part.shape[:2], 1))
        if self.writing:
            turn = np.arctan2(*(flap[1] - flap[0])[::-1])
            y, x = np.mgrid[: part.shape[0], : part.shape[1]] / scale
            line = (x * np.sin(turn) + y * np.cos(turn)) % 6 < 2.6
            letter = (x * np.cos(turn) - y * np.sin(turn)) % 3.1 < 2.0
            back[line & letter & (rng.random(line.shape) < 0.55)] *= 0.35
        soft = _area(part.shape, flap, 0.5)
        return mix(part, np.clip(back, 0, 255).astype(np.uint8).reshape(part.shape), soft)


def _area(shape: tuple[int, ...], corners: np.ndarray, soft_px: float) -> np.ndarray:
    """Soft-edged mask, 0..1, of a polygon."""
    mask = np.zeros(shape[:2], np.float32)
    cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], (1.0,), cv2.LINE_8, 4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(soft_px, 0.3)), np.float32)
