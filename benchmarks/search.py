"""Search in the text of a million generated pages: index rate, index size, times of queries, exactness.

    python benchmarks/search.py --pages 1000000 --folder /large/disk

Nine pages in ten are Chinese, one is English; words are drawn by Zipf's law, so that some stand on nearly
every page and most on a few. The pages have lines, but no words with boxes: what is written is what search
needs. Substrings of random pages are searched for and counted against a scan through all folded text.
"""

import argparse
import hashlib
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ybda_qc.errors import UsageError
from ybda_qc.model import (
    Box,
    Coverage,
    Decision,
    Outcome,
    PageContent,
    PageId,
    PageResult,
    PageText,
    ProfileIdentity,
    Scope,
    TextLine,
    Totals,
    WritingDirection,
)
from ybda_qc.model.folding import fold
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.model.query import Query, Word, parse_query
from ybda_qc.store import LEDGER_NAME, Search, open_ledger, open_search

KEY = "generated"
LINE = 28  # characters
AT_ONCE = 500  # pages a transaction
PER_KIND = 300
RARE = 0.01
_BOX = Box(left=0, top=0, width=1, height=1)


class Writer:
    """Pages by number: the same seed and number give the same page."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._chinese = _chinese_words(rng, 60_000)
        self._english = _english_words(rng, 20_000)
        self._shares = {len(words): _zipf(len(words)) for words in (self._chinese, self._english)}

    def text(self, number: int) -> str:
        """Lines of a page."""
        rng = np.random.default_rng((self._seed, number))
        if number % 10 == 9:
            words = self._draw(rng, self._english, int(rng.integers(60, 400)))
            return "\n".join(" ".join(words[at : at + 9]) for at in range(0, len(words), 9))
        words = self._draw(rng, self._chinese, int(rng.integers(50, 330)))
        day = f"{rng.integers(1949, 2025)}年{rng.integers(1, 13)}月{rng.integers(1, 29)}日"
        text = "".join([*words, day, f" No. {rng.integers(10**6)}"])
        return "\n".join(text[at : at + LINE] for at in range(0, len(text), LINE))

    def _draw(self, rng: np.random.Generator, words: Sequence[str], count: int) -> list[str]:
        places = np.searchsorted(self._shares[len(words)], rng.random(count))
        return [words[place] for place in places]


def _zipf(count: int) -> np.ndarray:
    shares = np.cumsum(1 / (np.arange(count) + 10.0))
    return shares / shares[-1] - 1e-12


def _chinese_words(rng: np.random.Generator, count: int) -> list[str]:
    """Words of one to four characters of GB 2312, common characters in more words than rare ones."""
    cells = (
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    characters = rng.permutation([cell for cell in cells if cell])
    shares = 1 / (np.arange(len(characters)) + 30.0)
    lengths = rng.choice([1, 2, 3, 4], size=2 * count, p=[0.05, 0.65, 0.15, 0.15])
    drawn = rng.choice(characters, size=int(lengths.sum()), p=shares / shares.sum())
    ends = np.cumsum(lengths)
    words = ("".join(drawn[end - length : end]) for end, length in zip(ends, lengths, strict=True))
    return list(dict.fromkeys(words))[:count]


def _english_words(rng: np.random.Generator, count: int) -> list[str]:
    starts = ("b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "st", "pr", "tr")
    ends = ("a", "e", "i", "o", "u", "ea", "io", "er", "an", "en", "in", "on")
    syllables = [start + end for start in starts for end in ends]
    drawn = rng.choice(syllables, size=(2 * count, 3))
    lengths = rng.integers(1, 4, size=2 * count)
    words = ("".join(parts[:length]) for parts, length in zip(drawn, lengths, strict=True))
    return list(dict.fromkeys(words))[:count]


def page_text(text: str) -> PageText:
    """The page as an engine gives it, without words."""
    lines = (
        TextLine(text=line, box=_BOX, confidence=0.9, direction=WritingDirection.HORIZONTAL, words=())
        for line in text.split("\n")
    )
    return PageText(width_px=2480, height_px=3508, turn=0, lines=tuple(lines))


def content(number: int) -> PageContent:
    """A content of its own for each page."""
    return PageContent(hashlib.sha256(str(number).encode()).hexdigest(), 1)


def write(folder: Path, writer: Writer, pages: int) -> tuple[float, float, float]:
    """Write a run; returns seconds and processor seconds for text and index, and seconds for settling it."""
    plan = PlanRecord(
        profile=ProfileIdentity(id="base", title="base", digest=""),
        page_checks=(),
        batch_checks=(),
        reading_key=KEY,
    )
    now = datetime.now(UTC)
    reading = working = 0.0
    with open_ledger(folder, create=True) as ledger:
        run = ledger.begin_run(
            batch_root="/batch", started_at=now, engine_version="1", plan=plan, executor="serial", workers=1
        )
        for first in range(0, pages, AT_ONCE):
            numbers = range(first, min(pages, first + AT_ONCE))
            ledger.put_pages(run, [(_result(number), 1) for number in numbers])
            texts = {content(number): page_text(writer.text(number)) for number in numbers}
            started, worked = time.perf_counter(), time.process_time()
            ledger.put_texts(KEY, texts)
            reading += time.perf_counter() - started
            working += time.process_time() - worked
            if first and first % 100_000 == 0:
                rates = f"{first / reading:.0f} a second, {first / working:.0f} a second of processor time"
                print(f"  {first} pages, {rates}", flush=True)
        judgement = ledger.begin_judgement(run, judged_at=now, plan=plan)
        decision = Decision(outcome=Outcome.ACCEPT, scope=Scope.MACHINE, reasons=(), decided_at=now)
        started = time.perf_counter()
        coverage = Coverage(pages=pages, measured=pages, not_run=0, faults=0)
        totals = Totals(bytes=0, pages_by_verdict={}, findings_by_check={}, paper_sizes={})
        ledger.put_decision(judgement, decision, coverage, totals)
        settling = time.perf_counter() - started
    return reading, working, settling


def _result(number: int) -> PageResult:
    path = f"WS·2021-D30-{number // 100:04d}/{number % 100:04d}.tif"
    return PageResult(
        page=PageId(path=path, frame=1),
        item=path.partition("/")[0],
        sha256=content(number).sha256,
        size_bytes=1,
    )


@dataclass(frozen=True)
class Timed:
    """One query: pages that answer it, seconds on the clock, and seconds of the processor."""

    total: int
    is_exact: bool
    seconds: float
    worked: float


def ask(search: Search, query: Query) -> Timed:
    """Search as the command does."""
    started, worked = time.perf_counter(), time.process_time()
    found = search.find(query, limit=20)
    seconds = time.perf_counter() - started
    return Timed(found.total, found.is_exact, seconds, time.process_time() - worked)


def substrings(writer: Writer, pages: int, length: int | None, count: int, seed: int) -> Iterator[str]:
    """Parts of random pages, folded: as rare or common as they are on the pages."""
    rng = np.random.default_rng(seed)
    while count:
        text = fold(writer.text(int(rng.integers(pages))))
        size = length or int(rng.integers(1, 21))
        start = int(rng.integers(max(1, len(text) - size)))
        part = text[start : start + size]
        if len(part) == size and part == part.strip():
            count -= 1
            yield part


def kinds(writer: Writer, pages: int) -> dict[str, list[Query]]:
    """Queries of every kind."""
    made: dict[str, list[Query]] = {
        f"{length} character{'s' * (length > 1)}": list(
            map(Word, substrings(writer, pages, length, PER_KIND, length))
        )
        for length in (1, 2, 4, 10)
    }
    words = list(substrings(writer, pages, 2, 3 * PER_KIND, 7))
    forms = ('"{}" "{}"', '"{}" or "{}"', '"{}" -"{}"', '("{}" or "{}") -"{}"')
    made["Boolean"] = list(_booleans(forms, words))
    rng = np.random.default_rng(8)
    made["no hit"] = [
        Word("".join(rng.permutation(list(part)))) for part in substrings(writer, pages, 10, PER_KIND, 9)
    ]
    return made


def _booleans(forms: Sequence[str], words: Sequence[str]) -> Iterator[Query]:
    for at in range(PER_KIND):
        try:
            yield parse_query(forms[at % len(forms)].format(*words[3 * at : 3 * at + 3]))
        except UsageError:  # a quotation mark in a word
            continue


def percentiles(times: Sequence[Timed]) -> dict[str, object]:
    """50th, 95th and 99th, in milliseconds on the clock and of the processor."""
    if len(times) < 2:
        return {"queries": len(times)}
    return {
        "queries": len(times),
        "clock": _percentiles([timed.seconds for timed in times]),
        "processor": _percentiles([timed.worked for timed in times]),
    }


def _percentiles(seconds: Sequence[float]) -> list[float]:
    cuts = statistics.quantiles([1000 * value for value in seconds], n=100, method="inclusive")
    return [round(cuts[at - 1], 1) for at in (50, 95, 99)]


def scan(ledger: Path, pages: int, parts: Sequence[str]) -> list[int]:
    """On how many pages each part stands, by looking at the folded text of all of them."""
    counts, looked_at = [0] * len(parts), 0
    with sqlite3.connect(ledger) as connection:
        for (text,) in connection.execute("SELECT folded FROM indexed_text"):
            looked_at += 1
            for at, part in enumerate(parts):
                if part in text:
                    counts[at] += 1
    assert looked_at == pages, "texts are missing in the index"
    return counts


def measure(folder: Path, writer: Writer, pages: int, scanned: int) -> dict[str, object]:
    """Times of queries, then exactness."""
    report: dict[str, object] = {}
    with open_search(folder) as search:
        for kind, queries in kinds(writer, pages).items():
            times = [ask(search, query) for query in queries]
            rare = [timed for timed in times if timed.is_exact and timed.total <= RARE * pages]
            common = [timed for timed in times if timed not in rare]
            report[kind] = {"on 1 % of pages at most": percentiles(rare), "on more": percentiles(common)}
            print(kind, json.dumps(report[kind]), flush=True)
        parts = list(substrings(writer, pages, None, scanned, 11))
        found = [ask(search, Word(part)) for part in parts]
    counts = scan(folder / LEDGER_NAME, pages, parts)
    wrong = [
        part
        for part, timed, count in zip(parts, found, counts, strict=True)
        if (timed.total != count if timed.is_exact else timed.total > count)
    ]
    report["substrings"] = {
        "searched": len(parts),
        "counted exactly": sum(t.is_exact for t in found),
        "wrong": wrong,
    }
    return report


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--substrings", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="folder to make it in and to leave it in")
    options = parser.parse_args()
    writer = Writer(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if not (folder / LEDGER_NAME).is_file():
            reading, working, settling = write(folder, writer, options.pages)
            processor = options.pages / working
            rates = f"{options.pages / reading:.0f} pages a second, {processor:.0f} of processor time"
            print(f"written: {rates}; settled in {settling:.1f} s", flush=True)
        print(f"{(folder / LEDGER_NAME).stat().st_size / options.pages:.0f} bytes of ledger a page")
        print(json.dumps(sizes(folder, options.pages)))
        print(json.dumps(measure(folder, writer, options.pages, options.substrings), ensure_ascii=False))


def sizes(folder: Path, pages: int) -> dict[str, int]:
    """Bytes a page of the parts of the ledger."""
    with sqlite3.connect(folder / LEDGER_NAME) as connection:
        rows = connection.execute(
            "SELECT CASE WHEN name LIKE 'gram_index%' THEN 'gram index'"
            " WHEN name = 'indexed_text' THEN 'folded text' ELSE 'all else' END, sum(pgsize)"
            " FROM dbstat GROUP BY 1"
        )
        return {part: round(size / pages) for part, size in rows}


if __name__ == "__main__":
    main()
