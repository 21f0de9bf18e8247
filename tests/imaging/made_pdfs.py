"""PDF files written out object by object, so that each oddity can be placed where it is wanted."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import tifffile
from PIL import Image

from tests.imaging.made_files import Array, Made, _pillow, _pillow_fax, bitonal_page, colour_page, grey_page

DPI = 100.0


def picture(
    data: bytes,
    size: tuple[int, ...],
    filters: str,
    space: str = "/DeviceRGB",
    *,
    bits: int = 8,
    more: str = "",
) -> bytes:
    """An image object; `size` is width and height."""
    width, height = size
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent {bits} "
        f"/ColorSpace {space} /Filter {filters} {more} /Length {len(data)} >>"
    )
    return head.encode() + b"\nstream\n" + data + b"\nendstream"


def jpeg_picture(array: Array, **options: Any) -> bytes:
    space = "/DeviceGray" if array.ndim == 2 else "/DeviceRGB"
    data = _pillow(array, "JPEG", quality=92, **options)
    return picture(data, array.shape[1::-1], "/DCTDecode", space)


def flate_picture(array: Array, more: str = "") -> bytes:
    space = "/DeviceGray" if array.ndim == 2 else "/DeviceRGB"
    data = zlib.compress(array.tobytes())
    return picture(data, array.shape[1::-1], "/FlateDecode", space, more=more)


def g4_picture(array: Array, *, black_is_1: bool = False, declared: bool = True) -> bytes:
    """A fax picture; without BlackIs1 a 0 bit is black, as PDF has it."""
    tiff = _pillow_fax(array, "group4", tiffinfo={278: array.shape[0], 262: 0})
    with tifffile.TiffFile(io.BytesIO(tiff)) as file:
        page = file.pages[0]
        offset, count = page.dataoffsets[0], page.databytecounts[0]
    height, width = array.shape
    parameters = f"/K -1 /Columns {width} /Rows {height}" + (" /BlackIs1 true" if black_is_1 else "")
    more = f"/DecodeParms << {parameters} >>" if declared else ""
    return picture(
        tiff[offset : offset + count], (width, height), "/CCITTFaxDecode", "/DeviceGray", bits=1, more=more
    )


def draw(width_points: float, height_points: float) -> str:
    """Content that lays the picture over the whole page."""
    return f"q {width_points} 0 0 {height_points} 0 0 cm /Im0 Do Q"


INVISIBLE_TEXT = " BT /F0 10 Tf 3 Tr 20 20 Td (recognised text) Tj ET"
VISIBLE_TEXT = " BT /F0 30 Tf 20 60 Td (typed over it) Tj ET"


def pdf(
    pages: list[dict[str, Any]],
    *,
    catalogue: str = "",
    more: list[bytes] | None = None,
) -> bytes:
    """A PDF file.

    Each page is a dictionary with `size` (points), `content`, optionally `pictures` (image objects, drawn as
    /Im0, /Im1, ...), `rotate` and `more` (further entries). `more` objects follow the pages; ``{first}`` in
    `catalogue` stands for the number of the first of them.
    """
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        names = []
        for number, image in enumerate(page.get("pictures", [])):
            objects.append(image)
            names.append(f"/Im{number} {len(objects)} 0 R")
        content = page["content"].encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream")
        width, height = page["size"]
        objects.append(
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
                f"/Rotate {page.get('rotate', 0)} "
                f"/Contents {len(objects)} 0 R {page.get('more', '')} "
                f"/Resources << /Font << /F0 3 0 R >> /XObject << {' '.join(names)} >> >> >>"
            ).encode()
        )
        kids.append(f"{len(objects)} 0 R")
    first = len(objects) + 1
    objects.extend(more or [])
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {catalogue.replace('{first}', str(first))} >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assemble(objects)


def assemble(objects: list[bytes]) -> bytes:
    """Objects from number 1 on, with a cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def scan_page(image: bytes, shape: tuple[int, ...], text: str = "", **more: Any) -> dict[str, Any]:
    """A page that is one scan, placed at 100 dpi."""
    height, width = shape[:2]
    points = width * 72 / DPI, height * 72 / DPI
    return {"size": points, "content": draw(*points) + text, "pictures": [image], **more}


def pdfs() -> Iterator[Made]:
    """Single pages of every coding that a scan in a PDF has."""
    colour, grey, bits = colour_page(), grey_page(), bitonal_page()
    jpeg, grey_jpeg = jpeg_picture(colour), jpeg_picture(grey)
    yield Made(name="jpeg", data=pdf([scan_page(jpeg, colour.shape)]), pixels=colour, tolerance=6)
    yield Made(name="jpeg-grey", data=pdf([scan_page(grey_jpeg, grey.shape)]), pixels=grey, tolerance=3)
    searchable = pdf([scan_page(jpeg, colour.shape, INVISIBLE_TEXT)])
    yield Made(name="jpeg-with-text", data=searchable, pixels=colour, tolerance=6)
    flate = flate_picture(colour)
    yield Made(name="flate", data=pdf([scan_page(flate, colour.shape)]), pixels=colour)
    yield Made(name="flate-grey", data=pdf([scan_page(flate_picture(grey), grey.shape)]), pixels=grey)
    inverted = flate_picture(255 - grey, "/Decode [1 0]")
    yield Made(name="flate-inverted", data=pdf([scan_page(inverted, grey.shape)]), pixels=grey)
    yield Made(name="g4", data=pdf([scan_page(g4_picture(bits), bits.shape)]), pixels=bits)
    black = g4_picture(bits, black_is_1=True)
    yield Made(name="g4-black-is-1", data=pdf([scan_page(black, bits.shape)]), pixels=255 - bits)
    jpx = picture(_pillow(colour, "JPEG2000"), colour.shape[1::-1], "/JPXDecode")
    yield Made(name="jpx", data=pdf([scan_page(jpx, colour.shape)]), pixels=colour)
    for turn in (90, 180, 270):
        turned = np.rot90(colour, -turn // 90)
        data = pdf([scan_page(jpeg, colour.shape, rotate=turn)])
        yield Made(name=f"rotate-{turn}", data=data, pixels=turned, tolerance=6)
    ink = np.dstack([255 - colour, np.zeros_like(grey)])
    raw = zlib.compress(ink.tobytes())
    cmyk = picture(raw, colour.shape[1::-1], "/FlateDecode", "/DeviceCMYK")
    yield Made(name="flate-cmyk", data=pdf([scan_page(cmyk, colour.shape)]), pixels=colour, tolerance=30)
    buffer = io.BytesIO()
    Image.fromarray(colour).save(buffer, "PDF", resolution=DPI, quality=92)
    yield Made(name="by-pillow", data=buffer.getvalue(), pixels=colour, tolerance=8)
    strips = [jpeg_picture(part) for part in np.array_split(colour, 5)]
    yield Made(name="strips", data=pdf([_strips_page(strips, colour)]), pixels=colour, tolerance=8)


def _strips_page(strips: list[bytes], colour: Array) -> dict[str, Any]:
    """A page of several pictures below one another."""
    scale = 72 / DPI
    height, width = colour.shape[:2]
    content, top = [], 0
    for number, part in enumerate(np.array_split(colour, len(strips))):
        rows = part.shape[0]
        bottom = (height - top - rows) * scale
        content.append(f"q {width * scale} 0 0 {rows * scale} 0 {bottom} cm /Im{number} Do Q")
        top += rows
    return {"size": (width * scale, height * scale), "content": " ".join(content), "pictures": strips}


def skewed_page(image: bytes, shape: tuple[int, ...], degrees: float) -> dict[str, Any]:
    """A page whose scan is turned counter-clockwise by its placement matrix."""
    height, width = (side * 72 / DPI for side in shape[:2])
    turn = cv2.getRotationMatrix2D((0, 0), -degrees, 1.0)
    cosine, sine = turn[0, 0], -turn[0, 1]
    matrix = f"{width * cosine:.6f} {width * sine:.6f} {-height * sine:.6f} {height * cosine:.6f} 0 0"
    return {"size": (width, height), "content": f"q {matrix} cm /Im0 Do Q", "pictures": [image]}
