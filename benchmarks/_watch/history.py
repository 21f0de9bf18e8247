"""What the journals of all writers come to: what lay where at which time, and what lies there at the end."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from _watch.journal import NOT_A_PAGE, Deed, Entry, read_journal

Place = tuple[str, str]
"""Name of the inbox, and path below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A complete file at a place; ``until`` is when it was replaced, renamed or removed, if it was.

    ``is_new`` tells a file that was written from one that was only renamed.
    """

    place: Place
    way: str
    sha256: str
    pages: int
    since: float
    until: float = float("inf")
    is_new: bool = True


@dataclass(slots=True)
class History:
    """All contents that were ever complete, by place, the latest last; and when writing there was begun."""

    contents: dict[Place, list[Content]] = field(default_factory=lambda: defaultdict(list))
    begun: dict[Place, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    written: int = 0

    def add(self, entry: Entry) -> None:
        """Take in what a writer did."""
        place = (entry.inbox, entry.path)
        if entry.deed is Deed.BEGUN:
            self._end(place, entry.wall)
            self.begun[place].append((entry.wall, entry.way))
        elif entry.deed is Deed.WRITTEN:
            self.written += 1
            self._end(place, entry.wall)
            self.contents[place].append(
                Content(place=place, way=entry.way, sha256=entry.sha256, pages=entry.pages, since=entry.wall)
            )
        elif entry.deed is Deed.REMOVED:
            self._end(place, entry.wall)
        else:
            moved = self._end((entry.other_inbox, entry.other), entry.wall)
            self._end(place, entry.wall)
            self.contents[place].append(
                replace(moved, place=place, way=entry.way, since=entry.wall, is_new=False)
            )

    def _end(self, place: Place, wall: float) -> Content:
        contents = self.contents[place]
        if not contents:
            return Content(place=place, way="", sha256="", pages=NOT_A_PAGE, since=wall)
        last = contents[-1]
        if last.until > wall:
            contents[-1] = replace(last, until=wall)
        return last

    def final(self, inbox: str) -> dict[str, Content]:
        """What lies in an inbox at the end, by path."""
        return {
            place[1]: contents[-1]
            for place, contents in self.contents.items()
            if place[0] == inbox and contents and contents[-1].until == float("inf")
        }

    def way_at(self, place: Place, wall: float) -> str:
        """In which way a place was written at a time, or last before it."""
        ways = [way for since, way in self.begun.get(place, ()) if since <= wall]
        return ways[-1] if ways else "unknown"


def read_history(journals: Iterable[Path]) -> History:
    """The history that journals tell; no two writers ever touch the same place."""
    history = History()
    for path in journals:
        for entry in read_journal(path):
            history.add(entry)
    return history
