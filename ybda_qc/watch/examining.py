"""Files under examination: handed to the workers as they are found complete, answered page by page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from ybda_qc.checks.page.readable import ReadableCheck
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.page_work import PageWork
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.tasks import Answer as TaskAnswer
from ybda_qc.engine.tasks import Death, FileRef, HashTask, PageTask, Task
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.model import JudgedPage, Measured, Observation, PageResult, Verdict
from ybda_qc.model.watching import FileState
from ybda_qc.store.ledger import SqlLedger
from ybda_qc.watch.waiting import Ready

_IN_FLIGHT_PER_WORKER: Final = 2  # a page that comes now must not wait behind others
_RENEW_AFTER: Final = 400
_TURN_OF_BACKLOG: Final = 8  # of so many files that are begun, one lay there at the start
_TIMEOUT: Final = "timeout"  # cause of a fault, and kind of damage
_NO_TIME: Final = 0.001  # in seconds: only take what is there


@dataclass(slots=True, kw_only=True)
class Flight:
    """A file that is being examined.

    ``is_stale`` says that it is no longer as it was handed over: what was measured counts for nothing;
    ``is_announced``, that listeners know that an earlier content is replaced.
    """

    ready: Ready
    file: FileRef
    results: dict[int, PageResult] = field(default_factory=dict)
    is_stale: bool = False
    is_announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page has its verdict; ``seconds`` is the time since its file was complete."""

    flight: Flight
    judged: JudgedPage
    seconds: float | None
    at: datetime


class Examining:
    """Has files examined, those that have just come before those that were there already.

    Parameters
    ----------
    setup
        Of the workers.
    workers
        How many.
    ledger
        Looks up what is known of contents.
    look
        The state of a file now.
    on_page
        Told of every page of a file that has not changed meanwhile.
    on_file
        Told when all pages of a file are answered, or it has changed.
    is_ending
        Whether the service was told to stop: a signal to all its processes ends workers, too, and says
        nothing about their pages.
    """

    def __init__(
        self,
        setup: WorkerSetup,
        workers: int,
        *,
        ledger: SqlLedger,
        look: Callable[[str], FileState | None],
        on_page: Callable[[Answer], None],
        on_file: Callable[[Flight], None],
        is_ending: Callable[[], bool],
    ) -> None:
        self._setup = setup
        self._look = look
        self._on_page = on_page
        self._on_file = on_file
        self._is_ending = is_ending
        self._executor = ProcessExecutor(
            setup, workers, renew_after=_RENEW_AFTER, in_flight_per_worker=_IN_FLIGHT_PER_WORKER
        )
        self._alone: ProcessExecutor | None = None
        self._lost_alone = 0
        self._queued: dict[str, tuple[Flight, bool]] = {}
        self._backlog: dict[str, tuple[Flight, bool]] = {}
        self._flights: dict[str, Flight] = {}
        self._begun = 0
        self._has_begun = False  # a new file, by the last task
        self._work = PageWork(
            root=setup.root,
            plan=setup.plan,
            cached=ledger.cached,
            expect=lambda _pages: None,
            keep=self._keep,
        )
        self.plan: Plan = setup.plan
        """By which pages are judged; knows of more declared blanks once the catalogue was read."""

    def start(self) -> None:
        """Start the workers."""
        self._executor.__enter__()

    def stop(self) -> None:
        """Stop the workers at once; what they were at is examined at the next start."""
        for executor in (self._executor, self._alone):
            if executor is not None:
                executor.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)

    def add(self, ready: Ready, path_hex: str | None, item: str, *, may_be_known: bool) -> None:
        """Have a file examined; where its content may be known it is hashed first."""
        file = FileRef(path=ready.path, path_hex=path_hex, size_bytes=ready.state.size_bytes, item=item)
        queue = self._backlog if ready.still_since is None else self._queued
        queue[ready.path] = (Flight(ready=ready, file=file), may_be_known)

    def drop(self, path: str) -> None:
        """A file that waits for its turn has changed, or is gone."""
        self._queued.pop(path, None)
        self._backlog.pop(path, None)

    def state_of(self, path: str) -> FileState | None:
        """As it was when it was found complete, of a file that waits for its turn or is examined."""
        waiting = self._queued.get(path) or self._backlog.get(path)
        flight = waiting[0] if waiting else self._flights.get(path)
        return flight.ready.state if flight else None

    def is_examined(self, path: str) -> bool:
        """Whether a worker has it now."""
        return path in self._flights

    @property
    def paths(self) -> tuple[str, ...]:
        """Files that wait for their turn or are examined."""
        return (*self._queued, *self._backlog, *self._flights)

    @property
    def queue_length(self) -> int:
        """How many files that is."""
        return len(self._queued) + len(self._backlog) + len(self._flights)

    @property
    def lost_workers(self) -> int:
        """Workers that were lost and replaced."""
        return self._executor.lost + self._lost_alone + (self._alone.lost if self._alone else 0)

    def turn(self, seconds: float, *, may_begin: bool) -> None:
        """Hand over what there is room for and take what is answered, for so long at most.

        Parameters
        ----------
        seconds
            For which workers are kept busy.
        may_begin
            Whether further files may be begun.
        """
        end = time.monotonic() + seconds
        while True:
            while self._executor.has_room and (task := self._next(may_begin=may_begin)) is not None:
                self._executor.submit(task)
            if not self._executor.in_flight:
                break
            self._take(self._executor.wait(max(_NO_TIME, end - time.monotonic())))
            if time.monotonic() >= end:
                break
        self._try_again()

    @property
    def is_at_work(self) -> bool:
        """Whether workers have something to do, so that a turn takes its time."""
        return bool(self._executor.in_flight)

    def give_back(self) -> list[str]:
        """Let go of all files under examination and renew the workers; returns their paths."""
        paths = list(self._flights)
        self._flights.clear()
        self._work.pending.clear()
        self._work.again.clear()
        for path in paths:
            self._work.forget(path)
        self.stop()
        self._alone = None
        self._executor.__enter__()
        return paths

    def _take(self, answers: Sequence[tuple[Task, TaskAnswer | Death]]) -> None:
        for task, answer in answers:
            if not (isinstance(answer, Death) and self._is_ending()):
                self._work.take(task, answer)

    def _next(self, *, may_begin: bool) -> Task | None:
        """A further page of a file that is begun and a new file by turns: a long file holds no other up."""
        is_turn_of_new = may_begin and bool(self._queued) and not self._has_begun
        task = self._begin(self._queued) if is_turn_of_new else None
        self._has_begun = task is not None
        if task is None and self._work.pending:
            return self._work.pending.popleft()
        if task is None and may_begin:
            return self._begin_any()
        return task

    def _begin_any(self) -> Task | None:
        """A file that has just come, or one of the backlog, which is not to wait for ever."""
        self._begun += 1
        first, second = self._queued, self._backlog
        if self._begun % _TURN_OF_BACKLOG == 0:
            first, second = second, first
        return self._begin(first) or self._begin(second)

    def _begin(self, queue: dict[str, tuple[Flight, bool]]) -> Task | None:
        # One whose last examination is not over waits for that, but nobody waits for it.
        path = next((path for path in queue if path not in self._flights), None)
        if path is None:
            return None
        flight, may_be_known = queue.pop(path)
        self._flights[path] = flight
        return HashTask(files=(flight.file,)) if may_be_known else PageTask(file=flight.file)

    def _try_again(self) -> None:
        """Second tries over which a worker died have a worker of their own, so that nobody waits for them."""
        if self._alone is None:
            if not self._work.again:
                return
            self._alone = ProcessExecutor(self._setup, 1, fresh=True)
            self._alone.__enter__()
        while self._work.again and self._alone.has_room:
            self._alone.submit(self._work.again.popleft())
        if self._alone.in_flight:
            self._take(self._alone.wait(_NO_TIME))
        elif not self._work.again:
            self._lost_alone += self._alone.lost
            self._alone.__exit__(None, None, None)
            self._alone = None

    def _keep(self, result: PageResult, _frame_count: int | None) -> None:
        path = result.page.path
        flight = self._flights[path]
        flight.results[result.page.frame] = result
        flight.is_stale = flight.is_stale or self._look(path) != flight.ready.state
        if not flight.is_stale:
            since = flight.ready.still_since
            seconds = None if since is None else time.monotonic() - since
            judged = without_unread_text(judge_page(result, self.plan), self.plan)
            self._on_page(Answer(flight=flight, judged=judged, seconds=seconds, at=datetime.now(UTC)))
        if len(flight.results) == self._work.frame_count(path):
            self._work.forget(path)
            del self._flights[path]
            self._on_file(flight)


def without_unread_text(judged: JudgedPage, plan: Plan) -> JudgedPage:
    """A page as the operator is answered: text that is read later has no part in it yet."""
    unread = {
        planned.check.id
        for planned in plan.text_checks
        if judged.verdicts.get(planned.check.id) is Verdict.NOT_RUN
    }
    verdicts = {check: verdict for check, verdict in judged.verdicts.items() if check not in unread}
    return replace(judged, verdicts=verdicts)


def pages_in_order(flight: Flight) -> list[PageResult]:
    """The pages of an examined file."""
    return [flight.results[frame] for frame in sorted(flight.results)]


def has_timed_out(page: PageResult) -> bool:
    """Whether the examination of a page was given up because it took too long."""
    if page.fault is not None:
        return page.fault.cause == _TIMEOUT
    readable = page.checks.get(ReadableCheck.id)
    return readable is not None and any(_is_timeout(seen) for seen in readable.measured)


def _is_timeout(measured: Measured) -> bool:
    return isinstance(measured, Observation) and (measured.quantity, measured.text) == ("damage", _TIMEOUT)
