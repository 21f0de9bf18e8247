"""Builds plans and runs the measuring of a folder, for the tests of the engine."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ybda_qc.app.judgement import plan_record
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.checks._base import Method, PageCheck
from ybda_qc.checks._limits import Limits
from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.measuring import Measuring
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.engine.tasks import FileRef
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.model import PageResult
from ybda_qc.store import SqlLedger

PROFILE = "base"


class Silence:
    """Progress that nobody watches."""

    def expect(self, pages: int) -> None:
        pass

    def advance(self, pages: int = 1) -> None:
        pass

    def step(self, name: str) -> None:
        pass


class SlowToArrive:
    """A folder that takes its time on the way to a worker, so that the worker is still starting."""

    def __reduce__(self) -> tuple[Callable[[], Path], tuple[()]]:
        return _arrive, ()


def _arrive() -> Path:
    time.sleep(0.3)
    return Path()


def make_plan(*extra: type[PageCheck], reading_key: str = "") -> Plan:
    """The plan of the base profile, with further checks that have no limits."""
    checks = registered_checks()
    plan = load_plan(load_profile(PROFILE, checks), checks, reading_key=reading_key)
    added = tuple(
        PlannedPageCheck(
            check=check(), method=Method(), limits=Limits(check.id, check.codes, {}), key="1-test"
        )
        for check in extra
    )
    return replace(plan, page_checks=(*plan.page_checks, *added))


def executors(name: str, setup: WorkerSetup) -> tuple[Executor, Callable[[], Executor]]:
    """An executor by name, and one for second tries."""
    if name == "serial":
        return SerialExecutor(setup), lambda: SerialExecutor(setup)
    return ProcessExecutor(setup, 2), lambda: ProcessExecutor(setup, 1, fresh=True)


def measure(
    root: Path, plan: Plan, ledger: SqlLedger, executor: str = "process", *, known: bool = False
) -> tuple[dict[str, PageResult], Measuring]:
    """Measure all files below `root`; results by page id."""
    checks = registered_checks()
    record = plan_record(load_profile(PROFILE, checks), plan, "base")
    run = ledger.begin_run(
        batch_root=str(root),
        started_at=datetime.now(UTC),
        engine_version="test",
        plan=record,
        executor=executor,
        workers=2,
    )
    files = tuple(
        FileRef(
            path=path.relative_to(root).as_posix(), path_hex=None, size_bytes=path.stat().st_size, item=None
        )
        for path in sorted(root.rglob("*"))
        if path.is_file()
    )
    setup = WorkerSetup(root=root, out=root.parent / "out", plan=plan)
    first, alone = executors(executor, setup)
    measuring = Measuring(root=root, plan=plan, ledger=ledger, run=run, progress=Silence())
    measuring.measure(files, first, alone, known=known)
    return {str(result.page): result for result in ledger.pages(run)}, measuring
