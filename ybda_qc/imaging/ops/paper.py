"""The sheet of paper on the picture, and the dark scanner bed around it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.quantile import level_quantile

Pixels = NDArray[np.uint8]

NOMINAL_DPI = 150.0
"""Taken for the scale of marks where a file declares no resolution; never reported as a size."""
COARSE = 4
"""The plane is reduced by this, a power of two, to look for the bed; see `Paper.coarse_grey`."""
_SCALE_RANGE = (3.0, 8.0)  # px a mm; a false tag must not turn letters into specks

_RIM_MM = 2.0
_RIM_SHARE = 0.03  # of the short side
_DARK_PAGE = 80  # a page whose middle is darker than this is a dark page, not a page on a dark bed
_BED_SHARE = 0.45  # of the paper's level: darker is bed, where it is joined to the edge of the picture
_BED_THICK_MM = 1.6  # thinner dark things that touch the edge are rules and letters
_ISLAND_SHARE = 0.01  # bright islands smaller than this share of the picture lie on the bed
_LID_STEP = 8  # a white lid behind the sheet is brighter than the sheet by at least this
_LID_CLEAN = 12  # and nothing on it is darker than it by more than this


def scale_of(dpi: float | None) -> float:
    """Pixels a millimetre of a plane, for judging the size of marks; bounded against false tags."""
    low, high = _SCALE_RANGE
    return min(max((dpi or NOMINAL_DPI) / 25.4, low), high)


def margin_of(shape: tuple[int, ...], scale: float) -> int:
    """Width in pixels of the rim of sheet and picture in which nothing is looked for.

    2 mm, less on small pictures: there lie shadows of the edge, frayed ends of the bed and the scanner's
    own marks.
    """
    return max(1, min(round(_RIM_MM * scale), round(_RIM_SHARE * min(shape[:2]))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where on a plane the paper is.

    Parameters
    ----------
    level
        Grey level of the bare paper, 0..255.
    is_dark
        The page itself is dark (cover, negative, all-black picture); no bed can be told from it.
    bed_share
        Share of the picture that a dark bed takes.
    coarse
        uint8 (H/4, W/4), 255 on the paper and 0 on a dark bed or on a white lid; None where neither was
        found.
    coarse_grey
        uint8 (H/4, W/4), the picture itself, reduced by `COARSE`.
    """

    level: int
    is_dark: bool
    bed_share: float
    coarse: Pixels | None
    coarse_grey: Pixels

    def __post_init__(self) -> None:
        for array in (self.coarse, self.coarse_grey):
            if array is not None:
                array.flags.writeable = False  # every check sees the same

    def mask(self, shape: tuple[int, ...], margin_px: int) -> Pixels:
        """Paper further than `margin_px` from bed and picture edge: uint8 (H, W), 255 inside.

        Parameters
        ----------
        shape
            Of the plane.
        margin_px
            In pixels of the plane.
        """
        height, width = shape[:2]
        mask = np.zeros((height, width), np.uint8)
        inner = mask[margin_px : height - margin_px, margin_px : width - margin_px]
        inner[...] = 255
        if self.coarse is not None and inner.size:
            size = 2 * -(-margin_px // COARSE) + 1
            ground = np.asarray(cv2.erode(self.coarse, np.ones((size, size), np.uint8)), dtype=np.uint8)
            cv2.bitwise_and(mask, _enlarged(ground, height, width), dst=mask)
        return mask


def _enlarged(mask: Pixels, height: int, width: int) -> Pixels:
    """Enlarge to the nearest pixel: the columns first, then whole rows, for half the time of both at once."""
    wide = np.asarray(cv2.resize(mask, (width, mask.shape[0]), interpolation=cv2.INTER_NEAREST))
    rows = np.arange(height) * (mask.shape[0] / height)
    return np.asarray(wide[rows.astype(np.intp)], dtype=np.uint8)


def locate_paper(grey: Pixels, *, scale: float) -> Paper:
    """Tell the sheet from a dark bed around it.

    The bed is what is darker than 0.45 of the paper, thicker than a rule and joined to the edge of the
    picture.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    scale
        Pixels a millimetre.
    """
    coarse = halved(grey, COARSE.bit_length() - 1)
    middle = _middle(coarse)
    # The upper quarter of the levels: letters darken the rest.
    level = round(level_quantile(middle, 0.75))
    median = level_quantile(middle, 0.5)
    if median < _DARK_PAGE:
        return Paper(level=round(median), is_dark=True, bed_share=0.0, coarse=None, coarse_grey=coarse)
    bed = _dark_bed(coarse, level, scale / COARSE)
    lid = _white_lid(coarse, bed, level, scale / COARSE)
    around = bed if lid is None else lid if bed is None else np.maximum(bed, lid)
    return Paper(
        level=level,
        is_dark=False,
        bed_share=0.0 if bed is None else cv2.countNonZero(bed) / bed.size,
        coarse=None
        if around is None
        else _without_islands(np.asarray(cv2.bitwise_not(around), dtype=np.uint8)),
        coarse_grey=coarse,
    )


def _middle(coarse: Pixels) -> Pixels:
    height, width = coarse.shape
    return coarse[height // 5 : max(1, height - height // 5), width // 5 : max(1, width - width // 5)]


def _dark_bed(coarse: Pixels, level: int, scale: float) -> Pixels | None:
    dark = np.asarray(
        cv2.threshold(coarse, level * _BED_SHARE, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8
    )
    return _joined_to_edge(dark, scale)


def _white_lid(coarse: Pixels, bed: Pixels | None, level: int, scale: float) -> Pixels | None:
    """The lid of a flatbed round a tinted sheet; only if clean, so that no margin is taken for one."""
    ring = np.concatenate([coarse[0], coarse[-1], coarse[:, 0], coarse[:, -1]])
    lid_level = level_quantile(ring, 0.9)
    if lid_level - level < _LID_STEP:
        return None
    bright = np.asarray(
        cv2.threshold(coarse, (level + lid_level) / 2, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8
    )
    lid = _joined_to_edge(bright, scale)
    if lid is None:
        return None
    rest = np.asarray(cv2.bitwise_not(lid if bed is None else np.maximum(lid, bed)), dtype=np.uint8)
    count, _ = cv2.connectedComponents(rest, connectivity=8)
    inner = cv2.erode(lid, np.ones((3, 3), np.uint8), borderValue=255) > 0
    if count != 2 or not inner.any() or float(coarse[inner].min()) < lid_level - _LID_CLEAN:
        return None
    return lid


def _joined_to_edge(mask: Pixels, scale: float) -> Pixels | None:
    """The parts of a mask that reach the edge of the picture and are thicker than a rule; None where none."""
    if not (mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()):
        return None
    # The picture is taken to go on outside its edge, so that thin borders survive the opening.
    size = max(1, round(_BED_THICK_MM * scale)) | 1
    padded = cv2.copyMakeBorder(mask, size, size, size, size, cv2.BORDER_REPLICATE)
    padded = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    thick = np.ascontiguousarray(padded[size:-size, size:-size])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thick, connectivity=4)
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    height, width = mask.shape
    touches = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    touches[0] = False
    if count < 2 or not touches.any():
        return None
    return np.where(touches[labels], 255, 0).astype(np.uint8)


def _without_islands(paper: Pixels) -> Pixels:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    if count <= 2:
        return paper
    small = stats[:, cv2.CC_STAT_AREA] < _ISLAND_SHARE * paper.size
    small[0] = False
    paper[small[labels]] = 0
    return paper
