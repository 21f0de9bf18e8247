"""A batch: hand pages to the executor, a bounded number at a time, and keep what comes back.

The parent is the only one who writes. Results are kept in small transactions, so that a kill loses at most
the pages in flight.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.page_work import PageWork, hash_tasks, page_tasks
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger, Progress
from ybda_qc.engine.tasks import FileRef, Task
from ybda_qc.model import PageResult

_FLUSH_PAGES = 200
_FLUSH_SECONDS = 1.0


class Measuring:
    """Measures the pages of one run and keeps the results in the ledger.

    Parameters
    ----------
    root
        The batch.
    plan
        What is measured.
    ledger, run
        Where results are kept.
    progress
        Told of every page.
    """

    def __init__(self, *, root: Path, plan: Plan, ledger: Ledger, run: int, progress: Progress) -> None:
        self._ledger = ledger
        self._run = run
        self._progress = progress
        self._buffer: list[tuple[PageResult, int | None]] = []
        self._flushed_at = time.monotonic()
        self._pages = PageWork(
            root=root, plan=plan, cached=ledger.cached, expect=progress.expect, keep=self._keep
        )

    @property
    def from_cache(self) -> int:
        """Pages that did not have to be measured."""
        return self._pages.from_cache

    def measure(
        self, files: Sequence[FileRef], executor: Executor, alone: Callable[[], Executor], *, known: bool
    ) -> None:
        """Measure all pages of the files.

        Parameters
        ----------
        files
            Files that hold pages.
        executor
            Does the work.
        alone
            Makes an executor that takes one task at a time in a fresh process: for a second try at pages over
            which a worker died.
        known
            Whether the ledger may know some of the contents: files are then hashed first.

        Raises
        ------
        InputError
            If the disk is full.
        """
        self._progress.expect(len(files))
        try:
            with executor:
                self._work(executor, hash_tasks(files) if known else page_tasks(files))
            self._try_again(alone)
        finally:
            self._flush()
        self._buffer += [(page, None) for page in self._pages.changed(files)]
        self._flush()

    def _work(self, executor: Executor, tasks: Iterator[Task]) -> None:
        while True:
            while executor.has_room:
                task = self._pages.pending.popleft() if self._pages.pending else next(tasks, None)
                if task is None:
                    break
                executor.submit(task)
            if not executor.in_flight:
                return
            for task, answer in executor.wait():
                self._pages.take(task, answer)

    def _try_again(self, alone: Callable[[], Executor]) -> None:
        """Give pages over which a worker died one more chance, with nothing else running."""
        if self._pages.again:
            again = list(self._pages.again)
            with alone() as executor:
                self._work(executor, iter(again))

    def _keep(self, result: PageResult, frame_count: int | None) -> None:
        self._buffer.append((result, frame_count))
        self._progress.advance()
        overdue = time.monotonic() - self._flushed_at > _FLUSH_SECONDS
        if overdue or len(self._buffer) >= _FLUSH_PAGES:
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            self._ledger.put_pages(self._run, self._buffer)
            self._buffer = []
        self._flushed_at = time.monotonic()
