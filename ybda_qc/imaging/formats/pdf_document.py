"""An opened PDF document (pdfium): structure checked, encryption told, one page at a time."""

import mmap

import pypdfium2 as pdfium
from pypdfium2 import raw

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pdf_structure import check_structure
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import DecodeLimits

_METADATA = (
    ("Producer", "producer"),
    ("Creator", "software"),
    ("Author", "artist"),
    ("Title", "title"),
    ("CreationDate", "datetime"),
)
_TEXT_LONGEST = 256


class Document:
    """A PDF document; closed with its source.

    Parameters
    ----------
    pdf
        The document as pdfium sees it.
    """

    def __init__(self, pdf: pdfium.PdfDocument) -> None:
        self.pdf = pdf
        self.frame_count = len(pdf)
        self.encrypted = raw.FPDF_GetSecurityHandlerRevision(pdf) != -1
        self._open: tuple[int, pdfium.PdfPage] | None = None

    def page(self, frame: int) -> pdfium.PdfPage:
        """Page `frame`, counted from 1; the page opened before is closed.

        Raises
        ------
        ImageFault
            ``unreadable``: there is no such page, or its object is broken.
        """
        if self._open is not None and self._open[0] == frame:
            return self._open[1]
        self._close_page()
        if not 1 <= frame <= self.frame_count:
            count = self.frame_count
            raise ImageFault("unreadable", f"The file has {count} pages; page {frame} does not exist.")
        try:
            page = self.pdf[frame - 1]
        except pdfium.PdfiumError:
            raise ImageFault("unreadable", "The page object is broken.") from None
        self._open = frame, page
        return page

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Producer, software, author, title and date where present."""
        found = []
        for key, name in _METADATA:
            text = self.pdf.get_metadata_value(key)
            text = "".join(character for character in text if character.isprintable())[:_TEXT_LONGEST].strip()
            if text:
                found.append((name, text))
        return tuple(found)

    def close(self) -> None:
        """Close the page, then the document."""
        self._close_page()
        self.pdf.close()

    def _close_page(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def document_of(source: Source, limits: DecodeLimits) -> Document:
    """Open the document, once a source.

    Raises
    ------
    ImageFault
        ``encrypted``: a password is needed; ``truncated`` or ``unreadable``: the structure is damaged;
        ``too-large``.
    """
    known = source.parsed.get("PDF")
    if isinstance(known, Document):
        return known
    under = source.data.obj
    try:
        pdf = pdfium.PdfDocument(source.path if isinstance(under, mmap.mmap) else under)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise ImageFault("encrypted", "A password is needed to open the PDF file.") from None
        check_structure(source.data)
        raise ImageFault("unreadable", "The PDF file has no readable list of pages.") from None
    document = Document(pdf)
    source.parsed["PDF"] = document
    check_structure(source.data)
    if not document.frame_count:
        raise ImageFault("unreadable", "The PDF file has no pages.")
    most = limits.max_frames
    if document.frame_count > most:
        raise ImageFault("too-large", f"More than the {most} pages allowed.")
    return document
