"""Texts come back as they were put, and go when their contents go."""

import json
import pickle
import sqlite3
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store import ledger_values as some
from ybda_qc.model import Box, PageContent, PageText, TextLine, Word, WritingDirection
from ybda_qc.store.texts import dump_text, load_text

boxes = st.builds(
    Box,
    left=st.integers(0, 40000),
    top=st.integers(0, 40000),
    width=st.integers(1, 40000),
    height=st.integers(1, 40000),
)
confidences = st.floats(0, 1)
characters = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
words = st.builds(Word, start=st.integers(0, 99), text=characters, box=boxes, confidence=confidences)
lines = st.builds(
    TextLine,
    text=characters,
    box=boxes,
    confidence=confidences,
    direction=st.sampled_from(WritingDirection),
    words=st.lists(words, max_size=3).map(tuple),
)
texts = st.builds(
    PageText,
    width_px=st.integers(1, 40000),
    height_px=st.integers(1, 40000),
    turn=st.sampled_from([0, 90, 180, 270]),
    lines=st.lists(lines, max_size=3).map(tuple),
)


def text(said: str) -> PageText:
    box = Box(left=1, top=2, width=30, height=40)
    word = Word(start=0, text=said, box=box, confidence=0.875)
    line = TextLine(text=said, box=box, confidence=0.5, direction=WritingDirection.VERTICAL, words=(word,))
    return PageText(width_px=100, height_px=200, turn=90, lines=(line,))


@given(texts)
def test_a_text_comes_back_as_it_was(one):
    assert load_text(dump_text(one)) == one


@given(texts)
def test_a_text_goes_to_another_process_and_back(one):
    loaded = load_text(dump_text(one))

    assert pickle.loads(pickle.dumps(loaded)) == one
    assert hash(loaded) == hash(one)


def dump_text_of_version_9(one: PageText) -> bytes:
    """A text as it was written when words stood in the lines."""
    lines = [
        [
            *(line.text, line.direction.value, line.confidence, *line.box.as_list()),
            [[word.start, word.text, word.confidence, *word.box.as_list()] for word in line.words],
        ]
        for line in one.lines
    ]
    return zlib.compress(json.dumps([one.width_px, one.height_px, one.turn, lines]).encode())


@given(texts)
def test_a_text_of_an_earlier_version_is_read(one):
    assert load_text(dump_text_of_version_9(one)) == one


def test_a_text_of_an_earlier_version_is_known(ledger, tmp_path):
    page = PageContent("a" * 64, 1)
    ledger.put_texts("fast", {page: text("档案")})
    set_document(tmp_path, dump_text_of_version_9(text("档案")))

    assert ledger.has_text("fast", page)
    assert ledger.text("fast", page) == text("档案")


def set_document(folder: Path, document: bytes) -> None:
    connection = sqlite3.connect(folder / "out" / "ledger.sqlite3")
    connection.execute("update text set document = ?", (document,))
    connection.commit()
    connection.close()


def test_a_text_is_found_by_content_and_way_of_reading(ledger):
    page, other = PageContent("a" * 64, 1), PageContent("a" * 64, 2)
    ledger.put_texts("fast", {page: text("档案"), other: text("目录")})
    ledger.put_texts("slow", {page: text("檔案")})

    assert ledger.text("fast", page) == text("档案")
    assert ledger.text("fast", other) == text("目录")
    assert ledger.text("slow", page) == text("檔案")
    assert ledger.text("slow", other) is None
    assert ledger.has_text("slow", page)
    assert not ledger.has_text("slow", other)


def test_a_later_text_replaces_the_earlier(ledger):
    page = PageContent("a" * 64, 1)
    ledger.put_texts("fast", {page: text("档")})
    ledger.put_texts("fast", {page: text("案")})

    assert ledger.text("fast", page) == text("案")


@pytest.mark.parametrize("dump", [dump_text, dump_text_of_version_9])
@pytest.mark.parametrize("kept", [0, 1, 5, 20, -1])
def test_what_the_disk_has_cut_off_is_not_known(ledger, tmp_path, dump, kept):
    page = PageContent("a" * 64, 1)
    ledger.put_texts("fast", {page: text("档案")})
    set_document(tmp_path, dump(text("档案"))[:kept])

    assert ledger.text("fast", page) is None
    assert not ledger.has_text("fast", page)


def test_a_word_that_the_disk_has_spoilt_makes_the_text_unknown(ledger, tmp_path):
    page = PageContent("a" * 64, 1)
    ledger.put_texts("fast", {page: text("档案")})
    document = dump_text(text("档案"))
    set_document(tmp_path, document[:-9] + bytes([document[-9] ^ 1]) + document[-8:])

    assert ledger.text("fast", page) is None
    assert not ledger.has_text("fast", page)


def test_the_text_of_a_content_that_is_gone_goes(ledger):
    one, gone = (some.page_result(name, sha256=name * 64) for name in "ab")
    some.whole_run(ledger, [one, gone])
    ledger.put_texts("fast", {PageContent(name * 64, 1): text(name) for name in "ab"})
    some.whole_run(ledger, [one])
    assert ledger.text("fast", PageContent("b" * 64, 1)) == text("b")

    some.whole_run(ledger, [one])
    assert ledger.text("fast", PageContent("a" * 64, 1)) == text("a")
    assert ledger.text("fast", PageContent("b" * 64, 1)) is None
