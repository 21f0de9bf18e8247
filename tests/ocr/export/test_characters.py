"""What is never printed is left out; everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ocr.export.made_text import horizontal, page_text
from ybda_qc.ocr.export.characters import printable, printable_page


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("档案\x00\x07案", "档案案"),
        ("一\t二\n三\u2028四", "一 二 三 四"),
        ("\u202e档\u200b案\ufeff", "档案"),
        ("\ud842档", "档"),
        ("\ufffe\uffff\U0001ffff\ufdd0档", "档"),
        ("𠮷\U00030000\ue000　é", "𠮷\U00030000\ue000　é"),
        ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
    ],
)
def test_characters_without_a_picture_are_left_out(text: str, left: str) -> None:
    assert printable(text) == left


@given(st.text())
def test_the_rest_is_legal_in_xml(text: str) -> None:
    for character in printable(text):
        number = ord(character)
        assert 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF


@given(st.text(alphabet="档案A7 \x00\t\u200b𠮷", min_size=1))
def test_words_keep_their_places(text: str) -> None:
    if text.isspace():
        return

    (line,) = printable_page(page_text([horizontal(text, 100)])).lines

    for word in line.words:
        assert word.text == line.text[word.start : word.start + len(word.text)] != ""
