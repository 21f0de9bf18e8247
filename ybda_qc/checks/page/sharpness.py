"""Sharpness 清晰度 of what is written."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Above, Code, Flag, Limits, Needs, PageCheck
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.imaging.ops.edges import EdgeWidth, choose_tiles, edge_width, is_thresholded
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
)

_STEP_PX: Final = 0.01
_STEP_MM: Final = 0.001
_MM_PER_INCH: Final = 25.4
_TILE_PX: Final = 96  # stored pixels, at least
_FULL_TRUST: Final = 12  # tiles
_MAX_BOXES: Final = 6
_SMEARED_SHARE: Final = 0.03  # of the paper under ink
_LEAST_PIXELS: Final = 500_000  # a smaller picture is a thumbnail


class Method(BaseMethod):
    """Which tiles are asked, and which of them speaks for the page."""

    rows: int = Field(default=6, gt=0, description="rows of the grid from which tiles are taken")
    columns: int = Field(default=4, gt=0, description="columns of the grid from which tiles are taken")
    percentile: float = Field(
        default=25.0,
        ge=0,
        le=100,
        description="percentile of the edge widths of the tiles that stands for the page",
    )
    least_tiles: int = Field(
        default=3, gt=0, description="tiles with clear edges below which nothing is said"
    )


class Blurred(Above):
    """Limits in mm, and the width in pixels that an edge must have besides."""

    least_px: float = Field(
        default=4.6, description="pixels: narrower edges are as sharp as the sampling lets them be"
    )


class SharpnessCheck(PageCheck):
    """The edges of strokes are as narrow as the scanner can make them: the page was in focus and lay still.

    Why: DA/T 31-2017 asks for images as clear as the original; a page out of focus, moved, or lifted from
    the glass is scanned again. The width of the sharpest strong edges is measured, so that contrast, the
    grain of the paper and soft strokes of the original (carbon copies, pencil) do not count against the
    scan.

    Remedy: look at the page at full size. If the original is sharp, clean the glass, press the sheet
    flat, check the focus, and scan again. Sharpening by software mends nothing.
    """

    id = "sharpness"
    title = "Sharpness"
    version = 1
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
            name="unsure",
            title="pages without one clear edge",
            template="there is much on the page, but no clear edge: badly blurred, or a soft picture",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Width of the sharpest edges in pixels, and in mm where a resolution is declared."""
        if view.header.colour_mode == "bitonal":
            return NotApplicable(reason="black and white only: the edges were cut by a threshold")
        factor, grey = view.factor, view.grey.pixels
        size = max(16, -(-_TILE_PX // factor))
        found: list[tuple[EdgeWidth, Box]] = []
        thresholded = 0
        for left, top in choose_tiles(
            view.edge_blocks, grey.shape, size=size, rows=method.rows, columns=method.columns
        ):
            tile = np.ascontiguousarray(
                view.grey_tile(top * factor, left * factor, size * factor, size * factor)
            )
            if is_thresholded(tile):
                thresholded += 1
            elif (edge := edge_width(tile)) is not None:
                found.append((edge, view.grey.box(left, top, size, size)))
        if thresholded > len(found):
            return NotApplicable(reason="black and white only: the edges were cut by a threshold")
        if len(found) < method.least_tiles:
            if _is_smeared(view):
                return (Observation(quantity="edges", text="none"),)
            return NotApplicable(reason="too few clear edges on the page")
        return _measurements(found, view.dpi, method.percentile)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Blurred only if wide on paper and in pixels; by pixels alone without a resolution."""
        width_px, width = result.number("edge_width_px"), result.number("edge_width")
        if width_px is None:
            yield from limits.flag("unsure")
            return
        if width is None:
            yield from limits.grade("blurred-px", width_px.value, unit=Unit.PIXEL, boxes=width_px.boxes)
        elif width_px.value > limits["blurred"].least_px:
            yield from limits.grade("blurred", width.value, unit=Unit.MILLIMETRE, boxes=width.boxes)


def _is_smeared(view: PageView) -> bool:
    """Whether there is plenty on the page, so that the lack of edges means something."""
    height, width = view.pixels.shape[:2]
    inside, mask = view.ink.inside, view.ink.mask
    covered = cv2.countNonZero(mask) / max(1, cv2.countNonZero(inside))
    return height * width >= _LEAST_PIXELS and covered >= _SMEARED_SHARE


def _measurements(
    found: list[tuple[EdgeWidth, Box]], dpi: float | None, percentile: float
) -> Sequence[Measured]:
    widths = np.array([edge.width_px for edge, _ in found])
    page = float(np.percentile(widths, percentile))
    spread = float(np.percentile(widths, 90) - np.percentile(widths, 10))
    trust = min(1.0, len(found) / _FULL_TRUST)
    # The sharpest tiles stand as evidence: even they are no sharper.
    boxes = tuple(found[index][1] for index in np.argsort(widths, kind="stable")[:_MAX_BOXES])
    measured = [
        Measurement(
            quantity="edge_width_px",
            value=_rounded(page, _STEP_PX),
            unit=Unit.PIXEL,
            confidence=trust,
            boxes=boxes,
        ),
        Measurement(quantity="edge_width_spread_px", value=_rounded(spread, _STEP_PX), unit=Unit.PIXEL),
        Measurement(quantity="tiles", value=len(found), unit=Unit.COUNT),
    ]
    if dpi is not None:
        width = _rounded(page * _MM_PER_INCH / dpi, _STEP_MM)
        measured.append(
            Measurement(
                quantity="edge_width", value=width, unit=Unit.MILLIMETRE, confidence=trust, boxes=boxes
            )
        )
    return measured


def _rounded(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)
