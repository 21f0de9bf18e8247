"""Searchable PDF, read back by other libraries: the picture unchanged, the text equal to what was read."""

import re
import struct
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import Made
from tests.ocr.export.made_text import CHINESE, UPRIGHT, horizontal, page_text, vertical
from tests.ocr.export.pages import ABOUT, save_scan, source_pages
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageText, QuarterTurn, TextLine
from ybda_qc.ocr.export import pdf as pdf_writer
from ybda_qc.ocr.export.pdf import write_pdf

TURNS: tuple[QuarterTurn, ...] = (0, 90, 180, 270)
STEEP = ("steep", "falling")
LONG = "".join(CHINESE[:2])
ROWS = [horizontal(text, 200 + 120 * number) for number, text in enumerate(CHINESE)]
LAYOUTS = {
    "horizontal": ROWS,
    "tight": [horizontal(text, 200 + 40 * number) for number, text in enumerate(CHINESE)],
    "askew": [horizontal(text, 200 + 120 * number, slope=0.03) for number, text in enumerate(CHINESE)],
    "steep": [
        horizontal(text, 300 + 44 * number, slope=-0.04)
        for number, text in enumerate((LONG, CHINESE[3], LONG, LONG, CHINESE[0], LONG))
    ],
    "falling": [
        horizontal(text, 300 + 44 * number, slope=0.04)
        for number, text in enumerate((LONG, CHINESE[3], LONG, LONG, CHINESE[0], LONG))
    ],
    "overlapping": [horizontal(text, 200 + 30 * number) for number, text in enumerate(CHINESE)],
    "vertical": [vertical(text, 1100 - 120 * number) for number, text in enumerate(CHINESE)],
    "mixed": [*ROWS, *(vertical(text, 900 - 60 * n, top=800) for n, text in enumerate(CHINESE))],
}


def write(path: Path, files: list[tuple[Path, PageText | None]], *, frame: int = 1) -> Path:
    with source_pages(files, frame=frame) as pages:
        write_pdf(pages, path, ABOUT)
    return path


def searchable(folder: Path, text: PageText) -> Path:
    return write(folder / "page.pdf", [(save_scan(folder / "page.jpg", text), text)])


def read_by_pypdf(path: Path) -> str:
    return "\f".join(page.extract_text() for page in PdfReader(path).pages)


def read_by_pdfium(path: Path) -> str:
    with pdfium.PdfDocument(path) as document:
        return "\f".join(page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_comes_back_as_it_was_read(tmp_path: Path, layout: str, turn: QuarterTurn) -> None:
    text = page_text(LAYOUTS[layout], turn)

    path = searchable(tmp_path, text)

    assert read_by_pypdf(path) == text.text
    if layout in STEEP and turn in (90, 270):  # pdfium joins short lines with the one before
        assert read_by_pdfium(path).split() == text.text.split()
    else:
        assert read_by_pdfium(path) == text.text


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_character_lies_on_its_word(tmp_path: Path, layout: str, turn: QuarterTurn) -> None:
    text = page_text(LAYOUTS[layout], turn)
    path = searchable(tmp_path, text)

    places = character_places(path)

    asked = [
        (unit, word.box)
        for line in text.lines
        for word in line.words
        for (unit,) in struct.iter_unpack(">H", word.text.encode("utf-16-be"))
    ]
    assert [unit for unit, *_ in places] == [unit for unit, _ in asked]
    for (_, across, down), (_, box) in zip(places, asked, strict=True):
        assert box.left - 3 <= across <= box.left + box.width + 3
        assert box.top - 3 <= down <= box.top + box.height + 3


def character_places(path: Path) -> list[tuple[int, float, float]]:
    """Visible characters, as UTF-16 counts them, with their middles in stored pixels at 150 dpi."""
    found = []
    with pdfium.PdfDocument(path) as document:
        page = document[0]
        height = page.get_mediabox()[3]
        reader = page.get_textpage()
        for place in range(reader.count_chars()):
            unit = pdfium.raw.FPDFText_GetUnicode(reader, place)
            if not chr(unit).isspace():
                left, bottom, right, top = reader.get_charbox(place)
                across, down = (left + right) / 2, height - (bottom + top) / 2
                found.append((unit, across * 150 / 72, down * 150 / 72))
    return found


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_page_is_shown_upright(tmp_path: Path, turn: QuarterTurn) -> None:
    path = searchable(tmp_path, page_text(ROWS, turn))

    with pikepdf.open(path) as pdf:
        assert int(pdf.pages[0].get("/Rotate", 0)) == turn
    with pdfium.PdfDocument(path) as document:
        assert document[0].get_size() == pytest.approx([side * 72 / 150 for side in UPRIGHT], abs=0.01)


def test_the_text_is_not_seen(tmp_path: Path) -> None:
    text = page_text(ROWS)
    scan = save_scan(tmp_path / "page.jpg", text)

    with_text, without = (
        shown(write(tmp_path / f"{number}.pdf", [(scan, given)])) for number, given in enumerate((text, None))
    )

    assert np.array_equal(with_text, without)


def shown(path: Path, scale: float = 1.0) -> np.ndarray:
    with pdfium.PdfDocument(path) as document:
        return document[0].render(scale=scale, rev_byteorder=True).to_numpy()[..., :3].copy()


def test_the_data_of_a_jpeg_are_untouched(tmp_path: Path) -> None:
    text = page_text(ROWS, 90)

    path = searchable(tmp_path, text)

    with pikepdf.open(path) as pdf:
        assert pdf.pages[0].Resources.XObject.P.read_raw_bytes() == (tmp_path / "page.jpg").read_bytes()


def _files() -> list[Made]:
    kinds = (made_files.jpegs, made_files.tiffs, made_files.pngs, made_files.bmps, made_files.jp2s)
    return [made for kind in kinds for made in kind()]


@pytest.mark.parametrize("made", _files(), ids=lambda made: made.name)
def test_pixels_of_every_kind_of_file_are_shown_as_they_are(tmp_path: Path, made: Made) -> None:
    scan = tmp_path / "scan"
    scan.write_bytes(made.data)
    with open_source(scan) as source:
        view = PageView(source, made.frame)
        pixels, mode, bits = view.pixels, view.header.colour_mode, view.header.bits_per_sample
    pixels = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)

    path = write(tmp_path / "scan.pdf", [(scan, None)], frame=made.frame)

    with pdfium.PdfDocument(path) as document:
        (picture,) = document[0].get_objects()
        assert picture.get_px_size() == (pixels.shape[1], pixels.shape[0])
        decoded = picture.get_bitmap().to_pil().convert("RGB")
        difference = np.abs(np.asarray(decoded, dtype=int) - pixels)
    if mode in ("cmyk", "ycck"):
        assert difference.mean() < 8  # readers turn ink into light in ways of their own
    else:
        assert difference.max() <= (1 if bits == 16 else 0)


def test_pages_have_the_size_of_the_paper(tmp_path: Path) -> None:
    scan = save_scan(tmp_path / "a.jpg", dpi=(300, 200))

    page = PdfReader(write(tmp_path / "a.pdf", [(scan, None)])).pages[0]

    assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, 620 * 72 / 300, 877 * 72 / 200])


def test_without_a_resolution_a_pixel_is_a_point(tmp_path: Path) -> None:
    scan = save_scan(tmp_path / "a.jpg", dpi=None)

    page = PdfReader(write(tmp_path / "a.pdf", [(scan, None)])).pages[0]

    assert [float(side) for side in page.mediabox] == [0, 0, 620, 877]


def test_a_page_too_large_for_readers_has_larger_units(tmp_path: Path) -> None:
    text = page_text(ROWS)
    scan = save_scan(tmp_path / "a.jpg", text, dpi=(4, 4))

    path = write(tmp_path / "a.pdf", [(scan, text)])

    page = PdfReader(path).pages[0]
    assert page.user_unit == 3
    assert float(page.mediabox.height) == pytest.approx(1754 * 72 / 4 / 3, abs=0.001)
    assert read_by_pdfium(path) == text.text


def test_an_item_is_one_file_however_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [page_text([horizontal(f"第{number}页", 200)]) for number in range(5)]
    files = [(save_scan(tmp_path / f"{n}.jpg", text), text) for n, text in enumerate(texts)]
    whole = write(tmp_path / "whole.pdf", [*files, (files[0][0], None)])
    monkeypatch.setattr(pdf_writer, "_PART_BYTES", 30_000)  # a page or two

    parted = write(tmp_path / "parted.pdf", [*files, (files[0][0], None)])

    for path in (whole, parted):
        assert read_by_pypdf(path) == "\f".join([*(text.text for text in texts), ""])
        with pikepdf.open(path) as pdf:
            assert pdf.pages[2].Resources.XObject.P.read_raw_bytes() == files[2][0].read_bytes()


def test_the_same_pages_give_the_same_file(tmp_path: Path) -> None:
    text = page_text(ROWS)
    files: list[tuple[Path, PageText | None]] = [(save_scan(tmp_path / "a.jpg", text), text)]

    one, other = (write(tmp_path / name, files).read_bytes() for name in ("1.pdf", "2.pdf"))

    assert one == other


def test_it_claims_pdf_a_and_keeps_its_rules(tmp_path: Path) -> None:
    path = searchable(tmp_path, page_text(LAYOUTS["mixed"]))

    with pikepdf.open(path) as pdf:
        metadata = pdf.open_metadata()
        assert metadata.pdfa_status == "2U"
        assert metadata["dc:title"] == str(pdf.docinfo.Title) == ABOUT.title
        assert metadata["pdf:Producer"] == str(pdf.docinfo.Producer)
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert profile[16:20] == b"RGB " and profile[8] == 4
        assert "/ID" in pdf.trailer and not pdf.check_pdf_syntax()
        font = pdf.pages[0].Resources.Font.F
        descendant = font.DescendantFonts[0]
        codes = len(descendant.W[1])
        glyphs = descendant.CIDToGIDMap.read_bytes()
        assert len(glyphs) == 2 * (codes + 1)
        assert all(glyphs[place : place + 2] != b"\0\0" for place in range(2, len(glyphs), 2))
        mapped = re.findall(rb"^<([0-9A-F]{4})> <[0-9A-F]+>$", font.ToUnicode.read_bytes(), re.M)
        assert [int(code, 16) for code in mapped[1:]] == list(range(1, codes + 1))


def test_ink_without_a_profile_makes_no_claim(tmp_path: Path) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(next(made.data for made in made_files.jpegs() if made.name == "cmyk-adobe"))

    with pikepdf.open(write(tmp_path / "a.pdf", [(scan, None)])) as pdf:
        assert not pdf.open_metadata().pdfa_status
        assert "/OutputIntents" not in pdf.Root


def test_control_characters_do_not_come_through(tmp_path: Path) -> None:
    path = searchable(tmp_path, page_text([horizontal("档\x00案\u202e\x1b馆", 200)]))

    assert read_by_pypdf(path) == read_by_pdfium(path) == "档案馆"


def test_words_on_top_of_each_other_do_no_harm(tmp_path: Path) -> None:
    line = horizontal("档案馆", 200)
    words = tuple(word.__class__(start=w.start, text=w.text, box=line.words[0].box, confidence=1.0)
                  for w, word in zip(line.words, line.words, strict=True))  # fmt: skip
    flat = TextLine(text=line.text, box=line.box, confidence=1.0, direction=line.direction, words=words)

    assert read_by_pypdf(searchable(tmp_path, page_text([flat]))) == "档案馆"


def _original(folder: Path, name: str) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(next(made.data for made in made_pdfs.pdfs() if made.name == name))
    return path


@pytest.mark.parametrize("name", [made.name for made in made_pdfs.pdfs()])
def test_a_page_of_a_pdf_looks_as_before(tmp_path: Path, name: str) -> None:
    original = _original(tmp_path, name)

    path = write(tmp_path / "copy.pdf", [(original, None)])

    before, after = shown(original, 2.0), shown(path, 2.0)
    assert before.shape == after.shape
    assert np.abs(before.astype(int) - after).mean() < 1


def test_an_older_text_layer_gives_way_to_the_text_read(tmp_path: Path) -> None:
    original = _original(tmp_path, "jpeg-with-text")
    assert PdfReader(original).pages[0].extract_text() != ""
    width, height = made_files.WIDTH, made_files.HEIGHT
    line = horizontal("新读的字", 20, left=10)
    text = PageText(width_px=width, height_px=height, turn=0, lines=(line,))

    path = write(tmp_path / "copy.pdf", [(original, text)])

    assert read_by_pypdf(path) == read_by_pdfium(path) == "新读的字"
