"""Ink on paper: what is darker than the paper around it by more than the noise of that paper."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.paper import COARSE, Paper, margin_of
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import level_quantile

Pixels = NDArray[np.uint8]

_GROUND = 8  # the background is estimated on a plane reduced by this
_GROUND_MEDIAN = 9  # pixels of that plane: stains wider than 12 mm count as background
_LIFT = 0.3  # quantile, less than half: letters darken the averages of the other blocks
_NOISE_BLOCK = 32  # the noise is estimated on blocks of this many pixels
_NOISE_STRIDE = 4  # every fourth pixel each way is enough for it
_NOISE_GAIN = (
    8  # keeps fractions of a level through 8-bit averaging; brighter by more than 32 levels is no noise
)
_BRIGHT_MEAN = 0.399  # mean of the positive part of normal noise, in standard deviations
_LEAST_NOISE = 0.8  # levels: rounding to 8 bits alone
_LEAST_DEPTH = 7.0  # levels
NOISE_FACTOR = 4.5
"""Ink stands out of the paper by this many standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """What stands out of the paper.

    Parameters
    ----------
    inside
        uint8 (H, W), 255 where ink was looked for: on the paper, off its edge.
    mask
        uint8 (H, W), 255 where a pixel is darker than the paper around it (on a dark page: brighter).
    ground
        uint8 (H/8, W/8), level of the paper (inverted on a dark page).
    noise
        float32 (H/32, W/32), standard deviation of the paper in levels.
    area
        Pixels of `inside`.
    count
        Pixels of `mask`.
    """

    inside: Pixels
    mask: Pixels
    ground: Pixels
    noise: NDArray[np.float32]
    area: int = field(init=False)
    count: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "area", cv2.countNonZero(self.inside))
        object.__setattr__(self, "count", cv2.countNonZero(self.mask))
        for array in (self.inside, self.mask, self.ground, self.noise):
            array.flags.writeable = False  # every check sees the same


def separate_ink(grey: Pixels, paper: Paper, *, scale: float) -> Ink:
    """Take the paper away from a page.

    The background is the median of the locally brightest small averages, so that neither letters nor
    tints nor uneven light count as ink (after Gatos, Pratikakis and Perantonis, "Adaptive degraded
    document image binarization", Pattern Recognition 39, 2006). The noise of the paper is read off the
    pixels *brighter* than the background, which ink cannot reach, block by block.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Where the paper is.
    scale
        Pixels a millimetre.
    """
    inside = paper.mask(grey.shape, margin_of(grey.shape, scale))
    if paper.is_dark:
        grey = np.asarray(cv2.bitwise_not(grey), dtype=np.uint8)
    if paper.is_dark:
        small = halved(grey, _GROUND.bit_length() - 1)
    else:  # most of the way is gone already
        small = halved(paper.coarse_grey, (_GROUND // COARSE).bit_length() - 1)
    ground = _background(small, paper)
    height, width = grey.shape
    noise = _noise(grey, ground, inside)
    depth = np.maximum(NOISE_FACTOR * noise, _LEAST_DEPTH)
    depth = cv2.resize(depth, ground.shape[::-1], interpolation=cv2.INTER_LINEAR)
    limit = np.clip(ground - depth, 0, 255).astype(np.uint8)
    whole = cv2.resize(limit, (width, height), interpolation=cv2.INTER_LINEAR)
    mask = np.asarray(cv2.compare(grey, whole, cv2.CMP_LT, dst=whole), dtype=np.uint8)  # in its place
    cv2.bitwise_and(mask, inside, dst=mask)
    return Ink(inside=inside, mask=mask, ground=ground, noise=noise)


def _background(small: Pixels, paper: Paper) -> Pixels:
    if paper.coarse is not None:
        on_paper = cv2.erode(paper.coarse, np.ones((3, 3), np.uint8))
        on_paper = cv2.resize(on_paper, small.shape[::-1], interpolation=cv2.INTER_NEAREST)
        small = np.where(on_paper > 0, small, np.uint8(paper.level)).astype(np.uint8)
    bright = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), _GROUND_MEDIAN)
    # The brightest of nine averages lies above their mean; on bare paper, by this much.
    lift = round(level_quantile(np.asarray(cv2.subtract(bright, small), dtype=np.uint8), _LIFT))
    return np.asarray(cv2.subtract(bright, np.full_like(bright, lift)), dtype=np.uint8)


def _noise(grey: Pixels, ground: Pixels, inside: Pixels) -> NDArray[np.float32]:
    sample, known = (
        np.ascontiguousarray(plane[::_NOISE_STRIDE, ::_NOISE_STRIDE]) for plane in (grey, inside)
    )
    paper = cv2.resize(ground, sample.shape[::-1], interpolation=cv2.INTER_LINEAR)
    brighter = cv2.convertScaleAbs(cv2.bitwise_and(cv2.subtract(sample, paper), known), alpha=_NOISE_GAIN)
    times = (_NOISE_BLOCK // _NOISE_STRIDE).bit_length() - 1
    mean = halved(np.asarray(brighter, dtype=np.uint8), times).astype(np.float32) / _NOISE_GAIN
    share = halved(known, times).astype(np.float32) / 255
    enough = share > 0.25
    sigma = np.where(enough, mean / np.maximum(share, 0.25) / _BRIGHT_MEAN, 0).astype(np.float32)
    typical = float(np.median(sigma[enough])) if enough.any() else 0.0
    smooth = cv2.medianBlur(np.where(enough, sigma, typical).astype(np.float32), 3)
    return np.maximum(smooth, max(_LEAST_NOISE, 0.7 * typical)).astype(np.float32)
