"""Sharpness 清晰度 of what is written."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from ybda_qc.checks._base import Above, Code, Flag, Limits, Needs, PageCheck
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.imaging.ops.edges import EdgeWidth, are_thresholded, choose_tiles, edge_widths
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

_STEP_PX: Final = 0.01
_STEP_MM: Final = 0.001
_MM_PER_INCH: Final = 25.4
_TILE_PX: Final = 72  # stored pixels, at least
_FULL_TRUST: Final = 24  # tiles
_LEAST_OF_ONE_WAY: Final = 6  # tiles that show edges in one direction
_SHARP_AMONG_SOFT: Final = 0.5
_MAX_BOXES: Final = 6
_SMEARED_SHARE: Final = 0.03  # of the paper under ink
_LEAST_PIXELS: Final = 500_000  # a smaller picture is a thumbnail
_SCREENED: Final = 4.2  # prominence of an even pattern: blurred writing has under 3, a screen more than 4.5
_FINE: Final = 0.15  # cycles a pixel: of what is blurred hardly anything is finer
_SCREEN_DPI: Final = 100.0  # programs write 72 or 96 into any picture: no size follows from that


class Method(BaseMethod):
    """Which tiles are asked, and which of them speaks for the page."""

    rows: int = Field(default=8, gt=0, description="rows of the grid from which tiles are taken")
    columns: int = Field(default=6, gt=0, description="columns of the grid from which tiles are taken")
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
    for the page. Neighbouring tiles much softer than the rest of the page are a part of it that stood off
    the glass, or a soft picture.

    Remedy: look at the page at full size. If the original is sharp, clean the glass, press the sheet
    flat, check the focus, and scan again. Sharpening by software mends nothing.
    """

    id = "sharpness"
    title = "Sharpness"
    version = 5
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
        found, thresholded = _look(view, method)
        if thresholded > len(found):
            return NotApplicable(reason="black and white only: the edges were cut by a threshold")
        if len(found) < method.least_tiles:
            if _is_smeared(view):
                return (Observation(quantity="edges", text="none"),)
            return NotApplicable(reason="too few clear edges on the page")
        page = _page_width(found, method.percentile)
        if _looks_soft(found, page, method) and _is_screened(found, view):
            return NotApplicable(reason="a halftone screen shows: its dots are no edges")
        dpi = view.dpi if view.dpi is not None and view.dpi > _SCREEN_DPI else None
        return [*_measurements(found, page, dpi), *_soft_part(found, view, dpi, method)]

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


def _look(view: PageView, method: Method) -> tuple[list[tuple[EdgeWidth, Box]], int]:
    """Edges of the tiles that have any, and how many tiles were cut by a threshold."""
    factor, shape = view.factor, view.grey.pixels.shape
    size = max(16, -(-_TILE_PX // factor))
    places = choose_tiles(view.edge_blocks, shape, size=size, rows=method.rows, columns=method.columns)
    side = size * factor
    boxes = [view.grey.box(left, top, size, size) for left, top in places]
    if not boxes:
        return [], 0
    tiles = view.grey_tiles([(box.left, box.top) for box in boxes], side, side)
    thresholded = are_thresholded(tiles)
    widths = edge_widths(tiles)
    found = [
        (edge, box)
        for edge, box, cut in zip(widths, boxes, thresholded, strict=True)
        if edge is not None and not cut
    ]
    return found, sum(thresholded)


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


def _page_width(found: list[tuple[EdgeWidth, Box]], percentile: float) -> float:
    """Width that stands for the page, pixels: that of all edges, or of those along or across, if wider."""
    widths = [
        [edge.width_px for edge, _ in found],
        [edge.across_px for edge, _ in found if edge.across_px is not None],
        [edge.down_px for edge, _ in found if edge.down_px is not None],
    ]
    least = (1, _LEAST_OF_ONE_WAY, _LEAST_OF_ONE_WAY)
    return max(
        _percentile(way, percentile) for way, few in zip(widths, least, strict=True) if len(way) >= few
    )


def _percentile(widths: ArrayLike, percentile: float) -> float:
    return quantile(np.asarray(widths, np.float32), percentile / 100)


def _looks_soft(found: list[tuple[EdgeWidth, Box]], page: float, method: Method) -> bool:
    """Whether the page, or a part of it, could be called blurred; of others nobody asks for a screen."""
    widths = [edge.width_px for edge, _ in found]
    return page >= method.soft_px or max(widths) >= method.soft_ratio * _percentile(widths, method.percentile)


def _is_screened(found: list[tuple[EdgeWidth, Box]], view: PageView) -> bool:
    """Whether most that stands on the page is printed in the dots of a screen."""
    tiles = [view.grey_tile(box.top, box.left, box.height, box.width) for _, box in found]
    whole = [tile for tile in tiles if tile.shape == tiles[0].shape]
    return screen_prominence(whole, coarsest=_FINE) > _SCREENED


def _soft_part(
    found: list[tuple[EdgeWidth, Box]], view: PageView, dpi: float | None, method: Method
) -> Iterator[Measurement]:
    """The largest group of neighbouring tiles that are much softer than the page."""
    widths = np.array([edge.width_px for edge, _ in found], np.float32)
    sharp = _percentile(widths, method.percentile)
    height, width = view.pixels.shape[:2]
    cells = np.full((method.rows, method.columns), -1)
    clear = np.zeros(cells.shape, bool)
    for number, (edge, box) in enumerate(found):
        row = min((box.top + box.height // 2) * method.rows // height, method.rows - 1)
        column = min((box.left + box.width // 2) * method.columns // width, method.columns - 1)
        if edge.width_px >= max(method.soft_ratio * sharp, method.soft_px):
            cells[row, column] = number
        else:
            clear[row, column] = True
    _, groups = cv2.connectedComponents((cells >= 0).astype(np.uint8), connectivity=8)
    sizes = np.bincount(groups[cells >= 0], minlength=2)
    largest = (groups == sizes.argmax()) & (cells >= 0)
    soft = cells[largest] if _is_apart(largest, clear) else cells[:0, 0]
    boxes = tuple(found[int(number)][1] for number in soft)
    yield Measurement(quantity="soft_tiles", value=soft.size, unit=Unit.COUNT, boxes=boxes)
    if soft.size:
        typical = float(np.median(widths[soft]))
        ratio = stepped(typical / sharp, _STEP_PX)
        yield Measurement(quantity="soft_ratio", value=ratio, unit=Unit.RATIO)
        if dpi is not None:
            width_mm = stepped(typical * _MM_PER_INCH / dpi, _STEP_MM)
            yield Measurement(quantity="soft_edge_width", value=width_mm, unit=Unit.MILLIMETRE)


def _is_apart(group: NDArray[np.bool_], clear: NDArray[np.bool_]) -> bool:
    """Whether hardly a sharp tile lies among the soft ones: soft writing under a sharp stamp is no blur."""
    rows, columns = np.flatnonzero(group.any(axis=1)), np.flatnonzero(group.any(axis=0))
    if not rows.size:
        return False
    around = clear[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return bool(np.count_nonzero(around) <= _SHARP_AMONG_SOFT * np.count_nonzero(group))


def _measurements(found: list[tuple[EdgeWidth, Box]], page: float, dpi: float | None) -> Sequence[Measured]:
    widths = [edge.width_px for edge, _ in found]
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
