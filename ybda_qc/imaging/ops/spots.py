"""Spots 污点: the places of small marks that stand alone on bare paper, to be compared from page to page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.specks import corners, isolated

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]

_CELL: Final = 4  # pixels of the plane each way: about 0.7 mm
_BLOCK: Final = 3  # cells: a spot fits in so many each way, and the cells round them are bare
_PATCH: Final = _BLOCK * _CELL
_APART: Final = 5  # cells, of which nothing larger holds any around a spot
_DARKER: Final = 0.14  # of the level of the paper
_BRIGHTER: Final = 0.08
_MOST_BRIGHT: Final = 0.02  # of the plane; more of it is uneven light
_COMPANY: Final = 15  # cells: wide-set letters stand in rows
_MOST_COMPANY: Final = 3
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
    if min(grey.shape) < (_BLOCK + 2) * _CELL:
        return _spots(np.zeros((0, 3)))
    cells = _taken(grey, ground, inside)
    lone = isolated(cells, _BLOCK)
    rest = np.asarray(cv2.subtract(cells, cv2.dilate(lone, _square(_BLOCK))), dtype=np.uint8)
    found = np.asarray(cv2.subtract(lone, cv2.dilate(rest, _square(_APART))), dtype=np.uint8)
    rows, columns = corners(found)
    if not rows.size:
        return _spots(np.zeros((0, 3)))
    crowd = np.zeros(cells.shape, np.float32)
    crowd[rows, columns] = 1
    company = cv2.boxFilter(crowd, -1, (_COMPANY, _COMPANY), normalize=False)[rows, columns]
    calm = np.argsort(company > _MOST_COMPANY + 1, kind="stable")[:_MOST_LOOKED_AT]
    rows, columns, crowded = rows[calm], columns[calm], company[calm] > _MOST_COMPANY + 1
    weights, x, y = _measured(grey, ground, rows, columns)
    order = np.lexsort((-np.abs(weights), crowded))[:most]
    return _spots(np.stack([weights, x, y], axis=1)[order])


def _spots(found: Numbers) -> Spots:
    return Spots(x=found[:, 1], y=found[:, 2], bright=found[:, 0] < 0)


def _square(side: int) -> Pixels:
    return np.ones((side, side), np.uint8)


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
    grey: Pixels, ground: Pixels, rows: NDArray[np.int32], columns: NDArray[np.int32]
) -> tuple[Numbers, Numbers, Numbers]:
    """How much darker than the paper each spot is in all (negative: brighter), and its centre."""
    height, width = grey.shape
    # What was found is the centre of a block that holds the whole spot and nothing else.
    top = np.clip((rows - 1) * _CELL, 0, height - _PATCH)
    left = np.clip((columns - 1) * _CELL, 0, width - _PATCH)
    reach = np.arange(_PATCH)
    y = top[:, None] + reach
    x = left[:, None] + reach
    tiles = grey[y[:, :, None], x[:, None, :]].astype(np.float64)
    down = np.minimum(rows * _CELL * ground.shape[0] // height, ground.shape[0] - 1)
    across = np.minimum(columns * _CELL * ground.shape[1] // width, ground.shape[1] - 1)
    paper = np.maximum(ground[down, across], 1)[:, None, None].astype(np.float64)
    depth = np.where((tiles < paper * (1 - _DARKER)) | (tiles > paper * (1 + _BRIGHTER)), paper - tiles, 0)
    weight = np.abs(depth)
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-9)
    return (
        depth.sum(axis=(1, 2)),
        (weight.sum(axis=1) * x).sum(axis=1) / total,
        (weight.sum(axis=2) * y).sum(axis=1) / total,
    )
