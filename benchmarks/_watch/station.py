"""A scan station without other work: a page every few seconds; and the same for hours."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from _watch.compare import Problems, compare_with_folder, compare_with_results, read_too_early
from _watch.desk import Desk, Fresh
from _watch.heard import hear
from _watch.history import read_history
from _watch.journal import Journal, Moment
from _watch.latency import measure_waits, print_waits, row
from _watch.machine import Machine, processor_seconds
from _watch.service import Inbox, Memory, Service, watch_command, write_config, write_profile
from _watch.sheets import draw_sheets

_START_SECONDS = 60.0
_SAMPLE_SECONDS = 5.0
_LARGE_SHEETS = 12
_SEED = 7


@dataclass(slots=True)
class _Station:
    """A service over one inbox, and the one who scans into it."""

    folder: Path
    jobs: int
    machine: Machine = field(default_factory=Machine)
    memories: list[Memory] = field(default_factory=list)
    worker_ids: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in ("station", "staging", "said"):
            (self.folder / name).mkdir(parents=True)
        self.inbox = Inbox(
            name="station", path=self.folder / "station", out=self.folder / "station-qc", events="native"
        )

    inbox: Inbox = field(init=False)
    service: Service = field(init=False)

    def start(self) -> None:
        """Start the service, and wait until it has begun to speak and has settled."""
        profile = write_profile(self.folder / "watched.toml")
        config = write_config(self.folder / "service.toml", [self.inbox], profile, self.jobs)
        self.service = Service(watch_command(config), self.folder / "said")
        self.service.start()
        patience = time.monotonic() + _START_SECONDS
        while not self.service.said_bytes() and time.monotonic() < patience:
            time.sleep(0.1)
        self.rest(10.0)

    def rest(self, seconds: float) -> None:
        """Wait, and look at the service meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.machine.sample()
            self._sample()
            time.sleep(min(left, 0.25))

    def _sample(self) -> None:
        if self.memories and time.time() - self.memories[-1].at < _SAMPLE_SECONDS:
            return
        if (memory := self.service.memory()) is not None:
            self.memories.append(memory)
            self.worker_ids |= memory.worker_ids

    def desk(self, journal: Journal, large_share: float) -> Desk:
        """Where the pages come from."""
        return Desk(
            number=1,
            chance=random.Random(_SEED),
            inboxes={"station": self.inbox.path},
            staging=self.folder / "staging",
            sheets=draw_sheets(_SEED, _LARGE_SHEETS),
            journal=journal,
            large_share=large_share,
        )


def _scan(desk: Desk, path: Path, fresh: Fresh) -> Iterator[float]:
    """Write a page as a scanner does: in pieces, within a third of a second."""
    desk.begun("scanned", path)
    size = len(fresh.data) // 6 + 1
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(fresh.data), size):
            if start:
                yield 0.06
            file.write(fresh.data[start : start + size])
        moment = Moment.now()
    desk.written("scanned", path, fresh, moment)


def run_idle(folder: Path, *, pages: int, jobs: int, every_seconds: float = 3.0) -> bool:
    """An A4 page at 300 dpi in colour every three seconds; whether each got its verdict."""
    station = _Station(folder, jobs)
    journal = folder / "journal.jsonl"
    with Journal(journal) as entries:
        desk = station.desk(entries, large_share=1.0)
        station.start()
        used = processor_seconds(station.service.pid)
        for _ in range(pages):
            next_page = time.monotonic() + every_seconds
            fresh = desk.fresh()
            for pause in _scan(desk, desk.new_path(fresh.sheet.suffix), fresh):
                time.sleep(pause)
            station.rest(next_page - time.monotonic())
        station.rest(20.0)
        used = processor_seconds(station.service.pid) - used
    code = station.service.stop()
    return _print_idle(station, journal, pages, used, code)


def _print_idle(station: _Station, journal: Path, pages: int, used: float, code: int) -> bool:
    history, heard = read_history([journal]), hear(station.service.lives)
    problems = Problems()
    final = history.final("station")
    compare_with_folder(final, station.inbox.path, problems)
    compare_with_results(final, station.inbox.out, problems)
    read_too_early(history, heard, problems)
    waits = measure_waits(history, heard, station.service.lives)
    print(f"\nIdle station: {pages} A4 pages at 300 dpi in colour, one every 3 s; exit code {code}.\n")
    seconds = [second for every in waits.by_way.values() for second in every]
    print_waits([row("A4 300 dpi, colour JPEG", seconds)], "page")
    late = sum(second > 2.0 for second in seconds)
    print(
        f"\nLater than 2 s: {late}. The service took {used / max(1, pages):.2f} s of processor time a page."
    )
    print(station.machine.sentence())
    problems.print()
    return len(seconds) == pages and not problems.counts


def run_soak(folder: Path, *, minutes: float, jobs: int) -> bool:
    """A page every second or so, pages scanned again, items closed, reloads; memory from start to end."""
    station = _Station(folder, jobs)
    journal = folder / "journal.jsonl"
    with Journal(journal) as entries:
        desk = station.desk(entries, large_share=0.2)
        station.start()
        print(f"Soak of {minutes:.0f} minutes. The clock is never set: no program may do that here.\n")
        print(
            "| minute | parent MB | workers MB | largest worker MB | workers | files open | threads | pages |"
        )
        print("|---|---|---|---|---|---|---|---|")
        _soak(station, desk, minutes)
        station.rest(45.0)
        _print_memory_row(minutes, station.memories[-1], desk)
    code = station.service.stop()
    return _print_soak(station, journal, code)


def _soak(station: _Station, desk: Desk, minutes: float) -> None:
    begun = time.monotonic()
    next_row, next_reload = 0.0, 180.0
    while (passed := time.monotonic() - begun) < minutes * 60:
        if passed >= next_row:
            _print_memory_row(passed / 60, station.memories[-1], desk)
            next_row += 300.0
        if passed >= next_reload:
            station.service.reload()
            next_reload += 180.0
        again = desk.take_held() if desk.chance.random() < 0.1 else None
        fresh = desk.fresh() if again is None else desk.fresh(again.suffix)
        path = again or desk.new_path(fresh.sheet.suffix)
        for pause in _scan(desk, path, fresh):
            station.rest(pause)
        if again is None and not desk.is_being_filled(path.parent) and desk.chance.random() < 0.5:
            path.with_name("item.done").touch()
        station.rest(desk.chance.uniform(0.4, 1.2))


def _print_memory_row(minute: float, memory: Memory, desk: Desk) -> None:
    print(
        f"| {minute:.0f} | {memory.parent_mb:.0f} | {memory.workers_mb:.0f} | {memory.largest_worker_mb:.0f} "
        f"| {memory.workers} | {memory.open_files} | {memory.threads} | {desk.written_files:,} |",
        flush=True,
    )


def _print_soak(station: _Station, journal: Path, code: int) -> bool:
    history, heard = read_history([journal]), hear(station.service.lives)
    problems = Problems()
    final = history.final("station")
    compare_with_results(final, station.inbox.out, problems)
    read_too_early(history, heard, problems)
    waits = measure_waits(history, heard, station.service.lives)
    print(
        f"\nProcesses that worked in all: {len(station.worker_ids)}. Reloads: {heard.kinds['reloaded']}. "
        f"Exit code {code}. Peak of the parent: {max(one.parent_mb for one in station.memories):.0f} MB.\n"
    )
    print_waits([row("all", [second for every in waits.by_way.values() for second in every])], "page")
    print(station.machine.sentence())
    problems.print()
    return not problems.counts
