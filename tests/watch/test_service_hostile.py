"""The service as a real process, in surroundings that are against it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.watch.conftest import MakeService
from tests.watch.station import PATIENCE, ROOT, scan


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signal")
def test_a_storm_of_signals_blocks_nothing(serve: MakeService, inbox: Path) -> None:
    service = serve()
    for _ in range(1500):
        service.send(signal.SIGHUP)
        time.sleep(0.001)
    scan(inbox / "A" / "0001.tif", 1)
    service.until_answered("A/0001.tif")
    service.until(lambda: service.lines("reloaded"))
    assert str(service.inbox) in service.messages("reloaded")
    assert service.stop() == 0
    assert service.errors == ""


@pytest.mark.skipif(os.name == "nt", reason="the handle of a pipe is not passed on there")
def test_a_log_that_nobody_reads_keeps_nobody_from_working(
    inbox: Path, profile: Path, tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    fcntl = pytest.importorskip("fcntl")
    fcntl.fcntl(writer, 1031, 4096)  # F_SETPIPE_SZ: full after a few lines
    process = subprocess.Popen(
        [sys.executable, "-m", "ybda_qc", "watch", inbox, "--out", tmp_path / "qc", "--profile", profile],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
    )
    os.close(writer)
    for number in range(30):
        scan(inbox / "A" / f"{number:04}.tif", number)
    until_closed(tmp_path / "qc" / "A.qc.json")
    process.terminate()
    _, errors = process.communicate(timeout=PATIENCE)
    os.close(reader)
    assert (process.returncode, errors) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="no shell")
def test_a_service_without_any_stream(inbox: Path, profile: Path, tmp_path: Path) -> None:
    scan(inbox / "A" / "0001.tif")
    watch = [sys.executable, "-m", "ybda_qc", "watch", inbox, "--out", tmp_path / "qc", "--profile", profile]
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *watch],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    until_closed(tmp_path / "qc" / "A.qc.json")
    process.terminate()
    assert process.wait(PATIENCE) == 0


def until_closed(report: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not report.exists():
        assert time.monotonic() < end
        time.sleep(0.1)
