"""Paper size 篇幅 of the original, from pixels and declared resolution."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._paper import MM_PER_INCH, nearest_format, smallest_a_format
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, NotApplicable, Observation, Unit

OTHER: Final = "other"
"""The paper of a page that fits no known format."""

_LARGER_THAN_A0: Final = ">A0"


class Method(BaseMethod):
    """How a page is matched with a format: scans leave 2-3 mm outside, beds are 216 mm wide for A4, too."""

    tolerance_mm: float = Field(default=7.0, gt=0, description="how far a side may be from the format, in mm")
    tolerance_ratio: float = Field(
        default=0.015, ge=0, description="the same as a share of the side; the larger of both holds"
    )


class NoteOnly(Flag):
    """A remark about the original; it can never hold a batch."""

    verdict: Literal["note", "off"] = Field(description="note or off")


class PaperSizeCheck(PageCheck):
    """The size of the original is told from pixels and resolution, and named if it is a known format.

    Why: vendors bill by the size of the paper and reports count pages by it; a page of odd size among
    others may be a slip, a fold-out or a scan cut short. Archives hold ISO sizes beside Chinese ones
    (开本 such as 16开) and any other, so no size is ever a defect. The sizes of Chinese formats are
    general knowledge of the trade, not taken from a rule.

    Remedy: none is needed for an original of odd size. If the original is A4 and the page is not, look
    for a wrong resolution tag or a scan that was cut.
    """

    id = "paper_size"
    title = "Paper size"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="unknown",
            title="unknown paper format",
            template="{width_mm:.0f} x {height_mm:.0f} mm is no known paper format",
            limits=NoteOnly,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Size of the page.

        Returns
        -------
        measurements and observations
            ``width_mm`` and ``height_mm`` of the stored image, step 0.1 mm; ``paper``, the name of the
            known format or ``other``; ``a_format``, the smallest ISO A format that the page fits into,
            for billing.
        """
        header = view.header
        if not header.dpi_x or not header.dpi_y:
            return NotApplicable(
                reason="the file declares no resolution, so the size of the paper is unknown"
            )
        width = round(header.width_px / header.dpi_x * MM_PER_INCH, 1)
        height = round(header.height_px / header.dpi_y * MM_PER_INCH, 1)
        bounds = method.model_dump()
        paper = nearest_format(width, height, **bounds)
        a_format = smallest_a_format(width, height, **bounds)
        return (
            Measurement(quantity="width_mm", value=width, unit=Unit.MILLIMETRE),
            Measurement(quantity="height_mm", value=height, unit=Unit.MILLIMETRE),
            Observation(quantity="paper", text=paper.name if paper else OTHER),
            Observation(quantity="a_format", text=a_format.name if a_format else _LARGER_THAN_A0),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Remark on a size that is no known format."""
        width, height = result.number("width_mm"), result.number("height_mm")
        if width is not None and height is not None and result.text("paper") == OTHER:
            yield from limits.flag("unknown", width_mm=width.value, height_mm=height.value)
