"""What the service tells those who listen: the terminal, the log, the counters, the ledger.

Messages are English templates with fields, as in findings, and are translated where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, Self

from ybda_qc.errors import QcError
from ybda_qc.model import JudgedPage, Outcome, Reason, Scalar, Verdict
from ybda_qc.model.watching import EventKind

CALL_FOR_A_SCAN: Final = (Verdict.FAIL, Verdict.ERROR)
"""Verdicts on pages that are to be scanned again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A sentence: template and fields."""

    template: str
    values: Mapping[str, Scalar] = field(default_factory=dict)

    @classmethod
    def of(cls, error: QcError) -> Self:
        """What an error says."""
        return cls.told(error.template, error.values)

    @classmethod
    def told(cls, template: str, values: Mapping[str, object]) -> Self:
        """A sentence with fields of any kind."""
        return cls(template=template, values={name: str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNews:
    """A page has its verdict.

    Parameters
    ----------
    inbox
        Name of the watched folder.
    judged
        The page, its verdicts and findings.
    item
        Code of its item.
    titles, remedies
        Finding key -> what the defect is called; check id -> what to do.
    seconds
        From the completion of the file to the verdict; None for a file that lay there before the start.
    was
        Digest of the content that it replaces, empty for a page that is new.
    is_told_again
        Whether this scan has had another verdict before: its text was read meanwhile.
    at
        When.
    """

    inbox: str
    judged: JudgedPage
    item: str
    titles: Mapping[str, str]
    remedies: Mapping[str, str]
    seconds: float | None
    was: str = ""
    is_told_again: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPages:
    """Pages of which it was told in an earlier life that they are to be scanned again, the newest first."""

    inbox: str
    pages: tuple[PageNews, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNews:
    """A file was replaced, renamed or removed; ``other`` is the earlier path of a renamed one."""

    inbox: str
    kind: EventKind
    path: str
    other: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNews:
    """An item was closed, reopened, decided anew or moved.

    ``by`` is as in `ItemState`; ``report`` is the path of its report below the output folder, ``moved_to``
    where it lies now.
    """

    inbox: str
    kind: EventKind
    item: str
    outcome: Outcome | None = None
    reasons: tuple[Reason, ...] = ()
    pages: int = 0
    by: str = ""
    report: str = ""
    moved_to: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFile:
    """A file that is not taken in yet, for how long it has been there, and why."""

    path: str
    seconds: float
    why: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class StationNews:
    """How things stand in a watched folder; told several times a second.

    Parameters
    ----------
    inbox
        Name of the watched folder.
    waiting
        Files that are not complete yet, the oldest first.
    queued
        Pages whose turn has not come or that are being examined.
    unread
        Pages whose text is still to be read.
    files, open_items
        Files that have been taken in, and items that are open.
    trouble
        What keeps the service from working, None where nothing does.
    worker_restarts
        Workers that were lost and replaced.
    """

    inbox: str
    waiting: tuple[WaitingFile, ...] = ()
    queued: int = 0
    unread: int = 0
    files: int = 0
    open_items: int = 0
    trouble: Message | None = None
    worker_restarts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNews:
    """The service, or one of its folders, has started, stopped, reloaded, got into trouble or out of it."""

    kind: EventKind
    inbox: str = ""
    message: Message
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNews:
    """The reports of a folder were written."""

    inbox: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    pages: int
    folder: str
    at: datetime


News = PageNews | OpenPages | FileNews | ItemNews | StationNews | ServiceNews | ReportNews


class Listener(Protocol):
    """Hears the news, one at a time, on any thread, a folder's in order; must neither wait nor raise."""

    def hear(self, news: News) -> None:
        """Take in a piece of news."""
