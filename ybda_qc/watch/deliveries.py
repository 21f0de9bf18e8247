"""What becomes of deliveries: told by their thread, noted on that of their station."""

from collections.abc import Callable
from queue import SimpleQueue

from ybda_qc.watch.delivery import Delivered, DeliveryFailed, DeliveryNews, DeliveryRefused
from ybda_qc.watch.troubles import WEBHOOK, Troubles


class Deliveries:
    """Hears of deliveries on any thread, and begins and ends the trouble of the webhook on one.

    Parameters
    ----------
    troubles
        Of the station.
    on_delivery
        Told of each delivery, too.
    """

    def __init__(self, troubles: Troubles, on_delivery: Callable[[DeliveryNews], None]) -> None:
        self._troubles = troubles
        self._on_delivery = on_delivery
        self._heard: SimpleQueue[DeliveryNews] = SimpleQueue()

    def hear(self, news: DeliveryNews) -> None:
        """Something became of a delivery; may be called on any thread."""
        self._heard.put(news)

    def note(self) -> None:
        """Take in what was heard."""
        while not self._heard.empty():
            news = self._heard.get()
            self._on_delivery(news)
            match news:
                case DeliveryFailed() if WEBHOOK not in self._troubles:
                    self._troubles.begin(WEBHOOK, news.message)
                case DeliveryRefused():
                    self._troubles.begin(WEBHOOK, news.message)
                case Delivered():
                    self._troubles.end(WEBHOOK)
