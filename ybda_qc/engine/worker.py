"""What runs inside a worker process: limits, one thread for native libraries, and the tasks."""

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from ybda_qc.catalogue.reading import read_catalogue
from ybda_qc.engine.comparing import Comparer
from ybda_qc.engine.exporting import Exporter
from ybda_qc.engine.faults import describe
from ybda_qc.engine.file_reading import read_file
from ybda_qc.engine.hashing import digest_file
from ybda_qc.engine.pictures import draw_pictures
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Reader
from ybda_qc.engine.reading import TextReading
from ybda_qc.engine.runner import Runner, file_path
from ybda_qc.engine.stages import StageBoard
from ybda_qc.engine.tasks import (
    Answer,
    CatalogueRead,
    CatalogueTask,
    Death,
    EvidenceTask,
    Examined,
    ExportTask,
    FileTask,
    Hashed,
    HashTask,
    PageTask,
    PairTask,
    Task,
    TextTask,
    more_seconds,
)
from ybda_qc.errors import InputError
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import FileFacts, JudgedPage, PageId, PageResult, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSetup:
    """All that a worker must know; sent once, when it starts.

    ``open_reader`` opens what reads text, when the first page is to be read; None where none is.
    ``niceness`` is how far a worker stands back behind others where the processor is short.
    """

    root: Path
    out: Path | None
    plan: Plan
    open_reader: Callable[[], Reader] | None = None
    niceness: int = 0
    board: Path | None = None  # file of the `StageBoard`, None where nobody watches


class Worker:
    """Does tasks one after another, for as long as its process lives."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._board = StageBoard(setup.board) if setup.board else None
        self._slot = 0
        self.stage = Stage.IDLE
        runner = Runner(setup.root, setup.plan, setup.out, self._publish)
        comparer = Comparer(setup.root, setup.plan, setup.out, self._publish)
        reading = TextReading(setup.root, setup.plan, setup.out, setup.open_reader, self._publish)
        self._does: dict[type[Task], Callable[[Any], Answer]] = {
            PageTask: runner.examine,
            HashTask: self._hash,
            EvidenceTask: self._draw,
            PairTask: comparer.compare,
            CatalogueTask: self._read_catalogue,
            FileTask: self._read_file,
            TextTask: reading.read,
            ExportTask: Exporter(setup.root, setup.plan, setup.out, self._publish).export,
        }

    def _publish(self, stage: Stage, check: str, frame_count: int = 0) -> None:
        self.stage = stage
        if self._board is not None:
            self._board.publish(self._slot, stage, check, frame_count)

    def do(self, slot: int, task: Task) -> Answer:
        """Do a task; `slot` is its place on the stage board."""
        self._slot = slot
        return self._does[type(task)](task)

    def _hash(self, task: HashTask) -> Hashed:
        self._publish(Stage.OPEN, "")
        root = self._setup.root
        return Hashed(digests={file.path: digest_file(file_path(root, file)) for file in task.files})

    def _read_file(self, task: FileTask) -> FileFacts:
        self._publish(Stage.OPEN, "")
        return read_file(file_path(self._setup.root, task.file), task, self._setup.plan.decode_limits)

    def _read_catalogue(self, task: CatalogueTask) -> CatalogueRead:
        """Read the catalogue here, where one that unfolds into gigabytes costs only this process."""
        self._publish(Stage.OPEN, "")
        try:
            return CatalogueRead(catalogue=read_catalogue(task.path, task.columns))
        except InputError as error:
            return CatalogueRead(template=error.template, values=error.values)

    def _draw(self, task: EvidenceTask) -> Examined:
        """Draw findings on a page whose file still has the digest that was measured."""
        result = PageResult(
            page=PageId(path=task.file.path, frame=task.frame),
            sha256=task.sha256,
            size_bytes=task.file.size_bytes,
        )
        self._publish(Stage.EVIDENCE, "")
        disk_full = None
        assert self._setup.out is not None, "pictures need a run folder"
        with (
            contextlib.suppress(ImageFault),
            open_source(file_path(self._setup.root, task.file)) as source,
        ):
            if source.sha256() == task.sha256:
                judged = JudgedPage(result=result, verdicts={}, findings=task.findings)
                view = PageView(source, task.frame, limits=self._setup.plan.decode_limits)
                disk_full = draw_pictures(view, judged, self._setup.out, self._setup.plan)
        return Examined(result=result, disk_full=disk_full)


_worker: Worker | None = None


def _no_limit(more_seconds: float) -> None:
    """Where the system knows no limit, and before a worker has started."""


_limit_cpu: Callable[[float], None] = _no_limit


def start_worker(setup: WorkerSetup) -> None:
    """Prepare a fresh process; runs once in each worker."""
    global _worker, _limit_cpu  # noqa: PLW0603 - a worker process is its own global state
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _silence()
    if setup.niceness and hasattr(os, "nice"):
        os.nice(setup.niceness)
    cv2.setNumThreads(1)
    limits = setup.plan.page_limits
    _die_with_parent()
    _limit_memory(limits.memory_mb)
    _limit_cpu = _cpu_limiter(limits.cpu_seconds)
    _worker = Worker(setup)


def do_task(slot: int, task: Task) -> Answer | Death:
    """Do one task in this worker process.

    Raises
    ------
    MemoryError
        If the process has reached its limit.
    """
    assert _worker is not None, "start_worker() has not run in this process"
    _limit_cpu(more_seconds(task))
    try:
        return _worker.do(slot, task)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - in the parent it would end the run
        return Death(cause="exception", stage=_worker.stage, check="", detail=describe(error))


def _silence() -> None:
    """Whatever a check or a library prints or logs must not mix with the output of the command."""
    logging.getLogger().addHandler(logging.NullHandler())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)  # where a library of native code says that it gives up
    os.close(nowhere)


def _limit_memory(memory_mb: int) -> None:
    """Bound the private memory of the process: a bomb ends as MemoryError, not as a full machine."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - there is none on Windows

        bound = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def _cpu_limiter(cpu_seconds: float) -> Callable[[float], None]:
    """A function that grants the next task that much processor time, and more; then the kernel ends it."""
    if sys.platform == "win32":
        return _no_limit
    import resource  # noqa: PLC0415 - there is none on Windows

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]

    def limit(more_seconds: float) -> None:
        soft = int(time.process_time()) + 1 + round(cpu_seconds + more_seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))

    return limit


def _die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies, so that a killed run leaves no workers behind."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only here

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


__all__ = ["Worker", "WorkerSetup", "do_task", "start_worker"]
