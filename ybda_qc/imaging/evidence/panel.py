"""Parts of a page on a picture: the whole page made small, and a piece of it at full size or larger."""

from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.evidence.canvas import BACKGROUND, GAP, Canvas, Point, as_rgb, beside
from ybda_qc.imaging.view import PageView, Pixels
from ybda_qc.model import Box

_LEAST_SIDE = 150  # px: room for marks and labels beside the smallest page
_LEAST_HEIGHT = 300  # of a cut-out
_WIDTH = 320  # of a cut-out
_FILLED = 0.4  # of a cut-out by the box it shows
_MOST_ZOOM = 4
_WORTH = 1.8  # times the scale of the page, else a cut-out shows nothing new
_OUTSIDE = (206, 210, 214)


class Panel(Canvas):
    """A picture whose pixels stand for stored pixels of a page.

    Parameters
    ----------
    pixels
        uint8, (H, W, 3) RGB, writable.
    scale
        Pixels of the picture to one stored pixel.
    origin
        Where the stored pixel (0, 0) lies on the picture; may be outside.
    """

    def __init__(self, pixels: Pixels, scale: float, origin: Point) -> None:
        super().__init__(pixels)
        self.scale = scale
        self.origin = origin

    def at(self, x: float, y: float) -> Point:
        """A place on the stored pixels as a place on the picture."""
        return self.origin[0] + x * self.scale, self.origin[1] + y * self.scale

    def corners(self, box: Box, apart: float = 0.0) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a box on the picture, that much outside it."""
        left, top = self.at(box.left, box.top)
        right, bottom = self.at(box.left + box.width, box.top + box.height)
        return left - apart, top - apart, right + apart, bottom + apart

    def outline(self, box: Box, *, apart: float = 2.0, least: float = 9.0, width: int = 2) -> None:
        """A frame round a box; round a speck it is large enough to be seen."""
        left, top, right, bottom = self.corners(box, apart)
        more_x, more_y = max(0.0, least - (right - left)) / 2, max(0.0, least - (bottom - top)) / 2
        self.frame(left - more_x, top - more_y, right + more_x, bottom + more_y, width=width)


class Overview(Panel):
    """The whole page.

    Parameters
    ----------
    view
        The page; its reduced colour plane is used, no second decode.
    long_side
        Of the page on the picture in pixels, at most; a smaller page is not enlarged.
    margin
        Pixels left free round the page.
    """

    def __init__(self, view: PageView, long_side: int, margin: int = 0) -> None:
        plane = view.colour
        height, width = plane.pixels.shape[:2]
        scale = min(1.0, long_side / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = as_rgb(np.asarray(cv2.resize(plane.pixels, size, interpolation=cv2.INTER_AREA), np.uint8))
        free_x = max(margin, -(-(_LEAST_SIDE - size[0]) // 2), 0)
        free_y = max(margin, -(-(_LEAST_SIDE - size[1]) // 2), 0)
        ground = _filled(size[1] + 2 * free_y, size[0] + 2 * free_x, BACKGROUND)
        ground[free_y : free_y + size[1], free_x : free_x + size[0]] = small
        super().__init__(ground, scale / plane.factor, (free_x, free_y))
        self.page = (free_x, free_y, free_x + size[0], free_y + size[1])

    def with_cut_out(self, cut_out: "CutOut | None") -> Canvas:
        """The page, and the cut-out beside it tied to its place on the page."""
        if cut_out is None:
            return self
        left, top = self.at(*cut_out.region[:2])
        right, bottom = self.at(*cut_out.region[2:])
        self.frame(left, top, right, bottom, width=1)
        whole = Canvas(beside([self.pixels, cut_out.pixels]))
        x, y = GAP, (whole.height - self.height) / 2
        far, upper = 2 * GAP + self.width, (whole.height - cut_out.height) / 2
        inner = float(np.clip(right, 0, self.width))
        for on_page, beside_it in ((top, upper), (bottom, upper + cut_out.height)):
            start = (x + inner, y + float(np.clip(on_page, 0, self.height)))
            whole.lines([start, (far, beside_it)], width=1)
        whole.frame(far - 1, upper - 1, far + cut_out.width, upper + cut_out.height)
        return whole


class CutOut(Panel):
    """A piece of the page from its stored pixels, at full size, magnified, or reduced to fit.

    Attributes
    ----------
    region
        Left, top, right and bottom on the stored pixels; may lie partly outside the page.
    """

    def __init__(self, pixels: Pixels, scale: float, region: tuple[int, int, int, int]) -> None:
        super().__init__(pixels, scale, (-region[0] * scale, -region[1] * scale))
        self.region = region

    @classmethod
    def round(
        cls, view: PageView, page: Overview, box: Box, *, zoom: float | None = None, beyond: bool = False
    ) -> Self | None:
        """What lies round a box.

        Parameters
        ----------
        view, page
            The page, and how it is shown as a whole.
        box
            What the cut-out is made for; stands in its middle where the page allows.
        zoom
            Pixels of the picture to one stored pixel; None for one that shows box and surroundings.
        beyond
            Whether the cut-out may reach beyond the edge of the image, which is then shown as such.

        Returns
        -------
        CutOut or None
            None where the page as a whole shows the box nearly as large.
        """
        width, height = _WIDTH, max(page.height, _LEAST_HEIGHT)
        if zoom is None:
            zoom = min(_FILLED * width / max(1, box.width), _FILLED * height / max(1, box.height))
        zoom = float(min(_MOST_ZOOM, int(zoom))) if zoom >= 1 else zoom
        if zoom < _WORTH * page.scale:
            return None
        region = _region(view, box, round(width / zoom), round(height / zoom), beyond=beyond)
        piece = _piece(view.pixels, region)
        way = cv2.INTER_NEAREST if zoom >= 1 else cv2.INTER_AREA
        resized = np.array(cv2.resize(piece, (width, height), interpolation=way), dtype=np.uint8)
        made = cls(resized, zoom, region)
        made.label(_scale_name(zoom), (width, height))
        return made


def _scale_name(zoom: float) -> str:
    """The scale as it is written on a cut-out: 1:1, x3 where it magnifies, 49 % where it makes smaller."""
    if zoom == 1:
        return "1:1"
    return f"x{zoom:.2g}" if zoom > 1 else f"{100 * zoom:.0f} %"


def _filled(height: int, width: int, colour: tuple[int, int, int]) -> Pixels:
    ground: NDArray[np.uint8] = np.full((height, width, 3), colour, dtype=np.uint8)
    return ground


def _region(view: PageView, box: Box, width: int, height: int, *, beyond: bool) -> tuple[int, int, int, int]:
    """A rectangle of that size round the box, pushed back into the page unless it may reach beyond."""
    page_height, page_width = view.pixels.shape[:2]
    left = round(box.left + box.width / 2 - width / 2)
    top = round(box.top + box.height / 2 - height / 2)
    if not beyond:
        left = max(0, min(left, page_width - width))
        top = max(0, min(top, page_height - height))
    return left, top, left + width, top + height


def _piece(pixels: Pixels, region: tuple[int, int, int, int]) -> Pixels:
    """The pixels of a region, (H, W, 3); what lies outside the page is hatched."""
    left, top, right, bottom = region
    height, width = pixels.shape[:2]
    piece = _filled(bottom - top, right - left, _OUTSIDE)
    slant = max(1, (right - left) // 40)
    ys, xs = np.ogrid[: bottom - top, : right - left]
    piece[(xs + ys) % (2 * slant) < slant] = BACKGROUND
    x0, x1 = (int(np.clip(x, 0, width)) for x in (left, right))
    y0, y1 = (int(np.clip(y, 0, height)) for y in (top, bottom))
    if x1 > x0 and y1 > y0:
        piece[y0 - top : y1 - top, x0 - left : x1 - left] = as_rgb(pixels[y0:y1, x0:x1])
    return piece
