"""Deliveries of a real ledger to a real web server."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.watch_values import tell
from tests.watch import receiver as does
from tests.watch.receiver import KEY, PATIENCE, Receiver
from ybda_qc.model.watching import Event, EventKind
from ybda_qc.store import LEDGER_NAME, open_ledger
from ybda_qc.store.watching import WatchBook
from ybda_qc.watch.config import WebhookConfig
from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryLag, DeliveryNews, DeliveryRefused
from ybda_qc.watch.posting import delivery_id
from ybda_qc.watch.webhook import CURSOR, Patience, Webhook

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUICK = Patience(first=0.02, most=0.1, answer=10, refusals=3, poll=0.05)
CLOSED, UPDATED = EventKind.ITEM_CLOSED, EventKind.ITEM_UPDATED


def closed(subject: str = "A·1", kind: EventKind = CLOSED, **document: object) -> Event:
    return Event(kind=kind, at=NOON, subject=subject, document=document)


def config(url: str, *events: EventKind) -> WebhookConfig:
    return WebhookConfig(url=url, key=KEY, events=events or (CLOSED, UPDATED))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[WatchBook]:
    with open_ledger(tmp_path, create=True, busy_seconds=0.2) as ledger:
        yield ledger.watching


class Told:
    """Hears what becomes of deliveries."""

    def __init__(self) -> None:
        self.news: list[DeliveryNews] = []

    def __call__(self, news: DeliveryNews) -> None:
        self.news.append(news)

    def of(self, kind: type[DeliveryNews]) -> list[DeliveryNews]:
        return [news for news in self.news if isinstance(news, kind)]


@pytest.fixture
def told() -> Told:
    return Told()


@contextmanager
def delivering(
    book: WatchBook, told: Told, wanted: WebhookConfig, patience: Patience = QUICK
) -> Iterator[Webhook]:
    webhook = Webhook("收件", wanted, book, told, patience)
    webhook.start()
    try:
        yield webhook
    finally:
        webhook.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_events_arrive_in_order_and_signed(book: WatchBook, told: Told) -> None:
    with Receiver() as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed(f"件·{n}", outcome="reject", pages=n, inbox="forged") for n in range(5)])
        deliveries = receiver.wait_for(5)
        wait_until(lambda: len(told.of(Delivered)) == 5)
    assert [delivery.event for delivery in deliveries] == [1, 2, 3, 4, 5]
    assert all(delivery.is_signed for delivery in deliveries)
    assert all(delivery.path == "/hook?x=1" for delivery in deliveries)
    assert deliveries[3].headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(deliveries[3].body) == {
        "type": "item-closed",
        "timestamp": "2026-03-02T12:00:00+00:00",
        "data": {"inbox": "收件", "subject": "件·3", "id": 4, "outcome": "reject", "pages": 3},
    }
    assert len({delivery.headers["webhook-id"] for delivery in deliveries}) == 5


def test_a_signature_does_not_fit_another_body(book: WatchBook, told: Told) -> None:
    with Receiver() as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed()])
        (delivery,) = receiver.wait_for(1)
    assert delivery.is_signed
    delivery.body += b" "
    assert not delivery.is_signed


def test_only_what_was_asked_for_and_happens_from_now_on(book: WatchBook, told: Told) -> None:
    tell(book, [closed("long ago")])
    with Receiver() as receiver, delivering(book, told, config(receiver.url, UPDATED)):
        tell(book, [closed("a"), closed("b", UPDATED), closed("c"), closed("d", UPDATED)])
        deliveries = receiver.wait_for(2)
        tell(book, [closed("e"), closed("f", UPDATED)])
        deliveries = receiver.wait_for(3)
    assert [json.loads(delivery.body)["data"]["subject"] for delivery in deliveries] == ["b", "d", "f"]


def test_another_start_goes_on_where_the_last_one_stopped(tmp_path: Path, told: Told) -> None:
    with Receiver() as receiver:
        with open_ledger(tmp_path, create=True) as ledger:
            with delivering(ledger.watching, told, config(receiver.url)):
                tell(ledger.watching, [closed(), closed()])
                receiver.wait_for(2)
                wait_until(lambda: ledger.watching.cursor(CURSOR) == 3)
            tell(ledger.watching, [closed(), closed()])  # while nothing is delivered
        with (
            open_ledger(tmp_path) as ledger,
            delivering(ledger.watching, told, config(receiver.url)),
        ):
            receiver.wait_for(4)
    assert receiver.events == [1, 2, 3, 4]


def test_the_very_first_event_survives_a_restart(book: WatchBook, told: Told) -> None:
    """An empty ledger has begun, too: what happens before the first delivery is not taken for history."""
    with delivering(book, told, config("http://127.0.0.1:1/")):
        tell(book, [closed()])
        wait_until(lambda: bool(told.of(DeliveryFailed)))
    with Receiver() as receiver, delivering(book, told, config(receiver.url)):
        assert [delivery.event for delivery in receiver.wait_for(1)] == [1]


def test_a_failing_receiver_is_tried_again_with_the_same_event(book: WatchBook, told: Told) -> None:
    with Receiver(500, 503, does.babble) as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed(), closed()])
        deliveries = receiver.wait_for(5)
        wait_until(lambda: len(told.of(Delivered)) == 2)
    assert [delivery.event for delivery in deliveries] == [1, 1, 1, 1, 2]
    assert len({delivery.headers["webhook-id"] for delivery in deliveries}) == 2
    assert all(delivery.is_signed for delivery in deliveries)
    failed = [news for news in told.of(DeliveryFailed) if isinstance(news, DeliveryFailed)]
    assert [news.tries for news in failed] == [1, 2, 3]
    said = failed[0].message.template.format(**failed[0].message.values)
    assert said.startswith(f"the webhook {receiver.url} answered 500 Internal Server Error; event 1 is tried")
    assert not told.of(DeliveryRefused)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_what_is_refused_is_passed_over_in_the_end(book: WatchBook, told: Told, status: int) -> None:
    with Receiver(status, status, status) as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed(), closed()])
        receiver.wait_for(4)
        wait_until(lambda: book.cursor(CURSOR) == 3)
    assert receiver.events == [1, 1, 1, 2]
    (refused,) = told.of(DeliveryRefused)
    assert isinstance(refused, DeliveryRefused)
    assert (refused.event, refused.tries) == (1, 3)
    assert "is passed over and stays in the ledger" in refused.message.template


@pytest.mark.parametrize("answer", [408, 425, does.busy, 500, does.redirect])
def test_patience_has_no_end_where_nothing_was_refused(
    book: WatchBook, told: Told, answer: does.Answer
) -> None:
    with Receiver(*[answer] * 6) as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed()])
        deliveries = receiver.wait_for(7)
        wait_until(lambda: len(told.of(Delivered)) == 1)
    assert receiver.events == [1] * 7
    assert {delivery.path for delivery in deliveries} == {"/hook?x=1"}, "redirects are not followed"
    assert not told.of(DeliveryRefused)


@pytest.mark.parametrize("answer", [does.hang, does.dribble])
def test_a_receiver_that_never_ends_is_given_up_and_tried_again(
    book: WatchBook, told: Told, answer: does.Answer
) -> None:
    patience = Patience(first=0.02, most=0.1, answer=0.3, poll=0.05)
    with Receiver(answer, answer) as receiver, delivering(book, told, config(receiver.url), patience):
        tell(book, [closed()])
        receiver.wait_for(3)
        wait_until(lambda: len(told.of(Delivered)) == 1)
    failed = told.of(DeliveryFailed)
    assert failed
    assert all(isinstance(news, DeliveryFailed) and news.message.values["status"] == 0 for news in failed)


@pytest.mark.parametrize("answer", [does.hang, does.dribble, 500])
def test_stopping_waits_for_nobody(book: WatchBook, told: Told, answer: does.Answer) -> None:
    patience = Patience(first=300, answer=300)
    with Receiver(answer=answer) as receiver:
        webhook = Webhook("in", config(receiver.url), book, told, patience)
        webhook.start()
        tell(book, [closed()])
        receiver.wait_for(1)
        webhook.stop()
        assert not webhook.is_alive, "neither the receiver nor the pause between two attempts is waited for"
    assert book.cursor(CURSOR) == 1, "what was cut off comes again"


def test_a_receiver_that_comes_up_later(book: WatchBook, told: Told) -> None:
    with socket.socket() as placeholder:
        placeholder.bind(("127.0.0.1", 0))
        port = placeholder.getsockname()[1]
    with delivering(book, told, config(f"http://127.0.0.1:{port}/")):
        tell(book, [closed()])
        wait_until(lambda: len(told.of(DeliveryFailed)) > 2)
        with Receiver(port=port) as receiver:
            receiver.wait_for(1)
            wait_until(lambda: len(told.of(Delivered)) == 1)


def test_the_lag_is_told(book: WatchBook, told: Told) -> None:
    with Receiver(500) as receiver, delivering(book, told, config(receiver.url)):
        tell(book, [closed()] * 3)
        receiver.wait_for(4)
        wait_until(lambda: len(told.of(Delivered)) == 3)
        wait_until(lambda: told.news[-1] == DeliveryLag(inbox="收件", waiting=0, seconds=0.0))
    lags = [news for news in told.of(DeliveryLag) if isinstance(news, DeliveryLag) and news.waiting]
    assert [news.waiting for news in lags] == [3, 3, 2, 1]
    assert all(news.seconds > 0 for news in lags), "the events are of an earlier day"


def test_a_locked_ledger_is_waited_for(tmp_path: Path, book: WatchBook, told: Told) -> None:
    with Receiver() as receiver, delivering(book, told, config(receiver.url)):
        other = sqlite3.connect(tmp_path / LEDGER_NAME, isolation_level=None)
        tell(book, [closed(), closed()])
        other.execute("BEGIN IMMEDIATE")
        receiver.wait_for(2)
        other.execute("ROLLBACK")
        other.close()
        wait_until(lambda: book.cursor(CURSOR) == 3)
    assert set(receiver.events) == {1, 2}, "at least once"


_SENDER = """
import sys, time
from pathlib import Path
from ybda_qc.store import open_ledger
from ybda_qc.watch.webhook import Webhook
from tests.watch.test_webhook import QUICK, config
with open_ledger(Path(sys.argv[1])) as ledger:
    Webhook("收件", config(sys.argv[2]), ledger.watching, lambda news: None, QUICK).start()
    time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_nothing_is_lost_by_kills(tmp_path: Path, told: Told) -> None:
    count = 60
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with Receiver() as receiver:
        with open_ledger(tmp_path, create=True) as ledger:
            with delivering(ledger.watching, told, config(receiver.url)):
                pass  # it has begun
            tell(ledger.watching, [closed() for _ in range(count)])
        for stage in (1, 20, 40):
            sender = subprocess.Popen(
                [sys.executable, "-c", _SENDER, str(tmp_path), receiver.url], env=environ
            )
            try:
                receiver.wait_for(stage)
            finally:
                sender.kill()
                sender.wait()
        with open_ledger(tmp_path) as ledger, delivering(ledger.watching, told, config(receiver.url)):
            wait_until(lambda: ledger.watching.cursor(CURSOR) == count + 1)
    firsts = list(dict.fromkeys(receiver.events))
    assert firsts == list(range(1, count + 1)), "each at least once, in order"
    by_event = {(delivery.event, delivery.headers["webhook-id"]) for delivery in receiver.deliveries}
    assert len(by_event) == count, "a repetition is known by its identifier"


def test_identifiers() -> None:
    one = Event(kind=CLOSED, at=NOON, subject="a", id=7)
    assert delivery_id("in", one) == delivery_id("in", one)
    assert delivery_id("in", one) != delivery_id("乙", one), "ledgers number alike"
    assert delivery_id("in", one).isascii()


def test_delays_double_to_a_limit_and_heed_the_receiver() -> None:
    patience = Patience()
    for tries, least, most in ((1, 1, 1.25), (2, 1.5, 2.5), (5, 12, 20), (9, 192, 300), (5000, 225, 300)):
        delays = [patience.delay(tries) for _ in range(200)]
        assert least <= min(delays) <= max(delays) <= most
    assert len({patience.delay(5) for _ in range(10)}) > 1, "spread"
    assert patience.delay(1, asked=60) == 60
    assert patience.delay(1, asked=86_400) == 300


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate of localhost that nobody has signed, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    folder = tmp_path_factory.mktemp("tls")
    made, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    name = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    subprocess.run([*command, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


@pytest.mark.parametrize("trusted", [True, False])
def test_the_receiver_is_verified(
    book: WatchBook,
    told: Told,
    certificate: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    receiver = Receiver()
    receiver.speak_tls(*certificate)
    url = f"https://127.0.0.1:{receiver.port}/"
    with receiver, delivering(book, told, config(url)):
        tell(book, [closed()])
        wait_until(lambda: bool(told.of(Delivered if trusted else DeliveryFailed)))
    assert len(receiver.deliveries) == trusted
    if not trusted:
        first = told.of(DeliveryFailed)[0]
        assert isinstance(first, DeliveryFailed)
        assert "self-signed certificate" in str(first.message.values["detail"]).replace(
            "self signed", "self-signed"
        )
