"""Text of pages made by hand, and how a sheet of them looks to a reader."""

from collections.abc import Sequence

from ybda_qc.model import Box, PageText, QuarterTurn, TextLine, Word, WritingDirection
from ybda_qc.model.text import join_boxes

UPRIGHT = (1240, 1754)  # pixels of a page at 150 dpi
_EM, _STEP = 36, 40  # boxes seldom touch

CHINESE = (
    "上海市浦东新区人民法院",
    "民事判决书（2024）沪0115民初12号",
    "𠮷田𬀩生：见附件 A-3, page 12.",
    "档案 QC 验收",
)


def cells(text: str, left: float, top: float) -> list[tuple[int, str, Box]]:
    """Chinese characters one by one and runs of others, on an upright page; blanks are left out."""
    found: list[tuple[int, str, Box]] = []
    at, run, begin, run_left = left, "", 0, left
    for place, character in enumerate(f"{text} "):
        is_wide = ord(character) > 0x2E80
        if run and (is_wide or character == " "):
            found.append((begin, run, _cell(run_left, top, at - run_left)))
            run = ""
        if is_wide:
            found.append((place, character, _cell(at, top, _STEP)))
        elif character != " ":
            begin, run_left = (begin, run_left) if run else (place, at)
            run += character
        at += _STEP if is_wide else _STEP / 2
    return found


def _cell(left: float, top: float, width: float) -> Box:
    return Box(left=round(left + 2), top=round(top), width=round(width - 4), height=_EM)


def horizontal(text: str, top: float, *, left: float = 100, slope: float = 0.0) -> TextLine:
    """A line from left to right on an upright page; `slope` lowers it on its way."""
    words = tuple(
        Word(start=start, text=word, box=_moved(box, slope * (box.left - left)), confidence=0.9)
        for start, word, box in cells(text, left, top)
    )
    return _line(text, words, WritingDirection.HORIZONTAL)


def vertical(text: str, right: float, *, top: float = 100) -> TextLine:
    """A line from top to bottom on an upright page, whose right edge is given."""
    words = tuple(
        Word(
            start=start,
            text=word,
            box=Box(left=round(right - _EM), top=box.left, width=_EM, height=box.width),
            confidence=0.9,
        )
        for start, word, box in cells(text, top, 0)
    )
    return _line(text, words, WritingDirection.VERTICAL)


def _line(text: str, words: tuple[Word, ...], direction: WritingDirection) -> TextLine:
    box = join_boxes([word.box for word in words])
    return TextLine(text=text, box=box, confidence=0.9, direction=direction, words=words)


def _moved(box: Box, down: float) -> Box:
    return Box(left=box.left, top=round(box.top + down), width=box.width, height=box.height)


def page_text(lines: Sequence[TextLine], turn: QuarterTurn = 0) -> PageText:
    """Lines of an upright page as they stand on a page that `turn` makes upright."""
    width, height = UPRIGHT
    stored = (width, height) if turn % 180 == 0 else (height, width)
    return PageText(
        width_px=stored[0],
        height_px=stored[1],
        turn=turn,
        lines=tuple(_stored_line(line, turn) for line in lines),
    )


def _stored_line(line: TextLine, turn: QuarterTurn) -> TextLine:
    words = tuple(
        Word(start=word.start, text=word.text, box=stored_box(word.box, turn), confidence=word.confidence)
        for word in line.words
    )
    return _line(line.text, words, line.direction)


def stored_box(box: Box, turn: QuarterTurn) -> Box:
    """Where a box of the upright page stands on the page that `turn` makes upright."""
    width, height = UPRIGHT
    right, bottom = box.left + box.width, box.top + box.height
    match turn:
        case 0:
            return box
        case 90:  # the stored page, turned clockwise, is upright: its left edge is the upper edge
            return Box(left=box.top, top=width - right, width=box.height, height=box.width)
        case 180:
            return Box(left=width - right, top=height - bottom, width=box.width, height=box.height)
        case _:
            return Box(left=height - bottom, top=box.left, width=box.height, height=box.width)
