"""Blanks and words of a line: none between Chinese characters, those of Latin text kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.model import Box, TextLine, WritingDirection
from ybda_qc.ocr.characters import Character, characters_of, compose_line, is_chinese

HORIZONTAL = WritingDirection.HORIZONTAL


def line(text: str, confidence: float = 1.0) -> TextLine | None:
    characters = [
        Character(text=one, box=Box(left=10 * place, top=0, width=10, height=12), confidence=confidence)
        for place, one in enumerate(text)
    ]
    return compose_line(characters, HORIZONTAL)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("案 卷 封 面", "案卷封面"),
        ("the  fonds  of 1957", "the fonds of 1957"),
        (" 第 3 号 ", "第 3 号"),
        ("，。 （）", "，。（）"),
        ("一九五七年 Annual report", "一九五七年 Annual report"),
    ],
)
def test_blanks(read: str, text: str) -> None:
    made = line(read)

    assert made is not None
    assert made.text == text


def test_a_chinese_character_is_a_word_and_a_latin_run_is_one() -> None:
    made = line("全宗J178 WS")

    assert made is not None
    assert [word.text for word in made.words] == ["全", "宗", "J178", "WS"]
    assert made.words[2].box == Box(left=20, top=0, width=40, height=12)


def test_blanks_alone_are_no_line() -> None:
    assert line("   ") is None


@given(st.text(alphabet=" 中文，abc19.\u3000", max_size=20))
def test_words_and_text_agree_and_can_be_taken_apart_again(read: str) -> None:
    made = line(read, 0.9)

    if made is None:
        assert not read.strip()
        return
    assert "".join(made.text.split()) == "".join(read.split()) == "".join(w.text for w in made.words)
    assert all(made.text[w.start : w.start + len(w.text)] == w.text for w in made.words)
    again = compose_line(list(characters_of(made)), HORIZONTAL)
    assert again is not None
    assert again.text == made.text
    assert [word.box for word in again.words] == [word.box for word in made.words]


@pytest.mark.parametrize("character", "案，。〔々ア（１𠮷")
def test_squares(character: str) -> None:
    assert is_chinese(character)


@pytest.mark.parametrize("character", "a1.(é€ ")
def test_no_squares(character: str) -> None:
    assert not is_chinese(character)
