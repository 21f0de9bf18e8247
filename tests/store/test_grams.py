"""The grams of a page hold those of every word on it; a word that is one gram is told by it alone."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.model.folding import fold
from ybda_qc.store.grams import MOST_GRAMS, is_gram, page_grams, word_grams

TEXTS = (
    st.text(alphabet=st.one_of(st.sampled_from("ab 1-档案馆"), st.characters()), min_size=1, max_size=50)
    .map(fold)
    .filter(bool)
)


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
    ("word", "is_one"),
    [
        ("馆", True),
        ("档案", True),
        ("档案馆", False),
        ("abc", True),
        ("abcd", False),
        ("ab cd", True),
        ("abcdef", False),
        ("ab档", False),
    ],
)
def test_which_words_are_grams(word: str, is_one: bool) -> None:
    assert is_gram(word) == is_one


def test_alphabets_are_looked_up_by_fives_or_threes_and_chinese_by_pairs() -> None:
    assert word_grams("abcd") == ["abc", "bcd"]
    assert word_grams("abcdef") == ["abcde", "bcdef"]
    assert word_grams("档案馆") == ["档案", "案馆"]
    assert word_grams("abc档") == ["abc", "c档"]


def test_the_index_takes_a_gram_for_one_word() -> None:
    text = "".join(map(chr, range(0x20, 0x7F))).lower() + "é档"
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE grams USING fts5(gram, tokenize='ascii')")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab('grams', 'row')")
        connection.executemany("INSERT INTO grams VALUES (?)", [(gram,) for gram in page_grams(text)])
        words = {word for (word,) in connection.execute("SELECT term FROM words")}
    connection.close()

    assert words == page_grams(text)


def test_of_a_long_word_some_grams_from_its_whole_length_are_looked_up() -> None:
    word = "".join(chr(0x4E00 + at) for at in range(1000))

    grams = word_grams(word)

    assert len(grams) <= MOST_GRAMS
    assert grams[0] == "\u4e00\u4e01"
    assert ord(grams[-1][0]) > 0x4E00 + 900
