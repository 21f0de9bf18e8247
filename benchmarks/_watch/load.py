"""Ten thousand files by several writers, while the service is killed again and again."""

import multiprocessing
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from _watch.compare import (
    Problems,
    compare_items,
    compare_with_folder,
    compare_with_results,
    compare_with_run,
    read_too_early,
)
from _watch.heard import Heard, hear
from _watch.history import History, read_history
from _watch.latency import measure_waits, print_waits, row
from _watch.machine import Machine
from _watch.service import (
    Inbox,
    Memory,
    Service,
    run_command,
    watch_command,
    write_config,
    write_profile,
)
from _watch.sheets import draw_sheets, keep_sheets
from _watch.writer import Order, write

_QUIET_SECONDS = 40.0  # longer than a file is given up or an item closed after
_PATIENCE_SECONDS = 1800.0  # with a backlog, after the last file
_OWN_ENDS = 5
_LARGE_SHEETS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """Files and kills in all, seed, writers, files a second in all, workers of the service."""

    files: int
    kills: int
    seed: int
    writers: int
    rate: float
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Everything that lies in the folder of the benchmark."""

    folder: Path
    inboxes: tuple[Inbox, ...]
    profile: Path
    config: Path
    sheets: Path
    journals: tuple[Path, ...]


def run_load(options: LoadOptions, folder: Path) -> bool:
    """Write, kill, wait, compare, print; whether everything is as it should be."""
    site = _prepare(options, folder)
    service = Service(watch_command(site.config), folder / "said")
    machine = Machine()
    memories = _Supervisor(service, options, machine).run(_start_writers(options, site))
    exit_code = service.stop() if service.is_alive() else service.lives[-1].exit_code
    history, heard = read_history(site.journals), hear(service.lives)
    problems = Problems()
    _print_course(options, history, heard, service, exit_code)
    is_sound = _compare(site, history, heard, problems)
    print("\nDifferences:")
    problems.print()
    _print_latency(site, history, heard, service)
    print(f"\n{machine.sentence()}")
    _print_memory(memories)
    return is_sound and not problems.counts and not service.orphans and not heard.garbled


def _prepare(options: LoadOptions, folder: Path) -> _Site:
    for name in ("native", "polled", "staging", "journals", "said"):
        (folder / name).mkdir(parents=True)
    inboxes = tuple(
        Inbox(name=name, path=folder / name, out=folder / f"{name}-qc", events=events)
        for name, events in (("native", "native"), ("polled", "poll"))
    )
    profile = write_profile(folder / "watched.toml")
    sheets = folder / "sheets"
    keep_sheets(draw_sheets(options.seed, _LARGE_SHEETS), sheets)
    return _Site(
        folder=folder,
        inboxes=inboxes,
        profile=profile,
        config=write_config(folder / "service.toml", inboxes, profile, options.jobs),
        sheets=sheets,
        journals=tuple(folder / "journals" / f"{one}.jsonl" for one in range(1, options.writers + 1)),
    )


def _start_writers(options: LoadOptions, site: _Site) -> list[BaseProcess]:
    context = multiprocessing.get_context("spawn")
    share, more = divmod(options.files, options.writers)
    writers: list[BaseProcess] = []
    for number, journal in enumerate(site.journals, start=1):
        order = Order(
            number=number,
            seed=options.seed,
            files=share + (number <= more),
            rate=options.rate / options.writers,
            inboxes={inbox.name: inbox.path for inbox in site.inboxes},
            staging=site.folder / "staging",
            sheets=site.sheets,
            journal=journal,
        )
        writer = context.Process(target=write, args=(order,), daemon=True)
        writer.start()
        writers.append(writer)
    return writers


class _Supervisor:
    """Keeps the service running, except that it kills it."""

    def __init__(self, service: Service, options: LoadOptions, machine: Machine) -> None:
        self._service = service
        self._machine = machine
        self._chance = random.Random(f"kills {options.seed}")
        self._kills_left = options.kills
        self._between = options.files / options.rate / max(1, options.kills)
        self._next_kill = 0.0
        self._own_ends = 0
        self._size = (0, time.monotonic())  # of the log, and since when

    def run(self, writers: Sequence[BaseProcess]) -> list[Memory]:
        """Until all writers are done, all kills are made and nothing is said any more."""
        self._start()
        memories: list[Memory] = []
        patience = float("inf")
        while True:
            time.sleep(0.1)
            is_writing = any(writer.is_alive() for writer in writers)
            if not is_writing and patience == float("inf"):
                patience = time.monotonic() + _PATIENCE_SECONDS
            if not self._service.is_alive():
                self._start_again()
            elif self._kills_left and time.monotonic() >= self._next_kill:
                self._kill(is_writing=is_writing)
            elif not is_writing and not self._kills_left and self._is_quiet():
                break
            elif time.monotonic() > patience:
                print(f"the service was not idle {_PATIENCE_SECONDS:.0f} s after the last file")
                break
            self._machine.sample()
            if (not memories or time.time() - memories[-1].at > 10) and (
                memory := self._service.memory()
            ) is not None:
                memories.append(memory)
        for writer in writers:
            writer.join()
            if writer.exitcode:
                sys.exit(f"a writer failed with {writer.exitcode}")
        return memories

    def _start(self) -> None:
        self._service.start()
        self._size = (0, time.monotonic())
        if self._chance.random() < 0.2:  # while it starts
            self._next_kill = time.monotonic() + self._chance.uniform(0.2, 6.0)
        else:
            self._next_kill = time.monotonic() + self._chance.uniform(0.1, 1.9) * self._between

    def _start_again(self) -> None:
        """It ended by itself, which it never should; a few times that is borne."""
        life = self._service.lives[-1]
        print(f"the service ended by itself, exit code {life.exit_code}, see {life.log}", flush=True)
        self._own_ends += 1
        if self._own_ends > _OWN_ENDS:
            sys.exit(life.log.read_text(encoding="utf-8", errors="replace")[-2000:])
        time.sleep(1.0)
        self._start()

    def _kill(self, *, is_writing: bool) -> None:
        self._kills_left -= 1
        self._service.kill()
        time.sleep(self._chance.choice((0.0, 0.0, 0.5, 3.0)))
        self._start()
        if not is_writing:
            self._next_kill = time.monotonic() + self._chance.uniform(0.2, 10.0)

    def _is_quiet(self) -> bool:
        size, now = self._service.said_bytes(), time.monotonic()
        if size != self._size[0]:
            self._size = (size, now)
        return now - self._size[1] > _QUIET_SECONDS


def _print_course(
    options: LoadOptions, history: History, heard: Heard, service: Service, exit_code: int | None
) -> None:
    killed = sum(life.was_killed for life in service.lives)
    places = sum(len(history.final(name)) for name in ("native", "polled"))
    print(
        f"{history.written:,} files written by {options.writers} processes, seed {options.seed}; "
        f"{places:,} lie there at the end.\n"
        f"{killed} kills, {len(service.lives)} starts; workers that outlived the main process by more than "
        f"15 s: {service.orphans}, slowest to go: {service.slowest_orphan_seconds:.1f} s.\n"
        f"Ended by SIGTERM with exit code {exit_code}. Lines of log that are no JSON: {len(heard.garbled)}."
    )
    print("Said: " + ", ".join(f"{kind} {count:,}" for kind, count in sorted(heard.kinds.items())))


def _compare(site: _Site, history: History, heard: Heard, problems: Problems) -> bool:
    early = read_too_early(history, heard, problems)
    print(f"Verdicts on pages: {len(heard.verdicts):,}; on a file that was not complete: {early}.")
    is_same = True
    for inbox in site.inboxes:
        final = history.final(inbox.name)
        compare_with_folder(final, inbox.path, problems)
        results = compare_with_results(final, inbox.out, problems)
        run_out = site.folder / f"{inbox.name}-run"
        code = subprocess.run(
            run_command(inbox.path, site.profile, run_out), check=False, capture_output=True
        ).returncode
        if code not in (0, 1, 5):
            problems.add("run failed", f"{inbox.name}: {code}")
            continue
        reports = compare_items(inbox.out, problems)
        same = compare_with_run(inbox.out, run_out, problems)
        is_same = is_same and same
        print(
            f"{inbox.name}: {len(final):,} files, {results:,} results, {reports:,} item reports; "
            f"pages.jsonl is {'byte for byte that' if same else 'NOT that'} of run."
        )
    return is_same


def _print_latency(site: _Site, history: History, heard: Heard, service: Service) -> None:
    waits = measure_waits(history, heard, service.lives)
    print("\nSeconds from completion to verdict, files that were completed 5 s after a start or later:\n")
    by_way = [row(name, seconds) for name, seconds in sorted(waits.by_way.items())]
    print_waits(by_way, "way of writing")
    print()
    roots = [row(inbox.name, waits.by_inbox.get(inbox.name, ())) for inbox in site.inboxes]
    every = [second for seconds in waits.by_inbox.values() for second in seconds]
    print_waits([*roots, row("both", every)], "inbox, without files that stay damaged")
    left_out = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(waits.left_out.items()))
    print(f"\nLeft out: {left_out or 'none'}.")


def _print_memory(memories: Sequence[Memory]) -> None:
    if memories:
        first, last = memories[min(1, len(memories) - 1)], memories[-1]
        print(
            f"Memory, parent and workers together: {first.parent_mb:.0f} + {first.workers_mb:.0f} MB at the "
            f"start, {last.parent_mb:.0f} + {last.workers_mb:.0f} MB at the end."
        )
