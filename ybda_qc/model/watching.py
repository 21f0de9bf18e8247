"""What a watched folder leaves in the ledger: files taken in, items closed, events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What the file system tells of a file without opening it; another state means another content.

    ``changed_ns`` (of the inode) and ``inode`` are 0 where the system has none worth the name. A copy that
    keeps size and time of what it overwrites still changes them.
    """

    size_bytes: int
    modified_ns: int
    changed_ns: int = 0
    inode: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """A file as it was taken in from a watched folder.

    Parameters
    ----------
    path, path_hex
        As in `BatchFile`.
    state
        When it was examined.
    sha256
        Digest of its content, None where it could not be read.
    moved_to
        Where it was moved to by the service, empty while it lies in the folder.
    """

    path: str
    path_hex: str | None = None
    state: FileState
    sha256: str | None
    moved_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """What became of an item 件 of a watched folder.

    Parameters
    ----------
    code
        Of the item.
    closed_at
        When it was closed; None while it is open.
    closed_by
        ``marker``, ``next``, ``rest`` or ``stop``. Of an open item ``marker`` says that a marker has spoken
        of it, and that it waits for what is not complete; else it is empty.
    outcome
        The machine's decision on it, ``accept``, ``hold`` or ``reject``; empty while there is none.
    digest
        Of its published report, to tell whether that has changed.
    moved_to
        Where the service moved it, empty while it lies in the folder.
    """

    code: str
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    digest: str = ""
    moved_to: str = ""


class EventKind(StrEnum):
    """What can happen to a watched folder; words of a contract with programs that listen."""

    STARTED = "started"
    STOPPED = "stopped"
    RELOADED = "reloaded"
    PAGE = "page"  # a page has its verdict
    FILE_REPLACED = "file-replaced"  # scanned again: the verdict of its page follows
    FILE_RENAMED = "file-renamed"
    FILE_REMOVED = "file-removed"
    ITEM_CLOSED = "item-closed"
    ITEM_UPDATED = "item-updated"  # its text was read, or a page of it has changed
    ITEM_REOPENED = "item-reopened"
    ITEM_MOVED = "item-moved"
    REPORTS = "reports"  # the reports of the whole folder were written
    TROUBLE = "trouble"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVerdict:
    """What was told of a page (``path#frame``), and when; ``verdict`` is a word of the contract."""

    page: str
    verdict: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a watched folder; appended, never changed.

    Parameters
    ----------
    kind, at
        What and when.
    subject
        The page, file or item it is about; empty for the folder itself.
    document
        More about it, as JSON.
    id
        Its place in the order of events, given by the ledger; 0 before.
    """

    kind: EventKind
    at: datetime
    subject: str = ""
    document: Mapping[str, object] = field(default_factory=dict)
    id: int = 0
