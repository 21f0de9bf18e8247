"""Checks of the batch: made-up deliveries go through a real run; its report is compared with the truth."""

import json
import multiprocessing
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from _accuracy.score import Rate
from ybda_qc.synth import PageSpec, Streak, draw_page, sound_page, write_page
from ybda_qc.synth.defects import ColourCast, GreyAsColour, Rescanned, Underexposed
from ybda_qc.synth.spec import Defect

_TEXTS = ("text", "table", "typewriter", "columns", "vertical", "newspaper", "letter")
_SHEET, _SMALLER = (148.0, 210.0), (105.0, 148.0)  # A5 and A6, so that many can be drawn


@dataclass(slots=True)
class Delivery:
    """A batch on disk and what is true of it: page pairs and items by what ought to be said of them."""

    folder: Path
    truth: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    pages: list[tuple[Path, PageSpec]] = field(default_factory=list)
    items: int = 0

    def add(self, label: str, specs: list[PageSpec], marked: Callable[[list[str]], list[str]]) -> None:
        """Plan an item of these pages; `marked` picks of their names those that the label is about."""
        self.items += 1
        names = [f"A001-WS-2020-Y-BG-{self.items:04d}/{index:04d}.jpg" for index in range(1, len(specs) + 1)]
        self.pages += [(self.folder / name, spec) for name, spec in zip(names, specs, strict=True)]
        self.truth.setdefault(label, []).append(frozenset(marked(names)))

    def write(self, workers: int) -> None:
        """Draw and write all pages."""
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            pool.map(_write, self.pages, chunksize=4)


def _write(page: tuple[Path, PageSpec]) -> None:
    cv2.setNumThreads(1)
    path, spec = page
    path.parent.mkdir(parents=True, exist_ok=True)
    write_page(path, draw_page(spec).pixels, dpi=spec.dpi, quality=88)


def _page(seed: int, rng: np.random.Generator, **given: Any) -> PageSpec:
    """A sound colour page, small and at 200 dpi, so that many can be drawn."""
    given.setdefault("paper_mm", _SHEET)
    layout = given.pop("layout", None) or _TEXTS[int(rng.integers(len(_TEXTS)))]
    return replace(sound_page(seed, layout=layout, mode="colour", dpi=200.0), **given)


def make_delivery(folder: Path, pages: int, seed: int) -> Delivery:
    """Plan a delivery in which every kind of case stands `pages` times."""
    rng = np.random.default_rng([seed, 40])
    delivery = Delivery(folder=folder)
    fresh = iter(range(seed * 100_000 + 60_000, seed * 100_000 + 99_999))
    _add_pairs(delivery, pages, rng, fresh)
    _add_series(delivery, max(pages // 3, 2), rng, fresh)
    _add_outliers(delivery, max(pages // 3, 2), rng, fresh)
    return delivery


def _add_pairs(delivery: Delivery, pages: int, rng: np.random.Generator, fresh: Iterator[int]) -> None:
    def both(names: list[str]) -> list[str]:
        return names

    for strength in Rescanned.scale.steps:
        for _ in range(pages):
            first = _page(next(fresh), rng)
            again: Defect = Rescanned.graded(strength, rng)
            second = replace(first, defects=(*first.defects, again))
            delivery.add(f"duplicate at {strength:g} degrees", [first, second], both)
    for _ in range(pages):
        form_seed = int(rng.integers(1 << 20))
        twins = [replace(_page(next(fresh), rng, layout="form"), form_seed=form_seed) for _ in range(2)]
        same = replace(twins[1], paper_rgb=twins[0].paper_rgb, ageing=(), printing=())
        delivery.add("same form, other entries", [replace(twins[0], ageing=(), printing=()), same], both)
        first = _page(next(fresh), rng, layout="text")
        twin = replace(first, changed_lines=2, defects=(*first.defects, Rescanned.graded(0.5, rng)))
        delivery.add("same page, few characters differ", [first, twin], both)


def _add_series(delivery: Delivery, series: int, rng: np.random.Generator, fresh: Iterator[int]) -> None:
    def every(names: list[str]) -> list[str]:
        return names

    for _ in range(series):
        place, width = float(rng.uniform(0.1, 0.9)), int(rng.choice([1, 2, 3]))
        pages = []
        for _ in range(10):
            page = _page(next(fresh), rng, bed="paper")
            streak = Streak(place=place, width_px=width, depth=float(rng.uniform(50, 90)))
            pages.append(replace(page, defects=(*page.defects, streak)))
        delivery.add("same streak on ten pages", pages, every)
        form_seed = int(rng.integers(1 << 20))
        forms = [
            replace(
                _page(next(fresh), rng, layout="form"),
                form_seed=form_seed,
                angle_degrees=float(rng.normal(0, 0.1)),
            )
            for _ in range(10)
        ]
        delivery.add("same printed rules on ten pages", forms, every)


def _add_outliers(delivery: Delivery, items: int, rng: np.random.Generator, fresh: Iterator[int]) -> None:
    changes: Mapping[str, Callable[[PageSpec], PageSpec]] = {
        "brightness": lambda page: replace(page, defects=(*page.defects, Underexposed(light=0.6))),
        "tint": lambda page: replace(page, defects=(*page.defects, ColourCast(levels=50, channels=(2,)))),
        "size": lambda page: replace(page, paper_mm=_SMALLER),
        "resolution": lambda page: replace(page, dpi=300.0),
        "colour lost": lambda page: replace(page, defects=(*page.defects, GreyAsColour())),
    }
    for name, change in changes.items():
        for _ in range(items):
            paper = sound_page(next(fresh)).paper_rgb
            alike = {"paper_rgb": paper, "ageing": (), "bed": "paper"}
            layout = "document" if name == "colour lost" else "text"  # red letterhead and seal
            pages = [_page(next(fresh), rng, layout=layout, **alike) for _ in range(8)]
            at = int(rng.integers(1, 7))
            pages[at] = change(pages[at])
            delivery.add(f"outlier: {name}", pages, lambda names, at=at: [names[at]])  # type: ignore[misc]
    for _ in range(items):
        pages = [_page(next(fresh), rng) for _ in range(8)]
        delivery.add("item without an outlier", pages, lambda names: names)


def run_batch(folder: Path, profile: str, out: Path) -> dict[str, Any]:
    """The report of a run over the folder."""
    command = [sys.executable, "-m", "ybda_qc", "run", str(folder), "--profile", profile, "--out", str(out)]
    done = subprocess.run([*command, "--ocr", "off"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 5):
        raise SystemExit(f"run ended with {done.returncode}\n{done.stderr}")
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def _paths(finding: Mapping[str, Any]) -> frozenset[str]:
    named = [*finding.get("pages", ()), finding.get("subject") or ""]
    return frozenset(str(page).rpartition("#")[0] or str(page) for page in named if page)


def compare_batches(pages: int, seed: int, profile: str, workers: int) -> dict[str, tuple[str, Rate]]:
    """By kind of case: the check that ought, or ought not, to speak, and how often it did."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "batch")
        root.mkdir()
        delivery = make_delivery(root, pages, seed)
        delivery.write(workers)
        report = run_batch(root, profile, Path(folder, "out"))
    rows: dict[str, tuple[str, Rate]] = {}
    for label, groups in delivery.truth.items():
        check = _check_of(label)
        if check not in report["run"]["plan"]["batch_checks"]:
            continue
        spoken = [
            _paths(finding)
            for finding in report["findings"]
            if finding["check"] == check
            and finding["code"] not in ("identical", "identical-blank")
            and (is_wanted(label) or finding["verdict"] != "note")
        ]
        rate = Rate()
        for group in groups:
            rate.add(any(_speaks_of(said, group, label) for said in spoken))
        rows[label] = (check, rate)
    return rows


def _check_of(label: str) -> str:
    if label.startswith(("outlier", "item")):
        return "page_outlier"
    return "scanner_health" if "ten pages" in label else "duplicate_page"


def _speaks_of(said: frozenset[str], group: frozenset[str], label: str) -> bool:
    """Whether a finding is about a group: both of a pair, one of an item, half of a series."""
    common = len(said & group)
    if label.startswith(("outlier", "item")):
        return common >= 1
    if "ten pages" in label:
        return common >= len(group) // 2
    return common == len(group)


def is_wanted(label: str) -> bool:
    """Whether the check ought to speak."""
    return label.startswith(("duplicate", "outlier")) or label == "same streak on ten pages"
