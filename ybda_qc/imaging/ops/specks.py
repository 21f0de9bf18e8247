"""Specks: marks of less than half a millimetre with nothing around them."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Places = NDArray[np.int32]

_LARGEST_MM: Final = 0.5
_COARSE: Final = 4  # company is looked for on a plane reduced by this
_APART_MM: Final = 1.5  # nearer to a larger mark stand dots of letters, commas and frayed strokes
_LEAST_BARE: Final = 0.04  # of the paper; less is no bare part to judge by
_TILE_MM: Final = 15.0
_EVERY: Final = 4  # tiles from one band that is looked at to the next
_LEAST_TILE: Final = 0.3  # of a tile that must be bare to tell
_GRID_SPREAD: Final = (
    0.25  # of the distance to the nearest neighbour: 0.52 for chance (Clark and Evans, 1954)
)
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
        Share of the bare tiles of the page that hold at least half as many as is usual: 1 for dust and noise
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
    lone_blocks = isolated(mask, size)
    y, x = corners(lone_blocks)
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
    tile = _tile(scale)
    density = _density(x, y, bare, tile, scale)
    known = density[density >= 0]
    usual = float(known.mean()) if known.size else 0.0
    return Specks(
        x=x,
        y=y,
        bare_mm2=float(np.count_nonzero(bare)) * (_COARSE / scale) ** 2,
        spread=float(np.mean(known >= 0.5 * usual)) if usual > 0 else 0.0,
        is_grid=_is_grid(x, y),
        density=density,
        tile=tile,
    )


def isolated(mask: Pixels, size: int) -> Pixels:
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


def corners(isolated: Pixels) -> tuple[Places, Places]:
    """Rows and columns of the first pixel of each rectangle: one for each speck."""
    first = isolated.copy()
    first[1:] = cv2.subtract(first[1:], isolated[:-1])
    first[:, 1:] = cv2.subtract(first[:, 1:], isolated[:, :-1])
    # As truth values NumPy finds them many times faster than as numbers.
    rows, columns = np.divmod(
        np.flatnonzero(first.view(np.bool_)).astype(np.int32), np.int32(isolated.shape[1])
    )
    return rows, columns


def _density(x: Places, y: Places, bare: NDArray[np.bool_], tile: int, scale: float) -> NDArray[np.float32]:
    step = tile // _COARSE
    rows, columns = max(1, bare.shape[0] // step), max(1, bare.shape[1] // step)
    row, column = np.minimum(y // tile, rows - 1), np.minimum(x // tile, columns - 1)
    count = np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)
    whole = bare[: rows * step, : columns * step]
    whole = whole[: whole.shape[0] // rows * rows, : whole.shape[1] // columns * columns]
    share = whole.reshape(rows, whole.shape[0] // rows, columns, -1).mean(axis=(1, 3))
    area = share * (tile / scale / 10) ** 2
    return np.where(share >= _LEAST_TILE, count / np.maximum(area, 1e-6), -1).astype(np.float32)


def _is_grid(x: Places, y: Places) -> bool:
    if x.size < _GRID_COUNT:
        return False
    first = np.linspace(0, x.size - 1, min(_GRID_SAMPLE, x.size)).astype(np.intp)
    every = slice(None, None, max(1, x.size // 20_000))
    far = np.hypot(x[first, None] - x[None, every], (y[first, None] - y[None, every])).astype(np.float32)
    far[far == 0] = np.inf
    nearest = far.min(axis=1)
    return bool(nearest.std() < _GRID_SPREAD * nearest.mean())
