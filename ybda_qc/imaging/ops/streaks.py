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

_LINES: Final = 88  # lines across a suspected streak that the first look reads
_CHUNK: Final = 24  # of them at a time: so many stay in the cache
_REACHES: Final = (2, 4)  # pixels of the plane from a streak to the picture beside it
_CLIP: Final = 12  # levels: a stroke of ink counts no more than a streak
_BLOCK: Final = 48  # pixels over which what is usual on the page is estimated
_LEAST_EXCESS: Final = 0.4  # levels, mean over the lines
_LEAST_NOTCH: Final = 1.0  # levels, mean over the page
_LEAST_SPREADS: Final = 4.0
_PEAKS: Final = 8  # an axis and polarity that are looked at
_NOTCHES: Final = 2
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
        Levels, mean over the page, beyond what is usual nearby.
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
        for bright, sums in zip((False, True), _ridge_sums(lines), strict=True):
            peaks = _peaks(sums)
            near = _reach_an_end(lines, peaks, bright=bright)
            kept = [
                Suspect(upright=upright, place=place, bright=bright, channel=channel, excess=excess)
                for (place, channel, excess), arrives in zip(peaks, near, strict=True)
                if arrives
            ]
            found += kept[:_SUSPECTS]
    return found


def find_notches(grey: Pixels) -> list[Suspect]:
    """Columns and rows that hold less ink than both neighbours: white streaks, which show in ink alone.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    """
    found: list[Suspect] = []
    for upright in (True, False):
        length, breadth = grey.shape if upright else grey.shape[::-1]
        if length < LEAST_LENGTH or breadth < LEAST_BREADTH:
            continue
        mean = cv2.reduce(grey, 0 if upright else 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
        reach = _REACHES[0]
        height = np.zeros_like(mean)
        height[reach:-reach] = mean[reach:-reach] - np.maximum(mean[: -2 * reach], mean[2 * reach :])
        peaks = _peaks(np.maximum(height, 0)[:, None], least=_LEAST_NOTCH)
        kept = [
            Suspect(upright=upright, place=place, bright=True, channel=0, excess=excess)
            for place, _, excess in peaks
        ]
        found += kept[:_NOTCHES]
    return found


def _lines(plane: Pixels, upright: bool) -> Pixels:
    """Lines across the axis, evenly spread: uint8 (n, breadth, channels)."""
    length = plane.shape[0 if upright else 1]
    step = max(1, length // _LINES)
    if upright:
        lines = plane[step // 2 :: step]
    else:
        size = (length // step, plane.shape[0])
        # Nearest neighbours by OpenCV: slices along x are many times slower in NumPy.
        sparse = cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)
        lines = np.asarray(cv2.transpose(sparse), dtype=np.uint8)
    return lines if lines.ndim == 3 else lines[..., None]


def _ridge_sums(lines: Pixels) -> tuple[Numbers, Numbers]:
    """Mean of the clipped heights of dark and of bright ridges, float32 (breadth, channels) each."""
    count, breadth, channels = lines.shape
    rim = _REACHES[-1] * channels
    flat = lines.reshape(count, breadth * channels)
    dark, bright = np.zeros((2, 1, flat.shape[1]), np.int32)
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
        for total, heights in ((dark, lower), (bright, higher)):
            clipped = np.minimum(cv2.max(*heights), _CLIP)
            total[:, inner] += np.asarray(
                cv2.reduce(clipped, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S), dtype=np.int32
            )
    shape = (breadth, channels)
    return (
        (dark.reshape(shape) / count).astype(np.float32),
        (bright.reshape(shape) / count).astype(np.float32),
    )


def _peaks(sums: Numbers, *, least: float = _LEAST_EXCESS) -> list[tuple[int, int, float]]:
    """Place, channel and excess of what stands out of its surroundings, the clearest first."""
    breadth, channels = sums.shape
    blocks = -(-breadth // _BLOCK)
    padded = np.pad(sums, ((0, blocks * _BLOCK - breadth), (0, 0)), mode="edge")
    grouped = padded.reshape(blocks, _BLOCK, channels)
    usual = _median(grouped)
    excess = grouped - usual
    limit = np.maximum(least, _LEAST_SPREADS * _median(np.abs(excess)))
    over = (excess - limit).reshape(-1, channels)[:breadth]
    excess = excess.reshape(-1, channels)[:breadth]
    best = over.max(axis=1)
    found: list[tuple[int, int, float]] = []
    while len(found) < _PEAKS:
        place = int(best.argmax())
        if best[place] <= 0:
            break
        channel = int(over[place].argmax())
        found.append((place, channel, float(excess[place, channel])))
        best[max(0, place - _APART) : place + _APART + 1] = 0
    return found


def _median(grouped: Numbers) -> Numbers:
    middle = grouped.shape[1] // 2
    return np.asarray(np.partition(grouped, middle, axis=1)[:, middle : middle + 1], dtype=np.float32)


def _reach_an_end(lines: Pixels, peaks: list[tuple[int, int, float]], *, bright: bool) -> list[bool]:
    """Whether suspects show at an end of the picture, where printed rules do not, and most of the way."""
    if not peaks:
        return []
    place = np.array([peak[0] for peak in peaks])
    channel = np.array([peak[1] for peak in peaks])
    beside = np.clip(place[:, None] + np.array(_BESIDE), 0, lines.shape[1] - 1)
    sides = np.sort(lines[:, beside, channel[:, None]], axis=2)
    level = sides[..., 1:-1].mean(axis=2, dtype=np.float32)
    height = lines[:, place, channel] - level
    height = height if bright else -height
    calm = sides[..., -1].astype(np.int16) - sides[..., 0] < _CALM
    usual = np.median(height, axis=0)
    end = np.maximum(np.median(height[:_END], axis=0), np.median(height[-_END:], axis=0))
    bed = level < _BED * np.partition(level, -len(level) // 4, axis=0)[-len(level) // 4]
    for index in np.flatnonzero(bed[:_END].any(axis=0) | bed[-_END:].any(axis=0)).tolist():
        own = height[~bed[:, index], index]  # on a dark bed no dust shows
        end[index] = max(float(np.median(own[:_END])), float(np.median(own[-_END:])))
    least = np.maximum(1.0, _END_SHARE * usual)
    shows = np.count_nonzero((height > least) & calm, axis=0)
    count = np.count_nonzero(calm, axis=0)
    return list((end > least) & ((count < _FEW) | (shows >= _LEAST_SHARE * count)))
