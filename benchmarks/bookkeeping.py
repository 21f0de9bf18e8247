"""Bookkeeping of deliveries: 2,000 items with 30,000 pages and errors of every kind, then one with copies.

Makes two deliveries with their truth, runs the main job on each without the image checks, and tells which
errors were found, which were missed and what was said that is no error::

    python benchmarks/bookkeeping.py [--items 2000] [--copied-items 400] [--keep FOLDER]

The second one has masters, access copies and reading files, which must agree page by page. The page files
are the same small picture over and over: nothing here looks at pictures. So blank pages are not known
either: an item with more images than its record counts can only be called doubtful. Exits with 1 if an error
was missed or invented.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from _bookkeeping import copies, errors
from _bookkeeping.delivery import WHOLE_BATCH, Delivery, Plant, Truth, sound, write

from ybda_qc.app.run import RunRequest, run
from ybda_qc.checks._registry import PAGE_CHECKS
from ybda_qc.model import Finding

PER_KIND = 8


class Silence:
    """Progress that nobody watches."""

    def expect(self, pages: int) -> None:
        """Nothing."""

    def advance(self, pages: int = 1) -> None:
        """Nothing."""

    def step(self, name: str) -> None:
        """Nothing."""


def spoil(delivery: Delivery, plants: Sequence[Plant], seed: int) -> None:
    """Plant every kind of error `PER_KIND` times, each in an item of its own inside its series."""
    last = {item.series: item.code for item in delivery.items}.values()
    inside = [
        item
        for item in delivery.items
        if "-D30-" in item.code and not item.code.endswith("-0001") and item.code not in last
    ]
    chosen = iter(random.Random(seed).sample(inside, len(plants) * PER_KIND))
    for plant in plants:
        for _ in range(PER_KIND):
            delivery.truth.update(plant(delivery, next(chosen)))


def profile_text(layout: str) -> str:
    """A shipped profile without what looks at single pages or at pictures."""
    off = [check.id for check in PAGE_CHECKS if check.id not in ("file_format", "readable")]
    off += ["duplicate_page", "page_outlier", "scanner_health"]
    tables = "".join(f"[checks.{check}]\nenabled = false\n" for check in off)
    head = '[profile]\nid = "bookkeeping"\ntitle = "Bookkeeping"\nextends = ["shanghai-paired-assistance"]\n'
    return head + tables + layout


def told(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """What was said, by subject; of the batch as a whole, by each page it names."""
    for finding in findings:
        if finding.subject == WHOLE_BATCH and finding.pages:
            yield from ((finding.key, str(page)) for page in finding.pages)
        else:
            yield finding.key, finding.subject or ""


def compare(title: str, delivery: Delivery, layout: str, planted: int, folder: Path) -> bool:
    """Write a delivery, run on it and print how what was said differs from the truth."""
    pages = write(delivery, folder / "batch")
    profile = folder / "bookkeeping.toml"
    profile.write_text(profile_text(layout), encoding="utf-8")
    started = time.perf_counter()
    request = RunRequest(
        batch=folder / "batch", profile=str(profile), out=folder / "out", ocr="off", lang="en"
    )
    result = run(request, Silence())
    seconds = time.perf_counter() - started
    found: Truth = set(told(result.summary.findings))
    missed, invented = delivery.truth - found, found - delivery.truth
    print(f"{title}: {len(delivery.items)} items, {pages} page files, {planted} errors planted")
    print(
        f"  {len(delivery.truth)} findings expected; found {len(delivery.truth & found)} in {seconds:.1f} s"
    )
    for what, pairs in (("missed", missed), ("said, but not planted", invented)):
        print(f"  {what}: {len(pairs)}")
        for key, count in sorted(Counter(key for key, _ in pairs).items()):
            example = min(subject for other, subject in pairs if other == key)
            print(f"    {key} ({count}), for example {example}")
    return not missed and not invented


def main() -> None:
    """Make, run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--copied-items", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder to make it in and to leave it in")
    options = parser.parse_args()
    parts = (
        ("single", sound(options.items), errors.PLANTS, ""),
        ("copies", sound(options.copied_items, copies.three_copies), copies.PLANTS, copies.layout_text()),
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        right = []
        for title, delivery, plants, layout in parts:
            (folder / title).mkdir(parents=True)
            spoil(delivery, plants, options.seed)
            planted = len(plants) * PER_KIND
            right.append(compare(title, delivery, layout, planted, folder / title))
    sys.exit(not all(right))


if __name__ == "__main__":
    main()
