"""Show-through 透字: writing of the other side that shines through the paper."""

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.imaging.ops.soft_marks import measure_soft_marks
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, NotApplicable, Unit, stepped

_STEP: Final = 0.01
_LEAST_PX: Final = 64
_LEAST_BARE: Final = 0.1  # share of the paper


class Method(BaseMethod):
    """How much of the paper must be covered before a strength is told."""

    least_share: float = Field(
        default=0.035,
        gt=0,
        lt=1,
        description="share of the bare paper under pale marks from which they are taken for show-through",
    )


class ShowThroughCheck(PageCheck):
    """The writing of the other side does not disturb the reading of the page.

    Why: thin paper lets the print of its back shine through as soft, pale, mirrored marks. That is the
    original's own and no defect of the scan, but it costs legibility and upsets text recognition; a black
    sheet laid behind the page during scanning takes most of it away. Stains and grey tones look alike to a
    computer, so this is no more than a hint.

    Remedy: if the text is hard to read, scan again with a black backing sheet. Never clean the image.
    """

    id = "show_through"
    title = "Show-through"
    version = 5
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="strong",
            title="strong show-through",
            template="pale marks as of the other side, {percent:.0f} % as dark as the ink",
            limits=Above,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Darkness of the pale marks against that of the ink; 0 where they cover too little."""
        if view.paper.is_dark:
            return NotApplicable(reason="the page itself is dark")
        if view.header.colour_mode == "bitonal":
            return NotApplicable(reason="a bitonal page keeps no pale tones")
        if min(view.grey.pixels.shape) < _LEAST_PX:
            return NotApplicable(reason="the picture is too small to tell")
        marks = measure_soft_marks(view.grey.pixels, view.ink, level=view.paper.level, scale=view.scale)
        if marks is None:
            return NotApplicable(reason="no dark ink on the page to compare pale marks with")
        if marks.bare < _LEAST_BARE:
            return NotApplicable(reason="too little bare paper between the writing to see the other side")
        strength = marks.strength if marks.share >= method.least_share else 0.0
        return [
            Measurement(quantity="strength", value=stepped(strength, _STEP), unit=Unit.RATIO, confidence=0.5),
            Measurement(quantity="share", value=stepped(marks.share, _STEP), unit=Unit.RATIO),
        ]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The stronger, the worse."""
        strength = result.number("strength")
        if strength is not None:
            yield from limits.grade("strong", strength.value, unit=Unit.RATIO, percent=100 * strength.value)
