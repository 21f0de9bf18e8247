"""Page files of many formats, drawn once; each can be stamped with a number, so that no two are alike."""

import io
import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ybda_qc.synth import draw_page, sound_page
from ybda_qc.synth.spec import Pixels

_NUMBER = "serial 0000000000"
_PLACE = _NUMBER.encode("ascii")
_WIDE_PLACE = _NUMBER.encode("utf-16-be")  # how texts stand in a PDF
_SMALL_PX = ((200, 280), (400, 560), (600, 800))
_DRAWN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page file with a place for a number.

    Parameters
    ----------
    suffix
        Of its name, with the dot.
    data
        The file.
    pages
        How many it has.
    is_large
        Whether it is an A4 page at 300 dpi.
    """

    suffix: str
    data: bytes
    pages: int
    is_large: bool = False

    def stamped(self, number: int) -> bytes:
        """The file with a number of its own: as long as any other of this sheet, but another content."""
        text = f"serial {number:010d}"
        if self.suffix == ".png":
            return _stamped_png(self.data, text.encode("ascii"))
        plain = self.data.replace(_PLACE, text.encode("ascii"))
        return plain.replace(_WIDE_PLACE, text.encode("utf-16-be"))


def _stamped_png(data: bytes, text: bytes) -> bytes:
    """A chunk of text has a checksum that must agree."""
    at = data.index(_PLACE)
    start = data.rindex(b"tEXt", 0, at)
    chunk = data[start:at] + text
    return data[:start] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data[at + len(_PLACE) + 4 :]


def draw_sheets(seed: int, large: int) -> list[Sheet]:
    """About two hundred small sheets in all formats, and some A4 pages at 300 dpi in colour."""
    pages = [
        draw_page(sound_page(seed * 1000 + number, mode="colour", dpi=100)).pixels for number in range(_DRAWN)
    ]
    small = [sheet for number in range(_DRAWN) for sheet in _small(pages, number)]
    return small + [_large(seed * 1000 + 500 + number) for number in range(large)]


def _small(pages: Sequence[Pixels], number: int) -> Iterator[Sheet]:
    """A drawn page in every format, and in files of several pages together with those that follow."""
    size = _SMALL_PX[number % len(_SMALL_PX)]
    images = [
        Image.fromarray(cv2.resize(pages[(number + more) % len(pages)], size, interpolation=cv2.INTER_AREA))
        for more in range(2 + number % 3)
    ]
    first = images[0]
    two_level = [image.convert("1") for image in images]
    smallest = first.resize(_SMALL_PX[0])
    yield _sheet(".jpg", [first], quality=85, comment=_NUMBER)
    yield _sheet(".jpg", [first.convert("L")], quality=75, progressive=True, comment=_NUMBER)
    yield _sheet(".jpeg", [smallest], quality=90, comment=_NUMBER)
    yield _sheet(".tif", two_level[:1], compression="group4", description=_NUMBER)
    yield _sheet(".tif", [first], compression="tiff_lzw", description=_NUMBER)
    yield _sheet(".tif", [first.convert("L")], compression="tiff_adobe_deflate", description=_NUMBER)
    yield _sheet(".tiff", [smallest], description=_NUMBER)
    yield _sheet(".tif", [smallest.convert("L")], description=_NUMBER)
    yield _sheet(".tif", images, compression="tiff_lzw", description=_NUMBER)
    yield _sheet(".tif", two_level, compression="group4", description=_NUMBER)
    yield _sheet(".png", [first], pnginfo=_png_text())
    yield _sheet(".png", [first.convert("L")], pnginfo=_png_text())
    yield _sheet(".pdf", [first], title=_NUMBER, resolution=300)
    yield _sheet(".pdf", images, title=_NUMBER, resolution=300)
    yield _sheet(".jp2", [first], quality_mode="rates", quality_layers=[12], comment=_NUMBER)


def _large(seed: int) -> Sheet:
    page = draw_page(sound_page(seed, layout="letter", mode="colour", dpi=300))
    return _sheet(".jpg", [Image.fromarray(page.pixels)], is_large=True, quality=85, comment=_NUMBER)


def _png_text() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", _NUMBER)
    return info


_KINDS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".png": "PNG",
    ".pdf": "PDF",
    ".jp2": "JPEG2000",
}


def _sheet(suffix: str, images: Sequence[Image.Image], *, is_large: bool = False, **options: object) -> Sheet:
    first, *others = images
    if others:
        options |= {"save_all": True, "append_images": others}
    if suffix not in (".pdf", ".jp2"):
        options["dpi"] = (300, 300)
    stream = io.BytesIO()
    first.save(stream, _KINDS[suffix], **options)
    sheet = Sheet(suffix=suffix, data=stream.getvalue(), pages=len(images), is_large=is_large)
    assert sheet.stamped(1) != sheet.stamped(2), suffix
    return sheet


def keep_sheets(sheets: Sequence[Sheet], path: Path) -> None:
    """Write sheets for other processes."""
    path.write_bytes(pickle.dumps(list(sheets)))


def load_sheets(path: Path) -> list[Sheet]:
    """The sheets that `keep_sheets` wrote."""
    sheets: list[Sheet] = pickle.loads(path.read_bytes())
    return sheets
