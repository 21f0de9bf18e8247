"""Sharpness of what is written: how wide the edges of strokes are."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import group_quantiles

Pixels = NDArray[np.uint8]

_WINDOW = 7  # pixels either way in which an edge finds both its levels; wider edges saturate
_AROUND = np.ones((2 * _WINDOW + 1, 2 * _WINDOW + 1), np.uint8)
_TOP = 0.99  # quantile of the rises in a tile that stands for its largest
_LEVELS = 256
_STEPS = 1 << 14  # slopes over rises are counted in steps of this part of one
_STRONG = 0.6  # of the largest rise in a tile: the edges that are asked
_SHARPEST = 0.9  # quantile of the steepness of those
_LEAST_RISE = 24  # levels
_UPRIGHT = 2.0  # times the slope the other way: an edge that rises along rows or columns
_EVERY = 2  # of the strong pixels: neighbours say the same
_LEAST_STRONG_PX = 24 // _EVERY
_LEAST_SHARE = 0.15  # of the edges of a tile that must rise one way to be asked apart: grain beside a streak
_BLOCK = 16
_BLACK, _WHITE = np.array([9.0]), np.array([246.0])  # levels between which a tile is neither
_BETWEEN = 0.02  # share of levels between black and white under which a tile is thresholded


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeWidth:
    """Width of the edges in one tile.

    Parameters
    ----------
    width_px
        Rise of the sharpest strong edges over their steepest slope, in pixels of the tile; 1 for a clean
        step, 2.5 sigma for a step blurred by a normal distribution.
    rise
        Levels from one side of them to the other.
    across_px, down_px
        The same width of the edges that rise along the rows, and along the columns, alone; None where there
        are too few. Movement widens one of them.
    """

    width_px: float
    rise: float
    across_px: float | None = None
    down_px: float | None = None


def edge_blocks(grey: Pixels, inside: Pixels) -> Pixels:
    """How much edge there is in each block of 16 by 16 pixels.

    Parameters
    ----------
    grey
        uint8 (H, W), the reduced plane.
    inside
        uint8 (H, W), 255 on the paper.

    Returns
    -------
    ndarray
        uint8 (H // 16, W // 16), mean of the slopes that are steep; empty where the plane is smaller.
    """
    if min(grey.shape) < _BLOCK + 4:
        return np.zeros((0, 0), np.uint8)
    # Half the plane is enough to tell where edges are.
    grey, inside = halved(grey, 1), inside[: inside.shape[0] // 2 * 2 : 2, : inside.shape[1] // 2 * 2 : 2]
    across = cv2.absdiff(grey[1:-1, 2:], grey[1:-1, :-2])
    down = cv2.absdiff(grey[2:, 1:-1], grey[:-2, 1:-1])
    steep = cv2.bitwise_and(cv2.max(across, down), np.ascontiguousarray(inside[1:-1, 1:-1]))
    strong = np.asarray(cv2.threshold(steep, _LEAST_RISE, 255, cv2.THRESH_TOZERO)[1], dtype=np.uint8)
    return halved(strong, _BLOCK.bit_length() - 2)


def choose_tiles(
    blocks: Pixels, shape: tuple[int, ...], *, size: int, rows: int, columns: int
) -> list[tuple[int, int]]:
    """Left and top of the tile with the most edge in each cell of a grid over the page, if any.

    Parameters
    ----------
    blocks
        uint8, of `edge_blocks`.
    shape
        Height and width of the plane.
    size
        Side of a tile in pixels of the plane.
    rows, columns
        Of the grid.
    """
    if not blocks.size:
        return []
    grid = (max(1, shape[1] // size), max(1, shape[0] // size))
    small = cv2.resize(blocks, grid, interpolation=cv2.INTER_AREA)
    tiles = []
    for band in np.array_split(np.arange(small.shape[0]), rows):
        for cell in np.array_split(np.arange(small.shape[1]), columns):
            if band.size and cell.size:
                part = small[band[0] : band[-1] + 1, cell[0] : cell[-1] + 1]
                y, x = np.unravel_index(int(part.argmax()), part.shape)
                if part[y, x] > 0:
                    tiles.append((int(cell[0] + x) * size, int(band[0] + y) * size))
    return tiles


def is_thresholded(tile: Pixels) -> bool:
    """Whether a tile holds black and white only, so that its edges tell nothing."""
    return cv2.countNonZero(cv2.inRange(tile, _BLACK, _WHITE)) < _BETWEEN * tile.size


def oblique_share(tiles: Sequence[Pixels]) -> float:
    """Share of the steep pixels of some tiles whose slope runs neither along the rows nor down the columns.

    Parameters
    ----------
    tiles
        uint8 (h, w), grey.

    Returns
    -------
    float
        0..1: from a tenth for writing and grain, a hundredth for bars along the axes; 0 without any edge.
    """
    steep = oblique = 0
    for tile in tiles:
        across, down = (cv2.convertScaleAbs(slope, alpha=0.25) for slope in cv2.spatialGradient(tile))
        larger, smaller = cv2.max(across, down), cv2.min(across, down)
        rises = np.asarray(larger) >= _LEAST_RISE
        steep += int(np.count_nonzero(rises))
        oblique += int(np.count_nonzero(rises & (np.asarray(smaller) > larger / _UPRIGHT**2)))
    return oblique / max(1, steep)


def edge_widths(tiles: Pixels) -> list[EdgeWidth | None]:
    """Width of the sharpest strong edges of each tile, None where it has too few.

    For each pixel the rise within a window is set against the slope; the quotient does not depend on
    contrast (Marziliano, Dufaux, Winkler and Ebrahimi, "A no-reference perceptual blur metric", ICIP
    2002, measured the width between extremes along rows; the quotient needs no search). Only edges nearly
    as high as the highest are asked, and of those the sharpest: grain of paper and soft strokes beside
    sharp ones do not widen the result.

    Parameters
    ----------
    tiles
        uint8 (n, h, w), stored pixels in grey. All are worked on at once: one small tile costs hardly more
        than calling the functions.
    """
    count, height, width = tiles.shape
    if not count or min(height, width) < 2 * _WINDOW + 2:
        return [None] * count
    smooth = np.stack([cv2.GaussianBlur(tile, (3, 3), 0.5) for tile in tiles])
    inner = _rises(smooth)
    levels = np.stack([np.bincount(rise, minlength=_LEVELS) for rise in inner]).cumsum(axis=1)
    top = (levels <= _TOP * (inner.shape[1] - 1)).sum(axis=1)
    # Slopes are worked out for the strong edges alone, a tenth of the tiles.
    limit = np.where(top < _LEAST_RISE, _LEVELS - 1, np.ceil(_STRONG * top)).astype(np.uint8)
    high = np.flatnonzero(inner >= limit[:, None])[::_EVERY]
    owner = (high // inner.shape[1]).astype(np.int32)
    rises = inner.ravel()[high].astype(np.float32)
    across, down = _slopes(smooth, high)
    slopes = np.sqrt(across * across + down * down)
    # The slope of an edge is far from that of grain only where the rise is not grain itself.
    steep = (slopes >= rises / (6 * _WINDOW)) & (top >= _LEAST_RISE)[owner]
    owner, across, down = owner[steep], across[steep], down[steep]
    steepness = np.rint(slopes[steep] / rises[steep] * _STEPS).astype(np.int32)
    number = np.bincount(owner, minlength=count)
    least = np.maximum(_LEAST_STRONG_PX, np.rint(_LEAST_SHARE * number))
    ways = [
        _widths(steepness[way], owner[way], count, least)
        for way in (np.ones(owner.shape, np.bool_), across > _UPRIGHT * down, down > _UPRIGHT * across)
    ]
    return [
        EdgeWidth(width_px=whole, rise=float(top[index]), across_px=level, down_px=upright)
        if whole is not None and number[index] >= _LEAST_STRONG_PX
        else None
        for index, (whole, level, upright) in enumerate(zip(*ways, strict=True))
    ]


def _rises(smooth: Pixels) -> Pixels:
    """Highest less lowest level within the window round each pixel but those of the rim, (n, pixels)."""
    count, height, width = smooth.shape
    slots = np.zeros((count, height + _WINDOW, width), np.uint8)  # windows see nothing of the next tile
    extremes = []
    for levels in (smooth, np.bitwise_not(smooth)):
        slots[:, :height] = levels
        highest = cv2.dilate(slots.reshape(-1, width), _AROUND).reshape(slots.shape)
        extremes.append(highest[:, 1 : height - 1, 1:-1])
    rise = extremes[0] - np.bitwise_not(extremes[1])
    return np.asarray(rise, dtype=np.uint8).reshape(count, -1)


def _slopes(smooth: Pixels, places: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sizes of the slopes along and down the rows, levels a pixel, at places in what is within the rims."""
    stacked = smooth.reshape(-1, smooth.shape[2])
    across, down = (
        np.asarray(cv2.Sobel(stacked, cv2.CV_16S, *axis, ksize=3)).reshape(smooth.shape)[:, 1:-1, 1:-1]
        for axis in ((1, 0), (0, 1))
    )
    across, down = (np.abs(rising.ravel()[places]).astype(np.float32) for rising in (across, down))
    return across / np.float32(8), down / np.float32(8)


def _widths(
    steepness: NDArray[np.int32], owner: NDArray[np.int32], count: int, least: NDArray[np.float64]
) -> list[float | None]:
    """Width of the sharpest of the edges of each tile, in pixels; None where there are too few."""
    sharpest = group_quantiles(steepness, owner, count, _SHARPEST)
    enough = np.bincount(owner, minlength=count) >= least
    return [_STEPS / float(value) if known else None for value, known in zip(sharpest, enough, strict=True)]
