"""The service under test: a process group of its own, started, killed, stopped and looked at from outside."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PATIENCE_SECONDS = 15.0  # for workers to notice that their parent is gone
_STOP_SECONDS = 900.0  # reports of ten thousand pages are written before it ends


@dataclass(slots=True, kw_only=True)
class Life:
    """One run of the service, from start to end, in seconds since 1970; how it ended, and what it said."""

    started: float
    log: Path
    ended: float = float("inf")
    was_killed: bool = False
    exit_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Resident memory in MB, open files and threads, of the parent and of all its workers together."""

    at: float
    parent_mb: float
    workers_mb: float
    workers: int
    largest_worker_mb: float
    open_files: int
    threads: int
    worker_ids: frozenset[int]


@dataclass(slots=True)
class Service:
    """The service over all its lives.

    Parameters
    ----------
    command
        What starts it.
    logs
        Folder for what it says, a file a life.
    """

    command: Sequence[str]
    logs: Path
    lives: list[Life] = field(default_factory=list)
    orphans: int = 0
    slowest_orphan_seconds: float = 0.0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a process group of its own."""
        log = self.logs / f"{len(self.lives) + 1:03d}.log"
        with log.open("wb") as stream:
            self.lives.append(Life(started=time.time(), log=log))
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the present life."""
        assert self._process is not None
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it runs; the end of a life is noted."""
        if self._process is None:
            return False
        code = self._process.poll()
        if code is None:
            return True
        self._end(code)
        return False

    def kill(self) -> None:
        """Kill the main process, and wait until its workers have gone too; those that stay are counted."""
        assert self._process is not None
        workers = self._workers()
        self.lives[-1].was_killed = True
        self._process.kill()
        self._end(self._process.wait())
        killed = time.monotonic()
        while alive := [worker for worker in workers if _is_running(worker)]:
            if time.monotonic() - killed > _PATIENCE_SECONDS:
                self.orphans += len(alive)
                for worker in alive:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        worker.kill()
                break
            time.sleep(0.05)
        self.slowest_orphan_seconds = max(self.slowest_orphan_seconds, time.monotonic() - killed)

    def stop(self) -> int:
        """End it by SIGTERM; its exit code, or -9 if it had to be killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            code = self._process.wait()
        self._end(code)
        return code

    def reload(self) -> None:
        """Ask it to read its configuration again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def memory(self) -> Memory | None:
        """What it holds now; None if it is not there."""
        try:
            parent = psutil.Process(self.pid)
            workers = parent.children(recursive=True)
            sizes = [_resident(worker) for worker in workers]
            return Memory(
                at=time.time(),
                parent_mb=_resident(parent),
                workers_mb=sum(sizes),
                workers=len(sizes),
                largest_worker_mb=max(sizes, default=0.0),
                open_files=parent.num_fds(),
                threads=parent.num_threads(),
                worker_ids=frozenset(worker.pid for worker in workers),
            )
        except psutil.NoSuchProcess:
            return None

    def said_bytes(self) -> int:
        """How much it has said in its present life."""
        return self.lives[-1].log.stat().st_size

    def _workers(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def _end(self, code: int) -> None:
        life = self.lives[-1]
        if life.exit_code is None:
            life.ended = time.time()
            life.exit_code = code


def _is_running(process: psutil.Process) -> bool:
    """A dead process that nobody has asked after is no orphan."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _resident(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss / (1 << 20)
    except psutil.NoSuchProcess:
        return 0.0


def watch_command(config: Path) -> list[str]:
    """The command that starts the service."""
    return [
        sys.executable,
        "-m",
        "ybda_qc",
        "--lang",
        "en",
        "watch",
        "--config",
        str(config),
        "--log",
        "json",
    ]


def run_command(batch: Path, profile: Path, out: Path) -> list[str]:
    """The command that examines a folder once."""
    program = [sys.executable, "-m", "ybda_qc", "run", str(batch), "--out", str(out)]
    return [*program, "--profile", str(profile), "--lang", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A watched folder: its name, its path, its output folder, and whether it is polled."""

    name: str
    path: Path
    out: Path
    events: str


_PROFILE = """\
[profile]
id = "watched"
title = "Scan station, in a hurry"
extends = ["scan-station"]

[watch]
give_up_seconds = {give_up_seconds}
rest_seconds = {rest_seconds}
markers = ["item.done"]
"""


def write_profile(path: Path, *, give_up_seconds: float = 20.0, rest_seconds: float = 15.0) -> Path:
    """The scan station's profile, which gives up and closes items sooner."""
    path.write_text(_PROFILE.format(give_up_seconds=give_up_seconds, rest_seconds=rest_seconds), "utf-8")
    return path


def write_config(path: Path, inboxes: Sequence[Inbox], profile: Path, jobs: int) -> Path:
    """The configuration of the service."""
    lines = ["[service]", f"jobs = {jobs}", 'log = "json"', f'http = "127.0.0.1:{free_port()}"']
    for inbox in inboxes:
        lines += [
            "[[inbox]]",
            f'path = "{inbox.path}"',
            f'out = "{inbox.out}"',
            f'profile = "{profile}"',
            f'events = "{inbox.events}"',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port
