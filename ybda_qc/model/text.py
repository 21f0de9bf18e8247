"""The text of a page: lines and words with their places, in the order in which they are read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ybda_qc.model.measurement import Box

QuarterTurn = Literal[0, 90, 180, 270]


class WritingDirection(StrEnum):
    """How the characters of a line follow each other on the upright page."""

    HORIZONTAL = "horizontal"  # 横排: left to right
    VERTICAL = "vertical"  # 竖排: top to bottom, the next line to the left


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A Chinese character, or a run of letters or digits.

    Parameters
    ----------
    start
        Place of its first character in the text of the line.
    text
        Its characters; ``line.text[start : start + len(text)]``.
    box
        Where it stands, in pixels of the stored image.
    confidence
        How sure the engine is, 0..1.
    """

    start: int
    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """A line of text; blanks stand in it only where the page has them, never between Chinese characters.

    Parameters
    ----------
    text
        Its characters.
    box
        Where it stands, in pixels of the stored image.
    confidence
        How sure the engine is of it, 0..1.
    direction
        On the upright page.
    words
        In order; all characters but blanks belong to one.
    """

    text: str
    box: Box
    confidence: float
    direction: WritingDirection
    words: Sequence[Word]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What was read on a page.

    Parameters
    ----------
    width_px, height_px
        Of the stored image, in whose pixels the boxes are.
    turn
        Clockwise turn in degrees that made the page upright for reading.
    lines
        In reading order.
    """

    width_px: int
    height_px: int
    turn: QuarterTurn
    lines: tuple[TextLine, ...]

    @property
    def text(self) -> str:
        """All lines, each on its own."""
        return "\n".join(line.text for line in self.lines)

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Where the characters ``text[start:end]`` stand, a box for each line that they touch.

        A word that is touched in part gives that part of its box along the line, by its share of characters.
        """
        offset = 0
        for line in self.lines:
            within = range(max(0, start - offset), min(len(line.text), end - offset))
            if within and (box := self._box_within(line, within)):
                yield box
            offset += len(line.text) + 1

    def _box_within(self, line: TextLine, within: range) -> Box | None:
        touched = [self._part(line, word, within) for word in line.words if _overlap(word, within)]
        return join_boxes(touched) if touched else None

    def _part(self, line: TextLine, word: Word, within: range) -> Box:
        overlap = _overlap(word, within)
        first, last = ((place - word.start) / len(word.text) for place in (overlap.start, overlap.stop))
        upright = 90 if line.direction is WritingDirection.VERTICAL else 0
        return _share(word.box, first, last, (upright - self.turn) % 360)


def join_boxes(boxes: Sequence[Box]) -> Box:
    """The smallest box around some, at least one."""
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _overlap(word: Word, within: range) -> range:
    return range(max(word.start, within.start), min(word.start + len(word.text), within.stop))


def _share(box: Box, first: float, last: float, angle: int) -> Box:
    """The part of a box between two shares of its length; ``angle`` of reading, clockwise from rightwards."""
    if angle in (180, 270):
        first, last = 1 - last, 1 - first
    if angle in (0, 180):
        left, right = (box.left + round(share * box.width) for share in (first, last))
        return Box(left=left, top=box.top, width=max(1, right - left), height=box.height)
    top, bottom = (box.top + round(share * box.height) for share in (first, last))
    return Box(left=box.left, top=top, width=box.width, height=max(1, bottom - top))
