"""PDF: the page image at its native resolution where the page is one scan, the drawn page otherwise."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pdf_active import active_content_of
from ybda_qc.imaging.formats.pdf_contents import (
    check_missing_pictures,
    count_pages,
    is_plain_g4,
    may_draw_pictures,
)
from ybda_qc.imaging.formats.pdf_document import Document, document_of
from ybda_qc.imaging.formats.pdf_images import (
    PictureFacts,
    check_picture,
    decode_picture,
    facts_of,
)
from ybda_qc.imaging.formats.pdf_page import PageContent, content_of, display_axes, displayed
from ybda_qc.imaging.formats.pixels import check_size
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Decoded, DecodeLimits, Header, Pixels

_POINTS_AN_INCH = 72.0
_PICTURES_CHECKED = 1000
_PAGES_READ_TWICE = 1000
_SMALL_LONG_SIDE = 256
_ANOTHER_PICTURE = 64.0
"""Mean difference in grey levels above which a drawn page is not its picture, inverted or not."""


@dataclass(frozen=True, slots=True)
class _Page:
    frame: int
    content: PageContent
    facts: tuple[PictureFacts, ...]


def _page_of(source: Source, frame: int, limits: DecodeLimits) -> tuple[Document, _Page]:
    document = document_of(source, limits)
    known = source.parsed.get("PDF page")
    if isinstance(known, _Page) and known.frame == frame:
        return document, known
    try:
        content = content_of(document.page(frame), limits)
        facts = tuple(facts_of(picture) for picture in content.pictures[:_PICTURES_CHECKED])
    except pdfium.PdfiumError as error:
        words = str(error)
        raise ImageFault("unreadable", f"The PDF page is broken ({words}).") from None
    page = _Page(frame, content, facts)
    source.parsed["PDF page"] = page
    return document, page


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of page `frame` of a PDF file.

    Active content is looked for in the whole file, and only with the first page.

    Raises
    ------
    ImageFault
        The file is damaged or encrypted, the page is broken or too large.
    """
    document, page = _page_of(source, frame, limits)
    content, facts = page.content, page.facts
    if frame == 1 and count_pages(source.data) > document.frame_count:
        raise ImageFault("unreadable", "The PDF file holds more pages than it counts.")
    # Reading the objects again costs time with every page: in long files only where there is reason.
    is_long = document.frame_count > _PAGES_READ_TWICE
    if not is_long or (not content.pictures and may_draw_pictures(source.data)):
        check_missing_pictures(source.data, frame, pictures=len(content.pictures), is_empty=content.is_empty)
    width, height, dpi_x, dpi_y = _geometry(content, limits)
    main = _main(content, facts)
    return Header(
        format="PDF",
        frame_count=document.frame_count,
        width_px=width,
        height_px=height,
        dpi_x=dpi_x,
        dpi_y=dpi_y,
        dpi_source="pdf-placed",
        colour_mode=_colour_mode(content, facts),
        bits_per_sample=main.bits if main else 8,
        samples_per_pixel=main.samples if main else 3,
        compression=_compression(content, facts),
        lossy=_lossy(facts),
        progressive=main.progressive if main else False,
        jpeg_quality=main.jpeg_quality if main else None,
        chroma_subsampling=main.chroma_subsampling if main else None,
        encrypted=document.encrypted,
        has_text_layer=content.has_text,
        is_single_image=content.scan is not None,
        active_content=active_content_of(source.data) if frame == 1 else (),
        metadata=document.metadata(),
    )


def _geometry(content: PageContent, limits: DecodeLimits) -> tuple[int, int, float, float]:
    scan = content.scan
    if scan is None:
        dpi = content.render_dpi
        width = max(1, round(content.width_points * dpi / _POINTS_AN_INCH))
        height = max(1, round(content.height_points * dpi / _POINTS_AN_INCH))
        check_size(width, height, limits)
        return width, height, dpi, dpi
    width, height = scan.width_px, scan.height_px
    dpi_x, dpi_y = scan.dpi
    across, _ = display_axes(scan, content.rotation)
    if across[0] == 0:
        width, height, dpi_x, dpi_y = height, width, dpi_y, dpi_x
    return width, height, round(dpi_x, 2), round(dpi_y, 2)


def _main(content: PageContent, facts: tuple[PictureFacts, ...]) -> PictureFacts | None:
    """The largest picture, whose coding stands for the page's; None for a page without pictures."""
    if not facts:
        return None
    areas = [picture.area for picture in content.pictures[: len(facts)]]
    return facts[areas.index(max(areas))]


def _colour_mode(content: PageContent, facts: tuple[PictureFacts, ...]) -> str:
    if content.scan is not None:
        return facts[0].colour_mode
    if content.only_pictures and facts and all(fact.is_grey for fact in facts):
        return "grey"
    return "rgb"


def _compression(content: PageContent, facts: tuple[PictureFacts, ...]) -> str:
    names = {fact.compression for fact in facts}
    if content.scan is not None or (len(names) == 1 and content.only_pictures):
        return facts[0].compression
    return "mixed" if names and content.only_pictures else "vector"


def _lossy(facts: tuple[PictureFacts, ...]) -> bool | None:
    kinds = {fact.lossy for fact in facts}
    if True in kinds:
        return True
    return None if None in kinds else False


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of page `frame`, as displayed.

    Raises
    ------
    ImageFault
        A picture on the page is damaged; it never silently becomes white.
    """
    document, page = _page_of(source, frame, limits)
    content = page.content

    def declares_g4(width_px: int, height_px: int) -> bool:
        return is_plain_g4(source.data, frame, width_px, height_px)

    try:
        if content.scan is None:
            verified = [
                check_picture(picture, facts, limits, declares_g4)
                for picture, facts in zip(content.pictures, page.facts, strict=False)
            ]
            pixels = _render(document.page(frame), header.width_px, header.height_px, header)
            return Decoded(pixels=pixels, verified=all(verified))
        decoded, is_certain = decode_picture(content.scan, page.facts[0], limits, declares_g4)
        pixels = np.ascontiguousarray(displayed(decoded.pixels, content.scan, content.rotation))
        if not is_certain:
            pixels = _as_shown(pixels, document.page(frame), header)
        return replace(decoded, pixels=pixels)
    except pdfium.PdfiumError as error:
        words = str(error)
        raise ImageFault("unreadable", f"The PDF page cannot be drawn ({words}).") from None


def _as_shown(pixels: Pixels, page: pdfium.PdfPage, header: Header) -> Pixels:
    """Give a picture the colours in which the page shows it.

    A page may invert a picture, use it as a mask, or colour it; a small drawing of the page tells.
    """
    scale = min(1.0, _SMALL_LONG_SIDE / max(header.width_px, header.height_px))
    size = max(1, round(header.width_px * scale)), max(1, round(header.height_px * scale))
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.int16)
    shown = _render(page, *size, header, as_grey=True).astype(np.int16)
    apart = float(np.abs(shown - small).mean())
    apart_inverted = float(np.abs(shown - (255 - small)).mean())
    if min(apart, apart_inverted) > _ANOTHER_PICTURE:
        return _render(page, header.width_px, header.height_px, header)
    return np.subtract(255, pixels, dtype=np.uint8) if apart_inverted < apart else pixels


def _render(
    page: pdfium.PdfPage, width: int, height: int, header: Header, *, as_grey: bool = False
) -> Pixels:
    """Draw the page to exactly this size, on white, with its annotations."""
    grey = as_grey or header.colour_mode in ("grey", "bitonal")
    kind = raw.FPDFBitmap_Gray if grey else raw.FPDFBitmap_BGR
    bitmap = pdfium.PdfBitmap.new_native(width, height, kind, rev_byteorder=not grey)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = raw.FPDF_ANNOT | (raw.FPDF_GRAYSCALE if grey else raw.FPDF_REVERSE_BYTE_ORDER)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
        return np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        bitmap.close()
