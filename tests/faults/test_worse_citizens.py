"""Checks that leave, chatter, return nonsense or break while judging: a fault of the page, not of the run."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.app.batches import Silence, read_pages, read_report, write_profile
from tests.engine.conftest import WritePage
from tests.engine.tools import make_plan, measure
from tests.faults import citizens
from ybda_qc.app.rejudge import rejudge
from ybda_qc.app.run import RunRequest, run
from ybda_qc.cli.main import _run
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.pictures import pictures_of
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.tasks import Examined, FileRef, PageTask
from ybda_qc.engine.worker import Worker, WorkerSetup
from ybda_qc.model import Outcome, Stage, State, Verdict
from ybda_qc.store import SqlLedger
from ybda_qc.synth import write_page


@pytest.fixture
def citizen_plan() -> Plan:
    plan = make_plan(citizens.CitizenCheck)
    return replace(
        plan, page_limits=plan.page_limits.model_copy(update={"wall_seconds": 120.0, "memory_mb": 1500})
    )


WIDTHS = {
    "exit": citizens.EXIT_WIDTH,
    "interrupt": citizens.INTERRUPT_WIDTH,
    "nan": citizens.NAN_WIDTH,
    "nonsense": citizens.NONSENSE_WIDTH,
    "numpy": citizens.UNPICKLABLE_WIDTH,
}


@pytest.mark.parametrize("executor", ["serial", "process"])
def test_each_costs_one_check_of_one_page(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan, executor: str
) -> None:
    for number in range(4):
        page(f"{number:04d}.png", seed=number)
    widths = dict(WIDTHS)
    if executor == "serial":
        widths.pop("interrupt")  # there it is the user's Ctrl-C
    for name, width in widths.items():
        page(f"{name}.png", width=width)
    results, _ = measure(root, citizen_plan, ledger, executor)
    assert len(results) == 4 + len(widths)
    for name in widths:
        bad = results[f"{name}.png#1"]
        assert bad.fault is not None, name
        assert (bad.fault.cause, bad.fault.stage, bad.fault.check) == ("exception", Stage.MEASURE, "citizen")
        assert bad.checks["citizen"].state is State.FAULT
        assert bad.checks["readable"].state is State.MEASURED, "the other checks have an outcome"
        assert judge_page(bad, citizen_plan).verdict is Verdict.ERROR
    assert sum(result.fault is None for result in results.values()) == 4


def test_leaving_the_process_is_a_crash(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan
) -> None:
    page("good.png")
    page("bad.png", width=citizens.QUIT_WIDTH)
    results, _ = measure(root, citizen_plan, ledger)
    fault = results["bad.png#1"].fault
    assert fault is not None
    assert (fault.cause, fault.check) == ("crashed", "citizen")
    assert results["good.png#1"].fault is None


def test_chatter_is_not_our_output(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan, capfd: pytest.CaptureFixture[str]
) -> None:
    page("loud.png", width=citizens.TALK_WIDTH)
    results, _ = measure(root, citizen_plan, ledger)
    assert results["loud.png#1"].fault is None
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("width", [citizens.CRASH_WIDTH, citizens.RAISE_WIDTH])
def test_the_other_pages_of_the_file_are_examined(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan, width: int
) -> None:
    opened = [Image.open(page(f"{number}.png", width=size)) for number, size in enumerate((width, 200, 204))]
    opened[0].save(root / "book.tif", save_all=True, append_images=opened[1:], compression="tiff_lzw")
    for number in range(3):
        (root / f"{number}.png").unlink()
    results, _ = measure(root, citizen_plan, ledger)
    assert sorted(results) == ["book.tif#1", "book.tif#2", "book.tif#3"]
    assert results["book.tif#1"].fault is not None
    assert results["book.tif#2"].number("citizen", "width") == 200
    assert results["book.tif#3"].number("citizen", "width") == 204


PLUGIN = "tests.faults.citizens"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The citizens as plug-ins of the product, for the whole of a run; returns a profile with them."""
    site = tmp_path / "site"
    info = site / "citizens-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: citizens\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        f"[ybda_qc.checks]\ncitizen = {PLUGIN}:CitizenCheck\nbatch_citizen = {PLUGIN}:BatchCitizenCheck\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    return write_profile(
        tmp_path / "citizens.toml",
        """
[checks.citizen.wide]
verdict = "note"
source = "project-choice"
[checks.batch_citizen]
enabled = true
""",
    )


def sheets(batch: Path, *widths: int) -> Path:
    batch.mkdir()
    for number, width in enumerate(widths, 1):
        pixels = np.full((300, width), 235, np.uint8)
        pixels[40:260:20, 30:150] = 30
        write_page(batch / f"{number:04d}.png", pixels, dpi=300)
    return batch


@pytest.mark.parametrize("executor", ["serial", "process"])
def test_a_run_with_checks_that_break_while_judging(tmp_path: Path, installed: str, executor: str) -> None:
    batch = sheets(tmp_path / "batch", 200, citizens.JUDGE_WIDTH, citizens.JUDGE_EXIT_WIDTH)
    out = tmp_path / "out"
    request = RunRequest(batch=batch, profile=installed, out=out, executor=executor, jobs=2)
    decision = run(request, Silence()).summary.decision
    report, pages = read_report(out), read_pages(out)
    assert decision.outcome is Outcome.HOLD
    assert report["coverage"]["faults"] == 2
    assert [page["checks"]["citizen"] for page in pages] == ["pass", "error", "error"]
    assert pages[0]["fault"] is None
    assert {(page["fault"]["cause"], page["fault"]["stage"]) for page in pages[1:]} == {
        ("exception", "judge")
    }
    assert all(page["checks"]["readable"] == "pass" for page in pages)
    faults = [reason for reason in decision.reasons if reason.code == "coverage/fault"]
    assert len(faults) == 2, "of pages, and of the batch check"
    assert any("batch_citizen" in reason.text for reason in faults)

    rejudge(out, profile=installed, lang="en")
    assert read_pages(out) == pages
    run(request, Silence())
    assert read_pages(out) == pages
    assert read_report(out)["run"]["from_cache"] == 3, "what was measured is sound"


@pytest.mark.parametrize("executor", ["serial", "process"])
def test_the_exit_code_is_never_that_of_a_check(tmp_path: Path, installed: str, executor: str) -> None:
    batch = sheets(tmp_path / "batch", 200, citizens.EXIT_WIDTH)
    out = tmp_path / "out"
    code = _run(
        ["run", str(batch), "--out", str(out), "-p", installed, "--executor", executor, "--jobs", "1"]
    )
    assert code == 5
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["decision"]["outcome"] == "hold"


def test_a_picture_is_drawn_although_another_check_breaks(tmp_path: Path, citizen_plan: Plan) -> None:
    """In the worker, too, the broken judgement of one check costs only its own findings."""
    batch, out = tmp_path / "batch", tmp_path / "out"
    batch.mkdir()
    out.mkdir()
    path = write_page(batch / "blank.png", np.full((400, citizens.JUDGE_WIDTH), 250, np.uint8), dpi=300)
    file = FileRef(path="blank.png", path_hex=None, size_bytes=path.stat().st_size, item=None)
    worker = Worker(WorkerSetup(root=batch, out=out, plan=citizen_plan))
    answer = worker.do(0, PageTask(file=file))
    assert isinstance(answer, Examined)
    assert answer.result.fault is None, "measuring went well"
    judged = judge_page(answer.result, citizen_plan)
    assert judged.result.fault is not None
    names = pictures_of(judged, citizen_plan).values()
    assert names
    assert all((out / name).is_file() for name in names)
