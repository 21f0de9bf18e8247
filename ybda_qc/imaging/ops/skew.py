"""Skew 偏斜 of the writing on a page, or nothing where the page does not show it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.line_ink import LineInk, extract_line_ink
from ybda_qc.imaging.ops.radial_spectrum import radial_energy
from ybda_qc.imaging.ops.strip_correlation import Floats, StripScores, strip_profiles, strip_scores

SURE = 0.5
"""Confidence from which an estimate may be reported as the skew of the page."""

_CANDIDATES = 3
_APART_DEGREES = 2.0
_SAME_DEGREES = 1.0
_MOVES = 4
_HOPELESS = 0.67  # no direction stands out: whatever the fine scores say, `_doubts` leaves nothing of it
_WORTH_TRYING = 0.45  # of the strongest direction
_SPAN_DEGREES = 0.9
_STEP_DEGREES = 0.03
_ANGLES = np.arange(-_SPAN_DEGREES, _SPAN_DEGREES + 1e-9, _STEP_DEGREES)
_SLOPES = np.tan(np.radians(_ANGLES))
_SHOWN_LINES = 6
_LEVEL = 0.3  # degrees: a plane turned by less is not worth straightening first
_SHEARED = 16.0  # degrees up to which shearing does for turning
_DARK_SHEET = 110.0  # mean grey below which the writing may be the lighter part

Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkewEstimate:
    """Angle of the lines on a page.

    Attributes
    ----------
    angle_degrees : float
        Positive = content turned clockwise on screen. Of the nearer axis, -45 to 45: a page lying
        on its side has the skew of its lines against the upright.
    confidence : float
        0..1; an estimate below `SURE` is a guess that must not be used as a measurement.
    vertical : bool
        True if the lines that carry the estimate run up and down: vertical writing 竖排, columns of
        a table, or a page on its side.
    support : float
        Number of rows of pixels that agree, counted by weight: a single edge has 2 or 3, a line of
        writing about 5, a full page 100.
    spread_degrees : float
        How far the parts of the page differ from the whole, on average.
    lines : tuple
        A few of the lines found, as ends (x, y) in pixels of the plane given.
    """

    angle_degrees: float
    confidence: float
    vertical: bool
    support: float
    spread_degrees: float
    lines: tuple[Segment, ...]

    @property
    def is_sure(self) -> bool:
        """True if the estimate may be used as a measurement."""
        return self.confidence >= SURE


_NO_DIRECTION = SkewEstimate(
    angle_degrees=0.0, confidence=0.0, vertical=False, support=0.0, spread_degrees=0.0, lines=()
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fit:
    """Fine scores around one coarse angle."""

    coarse_degrees: float
    is_sheared: bool
    prominence: float
    level: StripScores
    upright: StripScores
    profiles: tuple[Floats, Floats]
    widths: tuple[float, float]

    @property
    def total(self) -> Floats:
        return self.level.total + self.upright.total

    @property
    def best(self) -> float:
        return float(self.total.max())

    @property
    def angle_degrees(self) -> float:
        return (self.turned_by(_peak(self.total)) + 45.0) % 90.0 - 45.0

    def turned_by(self, offset: float) -> float:
        """Angle on the page, degrees, of lines that lie at this one once straightened."""
        if not self.is_sheared:
            return self.coarse_degrees + offset
        slopes = (math.tan(math.radians(angle)) for angle in (self.coarse_degrees, offset))
        return math.degrees(math.atan(sum(slopes)))

    def distance(self, degrees: float) -> float:
        """Degrees between its direction and another."""
        return abs((self.angle_degrees - degrees + 45.0) % 90.0 - 45.0)


def estimate_skew(grey: NDArray[np.uint8]) -> SkewEstimate | None:
    """Estimate the skew of the lines of writing and ruling.

    Coarse: the direction in which the Fourier spectrum of the thin ink has most energy, level and
    upright lines together (`radial_energy`). Fine: the ink is turned back by it and the angle is
    found at which strips of the page continue each other best (`strip_scores`), to a fraction of a
    step by a parabola. The confidence asks whether the direction stands out, whether any other
    does so too, how much of the ink agrees, on how many lines, and whether parts of the page agree
    with each other.

    Parameters
    ----------
    grey : uint8, (H, W)
        Any resolution; 100 to 150 dpi is plenty. Not changed.

    Returns
    -------
    SkewEstimate or None
        None where there is next to no thin ink: nothing to measure (a blank sheet).
    """
    ink = extract_line_ink(grey)
    found = None if ink is None else _read(ink)
    if float(grey[::8, ::8].mean()) >= _DARK_SHEET:
        return None if found is None else found[0]
    # white on black, as microfilm negatives and blueprints have it, or a small sheet on a black bed
    negative = extract_line_ink(cv2.bitwise_not(grey).astype(np.uint8, copy=False))
    other = None if negative is None else _read(negative)
    both = [reading for reading in (found, other) if reading is not None]
    if not both:
        return None
    return max(both, key=lambda reading: (reading[0].is_sure, reading[1]))[0]


def _read(ink: LineInk) -> tuple[SkewEstimate, float] | None:
    """Estimate from a map of ink, and how well its lines agree; None if nothing agrees at all."""
    fits = _fits(ink.plane)
    if not fits:
        return _NO_DIRECTION, 0.0
    fit = max(fits, key=lambda one: one.best)
    if fit.best <= 0:
        return None
    offset = _peak(fit.total)
    angle = fit.angle_degrees
    vertical = float(fit.upright.total.max()) > float(fit.level.total.max())
    aligned = _aligned(fit, offset, vertical=vertical)
    rows, support = _agreeing_rows(aligned)
    spread = _spread(fit, offset)
    main = fit.upright if vertical else fit.level
    coherence = main.coherence
    doubts = _doubts(fits, fit, coherence, support, spread)
    # sheets are not laid down at such angles, but drawings have lines there: a person has to look
    doubts *= 1.0 - 0.55 * _rising(abs(angle), 20.0, 25.0)
    # faint bands are the scanner's
    doubts *= _rising(ink.strength, 14.0, 30.0)
    # a peak hardly higher than the directions beside it shows no angle: lines of drifting handwriting
    doubts *= _rising(float(np.median(main.total)) / float(main.total.max()), 0.98, 0.88)
    lines = _segments(fit, aligned, rows, offset, ink.plane.shape, vertical=vertical)
    estimate = SkewEstimate(
        angle_degrees=angle,
        confidence=doubts,
        vertical=vertical,
        support=support,
        spread_degrees=spread,
        lines=tuple(_scaled(line, ink.factor) for line in lines),
    )
    return estimate, coherence


def _fits(plane: NDArray[np.uint8]) -> list[_Fit]:
    """Fine scores around the strongest directions, strongest first."""
    angles, level, upright = radial_energy(plane)
    strength = level + upright
    first = float(strength.max())
    found: list[_Fit] = []
    if first < _HOPELESS:
        return found
    for _ in range(_CANDIDATES):
        index = int(strength.argmax())
        if strength[index] < _WORTH_TRYING * first:
            break
        fit = _fit(plane, float(angles[index]), float(strength[index]), found)
        if fit is not None:
            found.append(fit)
        apart = np.abs((angles - angles[index] + 45) % 90 - 45)
        strength = np.where(apart < _APART_DEGREES, -1.0, strength)
    return found


def _fit(
    plane: NDArray[np.uint8], coarse_degrees: float, prominence: float, others: Sequence[_Fit]
) -> _Fit | None:
    """Fine scores around a coarse angle, which follows them while they rise at an end.

    None if they do so for ever, or lead back to another peak, as the flank of a broad one does.
    """
    for _ in range(_MOVES):
        fit = _fit_at(plane, coarse_degrees, prominence)
        index = int(fit.total.argmax())
        if index not in (0, len(_ANGLES) - 1):
            return fit if all(fit.distance(other.angle_degrees) > _SAME_DEGREES for other in others) else None
        coarse_degrees += 1.5 * float(_ANGLES[index])
        if any(other.distance(coarse_degrees) < _SPAN_DEGREES for other in others):
            break
    return None


def _fit_at(plane: NDArray[np.uint8], coarse_degrees: float, prominence: float) -> _Fit:
    if abs(coarse_degrees) < _LEVEL:
        coarse_degrees = 0.0
    sheared = 0 < abs(coarse_degrees) <= _SHEARED
    slope = math.tan(math.radians(coarse_degrees)) if sheared else 0.0
    straight = plane if sheared else _straightened(plane, coarse_degrees)
    level, level_width = strip_profiles(straight, upright=False, slope=slope)
    upright, upright_width = strip_profiles(straight, upright=True, slope=-slope)
    return _Fit(
        coarse_degrees=coarse_degrees,
        is_sheared=sheared,
        prominence=prominence,
        level=strip_scores(level, level_width, _SLOPES),
        upright=strip_scores(upright, upright_width, -_SLOPES),
        profiles=(level, upright),
        widths=(level_width, upright_width),
    )


def _straightened(plane: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    if not degrees:
        return plane
    height, width = plane.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    straight = cv2.warpAffine(plane, turn, (width, height), flags=cv2.INTER_LINEAR)
    return np.asarray(straight, dtype=np.uint8)


def _peak(scores: Floats) -> float:
    """Offset in degrees of the highest score, between the steps."""
    index = int(scores.argmax())
    offset = float(_ANGLES[index])
    if 0 < index < len(scores) - 1:
        before, here, after = (float(scores[index + step]) for step in (-1, 0, 1))
        bend = before - 2 * here + after
        if bend < 0:
            offset += _STEP_DEGREES * (before - after) / (2 * bend)
    return offset


def _spread(fit: _Fit, offset: float) -> float:
    """Mean distance of the bands' own angles from the whole, by the weight of their scores."""
    scores = np.concatenate([fit.level.scores, fit.upright.scores])
    weight = np.maximum(scores.max(axis=1), 0)
    own = np.array([_peak(row) for row in scores])
    return float((weight * np.abs(own - offset)).sum() / max(float(weight.sum()), 1e-9))


def _aligned(fit: _Fit, offset: float, *, vertical: bool) -> Floats:
    """Profiles (strips, rows) shifted by whole pixels so that the lines at this angle lie level."""
    profiles, width = fit.profiles[vertical], fit.widths[vertical]
    slope = math.tan(math.radians(-offset if vertical else offset)) * width
    shear = np.array([[1, slope, -slope * (len(profiles) - 1) / 2], [0, 1, 0]])
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    aligned = cv2.warpAffine(
        profiles, shear, profiles.shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return aligned.astype(np.float32, copy=False)


def _agreeing_rows(aligned: Floats) -> tuple[Floats, float]:
    """What each row of the straightened page adds to the score, and on how many rows it rests."""
    steps = aligned[:, 1:] - aligned[:, :-1]
    agreed = np.maximum(steps.sum(axis=0) ** 2 - np.einsum("ij,ij->j", steps, steps), 0)
    total, square = float(agreed.sum(dtype=np.float64)), float((agreed.astype(np.float64) ** 2).sum())
    return agreed, total**2 / square if square > 0 else 0.0


def _segments(
    fit: _Fit, aligned: Floats, rows: Floats, offset: float, shape: tuple[int, ...], *, vertical: bool
) -> list[Segment]:
    """Ends (x, y), in the ink plane, of the lines that add most, strongest first."""
    width = fit.widths[vertical]
    smooth = np.convolve(rows, np.ones(5), mode="same")
    least = 0.005 * float(rows.sum())
    inked = float(aligned.mean())
    across = len(aligned) / 2 * width
    slope = math.tan(math.radians(-offset if vertical else offset))
    if fit.is_sheared:
        slope += math.tan(math.radians(-fit.coarse_degrees if vertical else fit.coarse_degrees))
    found: list[Segment] = []
    for _ in range(_SHOWN_LINES):
        row = int(smooth.argmax())
        if smooth[row] <= least and found:
            break
        smooth[max(row - 10, 0) : row + 11] = 0
        marked = np.flatnonzero(aligned[:, max(row - 4, 0) : row + 5].max(axis=1) > inked)
        if len(marked) < 2:
            continue
        ends = np.array([marked[0], marked[-1] + 1]) * width
        heights = row + 0.5 + (ends - across) * slope
        turned = np.stack([heights, ends] if vertical else [ends, heights], axis=1)
        if not fit.is_sheared:
            turned = _turned(turned, fit.coarse_degrees, shape)
        (x0, y0), (x1, y1) = turned.tolist()
        found.append(((x0, y0), (x1, y1)))
    return found


def _turned(points: NDArray[np.float64], degrees: float, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Points (n, 2) of the straightened plane where they were before it was straightened."""
    middle = np.array([shape[1] / 2, shape[0] / 2])
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = (points - middle) @ np.array([[cosine, sine], [-sine, cosine]]) + middle
    return np.asarray(turned, np.float64)


def _scaled(line: Segment, factor: int) -> Segment:
    (x0, y0), (x1, y1) = line
    return ((x0 * factor, y0 * factor), (x1 * factor, y1 * factor))


def _rising(value: float, none: float, full: float) -> float:
    """0 at `none`, 1 at `full`, straight between; `full` may lie below `none`."""
    return min(max((value - none) / (full - none), 0.0), 1.0)


def _doubts(fits: list[_Fit], fit: _Fit, coherence: float, support: float, spread: float) -> float:
    """Product of the doubts about a fit, each 0 (fatal) to 1 (none); SURE lies where half remains.

    The limits were set on generated pages and on a set of real scans, so that no estimate wrong by
    more than 0.2 degrees keeps half.
    """
    others = [other for other in fits if other is not fit]
    rival = max(
        (max(other.best / fit.best, other.prominence / fit.prominence) for other in others), default=0.0
    )
    # few rows can agree by chance: they have to stand out more, and hold more of the ink
    few = 1.0 / max(support, 1.0)
    prominent, coherent = 1.0 + 5.0 * few, 0.07 + 0.42 * few
    return (
        _rising(fit.prominence, 0.67 * prominent, 1.33 * prominent)
        * _rising(rival, 0.8, 0.55)
        * _rising(coherence, 0.7 * coherent, 1.3 * coherent)
        * _rising(spread, 0.4, 0.2)
    )
