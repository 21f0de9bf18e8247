"""Two pages laid on each other, to tell whether they are scans of the same sheet."""

from collections.abc import Sequence
from typing import Final

from ybda_qc.imaging.ops.registration import register
from ybda_qc.imaging.ops.sheet import Sheet, prepare_sheet, side_mm
from ybda_qc.imaging.ops.sheet_difference import differ
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Measured, Measurement, NotApplicable, Observation, Unit

FINGERPRINT: Final = "fingerprint"
"""Id of the page check that measures ``SPECTRUM``."""
SPECTRUM: Final = "spectrum"
OUTCOME: Final = "outcome"
APART: Final = "apart"
LAID: Final = "laid on each other"
DIFFERENCE: Final = "difference"
SIMILARITY: Final = "similarity"

_LEAST_FOUND = 0.35  # share of the blocks that must lie where the others put them
_LEAST_INK_MM2 = 40.0  # on A4: about three lines of print; less could be any two pages
_LEAST_BLOCKS = 5


def compare_sheets(one: PageView, other: PageView) -> Sequence[Measured] | NotApplicable:
    """Register two pages and measure how their ink differs.

    Returns
    -------
    sequence of Measured
        ``outcome``; and if the pages could be laid on each other ``difference`` (most differing ink in
        the space of a few letters, mm2 on A4), ``similarity`` (mean contrast-structure term of SSIM over the
        ink), ``turn`` (degrees clockwise that take the second to the first) and ``found``.
    NotApplicable
        If there is too little on the pages to tell.
    """
    long_side = max(_side(one), _side(other))
    first, second = _prepared(one, long_side), _prepared(other, long_side)
    registration = register(first, second)
    if registration is None or registration.found < _LEAST_FOUND:
        return (Observation(quantity=OUTCOME, text=APART),)
    rough = 1 in (one.header.bits_per_sample, other.header.bits_per_sample)
    difference = differ(first, second, registration, rough=rough)
    if registration.blocks < _LEAST_BLOCKS or difference.ink_mm2 < _LEAST_INK_MM2:
        return NotApplicable(reason="too little stands on the pages")
    return (
        Observation(quantity=OUTCOME, text=LAID),
        _number(DIFFERENCE, difference.worst_mm2, Unit.SCORE),
        _number(SIMILARITY, difference.similarity, Unit.RATIO),
        _number("turn", registration.turn_degrees, Unit.DEGREE),
        _number("found", registration.found, Unit.RATIO),
    )


def _side(view: PageView) -> float:
    return side_mm(max(view.grey.pixels.shape) * view.factor, view.dpi)


def _prepared(view: PageView, long_side_mm: float) -> Sheet:
    return prepare_sheet(view.grey.pixels, view.ink, is_dark=view.paper.is_dark, long_side_mm=long_side_mm)


def _number(quantity: str, value: float, unit: Unit) -> Measurement:
    return Measurement(quantity=quantity, value=round(value, 2) + 0.0, unit=unit)
