"""One suite for every executor: the same tasks, the same answers, and no process left behind."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.app.batches import write_mixed_batch
from tests.engine.tools import measure
from ybda_qc.engine.executors.base import Executor, work_off
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.tasks import Examined, FileRef, Hashed, HashTask, PageTask
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.store import SqlLedger, open_ledger

Make = Callable[[WorkerSetup], Executor]
MAKERS: dict[str, Make] = {
    "serial": SerialExecutor,
    "one process": lambda setup: ProcessExecutor(setup, 1),
    "three processes": lambda setup: ProcessExecutor(setup, 3),
    "fresh process": lambda setup: ProcessExecutor(setup, 1, fresh=True),
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mixed_batch(tmp_path_factory.mktemp("executors") / "batch")


def refs(batch: Path) -> list[FileRef]:
    return [
        FileRef(
            path=path.relative_to(batch).as_posix(), path_hex=None, size_bytes=path.stat().st_size, item=None
        )
        for path in sorted(batch.rglob("*"))
        if path.is_file()
    ]


ENVIRONMENTS = """
import sys
from pathlib import Path
import psutil
from tests.engine.tools import make_plan
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.worker import WorkerSetup

with ProcessExecutor(WorkerSetup(root=Path(sys.argv[1]), out=None, plan=make_plan()), 1):
    for child in psutil.Process().children(recursive=True):
        if any("forkserver" in word for word in child.cmdline()):
            print(child.environ().get("OPENBLAS_NUM_THREADS"))
"""


def test_workers_have_no_threads_of_linear_algebra(batch: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run(
        [sys.executable, "-c", ENVIRONMENTS, batch], env=plain, capture_output=True, text=True, check=True
    )
    threads = told.stdout.split()
    assert len(threads) >= 2  # the server that holds the libraries, and the worker
    assert set(threads) == {"1"}


@pytest.mark.parametrize("maker", MAKERS)
def test_every_task_is_answered_once(batch: Path, plan: Plan, maker: str) -> None:
    tasks = [PageTask(file=file) for file in refs(batch)] + [HashTask(files=tuple(refs(batch)))]
    with MAKERS[maker](WorkerSetup(root=batch, out=None, plan=plan)) as executor:
        answered = list(work_off(executor, tasks))
        assert executor.in_flight == 0
    assert sorted(repr(task) for task, _ in answered) == sorted(map(repr, tasks))
    digests = next(answer.digests for _, answer in answered if isinstance(answer, Hashed))
    for task, answer in answered:
        if isinstance(task, PageTask):
            assert isinstance(answer, Examined)
            assert answer.result.page == task.page
            assert (digests[task.file.path] or (None,))[0] == answer.result.sha256


def test_the_same_results(batch: Path, plan: Plan, tmp_path: Path) -> None:
    found = []
    for maker in ("serial", "process"):
        with open_ledger(tmp_path / maker, create=True) as ledger:
            found.append(measure(batch, plan, ledger, maker)[0])
    assert found[0] == found[1]


@pytest.mark.parametrize("maker", MAKERS)
def test_never_more_tasks_than_room(batch: Path, plan: Plan, maker: str) -> None:
    with MAKERS[maker](WorkerSetup(root=batch, out=None, plan=plan)) as executor:
        count = 0
        while executor.has_room:
            executor.submit(HashTask(files=tuple(refs(batch)[:1])))
            count += 1
        assert count == executor.in_flight
        assert count <= 4 * executor.workers
        answered = 0
        while executor.in_flight:
            answered += len(executor.wait())
        assert answered == count


def workers() -> list[psutil.Process]:
    """Worker processes: children of the fork server."""
    mine = psutil.Process()
    return [process for process in mine.children(recursive=True) if process.ppid() != mine.pid]


def test_no_process_is_left(batch: Path, plan: Plan) -> None:
    setup = WorkerSetup(root=batch, out=None, plan=plan)
    with ProcessExecutor(setup, 2) as executor:
        list(work_off(executor, [PageTask(file=file) for file in refs(batch)]))
        assert len(workers()) == 2
    assert workers() == []
    with pytest.raises(ZeroDivisionError), ProcessExecutor(setup, 2) as executor:
        executor.submit(PageTask(file=refs(batch)[0]))
        _ = 1 / 0
    assert workers() == []


STOPPED_AT_ONCE = """
import time
from tests.engine.tools import SlowToArrive, make_plan
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.worker import WorkerSetup

with ProcessExecutor(WorkerSetup(root=SlowToArrive(), out=None, plan=make_plan()), 2) as executor:
    executor._pool._pool_manager.worker_manager.close_channels()  # what stopping begins with
    time.sleep(2)  # longer than a busy machine takes from there to the end of the workers
"""


def test_workers_that_are_only_starting_end_without_a_word() -> None:
    stopped = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_ONCE], capture_output=True, text=True, check=False
    )
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (0, "", "")


def test_idle_workers_may_be_killed(batch: Path, plan: Plan) -> None:
    """As the system's memory killer does it, between two tasks: nobody is to blame and nothing is lost."""
    tasks = [PageTask(file=file) for file in refs(batch)]
    with ProcessExecutor(WorkerSetup(root=batch, out=None, plan=plan), 2) as executor:
        before = sorted(repr(answer) for _, answer in work_off(executor, list(tasks)))
        for _ in range(2):
            for process in workers():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            assert sorted(repr(answer) for _, answer in work_off(executor, list(tasks))) == before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signal here")
def test_a_terminal_that_hangs_up_costs_no_worker(batch: Path, plan: Plan) -> None:
    tasks = [PageTask(file=file) for file in refs(batch)]
    with ProcessExecutor(WorkerSetup(root=batch, out=None, plan=plan), 1) as executor:
        executor.submit(tasks[0])
        for process in psutil.Process().children(recursive=True):
            process.send_signal(signal.SIGHUP)
        answered = [task for task, _ in [*executor.wait(), *work_off(executor, tasks[1:])]]
        assert executor.lost == 0
    assert len(answered) == len(tasks)


def test_what_was_left_unanswered_is_forgotten_at_the_next_start(batch: Path, plan: Plan) -> None:
    first, second, *_ = (PageTask(file=file) for file in refs(batch))
    executor = ProcessExecutor(WorkerSetup(root=batch, out=None, plan=plan), 1)
    with pytest.raises(KeyboardInterrupt), executor:
        executor.submit(first)
        raise KeyboardInterrupt
    with executor:
        assert executor.in_flight == 0
        assert [task for task, _ in work_off(executor, [second])] == [second]


def test_workers_that_cannot_start_end_the_run(batch: Path, plan: Plan, tmp_path: Path) -> None:
    """A fault of the machine or of ours, which must not be laid at the door of every page."""
    limits = plan.page_limits.model_copy(update={"memory_mb": None})

    executor = ProcessExecutor(WorkerSetup(root=batch, out=None, plan=replace(plan, page_limits=limits)), 1)
    with pytest.raises(RuntimeError, match="worker processes"), executor:
        list(work_off(executor, [PageTask(file=refs(batch)[0])]))
    assert workers() == []


def test_results_in_the_ledger_are_those_of_the_worker(batch: Path, plan: Plan, ledger: SqlLedger) -> None:
    with SerialExecutor(WorkerSetup(root=batch, out=None, plan=plan)) as executor:
        direct = {
            str(answer.result.page): answer.result
            for _, answer in work_off(executor, [PageTask(file=file) for file in refs(batch)])
            if isinstance(answer, Examined)
        }
    stored, _ = measure(batch, plan, ledger, "serial")
    assert {page: stored[page] for page in direct} == direct
