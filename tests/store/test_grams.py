"""The grams of a page hold those of every word on it; a word that is one gram is told by it alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.store.grams import MOST_GRAMS, is_gram, page_grams, word_grams

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("ab 1档案馆"), st.characters()), min_size=1, max_size=50)


@given(TEXTS, st.data())
def test_a_page_has_the_grams_of_every_part_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]

    assert page_grams(text).issuperset(word_grams(part))


@given(TEXTS, TEXTS)
def test_a_gram_is_told_by_the_index_alone(text: str, word: str) -> None:
    if is_gram(word):
        assert page_grams(text).issuperset(word_grams(word)) == (word in text)


@pytest.mark.parametrize(
    ("word", "is_one"), [("馆", True), ("档案", True), ("档案馆", False), ("abc", True), ("ab档", False)]
)
def test_which_words_are_grams(word: str, is_one: bool) -> None:
    assert is_gram(word) == is_one


def test_alphabets_are_looked_up_by_threes_and_chinese_by_pairs() -> None:
    assert word_grams("abcd") == ["61x62x63", "62x63x64"]
    assert word_grams("档案馆") == ["6863x6848", "6848x9986"]
    assert word_grams("abc档") == ["61x62x63", "63x6863"]


def test_of_a_long_word_some_grams_from_its_whole_length_are_looked_up() -> None:
    word = "".join(chr(0x4E00 + at) for at in range(1000))

    grams = word_grams(word)

    assert len(grams) <= MOST_GRAMS
    assert grams[0] == "4e00x4e01"
    assert int(grams[-1].partition("x")[0], 16) > 0x4E00 + 900
