"""What keeps a watched folder from being worked on: said once when it begins, and once when it is over."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from ybda_qc.errors import QcError
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import Message, ServiceNews

_FIRST_PAUSE: Final = 1.0  # in seconds, before something that failed is tried again
_LONGEST_PAUSE: Final = 30.0

AWAY, SILENT, LEDGER, HOME, ITEMS, ROOM, REPORTS, UNREADABLE, MOVING, TEXT, WEBHOOK = (
    "away",
    "silent",
    "ledger",
    "home",
    "items",
    "room",
    "reports",
    "unreadable",
    "moving",
    "text",
    "webhook",
)
"""Kinds of trouble; there is one of a kind at a time."""


class Troubles:
    """The troubles of a folder by kind, and when to try again.

    Parameters
    ----------
    inbox
        Name of the folder.
    tell
        Told when a trouble begins, becomes another, and ends; not of numbers in it that go up and down.
    clock
        A monotonic clock, in seconds.
    """

    def __init__(
        self,
        inbox: str,
        tell: Callable[[ServiceNews], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inbox = inbox
        self._tell = tell
        self._clock = clock
        self._messages: dict[str, Message] = {}
        self._pauses: dict[str, float] = {}
        self._again_at: dict[str, float] = {}

    @property
    def worst(self) -> Message | None:
        """The trouble that came first, None where there is none."""
        return next(iter(self._messages.values()), None)

    def __contains__(self, kind: str) -> bool:
        return kind in self._messages

    def begin(self, kind: str, message: Message | QcError) -> None:
        """Something does not work; the next try comes after a pause, longer each time one was in vain."""
        if isinstance(message, QcError):
            message = Message.of(message)
        if self.may_try(kind):
            pause = min(self._pauses.get(kind, _FIRST_PAUSE / 2) * 2, _LONGEST_PAUSE)
            self._pauses[kind] = pause
            self._again_at[kind] = self._clock() + pause
        known = self._messages.get(kind)
        self._messages[kind] = message
        if known is None or _words(known) != _words(message):
            self._say(EventKind.TROUBLE, message)

    def end(self, kind: str) -> None:
        """It works again."""
        message = self._messages.pop(kind, None)
        self._pauses.pop(kind, None)
        self._again_at.pop(kind, None)
        if message is not None:
            self._say(EventKind.RECOVERED, message)

    def may_try(self, kind: str) -> bool:
        """Whether there is no such trouble, or the pause after the last try is over."""
        return self._clock() >= self._again_at.get(kind, float("-inf"))

    def _say(self, kind: EventKind, message: Message) -> None:
        self._tell(ServiceNews(kind=kind, inbox=self._inbox, message=message, at=datetime.now(UTC)))


def _words(message: Message) -> tuple[str, dict[str, str]]:
    """A message without its numbers."""
    return message.template, {name: value for name, value in message.values.items() if isinstance(value, str)}
