"""Whether the service works: what `/healthz` answers."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ybda_qc import __version__
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import Message, News, ServiceNews, StationNews

LATE_SECONDS = 30.0
"""A service of which a part has done nothing for so long hangs; slow pages and silent disks hold up none."""

_WHOLE = ""  # news about the service as a whole have this for their inbox


@dataclass(frozen=True, slots=True)
class _State:
    trouble: Message | None
    since: datetime


class Health:
    """Listens to the news, is told by the loop that it turns, and reports; for any thread.

    Parameters
    ----------
    clock
        Seconds that only go forward, whatever is done to the clock on the wall.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._states: dict[str, _State] = {}
        self._turned = clock()

    def beat(self) -> None:
        """The loop has turned."""
        self._turned = self._clock()

    def hear(self, news: News) -> None:
        """Take in what concerns the state of a folder, or of the service."""
        match news:
            case StationNews(inbox=inbox, trouble=trouble):
                self._put(inbox, trouble)
            case ServiceNews(kind=EventKind.TROUBLE, inbox=inbox, message=message):
                self._put(inbox, message)
            case ServiceNews(kind=EventKind.STARTED | EventKind.RECOVERED, inbox=""):
                self._put(_WHOLE, None)  # a folder that is over one trouble may have others: it tells itself
            case ServiceNews(kind=EventKind.RELOADED):
                with self._lock:  # other folders perhaps; each tells in half a second how it is
                    self._states = {_WHOLE: _State(None, datetime.now(UTC))}
            case ServiceNews(kind=EventKind.STOPPED, inbox=inbox):
                with self._lock:
                    self._states.pop(inbox, None)

    def _put(self, inbox: str, trouble: Message | None) -> None:
        with self._lock:
            known = self._states.get(inbox)
            if known is None or (known.trouble is None) != (trouble is None):
                self._states[inbox] = _State(trouble, datetime.now(UTC))
            elif known.trouble != trouble:
                self._states[inbox] = _State(trouble, known.since)

    def report(self) -> tuple[bool, dict[str, object]]:
        """Whether all is well, and the document that says what is not.

        Returns
        -------
        tuple[bool, dict[str, object]]
            ``{"status": "ok" | "trouble", "version", "loop": {"seconds_since_turn", "hangs"}, "service",
            "inboxes": {name: {"status", "trouble", "since"}}}``; ``service`` is as an inbox, and null while
            there is no news of it.
        """
        seconds = max(0.0, self._clock() - self._turned)
        with self._lock:
            states = dict(self._states)
        hangs = seconds > LATE_SECONDS
        is_well = not hangs and all(state.trouble is None for state in states.values())
        whole = states.pop(_WHOLE, None)
        return is_well, {
            "status": "ok" if is_well else "trouble",
            "version": __version__,
            "loop": {"seconds_since_turn": round(seconds, 1), "hangs": hangs},
            "service": None if whole is None else _document(whole),
            "inboxes": {inbox: _document(state) for inbox, state in sorted(states.items())},
        }


def _document(state: _State) -> dict[str, object]:
    trouble = state.trouble
    return {
        "status": "ok" if trouble is None else "trouble",
        "trouble": None if trouble is None else trouble.template.format(**trouble.values),
        "since": state.since.isoformat(timespec="seconds"),
    }
