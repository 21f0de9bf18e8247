"""The query language: what it reads, and what it refuses in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.errors import UsageError
from ybda_qc.model.folding import fold
from ybda_qc.model.query import MAX_DEPTH, MAX_LENGTH, All, Any, Query, Word, parse_query

SCRAPS = st.lists(
    st.sampled_from(
        [
            "档案",
            "國",
            "a",
            "AND",
            "or",
            "非",
            "与",
            "NOT",
            "(",
            ")",
            "（",
            '"',
            "”",
            "-",
            "－",
            " ",
            "　",
            "'",
            ";",
            "*",
            "\0",
        ]
    ),
    max_size=30,
).map("".join)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("国务院", Word("国务院")),
        ("國務院 Notice", All((Word("国务院"), Word("notice")))),
        ('"the notice" 通知', All((Word("the notice"), Word("通知")))),
        ("“国务院 办公厅”", Word("国务院办公厅")),
        ("a or b c", Any((Word("a"), All((Word("b"), Word("c")))))),
        ("（甲 或 乙） 与 非 丙", All((Any((Word("甲"), Word("乙"))),), (Word("丙"),))),
        ("甲 -乙 -(丙 or 丁)", All((Word("甲"),), (Word("乙"), Any((Word("丙"), Word("丁")))))),
        ("NOT NOT a", Word("a")),
        ("a AND NOT b", All((Word("a"),), (Word("b"),))),
        ("WS-2011", Word("ws-2011")),
        ("a - b", All((Word("a"), Word("-"), Word("b")))),
        ("与", Word("与")),
        ('a "or" b', All((Word("a"), Word("or"), Word("b")))),
        (
            "'; DROP TABLE text; --",
            All((Word("';"), Word("drop"), Word("table"), Word("text;")), (Word("-"),)),
        ),
        ("a NEAR/2 b*", All((Word("a"), Word("near/2"), Word("b*")))),
    ],
)
def test_a_query_is_read(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" 　\n", "is empty"),
        ('""', "is empty"),
        ("\u200b", "is empty"),
        ('"abc', "not closed"),
        ("(a", "not closed"),
        ("a)", "never opened"),
        ("()", "no word between"),
        ("a AND", "AND has no word"),
        ("a OR", "OR has no word"),
        ("或 甲", "或 has no word"),
        ("a NOT", "NOT has no word"),
        ("-草稿", "what is wanted"),
        ("a OR -b", "what is wanted"),
        ("x" * (MAX_LENGTH + 1), "1001 characters"),
        ("(" * 30 + "a" + ")" * 30, "more than 20 brackets"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_query(text)


def test_as_many_brackets_as_are_allowed() -> None:
    assert parse_query("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == Word("a")


@given(st.one_of(SCRAPS, st.text(max_size=50)))
def test_anything_is_a_query_or_a_mistake_of_the_user(text: str) -> None:
    try:
        query = parse_query(text)
    except UsageError as error:
        assert str(error)
    else:
        words = list(query.words)
        assert words
        assert all(word.text and fold(word.text) == word.text for word in words)


@given(
    st.lists(st.text(alphabet="ab 档案\n", max_size=4), min_size=1, max_size=4),
    st.text(alphabet="ab档案", max_size=12),
)
def test_quoted_words_side_by_side_must_all_stand_there(words: list[str], page: str) -> None:
    wanted = [fold(word) for word in words if fold(word)]
    text = " ".join(f'"{word}"' for word in words)
    if not wanted:
        return

    assert parse_query(text).matches(page) == all(word in page for word in wanted)


def test_words_that_are_not_wanted_are_not_marked() -> None:
    query = parse_query("甲 (乙 or 丙) -丁")

    assert list(query.words) == [Word("甲"), Word("乙"), Word("丙")]
    assert query.matches("甲丙")
    assert not query.matches("甲丙丁")
