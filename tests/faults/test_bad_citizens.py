"""A crash, a hang or a full memory costs one page and nothing else, and is laid at the right door."""

import contextlib
import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.engine.conftest import WritePage
from tests.engine.tools import make_plan, measure
from tests.faults.citizens import CRASH_WIDTH, HANG_WIDTH, MEMORY_WIDTH, RAISE_WIDTH, CitizenCheck
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.plan import Plan
from ybda_qc.model import Stage, State, Verdict
from ybda_qc.store import SqlLedger
from ybda_qc.synth import write_page

GOOD_PAGES = 12


@pytest.fixture
def citizen_plan() -> Plan:
    plan = make_plan(CitizenCheck)
    limits = plan.page_limits.model_copy(update={"cpu_seconds": 2.0, "wall_seconds": 30.0, "memory_mb": 1500})
    return replace(plan, page_limits=limits)


def write_slow_page(path: Path) -> None:
    """Noise in JPEG 2000: some seconds of decoding wherever it runs."""
    noise = np.random.default_rng(1).integers(0, 255, (2500, 2500, 3), np.uint8)
    write_page(path, noise, dpi=None)


@pytest.mark.parametrize(
    ("width", "cause"),
    [(CRASH_WIDTH, "crashed"), (HANG_WIDTH, "timeout"), (MEMORY_WIDTH, "memory"), (RAISE_WIDTH, "exception")],
)
def test_a_bad_check_costs_one_page(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan, width: int, cause: str
) -> None:
    for number in range(GOOD_PAGES):
        page(f"{number:04d}.png", seed=number)
    page("bad.png", width=width)
    results, _ = measure(root, citizen_plan, ledger)
    assert len(results) == GOOD_PAGES + 1
    bad = results.pop("bad.png#1")
    assert bad.fault is not None
    assert (bad.fault.cause, bad.fault.stage, bad.fault.check) == (cause, Stage.MEASURE, "citizen")
    assert bad.checks["citizen"].state is State.FAULT
    assert judge_page(bad, citizen_plan).verdict is Verdict.ERROR
    assert judge_page(bad, citizen_plan).verdicts["readable"] is not Verdict.FAIL
    for good in results.values():
        assert good.fault is None
        assert good.checks["citizen"].state is State.MEASURED


def test_a_fault_is_never_taken_from_the_ledger(
    root: Path, page: WritePage, ledger: SqlLedger, citizen_plan: Plan
) -> None:
    page("bad.png", width=RAISE_WIDTH)
    measure(root, citizen_plan, ledger)
    again, measuring = measure(root, citizen_plan, ledger, known=True)
    assert again["bad.png#1"].fault is not None, "the check was not asked again"
    assert measuring.from_cache == 0


def test_a_page_that_takes_too_long_to_decode_is_a_finding_about_the_file(
    root: Path, page: WritePage, ledger: SqlLedger, plan: Plan
) -> None:
    page("good.png")
    write_slow_page(root / "slow.jp2")
    limits = plan.page_limits.model_copy(update={"cpu_seconds": 0.01, "wall_seconds": 60.0})
    results, _ = measure(root, replace(plan, page_limits=limits), ledger)
    slow = results["slow.jp2#1"]
    assert slow.fault is None
    assert slow.text("readable", "damage") == "timeout"
    assert results["good.png#1"].text("readable", "decoded") == "yes"


def test_a_page_too_large_for_the_memory_limit_is_a_finding_about_the_file(
    root: Path, page: WritePage, ledger: SqlLedger, plan: Plan
) -> None:
    page("good.png")
    write_page(root / "large.tif", np.zeros((20000, 20000, 3), np.uint8), dpi=300, compression="lzw")
    limits = plan.page_limits.model_copy(update={"memory_mb": 700, "max_megapixels": 1000.0})
    results, _ = measure(root, replace(plan, page_limits=limits), ledger)
    large = results["large.tif#1"]
    assert large.fault is None
    assert large.text("readable", "damage") == "too-large"
    assert results["good.png#1"].fault is None


def test_a_worker_that_is_killed_while_it_decodes_is_a_finding_about_the_file(
    root: Path, ledger: SqlLedger, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the system's memory killer does it: twice on the same page, so the file is to blame."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    write_slow_page(root / "heavy.jp2")
    done = threading.Event()
    killer = threading.Thread(target=_kill_decoders, args=(tmp_path, done))
    killer.start()
    try:
        results, _ = measure(root, plan, ledger)
    finally:
        done.set()
        killer.join()
    heavy = results["heavy.jp2#1"]
    assert heavy.fault is None
    assert heavy.text("readable", "damage") == "crashed"


def _kill_decoders(folder: Path, done: threading.Event) -> None:
    """Kill the workers whenever the stage board says that one of them is decoding."""
    me = psutil.Process(os.getpid())
    while not done.wait(0.002):
        with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
            if any(b"decode" in board.read_bytes() for board in folder.glob("ybda-qc-stages-*")):
                for child in me.children(recursive=True):
                    if child.ppid() != me.pid:  # workers are children of the fork server
                        child.kill()
