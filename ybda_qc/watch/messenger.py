"""The webhook as its station sees it: nudged when there is news, heard on the station's own thread."""

from collections.abc import Callable
from queue import SimpleQueue

from ybda_qc.store.watching import WatchBook
from ybda_qc.watch.config import WebhookConfig
from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryNews, DeliveryRefused
from ybda_qc.watch.troubles import WEBHOOK, Troubles
from ybda_qc.watch.webhook import Webhook


class Messenger:
    """Has events delivered, and says when that fails; without a webhook it does nothing.

    Parameters
    ----------
    inbox
        Name of the watched folder.
    config
        The server that is told of events, None where there is none.
    book
        Holds the events.
    troubles
        Told of deliveries that fail, and that they succeed again.
    hear
        Told what becomes of deliveries, by `take`.
    """

    def __init__(
        self,
        inbox: str,
        config: WebhookConfig | None,
        book: WatchBook,
        *,
        troubles: Troubles,
        hear: Callable[[DeliveryNews], None],
    ) -> None:
        self._news: SimpleQueue[DeliveryNews] = SimpleQueue()  # told by another thread
        self._webhook = Webhook(inbox, config, book, self._news.put) if config else None
        self._troubles = troubles
        self._hear = hear

    def start(self) -> None:
        """Begin to deliver."""
        if self._webhook is not None:
            self._webhook.start()

    def stop(self) -> None:
        """Deliver no more; what is undelivered follows after the next start."""
        if self._webhook is not None:
            self._webhook.stop()

    def nudge(self) -> None:
        """There are new events."""
        if self._webhook is not None:
            self._webhook.nudge()

    def take(self) -> None:
        """Take in what became of deliveries."""
        while not self._news.empty():
            news = self._news.get()
            self._hear(news)
            match news:
                case DeliveryFailed() if WEBHOOK not in self._troubles:
                    self._troubles.begin(WEBHOOK, news.message)
                case DeliveryRefused():
                    self._troubles.begin(WEBHOOK, news.message)
                case Delivered():
                    self._troubles.end(WEBHOOK)
                case _:
                    pass
