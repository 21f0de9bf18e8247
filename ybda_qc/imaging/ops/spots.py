"""Spots 污点: the places of small marks that stand alone on bare paper, to be compared from page to page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_CELL: Final = 4  # pixels of the plane each way: about 0.7 mm
_LARGEST: Final = 3  # cells each way: what is larger is writing
_DARKER: Final = 0.14  # of the level of the paper
_BRIGHTER: Final = 0.08
_MOST_BRIGHT: Final = 0.02  # of the plane; more of it is uneven light
_COMPANY: Final = 15  # cells each way: dots and letters that stand alone have others about them
_MOST_COMPANY: Final = 4  # itself among them
_LEAST_PX: Final = _LARGEST * _CELL
_MOST_LOOKED_AT: Final = 600


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


def find_spots(grey: Pixels, ground: Pixels, inside: Pixels, *, most: int) -> Spots:
    """Find small marks with nothing near them, dark or bright.

    They are looked for on cells of a few pixels, each of which is taken or bare; their place is the centre
    of gravity of what differs from the paper, exact to a fraction of a pixel.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    ground
        uint8 (h, w), level of the paper; any size.
    inside
        uint8 (H, W), 255 where marks are looked for.
    most
        Spots returned at most.
    """
    if min(grey.shape) < _LEAST_PX:
        return _spots(np.zeros((0, 3)))
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(_taken(grey, ground, inside), connectivity=8)
    small = np.flatnonzero(boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= _LARGEST)
    if not small.size:
        return _spots(np.zeros((0, 3)))
    columns, rows = boxes[small, cv2.CC_STAT_LEFT], boxes[small, cv2.CC_STAT_TOP]
    crowd = np.zeros(labels.shape, np.float32)
    crowd[rows, columns] = 1
    crowded = cv2.boxFilter(crowd, -1, (_COMPANY, _COMPANY), normalize=False)[rows, columns] > _MOST_COMPANY
    first = np.argsort(crowded, kind="stable")[:_MOST_LOOKED_AT]
    corners = np.stack([rows[first], columns[first]], axis=1)
    found = _measured(grey, ground, np.asarray(labels, np.int32), small[first], corners)
    return _spots(found[np.lexsort((-np.abs(found[:, 0]), crowded[first]))][:most])


def _spots(found: Numbers) -> Spots:
    return Spots(x=found[:, 1], y=found[:, 2], bright=found[:, 0] < 0)


def _taken(grey: Pixels, ground: Pixels, inside: Pixels) -> Pixels:
    """255 for each cell with a pixel that differs from the paper by more than its texture does."""
    darkest = _pooled(grey, cv2.min)
    size = darkest.shape[::-1]
    paper = cv2.resize(ground, size, interpolation=cv2.INTER_LINEAR)
    taken = cv2.compare(darkest, cv2.convertScaleAbs(paper, alpha=1 - _DARKER), cv2.CMP_LT)
    if float(np.median(ground)) * (1 + _BRIGHTER) < np.iinfo(np.uint8).max:
        bright = cv2.compare(
            _pooled(grey, cv2.max), cv2.convertScaleAbs(paper, alpha=1 + _BRIGHTER), cv2.CMP_GT
        )
        if cv2.countNonZero(bright) < _MOST_BRIGHT * bright.size:
            taken = cv2.bitwise_or(taken, bright)
    looked_at = cv2.resize(inside, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(taken, looked_at), dtype=np.uint8)


def _pooled(grey: Pixels, extreme: Callable[[Pixels, Pixels], Any]) -> Pixels:
    """The darkest or brightest pixel of each cell."""
    height, width = (side // _CELL * _CELL for side in grey.shape)
    plane = grey[:height, :width]
    for _ in range(2):  # rows are pooled; turned over, the columns
        rows = plane[0::_CELL]
        for row in range(1, _CELL):
            rows = extreme(rows, plane[row::_CELL])
        plane = np.asarray(cv2.transpose(rows), dtype=np.uint8)
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
    ours = (cells == own[:, None, None]).repeat(_CELL, axis=1).repeat(_CELL, axis=2)
    pixels = np.arange(_LARGEST * _CELL)
    y, x = _CELL * down[:, None] + pixels, _CELL * across[:, None] + pixels
    tiles = grey[y[:, :, None], x[:, None, :]].astype(np.float64)
    levels = ground[rows * ground.shape[0] // labels.shape[0], columns * ground.shape[1] // labels.shape[1]]
    paper = np.maximum(levels, 1)[:, None, None].astype(np.float64)
    differs = (tiles < paper * (1 - _DARKER)) | (tiles > paper * (1 + _BRIGHTER))
    depth = np.where(ours & differs, paper - tiles, 0)
    weight = np.abs(depth)
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    centre_x = (weight.sum(axis=1) * x).sum(axis=1) / total
    centre_y = (weight.sum(axis=2) * y).sum(axis=1) / total
    return np.stack([depth.sum(axis=(1, 2)), centre_x, centre_y], axis=1)
