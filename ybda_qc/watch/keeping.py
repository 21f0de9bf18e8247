"""What is to be written to the ledger: gathered while it stands still or lets us down, lost never."""

import threading
from collections.abc import Sequence

from ybda_qc.model import PageResult
from ybda_qc.model.watching import Event, ItemState, TakenFile
from ybda_qc.store.ledger import SqlLedger


class Keeping:
    """Writes what happened in the order in which it happened, several files in one transaction.

    Parameters
    ----------
    ledger, run
        Where it is kept.
    standstill
        Held by others while the ledger must not change.
    """

    def __init__(self, ledger: SqlLedger, run: int, standstill: threading.Lock) -> None:
        self._book = ledger.watching
        self._run = run
        self._standstill = standstill
        self._files: dict[str, tuple[TakenFile, Sequence[PageResult]]] = {}
        self._touched: dict[str, TakenFile] = {}
        self._gone: dict[str, None] = {}
        self._items: dict[str, ItemState] = {}
        self._events: list[Event] = []

    def __len__(self) -> int:
        of_files = len(self._files) + len(self._touched) + len(self._gone)
        return of_files + len(self._items) + len(self._events)

    def file(self, taken: TakenFile, pages: Sequence[PageResult]) -> None:
        """A file was taken in, with these pages."""
        self._touched.pop(taken.path, None)
        self._files[taken.path] = (taken, pages)

    def touched(self, taken: TakenFile) -> None:
        """A file has another state; its pages are as they were."""
        if taken.path in self._files:
            self._files[taken.path] = (taken, self._files[taken.path][1])
        else:
            self._touched[taken.path] = taken

    def gone(self, path: str) -> None:
        """A file is gone."""
        self._files.pop(path, None)
        self._touched.pop(path, None)
        self._gone[path] = None

    def item(self, state: ItemState) -> None:
        """Something became of an item."""
        self._items[state.code] = state

    def event(self, event: Event | None) -> None:
        """Something happened."""
        if event is not None:
            self._events.append(event)

    def write(self, *, wait: bool = False) -> bool:
        """Write all there is; returns whether nothing is left.

        Parameters
        ----------
        wait
            Whether to wait for the ledger to move again, where it stands still.

        Raises
        ------
        InputError
            If the ledger cannot be written; then all is still here.
        """
        if not len(self):
            return True
        if not self._standstill.acquire(blocking=wait):
            return False
        try:
            self._book.take_in(
                self._run,
                list(self._files.values()),
                self._events,
                touched=list(self._touched.values()),
                gone=list(self._gone),
                items=list(self._items.values()),
            )
        finally:
            self._standstill.release()
        self._files, self._touched, self._gone = {}, {}, {}
        self._items, self._events = {}, []
        return True
