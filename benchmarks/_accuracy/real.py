"""Real scans with a manifest: answers beside the truth, alarms on sound pages, and defects laid over them."""

import csv
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from _accuracy.batches import run_batch
from _accuracy.cases import CASES, Case, scale_of
from _accuracy.drawn import keep_example
from _accuracy.examine import Outcome, examine
from _accuracy.pool import Bench, Settings, run_pool
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.synth import DEFECTS, write_page
from ybda_qc.synth.spec import Pixels

Page = dict[str, Any]
_IMAGES = {".tif", ".tiff", ".jpg", ".jpeg", ".jp2", ".j2k", ".jpf", ".jpx", ".png", ".bmp", ".pdf"}
_LEFT_OUT = ("cropped", "turned")  # where the writing of a real page ends, and how level it is, is not known
_SIZES = (500_000, 20_000_000)  # pixels of pages that defects are laid over


@dataclass
class Score:
    """Right, wrong and unsure answers to one question."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def add(self, answer: bool | None, note: str) -> None:
        """Count an answer: True right, False wrong, None unsure."""
        if answer is None:
            self.unsure.append(note)
        elif answer:
            self.right += 1
        else:
            self.wrong.append(note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """All that real scans tell."""

    files: int
    pages: int
    faults: int
    questions: Mapping[str, Score]
    alarms: Mapping[str, list[str]]  # check/code -> sound files that it holds
    sound: int
    outcomes: Sequence[Outcome]


def compare_real(corpus: Path, strengths: int, seed: int, settings: Settings) -> Real:
    """Run the product on a folder of scans, then lay defects over its sound pages.

    Parameters
    ----------
    corpus
        Scans and MANIFEST.csv: file, corrupt, blank, skew_deg_ccw, skew_tolerance, rotate_cw_to_upright,
        mode, dpi, dark_border, blur. Empty cells are not judged.
    strengths
        So many pages a defect and strength.
    seed
        Chooses them.
    settings
        Profile, checks, folder for examples, number of processes.
    """
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as out:
        run_batch(corpus, settings.profile, Path(out))
        pages: dict[str, list[Page]] = defaultdict(list)
        with Path(out, "pages.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                page = json.loads(line)
                pages[page["path"]].append(page)
    questions: dict[str, Score] = defaultdict(Score)
    alarms: dict[str, list[str]] = defaultdict(list)
    sound = [row for row in rows if is_sound(row) and row["file"] in pages]
    for row in rows:
        if Path(row["file"]).suffix.lower() in _IMAGES:
            questions["every file has a verdict"].add(row["file"] in pages, row["file"])
        for question, answer, note in judge_row(row, pages.get(row["file"], [])):
            questions[question].add(answer, f"{row['file']}: {note}")
    for row in sound:
        for code in held(pages[row["file"]][0]):
            alarms[code].append(row["file"])
    jobs = _jobs(corpus, [row["file"] for row in sound], strengths, seed, settings.checks)
    return Real(
        files=len(pages),
        pages=sum(map(len, pages.values())),
        faults=sum(page["fault"] is not None for found in pages.values() for page in found),
        questions=questions,
        alarms=alarms,
        sound=len(sound),
        outcomes=list(run_pool(work_real, jobs, settings)),
    )


def is_sound(row: Mapping[str, str]) -> bool:
    """Whether a scan is upright, level, whole, sharp and not blank, as far as the manifest knows."""
    skew = abs(float(row["skew_deg_ccw"] or 0))
    return (
        not row["corrupt"].startswith("yes")
        and row["blank"].startswith("no")
        and row["rotate_cw_to_upright"] in ("0", "")
        and skew <= 1.0
        and not row["dark_border"]
        and not row["blur"].startswith("yes")
    )


def held(page: Page) -> set[str]:
    """Codes that hold a page."""
    return {
        f"{finding['check']}/{finding['code']}"
        for finding in page["findings"]
        if finding["verdict"] in ("review", "fail", "error")
    }


def _jobs(
    corpus: Path, files: Sequence[str], strengths: int, seed: int, checks: Sequence[str] | None
) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """(file, defects to lay over it), the strengths from the returnable one on."""
    rng = np.random.default_rng([seed, 50])
    work: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for case in CASES:
        if case.defect in _LEFT_OUT or (checks is not None and case.check not in checks):
            continue
        scale = scale_of(case.defect)
        steps = scale.steps[scale.steps.index(scale.returnable) :][:2]
        for file in rng.permutation(list(files)).tolist()[: strengths * 2]:
            work[file] += [(case.defect, step) for step in steps]
    return [(str(corpus / file), tuple(gradings)) for file, gradings in sorted(work.items())]


def work_real(job: tuple[str, tuple[tuple[str, float], ...]], bench: Bench) -> list[Outcome]:
    """Examine a real page as it is and with each defect."""
    path, gradings = Path(job[0]), job[1]
    try:
        with open_source(path) as source:
            view = PageView(source)
            pixels, dpi = np.array(view.pixels), view.dpi
    except (ImageFault, OSError):
        return []
    if not _SIZES[0] <= pixels.shape[0] * pixels.shape[1] <= _SIZES[1]:
        return []
    bitonal = pixels.ndim == 2 and len(np.unique(pixels[::7, ::7])) <= 2
    scale = dpi if dpi and dpi > 72 else max(pixels.shape[:2]) / 11.7  # else as if it were A4
    page = RealPage(f"{path.parent.name}_{path.stem}", dpi, bitonal)
    outcomes, flagged = [], frozenset[str]()
    for defect, strength in (("", 0.0), *gradings):
        case = next((case for case in CASES if case.defect == defect), None)
        if case is not None and not _suits(case, pixels, bitonal):
            continue
        rng = np.random.default_rng([len(path.name), round(strength * 100), len(defect)])
        laid = pixels.copy()
        if defect in DEFECTS:
            laid = DEFECTS[defect].graded(strength, rng).apply(laid, dpi=scale, rng=rng).pixels
        outcome = page.examined(laid, defect or None, strength, bench)
        if not defect:
            flagged = frozenset(
                check for check, answer in outcome.answers.items() if answer.verdict.word != "pass"
            )
        outcomes.append(replace(outcome, flagged_before=flagged))
    return outcomes


def _suits(case: Case, pixels: Pixels, bitonal: bool) -> bool:
    """Whether the defect would be seen on this page: bright streaks want tinted paper."""
    is_white = float(np.percentile(pixels[::9, ::9], 75)) > 245
    lacks = {"tone": bitonal, "colour": pixels.ndim == 2, "tinted": is_white}
    return not any(lacks.get(wish, False) for wish in case.on)


@dataclass(frozen=True, slots=True)
class RealPage:
    """How a real page is stored again."""

    name: str
    dpi: float | None
    bitonal: bool

    def examined(self, pixels: Pixels, defect: str | None, strength: float, bench: Bench) -> Outcome:
        """Write and examine the page with a defect on it."""
        with tempfile.TemporaryDirectory() as folder:
            if self.bitonal:
                cut = cv2.threshold(pixels, 128, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
                path = write_page(Path(folder, f"{self.name}.tif"), cut, dpi=self.dpi, compression="g4")
            else:
                quality = round(strength) if defect == "low_quality" else 92
                path = write_page(Path(folder, f"{self.name}.jpg"), pixels, dpi=self.dpi, quality=quality)
            answers = examine(path, bench.plan, bench.checks)
            outcome = Outcome(page=self.name, kind="real", defect=defect, strength=strength, answers=answers)
            if defect is not None:
                keep_example(path, outcome, bench.keep)
            return outcome


def value(page: Page, check: str, quantity: str) -> Any:
    """A measured value or observed text of a page, None if there is none."""
    for entry in page["measurements"]:
        if (entry["check"], entry["quantity"]) == (check, quantity):
            return entry["text"] if entry["value"] is None else entry["value"]
    return None


def codes(page: Page, check: str) -> set[str]:
    """Codes that a check found on a page."""
    return {finding["code"] for finding in page["findings"] if finding["check"] == check}


def judge_row(row: Mapping[str, str], pages: Sequence[Page]) -> Iterator[tuple[str, bool | None, str]]:
    """The answers about one file: (question, right | wrong | unsure, note)."""
    if not pages:
        return
    yield _corrupt(row, pages)
    page = pages[0]
    if page["checks"].get("readable") in ("fail", "error", "review"):
        return
    yield from _blank(row, page)
    yield from _skew(row, page)
    yield from _orientation(row, page)
    yield from _flag(row["dark_border"], "dark border", "dark_border", page)
    yield from _flag(row["blur"], "blur", "sharpness", page)
    yield from _colour(row, page)
    yield from _dpi(row, page)


def _corrupt(row: Mapping[str, str], pages: Sequence[Page]) -> tuple[str, bool | None, str]:
    truth = row["corrupt"]
    found = [code for page in pages for code in codes(page, "readable") - {"oddity", "unverified"}]
    if truth.startswith("yes"):
        return "damage is found", bool(found), f"{truth}; found {found or 'nothing'}"
    return (
        "sound files are not called damaged",
        not found or "encrypted" in truth,
        f"{truth or 'sound'}; {found}",
    )


def _blank(row: Mapping[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    truth, found = row["blank"], codes(page, "blank_page")
    note = f"{truth}; found {sorted(found) or 'content'}"
    if truth.startswith("yes"):
        yield "blank pages are called blank", True if "blank" in found else None if found else False, note
    elif truth.startswith("near"):
        yield "nearly blank pages are not called blank", "blank" not in found, note
    elif truth.startswith("no"):
        yield "pages with content are not called blank", "blank" not in found, note
        yield "nor nearly blank", None if found else True, note


def _skew(row: Mapping[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    if not row["skew_deg_ccw"]:
        return
    truth, tolerance = -float(row["skew_deg_ccw"]), float(row["skew_tolerance"] or 0.3)
    measured = value(page, "skew", "skew")
    if measured is None:
        yield "skew within its tolerance", None, f"true {truth:.2f}; no estimate"
    else:
        note = f"true {truth:.2f} ± {tolerance}, measured {measured:.2f}"
        yield "skew within its tolerance", abs(measured - truth) <= tolerance, note


def _orientation(row: Mapping[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    truth_text = row["rotate_cw_to_upright"]
    digits = re.match(r"(?:p1:)?(\d+)", truth_text)
    of_pixels = "after" not in truth_text or "in pixels" in truth_text
    if digits is None or not of_pixels or "orientation" not in page["checks"]:
        return
    measured, truth = value(page, "orientation", "orientation"), int(digits[1])
    yield "orientation", None if measured is None else measured == truth, f"true {truth}, measured {measured}"


def _flag(truth: str, question: str, check: str, page: Page) -> Iterator[tuple[str, bool | None, str]]:
    """A defect that the manifest says is there."""
    if truth.startswith(("yes", "partial")):
        found = codes(page, check)
        yield (
            f"{question} is found",
            True if found - {"unsure"} else None if found else False,
            f"{truth}; {found}",
        )


def _colour(row: Mapping[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    wanted = {
        "1": {"bitonal"},
        "L": {"grey"},
        "RGB": {"rgb"},
        "P": {"palette", "bitonal", "grey"},
        "CMYK": {"cmyk", "ycck"},
        "RGBA": {"rgba"},
    }.get(row["mode"])
    if wanted is not None:
        measured = value(page, "colour_mode", "mode")
        yield "colour mode", measured in wanted, f"true {row['mode']}, found {measured}"


def _dpi(row: Mapping[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    truth = row["dpi"]
    measured = value(page, "resolution", "resolution_x")
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", truth)]
    if truth == "none":
        yield "a missing resolution is said", measured is None, f"none declared, found {measured}"
    elif numbers:
        right = measured is not None and abs(measured - numbers[0]) <= max(1.0, 0.01 * numbers[0])
        yield "declared resolution", right, f"true {truth}, found {measured}"
