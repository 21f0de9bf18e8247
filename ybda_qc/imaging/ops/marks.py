"""Every mark that stands out on a nearly empty page, measured: size, darkness, sharpness, direction."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.flat import Flat

_LOW, _HIGH = 3.0, 4.5  # standard deviations: a mark extends over the lower threshold and reaches the upper
_LOW_LEAST, _HIGH_LEAST = 4.0, 6.0  # the same in levels
_MIN_HIGH_PX = 2
_MAX_MARKS = 600  # the largest; more of them is texture
_RIM_PX = 2


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


def find_marks(flat: Flat) -> list[Mark]:
    """Marks that stand out of the noise, largest first.

    Thresholds with hysteresis (Canny, "A computational approach to edge detection", PAMI 1986): a mark is
    a connected set above three standard deviations that somewhere rises above four and a half.
    """
    depth = np.asarray(cv2.convertScaleAbs(np.maximum(flat.depth, 0)), dtype=np.uint8)
    low = _above(depth, flat, _LOW, _LOW_LEAST)
    high = _above(depth, flat, _HIGH, _HIGH_LEAST) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(low, connectivity=8)
    hits = np.bincount(labels[high], minlength=count)
    hits[0] = 0
    worth = np.flatnonzero(hits >= _MIN_HIGH_PX)
    worth = worth[np.argsort(-stats[worth, cv2.CC_STAT_AREA], kind="stable")][:_MAX_MARKS]
    members = np.asarray(labels, dtype=np.int32)
    return [_measure(flat, members, stats[label], int(label)) for label in worth]


def _above(depth: NDArray[np.uint8], flat: Flat, factor: float, least: float) -> NDArray[np.uint8]:
    limit = np.clip(np.maximum(factor * flat.sigma, least), 0, 255).astype(np.uint8)
    whole = cv2.resize(limit, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(depth, whole, cv2.CMP_GT), dtype=np.uint8)


def _measure(flat: Flat, labels: NDArray[np.int32], stat: NDArray[np.int32], label: int) -> Mark:
    left, top, width, height, area = (int(value) for value in stat)
    y0, y1 = max(0, top - _RIM_PX), top + height + _RIM_PX
    x0, x1 = max(0, left - _RIM_PX), left + width + _RIM_PX
    window = flat.depth[y0:y1, x0:x1].astype(np.float32)
    member = (labels[y0:y1, x0:x1] == label).astype(np.uint8)
    core = max(1.0, float(np.percentile(window[member > 0], 90)))
    centre_x, centre_y, angle, straightness = _axis(member)
    middle = (left + width // 2, top + height // 2)
    return Mark(
        left=left,
        top=top,
        width=width,
        height=height,
        area=area,
        depth=core / flat.level_at(*middle),
        snr=core / flat.sigma_at(*middle),
        sharpness=_steepest(window, member) / core,
        thickness=_thickness(member & (window > 0.5 * core)),
        x=x0 + centre_x,
        y=y0 + centre_y,
        angle=angle,
        straightness=straightness,
    )


def _thickness(member: NDArray[np.uint8]) -> float:
    framed = cv2.copyMakeBorder(member, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(framed, cv2.DIST_L2, 3).max())


def _steepest(window: NDArray[np.float32], member: NDArray[np.uint8]) -> float:
    across = cv2.Sobel(window, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(window, cv2.CV_32F, 0, 1, scale=1 / 8)
    near = cv2.dilate(member, np.ones((3, 3), np.uint8)) > 0
    return float(np.percentile(cv2.magnitude(across, down)[near], 95))


def _axis(member: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Centre, direction of the long axis and standard deviation across it, from second moments."""
    moments = cv2.moments(member, binaryImage=True)
    area = max(1.0, moments["m00"])
    xx, yy, xy = moments["mu20"] / area, moments["mu02"] / area, moments["mu11"] / area
    angle = 0.5 * float(np.arctan2(2 * xy, xx - yy))
    across = 0.5 * (xx + yy) - float(np.hypot(0.5 * (xx - yy), xy))
    return moments["m10"] / area, moments["m01"] / area, angle, float(np.sqrt(max(0.0, across)))
