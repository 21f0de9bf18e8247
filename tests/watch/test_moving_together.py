"""An item is moved whole: also pages that an earlier move took elsewhere, but no old scans of others."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.watch.conftest import MakeWatched
from tests.watch.station import scan
from tests.watch.watched import Watched
from ybda_qc.model import PageResult
from ybda_qc.model.watching import EventKind, TakenFile
from ybda_qc.watch.news import ItemNews, ServiceNews

GOOD, BAD = "A/0001.tif", "A/0002.tif"
LIMITS = """
[checks.skew.over-limit]
review = 3
fail = 4
source = "project-choice"
clause = "a test: turned pages are rejected at once"
"""


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    return tmp_path / "accepted"


@pytest.fixture
def rejected(tmp_path: Path) -> Path:
    return tmp_path / "rejected"


@pytest.fixture
def watched(watch: MakeWatched, rejected: Path) -> Iterator[Watched]:
    """A folder whose only item was rejected for one of two pages, and moved whole."""
    watched = watch(rest=1.0, accepted="accepted", rejected="rejected", more=LIMITS)
    scan(watched.inbox / GOOD, 1)
    scan(watched.inbox / BAD, 2, turned=6.0)
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED) and watched.station.is_quiet, "not rejected")
    assert files(rejected) == {GOOD, BAD}
    watched.news.clear()
    yield watched


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def taken(watched: Watched) -> dict[str, TakenFile]:
    return watched.opened.behind.ledger.watching.taken_files(watched.opened.behind.run)


def results(watched: Watched) -> list[PageResult]:
    return list(watched.opened.behind.ledger.watching.pages_of(watched.opened.behind.run, [GOOD, BAD]))


def troubles(watched: Watched) -> list[str]:
    told = (news for news in watched.news if isinstance(news, ServiceNews))
    return [
        news.message.template.format(**news.message.values) for news in told if news.kind is EventKind.TROUBLE
    ]


def moves(watched: Watched) -> list[str]:
    told = (news for news in watched.news if isinstance(news, ItemNews))
    return [news.moved_to for news in told if news.kind is EventKind.ITEM_MOVED]


def test_an_item_whose_bad_page_was_scanned_again_is_accepted_whole(
    watched: Watched, accepted: Path, rejected: Path
) -> None:
    inode, old = ((rejected / path).stat().st_ino for path in (GOOD, BAD))
    scan(watched.inbox / BAD, 3)
    watched.until(lambda: moves(watched) and watched.station.is_quiet, "not moved, or not told")
    assert files(accepted) == {GOOD, BAD}
    assert (accepted / GOOD).stat().st_ino == inode, "renamed, not copied"
    assert files(rejected) == {BAD}, "the old scan is no file of the item"
    assert (rejected / BAD).stat().st_ino == old
    assert files(watched.inbox) == set()
    assert moves(watched) == [str(accepted)]
    assert watched.files(EventKind.FILE_REMOVED) == troubles(watched) == []
    assert {path: file.moved_to for path, file in taken(watched).items()} == {
        path: str(accepted / path) for path in (GOOD, BAD)
    }
    assert [page.page.path for page in results(watched)] == [GOOD, BAD]

    watched.stop()
    watched.start()
    watched.turn(2.0)
    assert moves(watched) == [str(accepted)], "told once"


@pytest.mark.parametrize("harm", ["gone", "changed", "behind a link"])
def test_nothing_is_moved_while_a_page_moved_earlier_is_not_as_it_was_examined(
    watched: Watched, accepted: Path, rejected: Path, tmp_path: Path, harm: str
) -> None:
    before = (rejected / GOOD).stat()
    away = tmp_path / "away"
    match harm:
        case "gone":
            (rejected / GOOD).rename(away)
        case "changed":
            os.utime(rejected / GOOD, ns=(0, 1_000_000_000))
        case _:
            (rejected / "A").rename(away)
            (rejected / "A").symlink_to(away)
    scan(watched.inbox / BAD, 3)
    watched.until(lambda: troubles(watched), "not said")
    watched.turn(1.0)
    assert "A/0001.tif is gone or has changed; move it back there" in troubles(watched)[0]
    assert files(watched.inbox) == {BAD}
    assert not accepted.exists()
    assert moves(watched) == []

    match harm:
        case "gone":
            away.rename(rejected / GOOD)
        case "changed":
            os.utime(rejected / GOOD, ns=(0, before.st_mtime_ns))
        case _:
            (rejected / "A").unlink()
            away.rename(rejected / "A")
    watched.until(lambda: moves(watched) and watched.station.is_quiet, "not tried again")
    assert files(accepted) == {GOOD, BAD}
    assert len(troubles(watched)) == 1


def test_nothing_is_moved_while_something_lies_in_the_way_of_a_page_moved_earlier(
    watched: Watched, accepted: Path, rejected: Path
) -> None:
    (accepted / "A").mkdir(parents=True)
    (accepted / GOOD).write_bytes(b"of another delivery")
    scan(watched.inbox / BAD, 3)
    watched.until(lambda: troubles(watched), "not said")
    assert files(accepted) == {GOOD}
    assert (accepted / GOOD).read_bytes() == b"of another delivery"
    assert files(watched.inbox) == {BAD}
    assert files(rejected) == {GOOD, BAD}

    watched.stop()
    watched.start()
    watched.turn(1.0)
    assert taken(watched)[GOOD].moved_to == str(rejected / GOOD)
    (accepted / GOOD).unlink()
    watched.until(lambda: moves(watched) and watched.station.is_quiet, "not tried again after a restart")
    assert files(accepted) == {GOOD, BAD}


@pytest.mark.parametrize(
    ("done", "is_in_the_way"),
    [
        ("nothing", False),
        ("the page here", True),
        ("the page moved earlier", False),
        ("half a rename", False),
        ("half a rename", True),
    ],
)
def test_a_move_from_two_folders_is_finished_after_a_kill(
    watched: Watched, accepted: Path, rejected: Path, done: str, is_in_the_way: bool
) -> None:
    if done == "half a rename" and os.name == "nt":
        pytest.skip("no file gets a second name there")
    (rejected / GOOD).rename(rejected / "kept")  # so that the item is closed, but not moved
    scan(watched.inbox / BAD, 3)
    watched.until(lambda: troubles(watched), "not said")
    watched.turn(1.0)
    book, run = watched.opened.behind.ledger.watching, watched.opened.behind.run
    book.put_items(run, [replace(book.items(run)["A"], moved_to=str(accepted))])
    watched.stop(in_order=False)
    (rejected / "kept").rename(rejected / GOOD)
    (accepted / "A").mkdir(parents=True)
    match done:
        case "the page here":
            (watched.inbox / BAD).rename(accepted / BAD)
        case "the page moved earlier":
            (rejected / GOOD).rename(accepted / GOOD)
        case "half a rename":
            os.link(rejected / GOOD, accepted / GOOD)
    missing = [path for path in (GOOD, BAD) if not (accepted / path).exists()]
    watched.news.clear()
    if is_in_the_way:
        stone = accepted / missing[-1]
        stone.write_bytes(b"of another delivery")
        watched.start()
        watched.until(lambda: troubles(watched), "not said")
        watched.turn(1.0)
        assert moves(watched) == []
        watched.stop()
        stone.unlink()
    watched.start()
    watched.until(lambda: moves(watched) and watched.station.is_quiet, "not finished")
    assert files(accepted) == {GOOD, BAD}
    assert {(accepted / path).stat().st_nlink for path in (GOOD, BAD)} == {1}
    assert files(rejected) == {BAD}
    assert files(watched.inbox) == set()
    assert moves(watched) == [str(accepted)]
    assert watched.items(EventKind.ITEM_REOPENED) == watched.files(EventKind.FILE_REMOVED) == []
    assert {file.moved_to for file in taken(watched).values()} == {str(accepted / p) for p in (GOOD, BAD)}


def test_an_item_that_was_torn_apart_is_brought_together_at_the_next_start(
    watched: Watched, accepted: Path, rejected: Path
) -> None:
    (rejected / GOOD).rename(rejected / "kept")  # so that the item is closed, but not moved
    scan(watched.inbox / BAD, 3)
    watched.until(lambda: troubles(watched), "not said")
    watched.turn(1.0)
    book, run = watched.opened.behind.ledger.watching, watched.opened.behind.run
    file = replace(book.taken_files(run)[BAD], moved_to=str(accepted / BAD))
    torn = replace(book.items(run)["A"], moved_to=str(accepted))
    book.take_in(run, [], [], touched=[file], gone=[], items=[torn])
    watched.stop(in_order=False)
    (accepted / "A").mkdir(parents=True)
    (watched.inbox / BAD).rename(accepted / BAD)
    (rejected / "kept").rename(rejected / GOOD)
    watched.news.clear()
    watched.start()
    watched.until(lambda: moves(watched) and watched.station.is_quiet, "not brought together")
    assert files(accepted) == {GOOD, BAD}
    assert files(rejected) == {BAD}
    assert moves(watched) == [str(accepted)]
    assert troubles(watched) == watched.items(EventKind.ITEM_REOPENED) == []
