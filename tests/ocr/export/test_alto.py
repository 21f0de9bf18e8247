"""ALTO 4, held against the structure that its schema asks for."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.ocr.export.made_text import CHINESE, horizontal, page_text, vertical
from tests.ocr.export.pages import ABOUT, save_scan, source_pages
from ybda_qc.model import PageText
from ybda_qc.ocr.export.alto import write_alto

_SPACE = "{http://www.loc.gov/standards/alto/ns-v4#}"
_PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
_CHILDREN = {  # in the order of the schema; True: any number of times
    "alto": (("Description", False), ("Layout", False)),
    "Description": (("MeasurementUnit", False), ("sourceImageInformation", False), ("Processing", True)),
    "sourceImageInformation": (("fileName", False), ("fileIdentifier", True)),
    "Processing": (
        ("processingCategory", False),
        ("processingStepSettings", False),
        ("processingSoftware", False),
    ),
    "processingSoftware": (("softwareName", False), ("softwareVersion", False)),
    "Layout": (("Page", True),),
    "Page": (("PrintSpace", False),),
    "PrintSpace": (("TextBlock", True),),
    "TextBlock": (("TextLine", True),),
    "TextLine": ((("String", "SP"), True),),
}
_ATTRIBUTES = {  # asked for, allowed beside these
    "alto": (set(), {"SCHEMAVERSION"}),
    "Processing": ({"ID"}, set()),
    "Page": ({"ID", "PHYSICAL_IMG_NR"}, {"WIDTH", "HEIGHT", "PROCESSINGREFS", "ROTATION"}),
    "PrintSpace": (set(), _PLACE),
    "TextBlock": ({"ID"}, _PLACE | {"BASEDIRECTION"}),
    "TextLine": (set(), _PLACE | {"BASEDIRECTION"}),
    "String": ({"CONTENT"}, _PLACE | {"WC"}),
}


def write(folder: Path, *texts: PageText | None) -> Element:
    files = [(save_scan(folder / f"{number}.jpg", text), text) for number, text in enumerate(texts)]
    with source_pages(files) as pages:
        write_alto(pages, folder / "out.xml", ABOUT)
    return fromstring((folder / "out.xml").read_bytes())


def check_structure(element: Element) -> None:
    name = element.tag.removeprefix(_SPACE)
    asked, allowed = _ATTRIBUTES.get(name, (set(), set()))
    assert asked <= set(element.attrib) <= asked | allowed, name
    rest = [child.tag.removeprefix(_SPACE) for child in element]
    for names, repeated in _CHILDREN.get(name, ()):
        group = names if isinstance(names, tuple) else (names,)
        while rest and rest[0] in group:
            rest.pop(0)
            if not repeated:
                break
    assert not rest, f"{rest} in {name}"
    for child in element:
        assert child.tag.startswith(_SPACE)
        check_structure(child)


def read_lines(root: Element) -> str:
    return "\n".join(
        "".join(part.get("CONTENT", " ") for part in line) for line in root.iter(f"{_SPACE}TextLine")
    )


def test_its_structure_is_that_of_the_schema(tmp_path: Path) -> None:
    mixed = page_text([*(horizontal(text, 200) for text in CHINESE), vertical("竖排", 900, top=800)], 90)

    root = write(tmp_path, mixed, None)

    assert root.tag == f"{_SPACE}alto"
    check_structure(root)
    idents = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(idents) == len(set(idents))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", ident) for ident in idents)
    assert all(int(element.get("WIDTH", "1")) > 0 for element in root.iter())


def test_it_holds_the_text_that_was_read(tmp_path: Path) -> None:
    text = page_text([horizontal(text, 200 + 100 * number) for number, text in enumerate(CHINESE)])

    assert read_lines(write(tmp_path, text)) == text.text


def test_places_are_those_of_the_stored_image(tmp_path: Path) -> None:
    text = page_text([horizontal("档案", 200)], 270)

    root = write(tmp_path, text)

    (page,), strings = root.iter(f"{_SPACE}Page"), list(root.iter(f"{_SPACE}String"))
    assert (page.get("WIDTH"), page.get("HEIGHT"), page.get("ROTATION")) == ("1754", "1240", "270")
    for string, word in zip(strings, text.lines[0].words, strict=True):
        place = [int(string.get(name, "")) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
        assert place == word.box.as_list()


def test_vertical_lines_are_a_block_that_says_so(tmp_path: Path) -> None:
    text = page_text([horizontal("横排", 100), vertical("竖排一", 900), vertical("竖排二", 800)])

    blocks = list(write(tmp_path, text).iter(f"{_SPACE}TextBlock"))

    assert [(block.get("BASEDIRECTION"), len(block)) for block in blocks] == [(None, 1), ("ttb", 2)]


@pytest.mark.parametrize(
    ("content", "written"),
    [("=1+1", "=1+1"), ("<b>&\"'", "<b>&\"'"), ("档\x00案\x0b", "档案"), ("𠮷\ufffe", "𠮷")],
)
def test_any_text_gives_sound_xml(tmp_path: Path, content: str, written: str) -> None:
    assert read_lines(write(tmp_path, page_text([horizontal(content, 100)]))) == written


def test_a_page_not_read_has_no_text(tmp_path: Path) -> None:
    root = write(tmp_path, None)

    (page,) = root.iter(f"{_SPACE}Page")
    assert (page.get("WIDTH"), page.get("HEIGHT")) == ("620", "877")
    assert read_lines(root) == ""


def test_pages_of_an_item_are_named_in_order(tmp_path: Path) -> None:
    root = write(tmp_path, None, page_text([horizontal("二", 100)]))

    assert [element.text for element in root.iter(f"{_SPACE}fileIdentifier")] == [
        "item/0.jpg#1",
        "item/1.jpg#1",
    ]
    assert [page.get("PHYSICAL_IMG_NR") for page in root.iter(f"{_SPACE}Page")] == ["1", "2"]
