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
_CUT_CHUNK: Final = 64
_REACHES: Final = (2, 4)  # pixels of the plane from a streak to the picture beside it
_CLIP: Final = 12  # levels: a stroke of ink counts no more than a streak
_BLOCK: Final = 48  # pixels over which what is usual on the page is estimated
_LEAST_EXCESS: Final = 0.4  # levels, mean over the lines
_LEAST_SPREADS: Final = 4.0
_PEAKS: Final = 8  # an axis and polarity that are looked at
_NOTCHES: Final = 4
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


def find_suspects(plane: Pixels) -> list[Suspect]:
    """Columns and rows that are darker or brighter than both neighbours more often than chance allows.

    Printed rules end before the paper does; what shows in neither the first nor the last lines is left out.

    Parameters
    ----------
    plane
        uint8, (H, W) or (H, W, 3), about 150 dpi.
    """
    found: list[Suspect] = []
    for upright in (True, False):
        length, breadth = plane.shape[:2] if upright else plane.shape[1::-1]
        if length < LEAST_LENGTH or breadth < LEAST_BREADTH:
            continue
        lines = _lines(plane, upright)
        peaks = _peaks(_ridge_means(lines))
        arrive = _reach_an_end(lines, peaks)
        for bright in (False, True):
            kept = [
                Suspect(
                    upright=upright,
                    place=peak.place,
                    bright=bright,
                    channel=peak.channel,
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
        if upright:
            lines = np.ascontiguousarray(grey[_EVERY // 2 :: _EVERY])
        else:
            size = (grey.shape[1] // _EVERY, grey.shape[0])
            sparse = cv2.resize(grey, size, interpolation=cv2.INTER_NEAREST)
            lines = np.asarray(cv2.transpose(sparse), dtype=np.uint8)
        met, cut, mean = _cuts(lines, paper)
        share = cut / np.maximum(met, 1)
        reach = _REACHES[0]
        height = np.zeros_like(mean)
        height[reach:-reach] = mean[reach:-reach] - np.maximum(mean[: -2 * reach], mean[2 * reach :])
        best = np.where((share >= _CUT_SHARE) & (met >= _LEAST_MET), height, 0)
        for _ in range(_NOTCHES):
            place = int(best.argmax())
            if best[place] <= 0:
                break
            found.append(
                Suspect(upright=upright, place=place, bright=True, channel=0, excess=float(height[place]))
            )
            best[max(0, place - _APART) : place + _APART + 1] = 0
    return found


def _cuts(lines: Pixels, paper: int) -> Numbers:
    """Lines in which a column has ink on both sides, those in which it is bare besides, and its level."""
    reach = _REACHES[0]
    counts = np.zeros((3, lines.shape[1]), np.float32)
    for start in range(0, lines.shape[0], _CUT_CHUNK):
        part = lines[start : start + _CUT_CHUNK]
        core = part[:, reach:-reach]
        sides = cv2.max(part[:, : -2 * reach], part[:, 2 * reach :])
        met = cv2.threshold(sides, _INK * paper, 1, cv2.THRESH_BINARY_INV)[1]
        rise = cv2.threshold(cv2.subtract(core, sides), _RISE * paper, 1, cv2.THRESH_BINARY)[1]
        for own, marks in zip(counts[:2], (met, cv2.bitwise_and(met, rise)), strict=True):
            own[reach:-reach] += np.add.reduce(marks, axis=0, dtype=np.uint8)
        counts[2] += np.add.reduce(part, axis=0, dtype=np.uint16)
    counts[2] /= max(1, lines.shape[0])
    return counts


@dataclass(frozen=True, slots=True)
class _Peak:
    bright: bool
    channel: int
    place: int
    excess: float


def _lines(plane: Pixels, upright: bool) -> Pixels:
    """Lines across the axis, evenly spread, each the mean of two: uint8 (n, breadth, channels)."""
    length = plane.shape[0 if upright else 1]
    step = max(2, length // _LINES // 2 * 2)
    count = length // step
    if upright:
        pairs = (plane[start : count * step : step] for start in (step // 2 - 1, step // 2))
        lines = _mean(*(pair.reshape(count, -1) for pair in pairs)).reshape(count, *plane.shape[1:])
    else:
        # An even step puts each sample halfway between two neighbours.
        size = (count, plane.shape[0])
        sparse = cv2.resize(plane[:, : count * step], size, interpolation=cv2.INTER_LINEAR)
        lines = np.asarray(cv2.transpose(sparse), dtype=np.uint8)
    if lines.ndim == 2:
        return lines[..., None]
    return lines[..., :1] if _is_grey(lines) else lines


def _mean(first: Pixels, second: Pixels) -> Pixels:
    return np.asarray(cv2.addWeighted(first, 0.5, second, 0.5, 0), dtype=np.uint8)


def _is_grey(lines: Pixels) -> bool:
    """Whether the channels are the same everywhere."""
    first = lines[0]
    if (first[:, :1] != first[:, 1:]).any():
        return False
    return not (lines[..., :1] != lines[..., 1:]).any()


def _ridge_means(lines: Pixels) -> Numbers:
    """Mean of the clipped heights of dark and of bright ridges, float32 (2, channels, breadth)."""
    count, breadth, channels = lines.shape
    rim = _REACHES[-1] * channels
    flat = lines.reshape(count, breadth * channels)
    sums = np.zeros((2, flat.shape[1]), np.int32)
    inner = slice(rim, -rim)
    for start in range(0, count, _CHUNK):
        part = flat[start : start + _CHUNK]
        core = part[:, inner]
        lower, higher = [], []
        for reach in _REACHES:
            off = reach * channels
            left, right = part[:, rim - off : -rim - off], part[:, rim + off : part.shape[1] - rim + off]
            lower.append(cv2.subtract(cv2.min(left, right), core))
            higher.append(cv2.subtract(core, cv2.max(left, right)))
        for total, heights in zip(sums, (lower, higher), strict=True):
            clipped = cv2.threshold(cv2.max(*heights), _CLIP, 255, cv2.THRESH_TRUNC)[1]
            # So many lines of so few levels fit in a byte.
            total[inner] += np.add.reduce(clipped, axis=0, dtype=np.uint8)
    means = (sums / count).astype(np.float32)
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
    least = np.maximum(1.0, _END_SHARE * usual)
    shows = np.count_nonzero((height > least[:, None]) & calm, axis=1)
    count = np.count_nonzero(calm, axis=1)
    return list((end > least) & ((count < _FEW) | (shows >= _LEAST_SHARE * count)))
