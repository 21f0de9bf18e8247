"""Items 件 of a watched folder: which file belongs to which, which are open, and when they are closed."""

import fnmatch
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from ybda_qc.intake.layout import ROOT_ITEM, Layout, NameReading, folder_of
from ybda_qc.profile.options import WatchOptions

ClosedBy = Literal["marker", "next", "rest", "stop"]

MARKER: Final = "marker"
_NEXT_SECONDS: Final = 2.0  # an item rests at least so long before the next one closes it

_Place = tuple[str, str]  # copy, and folder below that of the copy
_NOTHING: Final[Counter[str]] = Counter()


@dataclass(slots=True, kw_only=True)
class _Item:
    files: dict[str, None] = field(default_factory=dict)
    first_at: float
    last_at: float


class ItemTracker:
    """Follows the items of a folder as their files come and go. Times are those of a monotonic clock.

    Parameters
    ----------
    layout
        How items stand in paths.
    options
        What closes them.
    """

    def __init__(self, layout: Layout, options: WatchOptions) -> None:
        self._layout = layout
        self._options = options
        self._markers = re.compile("|".join(map(fnmatch.translate, options.markers)) or "(?!)")
        self._readings: dict[str, NameReading] = {}
        self._named: defaultdict[_Place, Counter[str]] = defaultdict(Counter)  # items that names in it give
        self._nameless: defaultdict[_Place, dict[str, None]] = defaultdict(
            dict
        )  # files whose names give none
        self._items: dict[str, _Item] = {}
        self._open: dict[str, _Item] = {}
        self._marked: set[str] = set()  # items of which a marker spoke since they were opened
        self._item_of: dict[str, str] = {}
        self._reopened: dict[str, None] = {}

    @property
    def open_count(self) -> int:
        """How many items are open."""
        return len(self._open)

    def item_of(self, path: str) -> str:
        """Code or folder of the item of a file, as far as the files tell that are there by now."""
        reading = self._readings.get(path) or self._layout.read(path)
        return reading.item or self._home((reading.copy, reading.folder))

    def _home(self, place: _Place) -> str:
        """The item of files in a folder whose names give none."""
        named = self._named.get(place, _NOTHING)
        if len(named) == 1:
            return next(iter(named))
        return self._layout.item_of_folder(place[1]) or place[1]

    def files(self, code: str) -> tuple[str, ...]:
        """Paths of the files of an item."""
        item = self._items.get(code)
        return tuple(item.files) if item else ()

    def is_closed(self, code: str) -> bool:
        """Whether an item is known and closed."""
        return code in self._items and code not in self._open

    def add(self, path: str, now: float) -> tuple[str, ...]:
        """A file was taken in; returns the codes of items that were closed and are open again."""
        if path not in self._readings:
            reading = self._layout.read(path)
            self._readings[path] = reading
            place = (reading.copy, reading.folder)
            if reading.item:
                self._name(place, reading.item, 1, now)
            else:
                self._nameless[place][path] = None
        self._put(path, self.item_of(path), now)
        return self._take_reopened()

    def remove(self, path: str, now: float) -> tuple[str, ...]:
        """A file is gone; returns the codes of items that were closed and are open again."""
        reading = self._readings.pop(path, None)
        if reading is not None:
            place = (reading.copy, reading.folder)
            if reading.item:
                self._name(place, reading.item, -1, now)
            else:
                del self._nameless[place][path]
        code = self._item_of.pop(path, None)
        if code is not None:
            self._leave(path, code, now)
        return self._take_reopened()

    def _name(self, place: _Place, code: str, more: int, now: float) -> None:
        """Another file, or one less, names an item in a folder: those that name none may follow."""
        before = self._home(place)
        named = self._named[place]
        named[code] += more
        if not named[code]:
            del named[code]
        home = self._home(place)
        if home != before:
            for path in self._nameless.get(place, {}):
                self._put(path, home, now)

    def _put(self, path: str, code: str, now: float) -> None:
        before = self._item_of.get(path)
        if before is not None and before != code:
            self._leave(path, before, now)
        self._item_of[path] = code
        if code not in self._items:
            self._items[code] = self._open[code] = _Item(first_at=now, last_at=now)
        item = self._items[code]
        item.files[path] = None
        self._touch(code, item, now)

    def _leave(self, path: str, code: str, now: float) -> None:
        item = self._items.get(code)
        if item is not None:
            item.files.pop(path, None)
            self._touch(code, item, now)

    def close(self, code: str) -> None:
        """An item is closed."""
        self._marked.discard(code)
        self._open.pop(code, None)

    def forget(self, code: str) -> None:
        """An item without files is no item."""
        self._items.pop(code, None)
        self._marked.discard(code)
        self._open.pop(code, None)

    def restore_closed(self, codes: Iterable[str]) -> None:
        """Items that were closed when the service stopped."""
        for code in codes:
            if code in self._items:
                self.close(code)

    def restore_marked(self, codes: Iterable[str]) -> None:
        """Items of which a marker had spoken when the service stopped, whether their files were seen or not.

        The word holds until the item is closed, as if the service had not stopped: pages that came or changed
        meanwhile are waited for, and do not take it back. They are not delivered by it, since nobody can tell
        whether they lay there before it.
        """
        self._marked.update(codes)

    def is_marker(self, path: str) -> bool:
        """Whether a file says by its name that an item is complete."""
        return self._markers.match(path.rpartition("/")[2]) is not None

    def mark(self, path: str) -> tuple[str, ...]:
        """A marker file has come; returns the codes of the items that it speaks of."""
        folder, name = folder_of(path), path.rpartition("/")[2]
        stem = name.rpartition(".")[0]
        below = "" if folder == ROOT_ITEM else folder + "/"
        is_of_all = name in self._options.markers  # no name of an item, as CODE.done may be

        def speaks_of(code: str, files: Iterable[str]) -> bool:
            if is_of_all:
                return any(file.startswith(below) for file in files)
            return code in (folder, folder.rpartition("/")[2]) or any(
                folder_of(file) == folder for file in files
            )

        named = [code for code in (below + stem, stem) if stem and code in self._items][:1]
        codes = named or [code for code, item in self._items.items() if speaks_of(code, item.files)]
        marked = tuple(code for code in codes if code in self._open)
        self._marked.update(marked)
        return marked

    def due(self, now: float, is_busy: Callable[[str], bool]) -> list[tuple[str, ClosedBy]]:
        """Items that are to be closed now, and by what; those with files that still come are not."""
        newest = max((item.first_at for item in self._open.values()), default=now)
        found: list[tuple[str, ClosedBy]] = []
        for code, item in self._open.items():
            by = MARKER if code in self._marked else self._closed_by(item, now, newest)
            if by is not None and not is_busy(code):
                found.append((code, by))
        return found

    def _closed_by(self, item: _Item, now: float, newest: float) -> ClosedBy | None:
        rested = now - item.last_at
        if rested >= self._options.rest_seconds:
            return "rest"
        is_past = newest > item.last_at and rested >= _NEXT_SECONDS
        return "next" if self._options.next_item_closes and is_past else None

    def _touch(self, code: str, item: _Item, now: float) -> None:
        item.last_at = now
        if code not in self._open:
            item.first_at = now
            self._open[code] = item
            self._reopened[code] = None

    def _take_reopened(self) -> tuple[str, ...]:
        reopened, self._reopened = tuple(self._reopened), {}
        return reopened
