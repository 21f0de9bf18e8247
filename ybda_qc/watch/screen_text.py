"""Names, times and sentences as they stand on the screen of a scan station: one line, cells counted."""

import re
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from ybda_qc.model import Outcome, PageId, Verdict
from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _

_DIGITS: Final = re.compile(r"[0-9]+")
_MANY_PAGES: Final = re.compile(r"\.pdf$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a verdict looks: a sign and a word beside the colours, for those who see none."""

    sign: str
    word: str
    area: str  # style of the large area
    line: str  # style of a line in a list


PALE: Final = "#9aa4ad"
_PLAIN: Final = "#e8e8e8"
_DARK: Final = "#101010"
_PASSED: Final = Look(sign="✔", word=_("PASSED"), area="bold #ffffff on #0a7a2b", line="#4ade6a")
_ERROR: Final = Look(sign="?", word=_("ERROR"), area="bold #ffffff on #8e1a8e", line="bold #ff7bff")
LOOKS: Final = {
    Verdict.NOT_APPLICABLE: _PASSED,
    Verdict.PASS: _PASSED,
    Verdict.NOTE: Look(sign="·", word=_("NOTE"), area="bold #ffffff on #3d5a73", line="#7cc7ff"),
    Verdict.REVIEW: Look(sign="!", word=_("LOOK"), area="bold #000000 on #ffb000", line="bold #ffc933"),
    Verdict.FAIL: Look(sign="✘", word=_("RESCAN"), area="bold #ffffff on #b81414", line="bold #ff5c5c"),
    Verdict.NOT_RUN: _ERROR,
    Verdict.ERROR: _ERROR,
}
OUTCOME_LOOKS: Final = {
    Outcome.ACCEPT: LOOKS[Verdict.PASS],
    Outcome.HOLD: LOOKS[Verdict.REVIEW],
    Outcome.REJECT: LOOKS[Verdict.FAIL],
}


def sentence(text: str) -> str:
    """A text of several lines as one, without characters that would move the cursor."""
    return visible(" ".join(text.split()))


def file_name(path: str) -> str:
    """The last part of a path, as it can be shown."""
    return visible(path.rsplit("/", 1)[-1] or path)


def page_name(page: PageId) -> str:
    """The file name, with the page where it is not the first of its file."""
    name = file_name(page.path)
    return f"{name} #{page.frame}" if page.frame > 1 or _MANY_PAGES.search(page.path) else name


def page_number(page: PageId) -> str:
    """What people call a page by: its number in the file, else the last figures of its name, else that."""
    if page.frame > 1 or _MANY_PAGES.search(page.path):
        return str(page.frame)
    stem = page.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    figures = _DIGITS.findall(stem)
    return figures[-1] if figures else stem


def cut_middle(text: str, width: int) -> str:
    """A text of at most so many cells, without some of its middle: names differ at their ends."""
    if cell_len(text) <= width:
        return text
    if width < 3:
        return set_cell_size(text, max(width, 0))
    head = (width - 1) // 3
    return set_cell_size(text, head).rstrip() + "…" + _tail(text, width - 1 - head)


def _tail(text: str, width: int) -> str:
    start, used = len(text), 0
    while start and used + cell_len(text[start - 1]) <= width:
        start -= 1
        used += cell_len(text[start])
    return text[start:]


def cut_end(text: str, width: int) -> str:
    """A text of at most so many cells, without its end."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def wrapped(text: str, width: int, most: int) -> list[str]:
    """A text in lines of at most so many cells, at most so many of them; the last one tells of a rest."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(cut_end(rest, width))
            break
        line = _first_line(rest, width)
        lines.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return lines


def _first_line(text: str, width: int) -> str:
    """As much of a text as fits, cut at a blank where there is one, between Chinese characters otherwise."""
    end, used = 0, 0
    while end < len(text) and used + cell_len(text[end]) <= width:
        used += cell_len(text[end])
        end += 1
    if end == len(text):
        return text
    end = max(end, 1)
    blank = text.rfind(" ", 0, end + 1)
    if blank > 0 and text[end - 1].isascii() and text[end].isascii():
        return text[:blank]
    if text[end] in _NOT_FIRST and end > 1:
        end -= 1
    return text[:end]


_NOT_FIRST: Final = "，。；：、！？）》」』”’%°"


def duration(seconds: float, say: Translator) -> str:
    """A time that has passed, in the unit that people would use."""
    if seconds < 90:
        return say(_("{count} s"), {"count": round(seconds)})
    if seconds < 90 * 60:
        return say(_("{count} min"), {"count": round(seconds / 60)})
    return say(_("{count} h"), {"count": round(seconds / 3600)})


def on_dark(style: str) -> str:
    """A style with a ground: black, as bright colours would be lost on a terminal that is white."""
    return style if " on " in style else f"{style or _PLAIN} on {_DARK}"


def row(text: str, width: int, style: str = "", right: str = "") -> Text:
    """A line of exactly so many cells, with something at its right end."""
    right = cut_end(right, width)
    room = width - cell_len(right)
    return Text(set_cell_size(cut_end(text, room), room) + right, style=on_dark(style), no_wrap=True, end="")
