"""What an operator at a scan station has to know now, gathered from the news.

A page stays on the board as bad until the same page has been scanned again and is good, was removed, or left
the folder with its item. Nothing here grows without end: the counts of a day end with it.
"""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from ybda_qc.model import JudgedPage, PageId, Verdict
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import (
    CALL_FOR_A_SCAN,
    FileNews,
    ItemNews,
    Message,
    News,
    OpenPages,
    PageNews,
    ReportNews,
    ServiceNews,
    StationNews,
)

Line = PageNews | FileNews | ItemNews | ServiceNews | ReportNews
_ENDS_OF_NAMES: Final = (EventKind.FILE_RENAMED, EventKind.FILE_REMOVED)
_KEPT_LINES: Final = 200
_SHOWN_BAD: Final = 50
_PageKey = tuple[str, PageId]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPage:
    """A page to be scanned again; ``is_again`` from the moment it was, until its new verdict."""

    news: PageNews
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps a folder, or with an empty name the service, from working, and since when."""

    inbox: str
    message: Message
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The board at one moment.

    Parameters
    ----------
    last
        The last page that was judged.
    lines
        What happened, newest first.
    bad
        Pages to be scanned again, newest first, at most some dozens of the ``bad_count``.
    today
        Pages of today that are still there, by their present verdict.
    stations
        The watched folders, in the order in which they were heard of.
    troubles
        The longest first.
    """

    last: PageNews | None = None
    lines: tuple[Line, ...] = ()
    bad: tuple[BadPage, ...] = ()
    bad_count: int = 0
    today: Mapping[Verdict, int] = field(default_factory=dict)
    stations: tuple[StationNews, ...] = ()
    troubles: tuple[Trouble, ...] = ()


class Board:
    """Takes in the news; not to be used by two threads at once."""

    def __init__(self) -> None:
        self._last: PageNews | None = None
        self._lines: deque[Line] = deque(maxlen=_KEPT_LINES)
        self._bad: dict[_PageKey, BadPage] = {}
        self._day = date.min
        self._today: dict[_PageKey, Verdict] = {}
        self._stations: dict[str, StationNews] = {}
        self._told: dict[str, Trouble] = {}  # by the service
        self._found: dict[str, Trouble] = {}  # in how a folder stands

    def hear(self, news: News, now: datetime) -> bool:
        """Take in a piece of news that came at a moment; whether it is a page that is to be scanned again."""
        match news:
            case PageNews():
                return self._hear_page(news, now)
            case StationNews():
                self._hear_station(news, now)
                return False
            case OpenPages():
                self._hear_open_pages(news)
                return False
            case FileNews():
                self._hear_file(news)
            case ItemNews():
                self._hear_item(news)
            case ServiceNews(kind=EventKind.TROUBLE):
                self._told[news.inbox] = Trouble(inbox=news.inbox, message=news.message, since=news.at)
            case ServiceNews(kind=EventKind.RECOVERED):
                self._told.pop(news.inbox, None)
            case ServiceNews(kind=EventKind.STOPPED):
                self._told.pop(news.inbox, None)
                self._found.pop(news.inbox, None)
            case _:
                pass
        self._lines.append(news)
        return False

    def sight(self, now: datetime) -> Sight:
        """The board at a moment."""
        self._begin_day(now)
        bad = list(self._bad.values())
        return Sight(
            last=self._last,
            lines=tuple(reversed(self._lines)),
            bad=tuple(reversed(bad[-_SHOWN_BAD:])),
            bad_count=len(bad),
            today=Counter(self._today.values()),
            stations=tuple(self._stations.values()),
            troubles=self._troubles(),
        )

    def _hear_page(self, news: PageNews, now: datetime) -> bool:
        key = (news.inbox, news.judged.result.page)
        self._begin_day(now)
        if not news.is_told_again or key in self._today:
            self._today[key] = news.judged.verdict
        before = self._bad.pop(key, None)
        is_bad = news.judged.verdict in CALL_FOR_A_SCAN
        if is_bad:
            self._bad[key] = BadPage(news=news)
        is_known = self._replace_line(news)
        if not is_known:
            self._lines.append(news)
        is_first = not (is_known or news.is_told_again)  # else its text was read meanwhile
        if is_first or _is_same_scan(self._last, news) or (is_bad and before is None):
            self._last = news
        return is_bad and (before is None or before.news.judged.result.sha256 != news.judged.result.sha256)

    def _hear_open_pages(self, news: OpenPages) -> None:
        """They stand behind those that were told in this life, of which more is known."""
        keyed = {(page.inbox, page.judged.result.page): BadPage(news=page) for page in reversed(news.pages)}
        self._bad = {key: bad for key, bad in keyed.items() if key not in self._bad} | self._bad

    def _replace_line(self, news: PageNews) -> bool:
        """Whether the same scan of the page has a line already, which then tells the newer verdict."""
        for place, line in enumerate(self._lines):
            if isinstance(line, PageNews) and _is_same_scan(line, news):
                self._lines[place] = news
                return True
        return False

    def _hear_station(self, news: StationNews, now: datetime) -> None:
        self._stations[news.inbox] = news
        known = self._found.get(news.inbox)
        if news.trouble is None:
            self._found.pop(news.inbox, None)
        elif known is None or known.message.template != news.trouble.template:
            self._found[news.inbox] = Trouble(inbox=news.inbox, message=news.trouble, since=now)
        else:
            self._found[news.inbox] = replace(known, message=news.trouble)

    def _hear_file(self, news: FileNews) -> None:
        concerned = news.other or news.path
        if news.kind in _ENDS_OF_NAMES:  # under a new name it has been counted again
            for key in [key for key in self._today if key[0] == news.inbox and key[1].path == concerned]:
                del self._today[key]
        for key in [key for key in self._bad if key[0] == news.inbox and key[1].path == concerned]:
            match news.kind:
                case EventKind.FILE_REPLACED:
                    self._bad[key] = replace(self._bad[key], is_again=True)
                case EventKind.FILE_REMOVED:
                    del self._bad[key]
                case EventKind.FILE_RENAMED:
                    renamed = _renamed(self._bad.pop(key), news.path)
                    self._bad[news.inbox, renamed.news.judged.result.page] = renamed
                case _:
                    pass

    def _hear_item(self, news: ItemNews) -> None:
        if news.kind is not EventKind.ITEM_MOVED:
            return
        gone = [key for key, bad in self._bad.items() if key[0] == news.inbox and bad.news.item == news.item]
        for key in gone:
            del self._bad[key]

    def _begin_day(self, now: datetime) -> None:
        day = now.astimezone().date()
        if day != self._day:  # earlier, too: a clock that was wrong may be set right
            self._day = day
            self._today.clear()

    def _troubles(self) -> tuple[Trouble, ...]:
        """Each trouble once, although both the service and the folder tell of it."""
        seen: dict[tuple[str, str], Trouble] = {}
        for trouble in sorted([*self._told.values(), *self._found.values()], key=lambda each: each.since):
            seen.setdefault((trouble.inbox, trouble.message.template), trouble)
        return tuple(seen.values())


def _is_same_scan(known: PageNews | None, news: PageNews) -> bool:
    if known is None or known.inbox != news.inbox or news.was:
        return False
    one, other = known.judged.result, news.judged.result
    return one.page == other.page and one.sha256 == other.sha256 and one.sha256 is not None


def _renamed(bad: BadPage, path: str) -> BadPage:
    result = bad.news.judged.result
    page = PageId(path=path, frame=result.page.frame)
    judged: JudgedPage = replace(bad.news.judged, result=replace(result, page=page))
    return replace(bad, news=replace(bad.news, judged=judged))
