"""Pages, items and the truth about them, and how they are written."""

import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from numpy.typing import NDArray
from PIL import Image

from _samples.papers import Paper
from ybda_qc.synth import PageSpec, draw_page

A5 = (148.0, 210.0)
A6 = (105.0, 148.0)
DPI = 300
EXIF = {0x010F: "Invented Scanners", 0x0110: "IS-300", 0x0131: "Station 3.1", 0x0132: "2024:03:05 09:30:00"}
ORIENTATION = 0x0112
HEADER = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
Pixels = NDArray[np.uint8]


@dataclass(kw_only=True)
class Page:
    """A page of an item: what is drawn, how it is stored, what is planted on it."""

    spec: PageSpec
    dpi: tuple[float, float] | None = (DPI, DPI)
    quality: int = 80
    name: str | None = None  # None: the next running number
    cut: float | None = None  # share of the file that is kept
    negative: bool = False  # white on black
    turned_by_tag: int | None = None  # EXIF orientation
    tail: bytes = b""  # what follows the end of the picture
    planted: Sequence[str] = ()


@dataclass(kw_only=True)
class Item:
    """An item 件 of the batch."""

    code: str
    paper: Paper
    pages: list[Page]
    recorded: Paper | None = None  # what the catalogue has in its place
    planted: Sequence[str] = ()  # findings about the item as a whole


@dataclass
class Truth:
    """What a run must find."""

    decision: str
    profile: str = "da-t-31-2017"
    findings: list[tuple[str, str]] = field(default_factory=list)

    def plant(self, subject: str, *findings: str) -> None:
        """A run must find this, there."""
        self.findings += [(subject, finding) for finding in findings]

    def write(self, path: Path) -> None:
        """Write ``truth.toml``."""
        lines = [
            f"# What `ybda-qc run` with the profile {self.profile} must find here: this, and nothing else.",
            f'profile = "{self.profile}"',
            f'decision = "{self.decision}"',
            "",
        ]
        for subject, finding in sorted(self.findings):
            lines += ["[[finding]]", f"subject = '{subject}'", f'finding = "{finding}"', ""]
        path.write_text("\n".join(lines), encoding="utf-8")


def colour(layout: str, seed: int, **options: Any) -> PageSpec:
    """A page on paper with a little grain and scanner noise, A5 to keep the samples small."""
    defaults: dict[str, Any] = {"paper_mm": A5, "dpi": DPI, "mode": "colour", "noise": 0.3, "texture": 0.25}
    return PageSpec(layout=layout, seed=seed, **{**defaults, **options})


def first(paper: Paper, seed: int, **options: Any) -> PageSpec:
    """The first page of a paper."""
    return colour("text", seed, wording=paper.first_page(), **options)


def as_jpeg(pixels: Pixels, page: Page) -> bytes:
    """The page as a JPEG file with the metadata of a scanner."""
    if page.negative:
        pixels = 255 - pixels
    exif = Image.Exif()
    for tag, text in EXIF.items():
        exif[tag] = text
    if page.turned_by_tag is not None:
        exif[ORIENTATION] = page.turned_by_tag
    buffer = io.BytesIO()
    options: dict[str, Any] = {} if page.dpi is None else {"dpi": page.dpi}
    Image.fromarray(pixels).save(buffer, "JPEG", quality=page.quality, optimize=True, exif=exif, **options)
    data = buffer.getvalue() + page.tail
    return data if page.cut is None else data[: int(len(data) * page.cut)]


def write_batch(
    folder: Path, items: Sequence[Item], truth: Truth, spoil: Callable[[Path, Truth], None] | None = None
) -> None:
    """Write the items, their catalogue and the truth; then spoil files and folders."""
    shutil.rmtree(folder, ignore_errors=True)
    for item in items:
        (folder / item.code).mkdir(parents=True)
        for number, page in enumerate(item.pages, start=1):
            path = folder / item.code / (page.name or f"{number:04d}.jpg")
            path.write_bytes(as_jpeg(draw_page(page.spec).pixels, page))
            truth.plant(f"{path.relative_to(folder).as_posix()}#1", *page.planted)
        truth.plant(item.code, *item.planted)
    write_catalogue(folder / "目录.xlsx", items)
    if spoil is not None:
        spoil(folder, truth)
    truth.write(folder.with_name("truth.toml"))


def write_catalogue(path: Path, items: Sequence[Item]) -> None:
    """The catalogue 目录 of a delivery, in the columns of DA/T 22."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties(
        {"title": "归档文件目录", "created": datetime(2024, 3, 5, tzinfo=UTC).replace(tzinfo=None)}
    )
    sheet = book.add_worksheet("归档文件目录")
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EFEBE2"})
    sheet.write_row(0, 0, HEADER, bold)
    sheet.set_column(1, 1, 26)
    sheet.set_column(4, 4, 44)
    for row, item in enumerate(items, start=1):
        paper = item.recorded or item.paper
        day = f"{paper.day:%Y%m%d}"
        cells = (row, item.code, paper.number, paper.author, paper.title, day, "", len(item.pages), "")
        sheet.write_row(row, 0, cells)
    book.close()
