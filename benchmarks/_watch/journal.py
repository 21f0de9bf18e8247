"""What the writers did, and when: one line of JSON a deed, in a file a writer."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

NOT_A_PAGE = -1
UNKNOWN_PAGES = 0


class Deed(StrEnum):
    """What can be done to a file."""

    BEGUN = "begun"  # the first byte is about to be written
    WRITTEN = "written"  # complete, under its final name
    RENAMED = "renamed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deed.

    Parameters
    ----------
    deed, way
        What was done, and in which way of writing.
    inbox, path
        Where, the path below the inbox.
    other_inbox, other
        Where a renamed file was before.
    sha256
        Of a written file.
    pages
        Of a written file; `NOT_A_PAGE`, or `UNKNOWN_PAGES` where it is damaged.
    wall
        Seconds since 1970, taken just before the deed was complete.
    clock
        The same by the clock of the system that is never set.
    """

    deed: Deed
    way: str
    inbox: str
    path: str
    other_inbox: str = ""
    other: str = ""
    sha256: str = ""
    pages: int = UNKNOWN_PAGES
    wall: float
    clock: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, by both clocks."""

    wall: float
    clock: float

    @classmethod
    def now(cls) -> Self:
        """The present moment."""
        return cls(time.time(), time.monotonic())


class Journal:
    """Appends entries to a file; each is there for others at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, entry: Entry) -> None:
        """Append an entry."""
        self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries of a journal, in order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            yield Entry(**(values | {"deed": Deed(values["deed"])}))
