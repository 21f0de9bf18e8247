"""Resolution 分辨率 as the file declares it."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, Flag, Limits
from ybda_qc.checks._paper import MM_PER_INCH
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, NotApplicable, Unit


class Plausible(Flag):
    """Bounds within which a resolution, and the paper that follows from it, can be believed."""

    least_dpi: float = Field(gt=0, description="no scan is coarser")
    most_dpi: float = Field(gt=0, description="no scan of paper is finer")
    least_side_mm: float = Field(ge=0, description="no paper is narrower")
    most_short_side_mm: float = Field(gt=0, description="no paper is wider")
    most_long_side_mm: float = Field(gt=0, description="no paper is longer")


class ResolutionCheck(PageCheck):
    """Every page declares a resolution 分辨率, the same in both directions, high enough and believable.

    Why: without a true resolution the size of the original is lost, and no one can tell whether small
    writing was captured. DA/T 31-2017 demands at least 200 dpi and advises 300 for small, dense or
    faint writing and 600 for facsimiles. A resolution that makes the page as small as a stamp or as
    large as a wall was never the scanner's.

    Remedy: scan again at the resolution agreed. Never raise the number by editing the tag or by enlarging the
    image; where only the tag was lost in processing, export again with the true value from the scan software.
    """

    id = "resolution"
    title = "Resolution"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="missing",
            title="resolution missing",
            template="the file declares no resolution",
            limits=Flag,
        ),
        Code(
            name="below-minimum",
            title="resolution below the minimum",
            template="resolution {value:g} dpi is below the minimum of {limit:g} dpi",
            limits=Below,
        ),
        Code(
            name="below-advised",
            title="resolution below the advised one",
            template="resolution {value:g} dpi is below the advised {limit:g} dpi",
            limits=Below,
        ),
        Code(
            name="unequal",
            title="resolution differs between the axes",
            template="resolution differs between the axes: {x:g} x {y:g} dpi",
            limits=Above,
        ),
        Code(
            name="implausible",
            title="resolution not to be believed",
            template="at {x:g} x {y:g} dpi the page is {width_mm:.0f} x {height_mm:.0f} mm, no known paper",
            limits=Plausible,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Take the declared resolution, and what follows from it.

        Returns
        -------
        measurements
            ``resolution_x`` and ``resolution_y`` along the stored width and height, step 0.01 dpi;
            ``width_mm`` and ``height_mm`` of the page, step 0.1 mm. Nothing where the file declares
            none. Not applicable to PDF pages that are drawn and hold no picture: they have no
            resolution.
        """
        header = view.header
        if header.compression == "vector":
            return NotApplicable(reason="the page is drawn, not scanned; it has no resolution of its own")
        if not header.dpi_x or not header.dpi_y:
            return ()
        width = header.width_px / header.dpi_x * MM_PER_INCH
        height = header.height_px / header.dpi_y * MM_PER_INCH
        return (
            Measurement(quantity="resolution_x", value=round(header.dpi_x, 2), unit=Unit.DPI),
            Measurement(quantity="resolution_y", value=round(header.dpi_y, 2), unit=Unit.DPI),
            Measurement(quantity="width_mm", value=round(width, 1), unit=Unit.MILLIMETRE),
            Measurement(quantity="height_mm", value=round(height, 1), unit=Unit.MILLIMETRE),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Missing; or else too low, unequal, implausible."""
        x, y = result.number("resolution_x"), result.number("resolution_y")
        if x is None or y is None:
            yield from limits.flag("missing")
            return
        lower, higher = sorted((x.value, y.value))
        below_minimum = tuple(limits.grade("below-minimum", lower, unit=Unit.DPI))
        yield from below_minimum or limits.grade("below-advised", lower, unit=Unit.DPI)
        if lower > 0:
            difference = round((higher - lower) / lower, 4)
            yield from limits.grade("unequal", difference, unit=Unit.RATIO, x=x.value, y=y.value)
        width, height = result.number("width_mm"), result.number("height_mm")
        if width is None or height is None:
            return
        if not _is_plausible(limits["implausible"], (lower, higher), (width.value, height.value)):
            yield from limits.flag(
                "implausible", x=x.value, y=y.value, width_mm=width.value, height_mm=height.value
            )


def _is_plausible(bounds: Plausible, dpi: tuple[float, float], sides_mm: tuple[float, float]) -> bool:
    lower, higher = dpi
    short, long = sorted(sides_mm)
    return (
        bounds.least_dpi <= lower
        and higher <= bounds.most_dpi
        and bounds.least_side_mm <= short <= bounds.most_short_side_mm
        and long <= bounds.most_long_side_mm
    )
