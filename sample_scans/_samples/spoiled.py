"""What is wrong with the files and folders of the planted batch."""

import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from _samples.batch import A6, DPI, EXIF, Page, Pixels, Truth, as_jpeg, first
from _samples.images import small
from _samples.layers import with_layer
from _samples.papers import SUPPLIES
from ybda_qc.synth import DrawnPage, PageSpec, TextLine, draw_page, write_page
from ybda_qc.synth.defects import Speckle

_SCANTY = ("file_size/below", "file_size/over-compressed", "blank_page/blank", "colour_mode/not-allowed")
FORMAT = ("file_format/not-allowed", "metadata/missing")


def spoil(folder: Path, truth: Truth) -> None:
    """Plant what is wrong with files and folders rather than with pages.

    Left out, because not every system that this repository is copied to could store them: empty folders,
    links, names that differ only in case, and names that Windows forbids.
    """
    item = folder / "B470-WS·2022-D10-XM-0001"

    (item / "0004.jpg").write_bytes(b"")
    truth.plant(f"{item.name}/0004.jpg#1", "readable/empty")
    (item / "0005.jpg").write_text("这不是图像\n", encoding="utf-8")
    truth.plant(f"{item.name}/0005.jpg#1", "readable/unreadable")
    shutil.copy(item / "0003.jpg", item / "0007.jpg")
    truth.plant(f"{item.name}/0003.jpg", "duplicate_page/identical")
    truth.plant(item.name, "sequence/gap", "page_count/surplus")
    drawn = draw_page(small("form", 51)).pixels
    Image.fromarray(drawn).quantize(64).save(item / "0008.jpg", "PNG", dpi=(DPI, DPI))
    mismatch = ("file_format/extension-mismatch", "file_format/not-allowed", "metadata/missing")
    truth.plant(f"{item.name}/0008.jpg#1", *mismatch)
    (item / "scan9.jpg").write_bytes(as_jpeg(draw_page(small("text", 52)).pixels, Page(spec=PageSpec())))
    truth.plant(f"{item.name}/scan9.jpg", "file_name/no-match")
    (item / "0010.jpg").mkdir()
    (item / "0010.jpg" / "便条.docx").write_bytes(b"not a page")
    truth.plant(f"{item.name}/0010.jpg", "layout/page-name-folder")
    truth.plant(f"{item.name}/0010.jpg/便条.docx", "layout/stray-file")
    (folder / "传真.exe").write_bytes(b"MZ: no program, only called so")
    truth.plant("传真.exe", "layout/executable")
    (folder / ".回收站.jpg").write_bytes(b"deleted, as somebody thought")
    truth.plant(".回收站.jpg", "layout/hidden-file")
    (folder / "Thumbs.db").write_bytes(b"left behind by a file browser")
    truth.plant("Thumbs.db", "layout/system-file")
    pdf = folder / "pdf" / "B470-WS·2022-Y-XM-0003.pdf"
    pdf.parent.mkdir()
    scripted(pdf)
    truth.plant(f"pdf/{pdf.name}#1", "active_content/found", "text_layer/missing", *FORMAT)
    truth.plant("B470-WS·2022-D30-XM-0002/0004.jpg", "duplicate_page/near-identical")
    truth.plant(
        "/",
        "scanner_health/same-column",
        "scanner_health/same-speck",
        "uniformity/mixed-format",
        "uniformity/mixed-dpi",
        "uniformity/mixed-colour",
    )
    multi_page(folder / "pdf" / "B470-WS·2022-Y-XM-0006.tif", truth)
    locked(folder / "pdf", truth)
    shifted = scanned(65)
    path = folder / "pdf" / "B470-WS·2022-Y-XM-0009.pdf"
    as_pdf(shifted, shifted.truth.lines, down_mm=20.0).write(path)
    truth.plant(f"pdf/{path.name}#1", "text_layer/misplaced", *FORMAT)
    odd_files(folder / "B470-WS·2022-D10-XM-0002", truth)
    for code in ("D10-XM-0002", "Y-XM-0003", "Y-XM-0006", "Y-XM-0007", "Y-XM-0008", "Y-XM-0009"):
        truth.plant(f"B470-WS·2022-{code}", "catalogue_link/no-record")


def multi_page(path: Path, truth: Truth) -> None:
    """A file of two pages, black and white."""
    clean = small("text", 101, mode="bitonal", noise=0.0)
    dusty = replace(clean, seed=102, defects=(Speckle(per_cm2=20.0),))
    pages = [draw_page(spec).pixels for spec in (clean, dusty)]
    write_page(path, *pages, dpi=DPI, compression="g4")
    for frame in (1, 2):
        truth.plant(f"pdf/{path.name}#{frame}", "colour_mode/not-allowed", "metadata/missing")
    truth.plant(f"pdf/{path.name}#1", "file_format/multi-page")
    truth.plant(f"pdf/{path.name}#2", "speckle/pepper")


def locked(folder: Path, truth: Truth) -> None:
    """A PDF with a password to open it, and one with a password to change it."""
    page, other = scanned(63), draw_page(first(SUPPLIES, 64, paper_mm=A6))
    unlike = ("encoding/encrypted", "text_layer/different", *FORMAT)
    for name, writer, user, findings in (
        ("B470-WS·2022-Y-XM-0007.pdf", as_pdf(scanned(62)), "secret", ("readable/encrypted",)),
        ("B470-WS·2022-Y-XM-0008.pdf", as_pdf(page, other.truth.lines), "", unlike),
    ):
        writer.encrypt(user, "owner", algorithm="RC4-128")
        writer.write(folder / name)
        truth.plant(f"pdf/{name}#1", *findings)


def odd_files(folder: Path, truth: Truth) -> None:
    """Files that break their format, hold next to nothing, or are numbered wrongly."""
    folder.mkdir()
    drawn = draw_page(small("text", 111)).pixels
    sound = as_jpeg(drawn, Page(spec=PageSpec()))
    lossless = sound.replace(b"\xff\xc0", b"\xff\xc3", 1)  # says that it is coded without loss
    plain = small("sparse", 113, font_mm=3.5, seal=True, noise=0.0, texture=0.0)
    clean = small("blank", 112, mode="grey", noise=0.0, texture=0.0)
    bare = as_jpeg(draw_page(clean).pixels, Page(spec=clean))
    for name, data, *findings in (
        ("002.jpg", sound + b"left over", "readable/oddity"),
        ("0003.jpg", lossless, "readable/unsupported"),
        ("0004.jpg", bare, *_SCANTY),
        (
            "0005.jpg",
            for_printing(draw_page(plain).pixels),
            "colour_mode/unusual",
        ),
    ):
        (folder / name).write_bytes(data)
        truth.plant(f"{folder.name}/{name}#1", *findings)
    truth.plant(folder.name, "sequence/start", "sequence/width")


def scripted(path: Path) -> None:
    """A scanned page in a PDF that carries a script."""
    writer = as_pdf(scanned(61))
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.beep(0);"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.write(path)


def scanned(seed: int) -> DrawnPage:
    """What is scanned into a PDF."""
    return draw_page(small("text", seed, noise=0.0))


def as_pdf(page: DrawnPage, lines: Sequence[TextLine] = (), *, down_mm: float = 0.0) -> PdfWriter:
    """A scanned page in a PDF, with these lines as its text layer, in place or further down."""
    made = io.BytesIO()
    Image.fromarray(page.pixels).save(made, "PDF", resolution=float(DPI), quality=82)
    data = with_layer(made.getvalue(), lines, down_mm=down_mm) if lines else made.getvalue()
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.metadata = {"/Producer": "Invented Scanners"}
    return writer


def for_printing(pixels: Pixels) -> bytes:
    """The page in the colours of a printing press."""
    buffer = io.BytesIO()
    exif = Image.Exif()
    for tag, text in EXIF.items():
        exif[tag] = text
    Image.fromarray(pixels).convert("CMYK").save(buffer, "JPEG", quality=80, dpi=(DPI, DPI), exif=exif)
    return buffer.getvalue()
