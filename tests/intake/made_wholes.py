"""Whole files of the formats whose end can be told, as programs in use write them."""

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import imagecodecs
import numpy as np
import pikepdf
import tifffile
import xlsxwriter
from numpy.typing import NDArray
from PIL import Image

from tests.imaging import made_files, made_pdfs
from tests.intake import made_media


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole file; `name` begins with its format."""

    name: str
    suffix: str
    data: bytes


def _saved(array: NDArray[np.uint8], kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, kind, **options)
    return buffer.getvalue()


def _tiff(array: NDArray[np.uint8], **options: object) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def large_page() -> NDArray[np.uint8]:
    """A page whose uncompressed file has about a megabyte."""
    page = made_files.colour_page(333, 250)
    noise = np.random.default_rng(3).integers(1, 9, (500, 666, 3), np.uint8)
    return np.clip(cv2.resize(page, (666, 500)).astype(np.int16) - noise, 1, 255).astype(np.uint8)


@cache
def pages() -> tuple[Whole, ...]:
    """Files of one page or several."""
    return tuple(_pages())


def _pages() -> Iterator[Whole]:
    colour = large_page()
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
    bits = np.where(grey > 150, 255, 0).astype(np.uint8)
    yield Whole("JPEG", ".jpg", _saved(colour, "JPEG", quality=92))
    yield Whole("JPEG progressive", ".jpg", _saved(colour, "JPEG", progressive=True, optimize=True))
    yield Whole("JPEG with a thumbnail", ".jpg", _with_thumbnail(colour))
    yield Whole("JPEG of several pictures", ".jpg", _several_pictures(colour))
    yield Whole("PNG", ".png", _saved(colour, "PNG"))
    yield Whole("PNG in small chunks", ".png", _in_small_chunks(colour))
    yield Whole("GIF", ".gif", _saved(grey, "GIF"))
    yield Whole("WebP", ".webp", _saved(colour, "WEBP"))
    yield Whole("AVIF", ".avif", _saved(colour[:64, :64], "AVIF"))
    yield Whole("BMP", ".bmp", _saved(colour, "BMP"))
    yield Whole("JP2", ".jp2", imagecodecs.jpeg2k_encode(colour, level=40, codecformat="jp2"))
    yield Whole("J2K", ".j2k", imagecodecs.jpeg2k_encode(colour, level=40, codecformat="j2k"))
    for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        yield Whole(f"TIFF {packing}", ".tif", _saved(colour, "TIFF", compression=packing))
    one_bit = io.BytesIO()
    Image.fromarray(bits).convert("1").save(one_bit, "TIFF", compression="group4")
    yield Whole("TIFF group4", ".tif", one_bit.getvalue())
    yield Whole("TIFF directory first", ".tif", _tiff(colour, photometric="rgb"))
    yield Whole("TIFF directory first packed", ".tif", _tiff(colour, photometric="rgb", compression="lzw"))
    yield Whole(
        "TIFF big-endian tiles", ".tif", _tiff(grey, byteorder=">", tile=(64, 64), compression="zlib")
    )
    yield Whole("TIFF big", ".tif", _tiff(colour, photometric="rgb", bigtiff=True, rowsperstrip=16))
    yield Whole("TIFF pages", ".tif", _pages_in_tiff(grey))
    yield Whole("TIFF with a smaller picture", ".tif", _with_smaller_picture(grey))
    yield from _pdfs(colour)


def _pdfs(colour: NDArray[np.uint8]) -> Iterator[Whole]:
    plain = made_pdfs.pdf([made_pdfs.scan_page(made_pdfs.jpeg_picture(colour), colour.shape)])
    yield Whole("PDF", ".pdf", plain)
    for name, options in (
        ("PDF linearised", {"linearize": True}),
        ("PDF with object streams", {"object_stream_mode": pikepdf.ObjectStreamMode.generate}),
    ):
        buffer = io.BytesIO()
        with pikepdf.open(io.BytesIO(plain)) as document:
            document.save(buffer, **options)
        yield Whole(name, ".pdf", buffer.getvalue())


def updated_pdf() -> tuple[bytes, bytes]:
    """A PDF, and the update that some program appends to it."""
    first = next(whole.data for whole in pages() if whole.name == "PDF")
    place = len(first)
    added = b"99 0 obj\n<< /Note (" + b"seen " * 600 + b") >>\nendobj\n"
    table = b"xref\n99 1\n%010d 00000 n \ntrailer\n<< /Size 100 /Root 1 0 R /Prev %d >>\n" % (
        place,
        first.rindex(b"xref\n0 "),
    )
    return first, added + table + b"startxref\n%d\n%%%%EOF\n" % (place + len(added))


def _with_thumbnail(colour: NDArray[np.uint8]) -> bytes:
    """A JPEG whose EXIF holds another one, with an end of its own."""
    small = _saved(cv2.resize(colour, (160, 120)), "JPEG")
    exif = b"Exif\0\0" + b"II*\0\x08\0\0\0" + b"\0\0" + b"\0\0\0\0" + small
    whole = _saved(colour, "JPEG", quality=92)
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + whole[2:]


def _several_pictures(colour: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    others = [Image.fromarray(cv2.resize(colour, (320, 240)))]
    Image.fromarray(colour).save(buffer, "MPO", save_all=True, append_images=others)
    return buffer.getvalue()


def _in_small_chunks(colour: NDArray[np.uint8]) -> bytes:
    return imagecodecs.png_encode(colour, level=6)


def _pages_in_tiff(grey: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        for page in (grey, grey[:300], grey[:400]):
            writer.write(page, compression="lzw", contiguous=False)
    return buffer.getvalue()


def _with_smaller_picture(grey: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(grey, compression="lzw", subifds=1)
        writer.write(np.ascontiguousarray(grey[::2, ::2]), compression="lzw", subfiletype=1)
    return buffer.getvalue()


@cache
def others() -> tuple[Whole, ...]:
    """Catalogues, sound and films."""
    return (
        Whole("xlsx", ".xlsx", _workbook()),
        Whole("ods", ".ods", _archive()),
        Whole("xls", ".xls", ole2()),
        Whole("WAV", ".wav", made_media.wav(seconds=0.2)),
        Whole("MP4", ".mp4", made_media.mp4()),
    )


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row in range(500):
            sheet.write_row(row, 0, [f"0001-{row:04}", "关于会议的通知", row])
    return buffer.getvalue()


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<x>" + "".join(map(str, range(5000))) + "</x>")
        archive.comment = "一份目录".encode()
    return buffer.getvalue()


def ole2(sectors: int = 100) -> bytes:
    """An OLE2 file with one table and so many sectors in use."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", head, 44, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    used = [0xFFFFFFFD, *range(2, sectors), 0xFFFFFFFE]
    table = struct.pack("<128I", *used, *[0xFFFFFFFF] * (128 - len(used)))
    return bytes(head) + table + b"\x5a" * (512 * (sectors - 1))
