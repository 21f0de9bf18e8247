"""Copies of a delivery, as masters 保存件 and access copies 利用件: which there are and how they agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ybda_qc.checks._base import BatchView
from ybda_qc.model import Batch, BatchFile, DeliveryCopy, FileRole, PageResult
from ybda_qc.model.look_alikes import folded_code

_Page = int | str  # its number, or its name where that gives none


def copy_of_files(batch: Batch) -> Mapping[str, str]:
    """The copy of each file that lies in the folder of one, by path; without entries where none are named."""
    return {file.path: file.copy for file in batch.files if file.copy}


def present_copies(batch: Batch) -> list[DeliveryCopy]:
    """The copies of the profile that the batch holds a file of."""
    found = {item.copy for item in batch.items}
    return [copy for copy in batch.copies if copy.name in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedItem:
    """An item 件 and its files of pages and media in each copy that holds it.

    Codes that read the same, but for capitals and look-alike signs, are one item here: that they differ is
    told elsewhere, and once.
    """

    code: str
    files: Mapping[str, Sequence[BatchFile]]


def copied_items(batch: Batch) -> Iterator[CopiedItem]:
    """The items that lie in the folder of a copy, in order."""
    found: dict[str, tuple[str, defaultdict[str, list[BatchFile]]]] = {}
    for item in batch.items:
        if item.copy:
            _, files = found.setdefault(folded_code(item.code), (item.code, defaultdict(list)))
            files[item.copy] += [*item.files, *item.media]
    for code, files in found.values():
        yield CopiedItem(code=code, files=files)


class FrameCounts:
    """How many pages each file of a batch holds."""

    def __init__(self, view: BatchView) -> None:
        self._counts: Counter[str] = Counter()
        self._damaged: set[str] = set()
        for page in view.pages():
            self._counts[page.page.path] += 1
            if _is_damaged(page):
                self._damaged.add(page.page.path)

    def __getitem__(self, path: str) -> int:
        return self._counts.get(path, 1)

    def total(self, files: Sequence[BatchFile]) -> int | None:
        """Pages of some files together; None where one that may hold many could not be read."""
        if any(file.number is None and self[file.path] == 1 and file.path in self._damaged for file in files):
            return None
        return sum(self[file.path] for file in files)

    def is_whole(self, file: BatchFile) -> bool:
        """Whether a file holds many pages, or is named as one that holds a whole item."""
        named_whole = file.role is FileRole.PAGE and file.number is None and file.name_matches is True
        return named_whole or self[file.path] > 1


def _is_damaged(page: PageResult) -> bool:
    is_read = page.fault is None and page.sha256 is not None
    return not is_read or page.text("readable", "damage") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """Pages that one copy of an item holds and another does not: numbers, names where there are none."""

    numbers: tuple[int, ...]
    names: tuple[str, ...]
    files: tuple[BatchFile, ...]


def surplus(one: Sequence[BatchFile], other: Sequence[BatchFile]) -> Surplus | None:
    """What the first copy of an item holds beyond the second, going by numbers and names; None: nothing."""
    left = Counter(map(_page, one)) - Counter(map(_page, other))
    if not left:
        return None
    return Surplus(
        numbers=tuple(sorted(page for page in left if isinstance(page, int))),
        names=tuple(sorted(page for page in left if isinstance(page, str))),
        files=tuple(file for file in one if _page(file) in left),
    )


def _page(file: BatchFile) -> _Page:
    return file.number if file.number is not None else PurePosixPath(file.path).stem.casefold()
