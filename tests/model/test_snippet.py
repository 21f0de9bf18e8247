"""The words of a query on a page, and what is shown around them."""

from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.errors import UsageError
from ybda_qc.model.folding import fold
from ybda_qc.model.query import parse_query
from ybda_qc.model.snippet import LENGTH, mark_words


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in mark_words(text, parse_query(query)).spans]


def shown(text: str, query: str) -> str:
    snippet = mark_words(text, parse_query(query)).snippet
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in snippet)


def test_words_are_marked_as_they_stand_on_the_page() -> None:
    assert marked("關於國務\n院的通知。國務院", "国务院 通知 -批复") == ["國務\n院", "通知", "國務院"]


def test_words_that_overlap_are_one_mark() -> None:
    assert marked("国务院办公厅", "国务院 院办公") == ["国务院办公"]


def test_a_snippet_joins_chinese_lines_and_parts_english_words() -> None:
    assert shown("转发国务\n院文件\nof the State\nCouncil", "国务院 council") == (
        "转发[国务院]文件of the State [Council]"
    )


def test_a_snippet_of_a_long_text_is_cut_out_where_most_words_are() -> None:
    text = "甲" + "一" * 500 + "乙二甲" + "三" * 500

    snippet = shown(text, "甲 乙")

    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert "[乙]二[甲]" in snippet
    assert len(snippet) <= LENGTH + 6


def test_a_word_longer_than_a_snippet_is_shown_in_part() -> None:
    text = "".join(chr(0x4E00 + at) for at in range(300))

    assert len(mark_words(text, parse_query(text[50:250])).plain) <= LENGTH + 2


@given(st.text(alphabet="ab 档案館\n-", max_size=200), st.text(alphabet="ab 档案館-", min_size=1, max_size=6))
def test_what_is_marked_folds_to_a_word_of_the_query(text: str, word: str) -> None:
    try:
        query = parse_query(f'"{word}"')
    except UsageError:
        return
    found = mark_words(text, query)

    assert bool(found.spans) == query.matches(fold(text))
    assert all(fold(text[start:end]) == fold(word) for start, end in found.spans)
