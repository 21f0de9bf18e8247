"""Traces of an earlier, coarser JPEG 二次压缩 in the decoded pixels of a JPEG.

A coefficient of the blockwise cosine transform 离散余弦变换 that was once rounded to multiples of a step q1
keeps to them, though it was rounded to a finer step q2 afterwards: its histogram has peaks every q1 (Lukas
and Fridrich, 2003; Popescu and Farid, 2004). How well it keeps to q1 is the mean of cos(2 pi d / q1): near 1
where it does, near 0 where it does not. What the picture itself would give is read from the same pixels on a
grid laid half a block further, where nothing is left of the earlier rounding (calibration, Fridrich, 2004).
All low frequencies speak together: for each quality by the step that the usual tables have for it.

Not seen: a first JPEG whose blocks lay elsewhere (the picture was cropped, turned or resized between), one
that was no coarser than the second, and pages whose paper is pure white, where decoding cut the traces off.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

TILE_PX = 64
_TILES_MOST = 24
_BLOCK = 8
_SAMPLE_PX = 16  # one sample in as many pixels tells where there is detail
_LOW = ((0, 1), (1, 0), (2, 0), (1, 1), (0, 2), (0, 3), (1, 2), (2, 1), (3, 0))  # zigzag 1 to 9
_ZIGZAG = slice(1, 1 + len(_LOW))
_BINS = 256
_UNCUT = (1, 254)  # a block that touches black or white was cut off there, and its coefficients changed
_COARSER = 1.5  # first step to second step at least: below, the second rounding hides the first
_QUALITY_LEAST = 20  # below, so few steps fit into a coefficient that any picture has "peaks"
_COUNT_LEAST = 100
_Z_LEAST = 8.0  # pages compressed once stay below 6
_SHARE_LEAST = 0.4  # pages compressed once stay below 0.3, pages compressed twice lie above 0.6


@dataclass(frozen=True, slots=True)
class EarlierJpeg:
    """The JPEG that a picture went through before.

    Parameters
    ----------
    quality
        On the IJG scale 1 to 100; None where no earlier compression shows.
    share
        How well the coefficients keep to its steps, 0 (not at all) to 1 (as well as they can).
    """

    quality: int | None
    share: float


def find_earlier_jpeg(
    tiles: Pixels, table: tuple[int, ...], tables: NDArray[np.float64]
) -> EarlierJpeg | None:
    """Look for the steps of a coarser quantisation under those of the file's own.

    Parameters
    ----------
    tiles
        Luma, uint8 (N, 64, 64), each aligned to the blocks of the file.
    table
        Luminance quantisation table of the file, zigzag order.
    tables
        Usual luminance tables by quality, (100, 64), zigzag order.

    Returns
    -------
    EarlierJpeg or None
        None where too little stands on the tiles, or all of it is cut off at black or white.
    """
    low, first = np.maximum(np.array(table, dtype=np.float32)[_ZIGZAG], 1), tables[:, _ZIGZAG]
    own = _histogram(_coefficients(tiles, 0), low)
    calibration = _histogram(_coefficients(tiles, _BLOCK // 2), low)
    coarser = first >= _COARSER * low
    coarser[: _QUALITY_LEAST - 1] = False
    kept, counts = (sums * coarser.T[..., None] for sums in _sums(np.stack([own, calibration], -1), first))
    return _best(kept.sum(axis=0), counts, np.sinc(low / first))


def pick_tiles(pixels: Pixels) -> Pixels:
    """Tiles with most detail that is not cut off at black or white, as luma, uint8 (N, 64, 64).

    Parameters
    ----------
    pixels
        uint8, (H, W) or (H, W, 3) RGB, whose blocks begin at the corner.
    """
    rows, columns = pixels.shape[0] // TILE_PX, pixels.shape[1] // TILE_PX
    middle = slice(_SAMPLE_PX // 2, None, _SAMPLE_PX)
    thin = pixels[: rows * TILE_PX, : columns * TILE_PX][middle, middle]
    thin = thin[..., 1] if thin.ndim == 3 else thin
    side = TILE_PX // _SAMPLE_PX
    cells = thin.reshape(rows, side, columns, side).astype(np.float32)
    uncut = ((cells > 8) & (cells < 245)).mean(axis=(1, 3))
    detail = (cells.std(axis=(1, 3)) * uncut).ravel()
    places = np.argsort(-detail, kind="stable")[:_TILES_MOST]
    tiles = [_luma(pixels, *divmod(int(place), columns)) for place in places if detail[place] > 0]
    return np.array(tiles, dtype=np.uint8).reshape(-1, TILE_PX, TILE_PX)


def _luma(pixels: Pixels, row: int, column: int) -> Pixels:
    tile = pixels[row * TILE_PX : (row + 1) * TILE_PX, column * TILE_PX : (column + 1) * TILE_PX]
    return tile if tile.ndim == 2 else np.asarray(cv2.cvtColor(tile, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _best(kept: Floats, counts: Floats, most: NDArray[np.float64]) -> EarlierJpeg | None:
    """The quality whose steps the coefficients keep to best.

    Parameters
    ----------
    kept
        Sum of the cosines by quality on the file's own grid and on the other, (100, 2).
    counts
        How many coefficients they are, by frequency, (9, 100, 2).
    most
        Mean cosine where a first rounding is followed by the second, (100, 9).
    """
    count, count_0 = counts.sum(axis=0).T
    enough = (count >= _COUNT_LEAST) & (count_0 >= _COUNT_LEAST / 4)
    if not enough.any():
        return None
    count, count_0 = np.maximum(count, 1), np.maximum(count_0, 1)
    mean, mean_0 = kept[:, 0] / count, kept[:, 1] / count_0
    share = (mean - mean_0) / np.maximum((most.T * counts[..., 0]).sum(axis=0) / count - mean_0, 0.1)
    z = (mean - mean_0) / np.sqrt(0.5 / count + 0.5 / count_0)
    shows = enough & (z >= _Z_LEAST) & (share >= _SHARE_LEAST)
    if not shows.any():
        return EarlierJpeg(None, float(np.clip(share[enough].max(), 0, 1)))
    best = int(np.argmax(np.where(shows, mean * np.sqrt(count), -np.inf)))
    return EarlierJpeg(best + 1, float(np.clip(share[best], 0, 1)))


def _sums(histograms: Floats, first: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Sum of the cosines, and number of coefficients that count, by frequency and quality, (9, 100, n)."""
    comb, beyond = _combs(first.tobytes())
    return comb @ histograms, beyond @ histograms


@cache
def _basis() -> Floats:
    """Low frequencies of the orthonormal cosine transform of a block, (64, 9)."""
    place = (2 * np.arange(_BLOCK) + 1) * np.pi / (2 * _BLOCK)
    waves = np.cos(place * np.arange(_BLOCK)[:, None]) * np.sqrt(2 / _BLOCK)
    waves[0] /= np.sqrt(2)
    pairs = [np.outer(waves[row], waves[column]).ravel() for row, column in _LOW]
    return np.asarray(np.array(pairs).T, dtype=np.float32)


@cache
def _combs(first: bytes) -> tuple[Floats, Floats]:
    """Cosine of every size of coefficient by every step, and which sizes count, both (9, 100, 256)."""
    steps = np.frombuffer(first).reshape(-1, len(_LOW)).T[..., None]
    size = np.arange(_BINS)
    beyond = size >= steps / 2  # those nearer to 0 tell nothing
    comb = np.cos(2 * np.pi * size / steps) * beyond
    return comb.astype(np.float32), beyond.astype(np.float32)


def _coefficients(tiles: Pixels, begin: int) -> Floats:
    """Low coefficients of the whole blocks of a grid that begins at `begin` on both axes, (blocks, 9)."""
    count = (TILE_PX - begin) // _BLOCK
    cut = tiles[:, begin : begin + count * _BLOCK, begin : begin + count * _BLOCK]
    blocks = cut.reshape(-1, count, _BLOCK, count, _BLOCK).swapaxes(2, 3).reshape(-1, _BLOCK**2)
    uncut = (blocks.min(axis=1) >= _UNCUT[0]) & (blocks.max(axis=1) <= _UNCUT[1])
    return np.asarray(blocks[uncut].astype(np.float32) @ _basis(), dtype=np.float32)


def _histogram(coefficients: Floats, steps: Floats) -> Floats:
    """Sizes of the coefficients, rounded to their steps, by frequency, (9, 256); larger ones are left out."""
    size = np.abs(np.rint(coefficients / steps) * steps).astype(np.intp)
    places = np.minimum(size, _BINS - 1) + np.arange(len(_LOW)) * _BINS
    counts = np.bincount(places.ravel(), minlength=len(_LOW) * _BINS).reshape(len(_LOW), _BINS)
    counts[:, -1] = 0
    return counts.astype(np.float32)
