"""Sharpness of what is written: how wide the edges of strokes are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import sorted_quantiles

Pixels = NDArray[np.uint8]

_WINDOW = 7  # pixels either way in which an edge finds both its levels; wider edges saturate
_AROUND = np.ones((_WINDOW, _WINDOW), np.uint8)  # of squares of four pixels
_TOP = 0.99  # quantile of the rises in a tile that stands for its largest
_LEVELS = 256
_STEPS = 1 << 13  # eightfold slopes over rises are counted in steps of this part of one
_STEEPEST = 4.5  # eightfold slope over rise: of levels all within the rise, Sobel's is at most the root of 20
_ACROSS, _DOWN, _STEEPNESS, _TILE = 1, 2, 2, 20  # flags of an edge, and the lowest bits of its numbers
_STRONG = 0.6  # of the largest rise in a tile: the edges that are asked
_SHARPEST = 0.9  # quantile of the steepness of those
_LEAST_RISE = 24  # levels
_UPRIGHT = 2.0  # times the slope the other way: an edge that rises along rows or columns
_LEAST_STRONG = 6  # squares of four pixels
_LEAST_SHARE = 0.04  # of the edges of a tile that must rise one way to be asked apart; movement leaves few
_BLOCK = 16
_BLACK, _WHITE = np.array([9.0]), np.array([246.0])  # levels between which a tile is neither
_BETWEEN = 0.02  # share of levels between black and white under which a tile is thresholded


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeWidth:
    """Width of the edges in one tile.

    Parameters
    ----------
    width_px
        Rise of the sharpest strong edges over their steepest slope, in pixels of the tile; about 2 for a
        clean step, for slopes are taken over two pixels, and 2.5 sigma for one blurred by a normal
        distribution.
    rise
        Levels from one side of them to the other.
    grain
        Levels between the darkest and the brightest pixel where the tile is flattest.
    across_px, down_px
        The same width of the edges that rise along the rows, and along the columns, alone; None where there
        are too few. Movement widens one of them.
    """

    width_px: float
    rise: float
    grain: float = 0.0
    across_px: float | None = None
    down_px: float | None = None

    def times(self, step: int) -> "EdgeWidth":
        """The same in pixels of which so many go on one of the tile."""
        if step == 1:
            return self
        across, down = (None if width is None else width * step for width in (self.across_px, self.down_px))
        return replace(self, width_px=self.width_px * step, across_px=across, down_px=down)


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
    small = np.asarray(cv2.resize(blocks, grid, interpolation=cv2.INTER_AREA))
    tiles = []
    for top, bottom in _parts(small.shape[0], rows):
        for left, right in _parts(small.shape[1], columns):
            part = small[top:bottom, left:right]
            y, x = divmod(int(part.argmax()), right - left)
            if part[y, x] > 0:
                tiles.append(((left + x) * size, (top + y) * size))
    return tiles


def _parts(length: int, count: int) -> list[tuple[int, int]]:
    """Begin and end of so many parts of a length, as even as whole numbers let them be; none is empty."""
    whole, longer = divmod(length, count)
    ends = [number * whole + min(number, longer) for number in range(count + 1)]
    return [(begin, end) for begin, end in pairwise(ends) if end > begin]


def are_thresholded(tiles: Pixels) -> list[bool]:
    """Whether each of some tiles, uint8 (n, h, w), holds black and white only: its edges tell nothing."""
    between = cv2.inRange(tiles.reshape(-1, tiles.shape[2]), _BLACK, _WHITE).reshape(tiles.shape)
    return [cv2.countNonZero(tile) < _BETWEEN * tile.size for tile in np.asarray(between)]


def oblique_share(tiles: Iterable[Pixels]) -> float:
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
        uint8 (n, h, w), n under 2,048, stored pixels in grey. All are worked on at once: one small tile
        costs hardly more than calling the functions.
    """
    count, height, width = tiles.shape
    if not count or min(height, width) < 2 * _WINDOW + 4:
        return [None] * count
    # Blurred in one go, the first and the last row of a tile take something of its neighbour's.
    blurred = np.asarray(cv2.GaussianBlur(tiles.reshape(-1, width), (3, 3), 0.5), dtype=np.uint8)
    smooth = blurred.reshape(tiles.shape)[:, 1 : height // 2 * 2 - 1, : width // 2 * 2].copy()
    rises = _rises(smooth)
    levels = np.stack([np.bincount(rise, minlength=_LEVELS) for rise in rises]).cumsum(axis=1)
    top = (levels <= _TOP * (rises.shape[1] - 1)).sum(axis=1)
    grain = rises.min(axis=1).tolist()
    rises[top < _LEAST_RISE] = 0
    edges = _strong_edges(smooth, rises, np.maximum(1, np.ceil(_STRONG * top)).astype(np.uint8))
    number = np.bincount(edges >> _TILE, minlength=count)
    some = np.full(count, _LEAST_STRONG)
    most = np.maximum(_LEAST_STRONG, np.rint(_LEAST_SHARE * number))
    whole = _widths(edges, some)
    across, down = (_widths(edges[(edges & flag) > 0], most) for flag in (_ACROSS, _DOWN))
    numbers = zip(whole, top.tolist(), grain, across, down, strict=True)
    return [
        EdgeWidth(width_px=width, rise=rise, grain=flat, across_px=across_px, down_px=down_px)
        if width
        else None
        for width, rise, flat, across_px, down_px in numbers
    ]


def _strong_edges(smooth: Pixels, rises: Pixels, limit: Pixels) -> NDArray[np.int32]:
    """Steepness of the edges that rise at least so far, with the tile and the direction of each, in order.

    The tile stands in the highest bits, so that the edges of one lie together, the flatter first.
    """
    high = np.flatnonzero(rises >= limit[:, None])
    tile = np.arange(len(rises) + 1, dtype=np.int32)
    owner = np.repeat(tile[:-1], np.diff(np.searchsorted(high, tile * rises.shape[1])))
    across, down = (slope.ravel()[high].astype(np.float32) for slope in _slopes(smooth))
    steepness = np.sqrt(across * across + down * down) / rises.ravel()[high]
    edges = np.rint(steepness * _STEPS).astype(np.int32) << _STEEPNESS
    edges |= owner << _TILE
    edges |= np.where(across > _UPRIGHT * down, _ACROSS, 0).astype(np.int32)
    edges |= np.where(down > _UPRIGHT * across, _DOWN, 0).astype(np.int32)
    # The slope of an edge is far from that of grain only where the rise is not grain itself. Next to the rim
    # a slope may be that of an edge in the rim, which the rise leaves out.
    return np.sort(edges[(steepness >= 8 / (6 * _WINDOW)) & (steepness <= _STEEPEST)])


def _rises(smooth: Pixels) -> Pixels:
    """Highest less lowest level within the window round each square of four pixels, (n, squares)."""
    count, height, width = (smooth.shape[0], smooth.shape[1] // 2, smooth.shape[2] // 2)
    slots = np.zeros((count, height + _AROUND.shape[0] // 2, width), np.uint8)  # nothing of the next tile
    extremes = []
    for levels in (smooth, np.bitwise_not(smooth)):
        pairs = np.maximum(levels[:, ::2], levels[:, 1::2])
        squares = np.maximum(pairs[:, :, ::2], pairs[:, :, 1::2])
        slots[:, 1 : height - 1, 1:-1] = squares[:, 1:-1, 1:-1]  # of edges in the rim hardly a slope is seen
        highest = cv2.dilate(slots.reshape(-1, width), _AROUND).reshape(slots.shape)
        extremes.append(highest[:, 1 : height - 1, 1:-1])
    rise = extremes[0] - np.bitwise_not(extremes[1])
    return np.asarray(rise, dtype=np.uint8).reshape(count, -1)


def _slopes(smooth: Pixels) -> list[NDArray[np.int16]]:
    """Sizes of the slopes along and down the rows, eighths of a level a pixel, (n, squares).

    Neighbours say the same, so one pixel speaks for each square of four, in turn another one: what is ruled
    may lie on even rows alone.
    """
    sampled = []
    for slope in cv2.spatialGradient(smooth.reshape(-1, smooth.shape[2])):
        pixels = np.asarray(slope).reshape(smooth.shape)
        one = pixels[:, ::2, ::2].copy()
        one[:, ::2, 1::2] = pixels[:, 1::4, 2::4]
        one[:, 1::2, ::2] = pixels[:, 2::4, 1::4]
        one[:, 1::2, 1::2] = pixels[:, 3::4, 3::4]
        sampled.append(np.abs(one[:, 1:-1, 1:-1]))
    return sampled


def _widths(edges: NDArray[np.int32], least: NDArray[np.float64]) -> list[float | None]:
    """Width of the sharpest of the edges of each tile, in pixels; None where there are too few."""
    number = np.bincount(edges >> _TILE, minlength=len(least))
    if not edges.size:
        return [None] * len(least)
    steepness = (edges & ((1 << _TILE) - 1)) >> _STEEPNESS
    sharpest = sorted_quantiles(steepness, number, _SHARPEST)
    return [
        8 * _STEPS / value if known else None
        for value, known in zip(sharpest.tolist(), (number >= least).tolist(), strict=True)
    ]
