"""Packed words are those that were packed, and are unpacked when they are asked for."""

import pickle
import zlib

import pytest

from ybda_qc.model import Box, TextLine, Word, WritingDirection
from ybda_qc.model.packed_words import PackedWords

_BOX = Box(left=1, top=2, width=30, height=40)


def _line(*words: str) -> TextLine:
    made = tuple(Word(start=at, text=text, box=_BOX, confidence=0.5) for at, text in enumerate(words))
    return TextLine(
        text="".join(words), box=_BOX, confidence=0.5, direction=WritingDirection.HORIZONTAL, words=made
    )


LINES = [_line("档", "案"), _line(), _line("No")]


def test_the_words_of_each_line_are_those_that_were_packed() -> None:
    packed = PackedWords.of(LINES)

    for number, line in enumerate(LINES):
        words = packed.of_line(number)
        assert words == line.words
        assert hash(words) == hash(line.words)
        assert len(words) == len(line.words)
        assert words[:1] == line.words[:1]
    assert packed.of_line(0) != packed.of_line(2)


def test_words_go_to_another_process() -> None:
    words = PackedWords.of(LINES).of_line(0)
    before = pickle.loads(pickle.dumps(words))
    assert words[0].text == "档"

    assert before == pickle.loads(pickle.dumps(words)) == LINES[0].words


def test_nothing_is_unpacked_before_it_is_asked_for() -> None:
    words = PackedWords(b"spoilt").of_line(0)

    with pytest.raises(zlib.error):
        len(words)
