"""Whether somebody writes a file, asked of the operating system, with real processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ybda_qc.intake.mounts import is_remote
from ybda_qc.intake.writers import is_being_written

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")

_WRITER = """
import sys
file = open(sys.argv[1], sys.argv[2])
if "+" in sys.argv[2] or "w" in sys.argv[2] or "a" in sys.argv[2]:
    file.write("a piece")
    file.flush()
print("open", flush=True)
sys.stdin.readline()
file.close()
print("closed", flush=True)
sys.stdin.readline()
"""


@contextmanager
def program(path: Path, mode: str) -> Iterator["subprocess.Popen[str]"]:
    """A program that has the file open until it is told to close it."""
    command = [sys.executable, "-c", _WRITER, str(path), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


def close_in(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "closed\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    if is_remote(tmp_path) is not False:
        pytest.skip("the temporary folder is on a share")
    path = tmp_path / "page.tif"
    path.write_bytes(b"content")
    return path


@linux_only
@pytest.mark.parametrize("mode", ["w", "a", "r+"])
def test_a_writer_is_seen_until_it_closes_the_file(page: Path, mode: str) -> None:
    with program(page, mode) as writer:
        assert is_being_written(page) is True
        close_in(writer)
        assert is_being_written(page) is False


@linux_only
def test_a_writer_that_dies_is_gone(page: Path) -> None:
    with program(page, "a") as writer:
        assert is_being_written(page) is True
        writer.kill()
        writer.wait()
        assert is_being_written(page) is False


@linux_only
def test_a_reader_is_no_writer(page: Path) -> None:
    with program(page, "r"):
        assert is_being_written(page) is False


@linux_only
def test_nobody_is_refused_or_killed_while_it_is_asked_for_without_pause(page: Path) -> None:
    """Another process opens the file for writing again and again, in a thread of ours it is asked about."""
    opener = (
        "import os, sys\n"
        "for _ in range(3000):\n"
        "    os.close(os.open(sys.argv[1], os.O_RDWR))\n"
        "print('done')\n"
    )
    asking = (
        "import sys, threading, pathlib\n"
        "from ybda_qc.intake.writers import is_being_written\n"
        "path, stop = pathlib.Path(sys.argv[1]), threading.Event()\n"
        "answers = set()\n"
        "def ask():\n"
        "    while not stop.is_set():\n"
        "        answers.add(is_being_written(path))\n"
        "threads = [threading.Thread(target=ask) for _ in range(2)]\n"
        "[thread.start() for thread in threads]\n"
        "print('asking', flush=True)\n"
        "sys.stdin.readline()\n"
        "stop.set()\n"
        "[thread.join() for thread in threads]\n"
        "print(answers <= {True, False}, False in answers)\n"
    )
    command = [sys.executable, "-c", asking, str(page)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "asking\n"
        done = subprocess.run(
            [sys.executable, "-c", opener, str(page)], check=True, capture_output=True, text=True, timeout=120
        )
        said, _ = watcher.communicate("\n", timeout=60)

    assert done.stdout == "done\n"
    assert (watcher.returncode, said) == (0, "True True\n")


_HOLDER = """
import fcntl, os, sys, time
from ybda_qc.intake import writers
handle = os.open(sys.argv[1], os.O_RDONLY)
writers.take_lease(handle)
print("leased", flush=True)
give_up = time.monotonic() + 30
while fcntl.fcntl(handle, fcntl.F_GETLEASE) == fcntl.F_RDLCK and time.monotonic() < give_up:
    time.sleep(0.01)
print("asked for it", flush=True)
os.close(handle)
"""


@linux_only
def test_the_signal_of_a_writer_who_waits_does_not_end_the_process(page: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(page)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "leased\n"
        page.open("r+b").close()  # waits until the lease is given back
        said = holder.stdout.read()

    assert (holder.returncode, said) == (0, "asked for it\n")


_SERVER = """
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, lambda *_: None)
handle = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("leased", flush=True)
sys.stdin.readline()
"""


@linux_only
def test_a_file_that_a_file_server_holds_for_its_client_is_being_written(page: Path) -> None:
    command = [sys.executable, "-c", _SERVER, str(page)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "leased\n"
        assert is_being_written(page) is True
        server.communicate("\n", timeout=60)

    assert is_being_written(page) is False


@linux_only
def test_it_may_be_asked_off_the_main_thread(page: Path) -> None:
    answers: list[bool | None] = []
    with page.open("ab"):
        thread = threading.Thread(target=lambda: answers.append(is_being_written(page)))
        thread.start()
        thread.join()

    assert answers == [True]


def test_what_is_no_file_has_no_writer_to_tell(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing", tmp_path / "a\0b"):
        assert is_being_written(path) is None


@linux_only
def test_files_that_no_lease_is_given_for_are_not_guessed_at() -> None:
    assert is_being_written(Path("/proc/self/status")) is not True
