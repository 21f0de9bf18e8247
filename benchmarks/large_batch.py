"""A batch of very many small pages: what the parent process needs in memory, how large reports become.

    python benchmarks/large_batch.py [--pages 20000] [--jobs 2] [--keep DIR]

The pages are tiny on purpose: what is looked at is all but the pixels - tasks, ledger, judging, reports.
Then the batch is run again into the same folder (nothing is measured) and judged again from the ledger.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from ybda_qc.synth import write_page

PAGES_PER_ITEM = 200
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command cost: its own peak of memory, that of its largest worker, time on the clock."""

    name: str
    exit_code: int
    parent_mb: float
    worker_mb: float
    seconds: float


def write_batch(root: Path, pages: int) -> None:
    """Write small pages that all differ, in folders of 200; every 20th has a fault that is found."""
    random = np.random.default_rng(1)
    for number in range(pages):
        item = root / f"B469-WS·2023-Y-BGS-{number // PAGES_PER_ITEM + 1:04d}"
        if number % PAGES_PER_ITEM == 0:
            item.mkdir(parents=True)
        pixels = random.integers(180, 255, (64, 64), np.uint8)
        suffix = ".png" if number % 2 else ".tif"
        path = item / f"{number % PAGES_PER_ITEM + 1:04d}{suffix}"
        write_page(path, pixels, dpi=None if number % 20 == 0 else 300)


def watch(name: str, command: list[str]) -> Cost:
    """Run a command and follow its memory; the peak of the parent is the system's own figure."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    peaks = {"parent": 0, "worker": 0}
    done = threading.Event()

    def follow() -> None:
        parent = psutil.Process(process.pid)
        while not done.wait(0.1):
            try:
                peaks["parent"] = max(peaks["parent"], _peak(process.pid))
                sizes = [child.memory_info().rss for child in parent.children(recursive=True)]
                peaks["worker"] = max(peaks["worker"], *sizes, 0)
            except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
                continue

    follower = threading.Thread(target=follow)
    follower.start()
    exit_code = process.wait()
    seconds = time.monotonic() - started
    done.set()
    follower.join()
    return Cost(
        name=name,
        exit_code=exit_code,
        parent_mb=peaks["parent"] / MEGABYTE,
        worker_mb=peaks["worker"] / MEGABYTE,
        seconds=seconds,
    )


def _peak(pid: int) -> int:
    """Peak resident size so far, in bytes (Linux), or the present one elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return psutil.Process(pid).memory_info().rss
    lines = (line.split() for line in status.read_text(encoding="ascii").splitlines())
    return next((int(words[1]) * 1024 for words in lines if words[0] == "VmHWM:"), 0)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="leave batch and reports in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ybda-qc-large-") as scratch:
        folder = options.keep or Path(scratch)
        batch, out = folder / "batch", folder / "out"
        if not batch.exists():
            write_batch(batch, options.pages)
        program = [sys.executable, "-m", "ybda_qc"]
        run = [*program, "run", str(batch), "--out", str(out), "-p", "base", "--jobs", str(options.jobs)]
        costs = [
            watch("run", run),
            watch("run again", run),
            watch("rejudge", [*program, "rejudge", str(out)]),
        ]
        print(f"{options.pages} pages of 64 x 64 px, {options.jobs} workers\n")
        print_costs(costs, options.pages)
        print_sizes(out)


def print_costs(costs: list[Cost], pages: int) -> None:
    """Print what the commands cost."""
    print("| command | exit | parent MB | largest worker MB | pages/s |")
    print("|---|---|---|---|---|")
    for cost in costs:
        memory = f"{cost.parent_mb:.0f} | {cost.worker_mb:.0f}"
        print(f"| {cost.name} | {cost.exit_code} | {memory} | {pages / cost.seconds:.0f} |")


def print_sizes(out: Path) -> None:
    """Print how large the report files are."""
    print("\n| file | MB |\n|---|---|")
    for path in sorted(out.iterdir()):
        if path.is_file():
            print(f"| {path.name} | {path.stat().st_size / MEGABYTE:.1f} |")
    pictures = list((out / "evidence").rglob("*.jpg"))
    size = sum(path.stat().st_size for path in pictures)
    print(f"| evidence/ ({len(pictures)} pictures) | {size / MEGABYTE:.1f} |")


if __name__ == "__main__":
    main()
