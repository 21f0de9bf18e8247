"""A station as a whole: what it must never do with a file."""

import os
import sqlite3
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.watch.conftest import MakeWatched
from tests.watch.watched import scan
from ybda_qc.model import Verdict
from ybda_qc.model.watching import EventKind, ItemState
from ybda_qc.store import LEDGER_NAME
from ybda_qc.watch.news import ItemNews, News, PageNews, ReportNews, ServiceNews

by_lease = pytest.mark.skipif(sys.platform != "linux", reason="needs to know that a file is being written")


def test_files_in_hidden_folders_belong_to_no_item(watch: MakeWatched) -> None:
    watched = watch()
    scan(watched.inbox / ".snapshot" / "A" / "0001.tif", 1)
    scan(watched.inbox / "A" / ".rsync-partial" / "0002.tif", 2)
    scan(watched.inbox / "A" / "0001.tif", 3)
    watched.until(lambda: watched.items() and watched.station.is_quiet)
    assert watched.pages() == ["A/0001.tif"]
    assert watched.items() == ["A"]
    assert [file.name for file in watched.out.rglob("*.qc.json")] == ["A.qc.json"]


def test_a_marker_speaks_of_the_files_seen_with_it_whatever_their_order(watch: MakeWatched) -> None:
    watched = watch(rest=600, polls=True)
    for number in range(40):  # in whatever order the system tells of them
        scan(watched.inbox.parent / "A" / f"{number:04}.tif", number)
    (watched.inbox.parent / "A" / "ok.done").touch()
    (watched.inbox.parent / "A").rename(watched.inbox / "A")
    watched.until(watched.items, "not closed by its marker")
    assert len(set(watched.pages())) == 40


@by_lease
def test_the_word_of_a_marker_outlives_a_restart(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif", 1)
    scan(watched.inbox / "A" / "0002.tif", 2)
    with (watched.inbox / "A" / "0002.tif").open("r+b"):
        (watched.inbox / "A" / "ok.done").touch()
        book, run = watched.opened.behind.ledger.watching, watched.opened.behind.run
        watched.until(lambda: {"A/0001.tif", "A/ok.done"} <= book.taken_files(run).keys())
        assert watched.items() == [], "a page is still being written"
        watched.stop()
        watched.start()
        watched.until(lambda: watched.station.news().waiting)
        assert watched.items() == []
    watched.until(watched.items, "not closed by its marker")
    assert [news.by for news in watched.news if isinstance(news, ItemNews)] == ["marker"]

    # closed once, the marker has nothing more to say
    scan(watched.inbox / "A" / "0003.tif", 3)
    watched.until(lambda: watched.items(EventKind.ITEM_REOPENED) and len(watched.pages()) == 3)
    watched.stop()
    watched.start()
    watched.until(lambda: watched.station.is_quiet)
    watched.turn(1.0)
    assert watched.items() == ["A"]


@by_lease
def test_the_word_of_a_marker_is_taken_back_when_its_item_is_gone(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif", 1)
    watched.until(watched.pages)
    items = watched.opened.behind.ledger.watching.items
    with (watched.inbox / "A" / "0002.tif").open("wb"):  # the item waits for it
        (watched.inbox / "A" / "ok.done").touch()
        watched.until(lambda: "A" in items(watched.opened.behind.run))
        (watched.inbox / "A" / "0001.tif").unlink()
        watched.until(lambda: watched.files(EventKind.FILE_REMOVED))
    (watched.inbox / "A" / "0002.tif").unlink()
    watched.until(lambda: items(watched.opened.behind.run) == {"A": ItemState(code="A")})
    assert watched.items() == []


def test_a_marker_of_an_item_that_is_not_there_closes_no_other(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.pages)
    (watched.inbox / "B.done").touch()
    watched.turn(2.0)
    assert watched.items() == []
    (watched.inbox / "A.done").touch()
    watched.until(watched.items)


def test_a_marker_that_is_written_again_closes_again(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif")
    (watched.inbox / "A" / "ok.done").write_text("1")
    watched.until(watched.items)
    scan(watched.inbox / "A" / "0002.tif", 2)
    watched.until(lambda: len(watched.pages()) == 2)
    (watched.inbox / "A" / "ok.done").write_text("2")
    watched.until(lambda: len(watched.items()) == 2)


def test_a_marker_makes_no_item_of_a_catalogue(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    (watched.inbox / "catalogue.xlsx").write_bytes(b"PK\x03\x04 still coming")
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.pages)
    (watched.inbox / "_COMPLETE").touch()
    watched.until(watched.items)
    watched.turn(1.0)
    assert watched.items() == ["A"]


def test_the_end_waits_for_reports_and_is_heard_meanwhile(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif", 1)
    watched.until(watched.pages)
    standstill = watched.opened.behind.standstill
    watched.until(lambda: watched.opened.behind.ledger.watching.taken_files(watched.opened.behind.run))
    standstill.acquire()  # as reports of a large folder do, for a long time
    watched.until(lambda: any(thread.name == "reports" for thread in threading.enumerate()))
    scan(watched.inbox / "A" / "0002.tif", 2)
    watched.until(lambda: len(watched.pages()) == 2)
    asked: list[int] = []

    def goes_on() -> bool:
        asked.append(len(asked))
        if len(asked) == 3:
            standstill.release()
        return True

    watched.station.stop(in_order=True, goes_on=goes_on)
    assert len(asked) >= 3
    lines = (watched.out / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2


def test_reports_are_left_for_the_next_start_where_time_is_not_granted(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.pages)
    watched.station.stop(in_order=True, goes_on=lambda: False)
    assert not (watched.out / "pages.jsonl").exists()
    watched.start()
    watched.until(lambda: watched.station.is_quiet)
    assert watched.pages() == ["A/0001.tif"], "nothing is examined twice"
    assert len((watched.out / "pages.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_an_item_whose_report_cannot_be_written_keeps_no_other_from_being_closed(watch: MakeWatched) -> None:
    watched = watch(rest=1)
    (watched.out / "A.qc.json").mkdir()
    for number, item in enumerate("ABC"):
        scan(watched.inbox / item / "0001.tif", number)
    watched.until(lambda: len(watched.items()) >= 2)
    assert watched.items() == ["B", "C"]
    scan(watched.inbox / "D" / "0001.tif", 9)
    watched.until(lambda: len(watched.items()) >= 3, "nothing more is examined")
    (watched.out / "A.qc.json").rmdir()
    watched.until(lambda: "A" in watched.items())


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_what_lies_behind_a_link_to_a_folder_is_no_page(watch: MakeWatched, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    scan(outside / "0001.tif", 1)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "L").symlink_to(outside)
    watched = watch()
    watched.until(lambda: watched.station.is_quiet)
    scan(outside / "0002.tif", 2)
    scan(outside / "deeper" / "0003.tif", 3)
    watched.turn(1.5)
    scan(watched.inbox / "A" / "0001.tif", 4)
    watched.until(watched.items)
    assert watched.pages() == ["A/0001.tif"]
    assert watched.items() == ["A"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_folder_that_becomes_a_link_moves_nothing_of_what_it_leads_to(
    watch: MakeWatched, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "0001.pdf").write_bytes(b"of somebody else")
    watched = watch(rest=2, rejected="rejected")
    (watched.inbox / "A").mkdir()
    (watched.inbox / "A" / "0001.pdf").write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")
    watched.until(watched.pages)
    (watched.inbox / "A").rename(tmp_path / "A")
    (watched.inbox / "A").symlink_to(outside)
    scan(watched.inbox / "B" / "0001.tif", 4)
    watched.until(lambda: "B" in watched.items())
    watched.turn(1.0)
    assert (outside / "0001.pdf").read_bytes() == b"of somebody else"
    assert not (tmp_path / "rejected").exists()


def test_what_is_told_of_items_is_kept_with_what_became_of_them(watch: MakeWatched) -> None:
    watched = watch()
    book = watched.opened.behind.ledger.watching
    kept: list[int] = []

    def on_news(news: News) -> None:
        watched.news.append(news)
        if isinstance(news, ItemNews):
            kept.append(len(book.events(kinds=[EventKind.ITEM_CLOSED])))

    watched.on_news = on_news
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.items)
    watched.turn(0.5)
    assert kept == [1], "a kill between the two would leave an item closed of which nobody is told"
    assert len(book.events(kinds=[EventKind.ITEM_CLOSED])) == 1


def test_closed_items_are_decided_anew_after_a_start(watch: MakeWatched) -> None:
    watched = watch()
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.items)
    watched.stop()
    report = watched.out / "A.qc.json"
    before = report.stat()
    watched.start()
    watched.until(lambda: watched.station.is_quiet)
    assert report.stat().st_mtime_ns == before.st_mtime_ns, "nothing is other than it was"
    assert watched.items(EventKind.ITEM_UPDATED) == []
    watched.stop()
    report.unlink()
    watched.start()
    watched.until(report.exists)


def test_a_page_that_is_only_touched_leaves_its_item_closed(watch: MakeWatched) -> None:
    watched = watch(rest=1.0)
    page = scan(watched.inbox / "A" / "0001.tif", 1)
    watched.until(lambda: watched.items() and watched.station.is_quiet)
    book, run, report = (
        watched.opened.behind.ledger.watching,
        watched.opened.behind.run,
        watched.out / "A.qc.json",
    )
    before, told = report.stat().st_mtime_ns, len(book.events())
    os.utime(page, ns=(0, 1_000_000_000))
    watched.until(lambda: book.taken_files(run)["A/0001.tif"].state.modified_ns == 1_000_000_000)
    watched.until(lambda: watched.station.is_quiet)
    watched.turn(1.0)
    assert (report.stat().st_mtime_ns, len(book.events())) == (before, told)
    assert len(list(book.pages_of(run, ["A/0001.tif"]))) == 1

    scan(page, 2)
    watched.until(lambda: len(watched.items()) == 2, "a page that has changed is passed over")
    kinds = [event.kind for event in book.events(after=book.events()[told - 1].id)]
    assert kinds[:3] == [EventKind.ITEM_REOPENED, EventKind.FILE_REPLACED, EventKind.PAGE]
    assert len(watched.pages()) == 2


def test_an_item_is_moved_though_a_page_was_touched_meanwhile(watch: MakeWatched) -> None:
    watched = watch(rest=1.0, rejected="rejected")
    page = watched.inbox / "A" / "0001.pdf"

    def on_news(news: News) -> None:
        watched.news.append(news)
        if isinstance(news, ItemNews) and news.kind is EventKind.ITEM_CLOSED:
            os.utime(page, ns=(0, 1_000_000_000))

    watched.on_news = on_news
    page.parent.mkdir()
    page.write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED))
    assert watched.items() == ["A"]
    assert watched.items(EventKind.ITEM_REOPENED) == []
    assert (watched.inbox.parent / "rejected" / "A" / "0001.pdf").is_file()


def test_pages_of_an_item_that_was_moved_remain_though_another_comes_at_once(watch: MakeWatched) -> None:
    watched = watch(rest=1.0, rejected="rejected")
    (watched.inbox / "A").mkdir()
    (watched.inbox / "A" / "0001.pdf").write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED))
    scan(watched.inbox / "A" / "0002.tif")
    watched.until(lambda: watched.items(EventKind.ITEM_REOPENED))
    watched.until(lambda: len(watched.items()) == 2)
    watched.turn(2.0)
    assert watched.files(EventKind.FILE_REMOVED) == []
    taken = watched.opened.behind.ledger.watching.taken_files(watched.opened.behind.run)
    assert taken["A/0001.pdf"].moved_to.endswith("rejected/A/0001.pdf")


def test_a_page_whose_text_is_read_later_is_answered_without_it(watch: MakeWatched) -> None:
    watched = watch(rest=600, ocr="tesseract")
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(watched.pages)
    told = next(news for news in watched.news if isinstance(news, PageNews))
    assert "readable" in told.judged.verdicts
    assert "text_confidence" not in told.judged.verdicts
    assert told.judged.verdict is not Verdict.ERROR


@pytest.mark.skipif(os.name == "nt", reason="no file gets a second name there")
@pytest.mark.parametrize("is_touched", [False, True])
def test_a_move_that_was_broken_off_between_two_names_is_finished(
    watch: MakeWatched, is_touched: bool
) -> None:
    watched = watch(rest=1.0)
    page = scan(watched.inbox / "A" / "0001.tif", 1)
    moved = watched.inbox.parent / "moved" / "A" / "0001.tif"
    watched.until(lambda: watched.items() and watched.station.is_quiet)
    book, run = watched.opened.behind.ledger.watching, watched.opened.behind.run
    book.put_items(run, [replace(book.items(run)["A"], moved_to=str(moved.parents[1]))])
    watched.stop(in_order=False)
    moved.parent.mkdir(parents=True)
    os.link(page, moved)
    if is_touched:
        os.utime(page, ns=(0, 1_000_000_000))
    with page.open("r+b"):  # it is looked at once all items were decided anew
        watched.news.clear()
        watched.start()
        assert page.exists() == is_touched, "what may have changed is looked at first"
        watched.until(lambda: any(isinstance(news, ReportNews) for news in watched.news))
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED), "not told")
    assert (page.exists(), moved.stat().st_nlink) == (False, 1)
    watched.until(lambda: watched.station.is_quiet)
    assert watched.items(EventKind.ITEM_MOVED) == ["A"]
    assert watched.items(EventKind.ITEM_REOPENED) == watched.items() == []


def test_a_marker_that_stays_behind_when_all_was_moved_is_no_trouble(watch: MakeWatched) -> None:
    watched = watch(rest=600, rejected="rejected")
    damaged = watched.inbox / "A" / "0001.pdf"
    damaged.parent.mkdir()
    damaged.write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")
    (watched.inbox / "A" / "ok.done").touch()
    watched.until(lambda: watched.items() and not damaged.exists(), "not moved")
    told = len(watched.news)
    watched.until(lambda: any(isinstance(news, ReportNews | ServiceNews) for news in watched.news[told:]))
    assert [news for news in watched.news if isinstance(news, ServiceNews)] == []


@pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be taken away there")
def test_without_its_ledger_nothing_is_examined_and_nothing_written(
    watch: MakeWatched, tmp_path: Path
) -> None:
    watched = watch()
    scan(watched.inbox / "A" / "0001.tif", 1)
    watched.until(lambda: watched.items() and watched.station.is_quiet)
    watched.out.rename(tmp_path / "elsewhere")
    watched.until(lambda: watched.station.news().trouble)
    scan(watched.inbox / "B" / "0001.tif", 2)
    watched.turn(4.0)
    assert watched.pages() == ["A/0001.tif"]
    assert not watched.out.exists()
    (tmp_path / "elsewhere").rename(watched.out)
    watched.until(lambda: watched.items() == ["A", "B"] and watched.station.is_quiet)
    assert watched.station.news().trouble is None


def test_a_long_file_holds_no_other_up(watch: MakeWatched, tmp_path: Path) -> None:
    watched = watch(rest=600)
    frames = [Image.new("L", (60, 80), number % 256) for number in range(300)]
    frames[0].save(tmp_path / "long.tif", save_all=True, append_images=frames[1:])
    (tmp_path / "long.tif").rename(watched.inbox / "long.tif")
    watched.until(watched.pages)
    scan(watched.inbox / "A" / "0001.tif")
    watched.until(lambda: "A/0001.tif" in watched.pages())
    assert len(watched.pages()) < 250


FULL_FOR_MOVES = """
CREATE TABLE filled (id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO filled VALUES (9223372036854775807);  -- the last id: from now on SQLite says that it is full
CREATE TRIGGER refusal BEFORE INSERT ON event WHEN NEW.kind = 'item-moved'
BEGIN INSERT INTO filled VALUES (NULL); END;
"""


def test_a_move_of_which_the_ledger_did_not_hear_is_told_later_and_once(watch: MakeWatched) -> None:
    watched = watch(rest=1.0, rejected="rejected")
    with closing(sqlite3.connect(watched.out / LEDGER_NAME, timeout=60)) as ledger:
        ledger.executescript(FULL_FOR_MOVES)
        (watched.inbox / "A").mkdir()
        (watched.inbox / "A" / "0001.pdf").write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")
        place = watched.inbox.parent / "rejected" / "A" / "0001.pdf"
        watched.until(lambda: place.exists() and watched.station.news().trouble)
        watched.turn(1.0)
        assert (watched.items(), watched.items(EventKind.ITEM_MOVED)) == (["A"], [])
        ledger.execute("DROP TRIGGER refusal")
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED))
    watched.until(lambda: watched.station.is_quiet)
    assert watched.items(EventKind.ITEM_MOVED) == ["A"]
    assert len(watched.opened.behind.ledger.watching.events(kinds=[EventKind.ITEM_MOVED])) == 1
