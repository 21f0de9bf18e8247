"""A nearly empty page without its paper: tint, uneven light and broad stains taken away, the noise known."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.paper import Paper
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import level_quantile

Pixels = NDArray[np.uint8]

_GROUND = 8  # the background is estimated on a plane reduced by this
_GROUND_MEDIAN = 9  # pixels of that plane: what is wider than 6 mm, half the window, counts as background
_NOISE_BLOCK = 32
_NOISE_GAIN = 8  # keeps fractions of a level through 8-bit averaging
_ABSOLUTE_TO_SIGMA = 1.2533  # standard deviation of normal noise over its mean absolute value
_LEAST_NOISE = 0.8  # levels: rounding to 8 bits alone
_LEAST_SHARE_OF_TYPICAL = 0.7  # a block that happens to be smooth is still of the same paper
_DIM = 80  # what is darker than a dim page is set against that: three levels of ten are no deep mark
_STRONG, _STRONG_NOISE = 0.35, 6.0  # share of the ground, and standard deviations, by which ink stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A page without its paper.

    Parameters
    ----------
    depth
        int16 (H, W): levels darker than the surroundings (or brighter, as was asked); 0 outside the paper.
    ground
        uint8 (H/8, W/8): level of the surroundings (inverted where brighter marks were asked).
    sigma
        float32 (H/32, W/32): standard deviation of the paper in levels.
    """

    depth: NDArray[np.int16]
    ground: Pixels
    sigma: NDArray[np.float32]

    def level_at(self, x: int, y: int) -> float:
        """Level of the paper around a pixel, at least 1."""
        rows, columns = self.ground.shape
        return max(1.0, float(self.ground[min(rows - 1, y // _GROUND), min(columns - 1, x // _GROUND)]))

    def sigma_at(self, x: int, y: int) -> float:
        """Noise around a pixel."""
        rows, columns = self.sigma.shape
        return float(self.sigma[min(rows - 1, y // _NOISE_BLOCK), min(columns - 1, x // _NOISE_BLOCK)])

    def strong_share(self, area: int) -> float:
        """Share of so many pixels of paper that stands far out of it: a cheap first look."""
        level, noise = level_quantile(self.ground, 0.5), float(np.median(self.sigma))
        limit = max(_STRONG * level, _STRONG_NOISE * noise)
        strong = cv2.threshold(self.depth, int(limit), 1, cv2.THRESH_BINARY)[1]  # whole levels over the limit
        return cv2.countNonZero(strong) / max(1, area)


def flatten(grey: Pixels, paper: Paper, inside: Pixels, *, brighter: bool | None = None) -> Flat:
    """Subtract the local median; sound where little stands on the page, so that the median is the paper.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Where the paper is.
    inside
        uint8 (H, W), 255 where marks are looked for.
    brighter
        Whether marks are brighter than their surroundings; None for what a page of this tone suggests.
    """
    brighter = paper.is_dark if brighter is None else brighter
    if brighter:
        grey = np.asarray(cv2.bitwise_not(grey), dtype=np.uint8)
    depth, ground = _depth_and_ground(grey, paper.coarse, inside)
    sigma = _sigma(depth, inside)
    if paper.is_dark:
        ground = np.maximum(ground, np.uint8(_DIM))
    return Flat(depth=depth, ground=ground, sigma=sigma)


def flatten_full(grey: Pixels, paper: Paper, ink: Ink) -> Flat:
    """The same for a page that is full of writing: ground and noise are those of the paper between it.

    Where letters stand close, their own swing passes for noise of the paper, and faint ones would be lost.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Where the paper is.
    ink
        Of the same plane.
    """
    if paper.is_dark:
        grey = np.asarray(cv2.bitwise_not(grey), dtype=np.uint8)
    return Flat(depth=_depth(grey, ink.ground, ink.inside), ground=ink.ground, sigma=ink.noise)


def _depth_and_ground(grey: Pixels, sheet: Pixels | None, inside: Pixels) -> tuple[NDArray[np.int16], Pixels]:
    """How far a plane falls below its local median, and that; `sheet` is the paper on any reduction of it."""
    small = halved(grey, _GROUND.bit_length() - 1)
    if sheet is not None:
        small = _paper_only(small, sheet)
    ground = np.asarray(cv2.medianBlur(small, _GROUND_MEDIAN), dtype=np.uint8)
    return _depth(grey, ground, inside), ground


def _depth(grey: Pixels, ground: Pixels, inside: Pixels) -> NDArray[np.int16]:
    whole = cv2.resize(ground, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    depth = np.zeros(grey.shape, np.int16)
    cv2.subtract(whole, grey, dst=depth, mask=inside, dtype=cv2.CV_16S)
    return depth


def flatten_colour(colour: Pixels, paper: Paper, inside: Pixels) -> Flat:
    """How far each pixel is tinged by a coloured ink, against the paper around it; at half the resolution.

    Red, blue, violet and green inks move the differences of the channels apart from those of the paper;
    yellowing, foxing and damp move them the way of brown, which is left out. What is brighter than its
    surroundings is no ink.

    Parameters
    ----------
    colour
        uint8 (H, W, 3) RGB, about 150 dpi.
    paper
        Where the paper is.
    inside
        uint8 (H, W), 255 where marks are looked for.

    Returns
    -------
    Flat
        Of (H/2, W/2) pixels; the ground is 255 throughout.
    """
    small = halved(colour, 1)
    red, green, blue = (np.ascontiguousarray(small[..., channel]) for channel in range(3))
    within = np.asarray(cv2.threshold(halved(inside, 1), 254, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
    # Depths are falls of a plane, so these are the rises of red over green and of green over blue.
    redder = -_depth_and_ground(_difference(red, green), paper.coarse, within)[0]
    yellower = -_depth_and_ground(_difference(green, blue), paper.coarse, within)[0]
    green = np.asarray(cv2.bitwise_not(green), dtype=np.uint8) if paper.is_dark else green
    darker = _depth_and_ground(green, paper.coarse, within)[0]
    tinge = np.maximum(redder - np.maximum(yellower, 0), np.maximum(-redder, -yellower))
    tinge[(darker <= 0) & (-redder < tinge)] = 0
    return Flat(depth=tinge, ground=np.full((1, 1), 255, np.uint8), sigma=_sigma(tinge, within))


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Pixels:
    return np.asarray(cv2.addWeighted(one, 0.5, other, -0.5, 128), dtype=np.uint8)


def _paper_only(small: Pixels, coarse: Pixels) -> Pixels:
    """The bed painted over with the level of the paper nearest to it.

    Normalised convolution (Knutsson and Westin, "Normalized and differential convolution", CVPR 1993)
    with wider and wider kernels.
    """
    sheet = cv2.erode(coarse, np.ones((3, 3), np.uint8))
    known = (cv2.resize(sheet, small.shape[::-1], interpolation=cv2.INTER_AREA) == 255).astype(np.float32)
    value = small.astype(np.float32) * known
    for size in (9, 31, 101):
        weight = cv2.blur(known, (size, size))
        fresh = (known == 0) & (weight > 1e-3)
        value = np.where(fresh, cv2.blur(value, (size, size)) / np.maximum(weight, 1e-3), value)
        known = np.where(fresh, 1, known).astype(np.float32)
    typical = float(np.median(small))
    return np.where(known > 0, np.clip(value, 0, 255), typical).astype(np.uint8)


def _sigma(depth: NDArray[np.int16], inside: Pixels) -> NDArray[np.float32]:
    # Swings of more than 32 levels are marks, not noise: they saturate.
    swing = np.asarray(cv2.convertScaleAbs(depth, alpha=_NOISE_GAIN), dtype=np.uint8)
    times = _NOISE_BLOCK.bit_length() - 1
    mean = halved(swing, times).astype(np.float32) / _NOISE_GAIN
    share = halved(inside, times).astype(np.float32) / 255
    known = share > 0.25
    sigma = np.where(known, _ABSOLUTE_TO_SIGMA * mean / np.maximum(share, 0.25), 0).astype(np.float32)
    typical = float(np.median(sigma[known])) if known.any() else 0.0
    sigma = np.where(known, sigma, typical).astype(np.float32)
    if min(sigma.shape) >= 5:  # a window of five blocks leaves single marks out of the noise
        sigma = np.asarray(cv2.medianBlur(sigma, 5), dtype=np.float32)
    return np.maximum(sigma, max(_LEAST_NOISE, _LEAST_SHARE_OF_TYPICAL * typical)).astype(np.float32)
