"""Every mark that stands out on a nearly empty page, measured: size, darkness, sharpness, direction."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.flat import Flat
from ybda_qc.imaging.ops.quantile import group_quantiles

Indices = NDArray[np.int32]
Numbers = NDArray[np.float32]

_LOW, _HIGH = 3.0, 4.5  # standard deviations: a mark extends over the lower threshold and reaches the upper
_LOW_LEAST, _HIGH_LEAST = 4.0, 6.0  # the same in levels
_MIN_HIGH_PX = 2
_MAX_MARKS = 600  # the largest; more of them is texture
_DENSE_PX, _DENSE_STRIDE = 20_000, 8  # of marks so large every eighth pixel tells enough
_SPARSE = 20  # pixels to one that is asked: from there single ones cost less than the whole plane
_SLOPE_STEPS = 16  # slopes are counted in sixteenths of a level a pixel


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark on a plane; lengths in pixels of it.

    Parameters
    ----------
    left, top, width, height
        Its rectangle.
    area
        Its pixels.
    depth
        Darkness of its core as a share of the level of the paper.
    snr
        Darkness of its core in standard deviations of the paper.
    sharpness
        Its steepest slope in depths a pixel: near 0.5 for the edge of a pen or type, under 0.3 for
        show-through, stains and shadows.
    thickness
        Diameter of the largest disc inside it where it is at least half as dark as its core.
    x, y
        Its centre.
    angle
        Direction of its long axis in radians, from the x axis towards the y axis.
    straightness
        Standard deviation across its long axis.
    """

    left: int
    top: int
    width: int
    height: int
    area: int
    depth: float
    snr: float
    sharpness: float
    thickness: float
    x: float
    y: float
    angle: float
    straightness: float

    @property
    def extent(self) -> int:
        """The longer side of its rectangle."""
        return max(self.width, self.height)

    @property
    def fill(self) -> float:
        """Share of its rectangle that it covers: 0.79 for a disc."""
        return self.area / (self.width * self.height)


def find_marks(flat: Flat, *, most_px: int | None = None) -> list[Mark]:
    """Marks that stand out of the noise, largest first; without those of more than `most_px` pixels.

    Thresholds with hysteresis (Canny, "A computational approach to edge detection", PAMI 1986): a mark is
    a connected set above three standard deviations that somewhere rises above four and a half. All marks
    are measured at once: a page of rough paper has hundreds.
    """
    depth = np.asarray(cv2.convertScaleAbs(np.maximum(flat.depth, 0)), dtype=np.uint8)
    high_x, high_y = _places(_above(depth, flat, _HIGH, _HIGH_LEAST))
    if high_x.size < _MIN_HIGH_PX:
        return []
    low = _above(depth, flat, _LOW, _LOW_LEAST)
    count, labels = cv2.connectedComponents(low, connectivity=8)
    # Statistics come from the pixels of the marks: those of OpenCV count the whole paper, too.
    x, y = _places(low)
    member = np.asarray(labels, dtype=np.int32)[y, x]
    area = np.bincount(member, minlength=count)
    hits = np.bincount(labels[high_y, high_x], minlength=count)
    worth = np.flatnonzero(hits >= _MIN_HIGH_PX)
    if most_px is not None:
        worth = worth[area[worth] <= most_px]
    worth = worth[np.argsort(-area[worth], kind="stable")][:_MAX_MARKS]
    rank = np.full(count, -1, np.int32)
    rank[worth] = np.arange(worth.size)
    group = rank[member]
    keep = group >= 0
    return _measure(flat, depth, (x[keep], y[keep]), group[keep], area[worth])


def _places(mask: NDArray[np.uint8] | NDArray[np.uint16]) -> tuple[Indices, Indices]:
    """Columns and rows of the pixels that are set."""
    found = mask.view(np.bool_) if mask.dtype == np.uint8 else mask > 0
    y, x = np.divmod(np.flatnonzero(found).astype(np.int32), np.int32(mask.shape[1]))
    return x, y


def _above(depth: NDArray[np.uint8], flat: Flat, factor: float, least: float) -> NDArray[np.uint8]:
    limit = np.clip(np.maximum(factor * flat.sigma, least), 0, 255).astype(np.uint8)
    whole = cv2.resize(limit, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(depth, whole, cv2.CMP_GT), dtype=np.uint8)


def _measure(
    flat: Flat,
    depth: NDArray[np.uint8],
    places: tuple[Indices, Indices],
    group: Indices,
    area: NDArray[np.intp],
) -> list[Mark]:
    """Marks from their pixels (x, y), each of which belongs to a group."""
    (x, y), count = places, area.size
    if not count:
        return []
    # Types alike, or `ufunc.at` takes many times as long.
    left, top = np.full(count, depth.shape[1], np.int32), np.full(count, depth.shape[0], np.int32)
    right, bottom = np.zeros(count, np.int32), np.zeros(count, np.int32)
    np.minimum.at(left, group, x)
    np.maximum.at(right, group, x + 1)
    np.minimum.at(top, group, y)
    np.maximum.at(bottom, group, y + 1)
    few = _thinned(group, area)
    core = np.maximum(1, group_quantiles(depth[y[few], x[few]].astype(np.int32), group[few], count, 0.9))
    steepest = _steepest(flat.depth, x, y, group, area)
    thickness = _thickness(depth, x, y, group, core)
    centre_x, centre_y, angle, straightness = _axes(x[few], y[few], group[few], count)
    return [
        Mark(
            left=box[0],
            top=box[1],
            width=box[2] - box[0],
            height=box[3] - box[1],
            area=box[4],
            depth=core_depth / flat.level_at(*middle),
            snr=core_depth / flat.sigma_at(*middle),
            sharpness=slope / core_depth,
            thickness=thick,
            x=mean_x,
            y=mean_y,
            angle=turn,
            straightness=across,
        )
        for box, core_depth, slope, thick, mean_x, mean_y, turn, across in zip(
            np.stack([left, top, right, bottom, area.astype(np.int32)], axis=1).tolist(),
            core.tolist(),
            steepest.tolist(),
            thickness.tolist(),
            centre_x.tolist(),
            centre_y.tolist(),
            angle.tolist(),
            straightness.tolist(),
            strict=True,
        )
        for middle in ((box[0] + (box[2] - box[0]) // 2, box[1] + (box[3] - box[1]) // 2),)
    ]


def _thinned(group: Indices, area: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which pixels to ask: all of small marks, some of those as large as pictures."""
    if int(area.max()) <= _DENSE_PX:
        return np.ones(group.size, np.bool_)
    return np.asarray((area[group] <= _DENSE_PX) | (np.arange(group.size) % _DENSE_STRIDE == 0), np.bool_)


def _thickness(depth: NDArray[np.uint8], x: Indices, y: Indices, group: Indices, core: Numbers) -> Numbers:
    solid = depth[y, x] > 0.5 * core[group]
    x, y, group = x[solid] + 1, y[solid] + 1, group[solid]
    first, last = (int(y.min()) - 1, int(y.max()) + 2) if y.size else (0, 1)
    framed = np.zeros((last - first, depth.shape[1] + 2), np.uint8)
    y = y - first
    framed[y, x] = 1
    inner = np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 3), dtype=np.float32)
    most = np.zeros(core.size, np.float32)
    np.maximum.at(most, group, inner[y, x])
    return 2 * most


def _steepest(
    depth: NDArray[np.int16], x: Indices, y: Indices, group: Indices, area: NDArray[np.intp]
) -> Numbers:
    """95th percentile of the slopes on a mark and on the rim round it."""
    near = np.zeros(depth.shape, np.uint16)
    near[y, x] = group + 1
    near = np.asarray(cv2.dilate(near, np.ones((3, 3), np.uint8)), dtype=np.uint16)
    x, y = _places(near)
    group = near[y, x].astype(np.int32) - 1
    few = _thinned(group, area)
    x, y, group = x[few], y[few], group[few]
    across, down = _sobel(depth, x, y)
    slope = np.rint(np.hypot(across, down) * (_SLOPE_STEPS / 8)).astype(np.int32)
    return group_quantiles(slope, group, area.size, 0.95) / np.float32(_SLOPE_STEPS)


def _sobel(depth: NDArray[np.int16], x: Indices, y: Indices) -> tuple[Numbers, Numbers]:
    """Slopes by the operator of Sobel at some pixels; the plane is mirrored at its edges."""
    if _SPARSE * x.size > depth.size or min(depth.shape) < 2:
        return (
            cv2.Sobel(depth, cv2.CV_16S, 1, 0)[y, x].astype(np.float32),
            cv2.Sobel(depth, cv2.CV_16S, 0, 1)[y, x].astype(np.float32),
        )
    height, width = depth.shape
    above, below = np.abs(y - 1) * width, (height - 1 - np.abs(height - 2 - y)) * width
    left, right = np.abs(x - 1), width - 1 - np.abs(width - 2 - x)
    level = depth.ravel()
    corners = [level[row + column] for row in (above, below) for column in (left, right)]
    across = corners[1] - corners[0] + corners[3] - corners[2]
    across += 2 * (level[y * width + right] - level[y * width + left])
    down = corners[2] - corners[0] + corners[3] - corners[1] + 2 * (level[below + x] - level[above + x])
    return across.astype(np.float32), down.astype(np.float32)


def _axes(
    x: Indices, y: Indices, group: Indices, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Centres, directions of the long axis and standard deviations across it, from second moments."""
    number = np.maximum(1, np.bincount(group, minlength=count))
    mean_x = np.bincount(group, weights=x, minlength=count) / number
    mean_y = np.bincount(group, weights=y, minlength=count) / number
    off_x, off_y = x - mean_x[group], y - mean_y[group]
    xx, yy, xy = (
        np.bincount(group, weights=weights, minlength=count) / number
        for weights in (off_x * off_x, off_y * off_y, off_x * off_y)
    )
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    across = 0.5 * (xx + yy) - np.hypot(0.5 * (xx - yy), xy)
    return mean_x, mean_y, angle, np.sqrt(np.maximum(0.0, across))
