"""Ink of writing and ruling, apart from everything that is not written: for skew and direction.

What stays is dark and thin: strokes, table rules. What goes is broad: the black bed around a
turned sheet, punch holes, solid areas, shading of the paper; and what runs straight along the
pixel grid from end to end of the picture, which is a scanner's streak and not the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

WORKING_SIDE_PX = 1000
"""Longer side aimed at: an A4 sheet then has 85 dpi, and its smallest print still shows lines."""

_STROKE_PX = 9  # wider things are no strokes; 2.7 mm on A4
# round: a square leaves square marks in dithered pictures, all level
_DISC = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_STROKE_PX, _STROKE_PX))
_MARGIN = 0.015  # of the longer side: rims of the scan hold shadows of edges, seldom writing
_FAINTEST = 8  # grey levels that a stroke is darker than the paper beside it
_FEWEST_PX = 25  # of every other row
_STREAK_COVER = 0.8
_STREAK_LINES = 10  # more full-length lines than this are ruled paper
_LIGHT = 90  # darker surroundings belong to the bed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineInk:
    """Map of thin dark things.

    Attributes
    ----------
    plane : uint8, (h, w)
        0 = no ink, 255 = as strong as most ink of this page.
    factor : int
        Pixels of the given plane for one of this one, each way.
    strength : int
        Grey levels that most ink is darker than the paper beside it.
    """

    plane: Plane
    factor: int
    strength: int


def extract_line_ink(grey: Plane) -> LineInk | None:
    """Separate thin dark strokes from ground, bed and streaks.

    The strokes are the black top-hat (closing minus picture), stretched between a floor that
    follows the noise and the strength of most ink, so that faint pages and black ones look alike.

    Parameters
    ----------
    grey : uint8, (H, W)
        At any resolution; it is reduced by a whole factor to about `WORKING_SIDE_PX`.

    Returns
    -------
    LineInk or None
        None if the plane is tiny or holds next to no thin dark things.
    """
    factor = max(1, round(max(grey.shape) / WORKING_SIDE_PX))
    height, width = (side // factor for side in grey.shape)
    if min(height, width) < 4 * _STROKE_PX:
        return None
    if factor > 1:
        cropped = grey[: height * factor, : width * factor]
        grey = cv2.resize(cropped, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, _DISC)
    thin = cv2.subtract(closed, grey)
    margin = max(2, round(_MARGIN * max(height, width)))
    thin[:margin] = thin[-margin:] = 0
    thin[:, :margin] = thin[:, -margin:] = 0
    counts = cv2.calcHist([thin[::2]], [0], None, [256], [0, 256]).ravel()
    floor = max(_FAINTEST, 2 * int(np.searchsorted(np.cumsum(counts), counts.sum() / 2)) + 2)
    inked = counts[floor:]
    if inked.sum() < _FEWEST_PX:
        return None
    # weighed by the square of its strength: a little writing outweighs a sheet full of faint bands
    energy = np.cumsum(inked * np.arange(len(inked), dtype=np.float64) ** 2)
    strong = floor + max(int(np.searchsorted(energy, 0.5 * energy[-1])), 6)
    stretch = 255.0 / (strong - floor)
    # clips at both ends, many times faster than a table
    plane = cv2.addWeighted(thin, stretch, thin, 0.0, -stretch * floor).astype(np.uint8, copy=False)
    _erase_streaks(plane, closed.astype(np.uint8, copy=False), margin)
    return LineInk(plane=plane, factor=factor, strength=strong)


def _erase_streaks(plane: Plane, closed: Plane, margin: int) -> None:
    """Erase, in place, the few rows and columns that are inked all along the sheet."""
    inked = (plane > 50).view(np.uint8)
    light = (closed > _LIGHT).view(np.uint8)
    for axis in (0, 1):
        dark = cv2.reduce(inked, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
        sheet = cv2.reduce(light, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
        length = plane.shape[axis] - 2 * margin
        cover = dark / np.maximum(np.minimum(sheet, length), 0.4 * length)
        beside = np.pad(cover, 7, mode="edge")
        alone = np.maximum(beside[:-14], beside[14:]) < 0.5 * cover
        hits = np.flatnonzero((cover > _STREAK_COVER) & alone)
        if len(hits) > _STREAK_LINES:
            continue
        for hit in hits.tolist():
            band = slice(max(hit - 3, 0), hit + 4)
            if axis == 0:
                plane[:, band] = 0
            else:
                plane[band] = 0
