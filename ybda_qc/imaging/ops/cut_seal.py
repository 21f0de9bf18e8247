"""Seals 公章 cut through by the edge of the picture."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.colour import chroma_and_hue
from ybda_qc.imaging.ops.quantile import quantile
from ybda_qc.imaging.ops.sides import Side, turned

Pixels = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

_REDUCED = 2  # seals are looked for on a plane reduced by this
_NARROWEST = 16  # pixels: a sliver shows no seal
_SAMPLE = 32  # every 32nd pixel each way tells the colour of the paper
_NEAR_PAPER = 0.1  # of its level
_LEAST_SAMPLE = 20
_CHROMA = 16.0  # levels between the channels, beside the paper: faded seals
_DARK = 100  # levels; the noise of a dark bed has chroma, too
_RIM_SHARE = 0.2  # of a side: more colour on it is a picture or tinted paper
_HUES = ((-40.0, 20.0), (190.0, 330.0))  # degrees: red; blue and violet
# Lengths in millimetres.
_DEPTH = 66.0  # looked at from the edge inwards
_RADIUS = (6.0, 33.0)
_LEAST_CAP = 4.0  # less of a seal is a red mark
_LEAST_ALONG = 8.0
_BRIDGE = 1.2  # gaps in a worn rim
_BAND = 0.8  # to each side of a fitted rim
_OUTSIDE = 2.2  # beyond the rim the paper is bare
_OVAL = 0.5  # least ratio of the axes
_OVAL_POINTS = 8
_COVER = 0.7  # of the visible rim that is printed
_BARE_COVER = 0.35  # of the line around it: writing may run there
_FILLED = 0.65  # a disc, a picture: no seal
_ROUND = np.linspace(0, 2 * np.pi, 360, endpoint=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rim:
    """Ellipse: centre, half axes, and angle of the first in radians; x runs away from the side."""

    x: float
    y: float
    first: float
    second: float
    angle: float

    def points(self, share: float) -> Numbers:
        """Points (360, 2) of the ellipse, made larger by a share."""
        turn = np.array([[np.cos(self.angle), np.sin(self.angle)], [-np.sin(self.angle), np.cos(self.angle)]])
        axes = np.stack([self.first * np.cos(_ROUND), self.second * np.sin(_ROUND)], axis=1)
        return np.asarray((share * axes) @ turn + (self.x, self.y), np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSeal:
    """A round or oval seal that a side cuts; place, length and depth in pixels of the plane.

    Parameters
    ----------
    side
        The side of the picture.
    along, length, depth
        Its place along the side, length along it, and how far it reaches inwards.
    visible
        Share 0..1 of its extent across the side that the picture shows.
    """

    side: Side
    along: float
    length: float
    depth: float
    visible: float


def find_cut_seals(colour: Pixels, level: int, *, scale: float) -> list[CutSeal]:
    """Round and oval seals, red, blue or violet, that the edge of the picture cuts through.

    The coloured piece that meets the edge is wrapped by its convex hull, and a circle (Kåsa, "A circle
    fitting procedure and its error analysis", IEEE Trans. Instrumentation and Measurement 25, 1976) or an
    ellipse is laid through the corners of the hull. It is a seal if most of the visible rim is printed, the
    paper beyond it is bare, and it is not filled. Letterheads, rules and pictures fail one or the other.

    Parameters
    ----------
    colour
        uint8 (H, W, 3), about 150 dpi.
    level
        Grey level of the bare paper.
    scale
        Pixels a millimetre.
    """
    white = None if min(colour.shape[:2]) < _NARROWEST else _paper_colour(colour, level)
    if white is None:
        return []
    seals: list[CutSeal] = []
    turns = {side: turned(colour, side) for side in Side}
    ends = np.cumsum([len(turn) for turn in turns.values()])[:-1]
    rims = _coloured(np.concatenate([turn[:, :2] for turn in turns.values()]), white)
    for (side, turn), rim in zip(turns.items(), np.split(rims, ends), strict=True):
        if not 2 <= np.count_nonzero(rim) <= _RIM_SHARE * rim.size:
            continue
        strip = np.ascontiguousarray(turn[:, : round(_DEPTH * scale)])
        size = (max(1, strip.shape[1] // _REDUCED), max(1, strip.shape[0] // _REDUCED))
        small = np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA), np.uint8)
        mask = _coloured(small, white).astype(np.uint8)
        seals += _on(mask, side, scale / _REDUCED)
    return seals


def _paper_colour(colour: Pixels, level: int) -> NDArray[np.float32] | None:
    """Median of the pixels that are as bright as the paper; None where there are hardly any."""
    sample = np.ascontiguousarray(colour[::_SAMPLE, ::_SAMPLE])
    grey = np.asarray(cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY), np.float32)
    near = sample[np.abs(grey - level) < _NEAR_PAPER * level]
    if len(near) < _LEAST_SAMPLE:
        return None
    return np.array([quantile(channel, 0.5) for channel in near.T], np.float32)


def _coloured(pixels: Pixels, white: NDArray[np.float32]) -> Flags:
    """Where there is red, blue or violet ink, seen by who is used to the paper (von Kries, 1902)."""
    scale = (255 / np.maximum(white, 1)).tolist()
    adapted = [
        cv2.convertScaleAbs(channel, alpha=alpha)
        for channel, alpha in zip(cv2.split(pixels), scale, strict=True)
    ]
    most, least = cv2.max(cv2.max(*adapted[:2]), adapted[2]), cv2.min(cv2.min(*adapted[:2]), adapted[2])
    places = np.flatnonzero((cv2.subtract(most, least) > _CHROMA) & (most > _DARK))
    _, hue = chroma_and_hue(np.stack([channel.ravel()[places] for channel in adapted], 1).astype(np.float32))
    found = np.zeros(pixels.shape[:2], np.bool_)
    for low, high in _HUES:
        found.ravel()[places] |= (hue - low) % 360 <= high - low
    return found


def _on(mask: Pixels, side: Side, scale: float) -> Iterator[CutSeal]:
    """Seals cut on the left of a mask of 0 and 1; `scale` in its pixels a millimetre."""
    bridge = np.ones((round(_BRIDGE * scale) | 1,) * 2, np.uint8)
    whole = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, bridge), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    touch = (stats[:, cv2.CC_STAT_LEFT] <= 1) & (stats[:, cv2.CC_STAT_WIDTH] >= _LEAST_CAP * scale)
    touch &= stats[:, cv2.CC_STAT_HEIGHT] >= _LEAST_ALONG * scale
    touch[0] = False
    for label in np.flatnonzero(touch).tolist():
        left, top, width, height = stats[label, :4].tolist()
        piece = (labels[top : top + height, left : left + width] == label).astype(np.uint8)
        corners = np.asarray(cv2.convexHull(cv2.findNonZero(piece)), np.float64)[:, 0] + (left, top)
        corners = corners[corners[:, 0] > 2]
        fits = [(_fit(rim, mask, scale), rim) for rim in _rims(corners, scale)]
        cover, rim = max(fits, key=lambda fit: fit[0], default=(0.0, None))
        if rim is not None and cover >= _COVER:
            yield _seal(rim, side)


def _rims(corners: Numbers, scale: float) -> Iterator[_Rim]:
    """A circle through the corners, and an ellipse."""
    low, high = (scale * radius for radius in _RADIUS)
    circle = _circle(corners)
    if circle is not None and low <= circle.first <= high:
        yield circle
    if len(corners) >= _OVAL_POINTS:
        (x, y), (first, second), angle = cv2.fitEllipse(corners.astype(np.float32))
        if 2 * low <= _OVAL * max(first, second) <= min(first, second) and max(first, second) <= 2 * high:
            yield _Rim(x=x, y=y, first=first / 2, second=second / 2, angle=float(np.radians(angle)))


def _circle(corners: Numbers) -> _Rim | None:
    """Least squares; corners far from the first circle, of writing that touches the seal, are left out."""
    rim = None
    for _ in range(2):
        if len(corners) < 4:
            return None
        system = np.column_stack([2 * corners, np.ones(len(corners))])
        (x, y, rest), *_ = np.linalg.lstsq(system, (corners**2).sum(axis=1), rcond=None)
        radius = float(np.sqrt(max(rest + x * x + y * y, 0.0)))
        rim = _Rim(x=float(x), y=float(y), first=radius, second=radius, angle=0.0)
        off = np.abs(np.hypot(*(corners - (x, y)).T) - radius)
        corners = corners[off <= max(1.5, 2 * float(np.median(off)))]
    return rim


def _fit(rim: _Rim, mask: Pixels, scale: float) -> float:
    """Share of the visible rim that is printed; 0 if the paper beyond is not bare or the inside filled."""
    reach = rim.points(1.0)[:, 0]
    if reach.max() < _LEAST_CAP * scale or reach.min() > 1.5:
        return 0.0
    mean = (rim.first + rim.second) / 2
    if _along(mask, rim, 1 + _OUTSIDE * scale / mean) > _BARE_COVER:
        return 0.0
    inside = np.zeros_like(mask)
    cv2.fillPoly(inside, [np.round(rim.points(1.0)).astype(np.int32)], (1,))
    if cv2.countNonZero(cv2.bitwise_and(inside, mask)) > _FILLED * cv2.countNonZero(inside):
        return 0.0
    band = np.ones((round(2 * _BAND * scale) | 1,) * 2, np.uint8)
    return _along(np.asarray(cv2.dilate(mask, band), np.uint8), rim, 1.0)


def _along(mask: Pixels, rim: _Rim, share: float) -> float:
    """Share of the points of a rim on the mask that are set; 0 where none lies on it."""
    x, y = np.round(rim.points(share)).astype(np.intp).T
    on = (x >= 1) & (x < mask.shape[1]) & (y >= 0) & (y < mask.shape[0])
    return float(mask[y[on], x[on]].mean()) if on.any() else 0.0


def _seal(rim: _Rim, side: Side) -> CutSeal:
    x, y = (_REDUCED * rim.points(1.0)).T
    near, far = float(x.min()), float(x.max())
    return CutSeal(
        side=side,
        along=float(y.min()),
        length=float(y.max() - y.min()),
        depth=far,
        visible=min(1.0, far / (far - near)),
    )
