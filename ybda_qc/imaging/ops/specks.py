"""Specks: marks of less than half a millimetre with nothing around them."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.spots import CELL, CellMarks

Pixels = NDArray[np.uint8]
Places = NDArray[np.int32]
Numbers = NDArray[np.float64]

_LARGEST_MM: Final = 0.5
_COARSE: Final = CELL  # company is looked for on a plane reduced by this
_APART_MM: Final = 1.5  # nearer to a larger mark stand dots of letters, commas and frayed strokes
_LEAST_BARE: Final = 0.04  # of the paper; less is no bare part to judge by
_TILE_MM: Final = 15.0
_EVERY: Final = 4  # tiles from one band that is looked at to the next
_LEAST_TILE: Final = 0.3  # of a tile that must be bare to tell
_GRID_SPREAD: Final = (
    0.25  # of the distance to the nearest neighbour: 0.52 for chance (Clark and Evans, 1954)
)
_SPECK_CELLS: Final = 2  # each way
_ENOUGH: Final = 4.0  # specks a block of tiles, before blocks are compared
_MOST_TILES: Final = 4  # each way, in a block
_FEW: Final = 8
_GRID_COUNT: Final = 40
_GRID_SAMPLE: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Specks:
    """Specks on the bare parts of a page.

    Parameters
    ----------
    x, y
        int32 (n,): their centres, pixels of the plane.
    bare_mm2
        Area of the bare parts.
    spread
        Share of the bare parts of the page that hold at least half as many as is usual: 1 for dust and noise
        all over, near 0 for a drawing, a screen or a line of dots.
    is_grid
        They stand at equal distances: dotted paper.
    density
        Specks per cm2 of each tile, float32 (rows, columns); negative where a tile is not bare.
    tile
        Side of a tile in pixels of the plane.
    """

    x: Places
    y: Places
    bare_mm2: float
    spread: float
    is_grid: bool
    density: NDArray[np.float32]
    tile: int


def sampled_rows(height: int, scale: float, *, every: int = _EVERY) -> NDArray[np.intp]:
    """Bands of rows, as high as a tile, that stand for the whole page: noise is everywhere.

    Parameters
    ----------
    height
        Of the plane.
    scale
        Pixels a millimetre.
    every
        Tiles from one band to the next.
    """
    tile = _tile(scale)
    if height < 2 * tile:
        return np.arange(height)
    starts = np.arange(tile // 2, height - tile, every * tile)
    rows = (starts[:, None] + np.arange(tile)).ravel()
    return rows[rows < height]


def _tile(scale: float) -> int:
    return max(_COARSE, round(_TILE_MM * scale) // _COARSE * _COARSE)


def count_specks(marks: CellMarks, inside: Pixels, *, scale: float) -> Specks:
    """Count small marks off the writing on the whole page; where there are many some run together.

    Parameters
    ----------
    marks
        Marks on cells of the plane.
    inside
        uint8 (H, W), 255 where they were looked for.
    scale
        Pixels a millimetre.
    """
    small = marks.small(_SPECK_CELLS)
    is_large = np.full(len(marks.boxes), 255, np.uint8)
    is_large[small] = is_large[0] = 0
    reach = 2 * round(_APART_MM * scale / CELL) + 1
    near = np.asarray(cv2.dilate(is_large.take(marks.labels), np.ones((reach, reach), np.uint8)))
    paper = np.asarray(cv2.resize(inside, near.shape[::-1], interpolation=cv2.INTER_NEAREST))
    bare = np.asarray(cv2.compare(paper, near, cv2.CMP_GT)) > 0
    columns, rows = marks.boxes[small, cv2.CC_STAT_LEFT], marks.boxes[small, cv2.CC_STAT_TOP]
    kept = bare[rows, columns]
    return _specks(columns[kept] * CELL, rows[kept] * CELL, bare, scale)


def find_specks(mask: Pixels, inside: Pixels, *, scale: float) -> Specks:
    """Find small isolated marks off the writing; single pixels where marks lie too close for more.

    Parameters
    ----------
    mask
        uint8 (H, W), 255 where a pixel stands out of the paper.
    inside
        uint8 (H, W), 255 where marks were looked for.
    scale
        Pixels a millimetre.
    """
    specks = _find(mask, inside, scale, largest_mm=_LARGEST_MM, apart_mm=_APART_MM)
    if specks.bare_mm2 >= _LEAST_BARE * cv2.countNonZero(inside) / scale**2:
        return specks
    return _find(mask, inside, scale, largest_mm=0.0, apart_mm=0.0)


def _find(mask: Pixels, inside: Pixels, scale: float, *, largest_mm: float, apart_mm: float) -> Specks:
    """Marks in a square that may be laid round them so that its rim is bare."""
    size = max(1, round(largest_mm * scale)) | 1
    lone_blocks = _isolated(mask, size)
    y, x = _corners(lone_blocks)
    lone = cv2.dilate(lone_blocks, np.ones((size, size), np.uint8))
    rest = cv2.resize(
        np.asarray(cv2.subtract(mask, lone), dtype=np.uint8),
        (max(1, mask.shape[1] // _COARSE), max(1, mask.shape[0] // _COARSE)),
        interpolation=cv2.INTER_AREA,
    )
    reach = 2 * round(apart_mm * scale / _COARSE) + 1
    near = cv2.dilate(cv2.threshold(rest, 0, 255, cv2.THRESH_BINARY)[1], np.ones((reach, reach), np.uint8))
    paper = cv2.resize(inside, near.shape[::-1], interpolation=cv2.INTER_NEAREST)
    bare = (np.asarray(near) == 0) & (np.asarray(paper) > 0)
    rows, columns = np.minimum(y // _COARSE, bare.shape[0] - 1), np.minimum(x // _COARSE, bare.shape[1] - 1)
    kept = bare[rows, columns]
    x, y = x[kept], y[kept]
    return _specks(x, y, bare, scale)


def _specks(x: Places, y: Places, bare: NDArray[np.bool_], scale: float) -> Specks:
    tile = _tile(scale)
    count, area = _counted(x, y, bare, tile, scale)
    least = _LEAST_TILE * (tile / scale / 10) ** 2
    density = np.where(area >= least, count / np.maximum(area, 1e-6), -1)
    return Specks(
        x=x,
        y=y,
        bare_mm2=float(np.count_nonzero(bare)) * (_COARSE / scale) ** 2,
        spread=_spread(count, area, least=least),
        is_grid=_is_grid(x, y),
        density=density.astype(np.float32),
        tile=tile,
    )


def _isolated(mask: Pixels, size: int) -> Pixels:
    """255 where a square of `size` pixels holds something and the rim round it nothing."""
    rim = size + 2
    away = rim // 2
    held = cv2.dilate(mask, np.ones((size, size), np.uint8))
    across = cv2.copyMakeBorder(
        cv2.dilate(mask, np.ones((1, rim), np.uint8)), away, away, 0, 0, cv2.BORDER_CONSTANT, value=0
    )
    down = cv2.copyMakeBorder(
        cv2.dilate(mask, np.ones((rim, 1), np.uint8)), 0, 0, away, away, cv2.BORDER_CONSTANT, value=0
    )
    height, width = mask.shape
    ring = cv2.max(
        cv2.max(across[:height], across[2 * away : 2 * away + height]),
        cv2.max(down[:, :width], down[:, 2 * away : 2 * away + width]),
    )
    return np.asarray(cv2.subtract(held, ring), dtype=np.uint8)


def _corners(isolated: Pixels) -> tuple[Places, Places]:
    """Rows and columns of the first pixel of each rectangle: one for each speck."""
    first = isolated.copy()
    first[1:] = cv2.subtract(first[1:], isolated[:-1])
    first[:, 1:] = cv2.subtract(first[:, 1:], isolated[:, :-1])
    # As truth values NumPy finds them many times faster than as numbers.
    rows, columns = np.divmod(
        np.flatnonzero(first.view(np.bool_)).astype(np.int32), np.int32(isolated.shape[1])
    )
    return rows, columns


def _counted(
    x: Places, y: Places, bare: NDArray[np.bool_], tile: int, scale: float
) -> tuple[Numbers, Numbers]:
    """Specks, and bare cm2, of each tile."""
    step = tile // _COARSE
    rows, columns = max(1, bare.shape[0] // step), max(1, bare.shape[1] // step)
    row, column = np.minimum(y // tile, rows - 1), np.minimum(x // tile, columns - 1)
    count = np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)
    whole = bare[: rows * step, : columns * step]
    whole = whole[: whole.shape[0] // rows * rows, : whole.shape[1] // columns * columns]
    down, across = whole.shape[0] // rows, whole.shape[1] // columns
    # The rows of a tile are summed first, many columns at a time.
    sums = whole.view(np.uint8).reshape(rows, down, -1).sum(axis=1, dtype=np.uint16)
    share = sums.reshape(rows, columns, across).sum(axis=2) / (down * across)
    return count.astype(np.float64), share * (tile / scale / 10) ** 2


def _spread(count: Numbers, area: Numbers, *, least: float) -> float:
    """Share of the blocks that hold half of what is usual; of tiles so many that chance empties few."""
    if count.sum() < _FEW:
        return 0.0
    usual = count.sum() / max(area.sum(), 1e-6)
    for side in range(1, _MOST_TILES + 1):
        known = _blocks(area, side) >= least
        held, bare = _blocks(count, side)[known], _blocks(area, side)[known]
        if held.size and (held.mean() >= _ENOUGH or side == _MOST_TILES):
            return float(np.mean(held >= 0.5 * usual * bare))
    return 0.0


def _blocks(tiles: Numbers, side: int) -> Numbers:
    """Sums over blocks of so many tiles each way."""
    rows, columns = (np.arange(0, length, side) for length in tiles.shape)
    return np.asarray(np.add.reduceat(np.add.reduceat(tiles, rows, axis=0), columns, axis=1))


def _is_grid(x: Places, y: Places) -> bool:
    if x.size < _GRID_COUNT:
        return False
    first = np.linspace(0, x.size - 1, min(_GRID_SAMPLE, x.size)).astype(np.intp)
    every = slice(None, None, max(1, x.size // 20_000))
    far = np.hypot(x[first, None] - x[None, every], (y[first, None] - y[None, every])).astype(np.float32)
    far[far == 0] = np.inf
    nearest = far.min(axis=1)
    return bool(nearest.std() < _GRID_SPREAD * nearest.mean())
