"""A delivery before it is written: its items, records and files, and what is wrong with it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
import xlsxwriter

HEADER = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "年度", "备注")
CODE, AUTHOR, TITLE, DATE, SECURITY, PAGES, YEAR = 1, 3, 4, 5, 6, 7, 8
SERIES = tuple(
    f"B{fonds}-WS·{year}-{retention}-BGS"
    for fonds in (469, 470, 481, 495)
    for year in range(2019, 2024)
    for retention in ("Y", "D30")
)
CATALOGUE = "目录.xlsx"
WHOLE_BATCH = "/"
Truth = set[tuple[str, str]]
"""Key of a finding, and its subject or, where that is the batch, the path of a page."""


@dataclass(kw_only=True)
class Item:
    """An item: the paths of its files with the pages in each, and its record; either may be taken away."""

    code: str
    files: dict[str, int]
    record: list[object] | None

    @property
    def series(self) -> str:
        """What the codes of its class have in common."""
        return self.code.rpartition("-")[0]

    def written(self) -> list[object]:
        """Its record, where it has one."""
        assert self.record is not None
        return self.record


@dataclass(kw_only=True)
class Delivery:
    """What will be written, and what is wrong with it."""

    items: list[Item] = field(default_factory=list)
    more_records: list[list[object]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # beside the pages
    folders: list[str] = field(default_factory=list)
    list_lines: list[str] = field(default_factory=list)
    spoiled_digests: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    truth: Truth = field(default_factory=set)


Plant = Callable[[Delivery, Item], Iterator[tuple[str, str]]]
"""Spoils an item and tells what follows from it."""
FilesOf = Callable[[str, int], dict[str, int]]
"""From the code of an item and its number of pages: its files."""


def pages_in(folder: str, count: int, suffix: str) -> dict[str, int]:
    """Files of one page each, numbered from 1."""
    return {f"{folder}/{page:04d}{suffix}": 1 for page in range(1, count + 1)}


def single(code: str, count: int) -> dict[str, int]:
    """A folder of JPEG files."""
    return pages_in(code, count, ".jpg")


def sound(items: int, files_of: FilesOf = single) -> Delivery:
    """A delivery without errors, about 15 pages an item."""
    delivery = Delivery()
    for at in range(items):
        series, number = SERIES[at % len(SERIES)], at // len(SERIES) + 1
        code, year = f"{series}-{number:04d}", series.split("·")[1][:4]
        count = 11 + at % 9
        title = f"关于支援工作的通知之{at}"
        record: list[object] = [at + 1, code, "", "办公室", title, f"{year}0315", "", count, year, ""]
        delivery.items.append(Item(code=code, files=files_of(code, count), record=record))
    return delivery


@cache
def picture(suffix: str, pages: int) -> bytes:
    """The same small grey page as a file, as often as there are pages."""
    page = np.full((16, 16, 3), 200, np.uint8)
    if pages == 1:
        return cv2.imencode(suffix, page)[1].tobytes()
    return cv2.imencodemulti(suffix, [page] * pages)[1].tobytes()


def write(delivery: Delivery, root: Path) -> int:
    """Write the delivery; returns the number of page files."""
    contents = {
        path: picture(PurePosixPath(path).suffix.lower().replace("jpeg", "jpg"), pages)
        for item in delivery.items
        for path, pages in item.files.items()
    }
    page_files = len(contents)
    contents |= delivery.files
    for folder in delivery.folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for folder in sorted({str(PurePosixPath(path).parent) for path in contents}):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        (root / path).write_bytes(content)
    _write_catalogue(delivery, root / CATALOGUE)
    contents[CATALOGUE] = (root / CATALOGUE).read_bytes()
    digests = {
        content: hashlib.md5(content, usedforsecurity=False).hexdigest() for content in contents.values()
    }
    lines = [
        f"{'f' * 32 if path in delivery.spoiled_digests else digests[content]}  {path}"
        for path, content in contents.items()
        if path not in delivery.unlisted
    ]
    (root / "delivery.md5").write_text("\n".join([*lines, *delivery.list_lines]) + "\n", encoding="utf-8")
    return page_files


def _write_catalogue(delivery: Delivery, path: Path) -> None:
    records = [item.record for item in delivery.items if item.record is not None]
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("归档文件目录")
        sheet.write(0, 0, "归档文件目录")
        for at, row in enumerate([HEADER, *records, *delivery.more_records]):
            sheet.write_row(at + 1, 0, row)
