"""hOCR, read back as XML."""

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from tests.ocr.export.made_text import CHINESE, horizontal, page_text, vertical
from tests.ocr.export.pages import ABOUT, save_scan, source_pages
from ybda_qc.model import PageText
from ybda_qc.ocr.export.hocr import write_hocr


def write(folder: Path, *texts: PageText | None, name: str = "{}.jpg") -> Element:
    files = [(save_scan(folder / name.format(number), text), text) for number, text in enumerate(texts)]
    with source_pages(files) as pages:
        write_hocr(pages, folder / "out.html", ABOUT)
    return fromstring((folder / "out.html").read_bytes())


def of_class(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if element.get("class") == name]


def test_it_holds_the_text_that_was_read(tmp_path: Path) -> None:
    text = page_text([horizontal(text, 200 + 100 * number) for number, text in enumerate(CHINESE)])

    lines = of_class(write(tmp_path, text), "ocr_line")

    assert "\n".join("".join(line.itertext()) for line in lines) == text.text


def test_words_have_places_and_confidence(tmp_path: Path) -> None:
    text = page_text([horizontal("QC", 200)])
    (word,) = text.lines[0].words

    (found,) = of_class(write(tmp_path, text), "ocrx_word")

    box = word.box
    place = f"bbox {box.left} {box.top} {box.left + box.width} {box.top + box.height}"
    assert found.get("title") == f"{place}; x_wconf 90"


def test_turned_and_vertical_lines_say_so(tmp_path: Path) -> None:
    across, down = of_class(
        write(tmp_path, page_text([horizontal("横", 9), vertical("竖", 99)], 90)), "ocr_line"
    )

    assert str(across.get("title")).endswith("; textangle 90")
    assert (across.get("style"), down.get("style")) == (None, "writing-mode: vertical-rl")


def test_pages_say_which_image_they_are(tmp_path: Path) -> None:
    first, second = of_class(write(tmp_path, None, None, name='a"{}.jpg'), "ocr_page")

    assert first.get("title") == 'image "item/a\\"0.jpg#1"; bbox 0 0 620 877; ppageno 0; scan_res 150 150'
    assert "ppageno 1" in str(second.get("title"))


def test_markup_in_a_text_is_text(tmp_path: Path) -> None:
    root = write(tmp_path, page_text([horizontal("<script>alert(1)</script>&amp;\x00", 100)]))

    assert "".join(of_class(root, "ocr_line")[0].itertext()) == "<script>alert(1)</script>&amp;"
    assert not [element for element in root.iter() if element.tag.endswith("script")]
