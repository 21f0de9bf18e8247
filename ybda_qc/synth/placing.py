"""The sheet on the scanner's bed: turned, bordered, and where everything ends up."""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth.paper import paper_tone
from ybda_qc.synth.spec import Box, PageSpec, Pixels, Sides

BLACK_BED = 14.0
WHITE_BED = 252.0


def bed_tone(spec: PageSpec) -> tuple[float, ...]:
    """Colour of the bed in the channels of the picture."""
    channels = 3 if spec.mode == "colour" else 1
    if spec.bed == "paper":
        return paper_tone(spec)
    return ((BLACK_BED if spec.bed == "black" else WHITE_BED),) * channels


class Placing:
    """Maps the upright sheet to the finished picture, by one turn and one shift.

    Attributes
    ----------
    matrix : float (2, 3)
        Sheet pixels to picture pixels, in the convention of `cv2.warpAffine` (pixel centres at
        whole numbers), before quarter turns.
    size : tuple of int
        Width and height of the picture before quarter turns.
    """

    def __init__(self, spec: PageSpec, sheet_size: tuple[int, int]) -> None:
        self.spec = spec
        self.sheet_size = sheet_size
        left, top, right, bottom = (round(side * spec.pixels_per_mm) for side in spec.border_mm)
        width, height = sheet_size
        turn = math.radians(spec.angle_degrees)
        cosine, sine = math.cos(turn), math.sin(turn)
        grow_x = grow_y = 0
        if spec.expand:
            grow_x = math.ceil(max(width * abs(cosine) + height * abs(sine) - width, 0))
            grow_y = math.ceil(max(width * abs(sine) + height * abs(cosine) - height, 0))
        self.size = (width + left + right + grow_x, height + top + bottom + grow_y)
        # y points down, so this matrix turns clockwise on screen for positive angles
        linear = np.array([[cosine, -sine], [sine, cosine]])
        middle = np.array([width - 1, height - 1]) / 2
        target = np.array([left + grow_x / 2, top + grow_y / 2]) + middle
        self.matrix: NDArray[np.float64] = np.column_stack([linear, target - linear @ middle])

    def draw(self, sheet: Pixels) -> Pixels:
        """Return the picture of the sheet on its bed."""
        spec, tone = self.spec, bed_tone(self.spec)
        left, top, right, bottom = (round(side * spec.pixels_per_mm) for side in spec.border_mm)
        if spec.angle_degrees == 0 and not spec.expand:
            if not any((left, top, right, bottom)):
                return sheet
            return cv2.copyMakeBorder(
                sheet, top, bottom, left, right, cv2.BORDER_CONSTANT, value=tone
            ).astype(np.uint8)
        fill = tone if spec.border_turns else paper_tone(spec)
        turned: Pixels = cv2.warpAffine(  # type: ignore[assignment]
            sheet,
            self.matrix,
            self.size,
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=fill,
        )
        if not spec.border_turns:
            width, height = self.size
            for band in (np.s_[:top], np.s_[height - bottom :], np.s_[:, :left], np.s_[:, width - right :]):
                turned[band] = tone if turned.ndim == 3 else tone[0]
        return turned

    def points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points (n, 2) of the sheet, in pixel-edge coordinates, to the finished picture."""
        moved = (points - 0.5) @ self.matrix[:, :2].T + self.matrix[:, 2] + 0.5
        width, height = self.size
        for _ in range(self.spec.quarter_turns % 4):
            moved = np.stack([height - moved[:, 1], moved[:, 0]], axis=1)
            width, height = height, width
        return moved

    def box(self, box: Box) -> Box | None:
        """Box around a turned box, cut to the picture; None if nothing of it is left."""
        left, top, width, height = box
        right, bottom = left + width, top + height
        moved = self.points(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
        limit = np.array(self.size if self.spec.quarter_turns % 2 == 0 else self.size[::-1])
        low, high = np.clip(moved.min(axis=0), 0, limit), np.clip(moved.max(axis=0), 0, limit)
        if (high - low).min() <= 0:
            return None
        return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))

    def boxes(self, boxes: Iterable[Box]) -> tuple[Box, ...]:
        """Boxes in the finished picture, without those that fell outside."""
        return tuple(moved for moved in map(self.box, boxes) if moved is not None)

    def corners(self) -> tuple[tuple[float, float], ...]:
        """Corners of the sheet in the finished picture."""
        width, height = self.sheet_size
        moved = self.points(np.array([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]))
        return tuple((float(x), float(y)) for x, y in moved)

    def dark_border_mm(self) -> Sides:
        """Mean depth of the dark bed on the left, top, right and bottom of the finished picture."""
        spec = self.spec
        if spec.bed != "black":
            return (0.0, 0.0, 0.0, 0.0)
        turns = spec.quarter_turns % 4
        if not spec.border_turns:
            sides = spec.border_mm
            return sides[-turns:] + sides[:-turns] if turns else sides  # type: ignore[return-value]
        width, height = self.size if turns % 2 == 0 else self.size[::-1]
        corners = np.array(self.corners())
        left, right = _mean_margins(corners, height, width)
        top, bottom = _mean_margins(corners[:, ::-1], width, height)
        scale = spec.pixels_per_mm
        return (left / scale, top / scale, right / scale, bottom / scale)


def _mean_margins(corners: NDArray[np.float64], rows: int, width: int) -> tuple[float, float]:
    """Mean depth left and right of a convex four-cornered sheet over the rows it touches."""
    levels = np.arange(rows) + 0.5
    ends = np.roll(corners, -1, axis=0)
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    for (x0, y0), (x1, y1) in zip(corners, ends, strict=True):
        if y0 == y1:
            continue
        share = (levels - y0) / (y1 - y0)
        crossed = (share >= 0) & (share <= 1)
        at = x0 + share * (x1 - x0)
        low = np.where(crossed, np.minimum(low, at), low)
        high = np.where(crossed, np.maximum(high, at), high)
    met = np.isfinite(low) & np.isfinite(high)
    if not met.any():
        return float(width), float(width)
    return float(np.clip(low[met], 0, width).mean()), float(np.clip(width - high[met], 0, width).mean())
