"""What a run costs beside merely reading the files: wall and processor time as multiples of ``cv2.imread``.

    python benchmarks/speed.py [--pages 120] [--jobs 2] [--kinds jpeg,lzw,g4,jp2,pdf] [--by-check]

Both sides are fresh interpreters with the same number of worker processes over the same files, which are all
different; both include their start-up. `cv2.imread` cannot read PDF: there it reads the same page as JPEG.
Each pair is measured in turn, three times, and the median is printed: on a shared machine only ratios of one
run mean anything.
"""

import argparse
import contextlib
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in a worker; before numpy is loaded

import cv2
import numpy as np

from ybda_qc.synth import PageSpec, draw_page, write_page

KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "jpeg": (".jpg", {"quality": 85}),
    "lzw": (".tif", {"compression": "lzw"}),
    "g4": (".tif", {"compression": "g4"}),
    "jp2": (".jp2", {}),
    "pdf": (".pdf", {"quality": 85}),
}
LAYOUTS = ("document", "text", "table", "form", "vertical", "typewriter", "picture", "sparse")
DPI = 300
REPEATS = 3

READER = """
import sys, os, cv2, multiprocessing
def read(path):
    cv2.setNumThreads(1)
    return cv2.imread(path, cv2.IMREAD_UNCHANGED).shape[0]
if __name__ == "__main__":
    folder, jobs = sys.argv[1], int(sys.argv[2])
    paths = sorted(os.path.join(f, n) for f, _, names in os.walk(folder) for n in names)
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        rows = pool.map(read, paths, chunksize=1)
    assert all(rows)
"""


def write_batch(folder: Path, kind: str, pages: int) -> None:
    """Write that many different A4 pages: drawn layouts, each with its own shift, grain and light."""
    suffix, options = KINDS[kind]
    item = folder / "B469-WS·2023-Y-BGS-0001"
    item.mkdir(parents=True)
    mode = "grey" if kind == "g4" else "colour"
    drawn = [
        draw_page(
            PageSpec(layout=layout, seed=seed, dpi=DPI, mode=mode, texture=1.5, noise=1.5, page_number=True)
        )
        for seed, layout in enumerate(LAYOUTS)
    ]
    rng = np.random.default_rng(7)
    for number in range(pages):
        pixels = drawn[number % len(drawn)].pixels
        shift = rng.integers(-20, 20, 2)
        pixels = np.roll(pixels, tuple(int(s) for s in shift), axis=(0, 1))
        grain = rng.integers(-3, 4, pixels.shape[:2], dtype=np.int16)
        grain = grain if pixels.ndim == 2 else grain[..., None]
        pixels = np.clip(pixels.astype(np.int16) + grain, 0, 255).astype(np.uint8)
        write_page(item / f"{number + 1:04d}{suffix}", pixels, dpi=DPI, **options)  # type: ignore[arg-type]


def as_jpeg(folder: Path, target: Path) -> None:
    """The pages of single-image PDFs as the JPEG files they hold, for the reader."""
    for path in folder.rglob("*.pdf"):
        data = path.read_bytes()
        start = data.index(b"\xff\xd8\xff")
        end = data.index(b"endstream", start)
        target.mkdir(exist_ok=True)
        (target / f"{path.stem}.jpg").write_bytes(data[start:end].rstrip())


def adopt_orphans() -> None:
    """Make this process the parent of what outlives its own, so that their processor time is counted too."""
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1)


def cost(command: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of a command and of everything it started."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = os.times()
    if done.returncode not in (0, 1, 5):
        raise SystemExit(f"{command[:4]} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, cpu


def compare(folder: Path, read_folder: Path, jobs: int) -> dict[str, float]:
    """Median cost of both sides and their ratios."""
    rows: dict[str, list[float]] = {"read_wall": [], "read_cpu": [], "run_wall": [], "run_cpu": []}
    for _ in range(REPEATS):
        wall, cpu = cost([sys.executable, "-c", READER, str(read_folder), str(jobs)])
        rows["read_wall"].append(wall)
        rows["read_cpu"].append(cpu)
        with tempfile.TemporaryDirectory() as out:
            command = [
                sys.executable,
                "-m",
                "ybda_qc",
                "run",
                str(folder),
                "--jobs",
                str(jobs),
                "--ocr",
                "off",
            ]
            wall, cpu = cost([*command, "--out", f"{out}/run"])
        rows["run_wall"].append(wall)
        rows["run_cpu"].append(cpu)
    found = {name: statistics.median(values) for name, values in rows.items()}
    found["wall_ratio"] = found["run_wall"] / found["read_wall"]
    found["cpu_ratio"] = found["run_cpu"] / found["read_cpu"]
    return found


def by_check(folder: Path) -> list[tuple[str, float]]:
    """Processor seconds a page of decode and of each check, in this process, as multiples of one imread."""
    from ybda_qc.app.profiles import load_plan, load_profile, registered_checks  # noqa: PLC0415
    from ybda_qc.imaging.errors import ImageFault  # noqa: PLC0415
    from ybda_qc.imaging.source import open_source  # noqa: PLC0415
    from ybda_qc.imaging.view import PageView  # noqa: PLC0415

    cv2.setNumThreads(1)
    checks = registered_checks()
    plan = load_plan(load_profile("da-t-31-2017", checks), checks)
    spent: dict[str, float] = {}

    def clock(name: str, work: Callable[[], object]) -> None:
        started = time.process_time()
        work()
        spent[name] = spent.get(name, 0.0) + time.process_time() - started

    paths = [path for path in sorted(folder.rglob("*.*")) if path.is_file()][:24]
    for number, path in enumerate([paths[0], *paths]):
        if number == 1:
            spent.clear()  # the first page also fills tables that a worker fills once
        clock("(cv2.imread)", lambda path=path: cv2.imread(str(path)))
        with open_source(path) as source:
            view = PageView(source)
            clock("(hash)", source.sha256)
            try:
                clock("(decode)", lambda view=view: view.pixels)
            except ImageFault:
                continue
            clock("(reduce)", lambda view=view: view.grey)
            for planned in plan.page_checks:
                clock(planned.check.id, lambda p=planned, view=view: p.check.measure(view, p.method))
    unit = spent["(cv2.imread)"] or 1.0
    return sorted(((name, value / unit) for name, value in spent.items()), key=lambda row: -row[1])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kinds", default="jpeg,lzw,g4,jp2,pdf")
    parser.add_argument("--by-check", action="store_true", help="also print what each check costs")
    parser.add_argument("--json", action="store_true", help="print one JSON document in place of tables")
    arguments = parser.parse_args()
    adopt_orphans()
    results: dict[str, dict[str, float]] = {}
    for kind in arguments.kinds.split(","):
        with tempfile.TemporaryDirectory() as name:
            folder, read_folder = Path(name, "batch"), Path(name, "batch")
            write_batch(folder, kind, arguments.pages)
            if kind == "pdf":
                read_folder = Path(name, "jpeg")
                as_jpeg(folder, read_folder)
            results[kind] = compare(folder, read_folder, arguments.jobs)
            results[kind]["pages_a_second"] = arguments.pages / results[kind]["run_wall"]
            if not arguments.json:
                _print_row(kind, results[kind], first=len(results) == 1)
            if arguments.by_check:
                for check, share in by_check(folder if kind != "pdf" else read_folder):
                    print(f"    {check:24} {share:6.3f} x imread")
    if arguments.json:
        print(json.dumps(results, indent=1))


def _print_row(kind: str, row: dict[str, float], *, first: bool) -> None:
    if first:
        head = ("imread wall", "run wall", "ratio", "imread cpu", "run cpu", "ratio", "pages/s")
        widths = (12, 10, 7, 12, 10, 7, 9)
        print(" " * 6 + "".join(f"{word:>{width}}" for word, width in zip(head, widths, strict=True)))
    print(
        f"{kind:6}{row['read_wall']:12.2f}{row['run_wall']:10.2f}{row['wall_ratio']:7.2f}"
        f"{row['read_cpu']:12.2f}{row['run_cpu']:10.2f}{row['cpu_ratio']:7.2f}{row['pages_a_second']:9.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
