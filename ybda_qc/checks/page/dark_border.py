"""Dark borders 黑边: the scanner's bed beside the sheet."""

from collections.abc import Iterator, Sequence
from typing import Final

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, Limits
from ybda_qc.imaging.ops.border import Border, Side, measure_borders
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

_STEP_MM: Final = 0.1
_AROUND: Final = 3  # sides on which the bed shows: then the fourth should show it, too
_STEP_SHARE: Final = 0.001
_MM_PER_INCH: Final = 25.4


class DarkBorderCheck(PageCheck):
    """The picture ends at the sheet or a little outside it; no broad dark border of the bed is left.

    Why: DA/T 31-2017 has dark borders caused by scanning removed, and asks that a crop leaves 2 to 3 mm
    outside the edge of the sheet, so a thin dark margin obeys the rule. Wide ones cost toner, hide a
    turned sheet and disturb text recognition. Where the bed shows on three sides at least, the narrowest
    margin tells whether the fourth was cropped into the sheet. Black, grey and tinted beds count, if they are
    clearly darker than the paper; frames, pictures that bleed off the page and the shadow of a gutter belong
    to the original. A plain dark strip of the original that runs along its edge cannot be told from a bed.

    Remedy: crop again 2 to 3 mm outside the edge of the sheet. Straighten first if the border is a wedge.
    Never cut into the sheet to lose a border.
    """

    id = "dark_border"
    title = "Dark border"
    version = 3
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="over-limit",
            title="wide dark borders",
            template="dark border of {value:.1f} mm ({sides}) is wider than {limit:g} mm",
            limits=Above,
            drawing=Drawing.SHADE,
        ),
        Code(
            name="over-share",
            title="wide dark borders, size unknown",
            template="dark border of {percent:.1f} % of the page's short side ({sides}) is too wide",
            limits=Above,
            drawing=Drawing.SHADE,
        ),
        Code(
            name="margin-too-small",
            title="cropped close to the sheet",
            template="only {value:.1f} mm are left outside the sheet ({side}), less than {limit:g} mm",
            limits=Below,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Width of the border a side in mm (in pixels without a resolution), and the largest."""
        paper = view.paper
        if paper.is_dark:
            return NotApplicable(reason="the page itself is dark")
        borders = measure_borders(view.grey.pixels, paper, scale=view.scale)
        header = view.header
        if header.dpi_x is None or header.dpi_y is None:
            return _in_pixels(view, borders)
        mm_per_px = {
            side: view.factor
            * _MM_PER_INCH
            / (header.dpi_x if side in (Side.LEFT, Side.RIGHT) else header.dpi_y)
            for side in Side
        }
        widths = {side: stepped(borders[side].width * mm_per_px[side], _STEP_MM) for side in Side}
        measured = _measurements(view, borders, widths, Unit.MILLIMETRE, suffix="")
        return [*measured, *_margin(borders, mm_per_px)]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The widest side; boxes on every side that has a border."""
        widest, share = result.number("dark_border"), result.number("dark_border_share")
        if widest is not None:
            sides = _sides(result, "")
            yield from limits.grade(
                "over-limit", widest.value, unit=Unit.MILLIMETRE, boxes=widest.boxes, sides=sides
            )
            margin, side = result.number("margin"), result.text("margin_side")
            if margin is not None and side is not None:
                yield from limits.grade("margin-too-small", margin.value, unit=Unit.MILLIMETRE, side=side)
        elif share is not None:
            yield from limits.grade(
                "over-share",
                share.value,
                unit=Unit.RATIO,
                boxes=share.boxes,
                percent=100 * share.value,
                sides=_sides(result, "_px"),
            )


def _margin(borders: dict[Side, Border], mm_per_px: dict[Side, float]) -> Sequence[Measured]:
    """The narrowest margin outside the sheet and its side; nothing where the bed does not show around it."""
    if sum(border.width > 0 for border in borders.values()) < _AROUND:
        return ()
    narrow = {side: border.narrow * mm_per_px[side] for side, border in borders.items()}
    side = min(narrow, key=lambda side: narrow[side])
    value = stepped(narrow[side], _STEP_MM)
    return (
        Measurement(quantity="margin", value=value, unit=Unit.MILLIMETRE),
        Observation(quantity="margin_side", text=side.value),
    )


def _in_pixels(view: PageView, borders: dict[Side, Border]) -> Sequence[Measured]:
    widths = {side: float(round(borders[side].width * view.factor)) for side in Side}
    measured = _measurements(view, borders, widths, Unit.PIXEL, suffix="_px")
    widest = max(border.width for border in borders.values()) / min(view.grey.pixels.shape)
    return [
        *measured,
        Measurement(
            quantity="dark_border_share",
            value=stepped(widest, _STEP_SHARE),
            unit=Unit.RATIO,
            boxes=tuple(_box(view, side, border) for side, border in borders.items() if border.width),
        ),
    ]


def _measurements(
    view: PageView, borders: dict[Side, Border], widths: dict[Side, float], unit: Unit, *, suffix: str
) -> list[Measured]:
    boxes = {side: (_box(view, side, border),) for side, border in borders.items() if border.width}
    single: list[Measured] = [
        Measurement(
            quantity=f"dark_border_{side.value}{suffix}",
            value=widths[side],
            unit=unit,
            boxes=boxes.get(side, ()),
        )
        for side in Side
    ]
    every = tuple(box for side in boxes.values() for box in side)
    return [
        *single,
        Measurement(quantity=f"dark_border{suffix}", value=max(widths.values()), unit=unit, boxes=every),
    ]


def _sides(result: CheckResult, suffix: str) -> str:
    """The sides with a border, widest first, as words of a message."""
    found = [(side, result.number(f"dark_border_{side.value}{suffix}")) for side in Side]
    wide = sorted(((number.value, side) for side, number in found if number and number.value), reverse=True)
    return ", ".join(side.value for _, side in wide)


def _box(view: PageView, side: Side, border: Border) -> Box:
    height, width = view.grey.pixels.shape
    along, across = border.stop - border.start, border.width
    corner = {
        Side.LEFT: (0.0, border.start, across, along),
        Side.RIGHT: (width - across, border.start, across, along),
        Side.TOP: (border.start, 0.0, along, across),
        Side.BOTTOM: (border.start, height - across, along, across),
    }
    return view.grey.box(*corner[side])
