"""What the channels of a picture tell against each other: grey kept in colour, a channel that is dead."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

_ROWS: Final = 24  # of the stored pixels: enough to tell noise from none
_TAIL: Final = 0.001  # of the pixels may stand out: ringing of a lossy codec
_MIDDLE: Final = (64, 192)  # levels that a bitonal picture has none of
_CONSTANT: Final = 3  # levels between the ends of a channel that holds nothing
_BLACK: Final = 8  # level of a channel on paper: the reddest paper still returns twice as much blue light
_LIT: Final = 80  # level of another one
_ENDS: Final = 0.005  # of the pixels at either end do not count
NAMES: Final = ("red", "green", "blue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Red, green and blue of a sample of stored pixels, compared.

    Parameters
    ----------
    spread
        Levels by which the differences between channels swing about their medians, but for a thousandth of
        the pixels: 0 of grey stored as colour, 4 and more of anything that a colour scanner saw.
    offset
        The larger median difference, in levels: the uniform tint.
    middle
        Share of pixels that are neither near black nor near white.
    ranges
        Levels between the ends of each channel.
    levels
        Medians of the channels.
    """

    spread: int
    offset: int
    middle: float
    ranges: tuple[int, int, int]
    levels: tuple[int, int, int]


def compare_channels(pixels: Pixels) -> Channels:
    """Compare the channels on some rows of a picture.

    Parameters
    ----------
    pixels
        uint8 (H, W, 3) RGB, as stored: averages would hide the noise by which a colour scan is known.
    """
    step = max(1, pixels.shape[0] // _ROWS)
    sample = np.ascontiguousarray(pixels[step // 2 :: step] if pixels.shape[0] > step // 2 else pixels)
    red, green, blue = (np.asarray(channel, np.uint8) for channel in cv2.split(sample))
    pairs = [_difference(red, green), _difference(blue, green)]
    histograms = [_histogram(channel) for channel in (red, green, blue)]
    middle = float(histograms[1][_MIDDLE[0] : _MIDDLE[1]].sum()) / green.size
    ends = [(_place(h, _ENDS), _place(h, 1 - _ENDS)) for h in histograms]
    spreads, offsets = zip(*pairs, strict=True)
    return Channels(
        spread=max(spreads),
        offset=max(abs(offset) for offset in offsets),
        middle=middle,
        ranges=(ends[0][1] - ends[0][0], ends[1][1] - ends[1][0], ends[2][1] - ends[2][0]),
        levels=(_place(histograms[0], 0.5), _place(histograms[1], 0.5), _place(histograms[2], 0.5)),
    )


def dead_channels(channels: Channels, white: Numbers, *, least_range: int) -> tuple[str, ...]:
    """Names of the channels that hold nothing while another one holds a picture.

    Either the channel is the same all over the picture, or it is black even on the bare paper: a lossy codec
    smears the others into it. One that is white throughout may be that of a drawing in pure colours.

    Parameters
    ----------
    channels
        As compared.
    white
        float32 (3,), RGB of the bare paper.
    least_range
        Levels between the ends of a channel from which it holds a picture.
    """
    if max(channels.ranges) < least_range:
        return ()
    lit = float(white.max()) >= _LIT
    return tuple(
        name
        for name, extent, level, paper in zip(
            NAMES, channels.ranges, channels.levels, white.tolist(), strict=True
        )
        if (lit and paper <= _BLACK) or (extent <= _CONSTANT and level < 255 - _CONSTANT)
    )


def _difference(one: Pixels, other: Pixels) -> tuple[int, int]:
    """How far the differences of two channels swing about their median, and the median."""
    above, below_zero = (
        _histogram(np.asarray(cv2.subtract(*pair), np.uint8)) for pair in ((one, other), (other, one))
    )
    counts = np.concatenate(
        [below_zero[:0:-1], [one.size - below_zero[1:].sum() - above[1:].sum()], above[1:]]
    )
    below = np.cumsum(counts)
    median = int(np.searchsorted(below, below[-1] / 2))
    away = np.bincount(np.abs(np.arange(511) - median), weights=counts)
    within = np.cumsum(away)
    return int(np.searchsorted(within, within[-1] * (1 - _TAIL))), median - 255


def _histogram(channel: Pixels) -> NDArray[np.float64]:
    counts = np.asarray(cv2.calcHist([channel], [0], None, [256], [0, 256]), dtype=np.float64)
    return counts.ravel()


def _place(histogram: NDArray[np.float64], share: float) -> int:
    total = np.cumsum(histogram)
    return int(np.searchsorted(total, total[-1] * share))
