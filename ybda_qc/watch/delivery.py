"""What is told of deliveries to the webhook."""

from dataclasses import dataclass

from ybda_qc.watch.news import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The receiver has taken an event."""

    inbox: str
    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed:
    """An attempt failed; the event is tried again in ``delay`` seconds."""

    inbox: str
    event: int
    tries: int
    delay: float
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRefused:
    """The receiver refused an event until patience ended; it is passed over, and remains in the ledger."""

    inbox: str
    event: int
    tries: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLag:
    """How many events wait, counted up to 1,000, and for how many seconds the oldest has."""

    inbox: str
    waiting: int
    seconds: float


DeliveryNews = Delivered | DeliveryFailed | DeliveryRefused | DeliveryLag
