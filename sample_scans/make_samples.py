"""Draws the two sample batches again: ``passing`` and ``planted``.

    python sample_scans/make_samples.py

Everything is generated: the words are invented, the pages are drawn, and every defect is planted with exact
truth, which is written to ``truth.toml`` beside each batch. The same program draws the same files.
"""

import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ybda_qc.synth import PageSpec, draw_page

HERE = Path(__file__).parent
A5 = (148.0, 210.0)
A6 = (105.0, 148.0)
DPI = 300
EXIF = {0x010F: "Invented Scanners", 0x0110: "IS-300", 0x0131: "Station 3.1", 0x0132: "2024:03:05 09:30:00"}
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
    planted: Sequence[str] = ()


@dataclass(kw_only=True)
class Item:
    """An item 件 of the batch."""

    code: str
    title: str
    pages: list[Page]
    planted: Sequence[str] = ()  # findings about the item as a whole


@dataclass
class Truth:
    """What a run must find."""

    decision: str
    findings: list[tuple[str, str]] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write ``truth.toml``."""
        lines = [
            "# What `ybda-qc run` with the profile da-t-31-2017 must find here: this, and nothing else.",
            f'decision = "{self.decision}"',
            "",
        ]
        for subject, finding in sorted(self.findings):
            lines += ["[[finding]]", f"subject = '{subject}'", f'finding = "{finding}"', ""]
        path.write_text("\n".join(lines), encoding="utf-8")


def colour(layout: str, seed: int, **options: Any) -> PageSpec:
    """A page on paper with a little grain and scanner noise, A5 to keep the samples small."""
    defaults: dict[str, Any] = {"paper_mm": A5, "dpi": DPI, "mode": "colour", "noise": 0.4, "texture": 0.3}
    return PageSpec(layout=layout, seed=seed, **{**defaults, **options})


def as_jpeg(pixels: Pixels, page: Page) -> bytes:
    """The page as a JPEG file with the metadata of a scanner."""
    if page.negative:
        pixels = 255 - pixels
    exif = Image.Exif()
    for tag, text in EXIF.items():
        exif[tag] = text
    buffer = io.BytesIO()
    options: dict[str, Any] = {} if page.dpi is None else {"dpi": page.dpi}
    Image.fromarray(pixels).save(buffer, "JPEG", quality=page.quality, exif=exif, **options)
    data = buffer.getvalue()
    return data if page.cut is None else data[: int(len(data) * page.cut)]


def write_batch(folder: Path, items: Sequence[Item], truth: Truth) -> None:
    """Write the items, their catalogue and the truth."""
    shutil.rmtree(folder, ignore_errors=True)
    for item in items:
        (folder / item.code).mkdir(parents=True)
        for number, page in enumerate(item.pages, start=1):
            path = folder / item.code / (page.name or f"{number:04d}.jpg")
            path.write_bytes(as_jpeg(draw_page(page.spec).pixels, page))
            subject = f"{path.relative_to(folder).as_posix()}#1"
            truth.findings += [(subject, finding) for finding in page.planted]
        truth.findings += [(item.code, finding) for finding in item.planted]
    write_catalogue(folder / "目录.xlsx", items)


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
        year = item.code.split("·")[1][:4]
        cells = (
            row,
            item.code,
            f"援办〔{year}〕{row}号",
            "驻外联络组办公室",
            item.title,
            f"{year}0305",
            "",
            len(item.pages),
            "",
        )
        sheet.write_row(row, 0, cells)
    book.close()


def passing() -> list[Item]:
    """A batch without a fault."""
    return [
        Item(
            code="B469-WS·2023-Y-BGS-0001",
            title="关于做好年度帮扶项目安排的通知",
            pages=[
                Page(spec=colour("document", 1, seal=True)),
                Page(spec=colour("text", 2, page_number=True, angle_degrees=0.2)),
                Page(spec=colour("table", 3, page_number=True, angle_degrees=-0.3)),
            ],
        ),
        Item(
            code="B469-WS·2023-Y-BGS-0002",
            title="项目资金使用情况的报告",
            pages=[
                Page(spec=colour("text", 4, paper_rgb=(240, 230, 205), page_number=True)),
                Page(spec=colour("form", 5, paper_rgb=(240, 230, 205), angle_degrees=0.4)),
            ],
        ),
        Item(
            code="B469-WS·2023-D30-BGS-0001",
            title="联络组工作简报",
            pages=[
                Page(spec=colour("columns", 6, angle_degrees=-0.5)),
                Page(spec=colour("vertical", 7)),
                Page(spec=colour("typewriter", 8, font_mm=3.0, page_number=True)),
            ],
        ),
    ]


def planted() -> list[Item]:
    """A batch with one of each defect that shows on a page, a name or a folder."""
    text = {"layout": "text"}
    return [
        Item(
            code="B470-WS·2022-Y-XM-0001",
            title="援建学校项目验收材料",
            pages=[
                Page(spec=colour("document", 21, seal=True)),
                Page(spec=colour(**text, seed=22, angle_degrees=1.8), planted=["skew/over-limit"]),
                Page(spec=colour("table", 23, angle_degrees=-4.5), planted=["skew/over-limit"]),
                Page(spec=colour("blank", 24), quality=95, planted=["blank_page/blank"]),
                Page(
                    spec=colour(**text, seed=26, bed="black", border_mm=(7.0, 0.0, 0.0, 0.0)),
                    planted=["dark_border/over-limit"],
                ),
                Page(spec=colour(**text, seed=27, blur_px=6.0), planted=["sharpness/blurred"]),
                Page(
                    spec=colour("blank", 28, pencil_line=True),
                    quality=95,
                    planted=["blank_page/nearly-blank", "skew/unsure"],
                ),
            ],
        ),
        Item(
            code="B470-WS·2022-Y-XM-0002",
            title="医疗队轮换人员名册",
            pages=[
                Page(spec=colour(**text, seed=31), dpi=None, planted=["resolution/missing"]),
                Page(
                    spec=colour(**text, seed=32, dpi=150.0),
                    dpi=(150, 150),
                    planted=["resolution/below-minimum"],
                ),
                Page(
                    spec=colour(**text, seed=33),
                    dpi=(300, 200),
                    planted=["resolution/unequal", "resolution/below-advised", "paper_size/unknown"],
                ),
                Page(
                    spec=colour(**text, seed=34),
                    dpi=(2400, 2400),
                    planted=["resolution/implausible", "paper_size/unknown"],
                ),
                Page(spec=colour(**text, seed=35, exposure=0.3), planted=["exposure/too-dark"]),
                Page(spec=colour(**text, seed=36, ink=0.17), planted=["exposure/low-contrast"]),
                Page(spec=colour(**text, seed=38), negative=True, planted=["exposure/inverted"]),
                Page(
                    spec=colour(**text, seed=37, page_number=True),
                    quality=20,
                    planted=["encoding/low-jpeg-quality"],
                ),
            ],
        ),
        Item(
            code="B470-WS·2022-D10-XM-0001",
            title="会议记录",
            pages=[
                Page(spec=colour(**text, seed=41)),
                Page(spec=colour(**text, seed=42), cut=0.7, planted=["readable/truncated"]),
                Page(spec=colour("form", 43)),
            ],
        ),
    ]


def spoil(folder: Path, truth: Truth) -> None:
    """Plant what is wrong with files and folders rather than with pages.

    Left out, because not every system that this repository is copied to could store them: empty folders,
    links, names that differ only in case, and names that Windows forbids.
    """
    item = folder / "B470-WS·2022-D10-XM-0001"

    def plant(subject: str, *findings: str) -> None:
        truth.findings += [(subject, finding) for finding in findings]

    (item / "0004.jpg").write_bytes(b"")
    plant(f"{item.name}/0004.jpg#1", "readable/empty")
    (item / "0005.jpg").write_text("这不是图像\n", encoding="utf-8")
    plant(f"{item.name}/0005.jpg#1", "readable/unreadable")
    shutil.copy(item / "0003.jpg", item / "0007.jpg")
    plant(f"{item.name}/0003.jpg", "duplicate_page/identical")
    plant(item.name, "sequence/gap")
    drawn = draw_page(colour("form", 51)).pixels
    Image.fromarray(drawn).quantize(64).save(item / "0008.jpg", "PNG", dpi=(DPI, DPI))
    mismatch = ("file_format/extension-mismatch", "file_format/not-allowed", "metadata/missing")
    plant(f"{item.name}/0008.jpg#1", *mismatch)
    (item / "scan9.jpg").write_bytes(as_jpeg(draw_page(colour("text", 52)).pixels, Page(spec=PageSpec())))
    plant(f"{item.name}/scan9.jpg", "file_name/no-match")
    (item / "0010.jpg").mkdir()
    (item / "0010.jpg" / "便条.docx").write_bytes(b"not a page")
    plant(f"{item.name}/0010.jpg", "layout/page-name-folder")
    plant(f"{item.name}/0010.jpg/便条.docx", "layout/stray-file")
    (folder / "传真.exe").write_bytes(b"MZ: no program, only called so")
    plant("传真.exe", "layout/executable")
    (folder / "Thumbs.db").write_bytes(b"left behind by a file browser")
    plant("Thumbs.db", "layout/system-file")
    pdf = folder / "pdf" / "B470-WS·2022-Y-XM-0003.pdf"
    pdf.parent.mkdir()
    write_pdf(pdf)
    plant(f"pdf/{pdf.name}#1", "active_content/found", "file_format/not-allowed", "metadata/missing")
    plant("/", "uniformity/mixed-format", "uniformity/mixed-dpi", "uniformity/mixed-colour")
    # The dark page and the faint one, as seen from their neighbours.
    plant("B470-WS·2022-Y-XM-0002", "page_outlier/other-brightness", "page_outlier/other-contrast")


def write_pdf(path: Path) -> None:
    """A scanned page in a PDF that carries a script."""
    page = io.BytesIO()
    pixels = draw_page(colour("text", 61, noise=0.0)).pixels
    Image.fromarray(pixels).save(page, "PDF", resolution=float(DPI), quality=82)
    writer = PdfWriter(clone_from=page)
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.beep(0);"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.metadata = {"/Producer": "Invented Scanners"}
    writer.write(path)


def main() -> None:
    """Draw both batches."""
    for name, items, decision in (("passing", passing(), "accept"), ("planted", planted(), "reject")):
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        truth = Truth(decision=decision)
        write_batch(folder / "batch", items, truth)
        if name == "planted":
            spoil(folder / "batch", truth)
        truth.write(folder / "truth.toml")


if __name__ == "__main__":
    main()
