"""Kills and signals at odd moments: nothing kept is lost, nothing counted twice, nobody left behind."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.app.batches import ITEM, do_run, query, read_pages, read_report, sheet
from ybda_qc.synth import write_page

PAGES = 48
PROFILE = "scan-station"  # compares no pages with each other: these are much alike, and that takes time
DEADLINE_SECONDS = 120.0
"""Only so that a broken program ends the test; nothing here depends on how long things take."""


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages large enough that a run of them does not end before it is noticed."""
    root = tmp_path_factory.mktemp("resume") / "batch"
    (root / ITEM).mkdir(parents=True)
    base = sheet(1, turned=1.5, height=2400, width=1700)
    for number in range(PAGES):
        write_page(root / ITEM / f"{number + 1:04d}.jpg", np.roll(base, 7 * number, axis=0), dpi=200)
    return root


@pytest.fixture(scope="module")
def undisturbed(batch: Path) -> bytes:
    out = batch.parent / "undisturbed"
    do_run(batch, out, executor="process", jobs=2, profile=PROFILE)
    assert len(read_pages(out)) == PAGES
    return (out / "pages.jsonl").read_bytes()


class Started:
    """A run in a process group of its own."""

    def __init__(self, batch: Path, out: Path, profile: str = PROFILE) -> None:
        self.out = out
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "ybda_qc",
                "run",
                batch,
                "--out",
                out,
                "-p",
                profile,
                "--jobs",
                "2",
                "--lang",
                "en",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def wait_for_pages(self, count: int) -> None:
        """Until the ledger holds that many pages of this run."""
        until = time.monotonic() + DEADLINE_SECONDS
        while stored_pages(self.out) < count:
            assert self.process.poll() is None, f"the run ended before {count} pages were kept: {self.end()}"
            assert time.monotonic() < until, "no progress"
            time.sleep(0.01)

    def wait_for_worker(self) -> None:
        """Until a worker process does something."""
        until = time.monotonic() + DEADLINE_SECONDS
        while len(self.members()) < 4:  # the run, the tracker of resources, the fork server, a worker
            assert self.process.poll() is None and time.monotonic() < until
            time.sleep(0.005)

    def signal_group(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=DEADLINE_SECONDS)
        return self.process.returncode, out, err

    def members(self) -> list[psutil.Process]:
        """The living processes of the group."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                if os.getpgid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def assert_nobody_left(self) -> None:
        until = time.monotonic() + DEADLINE_SECONDS
        while left := self.members():
            assert time.monotonic() < until, f"left behind: {left}"
            time.sleep(0.02)


def stored_pages(out: Path) -> int:
    if not (out / "ledger.sqlite3").exists():
        return 0
    with contextlib.suppress(Exception):  # not migrated yet
        return int(query(out, "SELECT count(*) FROM page WHERE run = (SELECT max(id) FROM run)")[0][0])
    return 0


def stored_contents(out: Path) -> int:
    return int(query(out, "SELECT count(DISTINCT sha256) FROM measured")[0][0])


@pytest.fixture
def started(batch: Path, tmp_path: Path) -> Iterator[Started]:
    run = Started(batch, tmp_path / "out")
    yield run
    with contextlib.suppress(ProcessLookupError):
        run.signal_group(signal.SIGKILL)
    run.process.wait()


def assert_goes_on(batch: Path, out: Path, undisturbed: bytes) -> None:
    assert query(out, "PRAGMA integrity_check") == [("ok",)]
    kept = stored_contents(out)
    assert 0 < kept < PAGES
    do_run(batch, out, executor="process", jobs=2, profile=PROFILE)
    assert read_report(out)["run"]["from_cache"] == kept, "what was kept was measured again"
    assert (out / "pages.jsonl").read_bytes() == undisturbed


def test_killed_again_and_again(batch: Path, tmp_path: Path, undisturbed: bytes) -> None:
    out = tmp_path / "out"
    dice = random.Random()
    for most in (PAGES // 4, PAGES // 2):
        run = Started(batch, out)
        run.wait_for_pages(dice.randint(1, most))
        run.signal_group(signal.SIGKILL)
        assert run.end()[0] == -signal.SIGKILL
        run.assert_nobody_left()
        assert not (out / "report.json").exists()
    assert_goes_on(batch, out, undisturbed)


def test_workers_die_with_their_parent(started: Started, batch: Path, undisturbed: bytes) -> None:
    started.wait_for_pages(1)
    assert len(started.members()) >= 4
    started.process.kill()
    started.assert_nobody_left()
    started.end()
    assert_goes_on(batch, started.out, undisturbed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_ends_in_order(
    started: Started, batch: Path, undisturbed: bytes, number: signal.Signals
) -> None:
    started.wait_for_pages(1)
    started.signal_group(number)
    code, out, err = started.end()
    assert (code, out) == (130, "")
    said, again = err.splitlines()
    assert said == "interrupted; what was measured is kept, run again to go on"
    assert again.startswith("  ybda-qc run ")
    started.assert_nobody_left()
    assert_goes_on(batch, started.out, undisturbed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_parent_alone(started: Started, number: signal.Signals) -> None:
    started.wait_for_pages(1)
    started.process.send_signal(number)
    code, _, err = started.end()
    assert code == 130
    assert "Traceback" not in err
    started.assert_nobody_left()


@pytest.mark.parametrize("times", [2, 3])
def test_a_signal_more_than_once(started: Started, batch: Path, undisturbed: bytes, times: int) -> None:
    started.wait_for_pages(1)
    for _ in range(times):
        with contextlib.suppress(ProcessLookupError):
            started.signal_group(signal.SIGINT)
        time.sleep(0.02)
    code, out, err = started.end()
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    started.assert_nobody_left()
    assert_goes_on(batch, started.out, undisturbed)


def test_while_workers_are_starting(started: Started) -> None:
    started.wait_for_worker()
    started.signal_group(signal.SIGINT)
    code, out, err = started.end()
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    started.assert_nobody_left()
