"""What is printed where: a terminal gets progress, a pipe gets plain lines, a closed pipe is no crash."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
from pathlib import Path

import pytest

from tests.app.batches import write_mixed_batch

COMMAND = [sys.executable, "-m", "ybda_qc"]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mixed_batch(tmp_path_factory.mktemp("streams") / "batch")


def arguments(batch: Path, out: Path) -> list[str]:
    return [*COMMAND, "run", str(batch), "--out", str(out), "-p", "base", "--jobs", "2", "--lang", "en"]


def test_a_pipe_gets_plain_lines(batch: Path, tmp_path: Path) -> None:
    done = subprocess.run(arguments(batch, tmp_path / "out"), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "17 pages" in done.stdout
    odd = {char for char in done.stdout if unicodedata.category(char) == "Cc"} - {"\n"}
    assert not odd


def on_a_terminal(command: list[str]) -> tuple[int, str]:
    """Run on a terminal of 120 columns; what it shows."""
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(mine, 65536)
        except OSError:  # the other side has closed
            break
        if not piece:
            break
        shown += piece
    os.close(mine)
    return process.wait(), shown.decode()


def test_a_terminal_gets_progress(batch: Path, tmp_path: Path) -> None:
    code, shown = on_a_terminal(arguments(batch, tmp_path / "out"))
    assert code == 1
    assert re.search(r"\b17/17\b", shown), "pages done"
    assert re.search(r"[\d.?]+\s*(pages/s|s/ ?pages)", shown), "pages a second"
    assert re.search(r"\d\d:\d\d<(\d\d:\d\d|\?)", shown), "time gone and time left"
    assert "\x1b[" in shown, "colour"
    assert "Traceback" not in shown


@pytest.mark.parametrize("command", ["run", "rejudge"])
def test_nobody_reads_the_decision(batch: Path, tmp_path: Path, command: str) -> None:
    """`run | true`: the exit code is still that of the decision."""
    out = tmp_path / "out"
    words = arguments(batch, out)
    if command == "rejudge":
        subprocess.run(words, capture_output=True, check=False)
        words = [*COMMAND, "rejudge", str(out)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


def test_nobody_reads_a_list() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*COMMAND, "checks", "list"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_terminal_that_knows_no_chinese(batch: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [*arguments(batch, tmp_path / "档案")[:-1], "zh"], capture_output=True, check=False, env=environment
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert "\\u6863\\u6848" in done.stdout.decode("latin-1")


def test_a_broken_pipe_to_workers_is_no_acceptance(batch: Path, tmp_path: Path) -> None:
    """Where the interpreter is gone no worker starts, which must not look like a reader who has gone."""
    interpreter = tmp_path / "python"
    interpreter.symlink_to(Path(sys.executable).resolve())
    script = "import os, sys; os.unlink(sys.executable); from ybda_qc.__main__ import main; main()"
    command = [str(interpreter), "-c", script, *arguments(batch, tmp_path / "out")[len(COMMAND) :]]
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": path}
    )
    assert done.returncode == 70, done.stdout + done.stderr
    assert "BrokenPipeError" in done.stderr
    assert "fault of the program" in done.stderr
