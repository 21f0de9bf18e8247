"""Counters for Prometheus; their names and labels are a contract with those who draw and alert by them."""

import platform
import time
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder

from ybda_qc import __version__
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryLag, DeliveryNews, DeliveryRefused
from ybda_qc.watch.news import FileNews, ItemNews, News, PageNews, ServiceNews, StationNews

_SECONDS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)
_INBOX = ("inbox",)


class Metrics:
    """Listens to the news and counts; for any thread.

    `exposition` gives what Prometheus scrapes. A registry of its own, so that several services in one
    process (tests, say) do not meet.
    """

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        build = Info("ybda_qc_build", "What is running.", registry=registry)
        build.info({"version": __version__, "python": platform.python_version()})

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, (*_INBOX, *labels), registry=registry)

        def gauge(name: str, text: str) -> Gauge:
            return Gauge(name, text, _INBOX, registry=registry)

        self._pages = counter("ybda_qc_pages", "Pages examined, by their heaviest verdict.", "verdict")
        self._seconds = Histogram(
            "ybda_qc_page_verdict_seconds",
            "From the completion of a file to the verdict on its page.",
            _INBOX,
            buckets=_SECONDS,
            registry=registry,
        )
        self._changes = counter("ybda_qc_file_changes", "Files replaced, renamed or removed.", "change")
        self._items = counter("ybda_qc_items_closed", "Items closed, by the decision on them.", "outcome")
        self._restarts = counter("ybda_qc_worker_restarts", "Workers that were lost and replaced.")
        self._queued = gauge(
            "ybda_qc_queued_pages", "Files whose turn has not come, or that are being examined."
        )
        self._unread = gauge("ybda_qc_unread_pages", "Pages whose text is still to be read.")
        self._waiting = gauge("ybda_qc_waiting_files", "Files that are not complete yet.")
        self._oldest = gauge("ybda_qc_waiting_oldest_seconds", "How long the oldest of them has been there.")
        self._files = gauge("ybda_qc_taken_files", "Files in the folder that have been taken in.")
        self._open = gauge("ybda_qc_open_items", "Items that are open.")
        self._trouble = gauge("ybda_qc_trouble", "1 while something keeps the service from working, else 0.")
        self._heard = gauge(
            "ybda_qc_last_news_timestamp_seconds", "When the loop last told how things stand."
        )
        self._sent = counter("ybda_qc_webhook_sent", "Events that the receiver has taken.")
        self._failed = counter("ybda_qc_webhook_failed", "Attempts to deliver that failed.")
        self._refused = counter(
            "ybda_qc_webhook_refused", "Events passed over, for the receiver refused them."
        )
        self._undelivered = gauge("ybda_qc_webhook_waiting_events", "Events not delivered yet, to 1,000.")
        self._lag = gauge("ybda_qc_webhook_lag_seconds", "Age of the oldest event not delivered yet.")
        self._known_restarts: dict[str, int] = {}
        self._gauges = (
            *(self._queued, self._unread, self._waiting, self._oldest, self._files, self._open),
            *(self._trouble, self._heard, self._undelivered, self._lag),
        )

    def hear(self, news: News) -> None:
        """Count a piece of news."""
        match news:
            case PageNews(is_told_again=True):
                pass  # it was counted when it was examined
            case PageNews():
                self._pages.labels(news.inbox, news.judged.verdict.word).inc()
                if news.seconds is not None:
                    self._seconds.labels(news.inbox).observe(max(0.0, news.seconds))
            case FileNews():
                self._changes.labels(news.inbox, news.kind.removeprefix("file-")).inc()
            case ItemNews(kind=EventKind.ITEM_CLOSED):
                self._items.labels(news.inbox, news.outcome or "none").inc()
            case StationNews():
                self._take_state(news)
            case ServiceNews():
                self._hear_service(news)

    def hear_delivery(self, news: DeliveryNews) -> None:
        """Count what became of a delivery."""
        match news:
            case Delivered():
                self._sent.labels(news.inbox).inc()
            case DeliveryFailed():
                self._failed.labels(news.inbox).inc()
            case DeliveryRefused():
                self._refused.labels(news.inbox).inc()
            case DeliveryLag():
                self._undelivered.labels(news.inbox).set(news.waiting)
                self._lag.labels(news.inbox).set(news.seconds)

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """All figures in the text that the scraper accepts, and its content type."""
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    def _hear_service(self, news: ServiceNews) -> None:
        match news:
            case ServiceNews(kind=EventKind.TROUBLE):
                self._trouble.labels(news.inbox).set(1)
            case ServiceNews(kind=EventKind.STARTED | EventKind.RECOVERED, inbox=""):
                self._trouble.labels("").set(0)  # a folder may have other troubles: it tells itself
            case ServiceNews(kind=EventKind.RELOADED):
                for inbox in ("", *self._known_restarts):  # other folders perhaps; each tells how it is
                    self._forget(inbox)
            case ServiceNews(kind=EventKind.STOPPED):
                self._forget(news.inbox)

    def _take_state(self, news: StationNews) -> None:
        for gauge, value in (
            (self._queued, news.queued),
            (self._unread, news.unread),
            (self._waiting, len(news.waiting)),
            (self._oldest, max((file.seconds for file in news.waiting), default=0.0)),
            (self._files, news.files),
            (self._open, news.open_items),
            (self._trouble, int(news.trouble is not None)),
            (self._heard, time.time()),
        ):
            gauge.labels(news.inbox).set(value)
        known = self._known_restarts.get(news.inbox, 0)
        # A station that was started again begins at zero; a counter only ever grows.
        new = news.worker_restarts - known if news.worker_restarts >= known else news.worker_restarts
        self._restarts.labels(news.inbox).inc(new)
        self._known_restarts[news.inbox] = news.worker_restarts

    def _forget(self, inbox: str) -> None:
        """How things stood in a folder that is no longer watched; what was counted there remains."""
        self._known_restarts.pop(inbox, None)
        for gauge in self._gauges:
            with suppress(KeyError):  # never set
                gauge.remove(inbox)
