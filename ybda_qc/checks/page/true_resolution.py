"""True resolution 真实分辨率: whether the pixels were scanned, or invented afterwards 插值放大."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.imaging.ops.edges import choose_tiles, oblique_share
from ybda_qc.imaging.ops.resampling import (
    Enlargement,
    Pixels,
    Thresholds,
    find_enlargement,
    levelled,
    swings_along_rows,
)
from ybda_qc.imaging.ops.screen import screen_prominence
from ybda_qc.imaging.view import PageView, grey_of
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

_TILE_PX: Final = 256  # stored pixels
_SMALL_PAGE_PX: Final = 1000  # of the short side, below which tiles are half as large
_LINE_STEP: Final = 12  # every twelfth row and column of a tile: neighbours say the same
_LEAST_TILES: Final = 3
_FULL_TRUST: Final = 20.0  # prominence of a line
_SCREEN: Final = 3.0  # prominence of an even pattern: halftone screens have 4 and more, writing under 2
_OBLIQUE: Final = 0.03  # of the steep pixels: edges along the axes alone may repeat at an even pitch
_NO_TRACE_TRUST: Final = 0.5  # traces fade
_UNCERTAIN_TRUST: Final = 0.3
_MAX_BOXES: Final = 3
_STEP_DPI: Final = 1
_STEP_FACTOR: Final = 0.01


class Method(BaseMethod):
    """Which tiles are asked, and from where on a line in their spectrum counts."""

    rows: int = Field(default=4, gt=0, description="rows of the grid from which tiles are taken")
    columns: int = Field(default=3, gt=0, description="columns of the grid from which tiles are taken")
    grey_height: float = Field(
        default=0.05,
        gt=0,
        description="height of a line that counts, over the mean power, on grey and colour",
    )
    bitonal_height: float = Field(default=0.2, gt=0, description="the same on black and white pages")
    prominence: float = Field(
        default=6.0, gt=0, description="times the median of its band that a line stands out"
    )


class TrueResolutionCheck(PageCheck):
    """Each pixel was scanned: no page was blown up from fewer pixels to look like a higher resolution.

    Why: DA/T 31-2017 asks for at least 200 dpi and advises 300; Chinese and foreign guidelines forbid
    interpolation, which makes files larger and nothing clearer. The number in the file proves nothing.
    What is measured is the period that interpolation leaves in the pixels: the power of a narrow band
    swells and fades with the grid of the old pixels (Gallagher 2005; Mahdian and Saic 2008). A soft
    original has no such period, so that pencil, carbon copies and photographs are not accused; a page
    that was straightened has another one; where a halftone screen or laid paper shows, or nothing but
    rules and bars along the axes, whose period may look alike, the check is unsure. The effective
    resolution is the declared one divided by the enlargement, or the declared one where no trace is
    found: it is an upper bound, for a page that is out of focus resolves less. Traces fade where the old
    picture held no fine detail, under strong JPEG compression, and where the page was turned after it was
    blown up.

    Remedy: ask for the settings of the scanner and of the software behind it, choose the optical
    resolution, and scan again. A page that was blown up cannot be mended.
    """

    id = "true_resolution"
    title = "True resolution"
    version = 5
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="upsampled",
            title="pages blown up from fewer pixels",
            template="the pixels show that the page was blown up about {value:.2f} times",
            limits=Above,
            drawing=Drawing.TILES,
        ),
        Code(
            name="unsure",
            title="pages perhaps blown up",
            template="the pixels repeat as if blown up {value:.2f} times; an even pattern may do that too",
            limits=Flag,
            drawing=Drawing.TILES,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Find the traces of enlarging in tiles with many edges.

        Returns
        -------
        measurements and observations
            ``enlargement_x``, ``enlargement_y`` (ratio, step 0.01; 1 where no trace is found),
            ``effective_resolution`` (dpi, step 1, of the worse direction) where a resolution is declared, and
            ``trace`` (none, certain, uncertain).
        """
        if view.header.compression == "vector":
            return NotApplicable(reason="drawn by the computer, not scanned")
        height, width = view.pixels.shape[:2]
        whole = _TILE_PX if min(height, width) >= _SMALL_PAGE_PX else _TILE_PX // 2
        size = max(1, whole // view.factor)
        side = size * view.factor
        places = [
            (left * view.factor, top * view.factor)
            for left, top in choose_tiles(
                view.edge_blocks, view.grey.pixels.shape, size=size, rows=method.rows, columns=method.columns
            )
        ]
        places = [(left, top) for left, top in places if left + side <= width and top + side <= height]
        if len(places) < _LEAST_TILES:
            return NotApplicable(reason="too few clear edges on the page")
        bitonal = view.header.colour_mode == "bitonal"
        thresholds = Thresholds(
            height=method.bitonal_height if bitonal else method.grey_height, prominence=method.prominence
        )
        return _measurements(_enlargement(view, places, side, thresholds), view, places, side)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Blown up in either direction; unsure where the traces may be something else."""
        factors = [found for axis in "xy" if (found := result.number(f"enlargement_{axis}")) is not None]
        worst = max(factors, key=lambda found: found.value)
        if result.text("trace") == "uncertain":
            yield from limits.flag("unsure", value=worst.value, unit=Unit.RATIO, boxes=worst.boxes)
        else:
            yield from limits.grade("upsampled", worst.value, unit=Unit.RATIO, boxes=worst.boxes)


def _enlargement(
    view: PageView, places: Sequence[tuple[int, int]], side: int, thresholds: Thresholds
) -> Enlargement | None:
    height, width = view.pixels.shape[:2]
    lefts, tops = np.array(places).T

    def find(rows: Pixels, columns: Pixels) -> Enlargement | None:
        across = swings_along_rows(rows, lefts, width)
        return find_enlargement(across, swings_along_rows(columns.swapaxes(1, 2), tops, height), thresholds)

    found = find(
        view.grey_tiles(places, side, side, rows=_LINE_STEP),
        view.grey_tiles(places, side, side, columns=_LINE_STEP),
    )
    if found is not None and view.is_colour:
        # Colour that JPEG stores at half the size shows in the grey where a channel is cut off.
        tiles = np.stack([view.pixels[top : top + side, left : left + side] for left, top in places])
        uncut = levelled(tiles, grey_of(tiles))
        found = find(uncut[:, ::_LINE_STEP], uncut[:, :, ::_LINE_STEP])
    if found is None:
        return None
    tiles = view.grey_tiles(places, side, side)
    if screen_prominence(tiles) > _SCREEN or oblique_share(tiles) < _OBLIQUE:
        return replace(found, is_certain=False)
    return found


def _measurements(
    found: Enlargement | None, view: PageView, places: Sequence[tuple[int, int]], side: int
) -> Sequence[Measured]:
    across, down = (found.across, found.down) if found else (1.0, 1.0)
    trust = min(1.0, found.prominence / _FULL_TRUST) if found else _NO_TRACE_TRUST
    if found and not found.is_certain:
        trust *= _UNCERTAIN_TRUST
    trace = "none" if found is None else "certain" if found.is_certain else "uncertain"
    boxes = tuple(
        Box(left=left, top=top, width=side, height=side) for left, top in places[:_MAX_BOXES] if found
    )
    measured: list[Measured] = [
        Measurement(
            quantity=f"enlargement_{axis}",
            value=stepped(1 / rate, _STEP_FACTOR),
            unit=Unit.RATIO,
            confidence=trust,
            boxes=boxes,
        )
        for axis, rate in (("x", across), ("y", down))
    ]
    measured.append(Observation(quantity="trace", text=trace))
    if view.header.dpi_x is not None and view.header.dpi_y is not None:
        effective = min(view.header.dpi_x * across, view.header.dpi_y * down)
        measured.append(
            Measurement(
                quantity="effective_resolution",
                value=stepped(effective, _STEP_DPI),
                unit=Unit.DPI,
                confidence=trust,
                boxes=boxes,
            )
        )
    return measured
