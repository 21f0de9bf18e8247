"""Reading text beside ocrmypdf and bare tesseract: pages a minute and errors, the same pages in one run.

    python benchmarks/ocr.py [--seeds 3] [--jobs 2] [--corpus DIR] [--keep DIR]

Needs the programs tesseract with chi_sim and ocrmypdf; who is missing is left out.

Generated pages (A4, Chinese, exact truth): clean, noisy, skewed, turned, vertical, dense, with a letterhead,
in tables; 200 and 300 dpi. `--corpus` adds pages with a transcription, Chinese or English, from a folder with
a MANIFEST.csv (columns file, language, transcription), read with the languages chi_sim and eng; as a
transcription may leave out parts of a page, each is compared with the stretch of the text most like it.

Who reads, each with `--jobs` processes:

- reader: the product's reader of pages, loaded once in each process, start-up included
- run + export: `ybda-qc run --ocr rapidocr`, all image checks included, and then `ybda-qc export --to pdf`
- ocrmypdf: `ocrmypdf -l chi_sim --deskew --rotate-pages`, all pages in one PDF without loss
- tesseract: a process a page, OMP_THREAD_LIMIT=1

Character error rate (CER) of a page: edit distance between truth and text, by the length of the truth, at
most 1; both in normal form NFKC and without blanks. Reading order counts. Processor time is that of all
processes that were started; that of the workers of `run` is known on Linux alone.

With `--corpus` a last table has all pages together in one run of each, with `-l chi_sim` for all: the fewer
languages, the less tesseract has to do. Start-up is the time for the smallest page alone; each further page
costs what all take beyond that.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from shutil import which

import numpy as np
import pypdfium2

from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.ocr.choice import EngineChoice, choose_engine, open_reader
from ybda_qc.ocr.reading import PageReader
from ybda_qc.synth import PageSpec, Speckle, draw_page, write_page

GROUPS: dict[str, dict[str, object]] = {
    "clean, 300 dpi": {"layout": "text", "dpi": 300},
    "clean, 200 dpi": {"layout": "text", "dpi": 200},
    "noisy, 300 dpi": {"layout": "text", "dpi": 300, "noise": 14.0, "texture": 4.0, "blur_px": 1.2},
    "noisy, 200 dpi": {"layout": "text", "dpi": 200, "noise": 14.0, "texture": 4.0, "blur_px": 0.9},
    "faint, specks": {"layout": "text", "dpi": 200, "ink": 0.45, "defects": (Speckle(per_cm2=3.0),)},
    "skewed, 300 dpi": {"layout": "text", "dpi": 300, "angle_degrees": 3.2},
    "skewed, 200 dpi": {"layout": "text", "dpi": 200, "angle_degrees": -2.1},
    "turned by 90": {"layout": "text", "dpi": 300, "quarter_turns": 1},
    "turned by 180": {"layout": "text", "dpi": 200, "quarter_turns": 2},
    "turned by 270": {"layout": "text", "dpi": 200, "quarter_turns": 3},
    "vertical, 300 dpi": {"layout": "vertical", "dpi": 300},
    "vertical, 200 dpi": {"layout": "vertical", "dpi": 200},
    "dense, 300 dpi": {"layout": "columns", "dpi": 300},
    "dense, 200 dpi": {"layout": "text", "dpi": 200, "font_mm": 3.0},
    "letterhead, colour": {"layout": "document", "dpi": 300, "mode": "colour"},
    "table": {"layout": "table", "dpi": 200},
}
COMMANDS = "run + export"
ITEM = "B469-WS·2023-Y-BGS-0001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to read: where it lies, of which kind it is, what is written on it."""

    path: Path
    group: str
    truth: str
    in_part: bool = False
    """Whether the truth may leave out parts of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All pages of one reading, the languages, the number of processes, room for what is written."""

    pages: Sequence[Page]
    languages: tuple[str, ...]
    jobs: int
    scratch: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one of them read, and what it cost on the clock, in processor time, and for one page alone."""

    name: str
    texts: Sequence[str]
    seconds: float
    processor: float
    start: float = 0.0


# --- who reads ---------------------------------------------------------------------------------------------
def by_reader(task: Task) -> list[str]:
    """The product's reader alone."""
    choice = choose_engine("rapidocr", ("chi_sim", "eng"))
    with ProcessPoolExecutor(task.jobs, get_context("spawn"), _load, (choice,)) as pool:
        return list(pool.map(_read, [page.path for page in task.pages]))


def by_command(task: Task) -> list[str]:
    """The product's commands; the text is that of the searchable PDFs."""
    batch, out = task.scratch / "batch", task.scratch / "out"
    (batch / ITEM).mkdir(parents=True)
    for number, page in enumerate(task.pages, start=1):
        os.link(page.path, batch / ITEM / f"{number:04d}.png")
    run = ["run", str(batch), "--ocr", "rapidocr", "--jobs", str(task.jobs), "--out", str(out)]
    _command([*_counted(), sys.executable, "-m", "ybda_qc", *run], (0, 1, 5))
    _command([*_counted(), sys.executable, "-m", "ybda_qc", "export", str(out), "--to", "pdf"], (0,))
    copies = {int(path.name.split(".")[0]): path for path in (out / "export").rglob("*.pdf")}
    return [_text_layer(copies[number])[0] for number in range(1, len(task.pages) + 1)]


def by_ocrmypdf(task: Task) -> list[str]:
    """One PDF of all pages; the text is what ocrmypdf puts beside it."""
    import img2pdf  # type: ignore[import-not-found]  # noqa: PLC0415 - comes with ocrmypdf

    source, out = task.scratch / "pages.pdf", task.scratch / "searchable.pdf"
    source.write_bytes(img2pdf.convert([str(page.path) for page in task.pages]))
    options = ["--deskew", "--rotate-pages", "--jobs", str(task.jobs), "--quiet"]
    languages = "+".join(task.languages)
    _command([_ocrmypdf(), "-l", languages, *options, str(source), str(out)], (0,))
    return _text_layer(out)


def by_tesseract(task: Task) -> list[str]:
    """A process a page."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(page: Page) -> str:
        command = ["tesseract", str(page.path), "-", "-l", "+".join(task.languages)]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        return done.stdout.decode()

    with ThreadPoolExecutor(task.jobs) as pool:
        return list(pool.map(read, task.pages))


def readers() -> dict[str, Callable[[Task], list[str]]]:
    """Those that are installed."""
    found: dict[str, Callable[[Task], list[str]]] = {"reader": by_reader, COMMANDS: by_command}
    if which(_ocrmypdf()):
        found["ocrmypdf"] = by_ocrmypdf
    if which("tesseract"):
        found["tesseract"] = by_tesseract
    return found


_reader: PageReader


def _load(choice: EngineChoice) -> None:
    global _reader  # noqa: PLW0603 - a worker process holds one
    _reader = open_reader(choice)


def _read(path: Path) -> str:
    with open_source(path) as source:
        return _reader.read(PageView(source)).text


def _ocrmypdf() -> str:
    beside = Path(sys.executable).with_name("ocrmypdf")
    return str(beside) if beside.exists() else "ocrmypdf"


def _counted() -> list[str]:
    """What a command is called by, so that processes which outlive their parent are waited for as well."""
    if sys.platform != "linux":
        return []
    pr_set_child_subreaper = 36
    adopt = (
        "import ctypes, os, subprocess, sys\n"
        f"ctypes.CDLL(None).prctl({pr_set_child_subreaper}, 1)\n"
        "code = subprocess.call(sys.argv[1:])\n"
        "try:\n"
        "    while True: os.wait()\n"
        "except ChildProcessError: sys.exit(code)\n"
    )
    return [sys.executable, "-c", adopt]


def _command(command: list[str], accepted: tuple[int, ...]) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in accepted:
        raise SystemExit(f"{command[:3]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")


def _text_layer(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


# --- pages -------------------------------------------------------------------------------------------------
def draw_pages(folder: Path, seeds: int) -> list[Page]:
    """Draw pages of every group into the folder of one item."""
    pages = []
    for number, (group, options) in enumerate(sorted(GROUPS.items()) * seeds):
        spec = PageSpec(seed=100 + number, **options)  # type: ignore[arg-type]
        drawn = draw_page(spec)
        path = folder / ITEM / f"{number + 1:04d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_page(path, drawn.pixels, dpi=spec.dpi)
        truth = "".join(line.text for line in drawn.truth.lines)
        pages.append(Page(path=path, group=group, truth=truth))
    return pages


def corpus_pages(corpus: Path, folder: Path) -> list[Page]:
    """Pages with a transcription, Chinese or English, written as PNG for all alike."""
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["transcription"]]
    pages = []
    for row in rows:
        if not row["language"].startswith(("chi", "eng")):
            continue
        frame = 2 if "page 2" in row["transcription_truth"] else 1
        with open_source(corpus / row["file"]) as source:
            view = PageView(source, frame)
            path = folder / ITEM / f"{len(pages) + 1:04d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_page(path, view.pixels, dpi=view.dpi)
        truth = (corpus / row["transcription"]).read_text(encoding="utf-8")
        pages.append(Page(path=path, group=row["file"], truth=truth, in_part=True))
    return pages


# --- errors ------------------------------------------------------------------------------------------------
def error_rate(truth: str, text: str, *, in_part: bool) -> float:
    """The CER, 0..1; `in_part`: of the stretch of the text that is most like the truth."""
    wanted, read = _codes(truth), _codes(text)
    steps = np.arange(len(read) + 1)
    costs = np.zeros_like(steps) if in_part else steps
    for count, code in enumerate(wanted, start=1):
        kept = np.minimum(costs[1:] + 1, costs[:-1] + (read != code))
        costs = np.minimum.accumulate(np.concatenate([[count], kept]) - steps) + steps
    distance = costs.min() if in_part else costs[-1]
    return min(1.0, float(distance) / max(1, len(wanted)))


def _codes(text: str) -> np.ndarray:
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    return np.frombuffer(bare.encode("utf-32-le"), np.uint32)


# --- tables ------------------------------------------------------------------------------------------------
def measure(task: Task, name: str, read: Callable[[Task], list[str]]) -> Outcome:
    """Let one of them read all pages, and the smallest alone."""
    smallest = min(task.pages, key=lambda page: page.path.stat().st_size)
    first = _timed(replace(task, pages=[smallest]), name, read)
    return replace(_timed(task, name, read), start=first.seconds)


def _timed(task: Task, name: str, read: Callable[[Task], list[str]]) -> Outcome:
    with tempfile.TemporaryDirectory(dir=task.scratch) as scratch:
        alone = replace(task, scratch=Path(scratch))
        started, before = time.monotonic(), _processor()
        texts = read(alone)
        return Outcome(
            name=name, texts=texts, seconds=time.monotonic() - started, processor=_processor() - before
        )


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def print_tables(pages: Sequence[Page], outcomes: Sequence[Outcome]) -> None:
    """Speed and errors of all, then errors by group."""
    rates = {
        outcome.name: np.array(
            [
                error_rate(page.truth, text, in_part=page.in_part)
                for page, text in zip(pages, outcome.texts, strict=True)
            ]
        )
        for outcome in outcomes
    }
    head = (
        "pages/min",
        "start-up s",
        "each page more, pages/min",
        "processor s/page",
        "CER, mean",
        "CER, median",
    )
    print(f"\n{len(pages)} pages\n\n| | " + " | ".join(head) + " |\n|---|" + "---|" * len(head))
    for outcome in outcomes:
        is_known = outcome.name != COMMANDS or _counted()
        errors = rates[outcome.name]
        cells = (
            f"{60 * len(pages) / outcome.seconds:.1f}",
            f"{outcome.start:.1f}",
            f"{60 * (len(pages) - 1) / (outcome.seconds - outcome.start):.1f}",
            f"{outcome.processor / len(pages):.2f}" if is_known else "-",
            f"{errors.mean():.4f}",
            f"{np.median(errors):.4f}",
        )
        print(f"| {outcome.name} | " + " | ".join(cells) + " |", flush=True)
    groups = list(dict.fromkeys(page.group for page in pages))
    print("\n| CER, mean | " + " | ".join(rates) + " |\n|---|" + "---|" * len(rates))
    for group in groups:
        chosen = np.array([page.group == group for page in pages])
        means = (f"{errors[chosen].mean():.3f}" for errors in rates.values())
        print(f"| {group} | " + " | ".join(means) + " |", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3, help="pages of each kind; 0: none")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--keep", type=Path, help="leave the pages in this folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ybda-qc-ocr-") as temporary:
        folder = options.keep or Path(temporary)
        drawn = draw_pages(folder / "drawn", options.seeds)
        real = corpus_pages(options.corpus, folder / "corpus") if options.corpus else []
        sets = [(drawn, ("chi_sim",)), (real, ("chi_sim", "eng"))]
        if drawn and real:
            sets.append(([*drawn, *real], ("chi_sim",)))
        for pages, languages in (chosen for chosen in sets if chosen[0]):
            task = Task(pages=pages, languages=languages, jobs=options.jobs, scratch=Path(temporary))
            outcomes = [measure(task, name, read) for name, read in readers().items()]
            print_tables(pages, outcomes)


if __name__ == "__main__":
    main()
