"""Where a writer works: its sheets, its folders, what it has written so far, and its journal."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _watch.journal import NOT_A_PAGE, UNKNOWN_PAGES, Deed, Entry, Journal, Moment
from _watch.sheets import Sheet

_NESTS = ("", "", "", "box 3", "box 3/2023", "第二箱/文书")
_ITEM_FILES = (15, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A file to be written: content, and how many pages it has."""

    sheet: Sheet
    data: bytes
    pages: int


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A folder that is being filled; ``left`` files are to come."""

    folder: Path
    left: int
    next_page: int = 1


@dataclass(slots=True)
class Desk:
    """Of one writer, which alone writes below the folders of its items.

    Parameters
    ----------
    number
        Of the writer.
    chance
        Where every choice comes from.
    inboxes
        Name of each watched folder -> its path.
    staging
        A folder on the same disk that nobody watches.
    sheets
        What to write.
    journal
        What was done.
    large_share
        How many of the files are A4 pages at 300 dpi.
    """

    number: int
    chance: random.Random
    inboxes: dict[str, Path]
    staging: Path
    sheets: Sequence[Sheet]
    journal: Journal
    large_share: float
    held: dict[Path, Fresh] = field(default_factory=dict)
    busy: set[Path] = field(default_factory=set)
    _items: dict[str, Item] = field(default_factory=dict)
    _item_count: int = 0
    _file_count: int = 0
    written_files: int = 0

    # -------------------------------------------------------------------------------------- what to write

    def fresh(self, *suffixes: str) -> Fresh:
        """A new content, of these formats only if any are named."""
        is_large = not suffixes and self.chance.random() < self.large_share
        choice = [
            sheet
            for sheet in self.sheets
            if sheet.is_large == is_large and (not suffixes or sheet.suffix in suffixes)
        ]
        return self.stamped(self.chance.choice(choice))

    def stamped(self, sheet: Sheet) -> Fresh:
        """A new content of the same size."""
        self._file_count += 1
        data = sheet.stamped(self.number * 1_000_000 + self._file_count)
        return Fresh(sheet=sheet, data=data, pages=sheet.pages)

    # ------------------------------------------------------------------------------------- where to write

    def new_path(self, suffix: str) -> Path:
        """Where the next page of an item goes; the folder is made."""
        return self.new_path_in(self.chance.choice(list(self.inboxes)), suffix)

    def new_path_in(self, inbox: str, suffix: str) -> Path:
        """As `new_path`, in a certain inbox; the last file of an item may be followed by its marker."""
        item = self._items.get(inbox) or self._new_item(inbox)
        path = item.folder / f"{item.next_page:04d}{suffix}"
        left = item.left - 1
        if left:
            self._items[inbox] = Item(item.folder, left, item.next_page + 1)
        else:
            del self._items[inbox]
        self.busy.add(path)
        return path

    def _new_item(self, inbox: str) -> Item:
        item = Item(self.new_folder(inbox), self.chance.randint(*_ITEM_FILES))
        item.folder.mkdir(parents=True)
        return item

    def new_folder(self, inbox: str) -> Path:
        """Path of an item that does not exist yet."""
        self._item_count += 1
        code = f"B469-WS·2023-Y-BGS-{self.number * 1000 + self._item_count:04d}"
        return self.inboxes[inbox] / self.chance.choice(_NESTS) / code

    def is_being_filled(self, folder: Path) -> bool:
        """Whether an item still gets pages."""
        return any(item.folder == folder for item in self._items.values())

    def take_held(self, *suffixes: str) -> Path | None:
        """A finished file that nobody works on, and that is busy from now on; None if there is none."""
        free = [
            path
            for path, fresh in self.held.items()
            if path not in self.busy and (not suffixes or fresh.sheet.suffix in suffixes)
        ]
        if not free:
            return None
        # mostly one of the last, as an operator scans again what he has just seen
        recent = free[-30:] if self.chance.random() < 0.7 else free
        path = self.chance.choice(recent)
        self.busy.add(path)
        return path

    # -------------------------------------------------------------------------------------- what was done

    def place(self, path: Path) -> tuple[str, str]:
        """Inbox and path below it."""
        for name, root in self.inboxes.items():
            if path.is_relative_to(root):
                return name, path.relative_to(root).as_posix()
        return "", path.name

    def begun(self, way: str, path: Path) -> None:
        """The first byte is about to be written there."""
        self._note(Deed.BEGUN, way, path, Moment.now())

    def written(self, way: str, path: Path, fresh: Fresh, moment: Moment) -> None:
        """The file was complete at that moment."""
        self.held[path] = fresh
        self.busy.discard(path)
        self.written_files += fresh.pages != NOT_A_PAGE
        digest = hashlib.sha256(fresh.data).hexdigest()
        self._note(Deed.WRITTEN, way, path, moment, sha256=digest, pages=fresh.pages)

    def removed(self, way: str, path: Path, moment: Moment) -> None:
        """The file is gone."""
        self.held.pop(path, None)
        self.busy.discard(path)
        self._note(Deed.REMOVED, way, path, moment)

    def renamed(self, way: str, earlier: Path, path: Path, moment: Moment) -> None:
        """The file has another name."""
        if earlier in self.held:
            self.held[path] = self.held.pop(earlier)
        inbox, other = self.place(earlier)
        self._note(Deed.RENAMED, way, path, moment, other_inbox=inbox, other=other)

    def _note(
        self,
        deed: Deed,
        way: str,
        path: Path,
        moment: Moment,
        *,
        sha256: str = "",
        pages: int = UNKNOWN_PAGES,
        other_inbox: str = "",
        other: str = "",
    ) -> None:
        inbox, below = self.place(path)
        entry = Entry(
            deed=deed,
            way=way,
            inbox=inbox,
            path=below,
            other_inbox=other_inbox,
            other=other,
            sha256=sha256,
            pages=pages,
            wall=moment.wall,
            clock=moment.clock,
        )
        self.journal.add(entry)
