"""Spots 污点: the places of small marks that stand alone on bare paper, to be compared from page to page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.quantile import level_quantile

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

CELL: Final = 4  # pixels of the plane each way, a power of two: about 0.7 mm
_LARGEST: Final = 3  # cells each way: what is larger is writing
DARKER: Final = 0.14  # of the level of the paper
_BRIGHTER: Final = 0.08
_NOISES: Final = 6.0  # standard deviations of the paper
_MOST_BRIGHT: Final = 0.02  # of the plane; more of it is uneven light
_COMPANY: Final = 15  # cells each way: dots and letters that stand alone have others about them
_MOST_COMPANY: Final = 4  # itself among them
_MOST_LOOKED_AT: Final = 600
_CORE: Final = 0.4  # of the greatest difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Spots on the bare paper, those that stand out most first.

    Parameters
    ----------
    x, y
        float64 (n,): their centres, pixels of the plane.
    bright
        bool (n,): brighter than the paper, not darker.
    """

    x: Numbers
    y: Numbers
    bright: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMarks:
    """Marks on cells of a few pixels, each of which is taken or bare.

    Parameters
    ----------
    labels
        int32 (h, w), number of the mark on each cell, 0 where it is bare.
    boxes
        int32 (n, 5), the statistics of OpenCV for each mark, in cells; the first is the bare part.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]

    def small(self, largest: int) -> NDArray[np.intp]:
        """Numbers of the marks of so many cells each way at most."""
        sides = self.boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
        sides[0] = largest + 1
        return np.flatnonzero(sides <= largest)


def mark_cells(grey: Pixels, ink: Ink, *, darker: float = DARKER) -> CellMarks:
    """Find what differs from the paper, dark or bright, cell by cell.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi, at least a cell each way.
    ink
        Of the same plane.
    darker
        Share of the level of the paper by which a pixel is darker.
    """
    # The default algorithm takes twice as long.
    _, labels, boxes, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        _taken(grey, ink, darker), 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    return CellMarks(labels=np.asarray(labels, np.int32), boxes=np.asarray(boxes, np.int32))


def find_spots(grey: Pixels, ink: Ink, marks: CellMarks, *, most: int) -> Spots:
    """Find small marks with nothing near them; their place is the centre of gravity of the difference.

    Parameters
    ----------
    grey, ink
        As `mark_cells` saw them.
    marks
        What it found.
    most
        Spots returned at most.
    """
    small = marks.small(_LARGEST)
    if not small.size or min(marks.labels.shape) < _LARGEST:
        return _spots(np.zeros((0, 3)))
    columns, rows = marks.boxes[small, cv2.CC_STAT_LEFT], marks.boxes[small, cv2.CC_STAT_TOP]
    crowd = np.zeros(marks.labels.shape, np.float32)
    crowd[rows, columns] = 1
    crowded = cv2.boxFilter(crowd, -1, (_COMPANY, _COMPANY), normalize=False)[rows, columns] > _MOST_COMPANY
    first = np.argsort(crowded, kind="stable")[:_MOST_LOOKED_AT]
    corners = np.stack([rows[first], columns[first]], axis=1)
    found = _measured(grey, ink.ground, marks.labels, small[first], corners)
    return _spots(found[np.lexsort((-np.abs(found[:, 0]), crowded[first]))][:most])


def _spots(found: Numbers) -> Spots:
    return Spots(x=found[:, 1], y=found[:, 2], bright=found[:, 0] < 0)


def _taken(grey: Pixels, ink: Ink, darker: float) -> Pixels:
    """255 for each cell with a pixel that differs from the paper by more than its texture does."""
    darkest = _pooled(grey, cv2.min)
    size = darkest.shape[::-1]
    paper = np.asarray(cv2.resize(ink.ground, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    texture = cv2.convertScaleAbs(cv2.resize(ink.noise, size, interpolation=cv2.INTER_LINEAR), alpha=_NOISES)
    depth = cv2.max(cv2.convertScaleAbs(paper, alpha=darker), texture)
    taken = cv2.compare(cv2.subtract(paper, darkest), depth, cv2.CMP_GT)
    if level_quantile(ink.ground, 0.5) * (1 + _BRIGHTER) < np.iinfo(np.uint8).max:
        bright = cv2.compare(
            _pooled(grey, cv2.max), cv2.convertScaleAbs(paper, alpha=1 + _BRIGHTER), cv2.CMP_GT
        )
        if cv2.countNonZero(bright) < _MOST_BRIGHT * bright.size:
            taken = cv2.bitwise_or(taken, bright)
    looked_at = cv2.resize(ink.inside, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(taken, looked_at), dtype=np.uint8)


def _pooled(grey: Pixels, extreme: Callable[[Pixels, Pixels], Any]) -> Pixels:
    """The darkest or brightest pixel of each cell."""
    height, width = (side // CELL * CELL for side in grey.shape)
    plane = grey[:height, :width]
    for _ in range(2):  # rows are pooled; turned over, the columns
        for _ in range(CELL.bit_length() - 1):
            plane = np.asarray(extreme(plane[0::2], plane[1::2]), dtype=np.uint8)
        plane = np.asarray(cv2.transpose(plane), dtype=np.uint8)
    return plane


def _measured(
    grey: Pixels,
    ground: Pixels,
    labels: NDArray[np.int32],
    own: NDArray[np.intp],
    corners: NDArray[np.int32],
) -> Numbers:
    """How much darker than the paper each spot is in all (negative: brighter), and its centre: (n, 3)."""
    rows, columns = corners.T
    down, across = (
        np.minimum(rows, labels.shape[0] - _LARGEST),
        np.minimum(columns, labels.shape[1] - _LARGEST),
    )
    reach = np.arange(_LARGEST)
    cells = labels[(down[:, None] + reach)[:, :, None], (across[:, None] + reach)[:, None, :]]
    ours = (cells == own[:, None, None]).repeat(CELL, axis=1).repeat(CELL, axis=2)
    pixels = np.arange(_LARGEST * CELL)
    y, x = CELL * down[:, None] + pixels, CELL * across[:, None] + pixels
    tiles = grey[y[:, :, None], x[:, None, :]].astype(np.float64)
    levels = ground[rows * ground.shape[0] // labels.shape[0], columns * ground.shape[1] // labels.shape[1]]
    paper = np.maximum(levels, 1)[:, None, None].astype(np.float64)
    depth = np.where(ours, paper - tiles, 0)
    weight = np.abs(depth)
    weight[weight < _CORE * weight.max(axis=(1, 2), keepdims=True)] = 0  # what is left is the spot, no paper
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    centre_x = (weight.sum(axis=1) * x).sum(axis=1) / total
    centre_y = (weight.sum(axis=2) * y).sum(axis=1) / total
    darkness = (np.sign(depth) * weight).sum(axis=(1, 2))
    return np.stack([darkness, centre_x, centre_y], axis=1)
