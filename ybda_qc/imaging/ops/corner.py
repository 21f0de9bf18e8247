"""Folded corners 折角: a straight diagonal step that cuts a corner off the sheet."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.paper import Paper
from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]
Points = NDArray[np.float32]
Indices = NDArray[np.intp]

_COARSE = 4  # the corner is looked at on a plane reduced by this
# Lengths in millimetres.
_WINDOW = 75.0
_LEAST_LEG, _LARGEST_LEG = 7.0, 60.0
_STEP, _FINE_STEP = 1.75, 0.5
_NEAR, _PLATEAU = 2.5, 0.9  # about the roughly best line; share of the best step
_OFF = 1.2  # from the crease, where both sides of it are compared
_FAR, _FAR_OUT = 3.2, 2.2  # further from it, inwards and outwards
_CLOSE, _FURTHER = 0.9, 1.7  # closer to it
_STRAIGHT = 0.85  # of a straight crease has the step there
_LEAST_SHADOW = 3.0  # levels, so far out: a smoothed crease is thinner
_SLIMMEST = 0.35  # shorter leg to longer: slimmer triangles are wedges beside a turned sheet
_SAMPLES, _FINE_SAMPLES = 13, 41
_ENDS = 0.22  # of a line at each end, which lie on the bed where the sheet does not fill the picture
_WRITTEN, _WRITTEN_CLEAR = 1 / 7, 1 / 4  # of a line that writing may reach; the same on a clear ground
_LEAST_STEP = 6.0  # levels
_CLEAR_STEP = 40.0  # not a shadow on the lid, but another ground
_EVEN, _EVEN_SHARE = 24.0, 0.35  # levels between the 10th and the 90th percentile, or so much of the step
_PAPER_SHARE = 0.55  # of the paper's level: darker is no sheet
_BESIDE = (3.0, 10.0)  # along the edge past the crease, where the sheet goes on
_ACROSS, _EDGE = 2.0, 0.6  # looked at across the crease, and how wide its edge is at most
_SHARP = 0.75  # of the step lies within that edge: paper that browned towards a corner has none
_PARTS = 5  # of a crease, each looked at by itself: it may be bent a little
_GAP = 2.5  # in a crease, where something dark lies across it


class Corner(StrEnum):
    """A corner of the picture."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A folded corner; lengths in pixels of the plane.

    Parameters
    ----------
    corner
        Which.
    left, top, leg_x, leg_y
        Rectangle of the missing triangle on the plane: where it is, and how much of the sheet's two edges
        is missing.
    step
        Levels between its two sides, in the median.
    """

    corner: Corner
    left: float
    top: float
    leg_x: float
    leg_y: float
    step: float


def window_px(scale: float) -> int:
    """Pixels of the plane, each way, without which no corner can be looked at."""
    return round(_WINDOW * scale)


def find_folds(grey: Pixels, paper: Paper, *, scale: float) -> list[Fold]:
    """Corners of the sheet that are folded over, or missing along a straight line.

    In each corner all straight lines from the one edge of the sheet to the other are tried, as in a Hough
    transform (Duda and Hart, 1972), and judged by the weakest part of the step across them. What lies beyond
    the line is even, the bed or the lid; on its inner side is paper; and the edges of the sheet go on past
    it. Torn corners are not straight, wedges beside a turned sheet are slim, drawings do not end at the
    edges, and a crease that was smoothed out has the same tone on both sides.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Where the paper is.
    scale
        Pixels a millimetre.
    """
    size = window_px(scale)
    if paper.is_dark or min(grey.shape) < size:
        return []
    found = (_fold_in(grey, paper, corner, size, scale) for corner in Corner)
    return [fold for fold in found if fold is not None]


def _at_origin(plane: Pixels, corner: Corner) -> Pixels:
    """A view of the plane with a corner of it at the top left."""
    plane = plane if corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT) else plane[::-1]
    return plane if corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT) else plane[:, ::-1]


def _fold_in(grey: Pixels, paper: Paper, corner: Corner, size: int, scale: float) -> Fold | None:
    size -= size % _COARSE
    rows = slice(size) if corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT) else slice(-size, None)
    columns = slice(size) if corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT) else slice(-size, None)
    coarse = halved(grey[rows, columns], _COARSE.bit_length() - 1)
    plane = np.ascontiguousarray(_at_origin(coarse, corner), dtype=np.float32)
    unit = scale / _COARSE  # pixels a millimetre
    line = _best_line(plane, unit)
    if line is None:
        return None
    crease = _crease(plane, line, unit)
    if crease is None or not _is_fold(plane, crease, unit, paper.level * _PAPER_SHARE):
        return None
    if not _is_sharp(_at_origin(grey[rows, columns], corner), crease, scale):
        return None
    left, top, leg_x, leg_y = (
        _COARSE * value for value in (crease.left, crease.top, crease.leg_x, crease.leg_y)
    )
    height, width = grey.shape
    return Fold(
        corner=corner,
        left=left if corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT) else width - left - leg_x,
        top=top if corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT) else height - top - leg_y,
        leg_x=leg_x,
        leg_y=leg_y,
        step=crease.step,
    )


@lru_cache(maxsize=8)
def _grid(unit: float, size: int) -> Points:
    """Pairs of legs to try: float32 (N, 2), pixels."""
    legs = np.arange(_LEAST_LEG, _LARGEST_LEG + _STEP, _STEP) * unit
    across, down = (part.ravel() for part in np.meshgrid(legs, legs))
    slim = np.minimum(across, down) >= _SLIMMEST * np.maximum(across, down)
    return np.stack([across, down], axis=1)[slim & (np.maximum(across, down) < size)].astype(np.float32)


def _beside(lines: Points, part: Numbers, off: float, shape: tuple[int, ...]) -> Indices:
    """Flat indices of pixels beside lines, so far inwards (outwards if negative): (N, parts)."""
    across, down = lines[:, :1], lines[:, 1:]
    length = np.hypot(across, down)
    x = across * (1 - part) + off * down / length
    y = down * part + off * across / length
    rows = np.clip(y + 0.5, 0, shape[0] - 1).astype(np.intp)
    return np.asarray(rows * shape[1] + np.clip(x + 0.5, 0, shape[1] - 1).astype(np.intp), np.intp)


def _outer_near_far(lines: Points, unit: float, count: int, shape: tuple[int, ...]) -> tuple[Indices, ...]:
    part = np.linspace(_ENDS, 1 - _ENDS, count, dtype=np.float32)
    return tuple(_beside(lines, part, off * unit, shape) for off in (-_OFF, _OFF, _FAR))


@lru_cache(maxsize=8)
def _grid_places(unit: float, shape: tuple[int, ...]) -> tuple[Indices, ...]:
    """The pixels beside all lines of the grid: the same for most pages of a batch."""
    return _outer_near_far(_grid(unit, min(shape)), unit, _SAMPLES, shape)


def _weakest(plane: Numbers, places: tuple[Indices, ...], share: float) -> Numbers:
    """The step across each line in its weakest share; negative where its sign changes.

    Further inwards it must be there, too: neither a thin line nor a soft shadow is the edge.
    """
    outer, near, far = places
    height = plane.take(near) - plane.take(outer)
    mean = np.add.reduce(height, axis=1) / height.shape[1]
    weakest = np.full(mean.size, -1, np.float32)
    tried = np.flatnonzero(np.abs(mean) >= _LEAST_STEP / 2)
    if not tried.size:
        return weakest
    sign = np.sign(mean[tried])
    rank = int(share * height.shape[1])
    found = np.partition(height[tried] * sign[:, None], rank, axis=1)[:, rank]
    beyond = plane.take(far[tried]) - plane.take(outer[tried])
    same = np.add.reduce(beyond, axis=1) * sign >= 0.5 * height.shape[1] * np.abs(mean[tried])
    weakest[tried] = np.where(same, found, np.float32(-1))
    return weakest


def _best_line(plane: Numbers, unit: float) -> tuple[float, float] | None:
    """Where the line with the clearest step meets the two sides of the picture; the best, first roughly."""
    lines = _grid(unit, min(plane.shape))
    if not lines.size:
        return None
    weakest = _weakest(plane, _grid_places(unit, plane.shape), _WRITTEN)
    best = int(np.argmax(weakest))
    if weakest[best] < _LEAST_STEP / 2:
        return None
    shift = np.arange(-_NEAR, _NEAR + _FINE_STEP / 2, _FINE_STEP, dtype=np.float32) * unit
    across, down = (part.ravel() for part in np.meshgrid(lines[best, 0] + shift, lines[best, 1] + shift))
    near = np.stack([across, down], axis=1).astype(np.float32)
    places = _outer_near_far(near, unit, _FINE_SAMPLES, plane.shape)
    weakest = _weakest(plane, places, _WRITTEN_CLEAR)
    if weakest.max() < _CLEAR_STEP:
        weakest = _weakest(plane, places, _WRITTEN)
    most = float(weakest.max())
    if most < _LEAST_STEP:
        return None
    # On dark ground all lines within the distance of comparison have the whole step: their middle. A shadow
    # is darkest at the crease.
    share = _PLATEAU if most >= _CLEAR_STEP else 1.0
    middle = near[weakest >= share * most].mean(axis=0)
    return float(middle[0]), float(middle[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crease:
    """A straight step, as far as it goes, in pixels of the coarse plane."""

    left: float
    top: float
    leg_x: float
    leg_y: float
    step: float
    inner: float
    outer: float


def _crease(plane: Numbers, line: tuple[float, float], unit: float) -> _Crease | None:
    """The part of a line, about its middle, that has a step; None where that is short."""
    across, down = line
    length = float(np.hypot(across, down))
    count = max(8, round(length / (_FINE_STEP * unit)))
    part = np.linspace(0, 1, count, dtype=np.float32)
    lines = np.array([line], np.float32)
    inner, outer, further = (
        plane.take(_beside(lines, part, off * unit, plane.shape)[0]) for off in (_OFF, -_OFF, -_FAR_OUT)
    )
    middle = slice(round(_ENDS * count), max(round((1 - _ENDS) * count), round(_ENDS * count) + 1))
    typical = float(np.median(inner[middle] - outer[middle]))
    if float(np.median(inner[middle] - further[middle])) * np.sign(typical) < _LEAST_SHADOW:
        return None
    clear = (inner - outer) * np.sign(typical) > max(_LEAST_STEP / 2, 0.4 * abs(typical))
    gap = max(1, round(_GAP / _FINE_STEP))
    begin, end = _run_about_middle(clear, gap)
    reach = round(_OFF / _FINE_STEP) + 1  # the ends of the line are read off the side of the picture
    # Elsewhere the inner side meets the edge of the sheet before the line does.
    first = 0.0 if begin <= reach else float(part[begin]) + _OFF * unit * across / (length * down)
    last = 1.0 if end >= count - 1 - reach else float(part[end]) - _OFF * unit * down / (length * across)
    leg_x, leg_y = ((last - first) * side for side in line)
    if min(leg_x, leg_y) < _LEAST_LEG * unit:
        return None
    kept = slice(begin, end + 1)
    if abs(typical) >= _CLEAR_STEP:
        # Writing on the back of the fold reaches the crease, but is seldom as tall as the paper between.
        near, behind, beyond = (
            plane.take(_beside(lines, part[kept], off * unit, plane.shape)[0])
            for off in (_CLOSE, _FURTHER, -_CLOSE)
        )
        sheet = np.maximum(near, behind) if typical > 0 else near
        if float(np.mean((sheet - beyond) * np.sign(typical) > 0.35 * abs(typical))) < _STRAIGHT:
            return None
    return _Crease(
        left=across * (1 - last),
        top=down * first,
        leg_x=leg_x,
        leg_y=leg_y,
        step=abs(typical),
        inner=float(np.median(inner[kept])),
        outer=float(np.median(outer[kept])),
    )


def _run_about_middle(clear: NDArray[np.bool_], gap: int) -> tuple[int, int]:
    """First and last index of the run of true values about the middle that has no longer gaps."""
    places = np.flatnonzero(clear)
    if not places.size:
        return 0, 0
    breaks = np.flatnonzero(np.diff(places) > gap + 1)
    starts, stops = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [places.size - 1]])
    longest = int(np.argmax(places[stops] - places[starts]))
    return int(places[starts[longest]]), int(places[stops[longest]])


def _is_fold(plane: Numbers, crease: _Crease, unit: float, least: float) -> bool:
    """Whether even ground lies beyond a crease, and the sheet on its inner side and past its ends."""
    if crease.inner < least:
        return False
    beyond = plane[_triangle(plane.shape, crease, 2 * _OFF * unit)]
    if beyond.size < 4:
        return False
    low, high = np.percentile(beyond, [10, 90])
    if high - low > max(_EVEN, _EVEN_SHARE * crease.step):
        return False
    return _ends_on_edges(plane, crease, unit, float(np.median(beyond)), least)


def _is_sharp(fine: Pixels, crease: _Crease, scale: float) -> bool:
    """Whether the step is an edge, in most parts of the crease; `fine` is the plane before its reduction."""
    legs = _COARSE * np.array([crease.leg_x, crease.leg_y])
    x, y = _COARSE * crease.left, _COARSE * crease.top
    part = np.linspace(0.1, 0.9, max(4 * _PARTS, round(0.8 * float(np.hypot(*legs)))))
    reach = round(_ACROSS * scale)
    across, down = legs / np.hypot(*legs)
    off = np.arange(-reach, reach + 1)[:, None]
    columns = np.clip(x + legs[0] * (1 - part) + off * down + 0.5, 0, fine.shape[1] - 1).astype(np.intp)
    rows = np.clip(y + legs[1] * part + off * across + 0.5, 0, fine.shape[0] - 1).astype(np.intp)
    runs = np.array_split(fine[rows, columns].astype(np.float32), _PARTS, axis=1)
    levels = np.stack([run.mean(axis=1) for run in runs])
    edge, end = max(1, round(_EDGE * scale)), max(2, round(_ACROSS / 4 * scale))
    change = np.abs(levels[:, edge:] - levels[:, :-edge]).max(axis=1)
    step = np.abs(levels[:, -end:].mean(axis=1) - levels[:, :end].mean(axis=1))
    return float(np.median(change / np.maximum(step, 1))) >= _SHARP


def _triangle(shape: tuple[int, ...], crease: _Crease, off: float) -> NDArray[np.bool_]:
    """The corner beyond the crease, further from it than `off`."""
    y, x = np.ogrid[: shape[0], : shape[1]]
    x, y = x - crease.left, y - crease.top
    length = float(np.hypot(crease.leg_x, crease.leg_y))
    distance = (1 - x / crease.leg_x - y / crease.leg_y) * crease.leg_x * crease.leg_y / length
    return np.asarray((distance > off) & (x >= 0) & (y >= 0), np.bool_)


def _ends_on_edges(plane: Numbers, crease: _Crease, unit: float, ground: float, least: float) -> bool:
    """Whether past both ends of the crease the sheet goes on, and outside of it the ground."""
    return all(
        _ends_on_edge(turned, (end, edge), unit, ground, least)
        for turned, end, edge in (
            (plane, crease.left + crease.leg_x, crease.top),
            (plane.T, crease.top + crease.leg_y, crease.left),
        )
    )


def _ends_on_edge(
    plane: Numbers, place: tuple[float, float], unit: float, ground: float, least: float
) -> bool:
    """The same of one end, on the upper edge of the sheet at a place (x, y)."""
    end, edge = place
    begin, stop = (round(end + value * unit) for value in _BESIDE)
    columns = slice(min(begin, plane.shape[1] - 2), stop)
    sheet = plane[round(edge + _OFF * unit) : round(edge + 3 * _OFF * unit) + 1, columns]
    outside = plane[: max(0, round(edge - 1.5 * _OFF * unit)), columns]
    if not sheet.size or float(np.median(sheet)) < least:
        return False
    if not outside.size:
        return True
    middle = float(np.median(outside))
    return abs(middle - ground) < max(_EVEN, 0.5 * abs(float(np.median(sheet)) - ground))
