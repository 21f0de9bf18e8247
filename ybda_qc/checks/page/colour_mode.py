"""Colour mode 色彩模式 as the file declares it: colour, grey or bitonal."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Observation, Unit

_MODES = "of bitonal, grey, palette, rgb, rgba, grey-alpha, cmyk, ycck, lab, other"


class AllowedModes(Flag):
    """The colour modes that a page may have; any other is the defect."""

    allowed: tuple[str, ...] = Field(description=_MODES)


class UsualModes(Flag):
    """The colour modes that scanners deliver; any other is the defect."""

    usual: tuple[str, ...] = Field(description=_MODES)


class ColourModeCheck(PageCheck):
    """Every page is stored in a colour mode 色彩模式 that the profile allows.

    Why: DA/T 31-2017 wants colour as the rule, and demands it for red letterheads, seals, photographs
    and coloured text; black and white pages without pictures may be bitonal, unclear ones grey. Colour
    that was not scanned cannot be won back. CMYK, Lab and transparency are no output of a scanner and
    look different from viewer to viewer.

    Remedy: scan again in the mode agreed. Turning a grey image into colour changes the number of bytes and
    nothing else. Images in CMYK or with transparency are exported again as RGB.
    """

    id = "colour_mode"
    title = "Colour mode"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="not-allowed",
            title="colour mode not allowed",
            template="colour mode {mode} is not among those allowed: {allowed}",
            limits=AllowedModes,
        ),
        Code(
            name="unusual",
            title="unusual colour mode",
            template="colour mode {mode} is unusual for a scan",
            limits=UsualModes,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """``mode`` of the stored pixels; ``bits`` of a sample and ``samples`` of a pixel."""
        header = view.header
        return (
            Observation(quantity="mode", text=header.colour_mode),
            Measurement(quantity="bits", value=header.bits_per_sample, unit=Unit.COUNT),
            Measurement(quantity="samples", value=header.samples_per_pixel, unit=Unit.COUNT),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Mode not allowed, mode no scanner delivers."""
        mode = result.text("mode")
        if mode is None:
            return
        allowed = limits["not-allowed"].allowed
        if mode not in allowed:
            yield from limits.flag("not-allowed", mode=mode, allowed=", ".join(allowed))
        if mode not in limits["unusual"].usual:
            yield from limits.flag("unusual", mode=mode)
