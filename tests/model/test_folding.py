"""What a reader takes for the same folds to the same, and every folded character knows its place."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.model.folding import fold, fold_with_places

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("aAbéß档案檔會会１Ａ，。 \n\t\r\u3000-—–•·“”'ﬁ㈱\u00ad\u200b\u0301\u2028"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＷＳ•２０１１—Ｄ３０", "ws·2011-d30"),
        ("關於檔案工作的通知", "关于档案工作的通知"),
        ("乾隆 乾燥 干部", "干隆干燥干部"),
        ("Straße Économie", "strasse economie"),
        ("㈱ ﬁnance", "(株)finance"),
        ("“引文”", '"引文"'),
        ("国\u200b务\u00ad院\x07", "国务院"),
    ],
)
def test_what_looks_alike_is_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("国务\n院办公厅", "国务院办公厅"),
        ("目　　录", "目录"),
        ("the first\n  line", "the first line"),
        ("docu-\nment", "document"),
        ("D30-\n0001", "d30-0001"),
        ("2011 年 File", "2011年file"),
        ("Hello,  world", "hello,world"),
        (" \n around \n ", "around"),
    ],
)
def test_blanks_and_line_ends_stand_only_where_they_part_words(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_character_folds_to_what_stays() -> None:
    unstable = [code for code in range(sys.maxunicode + 1) if fold(fold(chr(code))) != fold(chr(code))]

    assert unstable == []


@given(TEXTS)
def test_folded_text_folds_to_itself(text: str) -> None:
    folded = fold(text)

    assert fold(folded) == folded


@given(TEXTS, st.data())
def test_a_part_of_folded_text_folds_to_itself_but_for_blanks_round_it(
    text: str, data: st.DataObject
) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded)))
    part = folded[start : data.draw(st.integers(start, len(folded)))]

    assert fold(part) == part.strip()


@given(TEXTS)
def test_folding_with_places_is_the_same_folding(text: str) -> None:
    folded = fold_with_places(text)

    assert folded.text == fold(text)
    assert len(folded.places) == len(folded.text)
    assert list(folded.places) == sorted(folded.places)


@given(TEXTS)
def test_the_place_of_a_folded_character_is_that_of_its_original(text: str) -> None:
    folded = fold_with_places(text)

    for at, char in enumerate(folded.text):
        start, end = folded.original(at, at + 1)
        assert end == start + 1
        assert char in fold(text[start]) or (char == " " and text[start].isspace())


def test_a_word_over_two_lines_is_found_in_the_original() -> None:
    text = "转发国务\n院办公廳文件"
    folded = fold_with_places(text)
    at = folded.text.index("国务院办公厅")

    start, end = folded.original(at, at + 6)

    assert text[start:end] == "国务\n院办公廳"


def test_no_character_is_folded_by_what_is_not_yet_in_unicode() -> None:
    unassigned = "\U0002ffff"
    assert unicodedata.category(unassigned) == "Cn"

    assert fold(unassigned) == unassigned
