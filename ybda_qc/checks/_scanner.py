"""Which pages are of one scanner, as near as files tell."""

from dataclasses import dataclass

from ybda_qc.model import PageResult

_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Scanner:
    """Pages of one resolution, or else of one size, in one copy of a delivery.

    Pages that are cropped one by one differ in size; against the guide of the feeder they still agree.

    Parameters
    ----------
    dpi
        Across and down, whole; None where either is not declared.
    size_px
        Width and height where there is no resolution.
    copy
        Name of the copy in whose folder the pages lie: the access copy of a page is no further page.
    """

    dpi: tuple[int, int] | None
    size_px: tuple[int, int] | None = None
    copy: str = ""

    def distance(self, pixels: float, *, down: bool = False) -> str:
        """A distance from the left (or upper) edge in mm, or in pixels without a resolution."""
        if self.dpi is None:
            return f"{pixels:.0f} px"
        return f"{pixels / self.dpi[down] * _MM_PER_INCH:.1f} mm"


def scanner_of(page: PageResult, copy: str = "") -> Scanner | None:
    """The scanner of a page of a copy; None where not even its size is known."""
    if not page.width_px or not page.height_px:
        return None
    across, down = (round(page.number("resolution", f"resolution_{axis}") or 0) for axis in "xy")
    if across and down:
        return Scanner((across, down), copy=copy)
    return Scanner(None, (page.width_px, page.height_px), copy)
