"""Traces of an earlier, coarser JPEG 二次压缩 in the decoded pixels of a JPEG.

A coefficient of the blockwise cosine transform 离散余弦变换 that was once rounded to multiples of a step q1
keeps to them, though it was rounded to a finer step q2 afterwards: its histogram has peaks every q1 (Lukas
and Fridrich, 2003; Popescu and Farid, 2004). How well it keeps to q1 is the mean of cos(2 pi d / q1): near 1
where it does, near 0 where it does not. What the picture itself would give is read from the same pixels on a
grid laid half a block further, where nothing is left of the earlier rounding (calibration, Fridrich, 2004).
All low frequencies speak together: for each quality by the step that the usual tables have for it.

Where the picture was cropped in between, its first blocks lie on one of 63 other grids. There the second
rounding only blurs the peaks (Bianchi and Piva, 2012), and the other grids tell what the picture itself
gives.

Where paper is pure white, decoding cut the ringing round the strokes off, and with it the traces in the low
frequencies; the steps of the higher ones are so coarse that peaks are left.

Not seen: a first JPEG that was resized or turned afterwards, and one that was no coarser than the second.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.quantile import median_along

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

TILE_PX = 64
_TILES_MOST = 16
_BLOCK = 8
_SAMPLE_PX = 16  # one sample in as many pixels tells where there is detail
_BINS = 256
_CUT_NEAR = (8, 245)  # levels from which a reduced pixel is likely to hold some that were cut off
_CUT_DETAIL = 0.02  # weight of the detail of tiles on which all is cut off: better than none
_UNCUT = (1, 254)  # a block that touches black or white was cut off there, and its coefficients changed
_COARSER = 1.5  # first step to second step at least: below, the second rounding hides the first
_QUALITY_LEAST = 20  # below, so few steps fit into a coefficient that any picture has "peaks"
_COUNT_LEAST = 100
_Z_LEAST = 8.0  # pages compressed once stay below 6
_MOVED_TILES = 12
_MOVED_QUALITIES = np.arange(_QUALITY_LEAST, 71, 2)
_MOVED_COARSER = 2.0  # first step to second step at least: below, the second rounding blurs the peaks away
_MOVED_COUNT = 120
_MOVED_Z = 8.0  # pages compressed once stay below 5.5, those saved at 60 and less before lie above 10
_MOST_CUT = 0.8  # of the blocks; where more are cut off, the higher frequencies are asked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """Frequencies that speak together.

    Parameters
    ----------
    pairs
        Row and column of each in the transform of a block.
    zigzag
        Place of each in a table.
    moved
        Those of them that are enough to find the grid of a cropped picture.
    whole
        Whether only blocks count that are not cut off.
    share, moved_share
        How well coefficients keep to steps at least, on the grid of the file and on another.
    """

    pairs: tuple[tuple[int, int], ...]
    zigzag: tuple[int, ...]
    moved: tuple[tuple[int, int], ...]
    whole: bool
    share: float
    moved_share: float


_LOW = _Band(
    pairs=((0, 1), (1, 0), (2, 0), (1, 1), (0, 2), (0, 3), (1, 2), (2, 1), (3, 0)),
    zigzag=(1, 2, 3, 4, 5, 6, 7, 8, 9),
    moved=((0, 1), (1, 0)),
    whole=True,
    share=0.4,  # pages compressed once stay below 0.3, pages compressed twice lie above 0.6
    moved_share=0.3,
)
_HIGH = _Band(
    pairs=((4, 2), (3, 3), (2, 4), (3, 4), (4, 3)),
    zigzag=(23, 24, 25, 31, 32),
    moved=((4, 2), (3, 3), (2, 4), (3, 4), (4, 3)),
    whole=False,
    share=0.2,
    moved_share=0.2,
)


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
        None where too little stands on the tiles.
    """
    found, cut = _look(tiles, table, tables, _LOW)
    if found is not None and (found.quality is not None or cut < _MOST_CUT):
        return found
    return _look(tiles, table, tables, _HIGH)[0] or found


def _look(
    tiles: Pixels, table: tuple[int, ...], tables: NDArray[np.float64], band: _Band
) -> tuple[EarlierJpeg | None, float]:
    """What some frequencies tell, and the share of the blocks that were left out because they are cut off."""
    zigzag = list(band.zigzag)
    low, first = np.maximum(np.array(table, dtype=np.float32)[zigzag], 1), tables[:, zigzag]
    coefficients = _coefficients(tiles, 0, band)
    own = _histogram(coefficients, low)
    calibration = _histogram(_coefficients(tiles, _BLOCK // 2, band), low)
    coarser = first >= _COARSER * low
    coarser[: _QUALITY_LEAST - 1] = False
    kept, counts = (sums * coarser.T[..., None] for sums in _sums(np.stack([own, calibration], -1), first))
    found = _best(kept.sum(axis=0), counts, np.sinc(low / first), band)
    if found is not None and found.quality is None:
        found = _on_other_grids(tiles[:_MOVED_TILES], low, first, band) or found
    return found, 1 - len(coefficients) / max(1, tiles.size // _BLOCK**2)


def pick_tiles(pixels: Pixels, plane: Pixels, factor: int) -> Pixels:
    """Tiles with most detail that is not cut off at black or white, as luma, uint8 (N, 64, 64).

    Parameters
    ----------
    pixels
        uint8, (H, W) or (H, W, 3) RGB, whose blocks begin at the corner.
    plane
        uint8, (about H / factor, about W / factor), the same in grey and reduced: it tells where to look.
    factor
        Of the reduction.
    """
    rows, columns = pixels.shape[0] // TILE_PX, pixels.shape[1] // TILE_PX
    if not rows or not columns:
        return np.zeros((0, TILE_PX, TILE_PX), np.uint8)
    y, x = (
        np.minimum((np.arange(count * TILE_PX // _SAMPLE_PX) + 0.5) * _SAMPLE_PX // factor, most - 1)
        for count, most in zip((rows, columns), plane.shape, strict=True)
    )
    thin = plane[y.astype(np.intp)][:, x.astype(np.intp)]
    side = TILE_PX // _SAMPLE_PX
    cells = thin.reshape(rows, side, columns, side).transpose(1, 3, 0, 2).reshape(side**2, -1)
    uncut = ((cells > _CUT_NEAR[0]) & (cells < _CUT_NEAR[1])).mean(axis=0)
    detail = cells.astype(np.float32).std(axis=0) * np.maximum(uncut, _CUT_DETAIL)
    places = np.argsort(-detail, kind="stable")[:_TILES_MOST]
    corners = [divmod(int(place), columns) for place in places if detail[place] > 0]
    tiles = [
        pixels[row * TILE_PX : (row + 1) * TILE_PX, column * TILE_PX : (column + 1) * TILE_PX]
        for row, column in corners
    ]
    if not tiles:
        return np.zeros((0, TILE_PX, TILE_PX), np.uint8)
    strip = np.concatenate(tiles)
    grey = strip if strip.ndim == 2 else np.asarray(cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return grey.reshape(-1, TILE_PX, TILE_PX)


def _on_other_grids(
    tiles: Pixels, low: Floats, first: NDArray[np.float64], band: _Band
) -> EarlierJpeg | None:
    """The quality to whose steps the coefficients of one grid keep as those of no other do; None where none.

    Parameters
    ----------
    tiles
        As of `find_earlier_jpeg`.
    low, first
        Steps of the file, (n,), and of each quality, (100, n), for the frequencies of the band.
    band
        Frequencies.
    """
    strip = tiles.reshape(-1, TILE_PX)
    begins = _begins(len(tiles))
    if band.whole:
        uncut = cv2.inRange(strip, np.array([_UNCUT[0]]), np.array([_UNCUT[1]]))
        uncut = cv2.erode(uncut, np.ones((_BLOCK, _BLOCK), np.uint8), anchor=(0, 0))
        begins = np.asarray(cv2.bitwise_and(uncut, begins), np.uint8)
    kept, count = np.zeros((2, _BLOCK**2, _MOVED_QUALITIES.size), np.float32)
    for frequency in band.moved:
        index = band.pairs.index(frequency)
        steps = first[_MOVED_QUALITIES - 1, index]
        comb, beyond = _combs(steps.tobytes(), 1)
        wave_y, wave_x = (_waves()[one] for one in frequency)
        sizes = cv2.convertScaleAbs(cv2.sepFilter2D(strip, cv2.CV_32F, wave_x, wave_y, anchor=(0, 0)))
        histogram = cv2.calcHist(
            [_grids(strip.shape), sizes], [0, 1], begins, [_BLOCK**2, _BINS], [0, _BLOCK**2, 0, _BINS]
        )
        histogram[:, -1] = 0
        coarser = steps >= _MOVED_COARSER * low[index]
        kept += histogram @ comb[0].T * coarser
        count += histogram @ beyond[0].T * coarser
    return _outstanding(kept[1:], count[1:], band.moved_share)


def _outstanding(kept: Floats, count: Floats, least_share: float) -> EarlierJpeg | None:
    """The quality by which one of the grids stands out, (63, qualities); the spread of all is the measure."""
    enough = count >= _MOVED_COUNT
    mean = np.where(enough, kept / np.maximum(count, 1), 0)
    usual = median_along(mean)
    spread = np.maximum(1.4826 * median_along(np.abs(mean - usual)), np.sqrt(0.5 / np.maximum(count, 1)))
    z = np.where(enough & (mean - usual >= least_share), (mean - usual) / spread, 0)
    grid, best = np.unravel_index(int(np.argmax(z)), z.shape)
    if z[grid, best] < _MOVED_Z:
        return None
    share = float(np.clip(mean[grid, best] - usual[best], 0, 1))
    return EarlierJpeg(int(_MOVED_QUALITIES[best]), share)


def _best(kept: Floats, counts: Floats, most: NDArray[np.float64], band: _Band) -> EarlierJpeg | None:
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
    shows = enough & (z >= _Z_LEAST) & (share >= band.share)
    if not shows.any():
        return EarlierJpeg(None, float(np.clip(share[enough].max(), 0, 1)))
    best = int(np.argmax(np.where(shows, mean * np.sqrt(count), -np.inf)))
    return EarlierJpeg(best + 1, float(np.clip(share[best], 0, 1)))


def _sums(histograms: Floats, first: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Sum of the cosines, and number of coefficients that count, by frequency and quality, (9, 100, n)."""
    comb, beyond = _combs(first.tobytes(), first.shape[1])
    return comb @ histograms, beyond @ histograms


@cache
def _waves() -> NDArray[np.float64]:
    """The orthonormal cosine transform of a row of a block, (8, 8), a frequency a row."""
    place = (2 * np.arange(_BLOCK) + 1) * np.pi / (2 * _BLOCK)
    waves = np.cos(place * np.arange(_BLOCK)[:, None]) * np.sqrt(2 / _BLOCK)
    waves[0] /= np.sqrt(2)
    return np.asarray(waves, np.float64)


@cache
def _basis(band: _Band) -> Floats:
    """Frequencies of the orthonormal cosine transform of a block, (64, n)."""
    pairs = [np.outer(_waves()[row], _waves()[column]).ravel() for row, column in band.pairs]
    return np.asarray(np.array(pairs).T, dtype=np.float32)


@cache
def _grids(shape: tuple[int, int]) -> Pixels:
    """For each pixel of a column of tiles the number of the grid whose blocks begin there, 0..63."""
    y, x = (np.arange(side) % _BLOCK for side in shape)
    return (y[:, None] * _BLOCK + x).astype(np.uint8)


@cache
def _begins(count: int) -> Pixels:
    """255 for each pixel of a column of tiles where a block may begin and still lie on its tile."""
    inner = np.arange(TILE_PX) <= TILE_PX - _BLOCK
    return np.where(np.tile(inner, count)[:, None] & inner, 255, 0).astype(np.uint8)


@cache
def _combs(first: bytes, frequencies: int) -> tuple[Floats, Floats]:
    """Cosine of every size of coefficient by every step, and which sizes count, both (9, 100, 256)."""
    steps = np.frombuffer(first).reshape(-1, frequencies).T[..., None]
    size = np.arange(_BINS)
    beyond = size >= steps / 2  # those nearer to 0 tell nothing
    comb = np.cos(2 * np.pi * size / steps) * beyond
    return comb.astype(np.float32), beyond.astype(np.float32)


def _coefficients(tiles: Pixels, begin: int, band: _Band) -> Floats:
    """Coefficients of the blocks of a grid that begins at `begin` on both axes, (blocks, n)."""
    count = (TILE_PX - begin) // _BLOCK
    cut = tiles[:, begin : begin + count * _BLOCK, begin : begin + count * _BLOCK]
    blocks = cut.reshape(-1, count, _BLOCK, count, _BLOCK).swapaxes(2, 3).reshape(-1, _BLOCK**2)
    if band.whole:  # one extreme tells both: black turns to 255 and white to 254
        blocks = blocks[(blocks - np.uint8(1)).max(axis=1) < _UNCUT[1]]
    return np.asarray(blocks.astype(np.float32) @ _basis(band), dtype=np.float32)


def _histogram(coefficients: Floats, steps: Floats) -> Floats:
    """Sizes of the coefficients, rounded to their steps, by frequency, (n, 256); larger ones are left out."""
    size = np.abs(np.rint(coefficients / steps) * steps).astype(np.intp)
    places = np.minimum(size, _BINS - 1) + np.arange(steps.size) * _BINS
    counts = np.bincount(places.ravel(), minlength=steps.size * _BINS).reshape(steps.size, _BINS)
    counts[:, -1] = 0
    return counts.astype(np.float32)
