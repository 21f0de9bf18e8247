"""Signals while pages are compared: the run ends in order, no pair is lost, the next run goes on."""

import contextlib
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.app.batches import do_run, query, read_report, sheet
from tests.app.test_resume import DEADLINE_SECONDS, Started
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck
from ybda_qc.synth import write_page

PAGES = 6
PROFILE = "base"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages that are all much alike, so that there are many pairs."""
    root = tmp_path_factory.mktemp("pairs") / "batch"
    root.mkdir()
    base = sheet(1, height=1100, width=800)
    for number in range(PAGES):
        write_page(root / f"{number + 1:04d}.jpg", np.roll(base, 2 * number, axis=0), dpi=100)
    return root


@pytest.fixture(scope="module")
def undisturbed(batch: Path) -> list[dict]:
    out = batch.parent / "undisturbed"
    do_run(batch, out, executor="process", jobs=2, profile=PROFILE)
    return read_report(out)["findings"]


def stored(out: Path, table: str) -> int:
    with contextlib.suppress(Exception):  # no ledger yet
        return int(query(out, f"SELECT count(*) FROM {table}")[0][0])
    return 0


@pytest.fixture
def interrupted(batch: Path, tmp_path: Path) -> Iterator[Started]:
    """A run that has chosen its pairs."""
    run = Started(batch, tmp_path / "out", profile=PROFILE)
    until = time.monotonic() + DEADLINE_SECONDS
    while not stored(run.out, "candidates"):
        assert run.process.poll() is None, f"the run ended before pairs were chosen: {run.end()}"
        assert time.monotonic() < until, "no progress"
        time.sleep(0.005)
    yield run
    with contextlib.suppress(ProcessLookupError):
        run.signal_group(signal.SIGKILL)
    run.process.wait()


@pytest.mark.parametrize("to_group", [True, False])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_pages_are_compared(
    interrupted: Started,
    batch: Path,
    undisturbed: list[dict],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    to_group: bool,
) -> None:
    if to_group:
        interrupted.signal_group(number)
    else:
        interrupted.process.send_signal(number)
    code, out, err = interrupted.end()
    assert (code, out) == (130, "")
    said, again = err.splitlines()
    assert said == "interrupted; what was measured is kept, run again to go on"
    assert again.startswith("  ybda-qc run ")
    interrupted.assert_nobody_left()
    assert query(interrupted.out, "PRAGMA integrity_check") == [("ok",)]

    kept = stored(interrupted.out, "pair")
    compared = []
    compare = DuplicatePageCheck.compare
    monkeypatch.setattr(DuplicatePageCheck, "compare", lambda *of: [compared.append(of), compare(*of)][1])
    do_run(batch, interrupted.out, profile=PROFILE)
    report = read_report(interrupted.out)
    assert report["findings"] == undisturbed
    assert report["run"]["from_cache"] == PAGES
    assert kept + len(compared) == stored(interrupted.out, "pair"), "a pair that was kept was compared again"
