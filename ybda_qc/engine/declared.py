"""Pages of which somebody said beforehand that they are blank on purpose."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property

from ybda_qc.model import Batch, Catalogue, Item, PageId

_WILD = re.compile(r"[*?]")
_BETWEEN = re.compile(r"[,;、\s]+")
_RANGE = re.compile(r"(?:第|p\.?)?([0-9]{1,9})(?:[-–—~至]([0-9]{1,9}))?页?", re.IGNORECASE)
_LONGEST_RANGE = 10_000


class DeclaredBlanks:
    """Declared blanks 已申报空白页: a set of pages that is asked whether it holds one.

    Whoever declares blanks - the profile by patterns, a catalogue by the pages of its records - ends up
    here; judging sees only whether a page is among them.

    Parameters
    ----------
    patterns
        Paths of pages in the batch, in which ``*`` stands for any text, slashes too, and ``?`` for one
        character; ``path#frame`` names one page of a multi-page file, a path alone all of them.
    pages
        Pages named one by one.
    """

    def __init__(self, patterns: Iterable[str] = (), pages: Iterable[PageId] = ()) -> None:
        patterns = self._written = frozenset(patterns)
        self._pages = frozenset(pages)
        self._named = frozenset(pattern for pattern in patterns if not _WILD.search(pattern))
        self._patterns = tuple(sorted(patterns - self._named))

    def __contains__(self, page: PageId) -> bool:
        """Whether the page was declared."""
        names = (page.path, str(page))
        if page in self._pages or not self._named.isdisjoint(names):
            return True
        return bool(self._patterns) and any(map(self._expression.fullmatch, names))

    def with_pages(self, pages: Iterable[PageId]) -> "DeclaredBlanks":
        """These declarations, and pages named one by one."""
        return DeclaredBlanks(self._written, self._pages.union(pages))

    def unmatched(self, pages: Iterable[PageId]) -> tuple[str, ...]:
        """Patterns that fit none of the pages, sorted; without any, the pages are not even looked at."""
        named = set(self._named)
        patterns = {pattern: re.compile(_as_expression(pattern), re.DOTALL) for pattern in self._patterns}
        if not named and not patterns:
            return ()
        for page in pages:
            names = (page.path, str(page))
            named.difference_update(names)
            fitting = [key for key, pattern in patterns.items() if any(map(pattern.fullmatch, names))]
            for key in fitting:
                del patterns[key]
        return tuple(sorted([*named, *patterns]))

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        # Not `fnmatch`: there brackets have a meaning, and names of archives may hold them.
        return re.compile("|".join(map(_as_expression, self._patterns)), re.DOTALL)


def blanks_of_records(batch: Batch, catalogue: Catalogue | None) -> frozenset[PageId]:
    """Pages that records of the catalogue name as blank, by their numbers in the item: ``3, 5-7``.

    Of an item in one file they are the pages of that file. A number alone may be a count of blanks as well
    as the number of a page; it declares no page.
    """
    lists = {
        record.code: numbers
        for record in (catalogue.records if catalogue else ())
        if (numbers := _page_numbers(record.values.get("blanks", "")))
    }
    return frozenset(
        page for item in batch.items if item.code in lists for page in _numbered(item, lists[item.code])
    )


def _numbered(item: Item, numbers: frozenset[int]) -> Iterator[PageId]:
    """The pages of an item that have these numbers."""
    if len(item.files) == 1 and item.files[0].number is None:
        yield from (PageId(path=item.files[0].path, frame=number) for number in numbers if number)
        return
    yield from (PageId(path=file.path) for file in item.files if file.number in numbers)


def _page_numbers(text: str) -> frozenset[int]:
    """Numbers of a list of pages; none where the text is something else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    ranges = [_RANGE.fullmatch(piece.strip()) for piece in _BETWEEN.split(plain) if piece.strip()]
    if not all(ranges) or (len(ranges) == 1 and plain.isdecimal()):
        return frozenset()
    numbers: set[int] = set()
    for found in ranges:
        assert found is not None
        first, last = int(found[1]), int(found[2] or found[1])
        numbers.update(range(first, min(last, first + _LONGEST_RANGE) + 1))
    return frozenset(numbers)


def _as_expression(pattern: str) -> str:
    pieces = (re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", pattern))
    return ".*".join(pieces)
