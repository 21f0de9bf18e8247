"""Runs a set of real scans with known truth through the product and prints right, wrong and unsure.

    python benchmarks/corpus.py CORPUS_DIR [--profile base] [--list]

CORPUS_DIR holds scans and a MANIFEST.csv with a row a file; the columns read here are: file, corrupt, blank,
skew_deg_ccw, skew_tolerance, rotate_cw_to_upright, mode, dpi, language. Empty cells are not judged. Exits
with 1 if a file has no verdict or the program itself failed on a page.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Page = dict[str, Any]
_IMAGES = {".tif", ".tiff", ".jpg", ".jpeg", ".jp2", ".j2k", ".jpf", ".jpx", ".png", ".bmp", ".pdf"}


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


def run(corpus: Path, profile: str) -> tuple[dict[str, list[Page]], int]:
    """Run the product; pages by file, and the number of faults."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "ybda_qc", "run", str(corpus), "--profile", profile]
        done = subprocess.run(
            [*command, "--out", f"{out}/run", "--ocr", "off"], capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1, 5):
            raise SystemExit(f"run ended with {done.returncode}\n{done.stderr}")
        pages: dict[str, list[Page]] = defaultdict(list)
        with Path(out, "run", "pages.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                page = json.loads(line)
                pages[page["path"]].append(page)
    faults = sum(page["fault"] is not None for found in pages.values() for page in found)
    return pages, faults


def value(page: Page, check: str, quantity: str) -> Any:
    """A measured value or observed text of a page, None if there is none."""
    for entry in page["measurements"]:
        if (entry["check"], entry["quantity"]) == (check, quantity):
            return entry["text"] if entry["value"] is None else entry["value"]
    return None


def codes(page: Page, check: str) -> set[str]:
    """Codes that a check found on a page."""
    return {finding["code"] for finding in page["findings"] if finding["check"] == check}


def judge_row(row: dict[str, str], pages: list[Page]) -> Iterator[tuple[str, bool | None, str]]:
    """The answers about one file: (question, right | wrong | unsure, note)."""
    yield _corrupt(row, pages)
    page = pages[0]
    damaged = page["checks"].get("readable") in ("fail", "error", "review")
    if damaged:
        return
    yield from _blank(row, page)
    yield from _skew(row, page)
    yield from _orientation(row, page)
    yield from _colour(row, page)
    yield from _dpi(row, page)


def _corrupt(row: dict[str, str], pages: list[Page]) -> tuple[str, bool | None, str]:
    truth = row["corrupt"]
    found = [code for page in pages for code in codes(page, "readable") - {"oddity", "unverified"}]
    if truth.startswith("yes"):
        note = f"{truth}; found {found or 'nothing'}"
        return "corrupt: found", bool(found), note
    return "sound: not accused", not found or "encrypted" in truth, f"{truth or 'sound'}; found {found}"


def _blank(row: dict[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    truth, found = row["blank"], codes(page, "blank_page")
    note = f"{truth}; found {sorted(found) or 'content'}"
    if truth.startswith("yes"):
        yield "blank: found", True if "blank" in found else None if found else False, note
    elif truth.startswith("near"):
        yield "nearly blank: not called blank", "blank" not in found, note
    elif truth.startswith("no"):
        yield "content: not called blank", "blank" not in found, note
        yield "content: not even nearly blank", None if found else True, note


def _skew(row: dict[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    if not row["skew_deg_ccw"]:
        return
    truth, tolerance = -float(row["skew_deg_ccw"]), float(row["skew_tolerance"] or 0.3)
    measured = value(page, "skew", "skew")
    if measured is None:
        yield "skew", None, f"true {truth:.2f}; no estimate ({page['checks'].get('skew')})"
    else:
        yield (
            "skew",
            abs(measured - truth) <= tolerance,
            f"true {truth:.2f} ± {tolerance}, measured {measured:.2f}",
        )


def _orientation(row: dict[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    digits = re.match(r"(?:p1:)?(\d+)", row["rotate_cw_to_upright"])
    if digits is None or "orientation" not in page["checks"]:
        return
    measured = value(page, "orientation", "orientation")
    truth = int(digits[1])
    yield "orientation", None if measured is None else measured == truth, f"true {truth}, measured {measured}"


def _colour(row: dict[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
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


def _dpi(row: dict[str, str], page: Page) -> Iterator[tuple[str, bool | None, str]]:
    truth = row["dpi"]
    measured = value(page, "resolution", "resolution_x")
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", truth)]
    if truth == "none":
        yield "dpi: missing is said", measured is None, f"none declared, found {measured}"
    elif numbers:
        right = measured is not None and abs(measured - numbers[0]) <= max(1.0, 0.01 * numbers[0])
        yield "dpi: declared value", right, f"true {truth}, found {measured}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--profile", default="base")
    parser.add_argument("--list", action="store_true", help="also list every wrong and unsure answer")
    arguments = parser.parse_args()
    with (arguments.corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pages, faults = run(arguments.corpus, arguments.profile)
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        image = Path(row["file"]).suffix.lower() in _IMAGES
        if row["file"] not in pages:
            if image:
                scores["every file has a verdict"].add(False, row["file"])
            continue
        scores["every file has a verdict"].add(True, "")
        for question, answer, note in judge_row(row, pages[row["file"]]):
            scores[question].add(answer, f"{row['file']}: {note}")
    print(f"{'question':34}{'right':>7}{'wrong':>7}{'unsure':>8}")
    for question, score in scores.items():
        print(f"{question:34}{score.right:7}{len(score.wrong):7}{len(score.unsure):8}")
    print(f"faults of the program: {faults}; pages: {sum(map(len, pages.values()))}; files: {len(pages)}")
    if arguments.list:
        for question, score in scores.items():
            for label, notes in (("wrong", score.wrong), ("unsure", score.unsure)):
                for note in notes:
                    print(f"{label:7}{question}: {note}")
    sys.exit(1 if faults or scores["every file has a verdict"].wrong else 0)


if __name__ == "__main__":
    main()
