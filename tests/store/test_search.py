"""Search finds every page that answers and nothing else, and speaks of the latest run alone."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store import ledger_values as some
from tests.store import text_values as texts
from ybda_qc.errors import InputError
from ybda_qc.model import Found, PageId
from ybda_qc.model.folding import fold
from ybda_qc.model.query import All, Any, Query, Word, parse_query
from ybda_qc.store import SqlLedger, open_ledger, open_search
from ybda_qc.store import search as searching
from ybda_qc.store.telling import Nobody

PAGES = {
    "A/1.tif": "关于转发国务\n院办公厅文件的通知",
    "A/2.tif": "國務院 批復\nThe State Council",
    "B/1.tif": "档案局 通知 the state of the council",
    "B/2.tif": "",
    "B/3.tif": "档案局 通知 the state of the council",
}


def find(folder: Path, query: str, *, limit: int = 100, item: str | None = None) -> Found:
    with open_search(folder) as search:
        return search.find(parse_query(query), limit=limit, item=item)


def paths(found: Found) -> set[str]:
    return {page.path for hit in found.hits for page in (hit.page, *hit.same)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "out", create=True) as ledger:
        texts.put_run(ledger, PAGES)
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("国", {"A/1.tif", "A/2.tif"}),
        ("国务", {"A/1.tif", "A/2.tif"}),
        ("国务院", {"A/1.tif", "A/2.tif"}),
        ("国务院办公厅", {"A/1.tif"}),
        ("國務院辦公廳", {"A/1.tif"}),
        ("ＣＯＵＮＣＩＬ", {"A/2.tif", "B/1.tif", "B/3.tif"}),
        ('"the state council"', {"A/2.tif"}),
        ("the state council", {"A/2.tif", "B/1.tif", "B/3.tif"}),
        ("国务院 -批复", {"A/1.tif"}),
        ("国务院 -国务院办公厅", {"A/2.tif"}),
        ("通知 and (国务院 or 档案局)", {"A/1.tif", "B/1.tif", "B/3.tif"}),
        ("务院办公厅国", set()),
        ("缺", set()),
        ("' OR 1=1 --", set()),
        ('rowid:1 NEAR("a")', set()),
    ],
)
def test_every_page_that_answers_is_found(folder: Path, query: str, answers: set[str]) -> None:
    assert paths(find(folder, query)) == answers


def test_pages_of_one_content_are_one_hit(folder: Path) -> None:
    found = find(folder, "档案局")

    assert (found.total, found.is_exact) == (1, True)
    assert found.hits[0].page == PageId(path="B/1.tif", frame=1)
    assert found.hits[0].same == (PageId(path="B/3.tif", frame=1),)
    assert found.hits[0].text == texts.page_text(PAGES["B/1.tif"])


def test_a_search_in_an_item(folder: Path) -> None:
    assert paths(find(folder, "通知", item="A")) == {"A/1.tif"}
    assert find(folder, "通知", item="C").total == 0
    with open_search(folder) as search:
        assert search.has_item("B")
        assert not search.has_item("C")


WORDS = st.text(alphabet="ab 档案館馆\n", min_size=1, max_size=5).map(fold).filter(bool).map(Word)
QUERIES: st.SearchStrategy[Query] = st.recursive(
    WORDS,
    lambda parts: st.one_of(
        st.builds(
            All,
            st.lists(parts, min_size=1, max_size=3).map(tuple),
            st.lists(parts, max_size=2).map(tuple),
        ),
        st.lists(parts, min_size=2, max_size=3).map(tuple).map(Any),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def used_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that many runs are put into, each of which replaces the one before."""
    return tmp_path_factory.mktemp("out")


@settings(max_examples=60, deadline=None)
@given(
    pages=st.lists(st.text(alphabet="ab 档案館馆\n", max_size=25), min_size=1, max_size=8),
    queries=st.lists(QUERIES, min_size=1, max_size=10),
)
def test_search_is_a_search_through_all_text(
    used_folder: Path, pages: list[str], queries: list[Query]
) -> None:
    run = {f"A/{at}.tif": text for at, text in enumerate(pages)}
    with open_ledger(used_folder, create=True) as ledger:
        texts.put_run(ledger, run)
    with open_search(used_folder) as search:
        for query in queries:
            found = search.find(query, limit=100)
            answers = {path for path, text in run.items() if query.matches(fold(text))}
            assert paths(found) == answers
            assert (found.total, found.is_exact) == (len({run[path] for path in answers}), True)


def test_the_page_that_has_more_of_the_words_comes_first(tmp_path: Path) -> None:
    pages = {"A/1.tif": "土地 " + "其他" * 20, "A/2.tif": "土地改革 土地", "A/3.tif": "土地"}
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, pages)

    hits = find(tmp_path, "土地").hits

    assert [hit.page.path for hit in hits] == ["A/2.tif", "A/3.tif", "A/1.tif"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_rare_word_tells_more_than_a_common_one(tmp_path: Path) -> None:
    pages = {f"A/{at}.tif": f"通知{at}" for at in range(10)} | {"A/x.tif": "批复x"}
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, pages)

    assert find(tmp_path, "通知 or 批复").hits[0].page.path == "A/x.tif"


def test_of_very_many_hits_the_first_are_ranked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    monkeypatch.setattr(searching, "MOST_COUNTED", 5)
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {f"A/{at}.tif": f"土地改革{at}" for at in range(8)})

    told, untold = find(tmp_path, "土地"), find(tmp_path, "土地改革")

    assert (told.total, told.is_exact, len(told.hits)) == (8, True, 3)
    assert (untold.total, untold.is_exact, len(untold.hits)) == (5, False, 3)


# --- which run is searched ------------------------------------------------------------------------------


def test_text_of_a_page_that_was_scanned_again_replaces_the_old(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "旧的文字", "A/2.tif": "不变"})
        texts.put_run(ledger, {"A/1.tif": "新的文字", "A/2.tif": "不变"})

    assert paths(find(tmp_path, "旧")) == set()
    assert paths(find(tmp_path, "新")) == {"A/1.tif"}
    assert paths(find(tmp_path, "不变")) == {"A/2.tif"}


def test_text_that_comes_back_is_found_again(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        for text in ("第一版", "第二版", "第一版"):
            texts.put_run(ledger, {"A/1.tif": text})

    assert find(tmp_path, "第一版").total == 1
    assert find(tmp_path, "第二版").total == 0


def test_text_read_by_another_engine_replaces_the_old(tmp_path: Path) -> None:
    page = {"A/1.tif": "第一次读"}
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, page)
        run = texts.begin_reading(ledger, "engine-2")
        result = some.page_result("A/1.tif", sha256=texts.content_of(page["A/1.tif"]).sha256)
        ledger.put_pages(run, [(result, 1)])
        ledger.put_texts("engine-2", {texts.content_of(page["A/1.tif"]): texts.page_text("第二次读")})
        assert find(tmp_path, "第一次读").total == 1
        assert find(tmp_path, "第二次读").total == 0
        some.decide(ledger, ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN))

    assert find(tmp_path, "第一次读").total == 0
    assert find(tmp_path, "第二次读").total == 1


def test_text_that_is_put_again_under_its_key_replaces_the_old(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "原文"})
        ledger.put_texts(texts.KEY, {texts.content_of("原文"): texts.page_text("改文")})

    assert find(tmp_path, "原文").total == 0
    assert find(tmp_path, "改文").total == 1


def test_a_run_that_goes_on_shows_what_is_read_already_once_its_pictures_are_judged(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        run = texts.put_run(ledger, {"A/1.tif": "先读", "A/2.tif": "后读"}, key="")
        del run
        going_on = texts.begin_reading(ledger)
        for path, text in (("A/1.tif", "先读"), ("A/2.tif", "后读")):
            ledger.put_pages(going_on, [(some.page_result(path, sha256=texts.content_of(text).sha256), 1)])
        some.decide(ledger, ledger.begin_judgement(going_on, judged_at=some.NOON, plan=some.PLAN))
        ledger.put_texts(texts.KEY, {texts.content_of("先读"): texts.page_text("先读")})

        assert find(tmp_path, "先读").total == 1
        assert find(tmp_path, "后读").total == 0


def test_what_was_read_behind_the_first_judgement_is_found_while_the_next_run_begins(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        killed = texts.begin_reading(ledger)
        ledger.put_pages(killed, [(some.page_result("A/1.tif", sha256=texts.content_of("先读").sha256), 1)])
        some.decide(ledger, ledger.begin_judgement(killed, judged_at=some.NOON, plan=some.PLAN))
        ledger.put_texts(texts.KEY, {texts.content_of("先读"): texts.page_text("先读")})
        for _ in range(2):
            texts.begin_reading(ledger)

            assert find(tmp_path, "先读").total == 1


def test_text_of_a_run_that_goes_on_is_not_taken_for_that_of_pages_that_are_gone(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "留下", "A/2.tif": "拿走"})
        for _ in range(2):  # then the text of the page taken away, the last one, is forgotten
            texts.put_run(ledger, {"A/1.tif": "留下"})
        texts.put_run(ledger, {"A/1.tif": "留下", "A/3.tif": "新来"}, decided=False)

        assert find(tmp_path, "新来").total == 0
        assert find(tmp_path, "留下").total == 1


def test_an_item_named_by_bytes_that_are_no_text_is_not_there(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "文字"})

    with open_search(tmp_path) as search:
        assert not search.has_item("\udcff")
        assert search.has_item("A")


def test_a_run_without_text_says_how_to_get_it(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "文字"}, key="")

    with pytest.raises(InputError, match="--ocr auto"):
        open_search(tmp_path)


def test_a_run_that_never_came_to_its_end_says_so(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        texts.put_run(ledger, {"A/1.tif": "文字"}, decided=False)

    with pytest.raises(InputError, match="has come to its end"):
        open_search(tmp_path)


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no results"):
        open_search(tmp_path)


# --- ledgers of earlier versions ------------------------------------------------------------------------


def _make_of_version_9(folder: Path) -> None:
    """Give a ledger the index that version 0009 had: grams in hexadecimal, runs of three at most."""
    connection = sqlite3.connect(folder / "ledger.sqlite3")
    rows = connection.execute("SELECT id, folded FROM indexed_text").fetchall()
    connection.execute("DROP TABLE gram_index")
    connection.execute(
        "CREATE VIRTUAL TABLE gram_index"
        " USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
    for key, text in rows:
        parts = {text[at : at + length] for length in (1, 2) for at in range(len(text) - length + 1)}
        parts |= {text[at : at + 3] for at in range(len(text) - 2) if max(text[at : at + 3]) < "\u1100"}
        grams = " ".join("x".join(f"{ord(char):x}" for char in part) for part in parts)
        connection.execute("INSERT INTO gram_index (rowid, grams) VALUES (?, ?)", (key, grams))
    connection.execute("DROP INDEX ix_event_about_item")
    connection.execute("UPDATE alembic_version SET version_num = '0009'")
    connection.commit()
    connection.close()


def test_the_index_of_an_earlier_version_is_written_again(folder: Path) -> None:
    _make_of_version_9(folder)
    with pytest.raises(InputError, match="another version"):
        open_search(folder)

    open_ledger(folder).close()

    assert paths(find(folder, "国务院")) == {"A/1.tif", "A/2.tif"}
    assert paths(find(folder, '"state council"')) == {"A/2.tif"}
    assert paths(find(folder, "council")) == {"A/2.tif", "B/1.tif", "B/3.tif"}


class Told(Nobody):
    """Progress that keeps what it is told, and may be interrupted."""

    def __init__(self, *, is_impatient: bool = False) -> None:
        self.told: list[str | int] = []
        self._is_impatient = is_impatient

    def step(self, name: str) -> None:
        self.told.append(name)

    def expect(self, pages: int) -> None:
        self.told.append(pages)

    def advance(self, pages: int = 1) -> None:
        if self._is_impatient:
            raise KeyboardInterrupt
        self.told.append(-pages)


def test_writing_the_index_again_is_told(folder: Path) -> None:
    _make_of_version_9(folder)
    progress = Told()

    open_ledger(folder, progress=progress).close()

    count = len(set(PAGES.values()))
    assert progress.told == ["writing the index of text anew", count, -count]
    again = Told()
    open_ledger(folder, progress=again).close()
    assert again.told == []


def test_writing_the_index_again_may_be_interrupted(folder: Path) -> None:
    _make_of_version_9(folder)

    with pytest.raises(KeyboardInterrupt):
        open_ledger(folder, progress=Told(is_impatient=True))

    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0009",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    open_ledger(folder).close()
    assert paths(find(folder, "国务院")) == {"A/1.tif", "A/2.tif"}


def test_text_that_is_missing_in_the_index_is_told_when_a_run_is_decided(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as connection:
        connection.execute("DELETE FROM indexed_text")
        connection.execute("INSERT INTO gram_index (gram_index) VALUES ('delete-all')")
        connection.commit()
    progress = Told()

    with open_ledger(folder, progress=progress) as ledger:
        run = ledger.latest_run()
        assert run is not None
        some.decide(ledger, ledger.begin_judgement(run.id, judged_at=some.NOON, plan=run.plan))

    count = len(set(PAGES.values()))
    assert progress.told == ["bringing the index of text up to date", count, -count]
    assert paths(find(folder, "国务院")) == {"A/1.tif", "A/2.tif"}


def test_text_in_an_index_written_again_is_replaced(folder: Path) -> None:
    _make_of_version_9(folder)

    with open_ledger(folder) as ledger:
        texts.put_run(ledger, {"A/1.tif": "the new council"})

    assert paths(find(folder, "国")) == paths(find(folder, "state")) == set()
    assert paths(find(folder, "council")) == {"A/1.tif"}


# --- the ledger is only read ----------------------------------------------------------------------------


@contextmanager
def writing(ledger: SqlLedger) -> Iterator[None]:
    """A transaction of a run that goes on."""
    with ledger._database.write() as connection:
        connection.exec_driver_sql("UPDATE run SET from_cache = 1")
        yield


def test_a_running_run_is_not_waited_for(folder: Path) -> None:
    with open_ledger(folder) as ledger, writing(ledger):
        assert find(folder, "国务院").total == 2


def test_nothing_is_written(folder: Path) -> None:
    ledger = folder / "ledger.sqlite3"
    before = ledger.read_bytes()

    find(folder, "国务院")

    assert ledger.read_bytes() == before
    with open_search(folder) as search, pytest.raises(InputError), search._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM indexed_text")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs rights that count")
def test_a_folder_in_which_nobody_may_write(folder: Path) -> None:
    (folder / "ledger.sqlite3").chmod(0o444)
    folder.chmod(0o555)
    try:
        assert find(folder, "国务院").total == 2
    finally:
        folder.chmod(0o755)


def test_a_ledger_of_another_version_is_refused_and_left_alone(folder: Path) -> None:
    connection = sqlite3.connect(folder / "ledger.sqlite3")
    connection.execute("UPDATE alembic_version SET version_num = '0006'")
    connection.commit()
    connection.close()

    with pytest.raises(InputError, match="another version"):
        open_search(folder)


def test_spoilt_text_is_said_and_no_crash(folder: Path) -> None:
    connection = sqlite3.connect(folder / "ledger.sqlite3")
    connection.execute("UPDATE text SET document = X'00'")
    connection.commit()
    connection.close()

    with pytest.raises(InputError, match="damaged"):
        find(folder, "国务院")


def test_a_very_long_query(folder: Path) -> None:
    words: Mapping[str, int] = {
        "国务院办公厅" * 150: 0,
        " ".join(["国务院"] * 200): 2,
        " or ".join(["通知"] * 150): 2,
    }

    for query, total in words.items():
        assert find(folder, query).total == total


def test_deep_brackets(folder: Path) -> None:
    assert find(folder, "国 (务 " * 20 + "院" + ")" * 20).total == 2
    assert find(folder, "国 -(缺 -(务 " * 10 + "院" + "))" * 10).total == 2
