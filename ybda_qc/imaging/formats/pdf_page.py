"""What a PDF page shows: one scanned picture that covers it, several pictures, or drawn content.

Coordinates of the page have y upwards; those of the display have y downwards, after /Rotate.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pixels import check_size
from ybda_qc.imaging.values import DecodeLimits

_POINTS_AN_INCH = 72.0
_RENDER_DPI = 300.0
_FORM_DEPTH = 8
_OBJECTS_MOST = 200_000
_EDGE_POINTS = 3.0
_EDGE_RATIO = 0.01
_AXIS_TOLERANCE = 2e-4
"""Tangent of the turn below which a picture lies straight: half a pixel over a long page."""
_COVERING_MOST_OF_PAGE = 0.5
_DPI_MOST = 2400.0
_INVISIBLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A picture on a page.

    ``matrix`` (a, b, c, d, e, f) maps the unit square to the page in points; ``handle`` is pdfium's object.
    """

    handle: Any
    width_px: int
    height_px: int
    matrix: tuple[float, ...]

    @property
    def dpi(self) -> tuple[float, float]:
        """Resolution along the picture's own width and height."""
        a, b, c, d = self.matrix[:4]
        across, down = _length(a, b) / _POINTS_AN_INCH, _length(c, d) / _POINTS_AN_INCH
        return self.width_px / across, self.height_px / down

    @property
    def area(self) -> float:
        """Square points covered."""
        a, b, c, d = self.matrix[:4]
        return abs(a * d - b * c)

    @property
    def turned(self) -> bool | None:
        """False if its width lies along the page's, True if along the height, None if it lies askew."""
        a, b, c, d = self.matrix[:4]
        if abs(b) <= _AXIS_TOLERANCE * abs(a) and abs(c) <= _AXIS_TOLERANCE * abs(d):
            return False
        if abs(a) <= _AXIS_TOLERANCE * abs(b) and abs(d) <= _AXIS_TOLERANCE * abs(c):
            return True
        return None

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top on the page."""
        a, b, c, d, e, f = self.matrix
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What stands on a page.

    Parameters
    ----------
    scan
        The one picture that covers the page and is all there is to see; None otherwise.
    pictures
        All pictures, in drawing order.
    has_text
        Whether there is text, visible or not.
    is_empty
        Whether pdfium finds nothing at all.
    render_dpi
        Resolution to draw the page at, where it is not a scan.
    width_points, height_points
        Size as displayed.
    """

    scan: Placed | None
    pictures: tuple[Placed, ...]
    has_text: bool
    is_empty: bool
    only_pictures: bool
    render_dpi: float
    rotation: int
    width_points: float
    height_points: float


def _length(x: float, y: float) -> float:
    return math.hypot(x, y) or 1e-9


def content_of(page: pdfium.PdfPage, limits: DecodeLimits) -> PageContent:
    """Look through the objects of a page.

    Raises
    ------
    ImageFault
        ``too-large``: more objects or pixels than allowed; ``unreadable``: the page has no size.
    """
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height)) or width <= 0 or height <= 0:
        raise ImageFault("unreadable", "The PDF page has no size.")
    pictures: list[Placed] = []
    # Only what is drawn after a covering picture can be seen: older objects lie beneath it.
    seen_since_picture, text, drawn = False, False, False
    for number, item in enumerate(page.get_objects(max_depth=_FORM_DEPTH)):
        if number >= _OBJECTS_MOST:
            raise ImageFault("too-large", "The PDF page has too many objects.")
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_placed(item))
            seen_since_picture = False
        elif item.type == raw.FPDF_PAGEOBJ_TEXT:
            text = True
            visible = raw.FPDFTextObj_GetTextRenderMode(item) != _INVISIBLE
            seen_since_picture |= visible
            drawn |= visible
        elif item.type != raw.FPDF_PAGEOBJ_FORM:
            seen_since_picture = drawn = True
    box = _box(page)
    alone = len(pictures) == 1 and not seen_since_picture and _covers(pictures[0], box)
    scan = pictures[0] if alone and pictures[0].turned is not None and not _see_through(pictures[0]) else None
    content = PageContent(
        scan=scan,
        pictures=tuple(pictures),
        has_text=text and page.get_textpage().count_chars() > 0,
        is_empty=not pictures and not text and not drawn,
        only_pictures=not drawn,
        render_dpi=_render_dpi(pictures, box, width * height, limits, only_pictures=not drawn),
        rotation=page.get_rotation(),
        width_points=width,
        height_points=height,
    )
    if scan is not None:
        check_size(scan.width_px, scan.height_px, limits)
    return content


def _placed(item: Any) -> Placed:
    width, height = item.get_px_size()
    matrix = np.array(_three_by_three(item.get_matrix().get()))
    outer = item.container
    while outer is not None:
        matrix = matrix @ np.array(_three_by_three(outer.get_matrix().get()))
        outer = outer.container
    a, b, c, d, e, f = matrix[:, :2].reshape(-1).tolist()
    return Placed(handle=item, width_px=width, height_px=height, matrix=(a, b, c, d, e, f))


def _three_by_three(values: tuple[float, ...]) -> list[list[float]]:
    a, b, c, d, e, f = values
    return [[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]]


def _box(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """What is displayed of the page: crop box within media box; left, bottom, right, top."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def _covers(picture: Placed, box: tuple[float, float, float, float]) -> bool:
    """Whether the edges of picture and page coincide, give or take one per cent or three points."""
    bounds = picture.bounds()
    slack_x = max(_EDGE_POINTS, _EDGE_RATIO * (box[2] - box[0]))
    slack_y = max(_EDGE_POINTS, _EDGE_RATIO * (box[3] - box[1]))
    near = [abs(bounds[side] - box[side]) <= (slack_y if side % 2 else slack_x) for side in range(4)]
    return all(near)


def _see_through(picture: Placed) -> bool:
    return bool(raw.FPDFPageObj_HasTransparency(picture.handle))


def _render_dpi(
    pictures: list[Placed],
    box: tuple[float, float, float, float],
    area: float,
    limits: DecodeLimits,
    *,
    only_pictures: bool,
) -> float:
    """Native resolution of the pictures where they make up the page, else 300 dpi; bounded.

    A page with nothing but pictures is drawn at their resolution however little of it they cover: a higher
    one would pass for the resolution of the scan.
    """
    page_area = (box[2] - box[0]) * (box[3] - box[1])
    together = sum(picture.area for picture in pictures)
    large = [p for p in pictures if p.area >= _COVERING_MOST_OF_PAGE * page_area]
    if not large and (only_pictures or together >= 0.9 * page_area):
        large = pictures
    wanted = max((max(picture.dpi) for picture in large), default=_RENDER_DPI)
    inches = area / _POINTS_AN_INCH**2
    most = math.sqrt(limits.max_pixels / inches) * 0.999
    native = wanted if 1.0 <= wanted <= _DPI_MOST else _RENDER_DPI
    if large and native > most:
        dpi = round(native)
        raise ImageFault("too-large", f"The PDF page at {dpi} dpi is more than the pixels allowed.")
    return round(min(native, most), 2)


def displayed(pixels: NDArray[np.uint8], picture: Placed, rotation: int) -> NDArray[np.uint8]:
    """Turn and mirror a picture as the page displays it: its matrix, then /Rotate clockwise; a view."""
    across, down = display_axes(picture, rotation)
    if across[0] == 0:
        pixels = np.swapaxes(pixels, 0, 1)
        across, down = down, across
    if across[0] < 0:
        pixels = pixels[:, ::-1]
    if down[1] < 0:
        pixels = pixels[::-1]
    return pixels


def display_axes(picture: Placed, rotation: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Directions (x right, y down) on the display of the picture's own right and down."""
    a, b, c, d = picture.matrix[:4]
    if picture.turned:
        across, down = (0, -_sign(b)), (-_sign(c), 0)
    else:
        across, down = (_sign(a), 0), (0, _sign(d))
    for _ in range(rotation // 90 % 4):
        across, down = (-across[1], across[0]), (-down[1], down[0])
    return across, down


def _sign(value: float) -> int:
    return -1 if value < 0 else 1
