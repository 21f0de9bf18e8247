"""Where two registered scans of one sheet differ by more than two scans of the same sheet do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ybda_qc.imaging.ops.registration import Registration
from ybda_qc.imaging.ops.sheet import SCALE, Sheet

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SOFT_MM = 0.25  # sigma: evens out sharpness, bitonal edges and noise
_WINDOW_MM = 0.8  # sigma of the windows in which the structures are compared
_STEADY = 0.010  # of full darkness squared: less variance than this is no structure
_ALIKE = 0.85  # of the contrast-structure term of SSIM; below, the structures differ
_ALIKE_ROUGH = 0.75  # where one of both is bitonal, whose edges lie a pixel this way or that
_FAINT = 0.10  # of full darkness: noise and swollen strokes differ by this
_TINT_MM = 2.4  # twice: shading, tints and the grounds of pictures are larger than this
_AROUND_MM = 12.0  # in places of this size the strokes of both are brought to one strength
_LEAST_STROKES = 2e-3  # mean square of strokes: less is paper
_MOST_GAIN = 2.2  # a faint copy of strokes may be brought up so far
_CELL_MM = 12.0  # cells that may each lie off by a little: paper stretches, feeders slip
_SLACK_MM = 0.7
_LEAST_MATCH = 0.4
_TETHER = 0.1  # of correlation, at the end of the slack: a cell with one rule matches all along it
_EDGE_MM = 2.0  # next to the edge of a sheet shadows, rags and the bed are seen
_RULE_MM = 45.0  # straight dark runs along the pixel grid of this length are rules or streaks
_RULE_BAND_MM = 0.5
_PLACE_MM = (6.0, 4.5)  # width and height in which differing ink is added up: a few letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How two registered planes differ.

    Attributes
    ----------
    worst_mm2 : float
        Most differing strokes in any place of the size of a few letters, in square millimetres.
    where : tuple of float
        Left, top, width, height of that place on the first plane, in pixels.
    similarity : float
        Mean contrast-structure term of SSIM over the ink, -1..1.
    ink_mm2 : float
        Ink that was compared, the smaller of both planes.
    """

    worst_mm2: float
    where: tuple[float, float, float, float]
    similarity: float
    ink_mm2: float


def differ(first: Sheet, second: Sheet, registration: Registration, *, rough: bool = False) -> Difference:
    """Compare strokes with strokes.

    Cells of the second plane are first moved, by fractions of a pixel, to where they match best. Shading and
    tints are taken off, and the strokes of both brought to one strength, place by place: scanners draw
    pictures and faint writing with other contrast. Then windows are compared by the contrast-structure
    term of SSIM (Wang, Bovik, Sheikh and Simoncelli 2004), which a common blur changes little, and a changed
    word does. Where it is low, the strokes that one plane has and the other has not are added up: a speck of
    dust is next to nothing, one other figure more.

    Parameters
    ----------
    first, second : Sheet
    registration : Registration
        Of the second on the first.
    rough : bool
        One of both is bitonal.
    """
    size = first.darkness.shape[::-1]
    moved = np.asarray(cv2.warpAffine(second.darkness, registration.matrix, size), np.uint8)
    theirs = cv2.warpAffine(_ignored(second), registration.matrix, size, borderValue=255)
    ignored = np.maximum(_ignored(first), np.asarray(theirs, np.uint8))
    settled = _settle(first.darkness, moved)
    alike = _ALIKE_ROUGH if rough else _ALIKE
    return _measure(_soft(first.darkness, ignored), _soft(settled, ignored), alike)


def _measure(one: Floats, two: Floats, alike: float) -> Difference:
    here, there = _evened(one, two)
    likeness = _likeness(here, there, _WINDOW_MM * SCALE)
    apart = np.where(likeness < alike, np.maximum(np.abs(here - there) - _FAINT, 0), 0)
    width, height = (max(1, round(side * SCALE)) for side in _PLACE_MM)
    summed = cv2.boxFilter(
        apart, cv2.CV_32F, (width, height), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    _, worst, _, (x, y) = cv2.minMaxLoc(summed)
    weight = one + two
    ink = float(weight.sum())
    return Difference(
        worst_mm2=worst / SCALE**2,
        where=(x - width / 2, y - height / 2, width, height),
        similarity=float((likeness * weight).sum() / ink) if ink > 0 else 0.0,
        ink_mm2=float(min(one.sum(), two.sum())) / SCALE**2,
    )


def _evened(one: Floats, two: Floats) -> tuple[Floats, Floats]:
    """The strokes of both, without tints, at one strength."""
    side = round(_AROUND_MM * SCALE)
    strokes = [_strokes(plane) for plane in (one, two)]
    power, other = (cv2.blur(plane * plane, (side, side)) for plane in strokes)
    gain = np.sqrt((power + _LEAST_STROKES) / (other + _LEAST_STROKES))
    half = np.sqrt(np.clip(gain, 1 / _MOST_GAIN, _MOST_GAIN))
    return np.asarray(strokes[0] / half, np.float32), np.asarray(strokes[1] * half, np.float32)


def _strokes(plane: Floats) -> Floats:
    side = 2 * round(_TINT_MM * SCALE / 2) - 1
    return np.asarray(plane - cv2.blur(cv2.blur(plane, (side, side)), (side, side)), np.float32)


def _ignored(sheet: Sheet) -> Pixels:
    """What cannot be held against either page: the edge and beyond, rules, streaks; uint8, 255 there."""
    beyond = _widened(cv2.bitwise_not(sheet.known), _EDGE_MM)
    return np.asarray(cv2.bitwise_or(beyond, _widened(_rules(sheet.darkness), _RULE_BAND_MM)), np.uint8)


def _widened(mask: MatLike, by_mm: float) -> MatLike:
    side = 2 * max(1, round(by_mm * SCALE)) + 1
    return cv2.dilate(mask, np.ones((side, side), np.uint8))


def _soft(plane: Pixels, ignored: Pixels) -> Floats:
    kept = cv2.bitwise_and(plane, cv2.bitwise_not(ignored))
    soft = cv2.GaussianBlur(kept, (0, 0), _SOFT_MM * SCALE).astype(np.float32)
    return np.asarray(soft / 255, np.float32)


def _likeness(one: Floats, two: Floats, sigma: float) -> Floats:
    def mean(field: Floats) -> Floats:
        return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), np.float32)

    mean_one, mean_two = mean(one), mean(two)
    spread = mean(one * one) + mean(two * two) - mean_one**2 - mean_two**2
    common = mean(one * two) - mean_one * mean_two
    return np.asarray((2 * common + _STEADY) / (spread + _STEADY), np.float32)


def _settle(first: Pixels, moved: Pixels) -> Pixels:
    """The second plane with its cells moved, by a smooth field, to where they match best."""
    cell, slack = max(8, round(_CELL_MM * SCALE)), max(1, round(_SLACK_MM * SCALE))
    height, width = first.shape
    rows, columns = max(1, height // cell), max(1, width // cell)
    field = np.zeros((rows, columns, 2), np.float32)
    for row, column in product(range(rows), range(columns)):
        top, left = row * cell, column * cell
        block = first[top : top + cell, left : left + cell]
        up, back = min(slack, top), min(slack, left)
        around = moved[top - up : top + cell + slack, left - back : left + cell + slack]
        if block.max() < 64 or around.max() < 64:
            continue
        match = cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED)
        match = np.asarray(match - _tether(match.shape, (up, back), slack), np.float32)
        _, peak, _, (x, y) = cv2.minMaxLoc(match)
        if peak > _LEAST_MATCH:
            across, down = x + _fraction(match[y], x), y + _fraction(match[:, x], y)
            field[row, column] = (across - back, down - up)
    field = np.dstack([cv2.medianBlur(np.ascontiguousarray(field[:, :, axis]), 3) for axis in (0, 1)])
    whole = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    columns_at, rows_at = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    settled = cv2.remap(moved, columns_at + whole[:, :, 0], rows_at + whole[:, :, 1], cv2.INTER_LINEAR)
    return np.asarray(settled, np.uint8)


def _tether(shape: tuple[int, ...], middle: tuple[int, int], slack: int) -> Floats:
    """What a match loses by its distance from where the cell lies: float32 of the shape."""
    down, right = (np.arange(side) - at for side, at in zip(shape, middle, strict=True))
    return (_TETHER / slack**2 * (down[:, None] ** 2 + right[None, :] ** 2)).astype(np.float32)


def _fraction(match: NDArray[Any], at: int) -> float:
    """Where, between -0.5 and 0.5 of a sample from `at`, a parabola through the peak is highest."""
    if not 0 < at < len(match) - 1:
        return 0.0
    before, peak, after = (float(value) for value in match[at - 1 : at + 2])
    bend = before - 2 * peak + after
    return (before - after) / (2 * bend) if bend < -1e-6 else 0.0


def _rules(plane: Pixels) -> Pixels:
    """Rules and streaks along the pixel grid: uint8 (H, W), 255 on them."""
    dark = np.asarray(cv2.threshold(plane, 60, 255, cv2.THRESH_BINARY)[1], np.uint8)
    length = max(3, round(_RULE_MM * SCALE))
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.bitwise_or(across, down), np.uint8)
