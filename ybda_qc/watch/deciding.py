"""When items are closed and decided: as they fall due, and anew where more is known than before."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from ybda_qc.errors import InputError, QcError
from ybda_qc.model import Catalogue
from ybda_qc.report import mark as _
from ybda_qc.watch.items import ClosedBy, ItemTracker
from ybda_qc.watch.news import ItemNews, Message
from ybda_qc.watch.station_items import StationItems
from ybda_qc.watch.taking_in import TakingIn
from ybda_qc.watch.troubles import ITEMS, LEDGER, Troubles

_CLOSING_SECONDS: Final = 0.25  # between two looks for items to be closed
_CLOSING_SHARE: Final = 10.0  # each goes through all that waits: at most one part in so many of the time


class Deciding:
    """Has items closed and decided, and says when that cannot be done.

    Parameters
    ----------
    items
        Closes items and decides on them.
    tracker
        Knows which items are due.
    files
        The files of the folder: an item of which some are still looked at is not closed.
    troubles
        Told of decisions that cannot be kept.
    write
        Writes what is to be kept; whether nothing is left.
    hear
        Told of decisions that the ledger has.
    """

    def __init__(
        self,
        items: StationItems,
        *,
        tracker: ItemTracker,
        files: TakingIn,
        troubles: Troubles,
        write: Callable[[], bool],
        hear: Callable[[ItemNews], None],
    ) -> None:
        self._items = items
        self._tracker = tracker
        self._files = files
        self._troubles = troubles
        self._write = write
        self._hear = hear
        self._close_at = 0.0

    def close_due(self, now: float, catalogue: Catalogue | None) -> None:
        """Close the items that are due, if it is time to look for them."""
        if now < self._close_at or not self._files.has_looked:
            return
        if not (self._troubles.may_try(LEDGER) and self._troubles.may_try(ITEMS)):
            return
        begun = time.monotonic()
        due = self._due(now)
        took = time.monotonic() - begun
        self._close_at = begun + max(_CLOSING_SECONDS, took * _CLOSING_SHARE)
        if due and self._write():  # an item is decided by what is kept
            self._decide(partial(self._items.close, code, by, catalogue) for code, by in due)

    def _due(self, now: float) -> list[tuple[str, ClosedBy]]:
        busy: set[str] | None = None

        def is_busy(code: str) -> bool:
            nonlocal busy
            if busy is None:
                busy = {self._tracker.item_of(path) for path in self._files.outstanding}
            return code in busy

        return self._tracker.due(now, is_busy)

    def decide_anew(self, seconds: float, catalogue: Catalogue | None) -> bool:
        """Decide anew on items, for so long at most; whether there was anything that could be done."""
        if not (self._items.has_work and self._files.has_looked and self._troubles.may_try(ITEMS)):
            return False
        self._decide([partial(self._items.update, catalogue, seconds)])
        return True

    def _decide(self, deciding: Iterable[Callable[[], Iterable[ItemNews]]]) -> None:
        """Tell of what is decided as it is decided; what cannot be kept is decided again later.

        An item whose report cannot be written keeps no other from being decided.
        """
        failure: Message | QcError | None = None
        for decide in deciding:
            try:
                for news in decide():
                    self._hear(news)
            except InputError as error:
                failure = error
                break
            except OSError as error:
                values = {"reason": error.strerror or str(error)}
                template = _("the report of an item cannot be written: {reason}")
                failure = Message(template=template, values=values)
        if failure is None:
            self._troubles.end(ITEMS)
        else:
            self._troubles.begin(ITEMS, failure)
