"""Lines put together of characters: where blanks may stand, and what is one word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from ybda_qc.model import Box, TextLine, Word, WritingDirection, join_boxes

_CHINESE: Final = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Characters of a square each: Chinese, kana, hangul, their punctuation, full-width forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A character that an engine read; a blank is one of its own.

    Parameters
    ----------
    text
        One character.
    box
        In pixels of what the engine was given.
    confidence
        0..1.
    """

    text: str
    box: Box
    confidence: float


def is_chinese(character: str) -> bool:
    """Whether a character fills a square of its own and needs no blank beside it."""
    return _CHINESE.match(character) is not None


def compose_line(characters: Sequence[Character], direction: WritingDirection) -> TextLine | None:
    """The line that characters make, in their order; None where they are blanks only.

    Blanks between two Chinese characters are left out, others are kept, one in a row.
    """
    kept = list(_without_idle_blanks(characters))
    if not kept:
        return None
    inked = [character for character in kept if not character.text.isspace()]
    return TextLine(
        text="".join(character.text for character in kept),
        box=join_boxes([character.box for character in inked]),
        confidence=fmean(character.confidence for character in inked),
        direction=direction,
        words=tuple(_words(kept)),
    )


def characters_of(line: TextLine) -> Iterator[Character]:
    """The characters of a line, blanks too; a word of several is parted evenly along the line."""
    end = 0
    for word in line.words:
        if word.start > end:
            yield Character(text=" ", box=word.box, confidence=word.confidence)
        yield from split_word(word.text, word.box, word.confidence, line.direction)
        end = word.start + len(word.text)


def split_word(text: str, box: Box, confidence: float, direction: WritingDirection) -> Iterator[Character]:
    """The characters of a word whose box alone is known: each the same share of it."""
    is_vertical = direction is WritingDirection.VERTICAL
    length = box.height if is_vertical else box.width
    cuts = [round(place * length / len(text)) for place in range(len(text) + 1)]
    for place, character in enumerate(text):
        start, extent = cuts[place], max(1, cuts[place + 1] - cuts[place])
        if is_vertical:
            part = Box(left=box.left, top=box.top + start, width=box.width, height=extent)
        else:
            part = Box(left=box.left + start, top=box.top, width=extent, height=box.height)
        yield Character(text=character, box=part, confidence=confidence)


def _without_idle_blanks(characters: Sequence[Character]) -> Iterator[Character]:
    last: Character | None = None
    blank: Character | None = None
    for character in characters:
        if character.text.isspace():
            blank = character
            continue
        if blank and last and not (is_chinese(last.text) and is_chinese(character.text)):
            yield Character(text=" ", box=blank.box, confidence=blank.confidence)
        yield character
        last, blank = character, None


def _words(characters: Sequence[Character]) -> Iterator[Word]:
    start = 0
    for place, character in enumerate(characters):
        follower = characters[place + 1].text if place + 1 < len(characters) else " "
        if character.text.isspace():
            start = place + 1
        elif is_chinese(character.text) or follower.isspace() or is_chinese(follower):
            yield _word(characters[start : place + 1], start)
            start = place + 1


def _word(characters: Sequence[Character], start: int) -> Word:
    return Word(
        start=start,
        text="".join(character.text for character in characters),
        box=join_boxes([character.box for character in characters]),
        confidence=fmean(character.confidence for character in characters),
    )
