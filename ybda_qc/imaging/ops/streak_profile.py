"""A suspected streak measured on the stored pixels: extent, straightness, width and contrast."""

import statistics
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.quantile import median_along, quantile
from ybda_qc.imaging.ops.streaks import Suspect

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

_ROWS: Final = 800  # along a streak that are read
_BANDS: Final = 100
_LEAST_BANDS: Final = 24
_SIDE: Final = 8  # pixels beside a streak that tell the level there
_CALM: Final = 8.0  # levels: swing beside the streak up to which a band is bare
_CALM_USUAL: Final = 2.0  # the same in swings of the calmest bands
_BED: Final = 0.45  # of the usual level: darker bands lie on the bed
_CALM_STRONG: Final = 0.4  # the same beside a strong streak, as share of its depth
_OFTEN, _SELDOM = 0.7, 0.88  # ranks of the bands whose depth counts: of a whole streak, of one mostly gone
_PRESENT: Final = 0.4  # of the usual depth
_LEAST_DEPTH: Final = 1.0  # levels
_WHITE, _LEAST_WHITE = 252.0, 3.0  # level of a white streak, and so much brighter it is
_LEAST_CLEAN: Final = 8  # bands
_WINDOW: Final = 5  # bands that must agree where a streak begins and ends
_END_BROKEN: Final = 0.08  # of the bands: a streak that is mostly gone need not show at the very end
_END: Final = 0.03  # of the length: so near an end a streak has reached it
_STRONG: Final = 12.0  # levels: no band hides so strong a streak
_SEGMENTS: Final = 6
_THIN_PX, _THIN_MM = 6.0, 0.8
_STEP, _STEP_SHARE = 5.0, 0.15  # levels, and share of the contrast
_FAINT, _CLEAR, _PLAIN = 1.0, 2.0, 6.0  # levels; a fainter one must run from edge to edge
_DRIFT: Final = 0.5  # pixels
_COVERAGE, _LOOSE_COVERAGE = 0.7, 0.5
_RARE_COVERAGE: Final = 0.15  # of the strongest ones
_SPREAD: Final = 0.9
_STILL: Final = 0.1  # pixels
_MOST_FLICKER: Final = 0.3
_BROKEN_SPAN: Final = 0.6
_SHIFT: Final = 3  # pixels
_PAST: Final = 8  # bands past the end of a run
_PRESENT_BESIDE: Final = 0.5  # of the usual depth
_SHORT: Final = 0.25  # of the sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a suspect looks like on the stored pixels; lengths in pixels of them.

    Parameters
    ----------
    position
        Centre, from the left or the top.
    width
        At half its contrast.
    start, stop
        Where it begins and ends along its axis.
    span
        Share of the sheet that it runs over.
    ends
        At how many ends of the picture it arrives, 0 to 2.
    contrast
        Levels against the picture beside it, in the channel where it is clearest.
    coverage
        Share of its run in which it shows.
    drift
        How far its centre wanders from one part to the other.
    step
        Difference in level between both sides of it.
    spread
        Twice the distance from the median of its contrast along its run to the lower quartile, as share of
        the contrast; more may be a stroke of ink that it lies on.
    flicker
        How often it comes and goes along its run, as share of the bands: dashes do at nearly each.
    cuts
        A bright streak on white paper, which shows only where it cuts ink.
    """

    position: float
    width: int
    start: int
    stop: int
    span: float
    ends: int
    contrast: float
    coverage: float
    drift: float
    step: float
    spread: float
    flicker: float = 0.0
    cuts: bool = False


def streak_confidence(profile: Profile, *, pixels_per_mm: float) -> float:
    """How surely a line is a streak of the scanner: 1 sure, 0 none, between them worth comparing with others.

    A streak arrives at an end of the picture, stands still to a fraction of a pixel, is thin, has the same
    level on both sides and nearly the same contrast all along. Printed rules and folds turn with the sheet;
    edges and gutters have two levels.

    Parameters
    ----------
    profile
        From `measure_profile` or `measure_notch`.
    pixels_per_mm
        Of the stored pixels; a guess will do.
    """
    if profile.cuts:
        return 1.0
    thin = profile.width <= max(_THIN_PX, _THIN_MM * pixels_per_mm)
    level = profile.step <= max(_STEP, _STEP_SHARE * profile.contrast)
    if not (thin and level and profile.contrast >= _FAINT):
        return 0.0
    if (
        profile.ends >= (1 if profile.contrast >= _PLAIN else 2)
        and profile.contrast >= _CLEAR
        and profile.drift <= _DRIFT
        and profile.coverage >= _COVERAGE
        and profile.spread <= _SPREAD
        and profile.span >= (_SHORT if profile.ends == 1 else 0)
    ):
        return 1.0
    # Dirt that is gone for a while: in long stretches, and still to a tenth of a pixel, as no dashed rule is.
    if (
        profile.ends
        and profile.contrast >= _STRONG
        and profile.drift <= _STILL
        and profile.coverage >= (_LOOSE_COVERAGE if profile.contrast < 2 * _STRONG else _RARE_COVERAGE)
        and profile.flicker <= _MOST_FLICKER
        and profile.span >= _BROKEN_SPAN
    ):
        return 1.0
    loose = profile.ends and profile.drift <= 2 * _DRIFT and profile.coverage >= _LOOSE_COVERAGE
    return 0.4 if loose and profile.span >= _SHORT else 0.0


def measure_profile(pixels: Pixels, suspect: Suspect, *, factor: int) -> Profile | None:
    """Look closely at a suspect; None where the picture beside it tells nothing.

    Parameters
    ----------
    pixels
        uint8, (H, W) or (H, W, 3): the stored pixels.
    suspect
        From a plane of these pixels.
    factor
        Reduction of that plane.
    """
    reach = max(4, 2 * factor + 1)
    middle = int((suspect.place + 0.5) * factor)
    first = max(0, middle - reach - _SIDE)
    length, breadth = pixels.shape[:2] if suspect.upright else pixels.shape[1::-1]
    last = min(breadth, middle + reach + _SIDE + 1)
    centre = middle - first
    if centre < reach + 3 or last - middle < reach + 4 or length < 2 * _LEAST_BANDS:
        return None
    size = max(1, min(length, _ROWS) // _BANDS)
    starts = np.linspace(0, length - size, min(_BANDS, length // size)).astype(np.intp)
    rows = (starts[:, None] + np.arange(size)).ravel()
    plane = pixels if pixels.ndim == 2 else pixels[..., suspect.channel]
    slab = plane[rows, first:last] if suspect.upright else plane[first:last, rows].T
    sums = np.add.reduce(slab.reshape(starts.size, size, -1), axis=1, dtype=np.uint16)
    return _on_paper(sums.astype(np.float32) / size, starts, size, suspect, centre, reach, first)


def _on_paper(  # noqa: PLR0917
    bands: Numbers,
    starts: NDArray[np.intp],
    size: int,
    suspect: Suspect,
    centre: int,
    reach: int,
    first: int,
) -> Profile | None:
    left, right = bands[:, max(0, centre - reach - _SIDE) : centre - reach], bands[:, centre + reach + 1 :]
    beside = np.concatenate([left, right], axis=1)
    low, high = left.mean(axis=1), right.mean(axis=1)
    level = (low + high) / 2
    bed = level < _BED * quantile(level, 0.75)
    swing = beside.max(axis=1) - beside.min(axis=1)
    limit = max(_CALM, _CALM_USUAL * quantile(swing[~bed], 0.15))
    calm = (swing <= limit) & ~bed
    if np.count_nonzero(calm) < _LEAST_CLEAN:
        return None
    heights = (bands - level[:, None]) if suspect.bright else (level[:, None] - bands)
    core = slice(centre - reach + 1, centre + reach)
    peak, usual, broken = _peak(heights[calm, core])
    peak += core.start
    if usual >= 2 * _STRONG:  # so strong a streak is seen on pictures, too
        calm = (swing <= max(limit, _CALM_STRONG * usual)) & ~bed
    depth, places = heights[calm], np.flatnonzero(calm)
    # A streak may go on beside the printed rule that it lies on for a while.
    shows = depth[:, peak] > max(_LEAST_DEPTH, min(_PRESENT * usual, _STRONG))
    if suspect.bright:  # white on paper that is nearly white
        shows |= (bands[calm, peak] >= _WHITE) & (depth[:, peak] > _LEAST_WHITE)
    run = _first_and_last(shows) if broken else _run(shows)
    if run is None:
        return None
    begin, end = run
    own = depth[begin : end + 1]
    if broken:
        own = own[shows[begin : end + 1]]
    height = float(median_along(own[:, peak]))
    sheet = np.flatnonzero(~bed)
    slack = round(_END_BROKEN * shows.size) if broken else int(height < _STRONG)
    ends = _ends(begin, end, places, sheet, slack=slack)
    if height < _LEAST_DEPTH or not ends:
        return None
    if _goes_on_beside(depth, begin, end, peak, height):
        return None
    profile = median_along(own)
    if profile[core].min() < -height:  # the fringe that JPEG or sharpening leaves beside a stronger line
        return None
    inner, outer = _flanks(profile, peak, 0.5 * height)
    position, drift = _course(own, slice(max(0, inner - 2), outer + 3), height)
    return Profile(
        position=first + position + 0.5,
        width=outer - inner + 1,
        start=int(starts[places[begin]]),
        stop=int(starts[places[end]]) + size,
        span=float((places[end] - places[begin] + 1) / (sheet[-1] - sheet[0] + 1)),
        ends=ends,
        contrast=height,
        coverage=float(shows[begin : end + 1].mean()),
        drift=drift,
        step=float(median_along(np.abs(low - high)[calm])),
        spread=2 * (height - quantile(np.ascontiguousarray(own[:, peak]), 0.25)) / height,
        flicker=_flicker(shows[begin : end + 1]),
    )


def _peak(depth: Numbers) -> tuple[int, float, bool]:
    """Where bare bands are deepest, how deep in general, and whether only few are, but those strongly."""
    most = depth.shape[0] - 1
    half, often, seldom = most // 2, int(_OFTEN * most), int(_SELDOM * most)
    parted = np.partition(depth, (half, often, seldom), axis=0)
    broken = float(parted[half].max()) < _STRONG and float(parted[seldom].max()) >= 2 * _STRONG
    usual = parted[seldom if broken else often]
    return int(usual.argmax()), float(usual.max()), broken


def _first_and_last(shows: NDArray[np.bool_]) -> tuple[int, int] | None:
    places = np.flatnonzero(shows)
    return (int(places[0]), int(places[-1])) if places.size >= _LEAST_CLEAN else None


def _goes_on_beside(depth: Numbers, begin: int, end: int, peak: int, height: float) -> bool:
    """Whether a line goes on past an end of its run, shifted a little: a printed rule, aslant."""
    beside = depth[:, max(0, peak - _SHIFT) : peak + _SHIFT + 1]
    for past in (beside[max(0, begin - _PAST) : begin], beside[end + 1 : end + 1 + _PAST]):
        if len(past) >= _PAST // 2 and float(median_along(past.max(axis=1))) > _PRESENT_BESIDE * height:
            return True
    return False


def _flicker(shows: NDArray[np.bool_]) -> float:
    """Share of the neighbouring bands of which one shows and the other does not."""
    return float(np.count_nonzero(shows[1:] != shows[:-1]) / max(1, shows.size - 1))


def _run(shows: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and last of the bands between which it shows, where most of their neighbours agree."""
    rim = _WINDOW // 2
    padded = np.concatenate([shows[:1].repeat(rim), shows, shows[-1:].repeat(rim)])
    count = np.convolve(padded.astype(np.int32), np.ones(_WINDOW, np.int32), "valid")
    agreed = np.flatnonzero(count >= 0.6 * _WINDOW)
    agreed = agreed[shows[agreed]]
    return (int(agreed[0]), int(agreed[-1])) if agreed.size >= _WINDOW else None


def _ends(begin: int, end: int, places: NDArray[np.intp], sheet: NDArray[np.intp], *, slack: int) -> int:
    """At how many ends it arrives; `slack` bands there may hide a faint one."""
    near = _END * (sheet[-1] - sheet[0] + 1)
    first = begin <= slack and places[begin] - sheet[0] <= near
    last = end >= places.size - 1 - slack and sheet[-1] - places[end] <= near
    return int(first) + int(last)


def _flanks(profile: Numbers, peak: int, half: float) -> tuple[int, int]:
    """First and last pixel around the peak that lie above half its height."""
    below = np.flatnonzero(profile < half)
    before, after = below[below < peak], below[below > peak]
    return (
        int(before[-1]) + 1 if before.size else 0,
        int(after[0]) - 1 if after.size else profile.size - 1,
    )


def _course(depth: Numbers, window: slice, height: float) -> tuple[float, float]:
    """Centre of a streak, and how far the centres of its parts lie apart."""
    parts = np.array_split(depth[:, window], _SEGMENTS if depth.shape[0] >= 4 * _SEGMENTS else 3)
    centres = []
    for part in parts:
        # The median leaves out letters that touch the streak here and there.
        weight = np.maximum(median_along(part) - np.float32(0.15 * height), 0)
        total = float(weight.sum())
        if total > 0:
            centres.append(float(weight @ np.arange(weight.size)) / total)
    if not centres:
        return float(window.start), float("inf")
    return window.start + statistics.median(centres), max(centres) - min(centres)
