"""hOCR 1.2: text and places of a page as a web page."""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from ybda_qc import __version__
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, PageId, PageText, TextLine, WritingDirection
from ybda_qc.ocr.export.characters import printable, printable_page
from ybda_qc.ocr.export.document import About, NamedViews

_DOCTYPE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    b' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_ABOUT = {
    "ocr-system": f"ybda-qc {__version__}",
    "ocr-capabilities": "ocr_page ocr_carea ocr_line ocrx_word",
}


def write_hocr(pages: NamedViews, path: Path, about: About) -> None:
    """Write pages as one hOCR file; places are in pixels of the stored images.

    Raises
    ------
    ImageFault
        The header of an original is damaged.
    OSError
        The file cannot be written.
    """
    root = Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    head = SubElement(root, "head")
    SubElement(head, "title").text = printable(about.title)
    SubElement(head, "meta", {"http-equiv": "Content-Type", "content": "text/html;charset=utf-8"})
    for name, content in (*_ABOUT.items(), ("ocr-settings", printable(about.reading))):
        SubElement(head, "meta", {"name": name, "content": content})
    body = SubElement(root, "body")
    for number, (page, view) in enumerate(pages, 1):
        _add_page(body, number, page, view)
    path.write_bytes(_DOCTYPE + tostring(root, encoding="UTF-8", xml_declaration=False) + b"\n")


def _add_page(body: Element, number: int, source: PageId, view: PageView) -> None:
    header, text = view.header, view.text
    width, height = (text.width_px, text.height_px) if text else (header.width_px, header.height_px)
    name = printable(str(source)).replace("\\", "\\\\").replace('"', '\\"')
    properties = [f'image "{name}"', f"bbox 0 0 {width} {height}", f"ppageno {number - 1}"]
    if header.dpi_x is not None and header.dpi_y is not None:
        properties.append(f"scan_res {round(header.dpi_x)} {round(header.dpi_y)}")
    page = _element(body, "div", "ocr_page", f"page_{number}", "; ".join(properties))
    if text is not None:
        for place, line in enumerate(printable_page(text).lines, 1):
            if line.words:
                _add_line(page, f"{number}_{place}", line, text)


def _add_line(page: Element, ident: str, line: TextLine, text: PageText) -> None:
    area = _element(page, "div", "ocr_carea", f"block_{ident}", _bbox(line.box))
    angle = f"; textangle {text.turn}" if text.turn else ""
    element = _element(area, "span", "ocr_line", f"line_{ident}", _bbox(line.box) + angle)
    if line.direction is WritingDirection.VERTICAL:
        element.set("style", "writing-mode: vertical-rl")
    for number, word in enumerate(line.words, 1):
        confidence = round(100 * min(max(word.confidence, 0.0), 1.0))
        title = f"{_bbox(word.box)}; x_wconf {confidence}"
        span = _element(element, "span", "ocrx_word", f"word_{ident}_{number}", title)
        end = word.start + len(word.text)
        following = line.words[number].start if number < len(line.words) else end
        span.text, span.tail = word.text, line.text[end:following]


def _element(parent: Element, tag: str, kind: str, ident: str, title: str) -> Element:
    return SubElement(parent, tag, {"class": kind, "id": ident, "title": title})


def _bbox(box: Box) -> str:
    return f"bbox {box.left} {box.top} {box.left + box.width} {box.top + box.height}"
