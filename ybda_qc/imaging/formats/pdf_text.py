"""The text layer 文本层 of a PDF page: characters and where they stand, visible or not."""

import ctypes
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from ybda_qc.imaging.formats.pdf_document import document_of
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import DecodeLimits, Header

CHARACTERS_MOST: Final = 50_000
"""More of them on a page are not read: a sheet of small print has a tenth of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayer:
    """Characters of a page in the order of the file, without blanks.

    Attributes
    ----------
    text
        The characters.
    middles
        Where the middle of each lies, x and y in pixels of the stored image; may lie off the page.
    """

    text: str
    middles: tuple[tuple[int, int], ...]


def read_text_layer(source: Source, header: Header, frame: int, limits: DecodeLimits) -> TextLayer:
    """Read the text of a PDF page; empty where there is none, or none that pdfium can read.

    Raises
    ------
    ImageFault
        The file or the page cannot be opened.
    """
    page = document_of(source, limits).page(frame)
    try:
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return TextLayer(text="", middles=())
    try:
        return _read(page, text_page, header)
    finally:
        text_page.close()


def _read(page: pdfium.PdfPage, text_page: Any, header: Header) -> TextLayer:
    letters, middles = [], []
    for at in range(min(raw.FPDFText_CountChars(text_page), CHARACTERS_MOST)):
        code = raw.FPDFText_GetUnicode(text_page, at)
        letter = chr(code) if 0 < code <= 0x10FFFF else ""
        middle = _middle(page, text_page, at, header) if letter.isprintable() and letter.strip() else None
        if middle is not None:
            letters.append(letter)
            middles.append(middle)
    return TextLayer(text="".join(letters), middles=tuple(middles))


def _middle(page: pdfium.PdfPage, text_page: Any, at: int, header: Header) -> tuple[int, int] | None:
    rectangle = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(rectangle)):
        return None
    x, y = (rectangle.left + rectangle.right) / 2, (rectangle.bottom + rectangle.top) / 2
    across, down = ctypes.c_int(), ctypes.c_int()
    size = (header.width_px, header.height_px)
    if not raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down)):
        return None
    return across.value, down.value
