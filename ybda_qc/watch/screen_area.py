"""The large area of the screen: the last page, its verdict, and what to do about it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from ybda_qc.model import Verdict
from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _
from ybda_qc.report.vocabulary import COLON
from ybda_qc.watch.big_letters import SIZES, can_draw, draw
from ybda_qc.watch.news import PageNews
from ybda_qc.watch.screen_text import LOOKS, cut_middle, page_name, page_number, row, sentence, wrapped

_BESIDE: Final = 3  # cells between two small big texts
_FAR_BESIDE: Final = 6  # and between two that are seven lines high or more
_HIGH: Final = 7
_REMEDY_LINES: Final = 3
_TEXT_LINES: Final = 4  # that big letters leave to the name and the findings
_FIGURES: Final = 12  # more are no page number

NOT_EXAMINED: Final = _("the page could not be examined")
SCAN_AGAIN: Final = _("scan it again; if that does not help, tell the person in charge.")

Lines = Sequence[str]


def page_area(news: PageNews, width: int, height: int, say: Translator, *, is_big: bool = True) -> list[Text]:
    """The area of a page.

    Parameters
    ----------
    news
        The page.
    width, height
        Of the area, in cells and lines.
    say
        Language of the texts.
    is_big
        Whether big letters may be drawn.

    Returns
    -------
    list of Text
        As many lines as are asked for, each as wide.
    """
    look = LOOKS[news.judged.verdict]
    inner = max(1, width - 2)
    words = say(look.word)
    big = _biggest(look.sign, words, page_number(news.judged.result.page), inner, height) if is_big else ()
    text = [_name_line(news, f"{look.sign} {words}", inner)]
    text += finding_lines(news, inner, max(0, height - len(big) - len(text)), say)
    spare = height - len(big) - len(text)
    lines = [*_above(spare, bool(big)), *big, *_between(spare, bool(big)), *text][:height]
    lines += [""] * (height - len(lines))
    return [row(f" {line}", width, look.area) for line in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A finding in words: what it is called, what was measured, what to do; each on one line."""

    sign: str
    title: str
    message: str
    remedy: str


def main_fault(news: PageNews, say: Translator) -> Fault:
    """The heaviest of what is wrong with a page."""
    return next(iter(_faults(news, say)), Fault(sign="", title="", message="", remedy=""))


def finding_lines(news: PageNews, width: int, most: int, say: Translator) -> list[str]:
    """What is wrong with a page and what to do, the heaviest first; a remedy is said once."""
    lines: list[str] = []
    told: set[str] = set()
    faults = _faults(news, say)
    for place, fault in enumerate(faults):
        room, rest = most - len(lines), len(faults) - place
        if room <= 0:
            break
        if room == 1 and rest > 1 and lines:
            lines.append(f"… {say(_('and {count} more'), {'count': rest})}")
            break
        lines += _fault_lines(fault, width, room, say, is_known=fault.remedy in told)
        told.add(fault.remedy)
    return lines


def _faults(news: PageNews, say: Translator) -> list[Fault]:
    findings = sorted(news.judged.findings, key=lambda finding: -finding.verdict)
    faults = [
        Fault(
            sign=LOOKS[finding.verdict].sign,
            title=sentence(say(news.titles.get(finding.key, finding.key))),
            message=sentence(say(finding.template, finding.values)),
            remedy=sentence(say(news.remedies.get(finding.check, ""))),
        )
        for finding in findings
    ]
    if not faults and LOOKS[news.judged.verdict] is LOOKS[Verdict.ERROR]:
        sign, remedy = LOOKS[Verdict.ERROR].sign, sentence(say(SCAN_AGAIN))
        faults.append(Fault(sign=sign, title=sentence(say(NOT_EXAMINED)), message="", remedy=remedy))
    return faults


def _fault_lines(fault: Fault, width: int, room: int, say: Translator, *, is_known: bool) -> Iterator[str]:
    head = f"{fault.sign} {fault.title}{say(COLON) if fault.message else ''}{fault.message}"
    if is_known or not fault.remedy:
        yield from wrapped(head, width, min(room, 2))
        return
    if room == 1:  # what to do matters more than by how much
        yield from wrapped(f"→ {fault.remedy}", width, 1)
        return
    heads = wrapped(head, width, 2 if room >= 4 else 1)
    yield from heads
    for place, line in enumerate(wrapped(fault.remedy, width - 2, min(_REMEDY_LINES, room - len(heads)))):
        yield f"{'  ' if place else '→ '}{line}"


def _name_line(news: PageNews, verdict: str, width: int) -> str:
    page = news.judged.result.page
    seconds = "" if news.seconds is None else f"  {news.seconds:.1f} s"
    item = f"  {visible(news.item)}" if news.item else ""
    name = page_name(page)
    room = width - cell_len(verdict) - 2
    if cell_len(name + item + seconds) > room:
        seconds = ""
    if item and cell_len(name + item) > room:
        item = (
            f"  {cut_middle(visible(news.item), room - cell_len(name) - 2)}"
            if room - cell_len(name) > 9
            else ""
        )
    return f"{verdict}  {cut_middle(name, room)}{item}{seconds}"


def _above(spare: int, is_big: bool) -> Iterable[str]:
    return [""] * ((spare + 2) // 3 if is_big else spare // 2)


def _between(spare: int, is_big: bool) -> Iterable[str]:
    return [""] * (spare // 3 if is_big else 0)


def _biggest(sign: str, words: str, number: str, width: int, height: int) -> Lines:
    """Sign, word and number as large as there is room for them; nothing where there is none."""
    room = height - _TEXT_LINES
    best: tuple[float, Lines] = (0, ())
    if not can_draw(words):
        return ()
    numbers = (
        [draw(number, size) for size in range(SIZES)]
        if can_draw(number) and len(number) <= _FIGURES
        else [()]
    )
    for word_size in range(SIZES):
        for figures in numbers:
            for texts in ((sign, words), (words,)):
                parts = [draw(text, word_size) for text in texts] + ([figures] if figures else [])
                worth = _worth(len(parts[-2 if figures else -1]), len(figures), len(texts))
                for lines in (_beside(parts), _stacked(parts) if parts[1:] else ()):
                    if worth > best[0] and 0 < len(lines) <= room and len(lines[0]) <= width:
                        best = worth, lines
    return best[1]


def _worth(word: int, number: int, signs: int) -> float:
    """Both are to be large, the number rather than the word where only one can be; then also the sign."""
    return word * math.pow(max(1, number), 1.2) + 0.1 * signs


def _beside(parts: Sequence[Lines]) -> Lines:
    height = max(map(len, parts))
    columns = [_centred(part, height) for part in parts]
    gap = " " * (_FAR_BESIDE if min(map(len, parts)) >= _HIGH and _are_alike(parts) else _BESIDE)
    return tuple(gap.join(line) for line in zip(*columns, strict=True))


def _are_alike(parts: Sequence[Lines]) -> bool:
    """Whether they are of one height, and only the gap tells where the number begins."""
    return len(set(map(len, parts))) == 1


def _centred(part: Lines, height: int) -> Lines:
    blank = " " * len(part[0])
    above = (height - len(part)) // 2
    return (*[blank] * above, *part, *[blank] * (height - len(part) - above))


def _stacked(parts: Sequence[Lines]) -> Lines:
    """The number below the rest."""
    above = _beside(parts[:-1])
    width = max(len(above[0]), len(parts[-1][0]))
    blank = " " * width
    return (*(line.ljust(width) for line in above), blank, *(line.ljust(width) for line in parts[-1]))
