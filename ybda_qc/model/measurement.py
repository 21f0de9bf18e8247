"""What is measured on a page: numbers with a unit, facts without one, and the reasons for having neither."""

import math
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Units of measured quantities, as they are printed."""

    DEGREE = "deg"
    MILLIMETRE = "mm"
    PIXEL = "px"
    DPI = "dpi"
    BYTE = "B"
    RATIO = "ratio"
    LEVEL = "level"  # of 0..255
    COUNT = "count"
    PER_CM2 = "1/cm2"
    HERTZ = "Hz"
    BIT = "bit"
    SCORE = "score"  # dimensionless, defined by the quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on the stored pixels of a page, in pixels."""

    left: int
    top: int
    width: int
    height: int

    def as_list(self) -> list[int]:
        """``[left, top, width, height]``, the form of the report files."""
        return [self.left, self.top, self.width, self.height]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A number measured on a page.

    Parameters
    ----------
    quantity
        Name of the quantity, unique within its check, for example ``skew``.
    value
        The number, rounded by the check to the quantity's step before it is stored. Never NaN.
    unit
        Its unit.
    confidence
        How sure the estimate is, 0..1; 1 for exact facts.
    boxes
        Where on the page, in pixels of the stored image.
    """

    quantity: str
    value: float
    unit: Unit
    confidence: float = 1.0
    boxes: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"{self.quantity}: {self.value} is not a number")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"{self.quantity}: confidence {self.confidence} is outside 0..1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A fact about a page that is not a number, for example the colour mode."""

    quantity: str
    text: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """Why a check has nothing to say about a page. Not a pass; counted and shown.

    ``reason`` is an English template without fields, translated like every message.
    """

    reason: str


Measured = Measurement | Observation

_DIGITS = 6  # no step is finer; rounding to them removes what binary fractions leave behind


def stepped(value: float, step: float) -> float:
    """The value to the nearest whole multiple of a quantity's step, as it is stored and printed."""
    return float(round(round(value / step) * step, _DIGITS))
