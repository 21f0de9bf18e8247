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

_NEXT_SECONDS: Final = 2.0  # an item rests at least so long before the next one closes it

_Place = tuple[str, str]  # copy, and folder below that of the copy


@dataclass(slots=True, kw_only=True)
class _Item:
    files: dict[str, None] = field(default_factory=dict)
    first_at: float
    last_at: float
    is_marked: bool = False


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
        self._items: dict[str, _Item] = {}
        self._open: dict[str, _Item] = {}
        self._item_of: dict[str, str] = {}

    @property
    def open_count(self) -> int:
        """How many items are open."""
        return len(self._open)

    def item_of(self, path: str) -> str:
        """Code or folder of the item of a file, as far as the files tell that are there by now."""
        reading = self._readings.get(path) or self._layout.read(path)
        if reading.item:
            return reading.item
        named = self._named.get((reading.copy, reading.folder), Counter())
        home = next(iter(named)) if len(named) == 1 else self._layout.item_of_folder(reading.folder)
        return home or reading.folder

    def files(self, code: str) -> tuple[str, ...]:
        """Paths of the files of an item."""
        item = self._items.get(code)
        return tuple(item.files) if item else ()

    def is_closed(self, code: str) -> bool:
        """Whether an item is known and closed."""
        return code in self._items and code not in self._open

    def add(self, path: str, now: float) -> str | None:
        """A file was taken in; returns the code of its item if that was closed and is open again."""
        if path not in self._readings:
            reading = self._layout.read(path)
            self._readings[path] = reading
            if reading.item:
                self._named[reading.copy, reading.folder][reading.item] += 1
        code = self.item_of(path)
        before = self._item_of.get(path)
        if before is not None and before != code:
            self._items[before].files.pop(path, None)
        self._item_of[path] = code
        if code not in self._items:
            self._items[code] = self._open[code] = _Item(first_at=now, last_at=now)
        item = self._items[code]
        item.files[path] = None
        return self._touch(code, item, now)

    def remove(self, path: str, now: float) -> str | None:
        """A file is gone; returns the code of its item if that was closed and is open again."""
        reading = self._readings.pop(path, None)
        if reading is not None and reading.item:
            named = self._named[reading.copy, reading.folder]
            named[reading.item] -= 1
            if not named[reading.item]:
                del named[reading.item]
        code = self._item_of.pop(path, None)
        item = self._items.get(code or "")
        if code is None or item is None:
            return None
        item.files.pop(path, None)
        return self._touch(code, item, now)

    def close(self, code: str) -> None:
        """An item is closed."""
        self._items[code].is_marked = False
        self._open.pop(code, None)

    def forget(self, code: str) -> None:
        """An item without files is no item."""
        self._items.pop(code, None)
        self._open.pop(code, None)

    def restore_closed(self, codes: Iterable[str]) -> None:
        """Items that were closed when the service stopped."""
        for code in codes:
            if code in self._items:
                self.close(code)

    def is_marker(self, path: str) -> bool:
        """Whether a file says by its name that an item is complete."""
        return self._markers.match(path.rpartition("/")[2]) is not None

    def mark(self, path: str) -> tuple[str, ...]:
        """A marker file has come; returns the codes of the items that it speaks of."""
        folder, name = folder_of(path), path.rpartition("/")[2]
        stem = name.rpartition(".")[0]
        below = "" if folder == ROOT_ITEM else folder + "/"
        if stem in self._items:
            codes = [stem]
        else:
            codes = [
                code
                for code, item in self._items.items()
                if any(file.startswith(below) for file in item.files)
            ]
        for code in codes:
            self._items[code].is_marked = True
        return tuple(codes)

    def is_marked(self, code: str) -> bool:
        """Whether a marker said that all of an item is there."""
        item = self._items.get(code)
        return item is not None and item.is_marked

    def due(self, now: float, is_busy: Callable[[str], bool]) -> list[tuple[str, ClosedBy]]:
        """Items that are to be closed now, and by what; those with files that still come are not."""
        newest = max((item.first_at for item in self._open.values()), default=now)
        found: list[tuple[str, ClosedBy]] = []
        for code, item in self._open.items():
            by = self._closed_by(item, now, newest)
            if by is not None and not is_busy(code):
                found.append((code, by))
        return found

    def _closed_by(self, item: _Item, now: float, newest: float) -> ClosedBy | None:
        rested = now - item.last_at
        if item.is_marked:
            return "marker"
        if rested >= self._options.rest_seconds:
            return "rest"
        is_past = newest > item.last_at and rested >= _NEXT_SECONDS
        return "next" if self._options.next_item_closes and is_past else None

    def _touch(self, code: str, item: _Item, now: float) -> str | None:
        item.last_at = now
        if code in self._open:
            return None
        item.first_at = now
        self._open[code] = item
        return code
