"""Pairs of pages: which are worth comparing, compared by workers, kept under both contents.

The parent is the only one who writes. Results are kept in small transactions, so that a kill loses at most
the pairs in flight.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ybda_qc.checks._base import PairCheck
from ybda_qc.engine.comparing import not_compared
from ybda_qc.engine.executors.base import Executor, work_off
from ybda_qc.engine.faults import describe
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.plan import PlannedBatchCheck
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.tasks import Answer, Death, PairCompared, PairTask
from ybda_qc.errors import QcError, disk_full
from ybda_qc.model import Candidates, CheckResult, Compared, PairKey, State

_FLUSH_PAIRS = 100
_FLUSH_SECONDS = 1.0


class PairStage:
    """Has the pairs of one run compared that its batch checks ask for.

    Parameters
    ----------
    view
        The measured batch.
    out
        The run folder, where pictures lie.
    progress
        Told of every pair.
    """

    def __init__(self, *, view: LedgerView, out: Path, progress: Progress) -> None:
        self._view = view
        self._out = out
        self._progress = progress
        self._again: list[PairTask] = []
        self._second_try = False
        self._buffer: dict[str, dict[PairKey, CheckResult]] = {}
        self._flushed_at = time.monotonic()

    def compare(self, step: str, executor: Callable[[], Executor], alone: Callable[[], Executor]) -> None:
        """Compare the candidates that are not known yet.

        Parameters
        ----------
        step
            Name of this part of the work for the display.
        executor
            Makes the executor that does the work; not called where there is none.
        alone
            Makes an executor that takes one task at a time in a fresh process: for a second try at pairs
            over which a worker died.

        Raises
        ------
        InputError
            If the disk is full.
        """
        tasks = [task for planned in self._view.plan.pair_checks.values() for task in self._tasks(planned)]
        if not tasks:
            return
        self._progress.step(step)
        self._progress.expect(len(tasks))
        try:
            with executor() as workers:
                self._work(workers, tasks)
            if self._again:
                self._second_try = True
                with alone() as worker:
                    self._work(worker, self._again)
        finally:
            self._flush()

    def _tasks(self, planned: PlannedBatchCheck) -> Iterator[PairTask]:
        """Candidates without a result of this plan, or alike and without their picture.

        Pairs with the same first page follow each other: a worker that takes two in a row opens it once.
        """
        check, view = planned.check, self._view
        assert isinstance(check, PairCheck)
        try:
            candidates = replace(check.candidates(view, planned.method), key=planned.method_key)
        except (KeyboardInterrupt, QcError):
            raise
        except BaseException as error:  # noqa: BLE001 - here the breakage of a check becomes data
            candidates = Candidates(key=planned.method_key, fault=describe(error))
        view.ledger.put_candidates(view.run, check.id, candidates)
        for compared in sorted(view.compared(check.id, candidates.pairs), key=_first_page):
            if self._is_wanted(check, planned, compared):
                yield PairTask(check=check.id, pair=compared.pair, picture=compared.picture)

    def _is_wanted(self, check: PairCheck, planned: PlannedBatchCheck, compared: Compared) -> bool:
        result = compared.result
        if result is None or result.state is State.FAULT:
            return True
        lacks_picture = result.state is State.MEASURED and not (self._out / compared.picture).exists()
        return lacks_picture and check.alike(result, planned.limits)

    def _work(self, executor: Executor, tasks: Iterable[PairTask]) -> None:
        for task, answer in work_off(executor, tasks):
            self._take(task, answer)

    def _take(self, task: PairTask, answer: Answer | Death) -> None:
        if isinstance(answer, Death):
            if not self._second_try:
                self._again.append(task)
                return
            planned = self._view.plan.pair_checks[task.check]
            result = not_compared(planned, answer.detail)
        else:
            assert isinstance(answer, PairCompared)
            if answer.disk_full is not None:
                raise disk_full(answer.disk_full)
            result = answer.result
        self._buffer.setdefault(task.check, {})[task.pair.key] = result
        self._progress.advance()
        overdue = time.monotonic() - self._flushed_at > _FLUSH_SECONDS
        if overdue or sum(map(len, self._buffer.values())) >= _FLUSH_PAIRS:
            self._flush()

    def _flush(self) -> None:
        for check, results in self._buffer.items():
            self._view.ledger.put_pairs(check, results)
        self._buffer = {}
        self._flushed_at = time.monotonic()


def _first_page(compared: Compared) -> tuple[str, int]:
    page = compared.pair.one.page
    return page.path, page.frame
