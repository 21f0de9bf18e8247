"""The loop over several folders."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.watch.watched import PATIENCE, scan
from ybda_qc.errors import InputError
from ybda_qc.model.watching import EventKind
from ybda_qc.report import translator
from ybda_qc.store import LEDGER_NAME, lock_output
from ybda_qc.watch.config import InboxConfig, ServiceConfig
from ybda_qc.watch.news import News, PageNews, ServiceNews
from ybda_qc.watch.notify import Supervisor
from ybda_qc.watch.opening import open_inbox
from ybda_qc.watch.service import Service


class Listening:
    """Keeps the news."""

    def __init__(self) -> None:
        self.news: list[News] = []

    def hear(self, news: News) -> None:
        self.news.append(news)

    def pages(self) -> list[str]:
        return [
            f"{news.inbox}/{news.judged.result.page.path}" for news in self.news if isinstance(news, PageNews)
        ]

    def kinds(self) -> list[EventKind]:
        return [news.kind for news in self.news if isinstance(news, ServiceNews)]


def config(place: Path, *names: str) -> ServiceConfig:
    for name in names:
        (place / name).mkdir(exist_ok=True)
    inboxes = tuple(
        InboxConfig(path=place / name, name=name, out=place / f"{name}-qc", profile="base") for name in names
    )
    return ServiceConfig(inboxes=inboxes, jobs=1)


@contextmanager
def running(service: Service, configuration: ServiceConfig) -> Iterator[list[int]]:
    """The service on a thread, ended after; the list holds its exit code then."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(service.run(configuration)))
    thread.start()
    try:
        yield codes
    finally:
        service.stop()
        thread.join(PATIENCE)


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_configuration_that_cannot_be_used_leaves_the_old_one_in_force(tmp_path: Path) -> None:
    old, new = config(tmp_path, "A"), config(tmp_path, "B", "C")
    (tmp_path / "C-qc").write_text("a file where the output folder should be")
    heard = Listening()
    service = Service(
        lambda: new, say=translator("en"), listeners=(heard,), supervisor=Supervisor(environ={})
    )
    with running(service, old) as codes:
        until(lambda: EventKind.STARTED in heard.kinds())
        service.reload()
        until(lambda: EventKind.TROUBLE in heard.kinds())
        scan(tmp_path / "A" / "1" / "0001.tif", 1)
        scan(tmp_path / "B" / "1" / "0001.tif", 2)
        until(heard.pages)
    assert heard.pages() == ["A/1/0001.tif"]
    assert EventKind.RELOADED not in heard.kinds()
    assert codes == [0]


def test_a_folder_that_cannot_be_gone_on_with_is_let_go_of(tmp_path: Path) -> None:
    configuration = config(tmp_path, "A")
    inbox = configuration.inboxes[0]
    open_inbox(inbox, jobs=1, lang="en").close()
    with closing(sqlite3.connect(inbox.out / LEDGER_NAME)) as ledger, ledger:
        ledger.execute("INSERT INTO item_state SELECT id, 'X', 'noon', 'rest', 'hold', '', '' FROM run")
    service = Service(
        lambda: configuration, say=translator("en"), listeners=(), supervisor=Supervisor(environ={})
    )
    with pytest.raises(InputError, match="damaged") as caught:
        service.run(configuration)
    with lock_output(inbox.out):  # while the error, and with it all that was made, is still known
        assert caught.value
