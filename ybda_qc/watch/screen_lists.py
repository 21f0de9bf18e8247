"""The lists of the screen: pages to be scanned again, what happened last, files that are waited for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from ybda_qc.model import Outcome, Verdict
from ybda_qc.model.watching import EventKind
from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _
from ybda_qc.report.labels import MACHINE_PASSED, OUTCOMES
from ybda_qc.report.vocabulary import COLON
from ybda_qc.watch.big_letters import can_draw, draw
from ybda_qc.watch.board import BadPage, Line, Sight, Trouble
from ybda_qc.watch.news import FileNews, ItemNews, Message, PageNews, ReportNews, ServiceNews, WaitingFile
from ybda_qc.watch.screen_area import finding_lines, main_fault
from ybda_qc.watch.screen_text import (
    LOOKS,
    OUTCOME_LOOKS,
    PALE,
    cut_end,
    cut_middle,
    duration,
    file_name,
    on_dark,
    page_name,
    page_number,
    row,
    sentence,
    wrapped,
)

HEADING: Final = "bold #ffffff on #444444"
_BAD_HEADING: Final = "bold #ffffff on #6e0c0c"  # darker than the area above it
_BAR: Final = "bold #ffffff on #d00000"
_WAITING: Final = "#ffe08a"
_BIG_ENTRY: Final = 5  # lines of a bad page with a big number, the empty one below it included
_SMALL_ENTRY: Final = 3
_HIGH_BAR: Final = 3
_LEAST_ITEM: Final = 9  # cells of an item's code that still tell something
_WIDE: Final = 60  # cells from which on a line tells the time too

WORDS_OF_EVENTS: Final[dict[EventKind, str]] = {
    EventKind.STARTED: _("started"),
    EventKind.STOPPED: _("stopped"),
    EventKind.RELOADED: _("settings read again"),
    EventKind.PAGE: _("page examined"),
    EventKind.FILE_REPLACED: _("scanned again"),
    EventKind.FILE_RENAMED: _("renamed"),
    EventKind.FILE_REMOVED: _("removed"),
    EventKind.ITEM_CLOSED: _("item closed"),
    EventKind.ITEM_UPDATED: _("item judged anew"),
    EventKind.ITEM_REOPENED: _("item open again"),
    EventKind.ITEM_MOVED: _("item moved"),
    EventKind.REPORTS: _("reports written"),
    EventKind.TROUBLE: _("trouble"),
    EventKind.RECOVERED: _("works again"),
}


def outcome_word(outcome: Outcome) -> str:
    """What is decided, in a word or two to be translated; passing the machine part is no acceptance."""
    return MACHINE_PASSED if outcome is Outcome.ACCEPT else OUTCOMES[outcome]


def said(message: Message, say: Translator) -> str:
    """A message on one line."""
    return sentence(say(message.template, message.values))


def bad_pages(sight: Sight, width: int, height: int, say: Translator) -> list[Text]:
    """Pages to be scanned again, the newest first, with what is wrong and what to do.

    Numbers are big where there is room; ``height`` lines are returned, heading included, or fewer.
    """
    if not height:
        return []
    heading = say(_("scan these again: {count}"), {"count": sight.bad_count})
    lines = [row(f" ✘ {heading}", width, _BAD_HEADING)]
    is_big = width >= 44 and height > 2 * _BIG_ENTRY
    others = [bad for bad in sight.bad if bad.news is not sight.last]  # the last page has the large area
    rest = sight.bad_count - (len(sight.bad) - len(others))
    for place, bad in enumerate(others):
        room = height - len(lines)
        if room < 1:
            break
        entry = _big_entry(bad, width, say) if is_big and room >= _BIG_ENTRY - 1 else _entry(bad, width, say)
        if len(entry) > room and place and rest - place > 1:
            lines.append(
                row(
                    f"   {say(_('and {count} more'), {'count': rest - place})}",
                    width,
                    LOOKS[Verdict.FAIL].line,
                )
            )
            break
        lines += entry[:room]
    return lines[:height]


def _entry(bad: BadPage, width: int, say: Translator) -> list[Text]:
    """Name, item and what is wrong on a line, and what to do on two more."""
    fault = main_fault(bad.news, say)
    name = page_name(bad.news.judged.result.page)
    again = f" ↻ {say(_('scanned again'))} " if bad.is_again else ""
    room = width - cell_len(name) - cell_len(again) - 5
    title = cut_end(fault.title, max(0, room if room < 2 * _LEAST_ITEM else room - _LEAST_ITEM - 2))
    room -= cell_len(title) + 2
    item = f"{cut_middle(visible(bad.news.item), room)}  " if bad.news.item and room >= _LEAST_ITEM else ""
    look = LOOKS[bad.news.judged.verdict]
    name = cut_middle(name, width - cell_len(again) - 3)
    lines = [row(f" {look.sign} {name}  {item}{title}", width, look.line, again)]
    for place, line in enumerate(wrapped(fault.remedy or fault.message, width - 6, _SMALL_ENTRY - 1)):
        lines.append(row(f"   {'  ' if place else '→ '}{line}", width))
    return lines


def _big_entry(bad: BadPage, width: int, say: Translator) -> list[Text]:
    number = page_number(bad.news.judged.result.page)
    figures = draw(number, 0) if can_draw(number) else ()
    if not figures or len(figures[0]) > width // 2:
        return _entry(bad, width, say)
    indent = len(figures[0]) + 3
    texts = finding_lines(bad.news, width - indent, _BIG_ENTRY - 2, say)
    right = [_bad_name(bad, width - indent, say), *(row(text, width - indent) for text in texts)]
    right += [row("", width - indent)] * (len(figures) - len(right))
    style = LOOKS[bad.news.judged.verdict].line
    big = [
        Text.assemble((f" {line}  ", on_dark(style)), text, end="")
        for line, text in zip(figures, right, strict=False)
    ]
    return [*big, row("", width)]  # entries are told apart by an empty line


def _bad_name(bad: BadPage, width: int, say: Translator) -> Text:
    look = LOOKS[bad.news.judged.verdict]
    again = f" ↻ {say(_('scanned again'))} " if bad.is_again else ""
    room = width - cell_len(again) - 2
    name = cut_middle(page_name(bad.news.judged.result.page), room)
    room -= cell_len(name) + 2
    item = f"  {cut_middle(visible(bad.news.item), room)}" if bad.news.item and room >= _LEAST_ITEM else ""
    return row(f"{look.sign} {name}{item}", width, look.line, again)


def last_lines(sight: Sight, width: int, height: int, say: Translator) -> list[Text]:
    """What happened last, a line each, the newest first."""
    if not height:
        return []
    lines = [row(f" {say(_('last pages'))}", width, HEADING)]
    names = len(sight.stations) > 1
    lines += [_line(line, width, say, is_named=names) for line in sight.lines[: height - 1]]
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A line in parts: of the name the middle may be cut, the rest is left out where it does not fit."""

    sign: str
    style: str
    word: str
    name: str = ""
    rest: str = ""
    right: str = ""


def _line(line: Line, width: int, say: Translator, *, is_named: bool) -> Text:
    clock = f"{_clock(line.at)} " if width >= _WIDE else ""
    inbox = f"{visible(line.inbox)}: " if is_named and line.inbox and width >= _WIDE else ""
    told = _told(line, say)
    head = f" {clock}{told.sign} {inbox}{told.word}  "
    right = f" {told.right} " if told.right else ""
    room = width - cell_len(head) - cell_len(right)
    rest = f"  {told.rest}" if told.rest and room - cell_len(told.rest) > 2 * _LEAST_ITEM else ""
    return row(f"{head}{cut_middle(told.name, room - cell_len(rest))}{rest}", width, told.style, right)


def _told(line: Line, say: Translator) -> _Told:
    match line:
        case PageNews():
            look = LOOKS[line.judged.verdict]
            item = f"{visible(line.item)}  " if line.item else ""
            seconds = "" if line.seconds is None else f"{line.seconds:.1f} s"
            name = f"{item}{page_name(line.judged.result.page)}"
            return _Told(sign=look.sign, style=look.line, word=say(look.word), name=name, right=seconds)
        case ItemNews():
            return _told_item(line, say)
        case FileNews():
            other = f"{file_name(line.other)} → " if line.other else ""
            name = f"{other}{file_name(line.path)}"
            return _Told(sign="↻", style=PALE, word=say(WORDS_OF_EVENTS[line.kind]), name=name)
        case ReportNews():
            word = f"{say(WORDS_OF_EVENTS[EventKind.REPORTS])}{say(COLON)}{say(outcome_word(line.outcome))}"
            return _Told(sign="▤", style=PALE, word=word)
        case ServiceNews(kind=EventKind.TROUBLE):
            return _Told(sign="✘", style=LOOKS[Verdict.FAIL].line, word=said(line.message, say))
        case ServiceNews():
            word = say(WORDS_OF_EVENTS[line.kind])
            return _Told(sign="●", style=PALE, word=f"{word}  {said(line.message, say)}")


def _told_item(news: ItemNews, say: Translator) -> _Told:
    word, name = say(WORDS_OF_EVENTS[news.kind]), visible(news.item)
    if news.outcome is None:
        return _Told(sign="■", style="bold", word=word, name=name)
    look = OUTCOME_LOOKS[news.outcome]
    return _Told(
        sign="■",
        style=look.line,
        word=word,
        name=name,
        rest=say(_("pages: {count}"), {"count": news.pages}),
        right=f"{look.sign} {say(outcome_word(news.outcome))}",
    )


def waiting_lines(files: list[WaitingFile], width: int, most: int, say: Translator) -> list[Text]:
    """Files that are not complete yet, the oldest first, with how long they have been waited for and why."""
    shown = files if len(files) <= most else files[: max(1, most - 1)]
    lines = [_waiting(file, width, say) for file in shown]
    if len(shown) < min(len(files), most):
        values = {"count": len(files) - len(shown)}
        lines.append(row(f" … {say(_('and {count} more are waited for'), values)}", width, _WAITING))
    return lines


def _waiting(file: WaitingFile, width: int, say: Translator) -> Text:
    values = {"time": duration(file.seconds, say), "why": said(file.why, say)}
    why = sentence(say(_("waiting {time}: {why}"), values))
    name = cut_middle(file_name(file.path), max(12, width - cell_len(why) - 5))
    return row(f" … {name}  {why}", width, _WAITING)


def trouble_lines(troubles: tuple[Trouble, ...], width: int, most: int, say: Translator) -> list[Text]:
    """A bar for each trouble: since when, where, what; the first one is high where there is room."""
    bars = [_bar(trouble, width, say) for trouble in troubles[:most]]
    margin = [row("", width, _BAR)] if bars and most >= _HIGH_BAR else []
    return [*margin, *bars, *margin]


def _bar(trouble: Trouble, width: int, say: Translator) -> Text:
    where = f"{visible(trouble.inbox)}: " if trouble.inbox else ""
    values = {"time": _clock(trouble.since)[:5], "what": f"{where}{said(trouble.message, say)}"}
    return row(f" ✘ {sentence(say(_('since {time}: {what}'), values))}", width, _BAR)


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")


def counts(sight: Sight, say: Translator) -> str:
    """Pages of today, by verdict; each with its sign."""
    total = sum(sight.today.values())
    signs: dict[str, int] = {}
    for verdict in (
        Verdict.PASS,
        Verdict.NOT_APPLICABLE,
        Verdict.NOTE,
        Verdict.REVIEW,
        Verdict.FAIL,
        Verdict.ERROR,
    ):
        sign = LOOKS[verdict].sign
        signs[sign] = signs.get(sign, 0) + sight.today.get(verdict, 0)
    shown = "  ".join(f"{sign} {count}" for sign, count in signs.items())
    return f"{say(_('pages today: {count}'), {'count': total})}  {shown}"


def standing(sight: Sight, say: Translator) -> str:
    """Queue, items and unread text over all folders."""
    stations = sight.stations
    numbers = [
        (_("queue: {count}"), sum(station.queued for station in stations)),
        (_("waited for: {count}"), sum(len(station.waiting) for station in stations)),
        (_("open items: {count}"), sum(station.open_items for station in stations)),
        (_("text unread: {count}"), sum(station.unread for station in stations)),
        (_("files: {count}"), sum(station.files for station in stations)),
    ]
    restarts = sum(station.worker_restarts for station in stations)
    if restarts:
        numbers.append((_("worker restarts: {count}"), restarts))
    return "  ".join(say(template, {"count": count}) for template, count in numbers)
