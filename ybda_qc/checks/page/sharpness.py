"""Sharpness 清晰度 of what is written."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.imaging.ops.edges import EdgeWidth, are_thresholded, choose_tiles, edge_widths
from ybda_qc.imaging.ops.patches import Cells, is_picture, largest_patch
from ybda_qc.imaging.ops.pyramid import halved, halved_each
from ybda_qc.imaging.ops.quantile import quantile
from ybda_qc.imaging.ops.screen import screen_prominence
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Box,
    CheckResult,
    Drawing,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Observation,
    Unit,
    stepped,
)

Tiles = list[tuple[EdgeWidth, Box]]

_STEP_PX: Final = 0.01
_STEP_MM: Final = 0.001
_MM_PER_INCH: Final = 25.4
_TILE_PX: Final = 72  # stored pixels, at least
_FINE_DPI: Final = 450.0  # from here on tiles are halved first: edges would be wider than they are sought
_FULL_TRUST: Final = 24  # tiles
_LEAST_OF_ONE_WAY: Final = 6  # tiles that show edges in one direction
_GRAIN_PERCENTILE: Final = 20.0  # of what the flattest places of the tiles hold: the grain of the page
_GRAIN_SLOPE: Final = 0.6  # of the grain, levels a pixel: steeper than its own slopes
_FAINT: Final = 0.35  # of the rise of sharp edges: the other side shows through, or a pencil's stroke
_WRITTEN_SHARE: Final = 0.6  # of the tiles that show edges
_MAX_BOXES: Final = 6
_SMEARED_SHARE: Final = 0.03  # of the paper under ink
_LEAST_PIXELS: Final = 500_000  # a smaller picture is a thumbnail
_SCREENED: Final = 4.2  # prominence of an even pattern: blurred writing has under 3, a screen more than 4.5
_FINE: Final = 0.15  # cycles a pixel: of what is blurred hardly anything is finer
_SCREEN_DPI: Final = 100.0  # programs write 72 or 96 into any picture: no size follows from that


class Method(BaseMethod):
    """Which tiles are asked, and which of them speaks for the page."""

    rows: int = Field(default=8, gt=0, le=16, description="rows of the grid from which tiles are taken")
    columns: int = Field(default=6, gt=0, le=12, description="columns of the grid from which tiles are taken")
    percentile: float = Field(
        default=35.0,
        ge=0,
        le=100,
        description="percentile of the edge widths of the tiles that stands for the page",
    )
    least_tiles: int = Field(
        default=3, gt=0, description="tiles with clear edges below which nothing is said"
    )

    soft_ratio: float = Field(
        default=1.45, gt=1, description="times the width that stands for the page from which a tile is soft"
    )
    soft_px: float = Field(
        default=3.8, gt=0, description="pixels that the edges of a soft tile are wide at least"
    )
    closer: int = Field(
        default=2,
        gt=0,
        le=3,
        description="times as many rows and columns of tiles around those that are soft",
    )


class Blurred(Above):
    """Limits in mm, and the width in pixels that an edge must have besides."""

    least_px: float = Field(
        default=3.4, description="pixels: narrower edges are as sharp as the sampling lets them be"
    )


class PartlyBlurred(Above):
    """Limits in times the width of the sharp edges, and how much of the page it must concern."""

    least_tiles: int = Field(default=3, gt=0, description="neighbouring tiles that must be soft")
    least_mm: float = Field(default=0.37, gt=0, description="mm that their edges must be wide, where known")


class SharpnessCheck(PageCheck):
    """The edges of strokes are as narrow as the scanner can make them: the page was in focus and lay still.

    Why: DA/T 31-2017 asks for images as clear as the original; a page out of focus, moved, or lifted from
    the glass is scanned again. The width of the sharpest strong edges is measured, so that contrast, the
    grain of the paper and soft strokes of the original (carbon copies, pencil) do not count against the
    scan. Edges along and across are measured apart, for movement widens one of them, and the wider stands
    for the page. A part much softer than the rest may have stood off the glass; it is looked at more
    closely, without pictures and what shows through. Pictures may be soft in the original: a blurred
    picture is not judged. From 450 dpi on, pages are measured at half their resolution.

    Remedy: look at the page at full size. If the original is sharp, clean the glass, press the sheet
    flat, check the focus, and scan again. Sharpening by software mends nothing.
    """

    id = "sharpness"
    title = "Sharpness"
    version = 8
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="blurred",
            title="blurred pages",
            template="blurred: even the sharpest edges are {value:.2f} mm wide (limit {limit:g} mm)",
            limits=Blurred,
            drawing=Drawing.TILES,
        ),
        Code(
            name="blurred-px",
            title="blurred pages, size unknown",
            template="blurred: even the sharpest edges are {value:.1f} pixels wide (limit {limit:g} pixels)",
            limits=Above,
            drawing=Drawing.TILES,
        ),
        Code(
            name="partly-blurred",
            title="pages blurred in part",
            template="blurred in part: {tiles:d} neighbouring places have edges {value:.1f} times as wide",
            limits=PartlyBlurred,
            drawing=Drawing.TILES,
        ),
        Code(
            name="unsure",
            title="pages without one clear edge",
            template="there is much on the page, but no clear edge: badly blurred, or a soft picture",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Width of the sharpest edges in pixels, and in mm where a resolution of a scanner is declared."""
        if view.header.colour_mode == "bitonal":
            return NotApplicable(reason="black and white only: the edges were cut by a threshold")
        found, thresholded = _look(view, (method.rows, method.columns))
        if thresholded > len(found):
            return NotApplicable(reason="black and white only: the edges were cut by a threshold")
        if len(found) < method.least_tiles:
            if _is_smeared(view):
                return (Observation(quantity="edges", text="none"),)
            return NotApplicable(reason="too few clear edges on the page")
        return _measured(found, view, method)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Blurred only if wide on paper and in pixels; by pixels alone without a resolution."""
        width_px, width = result.number("edge_width_px"), result.number("edge_width")
        if width_px is None:
            yield from limits.flag("unsure")
            return
        whole: list[Finding] = []
        if width is None:
            whole += limits.grade("blurred-px", width_px.value, unit=Unit.PIXEL, boxes=width_px.boxes)
        elif width_px.value > limits["blurred"].least_px:
            whole += limits.grade("blurred", width.value, unit=Unit.MILLIMETRE, boxes=width.boxes)
        yield from whole or _judge_part(result, limits)


def _measured(found: Tiles, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
    """The numbers of a page with edges; where something is soft, it is looked at more closely."""
    sharp = _percentile([edge.width_px for edge, _ in found], method.percentile)
    soft_px = max(method.soft_px, method.soft_ratio * sharp)
    dpi = view.dpi if view.dpi is not None and view.dpi > _SCREEN_DPI else None
    near, clear = _cells(found, view, (method.rows, method.columns), soft_px)
    if not near.any() and _page_width(found, method.percentile) < method.soft_px:
        return [*_measurements(found, dpi, method), *_soft_part([], sharp, dpi)]
    if _is_screened(found, view):
        return NotApplicable(reason="a halftone screen shows: its dots are no edges")
    written = _written(found, view)
    if len(written) < max(method.least_tiles, _WRITTEN_SHARE * len(found)):
        return NotApplicable(reason="soft, but a picture: it may have been so")
    return [
        *_measurements(written, dpi, method),
        *_soft_part(_soft_tiles(view, largest_patch(near, clear), soft_px, written, method), sharp, dpi),
    ]


def _look(view: PageView, grid: tuple[int, int], near: Cells | None = None) -> tuple[Tiles, int]:
    """Edges of the tiles that have any, and how many tiles were cut by a threshold.

    Of each cell of a grid of rows and columns the tile with the most edge is looked at; only of those cells
    that are near.
    """
    factor, shape = view.factor, view.grey.pixels.shape
    step = _step(view)
    size = max(16, -(-_TILE_PX * step // factor))
    side = size * factor
    places = choose_tiles(view.edge_blocks, shape, size=size, rows=grid[0], columns=grid[1])
    boxes = [view.grey.box(left, top, size, size) for left, top in places]
    boxes = [box for box in boxes if near is None or near[_cell(box, view, near.shape)]]
    if not boxes:
        return [], 0
    tiles = view.grey_tiles([(box.left, box.top) for box in boxes], side, side)
    thresholded = are_thresholded(tiles)
    if step == 2:
        tiles = halved_each(tiles)
    found = [
        (edge.times(step), box)
        for edge, box, cut in zip(edge_widths(tiles), boxes, thresholded, strict=True)
        if edge is not None and not cut
    ]
    return found, sum(thresholded)


def _step(view: PageView) -> int:
    """Stored pixels to one pixel of a tile as it is measured, 1 or 2."""
    return 2 if view.dpi is not None and view.dpi >= _FINE_DPI else 1


def _cell(box: Box, view: PageView, grid: tuple[int, ...]) -> tuple[int, int]:
    """Row and column of the cell of a grid over the page in which the middle of a box lies."""
    height, width = view.pixels.shape[:2]
    row = (box.top + box.height // 2) * grid[0] // height
    column = (box.left + box.width // 2) * grid[1] // width
    return min(row, grid[0] - 1), min(column, grid[1] - 1)


def _cells(found: Tiles, view: PageView, grid: tuple[int, int], soft_px: float) -> tuple[Cells, Cells]:
    """The cells of a grid, bool (rows, columns), in which edges are at least so wide, and the others."""
    soft, clear = np.zeros(grid, np.bool_), np.zeros(grid, np.bool_)
    for edge, box in found:
        (soft if edge.width_px >= soft_px else clear)[_cell(box, view, grid)] = True
    return soft, clear


def _judge_part(result: CheckResult, limits: Limits) -> Iterator[Finding]:
    tiles, ratio, width = (result.number(name) for name in ("soft_tiles", "soft_ratio", "soft_edge_width"))
    limit = limits["partly-blurred"]
    if tiles is None or ratio is None or tiles.value < limit.least_tiles:
        return
    if width is None or width.value >= limit.least_mm:
        yield from limits.grade(
            "partly-blurred", ratio.value, unit=Unit.RATIO, boxes=tiles.boxes, tiles=int(tiles.value)
        )


def _is_smeared(view: PageView) -> bool:
    """Whether there is plenty on the page, so that the lack of edges means something."""
    height, width = view.pixels.shape[:2]
    inside, mask = view.ink.inside, view.ink.mask
    covered = cv2.countNonZero(mask) / max(1, cv2.countNonZero(inside))
    return height * width >= _LEAST_PIXELS and covered >= _SMEARED_SHARE


def _page_width(found: Tiles, percentile: float) -> float:
    """Width that stands for the page, pixels: that of all edges, or of those along or across, if wider."""
    slopes = _GRAIN_SLOPE * _percentile([edge.grain for edge, _ in found], _GRAIN_PERCENTILE)
    ways = [
        [(edge.rise, edge.across_px) for edge, _ in found if edge.across_px is not None],
        [(edge.rise, edge.down_px) for edge, _ in found if edge.down_px is not None],
    ]
    # Beside a lone edge in a picture, all that rises the other way is grain.
    clear = [[width for rise, width in way if rise > slopes * width] for way in ways]
    widths = [[edge.width_px for edge, _ in found], *(way for way in clear if len(way) >= _LEAST_OF_ONE_WAY)]
    return max(_percentile(way, percentile) for way in widths)


def _percentile(widths: ArrayLike, percentile: float) -> float:
    return quantile(np.asarray(widths, np.float32), percentile / 100)


def _written(found: Tiles, view: PageView) -> Tiles:
    """The tiles that show writing: the edges of a picture may be soft."""
    times = _step(view) - 1
    tiles = (halved(view.grey_tile(box.top, box.left, box.height, box.width), times) for _, box in found)
    return [place for place, tile in zip(found, tiles, strict=True) if not is_picture(tile)]


def _is_screened(found: Tiles, view: PageView) -> bool:
    """Whether most that stands on the page is printed in the dots of a screen."""
    tiles = [view.grey_tile(box.top, box.left, box.height, box.width) for _, box in found]
    whole = [tile for tile in tiles if tile.shape == tiles[0].shape]
    return screen_prominence(whole, coarsest=_FINE) > _SCREENED


def _soft_tiles(view: PageView, near: Cells, soft_px: float, sharp: Tiles, method: Method) -> Tiles:
    """The largest group of neighbouring tiles that are much softer than the page, seen more closely."""
    grid = (method.rows * method.closer, method.columns * method.closer)
    around = cv2.dilate(near.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)
    found, _ = _look(view, grid, around)
    least_rise = _FAINT * float(np.median([edge.rise for edge, _ in sharp if edge.width_px < soft_px] or [0]))
    clear = [tile for tile in found if tile[0].width_px < soft_px]
    soft = [tile for tile in found if tile[0].width_px >= soft_px and tile[0].rise >= least_rise]
    soft = _written(soft, view)
    patch = largest_patch(*_cells([*soft, *clear], view, grid, soft_px))
    return [(edge, box) for edge, box in soft if patch[_cell(box, view, grid)]]


def _soft_part(soft: Tiles, sharp: float, dpi: float | None) -> Iterator[Measurement]:
    """How many tiles are soft, and by how much."""
    boxes = tuple(box for _, box in soft)
    yield Measurement(quantity="soft_tiles", value=len(soft), unit=Unit.COUNT, boxes=boxes)
    if soft:
        typical = _percentile([edge.width_px for edge, _ in soft], 50)
        ratio = stepped(typical / sharp, _STEP_PX)
        yield Measurement(quantity="soft_ratio", value=ratio, unit=Unit.RATIO)
        if dpi is not None:
            width_mm = stepped(typical * _MM_PER_INCH / dpi, _STEP_MM)
            yield Measurement(quantity="soft_edge_width", value=width_mm, unit=Unit.MILLIMETRE)


def _measurements(found: Tiles, dpi: float | None, method: Method) -> Sequence[Measured]:
    widths = [edge.width_px for edge, _ in found]
    page = _page_width(found, method.percentile)
    spread = _percentile(widths, 90) - _percentile(widths, 10)
    trust = min(1.0, len(found) / _FULL_TRUST)
    # The sharpest tiles stand as evidence: even they are no sharper.
    boxes = tuple(found[index][1] for index in np.argsort(widths, kind="stable")[:_MAX_BOXES])
    measured = [
        Measurement(
            quantity="edge_width_px",
            value=stepped(page, _STEP_PX),
            unit=Unit.PIXEL,
            confidence=trust,
            boxes=boxes,
        ),
        Measurement(quantity="edge_width_spread_px", value=stepped(spread, _STEP_PX), unit=Unit.PIXEL),
        Measurement(quantity="tiles", value=len(found), unit=Unit.COUNT),
    ]
    if dpi is not None:
        width = stepped(page * _MM_PER_INCH / dpi, _STEP_MM)
        measured.append(
            Measurement(
                quantity="edge_width", value=width, unit=Unit.MILLIMETRE, confidence=trust, boxes=boxes
            )
        )
    return measured
