"""Where characters of a page's text stand."""

import pytest

from ybda_qc.model import Box, PageText, QuarterTurn, TextLine, Word, WritingDirection


def line(text: str, box: Box, direction: WritingDirection, *words: Word) -> TextLine:
    return TextLine(text=text, box=box, confidence=0.9, direction=direction, words=words)


def page(turn: QuarterTurn, *lines: TextLine) -> PageText:
    return PageText(width_px=100, height_px=200, turn=turn, lines=lines)


def word(start: int, text: str, left: int, top: int, width: int, height: int) -> Word:
    box = Box(left=left, top=top, width=width, height=height)
    return Word(start=start, text=text, box=box, confidence=0.9)


TWO_LINES = page(
    0,
    line(
        "档案 QC",
        Box(left=10, top=20, width=70, height=10),
        WritingDirection.HORIZONTAL,
        word(0, "档", 10, 20, 10, 10),
        word(1, "案", 20, 20, 10, 10),
        word(3, "QC", 40, 20, 40, 10),
    ),
    line(
        "验",
        Box(left=10, top=40, width=10, height=10),
        WritingDirection.HORIZONTAL,
        word(0, "验", 10, 40, 10, 10),
    ),
)


@pytest.mark.parametrize(
    ("part", "boxes"),
    [
        ("档案", [(10, 20, 20, 10)]),
        ("案 Q", [(20, 20, 40, 10)]),
        ("C", [(60, 20, 20, 10)]),
        ("QC\n验", [(40, 20, 40, 10), (10, 40, 10, 10)]),
    ],
)
def test_characters_are_found_a_box_for_each_line(part: str, boxes: list[tuple[int, ...]]) -> None:
    start = TWO_LINES.text.index(part)

    found = [tuple(box.as_list()) for box in TWO_LINES.boxes(start, start + len(part))]

    assert found == boxes


def test_a_blank_has_no_place() -> None:
    assert list(TWO_LINES.boxes(2, 3)) == []


@pytest.mark.parametrize(
    ("turn", "direction", "half"),
    [
        (0, WritingDirection.HORIZONTAL, (0, 0, 20, 40)),
        (0, WritingDirection.VERTICAL, (0, 0, 40, 20)),
        (90, WritingDirection.HORIZONTAL, (0, 20, 40, 20)),  # reads upwards on the stored image
        (90, WritingDirection.VERTICAL, (0, 0, 20, 40)),
        (180, WritingDirection.HORIZONTAL, (20, 0, 20, 40)),
        (180, WritingDirection.VERTICAL, (0, 20, 40, 20)),
        (270, WritingDirection.HORIZONTAL, (0, 0, 40, 20)),  # reads downwards
        (270, WritingDirection.VERTICAL, (20, 0, 20, 40)),
    ],
)
def test_part_of_a_word_lies_along_its_line(
    turn: QuarterTurn, direction: WritingDirection, half: tuple[int, ...]
) -> None:
    box = Box(left=0, top=0, width=40, height=40)
    text = page(turn, line("AB", box, direction, word(0, "AB", 0, 0, 40, 40)))

    (found,) = text.boxes(0, 1)

    assert tuple(found.as_list()) == half
