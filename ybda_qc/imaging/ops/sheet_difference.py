"""Where two registered scans of one sheet differ by more than two scans of the same sheet do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.registration import Registration
from ybda_qc.imaging.ops.sheet import SCALE, Sheet

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SOFT_MM = 0.25  # sigma: evens out sharpness, bitonal edges and noise
_WINDOW_MM = 0.8  # sigma of the windows in which the structures are compared
_STEADY = 0.010  # of full darkness squared: less variance than this is no structure
_ALIKE = 0.5  # of the contrast-structure term of SSIM; below, the structures differ
_BESIDE_MM = 0.45
_SWOLLEN = 1.3  # ink may be paler than the ink beside it by this, and by
_FAINT = 0.15  # this much of full darkness
_CELL_MM = 12.0  # cells that may each lie off by a little: paper stretches, feeders slip
_SLACK_MM = 0.7
_RULE_MM = 45.0  # straight dark runs along the pixel grid of this length are rules or streaks
_RULE_BAND_MM = 0.5
_PLACE_MM = (6.0, 4.5)  # width and height in which differing ink is added up: a few letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How two registered planes differ.

    Attributes
    ----------
    worst_mm2 : float
        Most differing ink in any place of the size of a few letters, in square millimetres.
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


def differ(first: Sheet, second: Sheet, registration: Registration) -> Difference:
    """Compare ink with ink.

    Cells of the second plane are first moved a little to where they match best. Then windows are compared by
    the contrast-structure term of SSIM (Wang, Bovik, Sheikh and Simoncelli 2004), which neither brightness
    nor a common blur changes much, and a changed letter does. Where it is low, the ink that one plane
    has and the other has not is added up: a speck of dust is little, a changed figure is more.

    Parameters
    ----------
    first, second : Sheet
    registration : Registration
        Of the second on the first.
    """
    size = first.darkness.shape[::-1]
    moved = np.asarray(cv2.warpAffine(second.darkness, registration.matrix, size), np.uint8)
    theirs = cv2.warpAffine(_ignored(second), registration.matrix, size, borderValue=255)
    ignored = np.maximum(_ignored(first), np.asarray(theirs, np.uint8))
    one = _soft(first.darkness)
    two = _soft(_settle(first.darkness, moved))
    one[ignored > 0] = 0
    two[ignored > 0] = 0
    return _measure(one, two)


def _measure(one: Floats, two: Floats) -> Difference:
    likeness = _likeness(one, two, _WINDOW_MM * SCALE)
    apart = np.where(likeness < _ALIKE, np.abs(one - two), _unmatched(one, two) + _unmatched(two, one))
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


def _unmatched(one: Floats, two: Floats) -> Floats:
    """Ink of one plane with none of the other beside it, however the strokes have swollen."""
    side = 2 * round(_BESIDE_MM * SCALE) + 1
    near = cv2.dilate(two, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return np.asarray(np.maximum(one - _SWOLLEN * near - _FAINT, 0), np.float32)


def _ignored(sheet: Sheet) -> Pixels:
    """What cannot be held against either page: beyond the sheet, rules and streaks; uint8, 255 there."""
    ignored = cv2.bitwise_or(cv2.bitwise_not(sheet.known), _rules(sheet.darkness))
    side = 2 * max(1, round(_RULE_BAND_MM * SCALE)) + 1
    return np.asarray(cv2.dilate(ignored, np.ones((side, side), np.uint8)), np.uint8)


def _soft(plane: Pixels) -> Floats:
    soft = cv2.GaussianBlur(plane, (0, 0), _SOFT_MM * SCALE).astype(np.float32)
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
        _, peak, _, (x, y) = cv2.minMaxLoc(match)
        if peak > 0.3:
            field[row, column] = (x - back, y - up)
    field = np.dstack([cv2.medianBlur(np.ascontiguousarray(field[:, :, axis]), 3) for axis in (0, 1)])
    whole = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    settled = cv2.remap(moved, across + whole[:, :, 0], down + whole[:, :, 1], cv2.INTER_LINEAR)
    return np.asarray(settled, np.uint8)


def _rules(plane: Pixels) -> Pixels:
    """Rules and streaks along the pixel grid: uint8 (H, W), 255 on them."""
    dark = np.asarray(cv2.threshold(plane, 60, 255, cv2.THRESH_BINARY)[1], np.uint8)
    length = max(3, round(_RULE_MM * SCALE))
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.bitwise_or(across, down), np.uint8)
