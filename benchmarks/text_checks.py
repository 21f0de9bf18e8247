"""How exact the checks of text are: title_match, page_number_order, text_confidence and text_layer.

    python benchmarks/text_checks.py [--seeds 4] [--items 50] [--pages 6] [--write]

Records and page numbers are generated with simulated errors of reading. Legibility and text layers are
measured on drawn pages that the real engine reads, under the limits of the shipped profiles; layers are those
of the product's own export and, where the program is there, of ocrmypdf. `--write` puts the table into
docs/accuracy.md, and the figures beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._titles.faults import mislink
from benchmarks._titles.layers import LAYERS, PAGES, Pages
from benchmarks._titles.numbered import CASES, numbered_pages
from benchmarks._titles.papers import make_papers
from benchmarks.title_match import Delivery, deliver, score, simulate
from ybda_qc.checks.batch.page_number_order import PageNumberOrderCheck
from ybda_qc.checks.page.text_confidence import TextConfidenceCheck
from ybda_qc.checks.page.text_layer import TextLayerCheck
from ybda_qc.model import (
    Batch,
    BatchFile,
    Catalogue,
    CatalogueIdentity,
    FileRole,
    Finding,
    Item,
    NotApplicable,
    PageId,
    PageResult,
    PageText,
    Verdict,
)
from ybda_qc.testing import limits_of, run_check

ROOT = Path(__file__).resolve().parents[1]
START, END = (
    "<!-- made by benchmarks/text_checks.py -->",
    "<!-- end of what benchmarks/text_checks.py makes -->",
)
_BY_HAND = "<!-- by hand -->\n"
_BLOCK = """{start}
## Checks of text

`{command}`: records and page numbers are
generated, with one character in twenty misread in papers, one digit in twenty on numbered pages, where one
number in ten is lost. Legibility and layers are those of drawn pages that the default engine reads, under
the limits of the shipped profiles. As above, a note counts where the check ought to speak, and only there.
Of six drawn pages the third is a letter in the strokes of the generator, which nothing can read: it is held
though sound, and too little is read of it to compare a text layer with. Writing out of focus that
is still read surely is a matter of `sharpness`.

{table}
{end}
"""
_ITEMS, _MISLINKED, _RATE = 500, 50, 0.05
_Z = 1.96

Row = tuple[str, str, bool, int, int]  # case, check, whether it ought to speak, spoke, of


def title_rows(seeds: int) -> Iterator[Row]:
    """Records linked to another item, and to their own."""
    found = accused = 0
    for seed in range(1, seeds + 1):
        rng = random.Random(seed)
        papers = make_papers(rng, _ITEMS)
        mislink(rng, papers, _MISLINKED)
        counts, _ = score(papers, deliver(papers, simulate(rng, papers, _RATE)))
        found += counts["mislinked/mismatch"]
        accused += counts["linked/mismatch"]
    yield "record of another item", "title_match", True, found, seeds * _MISLINKED
    yield "record of its own item", "title_match", False, accused, seeds * (_ITEMS - _MISLINKED)


def number_rows(items: int) -> Iterator[Row]:
    """Items whose page numbers run on, and those where they do not."""
    for case, (is_wrong, _) in CASES.items():
        rng = random.Random(case)
        spoke = sum(_speaks_of_numbers(numbered_pages(rng, case)) for _ in range(items))
        yield case, "page_number_order", is_wrong, spoke, items


def _speaks_of_numbers(texts: Sequence[PageText]) -> bool:
    pages = [PageId(path=f"0001/{at:04d}.tif") for at in range(1, len(texts) + 1)]
    files = tuple(
        BatchFile(path=page.path, size_bytes=1, role=FileRole.PAGE, item="0001", number=at)
        for at, page in enumerate(pages, start=1)
    )
    view = Delivery(
        batch=Batch(root="/", files=files, items=(Item(code="0001", files=files),)),
        catalogue=Catalogue(identity=CatalogueIdentity(path="", sha256="", tables=()), records=()),
        results=tuple(PageResult(page=page, item="0001", sha256="0" * 64, size_bytes=1) for page in pages),
        texts=dict(zip(pages, texts, strict=True)),
    )
    check = PageNumberOrderCheck()
    found = check.inspect(view, check.method(), limits_of(PageNumberOrderCheck))  # type: ignore[arg-type]
    return not isinstance(found, NotApplicable) and bool(list(found))


def page_rows(count: int, folder: Path) -> Iterator[Row]:
    """Pages that read well or badly, and searchable PDF with right and wrong layers."""
    limits = tomllib.loads((ROOT / "profiles" / "base.toml").read_text(encoding="utf-8"))["checks"]
    pages = Pages(folder, seed=1)
    for kind, is_bad in PAGES.items():
        spoke = 0
        for number in range(count):
            path = pages.draw(number, kind)
            _, found = run_check(
                TextConfidenceCheck, path, text=pages.read(path), **_of(limits["text_confidence"])
            )
            spoke += _speaks(found, is_bad)
        yield kind, "text_confidence", is_bad, spoke, count
    spoken = {kind: [0, 0] for kind in LAYERS}
    for kind, path, text in pages.layered(count):
        _, found = run_check(TextLayerCheck, path, text=text, **_of(limits["text_layer"]))
        spoken[kind][0] += _speaks(found, LAYERS[kind])
        spoken[kind][1] += 1
    for kind, (spoke, total) in spoken.items():
        if total:
            yield kind, "text_layer", LAYERS[kind], spoke, total


def _of(codes: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("-", "_"): limits for name, limits in codes.items()}


def _speaks(findings: Sequence[Finding], is_wanted: bool) -> bool:
    return any(is_wanted or finding.verdict is not Verdict.NOTE for finding in findings)


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown, each rate with its Wilson interval at 95 %."""
    lines = ["| Case | Check | ought to speak | spoke |", "| --- | --- | --- | --- |"]
    for case, check, is_wanted, spoke, total in rows:
        low, high = (100 * end for end in _interval(spoke, total))
        rate = f"{100 * spoke / total:.1f} % ({spoke}/{total}; {low:.1f}-{high:.1f})"
        lines.append(f"| {case} | `{check}` | {'yes' if is_wanted else 'no'} | {rate} |")
    return "\n".join(lines)


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """The same for a machine, as docs/build_checks.py reads it."""
    cases = {}
    for case, check, is_wanted, spoke, total in rows:
        low, high = _interval(spoke, total)
        rate = {"hits": spoke, "total": total, "low": round(low, 4), "high": round(high, 4)}
        cases[case] = {"check": check, "wanted": is_wanted, "spoke": rate}
    return {"schema": "ybda-qc/accuracy-text/1", "text_cases": cases}


def _interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson (1927)."""
    share = hits / total
    middle = (share + _Z**2 / (2 * total)) / (1 + _Z**2 / total)
    half = _Z / (1 + _Z**2 / total) * (share * (1 - share) / total + _Z**2 / (4 * total**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def write(command: str, rows: Sequence[Row], folder: Path) -> None:
    """Put the table into the document, at its place or before what is by hand, and write the figures."""
    path = folder / "accuracy.md"
    text = path.read_text(encoding="utf-8")
    block = _BLOCK.format(start=START, command=command, table=table(rows), end=END)
    old = re.compile(f"{re.escape(START)}.*?{re.escape(END)}\n", re.DOTALL)
    if old.search(text):
        text = old.sub(lambda _: block, text)
    else:
        text = text.replace(_BY_HAND, f"{block}\n{_BY_HAND}", 1)
    path.write_text(text, encoding="utf-8")
    found = json.dumps({**figures(rows), "command": command}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "accuracy_text.json").write_text(found + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=4, help="deliveries of 500 items")
    parser.add_argument("--items", type=int, default=50, help="of each kind, with page numbers")
    parser.add_argument("--pages", type=int, default=6, help="of each kind, drawn and read")
    parser.add_argument("--write", action="store_true", help="write the table into docs/accuracy.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            *title_rows(options.seeds),
            *number_rows(options.items),
            *page_rows(options.pages, Path(folder)),
        ]
    print(table(rows))
    if options.write:
        amounts = f"--seeds {options.seeds} --items {options.items} --pages {options.pages}"
        command = f"benchmarks/text_checks.py {amounts}"
        write(command, rows, ROOT / "docs")


if __name__ == "__main__":
    main()
