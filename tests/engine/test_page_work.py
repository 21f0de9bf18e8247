"""The pages of files one by one, as a watched folder asks for them: forgotten, examined anew, tried twice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from tests.engine.conftest import WritePage
from tests.engine.tools import measure
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.page_work import PageWork, hash_tasks, page_tasks
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.tasks import Death, FileRef, HashTask, PageTask, Task
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.model import PageResult, Stage, State
from ybda_qc.model.ledger import CachedFile
from ybda_qc.store import SqlLedger
from ybda_qc.synth import write_page


def _nothing(digests: Iterable[str]) -> Mapping[str, CachedFile]:
    return {}


@dataclass
class Bench:
    """Drives a `PageWork` by an executor in this process."""

    root: Path
    plan: Plan
    cached: object = _nothing
    expected: int = 0
    kept: list[tuple[PageResult, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.work = PageWork(
            root=self.root,
            plan=self.plan,
            cached=self.cached,  # type: ignore[arg-type]
            expect=self._expect,
            keep=lambda page, count: self.kept.append((page, count)),
        )
        self.executor = SerialExecutor(WorkerSetup(root=self.root, out=None, plan=self.plan))
        self.executor.__enter__()

    def _expect(self, pages: int) -> None:
        self.expected += pages

    def file(self, name: str) -> FileRef:
        size = (self.root / name).stat().st_size
        return FileRef(path=name, path_hex=None, size_bytes=size, item="A")

    def do(self, *tasks: Task) -> None:
        """Do some tasks and all that they give rise to."""
        self.work.pending.extend(tasks)
        while self.work.pending:
            self.executor.submit(self.work.pending.popleft())
            for task, answer in self.executor.wait():
                self.work.take(task, answer)

    def examine(self, name: str, *, known: bool = False) -> list[tuple[str, int | None]]:
        """Examine a file; its pages with the number of pages where that was told."""
        before = len(self.kept)
        files = (self.file(name),)
        self.do(*(hash_tasks(files) if known else page_tasks(files)))
        return [(str(page.page), count) for page, count in self.kept[before:]]


@pytest.fixture
def bench(root: Path, plan: Plan) -> Iterator[Bench]:
    made = Bench(root, plan)
    yield made
    made.executor.__exit__(None, None, None)


def write_pages(root: Path, name: str, *seeds: int) -> None:
    pages = [np.random.default_rng(seed).integers(120, 250, (120, 90), np.uint8) for seed in seeds]
    write_page(root / name, *pages, dpi=300)


def test_the_first_page_tells_of_the_others(bench: Bench, root: Path) -> None:
    write_pages(root, "1.tif", 1, 2, 3)
    assert bench.work.frame_count("1.tif") == 1
    assert bench.examine("1.tif") == [("1.tif#1", 3), ("1.tif#2", None), ("1.tif#3", None)]
    assert bench.expected == 2
    assert bench.work.frame_count("1.tif") == 3


def test_a_file_is_examined_anew_once_it_is_forgotten(bench: Bench, root: Path) -> None:
    write_pages(root, "1.tif", 1, 2, 3)
    bench.examine("1.tif")
    bench.work.forget("1.tif")
    bench.work.forget("never.tif")
    assert bench.work.frame_count("1.tif") == 1
    write_pages(root, "1.tif", 4, 5)
    assert bench.examine("1.tif") == [("1.tif#1", 2), ("1.tif#2", None)]
    bench.work.forget("1.tif")
    write_pages(root, "1.tif", 6)
    assert bench.examine("1.tif") == [("1.tif#1", 1)]
    assert {page.fault for page, _ in bench.kept} == {None}


def test_contents_that_are_known_are_not_measured_again(
    root: Path, plan: Plan, ledger: SqlLedger, bench: Bench
) -> None:
    write_pages(root, "1.tif", 1, 2)
    results, _ = measure(root, plan, ledger, "serial")
    knowing = Bench(root, plan, cached=ledger.cached)
    (root / "1.tif").rename(root / "2.tif")
    assert knowing.examine("2.tif", known=True) == [("2.tif#1", 2), ("2.tif#2", 2)]
    assert knowing.work.from_cache == 2
    for page, _ in knowing.kept:
        assert page.checks == results[f"1.tif#{page.page.frame}"].checks
    write_pages(root, "3.tif", 3)
    assert knowing.examine("3.tif", known=True) == [("3.tif#1", 1)], "another content is measured"
    assert knowing.work.from_cache == 2


def test_only_what_is_missing_is_measured(root: Path, plan: Plan, ledger: SqlLedger) -> None:
    write_pages(root, "1.tif", 1, 2)
    fewer = replace(plan, page_checks=tuple(p for p in plan.page_checks if p.check.id != "exposure"))
    measure(root, fewer, ledger, "serial")
    knowing = Bench(root, plan, cached=ledger.cached)
    tasks: list[PageTask] = []
    knowing.executor.submit(HashTask(files=(knowing.file("1.tif"),)))
    for task, answer in knowing.executor.wait():
        knowing.work.take(task, answer)
    tasks += [task for task in knowing.work.pending if isinstance(task, PageTask)]
    assert [(task.frame, task.checks) for task in tasks] == [(1, ("exposure",)), (2, ("exposure",))]
    knowing.do()
    for page, _ in knowing.kept:
        assert tuple(page.checks) == plan.page_check_ids
        assert {result.state for result in page.checks.values()} <= {State.MEASURED, State.NOT_APPLICABLE}


def test_a_worker_that_dies_while_it_opens_a_file_is_given_a_second_try(bench: Bench, root: Path) -> None:
    write_pages(root, "1.tif", 1, 2)
    task = PageTask(file=bench.file("1.tif"))
    death = Death(cause="crashed", stage=Stage.DECODE, check="", detail="signal 11", frame_count=2)
    bench.work.take(task, death)
    assert bench.kept == []
    assert [again.page.frame for again in bench.work.again] == [1]
    assert [further.frame for further in bench.work.pending if isinstance(further, PageTask)] == [2]
    again = bench.work.again.popleft()
    bench.work.take(again, death)
    ((page, _),) = bench.kept
    assert page.text("readable", "damage") == "crashed"
    assert page.sha256 is not None
    bench.do()
    assert [page.page.frame for page, _ in bench.kept] == [1, 2]

    bench.work.forget("1.tif")
    bench.work.take(task, death)
    assert len(bench.work.again) == 1, "examined anew it has two tries again"


def test_a_worker_that_dies_in_a_check_costs_the_page(bench: Bench, root: Path) -> None:
    write_pages(root, "1.tif", 1)
    task = PageTask(file=bench.file("1.tif"))
    bench.work.take(task, Death(cause="crashed", stage=Stage.MEASURE, check="skew", detail="signal 11"))
    ((page, count),) = bench.kept
    assert page.fault is not None
    assert (page.fault.check, page.fault.cause, count) == ("skew", "crashed", None)
    assert not bench.work.again


def test_a_worker_that_dies_while_it_hashes_costs_nothing(bench: Bench, root: Path) -> None:
    write_pages(root, "1.tif", 1)
    death = Death(cause="crashed", stage=Stage.OPEN, check="", detail="signal 11")
    bench.work.take(HashTask(files=(bench.file("1.tif"),)), death)
    bench.do()
    assert [str(page.page) for page, _ in bench.kept] == ["1.tif#1"]


def test_a_file_that_changes_afterwards_is_found_out(bench: Bench, root: Path, page: WritePage) -> None:
    for name in ("1.tif", "2.tif", "3.tif"):
        write_pages(root, name, 1, 2)
        bench.examine(name)
    files = [bench.file(name) for name in ("1.tif", "2.tif", "3.tif")]
    write_pages(root, "2.tif", 3)
    (root / "3.tif").unlink()
    changed = {str(page.page): page.text("readable", "damage") for page in bench.work.changed(files)}
    assert changed == {
        "2.tif#1": "changed",
        "2.tif#2": "changed",
        "3.tif#1": "vanished",
        "3.tif#2": "vanished",
    }
    bench.work.forget("2.tif")
    assert not [page for page in bench.work.changed(files) if page.page.path == "2.tif"]
