"""The invisible text of a PDF page: each word lies on its box, whichever way it runs on the stored image.

The cells of the words of a line touch: readers take a gap for a blank, and blanks stand only where they were
read. A line runs straight along its words, also where the page is askew.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ybda_qc.model import Box, PageText, TextLine, WritingDirection
from ybda_qc.ocr.export.glyphless import InvisibleFont

FONT = "F"
"""Name of the font among the resources of the page."""

_THINNEST = 0.5  # points: of a cell, where boxes overlap
_HIGHEST, _FULL = 0.75, 0.95  # of the distance to the next line: size, and size with rise
_LEAN = (
    0.12  # of the size: letters of a sloping line lean, for pdfium joins upright ones with the line before
)
_SAME_ROW = 0.3  # of the size: lines nearer than that stand in one row
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


@dataclass(frozen=True, slots=True)
class _Laid:
    """A line as it is drawn: its middle runs through ``middle + slope * place`` along its direction."""

    line: TextLine
    spans: Sequence[_Span]
    angle: int
    size: float
    slope: float
    middle: float


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
    lines = []
    for line in text.lines:
        angle = _angle(line, text.turn)
        spans = [_span(_scaled(word.box, across, down), angle) for word in line.words]
        if spans:
            lines.append(_lay(line, spans, angle))
    drawn = (operator for laid in _kept_apart(lines) for operator in _drawn(laid, height_points, font))
    return "\n".join(["BT", "3 Tr", *drawn, "ET", ""]).encode()


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


def _drawn(laid: _Laid, height: float, font: InvisibleFont) -> Iterator[str]:
    begin = laid.spans[0].begin
    x, y = _back(begin, laid.middle + laid.slope * begin + laid.size / 2, laid.angle)
    # Sheared, not turned: readers tell the direction of a line by whether its letters stand upright.
    (right, sunk), (aside, lowered) = _back(1, laid.slope, laid.angle), _back(0, -1, laid.angle)
    yield f"/{FONT} {laid.size:.2f} Tf"
    if laid.angle == 0 and laid.slope:
        aside += _LEAN
    yield f"{right:.5f} {-sunk:.5f} {aside} {-lowered} {x:.2f} {height - y:.2f} Tm"
    codes = _codes(_cells(laid.line, laid.spans), laid.size, font)
    # Some readers sort strings that begin at one height from left to right: the next column begins elsewhere
    # than the last string of this one.
    is_cut = laid.line.direction is WritingDirection.VERTICAL and len(codes) >= 2 * _SHORTEST_CUT
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


def _lay(line: TextLine, spans: Sequence[_Span], angle: int) -> _Laid:
    """Where a line runs, by its words.

    Words of an even line differ in height by their letters, which is no slope: it may be no steeper than what
    the line is higher than its highest word.
    """
    size = max(_THINNEST, *(span.bottom - span.top for span in spans))
    top, bottom = min(span.top for span in spans), max(span.bottom for span in spans)
    middles = [(span.begin + span.end) / 2 for span in spans]
    heights = [(span.top + span.bottom) / 2 for span in spans]
    along, across = _mean(middles), _mean(heights)
    spread = sum((middle - along) ** 2 for middle in middles)
    if bottom - top <= size or spread <= 0:
        return _Laid(line, spans, angle, size, 0.0, (top + bottom) / 2)
    fitted = sum((m - along) * (h - across) for m, h in zip(middles, heights, strict=True)) / spread
    steepest = (bottom - top - size) / _length(spans)
    slope = max(-steepest, min(steepest, fitted))
    return _Laid(line, spans, angle, size, slope, across - slope * along)


def _kept_apart(lines: Sequence[_Laid]) -> Iterator[_Laid]:
    """Lines lower where they would reach into the one before or after, and less steep if they run up or down.

    Boxes of close lines overlap. Readers join lines of which one reaches over the foot of the other.
    """
    pitches = [_pitch(one, other) for one, other in pairwise(lines)]
    for laid, before, after in zip(lines, [math.inf, *pitches], [*pitches, math.inf], strict=True):
        pitch = min(before, after)
        size = min(laid.size, _HIGHEST * pitch)
        slope = laid.slope
        if laid.angle in (90, 270):
            steepest = max(0.0, (_FULL * pitch - size) / _length(laid.spans))
            slope = max(-steepest, min(steepest, slope))
        centre = (laid.spans[0].begin + laid.spans[-1].end) / 2
        middle = laid.middle + (laid.slope - slope) * centre
        yield replace(laid, size=size, slope=slope, middle=middle)


def _pitch(one: _Laid, other: _Laid) -> float:
    """Distance of two lines that lie over each other, across their direction; infinite where they do not."""
    begin = max(one.spans[0].begin, other.spans[0].begin)
    end = min(one.spans[-1].end, other.spans[-1].end)
    if one.angle != other.angle or begin >= end:
        return math.inf
    place = (begin + end) / 2
    pitch = abs(one.middle + one.slope * place - other.middle - other.slope * place)
    return pitch if pitch > _SAME_ROW * min(one.size, other.size) else math.inf


def _length(spans: Sequence[_Span]) -> float:
    return max(_THINNEST, max(span.end for span in spans) - min(span.begin for span in spans))


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
