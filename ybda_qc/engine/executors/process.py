"""Worker processes (Pebble): a crash, a hang or a bomb costs one task and nothing else."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from ybda_qc.engine.executors.base import IN_FLIGHT_PER_WORKER
from ybda_qc.engine.executors.server import HAS_SERVER, start_server
from ybda_qc.engine.stages import LastWords, StageBoard
from ybda_qc.engine.tasks import Answer, Death, Task, more_seconds
from ybda_qc.engine.worker import WorkerSetup, do_task, start_worker
from ybda_qc.model import Stage, stored

_SIGNAL_GRACE_SECONDS = 0.05
_MOST_LOSSES = 3

Done = SimpleQueue[tuple[int, Task, "Future[Answer | Death]"]]


def default_workers() -> int:
    """One worker a core this process may use."""
    if sys.platform == "linux":
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class ProcessExecutor:
    """A pool of processes, each with one thread, its own limits, and a slot on the stage board.

    Parameters
    ----------
    setup
        What a worker must know.
    workers
        How many processes.
    fresh
        Renew the process after every task, and take no other meanwhile: for a second try at a page over which
        a worker died.
    renew_after
        Renew a process after so many tasks, for libraries whose memory grows; 0: never.
    in_flight_per_worker
        Tasks handed out ahead; fewer where a new one must not wait behind them.
    """

    name = "process"

    def __init__(
        self,
        setup: WorkerSetup,
        workers: int,
        *,
        fresh: bool = False,
        renew_after: int = 0,
        in_flight_per_worker: int = IN_FLIGHT_PER_WORKER,
    ) -> None:
        self.workers = workers
        self.lost = 0
        """Workers that died, or were ended at a limit, and were replaced."""
        self._slots = workers * (1 if fresh else in_flight_per_worker)
        self._setup = setup
        self._tasks_per_process = 1 if fresh else renew_after
        self._board: StageBoard | None = None
        self._pool: ProcessPool | None = None
        self._free: list[int] = []
        self._taken: dict[int, Task] = {}
        self._done: Done = SimpleQueue()
        self._losses = 0

    @property
    def in_flight(self) -> int:
        """Tasks submitted and not yet answered."""
        return len(self._taken)

    @property
    def has_room(self) -> bool:
        """Whether a slot is free."""
        return bool(self._free)

    def submit(self, task: Task) -> None:
        """Hand a task to the pool."""
        slot = self._free.pop()
        self._taken[slot] = task
        self._schedule(slot, task)

    def _schedule(self, slot: int, task: Task) -> None:
        assert self._pool is not None and self._board is not None, "use the executor as a context manager"
        self._board.publish(slot, Stage.IDLE)
        limit = self._setup.plan.page_limits.wall_seconds + more_seconds(task)
        future: Future[Answer | Death]
        try:
            future = self._pool.schedule(do_task, args=(slot, task), timeout=limit)
        except RuntimeError as error:  # the pool is broken: `wait` starts another
            future = Future()
            future.set_exception(BrokenExecutor(str(error)))
        queue = self._done  # a lost pool must not answer into the queue of its successor
        future.add_done_callback(lambda done: queue.put((slot, task, done)))

    def wait(self, seconds: float | None = None) -> Sequence[tuple[Task, Answer | Death]]:
        """Block until a task is answered, or for so many seconds; all that are by then."""
        answers: list[tuple[Task, Answer | Death]] = []
        while not answers:
            try:
                finished = [self._done.get(timeout=seconds)]
            except Empty:
                return answers
            while not self._done.empty():
                finished.append(self._done.get())
            sound = [entry for entry in finished if not isinstance(entry[2].exception(), BrokenExecutor)]
            answers = [(task, self._answer(slot, future)) for slot, task, future in sound]
            if len(sound) < len(finished):
                self._start_again(progress=bool(answers))
        return answers

    def _answer(self, slot: int, future: "Future[Answer | Death]") -> Answer | Death:
        assert self._board is not None
        last = self._board.read(slot)
        task = self._taken.pop(slot)
        self._free.append(slot)
        try:
            self._losses = 0
            return future.result()
        except TimeoutError:
            self.lost += 1
            seconds = f"{self._setup.plan.page_limits.wall_seconds + more_seconds(task):g}"
            return _death("timeout", stored(f"no answer within {seconds} s"), last)
        except (MemoryError, ProcessExpired, CancelledError) as error:
            self.lost += 1
            # A signal sent to the whole process group ends workers too: let our own handler speak first.
            time.sleep(_SIGNAL_GRACE_SECONDS)
            return _death(*self._cause(error), last)
        except OSError as error:  # the system could not start or reach a process
            words = str(error)
            return _death("crashed", stored(f"the worker cannot be started or reached ({words})"), last)

    def _cause(self, error: BaseException) -> tuple[str, str]:
        limits = self._setup.plan.page_limits
        if isinstance(error, MemoryError):
            megabytes = limits.memory_mb
            return "memory", stored(f"more than {megabytes} MB of memory")
        if not isinstance(error, ProcessExpired):
            return "crashed", stored("the worker was lost")
        if error.exitcode == -getattr(signal, "SIGXCPU", 0):
            seconds = f"{limits.cpu_seconds:g}"
            return "timeout", stored(f"more than {seconds} s of processor time")
        return "crashed", _how_it_ended(error.exitcode)

    def _start_again(self, *, progress: bool) -> None:
        """A worker died between two tasks, which breaks the pool: start another with what is outstanding.

        Raises
        ------
        RuntimeError
            If that happens again and again with no task answered in between: this machine is not fit.
        """
        time.sleep(_SIGNAL_GRACE_SECONDS)
        assert self._pool is not None
        self.lost += 1
        self._losses = 0 if progress else self._losses + 1
        if self._losses > _MOST_LOSSES:
            raise RuntimeError("worker processes cannot be started, or die before they take a task")
        self._pool.stop()
        self._pool.join()
        self._done = SimpleQueue()
        self._pool = self._new_pool()
        for slot, task in self._taken.items():
            self._schedule(slot, task)

    def _new_pool(self) -> ProcessPool:
        assert self._board is not None
        pool: ProcessPool | None = None
        try:
            with _held_back(signal.SIGINT, signal.SIGTERM):  # an interrupt finds no pool half started
                pool = ProcessPool(
                    max_workers=self.workers,
                    max_tasks=self._tasks_per_process,
                    initializer=start_worker,
                    initargs=(replace(self._setup, board=self._board.path),),
                    context=_Context(),
                )
                _ = pool.active  # which starts it
        except BaseException:
            if pool is not None:
                pool.stop()
                pool.join()
            raise
        return pool

    def __enter__(self) -> "ProcessExecutor":
        self._board = StageBoard.create(self._slots)
        for slot in range(self._slots):
            self._board.publish(slot, Stage.IDLE)
        self._free, self._taken, self._done = list(range(self._slots)), {}, SimpleQueue()
        try:
            self._pool = self._new_pool()
        except BaseException:
            self._board.close(remove=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._pool is not None and self._board is not None
        try:
            if error is None:
                self._pool.close()
            else:
                self._pool.stop()
            self._pool.join()
        finally:
            self._board.close(remove=True)


class _Context:
    """Processes that inherit no threads: forked from a server with the libraries loaded, or started anew.

    It keeps the locks of a pool as long as the pool. Pebble lets go of them before it ends the workers; one
    that is only starting would find them gone and print so in the face of whoever pressed Ctrl-C.
    """

    def __init__(self) -> None:
        start_server()
        self._context = multiprocessing.get_context("forkserver" if HAS_SERVER else "spawn")
        self._locks: list[object] = []

    def RLock(self) -> Any:  # noqa: N802 - the name that multiprocessing gives it
        lock = self._context.RLock()
        self._locks.append(lock)
        return lock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


@contextmanager
def _held_back(*numbers: signal.Signals) -> Iterator[None]:
    """Let signals wait till the end of the block. A mask would not do: threads of libraries catch them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = {number: signal.signal(number, lambda caught, _: waiting.append(caught)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for caught in waiting[:1]:
            signal.raise_signal(caught)


def _death(cause: str, detail: str, last: LastWords) -> Death:
    return Death(cause=cause, detail=detail, stage=last.stage, check=last.check, frame_count=last.frame_count)


def _how_it_ended(exitcode: int) -> str:
    if exitcode >= 0:
        return stored(f"the worker ended with exit code {exitcode}")
    known = {int(number): number.name for number in signal.Signals}
    name = known.get(-exitcode, f"signal {-exitcode}")
    return stored(f"the worker died of {name}")
