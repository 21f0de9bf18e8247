"""Mislinked records: how many `title_match` finds, and how many it accuses wrongly.

500 generated items with their records, 50 of them linked to another item: near twins exchanged, rows slipped
by one, records of elsewhere. Text is the truth with simulated errors of reading (``--rate``, look-alikes,
losses, broken lines); with ``--read`` the pages are drawn and read by the real engine instead::

    python benchmarks/title_match.py [--items 500] [--mislinked 50] [--rate 0.05] [--seeds 5] [--read]

Items whose record could not be told to be wrong by anybody - handwriting, self-made and reworded titles - are
among those linked rightly, to tempt the check.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._titles.drawn import read_drawn
from benchmarks._titles.faults import add_copies, mislink, misread, slip_all
from benchmarks._titles.papers import Paper, make_papers
from ybda_qc.checks.batch.title_match import TitleMatchCheck
from ybda_qc.model import (
    Batch,
    BatchFile,
    Box,
    Catalogue,
    CatalogueIdentity,
    FileRole,
    Item,
    NotApplicable,
    PageId,
    PageResult,
    PageText,
    Record,
    TextLine,
    Word,
    WritingDirection,
)
from ybda_qc.testing import limits_of


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the check sees of a delivery."""

    batch: Batch
    catalogue: Catalogue
    results: tuple[PageResult, ...]
    texts: dict[PageId, PageText]
    reads_text: bool = True

    def pages(self) -> Iterator[PageResult]:
        """All pages."""
        return iter(self.results)

    def read_code(self, text: str) -> None:
        """No structure of codes is described."""

    def text_of(self, page: PageResult) -> PageText | None:
        """What was read of a page."""
        return self.texts.get(page.page)


def deliver(papers: Sequence[Paper], texts: dict[PageId, PageText]) -> Delivery:
    """The delivery of these papers and their records, and what was read of their pages."""
    items, results = [], []
    for paper in papers:
        pages = [PageId(path=f"{paper.code}/{at + 1:04d}.tif") for at in range(len(paper.pages))]
        files = tuple(
            BatchFile(path=p.path, size_bytes=1, role=FileRole.PAGE, item=paper.code) for p in pages
        )
        items.append(Item(code=paper.code, files=files))
        results += [PageResult(page=p, item=paper.code, sha256="0" * 64, size_bytes=1) for p in pages]
    files = tuple(file for item in items for file in item.files)
    records = tuple(
        Record(sheet="目录", row=row, values={"code": paper.code, **paper.record})
        for row, paper in enumerate(papers, start=2)
    )
    identity = CatalogueIdentity(path="目录.xlsx", sha256="", tables=())
    return Delivery(
        batch=Batch(root="/", files=files, items=tuple(items)),
        catalogue=Catalogue(identity=identity, records=records),
        results=tuple(results),
        texts=texts,
    )


def page_text(lines: Sequence[str], confidence: float = 0.98) -> PageText:
    """Lines as an engine hands them out."""
    box = Box(left=0, top=0, width=100, height=10)
    made = tuple(
        TextLine(
            text=line,
            box=box,
            confidence=confidence,
            direction=WritingDirection.HORIZONTAL,
            words=tuple(Word(start=at, text=c, box=box, confidence=confidence) for at, c in enumerate(line)),
        )
        for line in lines
    )
    return PageText(width_px=1000, height_px=1400, turn=0, lines=made)


def simulate(rng: random.Random, papers: Sequence[Paper], rate: float) -> dict[PageId, PageText]:
    """What an engine would read of the papers; of handwriting a part, and that unsurely."""
    texts = {}
    for paper in papers:
        by_hand = paper.kind == "handwritten"
        for at, lines in enumerate(paper.pages):
            read = misread(rng, lines, 0.7 if by_hand else rate)
            if read:
                page = PageId(path=f"{paper.code}/{at + 1:04d}.tif")
                texts[page] = page_text(read, 0.45 if by_hand else 0.98)
    return texts


def score(papers: Sequence[Paper], delivery: Delivery) -> tuple[Counter[str], list[str]]:
    """Count what was found and missed, and list what went wrong."""
    check = TitleMatchCheck()
    found = check.inspect(delivery, check.method(), limits_of(TitleMatchCheck))  # type: ignore[arg-type]
    assert not isinstance(found, NotApplicable)
    findings = {finding.subject: finding for finding in found}
    counts: Counter[str] = Counter()
    wrong = []
    for paper in papers:
        finding = findings.get(paper.code)
        code = finding.code if finding else "nothing"
        code = "mismatch" if code == "elsewhere" else code  # the same accusation, on the word of another item
        counts[f"{'mislinked' if paper.is_mislinked else 'linked'}/{code}"] += 1
        if (code == "mismatch") != paper.is_mislinked:
            wrong.append(f"{paper.kind} {paper.title} {paper.number} | {paper.record} | {code}")
        elif finding and finding.correction and finding.correction.proposed:
            counts["named"] += 1
            counts["named rightly"] += finding.correction.proposed.startswith(paper.title)
    return counts, wrong


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--mislinked", type=int, default=50)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--slip", action="store_true", help="all records are slipped by one row")
    parser.add_argument("--copies", type=int, default=0, help="further items that are copies of others")
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    for seed in range(options.first, options.first + options.seeds):
        rng = random.Random(seed)
        papers = make_papers(rng, options.items)
        if options.copies:
            add_copies(rng, papers, options.copies)
        if options.slip:
            slip_all(papers)
        else:
            mislink(rng, papers, options.mislinked)
        mislinked = sum(paper.is_mislinked for paper in papers)
        texts = dict(read_drawn(papers, seed)) if options.read else simulate(rng, papers, options.rate)
        delivery = deliver(papers, texts)
        started = time.perf_counter()
        counts, wrong = score(papers, delivery)
        seconds = time.perf_counter() - started
        print(
            f"seed {seed}: found {counts['mislinked/mismatch']} of {mislinked} "
            f"(perhaps {counts['mislinked/unsure']}), accused wrongly {counts['linked/mismatch']} of "
            f"{len(papers) - mislinked} (perhaps {counts['linked/unsure']}), named rightly "
            f"{counts['named rightly']} of {counts['named']}; {1000 * seconds / len(papers):.1f} ms each"
        )
        if options.verbose:
            print("\n".join(f"    {line}" for line in wrong))


if __name__ == "__main__":
    main()
