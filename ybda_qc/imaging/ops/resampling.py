"""Traces that enlarging leaves in the pixels: what was interpolated 插值 repeats itself with the old grid.

A picture enlarged F times holds, beside each frequency f of the old picture, its image at 1/F - f, in step
with it. A narrow band around 0.5/F, where the old spectrum ends and both are equally strong, therefore swells
and fades with the old pixels, 1/F times a pixel. Its power, summed down the columns and laid out over the
whole page, shows a line at that rate, whatever the kernel (nearest, linear, cubic, Lanczos). That variance of
what was interpolated is periodic is known from Gallagher, "Detection of linear and cubic interpolation in
JPEG compressed images", CRV 2005, and Mahdian and Saic, "Blind authentication using periodic properties of
interpolation", IEEE TIFS 3 (2008). Both look at second derivatives, and Popescu and Farid, "Exposing digital
forgeries by detecting traces of resampling", IEEE TSP 53 (2005), and Kirchner, "Fast and reliable resampling
detection by spectral analysis of fixed linear predictor residue", MM&Sec 2008, at the residue of a predictor:
all of these live at the end of the spectrum, where an enlarged page holds nothing but the noise of JPEG.

What is merely soft has no such line, nor has a page turned by a few degrees (its lines lie near 0 and 1), nor
one made smaller by averaging.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.quantile import quantile

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

_BINS = 8192
_LOCAL = 33  # columns over which the power is levelled: strokes are not evenly spread
# Centre of a band, taps of its filter, and the rates 1/F for which it stands. Around 1/2 the filter is even:
# enlarged by two, pixels lie a quarter to either side of the old ones, and an odd filter sees nothing. The
# odd one answers to the half-resolution sampling of wavelets (JPEG 2000) and of colour mosaics in cameras,
# which are no enlargement. Rates a little above 1/2 cannot be told from those below.
_BANDS = (
    (0.125, 11, 0.21, 0.33),
    (0.19, 11, 0.33, 0.436),
    (0.25, 10, 0.436, 0.5),
    (0.32, 11, 0.564, 0.72),
    (0.40, 11, 0.72, 0.885),
)
_HIGHEST = 0.845  # nearer to 1 nothing is lost that anybody would miss
_LEAST_WEIGHT = 0.15
_ROUNDING = 1.0  # levels squared a pixel: several times the power that rounding leaves in a band
_STEEPEST = 4.0  # times the level around it
_APART = 0.012  # cycles a pixel between two lines
_SAME = 0.0016  # cycles a pixel within which two rates are one
# The 8 x 8 blocks of JPEG show lines as well, at eighths. One that stands for enlargement is far above these.
_CODED = {
    0.25: (0.375, 0.625),
    0.375: (0.5, 0.875),
    0.5: (0.375, 0.625),
    0.625: (0.5, 0.875),
    0.75: (0.375, 0.625, 0.875),
}
_ABOVE_CODED = 1.8
_CUT_OFF = 0.99  # of the pixels of which a channel is cut off
_CUT_OFF_SHARE = 0.05  # of all pixels, below which that leaves no line
_LONE = 1.3  # times the thresholds that a line in one direction must reach without one in the other
_STRANGE_PROMINENCE = 4.0
_STRANGE = 2  # lines foreign to the strongest: the page is ruled or set at an even pitch


def _bins(low: float, high: float) -> NDArray[np.intp]:
    return np.arange(round(low * _BINS), round(high * _BINS) + 1)


RATES: Final = np.concatenate([_bins(low, high) for *_, low, high in _BANDS]) / _BINS
"""Rates 1/F, in old pixels to a pixel, at which swings are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swings:
    """How strongly the power of a page swings at each of `RATES` along one direction.

    Parameters
    ----------
    height
        float (n,), amplitude over the mean, 0..1 and a little more.
    prominence
        float (n,), the same over the median of its band.
    """

    height: Numbers
    prominence: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on a line counts.

    Parameters
    ----------
    height
        Of a line seen in both directions; twice as much is asked where pages swing by themselves.
    prominence
        The same.
    single_height, single_prominence
        Of a line seen in one direction alone.
    """

    height: float = 0.05
    prominence: float = 6.0
    single_height: float = 0.12
    single_prominence: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlargement:
    """What the lines say.

    Parameters
    ----------
    across, down
        Old pixels to a pixel, 1/F, 1 where nothing shows.
    prominence
        Of the weaker line.
    is_certain
        False where a line stands in one direction only, or among others that enlarging does not explain.
    """

    across: float
    down: float
    prominence: float
    is_certain: bool


def swings_along_rows(tiles: Pixels, starts: NDArray[np.intp], length: int) -> Swings:
    """Swings of the power of narrow bands along the rows of tiles.

    Parameters
    ----------
    tiles
        uint8 (n, h, w), rows of stored pixels in grey, w from 32; they need not be neighbours.
    starts
        (n,), column of the page at which each tile begins.
    length
        Columns of the page.
    """
    width = tiles.shape[2]
    rows = tiles.reshape(-1, width).astype(np.float32)
    profiles = np.zeros((len(_BANDS), length), np.float32)
    for profile, (centre, taps, *_) in zip(profiles, _BANDS, strict=True):
        band = np.asarray(cv2.filter2D(rows, cv2.CV_32F, _wave(centre, taps))).reshape(tiles.shape)
        inner = slice(taps // 2, width - taps // 2)  # half a filter at either end looks beyond the tile
        for start, part in zip(starts, np.einsum("nhw,nhw->nw", band, band), strict=True):
            profile[start + inner.start : start + inner.stop] += part[inner]
    heights, prominences = [], []
    # A line may lie between two bins.
    spectra = np.asarray(
        cv2.dilate(_swings(profiles, _ROUNDING * tiles.shape[1]), np.ones((1, 3), np.uint8)), dtype=np.float32
    )
    for spectrum, (*_, low, high) in zip(spectra, _BANDS, strict=True):
        place = _bins(low, high)
        swing = spectrum[np.minimum(place, _BINS - place)]
        heights.append(swing)
        prominences.append(swing / max(quantile(swing, 0.5), 1e-9))
    return Swings(height=np.concatenate(heights), prominence=np.concatenate(prominences))


def levelled(colour: Pixels, grey: Pixels) -> Pixels:
    """Grey without the levels at which a channel is cut off at black or white, and others are not.

    There the grey takes over the coarser sampling of the colours.

    Parameters
    ----------
    colour
        uint8 (n, h, w, 3).
    grey
        uint8 (n, h, w), of the same pixels.

    Returns
    -------
    ndarray
        uint8 (n, h, w), the grey between two levels.
    """
    channels = cv2.split(colour.reshape(-1, *colour.shape[2:]))
    lowest, highest = (
        np.asarray(extreme(extreme(channels[0], channels[1]), channels[2])).reshape(grey.shape)
        for extreme in (cv2.min, cv2.max)
    )
    dark, bright = grey[(lowest == 0) & (highest > 0)], grey[(highest == 255) & (lowest < 255)]
    least = _CUT_OFF_SHARE * grey.size
    floor = quantile(dark, _CUT_OFF) if dark.size > least else 0.0
    ceiling = quantile(bright, 1 - _CUT_OFF) if bright.size > least else 255.0
    return np.clip(grey, round(floor), round(max(floor, ceiling))).astype(np.uint8)


def find_enlargement(across: Swings, down: Swings, thresholds: Thresholds) -> Enlargement | None:
    """The enlargement that explains the lines in both directions, None where there are no such lines.

    Parameters
    ----------
    across, down
        Along the rows and along the columns of one page.
    thresholds
        From where on a line counts.
    """
    mean = Swings(
        height=(across.height + down.height) / np.float32(2),
        prominence=np.sqrt(across.prominence * down.prominence),
    )
    # Strokes and spaces swing by themselves at low rates, blocks of JPEG at high ones.
    least = thresholds.height * np.where(RATES < 0.33, 2.0, np.where(RATES > 0.77, 2.4, 1.0))
    shared = _lines(mean, np.minimum(least, max(0.12, thresholds.height)), thresholds.prominence)
    if shared:
        line = _root(mean, shared[0])
        rate = float(RATES[line])
        strange = _lines(mean, np.full_like(least, max(0.08, 0.5 * mean.height[line])), _STRANGE_PROMINENCE)
        foreign = [other for other in strange if not _explains(rate, float(RATES[other]))]
        return Enlargement(
            across=rate,
            down=rate,
            prominence=float(mean.prominence[line]),
            is_certain=len(foreign) < _STRANGE,
        )
    return _each_for_itself(across, down, thresholds)


def _root(swings: Swings, line: int) -> int:
    """The lowest line of which the given one may be a multiple, and which stands out no less."""
    least = np.full_like(RATES, 0.35 * swings.height[line])
    roots = _lines(swings, least, float(swings.prominence[line]))
    lower = [root for root in roots if _explains(float(RATES[root]), float(RATES[line]))]
    return min([*lower, line])


def _each_for_itself(across: Swings, down: Swings, thresholds: Thresholds) -> Enlargement | None:
    """Different rates across and down; a line in one direction alone must be outstanding, never certain."""
    least = np.full_like(RATES, thresholds.single_height)
    both = [_lines(swings, least, thresholds.single_prominence) for swings in (across, down)]
    if any(len(lines) > _STRANGE for lines in both) or not any(both):
        return None
    rates = [float(RATES[lines[0]]) if lines else 1.0 for lines in both]
    seen = [(swings, lines[0]) for swings, lines in zip((across, down), both, strict=True) if lines]
    weakest = min(float(swings.prominence[line]) for swings, line in seen)
    if len(seen) == 1:
        height = float(seen[0][0].height[seen[0][1]])
        eighth = min(_CODED, key=lambda coded: abs(coded - float(RATES[seen[0][1]])))
        if abs(eighth - float(RATES[seen[0][1]])) <= _SAME:
            return None  # strongly compressed pages show these in one direction, too
        if height < _LONE * thresholds.single_height or weakest < _LONE * thresholds.single_prominence:
            return None
    return Enlargement(across=rates[0], down=rates[1], prominence=weakest, is_certain=len(seen) == 2)


@cache
def _wave(centre: float, taps: int) -> NDArray[np.float32]:
    """A windowed cosine without a mean and of norm 1, (1, taps)."""
    place = np.arange(taps) - (taps - 1) / 2
    window = np.hanning(taps + 2)[1:-1]
    wave = np.cos(2 * np.pi * centre * place) * window
    wave -= window * (wave.sum() / window.sum())
    return np.asarray(wave / np.sqrt((wave**2).sum()), dtype=np.float32)[None]


def _swings(profiles: Numbers, least: float) -> Numbers:
    """Amplitude at each frequency of profiles that are levelled, over the sums of their weights.

    Parameters
    ----------
    profiles
        float32 (n, columns).
    least
        Power under which a column holds nothing but the rounding of levels.

    Returns
    -------
    ndarray
        float32 (n, bins / 2 + 1).
    """
    local = np.maximum(cv2.blur(profiles, (_LOCAL, 1), borderType=cv2.BORDER_CONSTANT), 0)
    # Neither a ruled line, all of it in two columns, nor a crowded one may outweigh the rest of the page.
    weight = np.sqrt(np.minimum(local / [[_middle(row)] for row in local], 1, dtype=np.float32))
    weight[(weight < _LEAST_WEIGHT) | (local < least)] = 0
    level = np.divide(profiles, local, out=np.ones_like(profiles), where=weight > 0)
    level = (np.minimum(level, _STEEPEST) - 1) * weight
    length = profiles.shape[1]
    size = max(_BINS, length + length % 2)
    padded = cv2.copyMakeBorder(level, 0, 0, 0, size - length, cv2.BORDER_CONSTANT, value=0)
    # OpenCV packs real and imaginary parts side by side, but for the first column and the last.
    packed = np.asarray(cv2.dft(padded, flags=cv2.DFT_ROWS))
    spectra = np.zeros((len(profiles), size // 2 + 1), np.float32)
    spectra[:, 1:-1] = np.sqrt(packed[:, 1:-1:2] ** 2 + packed[:, 2:-1:2] ** 2)
    spectra[:, -1] = np.abs(packed[:, -1])
    spectra /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    if size == _BINS:
        return spectra
    # Of a longer page, the highest swing next to each rate.
    place = np.arange(_BINS // 2 + 1) * size // _BINS
    return np.asarray(cv2.dilate(spectra, np.ones((1, 3), np.uint8)), dtype=np.float32)[:, place]


def _middle(local: Numbers) -> float:
    """Median of what lies above 0; every eighth of the values, which are smooth, says as much."""
    some = local[local > 0][:: _LOCAL // 4]
    return quantile(some, 0.5) if some.size else 1.0


def _lines(swings: Swings, least: NDArray[np.float64], prominence: float) -> list[int]:
    """Places of the strongest lines that no JPEG block explains, strongest first."""
    counts = (RATES < _HIGHEST) & (swings.height >= least) & (swings.prominence >= prominence)
    left = np.where(counts, swings.height, 0)
    found: list[int] = []
    while len(found) < 6 and left.max() > 0:
        place = int(left.argmax())
        if not _is_block(swings, float(RATES[place])):
            found.append(place)
        left[np.abs(RATES - RATES[place]) < _APART] = 0
    return found


def _is_block(swings: Swings, rate: float) -> bool:
    """Whether a line is one of those of JPEG blocks: at an eighth, and its rivals are as strong."""
    eighth = min(_CODED, key=lambda coded: abs(coded - rate))
    if abs(eighth - rate) > _SAME:
        return False
    rivals = (_height(swings, other) for other in _CODED[eighth])
    return _height(swings, eighth) < _ABOVE_CODED * (max(rivals) + 0.01)


def _height(swings: Swings, rate: float) -> float:
    return float(swings.height[int(np.abs(RATES - rate).argmin())])


def _explains(rate: float, other: float) -> bool:
    """Whether a line is a multiple of another one, beaten or not with the blocks of JPEG."""
    return any(
        abs(_folded(times * rate + block / 8) - _folded(other)) < _SAME
        for times in range(1, 5)
        for block in range(8)
    )


def _folded(rate: float) -> float:
    return abs(rate - round(rate))
