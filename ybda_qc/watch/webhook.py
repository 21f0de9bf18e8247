"""Events of a watched folder are delivered to a web server: each at least once, in order.

The ledger is the queue: nothing that happened is lost where the receiver is away, the network is down or
the service is killed. A cursor in the ledger says which event is next.
"""

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ybda_qc.errors import QcError
from ybda_qc.model.watching import Event, EventKind
from ybda_qc.report import mark as _
from ybda_qc.watch.config_values import WebhookConfig
from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryLag, DeliveryNews, DeliveryRefused
from ybda_qc.watch.news import Message
from ybda_qc.watch.posting import Answer, Attempt, body_of, delivery_id, headers

CURSOR = "webhook-next"
"""Name of the cursor: id of the event that is next; 0 until the webhook has been set up."""

_MOST_EVENTS = 1000
_STOP_SECONDS = 0.9

_NO_ANSWER = _(
    "the webhook {url} cannot be reached ({detail}); event {event} is tried again in {delay:.0f} s"
)
_NOT_TAKEN = _("the webhook {url} answered {status} {detail}; event {event} is tried again in {delay:.0f} s")
_REFUSED = _(
    "the webhook {url} answered {status} {detail} {tries} times; event {event} is passed over and stays in "
    "the ledger"
)

_log = logging.getLogger(__name__)


class EventBook(Protocol):
    """Where events are kept; used by several threads at once."""

    def events(
        self, *, after: int = 0, most: int = 500, kinds: Collection[EventKind] = ()
    ) -> Sequence[Event]:
        """Return the events behind one, oldest first."""

    def last_event(self) -> int:
        """Return the id of the newest event, 0 where there is none."""

    def cursor(self, name: str) -> int:
        """Return where a listener has come, 0 where it has not begun."""

    def put_cursor(self, name: str, event: int) -> None:
        """Keep where a listener has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long is waited.

    Parameters
    ----------
    first, most
        Seconds before the second attempt, and the most that the doubling comes to.
    answer
        Seconds for an attempt as a whole.
    refusals
        Attempts after which an event that the receiver refuses is passed over: about two minutes, which a
        restart of the receiver takes, while a single event that it cannot stomach does not stop all others.
        Where there is no answer, or one of the server's own fault (5xx), patience has no end.
    poll
        Seconds between two looks at the ledger.
    """

    first: float = 1.0
    most: float = 300.0
    answer: float = 15.0
    refusals: int = 8
    poll: float = 0.5

    def delay(self, tries: int, asked: float | None = None) -> float:
        """Seconds after so many attempts: doubled each time, and spread so that no herd arises."""
        wanted = min(self.most, self.first * 2.0 ** min(tries - 1, 30)) * random.uniform(0.75, 1.25)  # noqa: S311
        return min(self.most, max(self.first, wanted, asked or 0.0))


class Webhook:
    """Delivers the events of one folder on a thread of its own, which the service never waits for.

    Parameters
    ----------
    inbox
        Name of the folder.
    config
        Where to, with which key, and which events.
    book
        Where the events are.
    tell
        Is told what becomes of deliveries, on the thread that delivers; must neither wait nor raise.
    patience
        How long is waited.
    """

    def __init__(
        self,
        inbox: str,
        config: WebhookConfig,
        book: EventBook,
        tell: Callable[[DeliveryNews], None],
        patience: Patience = Patience(),
    ) -> None:
        self._inbox = inbox
        self._config = config
        self._book = book
        self._tell = tell
        self._patience = patience
        self._tls = ssl.create_default_context() if config.url.startswith("https:") else None
        self._stopping = False
        self._wake = threading.Event()
        self._next = 0
        self._kept = 0
        self._thread = threading.Thread(target=self._run, name=f"webhook {inbox}", daemon=True)

    def start(self) -> None:
        """Begin where the last one stopped; the first time with the next event that happens.

        Raises
        ------
        InputError
            If the ledger cannot be read.
        """
        self._next = self._kept = self._book.cursor(CURSOR)
        if self._next == 0:
            self._next = self._book.last_event() + 1
            self._keep()
        self._thread.start()

    def nudge(self) -> None:
        """There may be something new; without this it is found half a second later."""
        self._wake.set()

    def stop(self) -> None:
        """End within a second, whatever the receiver does; an attempt that is cut off is made again later.

        The book may be closed afterwards.
        """
        self._stopping = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(_STOP_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether it still delivers."""
        return self._thread.is_alive()

    # --- on the thread that delivers ------------------------------------------------------------------------

    def _run(self) -> None:
        tries = 0
        while not self._stopping:
            try:
                self._deliver_all()
            except Exception as error:  # noqa: BLE001 - a locked ledger, a full disk: nobody else would try again
                tries += 1
                _log.warning("%s: the events to deliver cannot be read or kept: %s", self._inbox, error)
            else:
                tries = 0
            self._sleep(self._patience.delay(tries) if tries else self._patience.poll)
        if self._next != self._kept:
            try:
                self._keep()
            except QcError as error:
                _log.warning("%s: deliveries will be repeated: %s", self._inbox, error)

    def _deliver_all(self) -> None:
        """Deliver what there is until nothing is left."""
        while not self._stopping:
            newest = self._book.last_event()
            events = self._book.events(
                after=self._next - 1, most=_MOST_EVENTS, kinds=frozenset(self._config.events)
            )
            for number, event in enumerate(events):
                if not self._deliver(event, len(events) - number):
                    return
                self._next = event.id + 1
                self._keep()
            if len(events) < _MOST_EVENTS:
                # What lies between is of other kinds: it need not be looked through again.
                self._next = max(self._next, newest + 1)
                self._tell_lag(0, None)
                return

    def _keep(self) -> None:
        self._book.put_cursor(CURSOR, self._next)
        self._kept = self._next

    def _tell_lag(self, waiting: int, oldest: Event | None) -> None:
        seconds = 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest.at).total_seconds())
        self._tell(DeliveryLag(inbox=self._inbox, waiting=waiting, seconds=seconds))

    def _deliver(self, event: Event, waiting: int) -> bool:
        """Hand an event over, or give it up; False if the service stops before."""
        tries = refusals = 0
        while not self._stopping:
            self._tell_lag(waiting, event)
            answer = self._attempt(event)
            if answer is None:
                break
            if answer.is_taken:
                self._tell(Delivered(inbox=self._inbox, event=event.id))
                return True
            tries += 1
            refusals += answer.is_refusal
            if answer.is_refusal and refusals >= self._patience.refusals:
                self._give_up(event, answer, refusals)
                return True
            delay = self._patience.delay(tries, answer.retry_after)
            self._tell_failure(event, answer, tries, delay)
            self._sleep_fully(delay)
        return False

    def _attempt(self, event: Event) -> Answer | None:
        """One attempt; None if the service stops meanwhile."""
        body, identifier = body_of(self._inbox, event), delivery_id(self._inbox, event)
        signed = headers(self._config.key, identifier, int(time.time()), body)
        attempt = Attempt(
            self._config.url, signed, body, seconds=self._patience.answer, tls=self._tls, wake=self._wake
        )
        end = time.monotonic() + self._patience.answer
        while not self._stopping and attempt.answer is None and (left := end - time.monotonic()) > 0:
            self._sleep(left)
        if attempt.answer is not None:
            return attempt.answer
        attempt.abandon()
        return None if self._stopping else Answer(status=0, detail="no answer in time")

    def _give_up(self, event: Event, answer: Answer, tries: int) -> None:
        message = Message(
            template=_REFUSED,
            values={
                "url": self._config.url,
                "status": answer.status,
                "detail": answer.detail,
                "tries": tries,
                "event": event.id,
            },
        )
        self._tell(DeliveryRefused(inbox=self._inbox, event=event.id, tries=tries, message=message))

    def _tell_failure(self, event: Event, answer: Answer, tries: int, delay: float) -> None:
        message = Message(
            template=_NOT_TAKEN if answer.status else _NO_ANSWER,
            values={
                "url": self._config.url,
                "status": answer.status,
                "detail": answer.detail,
                "event": event.id,
                "delay": delay,
            },
        )
        self._tell(
            DeliveryFailed(inbox=self._inbox, event=event.id, tries=tries, delay=delay, message=message)
        )

    def _sleep(self, seconds: float) -> None:
        """Until something may be new."""
        if not self._stopping:
            self._wake.wait(seconds)
        if not self._stopping:
            self._wake.clear()

    def _sleep_fully(self, seconds: float) -> None:
        """Until a time has passed, or the service stops: what is new must not hasten an attempt."""
        end = time.monotonic() + seconds
        while not self._stopping and (left := end - time.monotonic()) > 0:
            self._sleep(left)
