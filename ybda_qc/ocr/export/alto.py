"""ALTO 4: text and places of pages in XML, as libraries and archives keep them (loc.gov/standards/alto)."""

from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from ybda_qc import __version__
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, PageText, TextLine, WritingDirection
from ybda_qc.model.text import join_boxes
from ybda_qc.ocr.export.characters import printable, printable_page
from ybda_qc.ocr.export.document import About, NamedViews

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_VERSION = "4.4"
_PROCESSING = "reading"


def write_alto(pages: NamedViews, path: Path, about: About) -> None:
    """Write pages as one ALTO file; places are in pixels of the stored images.

    Raises
    ------
    ImageFault
        The header of an original is damaged.
    OSError
        The file cannot be written.
    """
    root = Element("alto", {"xmlns": _NAMESPACE, "SCHEMAVERSION": _VERSION})
    description = SubElement(root, "Description")
    SubElement(description, "MeasurementUnit").text = "pixel"
    images = SubElement(description, "sourceImageInformation")
    SubElement(images, "fileName").text = printable(about.title)
    layout = SubElement(root, "Layout")
    for number, (page, view) in enumerate(pages, 1):
        SubElement(images, "fileIdentifier").text = printable(str(page))
        _add_page(layout, number, view)
    _add_processing(description, about)
    indent(root)
    ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)


def _add_processing(description: Element, about: About) -> None:
    processing = SubElement(description, "Processing", {"ID": _PROCESSING})
    SubElement(processing, "processingCategory").text = "contentGeneration"
    SubElement(processing, "processingStepSettings").text = printable(about.reading)
    software = SubElement(processing, "processingSoftware")
    SubElement(software, "softwareName").text = "ybda-qc"
    SubElement(software, "softwareVersion").text = __version__


def _add_page(layout: Element, number: int, view: PageView) -> None:
    header, text = view.header, view.text
    width, height = (text.width_px, text.height_px) if text else (header.width_px, header.height_px)
    page = SubElement(
        layout,
        "Page",
        {
            "ID": f"page_{number}",
            "PHYSICAL_IMG_NR": str(number),
            "WIDTH": str(width),
            "HEIGHT": str(height),
            "PROCESSINGREFS": _PROCESSING,
            **({"ROTATION": str(text.turn)} if text and text.turn else {}),
        },
    )
    space = SubElement(page, "PrintSpace", _place(Box(left=0, top=0, width=width, height=height)))
    if text is not None:
        _add_blocks(space, number, printable_page(text))


def _add_blocks(space: Element, page: int, text: PageText) -> None:
    """Lines that run the same way, one after another, are a block."""
    lines = (line for line in text.lines if line.words)
    for number, (direction, members) in enumerate(groupby(lines, key=lambda line: line.direction), 1):
        block_lines = list(members)
        attributes = _place(join_boxes([line.box for line in block_lines]))
        block = SubElement(space, "TextBlock", {"ID": f"block_{page}_{number}", **attributes})
        if direction is WritingDirection.VERTICAL:
            block.set("BASEDIRECTION", "ttb")
        for line in block_lines:
            _add_line(block, line)


def _add_line(block: Element, line: TextLine) -> None:
    element = SubElement(block, "TextLine", _place(line.box))
    end = line.words[0].start
    for word in line.words:
        if word.start > end:
            SubElement(element, "SP")
        content = {"CONTENT": word.text, "WC": f"{min(max(word.confidence, 0.0), 1.0):.3f}"}
        SubElement(element, "String", {**_place(word.box), **content})
        end = word.start + len(word.text)


def _place(box: Box) -> dict[str, str]:
    return {
        "HPOS": str(box.left),
        "VPOS": str(box.top),
        "WIDTH": str(box.width),
        "HEIGHT": str(box.height),
    }
