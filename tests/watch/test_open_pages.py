"""Pages that are to be scanned again are not forgotten between two lives of the service."""

from datetime import UTC, datetime
from pathlib import Path

from tests.watch.conftest import MakeWatched
from tests.watch.watched import Watched, scan
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.board import Board
from ybda_qc.watch.news import OpenPages, PageNews


def _damaged(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF")


def _listed(watched: Watched) -> list[str]:
    """Pages to be scanned again, as the operator sees them."""
    board = Board()
    now = datetime.now(UTC)
    for news in watched.news:
        board.hear(news, now)
    return [bad.news.judged.result.page.path for bad in board.sight(now).bad]


def _start_again(watched: Watched) -> None:
    watched.stop()
    watched.news.clear()
    watched.start()


def test_the_list_of_pages_to_be_scanned_again_goes_on_after_a_start(watch: MakeWatched) -> None:
    watched = watch(rest=600)
    for number in range(1, 5):
        _damaged(watched.inbox / "A" / f"{number:04d}.pdf")
        watched.until(lambda number=number: len(watched.pages()) == number)
    scan(watched.inbox / "A" / "0005.tif")
    (watched.inbox / "A" / "0002.pdf").unlink()
    watched.until(lambda: watched.files(EventKind.FILE_REMOVED) and len(watched.pages()) == 5)
    watched.until(lambda: watched.station.is_quiet)

    _start_again(watched)
    assert _listed(watched) == ["A/0004.pdf", "A/0003.pdf", "A/0001.pdf"], "the newest first"
    (told,) = [news for news in watched.news if isinstance(news, OpenPages)]
    assert [finding.check for finding in told.pages[0].judged.findings] == ["readable"]
    assert told.pages[0].remedies["readable"]

    (watched.inbox / "A" / "0003.pdf").unlink()
    scan(watched.inbox / "new.tif").replace(watched.inbox / "A" / "0001.pdf")
    watched.until(lambda: _listed(watched) == ["A/0004.pdf"])
    watched.until(lambda: watched.station.is_quiet)
    _start_again(watched)
    assert _listed(watched) == ["A/0004.pdf"]
    assert not [news for news in watched.news if isinstance(news, PageNews)], "nothing is examined for it"


def test_pages_that_left_with_their_item_are_on_no_list(watch: MakeWatched) -> None:
    watched = watch(rest=1.0, rejected="rejected")
    _damaged(watched.inbox / "A" / "0001.pdf")
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED) and watched.station.is_quiet)
    _start_again(watched)
    assert _listed(watched) == []
