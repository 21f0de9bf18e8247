"""Glyphs 字形 of a page, cut out at one size: what the direction of the writing is read from."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

WINDOW_PX = 32
"""Side of a cut-out."""
TILE_PX = 128
"""Side of the tiles in which glyphs are looked for, in pixels of the plane."""

_WINDOW_EM = 1.8  # side of a cut-out in sizes of a glyph: the glyph and half of each neighbour
_FEWEST = 3  # glyphs in a tile, for a size to be told
_LEAST_PX = 5  # smaller marks are specks, dots and dashes
_MOST_SHARE = 0.6  # of the tile: longer ones are rules and edges
_TYPICAL_COVER = 0.3  # of a tile under ink: denser ones are pictures, or smeared
_STRIDE = 4  # every fourth pixel each way tells how much of a tile is inked
_CELLS = (5, 4)  # rows and columns of the grid over which tiles are spread
_LEAST_CONTRAST = 24  # levels between ink and paper
_INK_SHARE = (0.01, 0.5)  # of a tile with writing
_SLENDER = 2.0  # a mark longer than this many widths counts as less large: joined letters, strokes
_SIZES = (0.6, 4.0)  # of the typical size: of these the cut-outs are made


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A glyph, or what looks like one.

    Parameters
    ----------
    x, y
        Its middle, in pixels of the plane.
    size
        Typical size of the glyphs around it.
    window
        uint8 (32, 32), 0 = paper, 255 = ink: the glyph and its surroundings.
    """

    x: float
    y: float
    size: float
    window: Pixels


def cut_glyphs(plane: Pixels, left: int, top: int, *, most: int) -> list[Glyph]:
    """Cut the glyphs out of one tile of a page with dark writing.

    Marks darker than Otsu's threshold (IEEE Trans. SMC 9, 1979) are taken for glyphs if they are about as
    large as most of their neighbours: small ones are parts of glyphs, specks and stops, large ones rules.

    Parameters
    ----------
    plane
        uint8 (H, W), the whole page.
    left, top
        Of the tile of `TILE_PX`.
    most
        So many glyphs at most, spread over the tile.
    """
    tile = plane[top : top + TILE_PX, left : left + TILE_PX]
    dark = np.asarray(cv2.threshold(tile, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1], dtype=np.uint8)
    if not _INK_SHARE[0] <= cv2.countNonZero(dark) / tile.size <= _INK_SHARE[1]:
        return []
    tone = _Tone(ink=cv2.mean(tile, dark)[0], paper=cv2.mean(tile, cv2.bitwise_not(dark))[0])
    if tone.paper - tone.ink < _LEAST_CONTRAST:
        return []
    stats = cv2.connectedComponentsWithStats(dark, connectivity=8)[2][1:]
    x, y, width, height = (stats[:, column].astype(np.float32) for column in range(4))
    chosen, size = _choose(width, height)
    if chosen.size > most:
        chosen = chosen[np.linspace(0, chosen.size - 1, most).round().astype(np.intp)]
    middles = zip(
        (left + x + width / 2)[chosen].tolist(), (top + y + height / 2)[chosen].tolist(), strict=True
    )
    return [Glyph(x=x, y=y, size=size, window=_window(plane, x, y, size, tone)) for x, y in middles]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tone:
    """Mean levels of ink and paper around a glyph."""

    ink: float
    paper: float


def _choose(width: Numbers, height: Numbers) -> tuple[NDArray[np.intp], float]:
    """Which marks are glyphs, by number, and their typical size; none where there are too few."""
    longer = np.maximum(width, height)
    marks = (longer >= _LEAST_PX) & (longer <= _MOST_SHARE * TILE_PX)
    if np.count_nonzero(marks) < _FEWEST:
        return np.empty(0, np.intp), 0.0
    size = np.minimum(longer, _SLENDER * np.minimum(width, height))
    typical = _weighted_median(size[marks], size[marks] ** 2)
    like = (size >= _SIZES[0] * typical) & (longer <= _SIZES[1] * typical)
    return np.flatnonzero(marks & like), typical


def writing_tiles(mask: Pixels) -> list[tuple[int, int]]:
    """Left and top of tiles that may hold writing, spread over the page: the first ones are far apart.

    Parameters
    ----------
    mask
        uint8 (H, W), 255 where there is ink.
    """
    tops, lefts = (_starts(side) for side in mask.shape)
    thinned = halved(np.ascontiguousarray(mask[::_STRIDE, ::_STRIDE]), 2)
    cover = cv2.resize(thinned, (len(lefts), len(tops)), interpolation=cv2.INTER_AREA)
    cover = cover.reshape(len(tops), len(lefts)).astype(np.float32) / 255
    promise = np.where(cover < _INK_SHARE[0], 0, np.minimum(cover, 2 * _TYPICAL_COVER - cover))
    cells = np.add.outer(
        _CELLS[1] * (np.arange(len(tops)) * _CELLS[0] // len(tops)),
        np.arange(len(lefts)) * _CELLS[1] // len(lefts),
    ).ravel()
    promise = promise.ravel()
    best = np.lexsort((-promise, cells))  # by cell, the most promising first; stable
    best = best[promise[best] > 0]
    ranks = np.arange(best.size) - np.searchsorted(cells[best], cells[best])
    best = best[np.argsort(ranks, kind="stable")]
    return [(lefts[index % len(lefts)], tops[index // len(lefts)]) for index in best.tolist()]


def _starts(side: int) -> list[int]:
    """Where tiles begin that cover a side, the last one ending with it."""
    last = max(0, side - TILE_PX)
    return [int(start) for start in np.linspace(0, last, -(-side // TILE_PX))]


def _weighted_median(values: Numbers, weights: Numbers) -> float:
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(running, running[-1] / 2)]])


def _window(plane: Pixels, x: float, y: float, size: float, tone: _Tone) -> Pixels:
    """A glyph with its surroundings, ink 255 and paper 0, whatever the tones of the page."""
    side = max(4, round(_WINDOW_EM * size))
    left, top = round(x - side / 2), round(y - side / 2)
    height, width = plane.shape
    part = plane[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)]
    gain = 255 / (tone.paper - tone.ink)
    inked = cv2.addWeighted(part, -gain, part, 0.0, gain * tone.paper)
    if part.shape != (side, side):
        above, before = max(0, -top), max(0, -left)
        below, behind = max(0, top + side - height), max(0, left + side - width)
        inked = cv2.copyMakeBorder(inked, above, below, before, behind, cv2.BORDER_CONSTANT, value=0)
    way = cv2.INTER_AREA if side > WINDOW_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inked, (WINDOW_PX, WINDOW_PX), interpolation=way), dtype=np.uint8)
