"""Pages read by the engines themselves: turned, in columns from right to left, huge, blank."""

from dataclasses import replace

import numpy as np
import pytest

from tests.ocr.pages import bare, overlap, view_of, written
from ybda_qc.model import WritingDirection
from ybda_qc.ocr.characters import is_chinese
from ybda_qc.ocr.choice import choose_engine, open_reader
from ybda_qc.ocr.reading import PageReader
from ybda_qc.ocr.tesseract_engine import installed_languages, installed_version
from ybda_qc.synth import PageSpec, draw_page

SMALL = PageSpec(layout="text", paper_mm=(100.0, 70.0), dpi=200.0, font_mm=4.0, seed=11)

has_tesseract = pytest.mark.skipif(
    installed_version() is None or "chi_sim" not in installed_languages(),
    reason="tesseract with Chinese is not installed",
)


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return open_reader(choose_engine("rapidocr", ("chi_sim", "eng")))


@pytest.mark.parametrize("quarter_turns", [0, 1, 2])
def test_a_turned_page_is_read_and_its_words_lie_where_they_are_stored(
    reader: PageReader, quarter_turns: int
) -> None:
    page = draw_page(replace(SMALL, quarter_turns=quarter_turns))

    with view_of(page.pixels, SMALL.dpi) as view:
        text = reader.read(view)

    assert text.turn == page.truth.upright_turn
    assert (text.height_px, text.width_px) == page.pixels.shape
    assert bare(text.text) == written(page.truth)
    for line, drawn in zip(text.lines, page.truth.lines, strict=True):
        assert overlap(line.box, drawn.box) > 0.6
        assert line.direction is WritingDirection.HORIZONTAL


def test_vertical_writing_is_read_column_by_column(reader: PageReader) -> None:
    page = draw_page(replace(SMALL, layout="vertical", paper_mm=(80.0, 110.0), quarter_turns=1, font_mm=5.0))

    with view_of(page.pixels, SMALL.dpi) as view:
        text = reader.read(view)

    assert text.turn == 270
    assert bare(text.text) == written(page.truth)
    first = text.lines[0]
    assert first.direction is WritingDirection.VERTICAL
    assert overlap(first.box, page.truth.lines[0].box) > 0.5
    assert [word.box.left for word in first.words] == sorted(
        (word.box.left for word in first.words), reverse=True
    )


@pytest.mark.parametrize("layout", ["text", "vertical"])
@pytest.mark.parametrize("quarter_turns", [0, 3])
def test_each_character_has_its_own_place(reader: PageReader, layout: str, quarter_turns: int) -> None:
    page = draw_page(
        replace(SMALL, layout=layout, paper_mm=(100.0, 100.0), font_mm=4.5, quarter_turns=quarter_turns)
    )

    with view_of(page.pixels, SMALL.dpi) as view:
        text = reader.read(view)

    boxes = {line.text: line.box for line in page.truth.lines}
    known = [line for line in text.lines if line.text in boxes and all(map(is_chinese, line.text))]
    assert len(known) >= 2
    for line in known:
        drawn = boxes[line.text]
        runs_down = drawn.height > drawn.width
        pitch = max(drawn.width, drawn.height) / len(line.text)
        middles = [
            (word.box.top + word.box.height / 2 - drawn.top)
            if runs_down
            else (word.box.left + word.box.width / 2 - drawn.left)
            for word in line.words
        ]
        # quarter turns by three make lines run upwards, and columns run rightwards
        places = [pitch * (place + 0.5) for place in range(len(middles))]
        expected = places[::-1] if runs_down and layout == "text" else places
        assert middles == pytest.approx(expected, abs=0.5 * pitch)


def test_a_line_that_two_tiles_share_is_read_once_and_whole(reader: PageReader) -> None:
    page = draw_page(
        replace(SMALL, layout="sparse", language="en", paper_mm=(500.0, 40.0), font_mm=20.0, seed=1)
    )
    assert max(page.pixels.shape) > 3600

    with view_of(page.pixels, SMALL.dpi) as view:
        text = reader.read(view)

    assert bare(text.lines[0].text) == bare(page.truth.lines[0].text)
    assert " " in text.lines[0].text


def test_a_page_in_four_tiles_is_read_once_and_whole(reader: PageReader) -> None:
    page = draw_page(replace(SMALL, paper_mm=(480.0, 330.0), font_mm=11.0, seed=5))
    assert min(page.pixels.shape) > 2400

    with view_of(page.pixels, SMALL.dpi) as view:
        text = reader.read(view)

    assert [bare(line.text) for line in text.lines] == [bare(line.text) for line in page.truth.lines]


def test_a_blank_page_has_no_text(reader: PageReader) -> None:
    with view_of(np.full((700, 500), 250, np.uint8), 100.0) as view:
        assert reader.read(view).lines == ()


def test_a_resolution_that_makes_a_page_a_stamp_is_not_believed(reader: PageReader) -> None:
    page = draw_page(SMALL)

    with view_of(page.pixels, 2400.0) as view:
        text = reader.read(view)

    assert bare(text.text) == written(page.truth)


def test_a_page_of_a_few_pixels(reader: PageReader) -> None:
    with view_of(np.full((3, 2, 3), 200, np.uint8), None) as view:
        assert reader.read(view).lines == ()


@has_tesseract
def test_tesseract_reads_a_page_turned_upright() -> None:
    page = draw_page(replace(SMALL, quarter_turns=2))

    with view_of(page.pixels, SMALL.dpi) as view:
        text = open_reader(choose_engine("tesseract", ("chi_sim",))).read(view)

    assert text.turn == 180
    assert len(set(bare(text.text)) & set(written(page.truth))) > 0.8 * len(set(written(page.truth)))
    assert " " not in text.lines[0].text
    assert overlap(text.lines[0].box, page.truth.lines[0].box) > 0.5
