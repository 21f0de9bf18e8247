"""What a run costs beside merely reading the files: wall and processor time as multiples of ``cv2.imread``.

    python benchmarks/speed.py [--pages 120] [--jobs 2] [--kinds jpeg,lzw,g4,jp2,pdf] [--by-check]

Both sides are fresh interpreters with the same number of worker processes over the same files, which all
show different pages. The first two ratios include the start-up; the next two are of what each page more
costs. `cv2.imread` cannot read PDF: there it reads the same page as JPEG. Each pair is measured in turn,
three times, and the median is printed: on a shared machine only ratios of one run mean anything.

`--by-check` divides by `cv2.imread` in a fresh process, too: in a process that has used much memory the same
call costs about half, since the system need not hand out fresh pages of memory.
"""

import argparse
import contextlib
import ctypes
import json
import os
import shutil
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
PAGES_AN_ITEM = 20
SHARED = ("grey", "paper", "ink", "edge_blocks", "skew")  # planes and measurements that several checks use
FEW = 8  # pages of the small batch by which the start-up is taken away
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


def write_batches(root: Path, kinds: Sequence[str], pages: int, jobs: int) -> None:
    """Write the same A4 pages in each kind of file: different texts, tables, forms and pictures.

    In processes of their own: a pool of this process would leave it a child that never ends.
    """
    call = (
        "import sys, speed; speed.write_pages(sys.argv[1], sys.argv[2].split(','), *map(int, sys.argv[3:]))"
    )
    command = [sys.executable, "-c", call, str(root), ",".join(kinds), str(pages)]
    started = [
        subprocess.Popen([*command, str(job), str(jobs)], cwd=Path(__file__).parent) for job in range(jobs)
    ]
    ends = [process.wait() for process in started]  # all of them, whatever the first says
    if any(ends):
        raise SystemExit("the pages could not be drawn")


def write_pages(root: str, kinds: Sequence[str], pages: int, first: int, step: int) -> None:
    """Write one page of so many."""
    for number in range(first, pages, step):
        _write_page(Path(root), kinds, number)


def _write_page(root: Path, kinds: Sequence[str], number: int) -> None:
    drawn: dict[str, np.ndarray] = {}
    for kind in kinds:
        suffix, options = KINDS[kind]
        mode = "grey" if kind == "g4" else "colour"
        if mode not in drawn:
            spec = PageSpec(
                layout=LAYOUTS[number % len(LAYOUTS)],
                seed=number,
                dpi=DPI,
                mode=mode,
                texture=1.5,
                noise=1.5,
                page_number=True,
            )
            drawn[mode] = draw_page(spec).pixels
        item = root / kind / f"B469-WS·2023-Y-BGS-{number // PAGES_AN_ITEM + 1:04d}"
        item.mkdir(parents=True, exist_ok=True)
        name = f"{number % PAGES_AN_ITEM + 1:04d}{suffix}"
        write_page(item / name, drawn[mode], dpi=DPI, **options)  # type: ignore[arg-type]


def as_jpeg(folder: Path, target: Path) -> None:
    """The pages of single-image PDFs as the JPEG files they hold, for the reader."""
    for path in folder.rglob("*.pdf"):
        data = path.read_bytes()
        start = data.index(b"\xff\xd8\xff")
        end = data.index(b"endstream", start)
        target.mkdir(exist_ok=True)
        (target / f"{path.parent.name}-{path.stem}.jpg").write_bytes(data[start:end].rstrip())


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


IMREAD = """
import sys, time, cv2
cv2.setNumThreads(1)
started = time.process_time()
for path in sys.argv[1:]:
    assert cv2.imread(path, cv2.IMREAD_UNCHANGED) is not None
print((time.process_time() - started) / len(sys.argv[1:]))
"""


def imread_seconds(paths: Sequence[Path]) -> float:
    """Processor seconds of one imread in a fresh process, where memory is fresh, too: the median of three."""
    command = [sys.executable, "-c", IMREAD, *map(str, paths)]
    found = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(REPEATS)
    ]
    return statistics.median(found)


def by_check(folder: Path, read_folder: Path) -> list[tuple[str, float]]:
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
        with open_source(path) as source:
            view = PageView(source)
            clock("(hash)", source.sha256)
            try:
                clock("(decode)", lambda view=view: view.pixels)
            except ImageFault:
                continue
            for shared in SHARED:
                clock(f"({shared})", lambda view=view, shared=shared: getattr(view, shared))
            for planned in plan.page_checks:
                clock(planned.check.id, lambda p=planned, view=view: p.check.measure(view, p.method))
    unit = imread_seconds([path for path in sorted(read_folder.rglob("*.*")) if path.is_file()][:24]) * len(
        paths
    )
    spent["(sum)"] = sum(spent.values())
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
    if arguments.pages < 3 * FEW:
        parser.error(f"--pages: at least {3 * FEW}, to tell the start-up from the pages")
    adopt_orphans()
    kinds = arguments.kinds.split(",")
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_batches(root, kinds, arguments.pages, arguments.jobs)
        for kind in kinds:
            results[kind] = measure(root, kind, arguments.pages, arguments.jobs)
            if not arguments.json:
                _print_row(kind, results[kind], first=len(results) == 1)
            if arguments.by_check:
                for check, share in by_check(root / kind, read_folder(root, kind)):
                    print(f"    {check:24} {share:6.3f} x imread")
    if arguments.json:
        print(json.dumps(results, indent=1))


def read_folder(root: Path, kind: str) -> Path:
    """Where the files lie that `cv2.imread` reads: for PDF the JPEG files in them."""
    return root / (f"{kind}-as-jpeg" if kind.startswith("pdf") else kind)


def measure(root: Path, kind: str, pages: int, jobs: int) -> dict[str, float]:
    """Cost of all pages of a kind, and of each page more than a few."""
    folder = root / kind
    few = root / f"{kind}-few" / "item"
    few.mkdir(parents=True)
    for path in sorted(folder.rglob(f"*{KINDS[kind][0]}"))[:FEW]:
        shutil.copy(path, few)
    if kind == "pdf":
        as_jpeg(folder, read_folder(root, kind))
        as_jpeg(few, read_folder(root, f"{kind}-few"))
    found = compare(folder, read_folder(root, kind), jobs)
    start = compare(few.parent, read_folder(root, f"{kind}-few"), jobs)
    for cost_of in ("wall", "cpu"):
        more = {side: found[f"{side}_{cost_of}"] - start[f"{side}_{cost_of}"] for side in ("run", "read")}
        found[f"{cost_of}_ratio_a_page"] = more["run"] / more["read"]
    found["pages_a_second"] = pages / found["run_wall"]
    return found


def _print_row(kind: str, row: dict[str, float], *, first: bool) -> None:
    if first:
        print(f"{'':6}{'with start-up':>24}{'each page more':>21}")
        head = ("wall ratio", "cpu ratio", "wall ratio", "cpu ratio", "pages/s")
        print(" " * 6 + "".join(f"{word:>12}" for word in head))
    columns = ("wall_ratio", "cpu_ratio", "wall_ratio_a_page", "cpu_ratio_a_page")
    print(f"{kind:6}" + "".join(f"{row[name]:12.2f}" for name in columns) + f"{row['pages_a_second']:12.1f}")


if __name__ == "__main__":
    main()
