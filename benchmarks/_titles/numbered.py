"""Items whose pages bear numbers, with what goes wrong when sheets are scanned."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from benchmarks._titles.faults import LOOK_ALIKES
from ybda_qc.model import Box, PageText, TextLine, Word, WritingDirection

_WIDTH, _HEIGHT, _LETTER = 1000, 1400, 20
_BODY = "各单位要高度重视切实加强领导明确责任按期完成任务"
_UNNUMBERED = 0.1  # of the pages: stamped over, cut off, or not found by the engine
_MISREAD = 0.05  # of the digits
_LEAST, _MOST = 10, 30  # pages

Numbers = list[int]


def _sheet_missing(rng: random.Random, numbers: Numbers) -> None:
    at = 2 * rng.randrange(2, len(numbers) // 2 - 2)
    del numbers[at : at + 2]


def _fed_double(rng: random.Random, numbers: Numbers) -> None:
    at = 2 * rng.randrange(2, len(numbers) // 2 - 2) + 1  # the back of one sheet and the front of the next
    del numbers[at : at + 2]


def _scanned_twice(rng: random.Random, numbers: Numbers) -> None:
    at = 2 * rng.randrange(2, len(numbers) // 2 - 2)
    numbers[at:at] = numbers[at : at + 2]


def _swapped(rng: random.Random, numbers: Numbers) -> None:
    at = 2 * rng.randrange(1, len(numbers) // 2 - 2)
    numbers[at : at + 4] = [*numbers[at + 2 : at + 4], *numbers[at : at + 2]]


def _sound(rng: random.Random, numbers: Numbers) -> None:
    """Nothing goes wrong."""


def _with_attachment(rng: random.Random, numbers: Numbers) -> None:
    numbers += range(1, rng.randint(3, 9))


CASES: Mapping[str, tuple[bool, Callable[[random.Random, Numbers], None]]] = {
    "a sheet is missing": (True, _sheet_missing),
    "two sheets were drawn in at once": (True, _fed_double),
    "a sheet was scanned twice": (True, _scanned_twice),
    "two sheets changed places": (True, _swapped),
    "complete and in order": (False, _sound),
    "attachment that begins again at 1": (False, _with_attachment),
}
"""By name: whether something is wrong, and what is done to the numbers of the pages."""


def numbered_pages(rng: random.Random, case: str) -> list[PageText]:
    """The pages of an item, as an engine reads them: numbers are lost or misread here and there."""
    first, count = rng.choice((1, 1, 1, rng.randint(2, 80))), 2 * rng.randint(_LEAST // 2, _MOST // 2)
    numbers = list(range(first, first + count))
    CASES[case][1](rng, numbers)
    form, across = rng.choice(("{}", "- {} -", "第{}页")), rng.choice((0.5, 0.85))
    return [_page(rng, form.format(number), across) for number in numbers]


def _page(rng: random.Random, number: str, across: float) -> PageText:
    lines = [_line(_BODY, 0.5, 0.15 + at / 20) for at in range(12)]
    if rng.random() >= _UNNUMBERED:
        read = "".join(
            rng.choice(LOOK_ALIKES.get(char, "0")) if char.isdigit() and rng.random() < _MISREAD else char
            for char in number
        )
        lines.append(_line(read, across, 0.95))
    return PageText(width_px=_WIDTH, height_px=_HEIGHT, turn=0, lines=tuple(lines))


def _line(text: str, across: float, down: float) -> TextLine:
    left, top = round(across * _WIDTH - len(text) * _LETTER / 2), round(down * _HEIGHT)

    def box(at: int, count: int) -> Box:
        return Box(left=left + at * _LETTER, top=top, width=count * _LETTER, height=_LETTER)

    words = tuple(Word(start=at, text=char, box=box(at, 1), confidence=0.98) for at, char in enumerate(text))
    return TextLine(
        text=text,
        box=box(0, len(text)),
        confidence=0.98,
        direction=WritingDirection.HORIZONTAL,
        words=words,
    )
