"""Numbers that stand on a page where page numbers do: at the top or bottom, alone on their line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ybda_qc.model import Box, PageText
from ybda_qc.model.folding import fold

_BAND: Final = 0.13  # of the height, at the top and at the bottom
_CENTRE: Final = (0.36, 0.64)  # of the width
_MOST: Final = 9999

_FORM: Final = re.compile(
    r"[^\w〇]*(?:第|page|p\.)?\s*(?P<number>[0-9]{1,4}|[〇零一二三四五六七八九十百]{1,7}|[ivxlc]{1,8})\s*[页頁]?"
    r"(?:\W*(?:/|共|of)\s*[0-9]{1,4}\s*[页頁]?)?[^\w〇]*"
)
_DIGITS: Final = "零一二三四五六七八九"
_UNITS: Final = {"十": 10, "百": 100}
_ROMAN: Final = re.compile(r"(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Series = tuple[str, str, str]
"""Top or bottom, centre or side, and the kind of the digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumber:
    """A number that may be that of the page.

    Attributes
    ----------
    series
        What numbers of the same numbering have in common.
    value
        The number.
    box
        Where it stands, in stored pixels.
    """

    series: Series
    value: int
    box: Box


def page_numbers(text: PageText) -> Iterator[PageNumber]:
    """Numbers alone on their line near the top or the bottom of an upright page, in order of reading.

    Numbers in the left and the right corners are of one series: they stand outside on pages of books.
    """
    for line in text.lines:
        across, down = _upright(text, line.box)
        band = "top" if down <= _BAND else "bottom" if down >= 1 - _BAND else None
        read = None if band is None else read_number(line.text)
        if band is not None and read is not None:
            kind, value = read
            side = "centre" if _CENTRE[0] <= across <= _CENTRE[1] else "side"
            yield PageNumber(series=(band, side, kind), value=value, box=line.box)


def read_number(text: str) -> tuple[Literal["digits", "roman"], int] | None:
    """Read ``- 12 -``, ``第12页``, ``第 3 页 共 8 页``, ``十二``, ``一〇``, ``⑫``, ``xii``; None: none."""
    match = _FORM.fullmatch(fold(text).strip())
    if match is None:
        return None
    number = match["number"]
    if number.isdecimal():
        value = int(number)
    elif number[0] in _ROMAN_VALUES:
        value = _roman(number)
        return ("roman", value) if value else None
    else:
        value = _chinese(number)
    return ("digits", value) if 0 < value <= _MOST else None


def _upright(text: PageText, box: Box) -> tuple[float, float]:
    """Share of the width and the height of the upright page at which the middle of a box lies."""
    across = (box.left + box.width / 2) / max(1, text.width_px)
    down = (box.top + box.height / 2) / max(1, text.height_px)
    match text.turn:
        case 90:
            return 1 - down, across
        case 180:
            return 1 - across, 1 - down
        case 270:
            return down, 1 - across
    return across, down


def _chinese(number: str) -> int:
    """Value by units, as 一百零三, or by places, as 一〇三; 0 if it is neither."""
    digits = number.replace("〇", "零")
    if not set(digits) & _UNITS.keys():
        return int("".join(str(_DIGITS.index(digit)) for digit in digits))
    total, ones, last = 0, 0, 1000
    for letter in digits:
        if letter not in _UNITS:
            ones = _DIGITS.index(letter)
        elif _UNITS[letter] < last:
            last = _UNITS[letter]
            total, ones = total + (ones or 1) * last, 0
        else:
            return 0
    return total + ones


def _roman(number: str) -> int:
    """Value of a well-formed Roman number, else 0."""
    if not _ROMAN.fullmatch(number):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in number]
    following = [*values[1:], 0]
    return sum(-one if one < other else one for one, other in zip(values, following, strict=True))
