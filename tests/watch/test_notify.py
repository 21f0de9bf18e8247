"""Word to the supervisor, over a real datagram socket."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ybda_qc.watch.notify import Supervisor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd runs on Linux only")


class Heard:
    """The supervisor's end."""

    def __init__(self, name: str) -> None:
        self.environ = {"NOTIFY_SOCKET": name}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self._socket.settimeout(30)

    def next(self) -> str:
        return self._socket.recv(4096).decode()

    @property
    def nothing(self) -> bool:
        self._socket.setblocking(False)
        try:
            self._socket.recv(4096)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@ybda-qc-{os.getpid()}-{time.time_ns()}"
    found = Heard(name)
    yield found
    found.close()


def test_a_life(heard: Heard) -> None:
    supervisor = Supervisor(heard.environ)
    supervisor.ready("watching 2 folders\nand more")
    assert heard.next() == "READY=1\nSTATUS=watching 2 folders and more"
    supervisor.status("等待 3 个文件")
    assert heard.next() == "STATUS=等待 3 个文件"
    supervisor.status("等待 3 个文件")
    before = time.monotonic_ns() // 1000
    supervisor.reloading()
    told = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", heard.next())
    assert told is not None
    assert before <= int(told[1]) <= time.monotonic_ns() // 1000
    supervisor.ready()
    assert heard.next() == "READY=1"
    supervisor.more_time(2.5)
    assert heard.next() == "EXTEND_TIMEOUT_USEC=2500000"
    supervisor.stopping()
    assert heard.next() == "STOPPING=1"
    assert heard.nothing


def test_the_watchdog_is_fed_in_time_and_no_oftener(heard: Heard) -> None:
    now = [100.0]
    supervisor = Supervisor(heard.environ | {"WATCHDOG_USEC": "60000000"}, lambda: now[0])
    assert supervisor.watchdog_seconds == 30
    supervisor.beat()
    assert heard.next() == "WATCHDOG=1"
    for now[0] in (101.0, 129.0):
        supervisor.beat()
    assert heard.nothing
    now[0] = 131.0
    supervisor.beat()
    assert not heard.nothing


@pytest.mark.parametrize(
    "more", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "9", "WATCHDOG_PID": "1"}]
)
def test_no_watchdog(heard: Heard, more: dict[str, str]) -> None:
    supervisor = Supervisor(heard.environ | more)
    assert supervisor.watchdog_seconds is None
    supervisor.beat()
    assert heard.nothing


@pytest.mark.parametrize("name", ["", "/", "vsock:2:1234", "relative", "/nowhere/notify", "@nobody-listens"])
def test_without_a_supervisor_nothing_happens(name: str) -> None:
    supervisor = Supervisor({"NOTIFY_SOCKET": name} if name else {})
    supervisor.ready("x")
    supervisor.beat()
    supervisor.stopping()


def test_a_supervisor_that_does_not_read_holds_nobody_up(heard: Heard) -> None:
    supervisor = Supervisor(heard.environ)
    # As many as fill its queue, and one more, which is dropped.
    queue = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text(encoding="ascii"))
    for number in range(queue + 2):
        supervisor.status(f"{number}")
    assert heard.next() == "STATUS=0"
