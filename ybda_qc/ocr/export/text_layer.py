"""The invisible text of a PDF page: each word lies on its box, whichever way it runs on the stored image.

The cells of the words of a line touch: readers take a gap for a blank, and blanks stand only where they were
read. A line runs straight along its words, also where the page is askew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ybda_qc.model import Box, PageText, TextLine, WritingDirection
from ybda_qc.ocr.export.glyphless import InvisibleFont

FONT = "F"
"""Name of the font among the resources of the page."""

_THINNEST = 0.5  # points: of a cell, where boxes overlap
_SHORTEST_CUT = 2 * 4  # digits of two codes: a single character tells a reader no direction


@dataclass(frozen=True, slots=True)
class _Span:
    """A box along the direction of reading: where it begins and ends, how high it reaches and stands."""

    begin: float
    end: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Cell:
    """Characters that fill a stretch of a line."""

    text: str
    length: float


def draw_text(text: PageText, width_points: float, height_points: float, font: InvisibleFont) -> bytes:
    """Operators that draw the text of a page on its picture, so that it is not seen.

    Parameters
    ----------
    text
        Printable.
    width_points, height_points
        Of the picture, whose lower left corner is the origin.
    font
        Takes up the characters.
    """
    across, down = width_points / text.width_px, height_points / text.height_px
    operators = ["BT", "3 Tr"]
    for line in text.lines:
        angle = _angle(line, text.turn)
        spans = [_span(_scaled(word.box, across, down), angle) for word in line.words]
        if spans:
            operators += _line(line, spans, angle, height_points, font)
    return "\n".join([*operators, "ET", ""]).encode()


def _angle(line: TextLine, turn: int) -> int:
    """Direction of reading on the stored image, in degrees clockwise from rightwards."""
    return ((90 if line.direction is WritingDirection.VERTICAL else 0) - turn) % 360


def _scaled(box: Box, across: float, down: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in points from the upper left corner."""
    return box.left * across, box.top * down, (box.left + box.width) * across, (box.top + box.height) * down


def _span(sides: tuple[float, float, float, float], angle: int) -> _Span:
    left, top, right, bottom = sides
    match angle:
        case 90:
            return _Span(top, bottom, -right, -left)
        case 180:
            return _Span(-right, -left, -bottom, -top)
        case 270:
            return _Span(-bottom, -top, left, right)
        case _:
            return _Span(left, right, top, bottom)


def _line(
    line: TextLine, spans: Sequence[_Span], angle: int, height: float, font: InvisibleFont
) -> Iterator[str]:
    size = max(_THINNEST, *(span.bottom - span.top for span in spans))
    slope, foot = _foot_line(spans, size)
    x, y = _back(spans[0].begin, foot + slope * spans[0].begin, angle)
    # Sheared, not turned: readers tell the direction of a line by whether its letters stand upright.
    (right, sunk), (aside, lowered) = _back(1, slope, angle), _back(0, -1, angle)
    yield f"/{FONT} {size:.2f} Tf"
    yield f"{right:.5f} {-sunk:.5f} {aside} {-lowered} {x:.2f} {height - y:.2f} Tm"
    codes = _codes(_cells(line, spans), size, font)
    # Some readers sort strings that begin at one height from left to right: the next column begins elsewhere
    # than the last string of this one.
    is_cut = line.direction is WritingDirection.VERTICAL and len(codes) >= 2 * _SHORTEST_CUT
    pieces = (codes[:-_SHORTEST_CUT], codes[-_SHORTEST_CUT:]) if is_cut else (codes,)
    yield from (f"<{piece}> Tj" for piece in pieces)


def _codes(cells: Iterator[_Cell], size: float, font: InvisibleFont) -> str:
    """All cells as one string: readers look for blanks and ends of lines between strings.

    What rounding takes from a cell or adds to it, the next one makes up for.
    """
    codes, asked, taken = "", 0.0, 0.0
    for cell in cells:
        asked += cell.length / size
        coded, width = font.encode(cell.text, asked - taken)
        codes += coded
        taken += width
    return codes


def _back(along: float, below: float, angle: int) -> tuple[float, float]:
    """From places along and across a line to points from the left and from the top."""
    match angle:
        case 90:
            return -below, along
        case 180:
            return -along, -below
        case 270:
            return below, -along
        case _:
            return along, below


def _foot_line(spans: Sequence[_Span], size: float) -> tuple[float, float]:
    """Slope and height at the origin of the line on which the words stand.

    Words of an even line differ in height by their letters, which is no slope: it may be no steeper than what
    the line is higher than its highest word.
    """
    middles = [(span.begin + span.end) / 2 for span in spans]
    heights = [(span.top + span.bottom) / 2 for span in spans]
    along, across = _mean(middles), _mean(heights)
    spread = sum((middle - along) ** 2 for middle in middles)
    rise = max(span.bottom for span in spans) - min(span.top for span in spans) - size
    length = max(span.end for span in spans) - min(span.begin for span in spans)
    slope = 0.0
    if spread > 0 and length > 0:
        fitted = sum((m - along) * (h - across) for m, h in zip(middles, heights, strict=True)) / spread
        most = rise / length
        slope = max(-most, min(most, fitted))
    if slope == 0.0:
        return 0.0, max(span.bottom for span in spans)
    return slope, across - slope * along + size / 2


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _cells(line: TextLine, spans: Sequence[_Span]) -> Iterator[_Cell]:
    """Words and the blanks between them, each up to where the next begins."""
    begin = spans[0].begin
    for number, (word, span) in enumerate(zip(line.words, spans, strict=True)):
        end = max(span.end, begin + _THINNEST)
        if number + 1 == len(spans):
            yield _Cell(word.text, end - begin)
            return
        following = max(spans[number + 1].begin, begin + 2 * _THINNEST)
        blanks = line.text[word.start + len(word.text) : line.words[number + 1].start]
        end = min(end, following - _THINNEST) if blanks else following
        yield _Cell(word.text, end - begin)
        if blanks:
            yield _Cell(blanks, following - end)
        begin = following
