"""Bookkeeping of a delivery: 2,000 items, 30,000 pages, 200 planted errors of names, codes, counts and links.

Makes the delivery with its truth, runs the main job on it without the image checks, and tells which errors
were found, which were missed and what was said that is no error::

    python benchmarks/bookkeeping.py [--items 2000] [--keep FOLDER]

The page files are the same small picture over and over: nothing here looks at pictures. So blank pages are
not known either: an item with more images than its record counts can only be called doubtful.
"""

import argparse
import hashlib
import random
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import xlsxwriter

from ybda_qc.app.run import RunRequest, run
from ybda_qc.checks._registry import PAGE_CHECKS

HEADER = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "年度", "备注")
CODE, AUTHOR, TITLE, DATE, SECURITY, PAGES, YEAR = 1, 3, 4, 5, 6, 7, 8
SERIES = tuple(
    f"B{fonds}-WS·{year}-{retention}-BGS"
    for fonds in (469, 470, 481, 495)
    for year in range(2019, 2024)
    for retention in ("Y", "D30")
)
PER_KIND = 8
Truth = set[tuple[str, str]]


class Silence:
    """Progress that nobody watches."""

    def expect(self, pages: int) -> None:
        """Nothing."""

    def advance(self, pages: int = 1) -> None:
        """Nothing."""

    def step(self, name: str) -> None:
        """Nothing."""


@dataclass(kw_only=True)
class Item:
    """An item and its record; either may be taken away."""

    code: str
    names: list[str]
    record: list[object] | None
    folder: bool = True


@dataclass(kw_only=True)
class Delivery:
    """What will be written, and what is wrong with it."""

    items: list[Item] = field(default_factory=list)
    more_records: list[list[object]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    list_lines: list[str] = field(default_factory=list)
    spoiled_digests: set[str] = field(default_factory=set)
    truth: Truth = field(default_factory=set)


def sound(items: int) -> Delivery:
    """A delivery without errors, about 15 pages an item."""
    delivery = Delivery()
    for at in range(items):
        series, number = SERIES[at % len(SERIES)], at // len(SERIES) + 1
        code, year = f"{series}-{number:04d}", series.split("·")[1][:4]
        count = 11 + at % 9
        record: list[object] = [
            at + 1,
            code,
            "",
            "办公室",
            f"关于支援工作的通知之{at}",
            f"{year}0315",
            "",
            count,
            year,
            "",
        ]
        names = [f"{page:04d}.jpg" for page in range(1, count + 1)]
        delivery.items.append(Item(code=code, names=names, record=record))
    return delivery


Plant = Callable[[Delivery, Item], Iterator[tuple[str, str]]]


def _set(column: int, value: object, key: str) -> Plant:
    def plant(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
        assert item.record is not None
        item.record[column] = value
        yield key, item.code

    return plant


def _other_year(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    assert item.record is not None
    item.record[YEAR] = "1999"
    yield "archival_code/column-differs", item.code
    yield "catalogue_fields/year", item.code  # the date of the record is of the year in the code


def _no_record(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    item.record = None
    yield "catalogue_link/no-record", item.code


def _no_images(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    item.folder = False
    yield "catalogue_link/no-images", item.code


def _forgotten(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    item.folder, item.record = False, None
    yield "sequence/item-gap", item.code.rpartition("-")[0]


def _look_alike(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    assert item.record is not None
    item.record[CODE] = item.code.replace("·", "•")
    yield "catalogue_link/near-miss", item.code
    yield "archival_code/look-alike", str(item.record[CODE])


def _blank_behind(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    assert item.record is not None
    item.record[CODE] = item.code + " "
    yield "catalogue_fields/trailing-blank", item.code


def _count(change: int, key: str) -> Plant:
    def plant(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
        assert item.record is not None
        item.record[PAGES] = len(item.names) + change
        yield key, item.code

    return plant


def _gap(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    del item.names[4]
    yield from _count(0, "sequence/gap")(_, item)


def _start(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    del item.names[0]
    yield from _count(0, "sequence/start")(_, item)


def _repeat(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    item.names.append("0003.jpeg")
    yield from _count(0, "sequence/repeat")(_, item)


def _width(_: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    item.names[1] = "002.jpg"
    yield "sequence/width", item.code


def _duplicate(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    assert item.record is not None
    delivery.more_records.append(list(item.record))
    yield "catalogue_fields/duplicate", item.code


def _bad_code(old: str, new: str, key: str) -> Plant:
    """An item beyond the series whose folder and record have the same wrong code."""

    def plant(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
        assert item.record is not None
        code = item.code.rpartition("-")[0].replace(old, new) + f"-{9000 + len(delivery.truth)}"
        record = list(item.record)
        record[CODE] = code
        delivery.items.append(Item(code=code, names=list(item.names), record=record))
        record[PAGES] = len(item.names)
        yield key, code

    return plant


def _digest(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    path = f"{item.code}/{item.names[2]}"
    delivery.spoiled_digests.add(path)
    yield "fixity/mismatch", path


def _gone(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    path = f"{item.code}/9999.jpg"
    delivery.list_lines.append(f"{'0' * 32}  {path}")
    yield "fixity/missing-file", path


def _stray(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    path = f"{item.code}/notes.txt"
    delivery.files[path] = b"to be scanned again"
    yield "layout/stray-file", path


def _empty_folder(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    path = f"{item.code}/annex"
    delivery.folders.append(path)
    yield "layout/empty-folder", path


def _medium(delivery: Delivery, item: Item) -> Iterator[tuple[str, str]]:
    path = f"{item.code}/recording.mp3"
    samples = bytes(960)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 48000, 144000, 3, 24)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    delivery.files[path] = struct.pack("<4sI", b"RIFF", len(body)) + body
    yield "media_format/wrong-extension", path


PLANTS: tuple[Plant, ...] = (
    _no_record,
    _no_images,
    _forgotten,
    _look_alike,
    _blank_behind,
    _count(+1, "page_count/short"),
    _count(-1, "page_count/doubtful-blank"),
    _gap,
    _start,
    _repeat,
    _width,
    _duplicate,
    _bad_code("-D30-", "-D5-", "archival_code/value"),
    _bad_code("WS·", "WS-", "archival_code/separator"),
    _set(TITLE, "", "catalogue_fields/missing"),
    _set(DATE, "20211305", "catalogue_fields/date"),
    _set(SECURITY, "绝秘", "catalogue_fields/not-in-list"),
    _set(TITLE, "关于\x0b支援", "catalogue_fields/illegal-character"),
    _set(TITLE, "[关于支援工作", "catalogue_fields/title-brackets"),
    _other_year,
    _digest,
    _gone,
    _stray,
    _empty_folder,
    _medium,
)


def spoil(delivery: Delivery, seed: int) -> None:
    """Plant every kind of error `PER_KIND` times, each in an item of its own inside its series."""
    inside = [item for item in delivery.items if not item.code.endswith("-0001")]
    last = {item.code.rpartition("-")[0]: item.code for item in delivery.items}
    inside = [item for item in inside if item.code not in last.values() and "-D30-" in item.code]
    chosen = iter(random.Random(seed).sample(inside, len(PLANTS) * PER_KIND))
    for plant in PLANTS:
        for item, _ in zip(chosen, range(PER_KIND), strict=False):
            delivery.truth.update(plant(delivery, item))


def write(delivery: Delivery, root: Path) -> int:
    """Write the delivery; returns the number of page files."""
    picture = cv2.imencode(".jpg", np.full((16, 16, 3), 200, np.uint8))[1].tobytes()
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    pages = 0
    for item in delivery.items:
        if not item.folder:
            continue
        (root / item.code).mkdir(parents=True)
        for name in item.names:
            path = f"{item.code}/{name}"
            (root / path).write_bytes(picture)
            pages += 1
            delivery.list_lines.append(f"{'f' * 32 if path in delivery.spoiled_digests else digest}  {path}")
    for folder in delivery.folders:
        (root / folder).mkdir()
    for path, content in delivery.files.items():
        (root / path).write_bytes(content)
    records = [item.record for item in delivery.items if item.record is not None] + delivery.more_records
    with xlsxwriter.Workbook(root / "目录.xlsx", {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("归档文件目录")
        sheet.write(0, 0, "归档文件目录")
        for at, row in enumerate([HEADER, *records]):
            sheet.write_row(at + 1, 0, row)
    for path in ("目录.xlsx", *delivery.files):
        digest = hashlib.md5((root / path).read_bytes(), usedforsecurity=False).hexdigest()
        delivery.list_lines.append(f"{digest}  {path}")
    (root / "delivery.md5").write_text("\n".join(delivery.list_lines) + "\n", encoding="utf-8")
    return pages


def profile_text() -> str:
    """The national profile without what looks at single pages or at pictures."""
    off = [check.id for check in PAGE_CHECKS if check.id not in ("file_format", "readable")]
    off += ["duplicate_page", "page_outlier", "scanner_health"]
    tables = "".join(f"[checks.{check}]\nenabled = false\n" for check in off)
    head = '[profile]\nid = "bookkeeping"\ntitle = "Bookkeeping"\nextends = ["da-t-31-2017"]\n'
    return head + tables


def main() -> None:
    """Make, run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder to make it in and to leave it in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        delivery = sound(options.items)
        spoil(delivery, options.seed)
        pages = write(delivery, folder / "batch")
        (folder / "bookkeeping.toml").write_text(profile_text(), encoding="utf-8")
        started = time.perf_counter()
        result = run(
            RunRequest(
                batch=folder / "batch",
                profile=str(folder / "bookkeeping.toml"),
                out=folder / "out",
                lang="en",
            ),
            Silence(),
        )
        seconds = time.perf_counter() - started
        found = {
            (finding.key, finding.subject or "")
            for finding in result.summary.findings
            if not finding.key.startswith("uniformity/")
        }
    missed, invented = delivery.truth - found, found - delivery.truth
    print(f"{len(delivery.items)} items, {pages} pages, {len(PLANTS) * PER_KIND} errors planted")
    print(f"{len(delivery.truth)} findings expected; found {len(delivery.truth & found)} in {seconds:.1f} s")
    for title, pairs in (("missed", missed), ("said, but not planted", invented)):
        print(f"{title}: {len(pairs)}")
        for key, count in sorted(Counter(key for key, _ in pairs).items()):
            example = min(subject for other, subject in pairs if other == key)
            print(f"  {key} ({count}), for example {example}")


if __name__ == "__main__":
    main()
