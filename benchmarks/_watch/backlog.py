"""Files that lie there when the service starts: how it keeps up with `run` over the same folder."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from _watch.machine import Machine, processor_seconds
from _watch.service import Inbox, Service, run_command, watch_command, write_config, write_profile
from _watch.sheets import Sheet, draw_sheets

_FILES_OF_ITEM = 12
_SEED = 11
_LARGE_SHEETS = 12
_PATIENCE_SECONDS = 3600.0
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """Seconds to the last answer and in all; processor seconds of the main process and of all."""

    answered: float
    seconds: float
    main_processor: float
    processor: float


def run_backlog(folder: Path, *, files: int, large_share: float, jobs: int) -> bool:
    """A folder full of pages, examined by `run` and then by the service; whether both say the same."""
    inbox = Inbox(name="backlog", path=folder / "backlog", out=folder / "watched", events="native")
    pages = _fill(inbox.path, files, large_share)
    profile = write_profile(folder / "watched.toml")
    machine = Machine()
    runs = _measure_run(inbox.path, profile, folder / "ran", jobs)
    watched, code = _measure_watch(folder, inbox, profile, jobs, pages=pages)
    are_equal = (folder / "ran" / "pages.jsonl").read_bytes() == (inbox.out / "pages.jsonl").read_bytes()
    print(
        f"\n{files:,} files with {pages:,} pages that lay there before the start, {large_share:.0%} of them "
        f"A4 pages at 300 dpi in colour; {jobs} workers; exit code {code}.\n"
    )
    _print_row("run", runs)
    _print_row("watch", watched)
    print(
        f"\nwatch / run: to the last answer {watched.answered / runs.seconds:.2f}, to the reports "
        f"{watched.seconds / runs.seconds:.2f}, processor {watched.processor / runs.processor:.2f}; "
        f"pages.jsonl {'is' if are_equal else 'is NOT'} byte for byte the same."
    )
    machine.sample()
    print(machine.sentence())
    return are_equal and code == 0


def _print_row(name: str, course: _Course) -> None:
    print(
        f"{name:6} last answer {course.answered:7.1f} s, reports {course.seconds:7.1f} s; processor seconds: "
        f"main process {course.main_processor:6.1f}, all {course.processor:7.1f}"
    )


def _fill(root: Path, files: int, large_share: float) -> int:
    chance = random.Random(_SEED)
    sheets = draw_sheets(_SEED, _LARGE_SHEETS if large_share else 0)
    pages = 0
    for number in range(files):
        sheet = _choose(chance, sheets, large_share)
        item = root / f"B469-WS·2023-Y-BGS-{number // _FILES_OF_ITEM + 1:04d}"
        item.mkdir(parents=True, exist_ok=True)
        path = item / f"{number % _FILES_OF_ITEM + 1:04d}{sheet.suffix}"
        path.write_bytes(sheet.stamped(number))
        pages += sheet.pages
    return pages


def _choose(chance: random.Random, sheets: Sequence[Sheet], large_share: float) -> Sheet:
    is_large = chance.random() < large_share
    return chance.choice([sheet for sheet in sheets if sheet.is_large == is_large])


def _measure_run(batch: Path, profile: Path, out: Path, jobs: int) -> _Course:
    started = time.monotonic()
    command = [*run_command(batch, profile, out), "--jobs", str(jobs)]
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    main = total = 0.0
    while process.poll() is None:
        try:
            times = process.cpu_times()
            main, total = times.user + times.system, max(total, processor_seconds(process.pid))
        except psutil.NoSuchProcess:
            break
        time.sleep(_LOOK_SECONDS)
    seconds = time.monotonic() - started
    return _Course(answered=seconds, seconds=seconds, main_processor=main, processor=total)


def _measure_watch(
    folder: Path, inbox: Inbox, profile: Path, jobs: int, *, pages: int
) -> tuple[_Course, int]:
    config = write_config(folder / "service.toml", [inbox], profile, jobs)
    (folder / "said").mkdir()
    service = Service(watch_command(config), folder / "said")
    started = time.monotonic()
    service.start()
    ear = _Ear(service.lives[-1].log)
    while service.is_alive() and ear.listen() < pages:
        time.sleep(_LOOK_SECONDS)
    answered = time.monotonic() - started
    while service.is_alive() and ear.reported < pages:
        ear.listen()
        time.sleep(_LOOK_SECONDS)
    seconds = time.monotonic() - started
    times = psutil.Process(service.pid).cpu_times()
    main, total = times.user + times.system, processor_seconds(service.pid)
    code = service.stop()
    return _Course(answered=answered, seconds=seconds, main_processor=main, processor=total), code


@dataclass(slots=True)
class _Ear:
    """Listens to the log of a service: pages answered, and pages in the last report."""

    log: Path
    answered: int = 0
    reported: int = 0
    _read: int = 0

    def listen(self) -> int:
        """Take in what is new; how many pages are answered."""
        with self.log.open("rb") as file:
            file.seek(self._read)
            said = file.read()
        whole = said[: said.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            kind = json.loads(line) if line.startswith(b"{") else {}
            self.answered += kind.get("kind") == "page"
            if kind.get("kind") == "reports":
                self.reported = int(kind["pages"])
        return self.answered
