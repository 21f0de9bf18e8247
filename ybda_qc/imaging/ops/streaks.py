"""Lines along an axis of the picture that might be streaks of dirty glass: a cheap first look."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

LEAST_LENGTH: Final = 200
"""Pixels of the plane along a streak below which nothing can be told."""
LEAST_BREADTH: Final = 60
"""Pixels of the plane across."""

_LINES: Final = 64  # lines across a suspected streak that the first look reads
_CHUNK: Final = 16  # of them at a time: so many stay in the cache
_REACH: Final = 3  # pixels of the plane from a streak to the picture beside it
_REACH_IN_INK: Final = 2  # to the strokes that it cuts
_CLIP: Final = 12  # levels: a stroke of ink counts no more than a streak
_BLOCK: Final = 48  # pixels over which what is usual on the page is estimated
_LEAST_EXCESS: Final = 0.4  # levels, mean over the lines
_LEAST_SPREADS: Final = 4.0
_PEAKS: Final = 8  # an axis and polarity that are looked at
_NOTCHES: Final = 8
_TRIED: Final = 48  # the highest columns or rows, which are looked at for notches
_EVERY: Final = 4  # lines from one that is looked at for notches to the next
_INK: Final = 0.55  # of the level of the paper: darker pixels are ink
_RISE: Final = 0.15  # of the level of the paper: so much brighter a streak is than the strokes it cuts
_CUT_SHARE: Final = 0.7  # of the lines with ink on both sides; the gaps of print seldom reach 0.6
_LEAST_MET: Final = 5  # such lines
_SUSPECTS: Final = 4  # that are passed on
_APART: Final = 4  # pixels of the plane
_BESIDE: Final = (-9, -6, 6, 9)  # pixels of the plane from a suspect to the level of the picture there
_CALM: Final = 24  # levels: lines whose sides differ by less are bare
_LEAST_SHARE: Final = 0.25  # of the bare lines that a suspect must show in
_FEW: Final = 12
_END: Final = 5  # lines
_END_SHARE: Final = 0.35  # of the usual height of the ridge
_END_MOST: Final = 4.0  # levels that are asked for at most
_BED: Final = 0.45  # of the usual level: darker lines lie on the bed


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A line of the plane that stands out on average.

    Parameters
    ----------
    upright
        Along the y axis (a column), not along the x axis.
    place
        Column or row of the plane.
    bright
        Brighter than its surroundings, not darker.
    channel
        The one in which it stands out most; 0 on grey planes.
    excess
        Levels, mean over the page, beyond what is usual nearby; of a notch against its brighter side.
    """

    upright: bool
    place: int
    bright: bool
    channel: int
    excess: float


def find_suspects(colour: Pixels, grey: Pixels) -> list[Suspect]:
    """Columns and rows that are darker or brighter than both neighbours more often than chance allows.

    Printed rules end before the paper does; what shows in neither the first nor the last lines is left out.
    An element of the sensor makes a column, and may be dead in one colour alone; rows are looked for in grey.

    Parameters
    ----------
    colour
        uint8, (H, W) or (H, W, 3), about 150 dpi.
    grey
        uint8 (H, W): the same in grey.
    """
    found: list[Suspect] = []
    for upright in (True, False):
        length, breadth = grey.shape if upright else grey.shape[::-1]
        if length < LEAST_LENGTH or breadth < LEAST_BREADTH:
            continue
        lines = _lines(colour if upright else grey, upright)
        peaks = _peaks(_ridge_means(lines))
        arrive = _reach_an_end(lines, peaks)
        for bright in (False, True):
            kept = [
                Suspect(
                    upright=upright,
                    place=peak.place,
                    bright=bright,
                    channel=peak.channel if upright else _clearest(colour, peak),
                    excess=peak.excess,
                )
                for peak, arrives in zip(peaks, arrive, strict=True)
                if arrives and peak.bright == bright
            ]
            found += kept[:_SUSPECTS]
    return found


def find_notches(grey: Pixels, *, paper: int) -> list[Suspect]:
    """Columns and rows that no stroke crosses though strokes end at both sides: white streaks in ink.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Its level.
    """
    found: list[Suspect] = []
    for upright in (True, False):
        length, breadth = grey.shape if upright else grey.shape[::-1]
        if length < LEAST_LENGTH or breadth < LEAST_BREADTH:
            continue
        mean = cv2.reduce(grey, 0 if upright else 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
        reach = _REACH_IN_INK
        height = mean[reach:-reach] - np.maximum(mean[: -2 * reach], mean[2 * reach :])
        tried = np.argpartition(height, -_TRIED)[-_TRIED:]
        best = np.zeros_like(mean)
        best[reach + tried] = np.where(_is_cut(grey, upright, tried + reach, paper), height[tried], 0)
        for _ in range(_NOTCHES):
            place = int(best.argmax())
            if best[place] <= 0:
                break
            found.append(
                Suspect(upright=upright, place=place, bright=True, channel=0, excess=float(best[place]))
            )
            best[max(0, place - _APART) : place + _APART + 1] = 0
    return found


def _is_cut(grey: Pixels, upright: bool, places: NDArray[np.intp], paper: int) -> NDArray[np.bool_]:
    """Whether columns or rows are bare in nearly every line in which ink stands on both sides of them."""
    beside = places + np.array([[-_REACH_IN_INK], [0], [_REACH_IN_INK]])
    if upright:
        read = np.ascontiguousarray(grey[_EVERY // 2 :: _EVERY][:, beside].transpose(1, 2, 0))
    else:
        read = grey[:, _EVERY // 2 :: _EVERY][beside]
    sides = np.maximum(read[0], read[2])
    met = sides <= _INK * paper
    cut = met & (read[1] > sides + np.uint8(_RISE * paper))
    counts = np.count_nonzero(met, axis=1)
    is_cut = (counts >= _LEAST_MET) & (np.count_nonzero(cut, axis=1) >= _CUT_SHARE * counts)
    return np.asarray(is_cut, np.bool_)


@dataclass(frozen=True, slots=True)
class _Peak:
    bright: bool
    channel: int
    place: int
    excess: float


def _lines(plane: Pixels, upright: bool) -> Pixels:
    """Lines across the axis, evenly spread: uint8 (n, breadth, channels)."""
    length = plane.shape[0 if upright else 1]
    step = length // _LINES
    count = length // step
    if upright:
        lines = np.ascontiguousarray(plane[step // 2 : count * step : step])
    else:
        size = (count, plane.shape[0])
        sparse = cv2.resize(plane[:, : count * step], size, interpolation=cv2.INTER_NEAREST)
        lines = np.asarray(cv2.transpose(sparse), dtype=np.uint8)
    if lines.ndim == 2:
        return lines[..., None]
    return np.ascontiguousarray(lines[..., :1]) if _is_grey(lines) else lines


def _is_grey(lines: Pixels) -> bool:
    """Whether the channels are the same everywhere."""
    first = lines[0]
    if (first[:, :1] != first[:, 1:]).any():
        return False
    return not (lines[..., :1] != lines[..., 1:]).any()


def _ridge_means(lines: Pixels) -> Numbers:
    """Mean of the clipped heights of dark and of bright ridges, float32 (2, channels, breadth)."""
    count, breadth, channels = lines.shape
    rim = _REACH * channels
    flat = lines.reshape(count, breadth * channels)
    sums = np.zeros((2, flat.shape[1]), np.int32)
    inner = slice(rim, -rim)
    for start in range(0, count, _CHUNK):
        part = flat[start : start + _CHUNK]
        core = part[:, inner]
        left, right = part[:, : -2 * rim], part[:, 2 * rim :]
        lower = cv2.subtract(cv2.min(left, right), core)
        higher = cv2.subtract(core, cv2.max(left, right))
        for total, heights in zip(sums, (lower, higher), strict=True):
            clipped = cv2.threshold(heights, _CLIP, 255, cv2.THRESH_TRUNC)[1]
            # So many lines of so few levels fit in a byte.
            total[inner] += np.add.reduce(clipped, axis=0, dtype=np.uint8)
    means = (sums / np.float32(count)).astype(np.float32)
    return np.ascontiguousarray(means.reshape(2, breadth, channels).swapaxes(1, 2))


def _peaks(means: Numbers) -> list[_Peak]:
    """What stands out of its surroundings, of each polarity the clearest first."""
    breadth = means.shape[-1]
    blocks = -(-breadth // _BLOCK)
    padded = np.empty((*means.shape[:2], blocks * _BLOCK), np.float32)
    padded[..., :breadth] = means
    padded[..., breadth:] = means[..., -1:]
    grouped = padded.reshape(*means.shape[:2], blocks, _BLOCK)
    excess = grouped - _median(grouped)
    limit = np.maximum(_LEAST_EXCESS, _LEAST_SPREADS * _median(np.abs(excess)))
    over = (excess - limit).reshape(padded.shape)[..., :breadth]
    excess = excess.reshape(padded.shape)
    found: list[_Peak] = []
    for polarity, best in enumerate(over.max(axis=1)):
        for _ in range(_PEAKS):
            place = int(best.argmax())
            if best[place] <= 0:
                break
            channel = int(over[polarity, :, place].argmax())
            found.append(_Peak(polarity == 1, channel, place, float(excess[polarity, channel, place])))
            best[max(0, place - _APART) : place + _APART + 1] = 0
    return found


def _median(values: Numbers) -> Numbers:
    """The upper of the two middle ones along the last axis, which stays."""
    middle = values.shape[-1] // 2
    return np.asarray(np.partition(values, middle, axis=-1)[..., middle : middle + 1], dtype=np.float32)


def _clearest(colour: Pixels, peak: _Peak) -> int:
    """The channel in which a row stands out most."""
    if colour.ndim == 2:
        return 0
    rows = np.clip(peak.place + np.array([-_REACH, 0, _REACH]), 0, len(colour) - 1)
    above, own, below = colour[rows]
    if peak.bright:
        height = cv2.subtract(own, cv2.max(above, below))
    else:
        height = cv2.subtract(cv2.min(above, below), own)
    return int(np.minimum(height, _CLIP).sum(axis=0).argmax())


def _reach_an_end(lines: Pixels, peaks: list[_Peak]) -> list[bool]:
    """Whether suspects show at an end of the picture, where printed rules do not, and most of the way."""
    if not peaks:
        return []
    place = np.array([peak.place for peak in peaks])
    channel = np.array([peak.channel for peak in peaks])
    beside = np.clip(place[:, None] + np.array(_BESIDE), 0, lines.shape[1] - 1)
    columns = np.concatenate([place[:, None], beside], axis=1)
    # Peaks by lines: what follows runs along the last axis.
    read = lines[:, columns, channel[:, None]].transpose(2, 1, 0).astype(np.float32)
    own, sides = read[0], read[1:]
    low, high = sides.min(axis=0), sides.max(axis=0)
    level = (sides.sum(axis=0) - low - high) / 2  # without the extremes: a stroke may stand there
    height = (own - level) * np.array([1 if peak.bright else -1 for peak in peaks], np.float32)[:, None]
    calm = high - low < _CALM
    usual = _median(height)[:, 0]
    end = np.maximum(_median(height[:, :_END])[:, 0], _median(height[:, -_END:])[:, 0])
    quarter = level.shape[1] - level.shape[1] // 4
    bed = level < _BED * np.partition(level, quarter, axis=1)[:, quarter, None]
    for index in np.flatnonzero(bed[:, :_END].any(axis=1) | bed[:, -_END:].any(axis=1)).tolist():
        on_sheet = height[index, ~bed[index]]  # on a dark bed no dust shows
        end[index] = max(float(_median(on_sheet[:_END])[0]), float(_median(on_sheet[-_END:])[0]))
    # A bright streak can hardly be brighter than the paper at the ends.
    least = np.clip(_END_SHARE * usual, 1.0, _END_MOST)
    shows = np.count_nonzero((height > least[:, None]) & calm, axis=1)
    count = np.count_nonzero(calm, axis=1)
    return list((end > least) & ((count < _FEW) | (shows >= _LEAST_SHARE * count)))
