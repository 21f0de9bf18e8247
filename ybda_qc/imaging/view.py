"""The page as checks see it: one decode, and smaller planes derived from it when somebody asks."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.decode import DecodeLimits, decode
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pdf_text import TextLayer, read_text_layer
from ybda_qc.imaging.header import Header, read_header
from ybda_qc.imaging.ops.edges import edge_blocks
from ybda_qc.imaging.ops.flat import Flat, flatten, flatten_full
from ybda_qc.imaging.ops.ink import Ink, separate_ink
from ybda_qc.imaging.ops.marks import Mark, find_marks
from ybda_qc.imaging.ops.paper import Paper, locate_paper, scale_of
from ybda_qc.imaging.ops.skew import SkewEstimate, estimate_skew
from ybda_qc.imaging.source import Source
from ybda_qc.model import Box, PageText

Pixels = NDArray[np.uint8]

PLANE_DPI = 150.0
"""Aim of the reduced planes: strokes of small print are still two pixels wide."""
_PLANE_LONG_SIDE_MIN = 1000
_PLANE_LONG_SIDE_MAX = 4000
_PLANE_LONG_SIDE_UNKNOWN_DPI = 1700
_FULL_SHARE = (0.003, 0.35)  # of the paper under ink: a page full of writing, not a bare one, no picture

_LARGEST_LETTER_MM2 = 150.0  # under ink: what covers more is no letter and no word


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A reduced, read-only picture of a page.

    Parameters
    ----------
    pixels
        uint8, (H, W) grey or (H, W, 3) RGB.
    factor
        Stored pixels to one pixel of this plane, on both axes; an integer from 1.
    dpi
        Resolution of the plane (mean of both axes), None where the file declares none.
    """

    pixels: Pixels
    factor: int
    dpi: float | None

    def box(self, left: float, top: float, width: float, height: float) -> Box:
        """A rectangle of this plane, as much of it as lies on the page, as a box on the stored pixels."""
        rows, columns = self.pixels.shape[:2]
        x, box_width = self._span(left, width, columns)
        y, box_height = self._span(top, height, rows)
        return Box(left=x, top=y, width=box_width, height=box_height)

    def _span(self, start: float, length: float, end: int) -> tuple[int, int]:
        """First stored pixel and number of stored pixels of a stretch; at least one, none beyond the end."""
        first, last = max(start, 0.0), min(start + length, float(end))
        at = min(round(first * self.factor), end * self.factor - 1)
        return at, max(1, min(round((last - first) * self.factor), end * self.factor - at))


class PageView:
    """One page: its header, its pixels (decoded at most once) and reduced planes; all read-only.

    Raises
    ------
    ImageFault
        From `header` or `pixels`, and from every plane, where the file is damaged.
    """

    def __init__(self, source: Source, frame: int = 1, *, limits: DecodeLimits | None = None) -> None:
        self.source = source
        self.frame = frame
        self.limits = limits or DecodeLimits()
        self.decodes = 0
        self._fault: ImageFault | None = None

    @cached_property
    def header(self) -> Header:
        """What the file says of the page; no pixel is decoded."""
        with self._once():
            return read_header(self.source, self.frame, limits=self.limits)

    @cached_property
    def text_layer(self) -> TextLayer | None:
        """The text in a PDF file itself; None for other formats, which have none."""
        if self.header.format != "PDF":
            return None
        with self._once():
            return read_text_layer(self.source, self.header, self.frame, self.limits)

    @cached_property
    def pixels(self) -> Pixels:
        """Stored pixels, uint8: (H, W) for bitonal (0/255) and grey, (H, W, 3) RGB otherwise."""
        header = self.header
        with self._once():
            self.decodes += 1
            decoded = decode(self.source, header, self.frame, limits=self.limits)
        self.decode_warnings = decoded.warnings
        self.is_verified = decoded.verified
        return _read_only(decoded.pixels)

    def let_go(self) -> None:
        """Keep the reduced colour plane and what comes of it, and forget the stored pixels.

        For who needs the planes of several pages at a time. The source may then be closed.
        """
        _ = self.colour
        self.__dict__.pop("pixels", None)

    @contextmanager
    def _once(self) -> Iterator[None]:
        """A page that was found damaged stays so: nobody tries a second time."""
        if self._fault is not None:
            raise self._fault
        try:
            yield
        except ImageFault as fault:
            self._fault = fault
            raise

    @property
    def has_header(self) -> bool:
        """Whether the header has been read."""
        return "header" in self.__dict__

    @property
    def has_pixels(self) -> bool:
        """Whether the pixels have been decoded."""
        return "pixels" in self.__dict__

    text: PageText | None = None  # once it has been read
    decode_warnings: tuple[str, ...] = ()
    is_verified: bool = True  # False: decoded by a decoder that would not have noticed damage

    @property
    def is_colour(self) -> bool:
        """Whether the decoded pixels have three channels (their content may still be grey)."""
        return self.pixels.ndim == 3

    @property
    def dpi(self) -> float | None:
        """Mean declared resolution, None where the file declares none."""
        header = self.header
        if header.dpi_x is None or header.dpi_y is None:
            return None
        return (header.dpi_x + header.dpi_y) / 2

    @cached_property
    def factor(self) -> int:
        """Integer reduction of the planes: about 150 dpi, kept within 1000..4000 px on the long side."""
        long_side = max(self.pixels.shape[:2])
        if self.dpi is None:
            wanted = long_side // _PLANE_LONG_SIDE_UNKNOWN_DPI
        else:
            wanted = round(self.dpi / PLANE_DPI)
        least = -(-long_side // _PLANE_LONG_SIDE_MAX)
        most = max(1, long_side // _PLANE_LONG_SIDE_MIN)
        return int(min(max(wanted, least, 1), max(most, least)))

    @cached_property
    def colour(self) -> Plane:
        """Reduced plane in the colours of the page (RGB, or grey for grey and bitonal pages)."""
        return Plane(pixels=_read_only(reduce(self.pixels, self.factor)), factor=self.factor, dpi=self._dpi)

    @cached_property
    def grey(self) -> Plane:
        """Reduced grey plane, uint8 (H, W)."""
        pixels = self.colour.pixels
        if pixels.ndim == 3:
            pixels = _read_only(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
        return Plane(pixels=pixels, factor=self.factor, dpi=self._dpi)

    @cached_property
    def paper(self) -> Paper:
        """Where the sheet lies on the reduced planes."""
        return locate_paper(self.grey.pixels, scale=self.scale)

    @cached_property
    def ink(self) -> Ink:
        """What stands out of the paper on the grey plane."""
        return separate_ink(self.grey.pixels, self.paper, scale=self.scale)

    @cached_property
    def edge_blocks(self) -> Pixels:
        """How much edge there is in each block of 16 by 16 pixels of the grey plane."""
        return edge_blocks(self.grey.pixels, self.ink.inside)

    @cached_property
    def skew(self) -> SkewEstimate | None:
        """Angle of the lines on the page; None where there is nothing to measure it by."""
        return estimate_skew(self.grey.pixels)

    @cached_property
    def dark_flat(self) -> Flat:
        """How far the grey plane is darker than its surroundings."""
        return flatten(self.grey.pixels, self.paper, self.ink.inside, brighter=False)

    @cached_property
    def bright_flat(self) -> Flat:
        """How far the grey plane is brighter than its surroundings: white writing on a dark page."""
        return flatten(self.grey.pixels, self.paper, self.ink.inside, brighter=True)

    @cached_property
    def dark_marks(self) -> tuple[Mark, ...]:
        """Marks of a page on which little stands, on the grey plane."""
        return tuple(find_marks(self.dark_flat))

    @cached_property
    def bright_marks(self) -> tuple[Mark, ...]:
        """Bright marks of a dark page, on the grey plane."""
        return tuple(find_marks(self.bright_flat))

    @cached_property
    def full_marks(self) -> tuple[Mark, ...]:
        """Marks of a page full of writing (on a dark page bright ones); none where it is not."""
        return self._full_marks(self.paper, self.ink)

    @cached_property
    def dim_marks(self) -> tuple[Mark, ...]:
        """Dark marks of a dark page full of writing: a scan that is much too dark."""
        paper = replace(self.paper, is_dark=False)
        return self._full_marks(paper, separate_ink(self.grey.pixels, paper, scale=self.scale))

    def _full_marks(self, paper: Paper, ink: Ink) -> tuple[Mark, ...]:
        share = ink.count / max(1, ink.area)
        if not _FULL_SHARE[0] <= share <= _FULL_SHARE[1]:
            return ()
        most = round(_LARGEST_LETTER_MM2 * self.scale**2)
        return tuple(find_marks(flatten_full(self.grey.pixels, paper, ink), most_px=most))

    @property
    def scale(self) -> float:
        """Pixels a millimetre of the reduced planes; without a resolution a guess, for shapes only."""
        return scale_of(self._dpi)

    @property
    def _dpi(self) -> float | None:
        return None if self.dpi is None else self.dpi / self.factor

    def grey_tile(self, top: int, left: int, height: int, width: int) -> Pixels:
        """A tile of the stored pixels in grey, uint8 (height, width), clipped to the page."""
        tile = self.pixels[top : top + height, left : left + width]
        return tile if tile.ndim == 2 else np.asarray(cv2.cvtColor(tile, cv2.COLOR_RGB2GRAY), dtype=np.uint8)

    def grey_tiles(
        self, places: Iterable[tuple[int, int]], height: int, width: int, *, rows: int = 1, columns: int = 1
    ) -> Pixels:
        """Tiles of the stored pixels in grey, uint8 (n, h, w), all of them within the page.

        Parameters
        ----------
        places
            Left and top of each.
        height, width
            Of each, before rows and columns are left out.
        rows, columns
            Of so many rows and columns, the first is taken.
        """
        return grey_of(
            np.stack(
                [
                    self.pixels[top : top + height : rows, left : left + width : columns]
                    for left, top in places
                ]
            )
        )


def grey_of(tiles: Pixels) -> Pixels:
    """Tiles in grey, uint8 (n, h, w), of tiles in grey or in RGB, (n, h, w, 3)."""
    if tiles.ndim == 3:
        return tiles
    grey = cv2.cvtColor(tiles.reshape(-1, *tiles.shape[2:]), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, dtype=np.uint8).reshape(tiles.shape[:3])


def reduce(pixels: Pixels, factor: int) -> Pixels:
    """Reduce by an integer factor, averaging areas; the last rows and columns may average fewer pixels.

    Parameters
    ----------
    pixels
        uint8, (H, W) or (H, W, 3).
    factor
        From 1; 1 returns the same array.
    """
    if factor == 1:
        return pixels
    height, width = pixels.shape[:2]
    whole = pixels[: max(1, height // factor) * factor, : max(1, width // factor) * factor]
    size = (max(1, width // factor), max(1, height // factor))
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _read_only(array: Pixels) -> Pixels:
    array = array.view()
    array.flags.writeable = False
    return array
