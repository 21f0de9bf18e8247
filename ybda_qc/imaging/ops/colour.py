"""Colour on a sheet: the tint of the bare paper, and what is coloured apart from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.quantile import group_quantiles, masked_levels

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]
Indices = NDArray[np.intp]

REDUCED: Final = 4
"""Pixels of the page's plane to one of the plane on which colour is looked for, each way."""

_BARE: Final = 0.1  # of the paper's level: what is nearer to it is bare paper
_STRIDE: Final = 3  # every third row tells the median
_LEAST_BARE: Final = 20  # pixels
_FIRST_CHROMA: Final = 12  # levels between the channels, of an area of 0.7 mm
_CHROMA: Final = 20.0  # levels, of the darkest of it: the cores of strokes
_BRIGHT_YELLOW: Final = 130.0  # levels; yellowed paper, tape and stains stay under it
_MOST: Final = 2000  # pixels looked at closely
_CORE: Final = 3  # of the 16 pixels of an area
_BROWN: Final = (14.0, 75.0)  # degrees of hue: yellowing, foxing, water stains, iron-gall ink
_HUES: Final[Mapping[str, tuple[float, float]]] = {
    "red": (-40.0, 14.0),
    "yellow": (25.0, 75.0),
    "green": (75.0, 165.0),
    "blue": (165.0, 260.0),
    "violet": (260.0, 320.0),
}
_SLACK: Final = 15.0  # degrees, for the colour as it stands and for that of the whole area
_OPPOSITE: Final[Mapping[str, tuple[str, ...]]] = {
    "red": ("blue", "green"),
    "yellow": ("blue", "violet"),
    "green": ("red", "violet"),
    "blue": ("brown", "yellow", "red"),
    "violet": ("green", "brown"),
}
_BALANCE: Final = 1.5  # times its opposite: fringes of a page out of register hold as much of both
_CELL: Final = 8  # pixels: colour is judged on cells of 5 mm
_CELL_LEAST: Final = 3.0  # pixels of a cell
_CELL_LOOKED: Final = 2.0  # of those looked at closely, where only some of them are
_REGION_LEAST: Final = 6.0  # pixels, 3 mm2
_REGION_CHROMA: Final = 32.0  # levels, of the stronger fifth of a region
_STRONGER: Final = 0.8  # quantile
_RED_CHROMA: Final = (
    16.0,
    0.45,
)  # the same for reds, and by how much of the paper's own chroma: browned paper
_PAPER_A: Final = (-6.0, 9.0, 0.25)  # a* of papers: least, most on white ones, and more by so much of b*
_PAPER_B: Final = (-6.0, 45.0)  # b* of papers, from optical brighteners to brown wrapping paper
_XYZ_OF_RGB: Final = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float64
)
_WHITE_XYZ: Final = _XYZ_OF_RGB.sum(axis=1)
_LINEAR_UNDER: Final = (6 / 29) ** 3
HUES: Final = tuple(_HUES)


def reduce_colour(full: Pixels) -> Pixels:
    """The plane on which colour is looked for: of each 4 by 4 pixels the mean of the middle four.

    A quarter of the pixels is enough, for a third of the time that the mean of all would take.

    Parameters
    ----------
    full
        uint8 (H, W, 3), about 150 dpi.

    Returns
    -------
    ndarray
        uint8 (H // 4, W // 4, 3), at least one pixel each way.
    """
    height, width = full.shape[:2]
    size = (max(1, width // REDUCED), max(1, height // REDUCED))
    whole = full[: REDUCED * size[1], : REDUCED * size[0]]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A coloured place; lengths and ``area`` in pixels of the reduced plane."""

    hue: str
    left: int
    top: int
    width: int
    height: int
    area: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The reduced plane of a page, seen with the eyes of somebody used to its paper.

    Parameters
    ----------
    plane
        uint8 (H, W, 3) RGB, `REDUCED` times smaller than `full`.
    full
        uint8 (about 4 H, about 4 W, 3) RGB.
    inside
        uint8 (H, W), 255 on the paper.
    white
        float32 (3,), RGB of the bare paper; 255 throughout where no bare paper was found.
    bare
        Share of the paper that is bare; 0 where too little was found.
    """

    plane: Pixels
    full: Pixels
    inside: Pixels
    white: Numbers
    bare: float

    @classmethod
    def of(cls, plane: Pixels, full: Pixels, inside: Pixels, level: int) -> "Sheet":
        """Find the bare paper: what is near the level of the paper, in grey."""
        grey = np.asarray(cv2.cvtColor(plane, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        near = cv2.inRange(grey, np.array([(1 - _BARE) * level]), np.array([(1 + _BARE) * level]))
        bare = cv2.bitwise_and(near, inside)
        count, area = cv2.countNonZero(bare), cv2.countNonZero(inside)
        if count < _LEAST_BARE:
            return cls(plane=plane, full=full, inside=inside, white=np.full(3, 255, np.float32), bare=0.0)
        rows = np.ascontiguousarray(np.asarray(bare, dtype=np.uint8)[::_STRIDE])
        white = [_median(np.asarray(one), rows) for one in cv2.split(plane[::_STRIDE])]
        return cls(
            plane=plane, full=full, inside=inside, white=np.array(white, np.float32), bare=count / area
        )

    def adapted(self, colours: Numbers) -> Numbers:
        """Colours as they look where the paper is taken for white (von Kries, 1902)."""
        return np.minimum(colours * (np.float32(255) / np.maximum(self.white, 1)), 255)


def _median(channel: Pixels, mask: Pixels) -> float:
    total = masked_levels(channel, mask).cumsum()
    return float(np.searchsorted(total, total[-1] / 2))


def lab_of(rgb: Numbers) -> tuple[float, float, float]:
    """CIE L*, a* and b* (1976) of an sRGB colour (IEC 61966-2-1), channels 0..255.

    Written out: for one colour, the tables that OpenCV fills before its first conversion cost more than all
    the rest of a page.
    """
    share = np.asarray(rgb, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    ratio = _XYZ_OF_RGB @ linear / _WHITE_XYZ
    x, y, z = np.where(ratio > _LINEAR_UNDER, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29).tolist()
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def beyond_paper(a: float, b: float) -> tuple[float, str]:
    """How far a tint lies outside what white, yellowed and brown papers have, and which way.

    Parameters
    ----------
    a, b
        CIE a* and b* of bare paper.

    Returns
    -------
    float, str
        Distance in the plane of a* and b*, 0 inside; and ``greenish``, ``pinkish``, ``bluish``,
        ``yellowish`` or, inside, ``""``.
    """
    most_a = _PAPER_A[1] + _PAPER_A[2] * max(b, 0.0)
    off_a = min(a - _PAPER_A[0], 0.0) + max(a - most_a, 0.0)
    off_b = min(b - _PAPER_B[0], 0.0) + max(b - _PAPER_B[1], 0.0)
    if not off_a and not off_b:
        return 0.0, ""
    along_a = "greenish" if off_a < 0 else "pinkish"
    along_b = "bluish" if off_b < 0 else "yellowish"
    return float(np.hypot(off_a, off_b)), along_a if abs(off_a) > abs(off_b) else along_b


def find_colour(sheet: Sheet) -> tuple[Region, ...]:
    """Coloured ink, seals, stamps and pictures, the largest first; the tint of the paper is none.

    A place counts as coloured if it is so both as it stands and beside the paper: a white slip on brown
    paper looks blue only beside it, and brown paper is brown only as it stands. Its hue is read off the
    darkest pixels of small areas, since a thin stroke of black ink and yellow paper between them look
    bluish, too. Yellowing, foxing and stains are browns, which are left out. Fringes of a page whose
    channels are out of register come in pairs of opposite hue, which cancel.

    Returns
    -------
    tuple of Region
        In pixels of the reduced plane.
    """
    places, step, brown = _candidates(sheet)
    if not places.size and not brown.size:
        return ()
    height, width = sheet.inside.shape
    columns = -(-width // _CELL)
    cells = columns * -(-height // _CELL)
    members, chroma, weights = _by_hue(sheet, places)
    cell = _cell(places, width, columns)
    least = max(_CELL_LOOKED, _CELL_LEAST / step)
    balance: dict[str, NDArray[Any]] = {
        hue: np.bincount(cell, weights=weight, minlength=cells) * step for hue, weight in weights.items()
    }
    balance["brown"] = np.bincount(_cell(brown, width, columns), minlength=cells) * _CHROMA
    regions: list[Region] = []
    for hue, found in members.items():
        if not found.size:
            continue
        count = np.bincount(cell[found], minlength=cells)
        own = np.bincount(cell[found], weights=chroma[found], minlength=cells) * step
        opposite = np.add.reduce([balance[other] for other in _OPPOSITE[hue]])
        holds = (count >= least) & (own > _BALANCE * opposite)
        kept = holds[cell[found]]
        if kept.any():
            drawn = np.divmod(places[found][kept], width)
            regions += _regions(
                hue,
                drawn,
                chroma[found][kept],
                holds.reshape(-1, columns),
                step=step,
                least_chroma=_least_chroma(hue, sheet.white),
            )
    return tuple(sorted(regions, key=lambda region: -region.area))


def _least_chroma(hue: str, white: Numbers) -> float:
    """From where a region is coloured; reds shade into the browns of old paper."""
    if hue != "red":
        return _REGION_CHROMA
    base, part = _RED_CHROMA
    return max(_REGION_CHROMA, base + part * float(white.max() - white.min()))


def _candidates(sheet: Sheet) -> tuple[Indices, int, Indices]:
    """Places of the reduced plane worth a closer look, every how many of them, and the brown ones."""
    scale = 255 / np.maximum(sheet.white, 1)
    red, green, blue = (
        cv2.convertScaleAbs(channel, alpha=float(factor))
        for channel, factor in zip(cv2.split(sheet.plane), scale, strict=True)
    )
    most = cv2.max(cv2.max(red, green), blue)
    least = cv2.min(cv2.min(red, green), blue)
    strong = cv2.threshold(cv2.subtract(most, least), _FIRST_CHROMA, 255, cv2.THRESH_BINARY)[1]
    found = np.flatnonzero(np.asarray(cv2.bitwise_and(strong, sheet.inside)).view(np.bool_))
    r, g, b = (channel.ravel()[found].astype(np.int16) for channel in (red, green, blue))
    # Hue of 15 to 60 degrees: between the angles of red and of yellow, 4 parts green to 1 of the rest.
    is_brown = (r >= g) & (g >= b) & (4 * (g - b) > r - b) & (r - b < _BRIGHT_YELLOW)
    brown, found = found[is_brown], found[~is_brown]
    step = max(1, -(-found.size // _MOST))
    return found[::step], step, brown


def _by_hue(sheet: Sheet, places: Indices) -> tuple[dict[str, Indices], Numbers, dict[str, Numbers]]:
    """Hue -> which places have it; how strong each is; and hue -> what each weighs in the balance."""
    width = sheet.plane.shape[1]
    y, x = np.divmod(places, width)
    core = _cores(sheet.full, y, x)
    whole = sheet.plane[y, x].astype(np.float32)
    beside, hue_beside = chroma_and_hue(sheet.adapted(core))
    alone, hue_alone = chroma_and_hue(core)
    weight, hue_whole = chroma_and_hue(sheet.adapted(whole))
    chroma = np.minimum(beside, alone)
    members: dict[str, Indices] = {}
    weights: dict[str, Numbers] = {}
    for hue, (low, high) in _HUES.items():
        fits = _within(hue_beside, low, high)
        fits &= _within(hue_alone, low - _SLACK, high + _SLACK)
        fits &= _within(hue_whole, low - _SLACK, high + _SLACK)
        fits &= chroma > (_BRIGHT_YELLOW if hue == "yellow" else _CHROMA)
        members[hue] = np.flatnonzero(fits)
        weights[hue] = np.where(_within(hue_whole, low, high), weight, np.float32(0))
    return members, chroma, weights


def _cores(full: Pixels, y: Indices, x: Indices) -> Numbers:
    """Mean of the darkest pixels of areas of `REDUCED` by `REDUCED` pixels: float32 (n, 3)."""
    height, width = (side // REDUCED for side in full.shape[:2])
    blocks = full[: REDUCED * height, : REDUCED * width].reshape(height, REDUCED, width, REDUCED, 3)
    areas = blocks[y, :, x].reshape(len(y), REDUCED**2, 3)
    # Green is most of the lightness; beside it, in one number, which pixel it is.
    ranked = np.sort(areas[..., 1].astype(np.uint16) * REDUCED**2 + np.arange(REDUCED**2, dtype=np.uint16))
    darkest = ranked[:, :_CORE] % REDUCED**2
    return np.asarray(areas[np.arange(len(y))[:, None], darkest].mean(axis=1), np.float32)


def chroma_and_hue(colours: Numbers) -> tuple[Numbers, Numbers]:
    """Difference of the largest and the smallest channel, and the hue of HSV, 0..360, of each colour."""
    r, g, b = (colours[:, channel] for channel in range(3))
    most, least = colours.max(axis=1), colours.min(axis=1)
    span = np.maximum(most - least, 1e-3)
    sixth = np.where(most == r, (g - b) / span, np.where(most == g, (b - r) / span + 2, (r - g) / span + 4))
    return most - least, (60 * sixth % 360).astype(np.float32)


def _within(hue: Numbers, low: float, high: float) -> NDArray[np.bool_]:
    low, high = low % 360, high % 360
    if low <= high:
        return np.asarray((hue >= low) & (hue <= high), np.bool_)
    return np.asarray((hue >= low) | (hue <= high), np.bool_)


def _cell(places: Indices, width: int, columns: int) -> Indices:
    """Number of the cell in which each place lies, row by row."""
    y, x = np.divmod(places, width)
    return np.asarray(y // _CELL * columns + x // _CELL, np.intp)


def _regions(
    hue: str,
    places: tuple[Indices, Indices],
    chroma: Numbers,
    grid: NDArray[np.bool_],
    *,
    step: int,
    least_chroma: float,
) -> list[Region]:
    """Join neighbouring cells of one hue into regions of the places (y, x), of which each stands for `step`.

    Small and pale ones are left out.
    """
    count, labels = cv2.connectedComponents(grid.astype(np.uint8), connectivity=8)
    y, x = places
    region = np.asarray(labels, np.int32)[y // _CELL, x // _CELL] - 1
    areas = np.bincount(region, minlength=count - 1)
    strong = group_quantiles(chroma.astype(np.int32), region, count - 1, _STRONGER)
    left, top = np.full(count - 1, x.max()), np.full(count - 1, y.max())
    right, bottom = np.zeros(count - 1, np.intp), np.zeros(count - 1, np.intp)
    np.minimum.at(left, region, x)
    np.minimum.at(top, region, y)
    np.maximum.at(right, region, x + 1)
    np.maximum.at(bottom, region, y + 1)
    kept = np.flatnonzero((areas * step >= _REGION_LEAST) & (strong >= least_chroma)).tolist()
    return [
        Region(
            hue=hue,
            left=int(left[one]),
            top=int(top[one]),
            width=int(right[one] - left[one]),
            height=int(bottom[one] - top[one]),
            area=float(areas[one] * step),
        )
        for one in kept
    ]
