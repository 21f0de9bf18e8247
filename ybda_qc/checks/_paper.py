"""Known paper formats: ISO 216, JIS, the Chinese formats 开本 and the American ones.

The sizes of the ISO and American formats are those of their standards; those of the Chinese ones are general
knowledge of the trade (trimmed sizes), which differ by a few millimetres from mill to mill.
"""

from dataclasses import dataclass
from typing import Final

MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFormat:
    """A paper format: its name as reports print it, and its sides in millimetres."""

    name: str
    short_mm: float
    long_mm: float


_ISO_A: Final = tuple(
    PaperFormat(name=name, short_mm=short, long_mm=long)
    for name, short, long in (
        ("A6", 105, 148),
        ("A5", 148, 210),
        ("A4", 210, 297),
        ("A3", 297, 420),
        ("A2", 420, 594),
        ("A1", 594, 841),
        ("A0", 841, 1189),
    )
)
_OTHERS: Final = tuple(
    PaperFormat(name=name, short_mm=short, long_mm=long)
    for name, short, long in (
        ("16开 184×260", 184, 260),
        ("大16开 210×285", 210, 285),
        ("32开 130×184", 130, 184),
        ("大32开 140×203", 140, 203),
        ("8开 260×370", 260, 370),
        ("大8开 285×420", 285, 420),
        ("4开 370×520", 370, 520),
        ("大4开 420×570", 420, 570),
        ("对开 520×740", 520, 740),
        ("B6 (ISO)", 125, 176),
        ("B5 (ISO)", 176, 250),
        ("B4 (ISO)", 250, 353),
        ("B3 (ISO)", 353, 500),
        ("B6 (JIS)", 128, 182),
        ("B5 (JIS)", 182, 257),
        ("B4 (JIS)", 257, 364),
        ("B3 (JIS)", 364, 515),
        ("Letter", 215.9, 279.4),
        ("Legal", 215.9, 355.6),
        ("Tabloid", 279.4, 431.8),
    )
)
PAPER_FORMATS: Final = _ISO_A + _OTHERS
"""Every format known; of two that fit a page equally well the first one is taken."""

_CUT_WEIGHT: Final = 2.0
"""A side that is too short weighs so much more than one too long: scans leave a margin outside the page."""


def tolerance_of(side_mm: float, *, tolerance_mm: float, tolerance_ratio: float) -> float:
    """How far a side may be from that of a format, in millimetres: the larger of the two tolerances."""
    return max(tolerance_mm, tolerance_ratio * side_mm)


def nearest_format(
    width_mm: float, height_mm: float, *, tolerance_mm: float, tolerance_ratio: float
) -> PaperFormat | None:
    """Find the known format nearest to a page, upright or lying; None if none lies within the tolerance.

    Parameters
    ----------
    width_mm, height_mm
        Of the page.
    tolerance_mm, tolerance_ratio
        See `tolerance_of`; applied to each side.
    """
    sides = sorted((width_mm, height_mm))
    best: PaperFormat | None = None
    least = float("inf")
    for paper in PAPER_FORMATS:
        formats_sides = (paper.short_mm, paper.long_mm)
        excess = [side - wanted for side, wanted in zip(sides, formats_sides, strict=True)]
        within = all(
            abs(error) <= tolerance_of(wanted, tolerance_mm=tolerance_mm, tolerance_ratio=tolerance_ratio)
            for error, wanted in zip(excess, formats_sides, strict=True)
        )
        distance = sum((error if error >= 0 else _CUT_WEIGHT * error) ** 2 for error in excess)
        if within and distance < least:
            best, least = paper, distance
    return best


def smallest_a_format(
    width_mm: float, height_mm: float, *, tolerance_mm: float, tolerance_ratio: float
) -> PaperFormat | None:
    """Find the smallest ISO A format that a page fits into, upright or lying; None beyond A0.

    Parameters
    ----------
    width_mm, height_mm
        Of the page.
    tolerance_mm, tolerance_ratio
        How far the page may reach over the format; see `tolerance_of`.
    """
    short, long = sorted((width_mm, height_mm))
    for paper in _ISO_A:
        fits = all(
            side <= wanted + tolerance_of(wanted, tolerance_mm=tolerance_mm, tolerance_ratio=tolerance_ratio)
            for side, wanted in ((short, paper.short_mm), (long, paper.long_mm))
        )
        if fits:
            return paper
    return None
