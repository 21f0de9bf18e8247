"""Running numbers 序号 of the pages of an item, as their names give them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import PurePosixPath

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._item_numbers import item_series
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, first_pages, listed, spans, write_spans
from ybda_qc.model import BatchFile, Finding, Item, Unit

# Where the profile sets no naming rule, digits at the end of a name may be a date or an identity number.
_LONGEST_PAGE_NUMBER = 5
_FIRST_ITEM = 1


class Method(BaseMethod):
    """Where numbers start."""

    first: int = Field(default=1, ge=0, description="number of the first page of an item")


class SequenceCheck(BatchCheck):
    """Pages of an item 件, and items of a class, are numbered from the first on without gap or repeat.

    Why: a gap in the numbers is the cheapest sign of a page that was not scanned or not delivered, a repeat
    of one that was delivered twice or under the wrong name. DA/T 31-2017 wants missed, repeated and surplus
    pages put right at once.

    Remedy: compare the item with its original. Scan what is missing, take out what is there twice, and only
    then number the files again; never close a gap by renaming alone. Where whole items are missing from a
    class, look whether they were kept back from this batch, and have that written down.
    """

    id = "sequence"
    title = "Numbering"
    version = 2
    judges_items = True
    method = Method
    codes = (
        Code(
            name="gap",
            title="missing page numbers",
            template="missing page numbers ({count}): {numbers}",
            limits=Flag,
        ),
        Code(
            name="repeat",
            title="repeated page numbers",
            template="page numbers given more than once: {numbers}",
            limits=Flag,
        ),
        Code(
            name="start",
            title="page numbers with another start",
            template="page numbers start at {lowest}, not at {first}",
            limits=Flag,
        ),
        Code(
            name="width",
            title="page numbers of unequal width",
            template="page numbers have {widths} digits: sorted by name, the pages stand in another order",
            limits=Flag,
        ),
        Code(
            name="item-gap",
            title="missing item numbers",
            template="missing numbers of items 件号 or volumes 案卷号 in {series} ({count}): {numbers}",
            limits=Flag,
        ),
        Code(
            name="item-start",
            title="item numbers with another start",
            template="numbers of items 件号 or volumes 案卷号 in {series} start at {lowest}, not at {first}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:
        """Look at the numbers of each item and of the items themselves; names without numbers say nothing."""
        yield from listed(chain(self._pages(view, method, limits), _items(view, limits)), limits)

    def _pages(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:
        for item in view.batch.items:
            for series in _series(item):
                gaps = _gaps(series)
                yield from about(_gap(gaps, limits), item.code, first_pages(_beside(gaps, series)))
                repeated = _repeated(series)
                yield from about(
                    _repeat(repeated, limits), item.code, first_pages(file.path for file in repeated)
                )
                yield from about(
                    _start(series, method, limits), item.code, first_pages([series.files[0].path])
                )
                yield from about(_width(series, limits), item.code)


def _items(view: BatchView, limits: Limits) -> Iterator[Finding]:
    """Numbers of items that neither files nor the catalogue know."""
    for series, numbers in item_series(view).items():
        gaps = [(before[1] + 1, after[0] - 1) for before, after in pairwise(spans(numbers))]
        count = sum(last - first + 1 for first, last in gaps)
        if count:
            found = limits.flag(
                "item-gap",
                series=series,
                count=count,
                numbers=write_spans(gaps),
                value=float(count),
                unit=Unit.COUNT,
            )
            yield from about(found, series)
        if (lowest := min(numbers)) > _FIRST_ITEM:
            yield from about(
                limits.flag("item-start", series=series, lowest=lowest, first=_FIRST_ITEM), series
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """Pages of an item that are numbered together.

    ``files`` is never empty and holds numbered files only. ``hints`` are numbers of pages whose names do
    not fit the profile: such a page may well be the one that seems to be missing, and the check of file
    names speaks of it.
    """

    files: tuple[BatchFile, ...]
    hints: frozenset[int] = frozenset()

    @property
    def numbers(self) -> list[int]:
        return sorted({_number(file) for file in self.files})


def _number(file: BatchFile) -> int:
    assert file.number is not None, "only numbered files make a series"
    return file.number


def _series(item: Item) -> list[_Series]:
    numbered = [file for file in item.files if file.number is not None]
    if any(file.name_matches is not None for file in numbered):
        files = tuple(file for file in numbered if file.name_matches)
        hints = frozenset(_number(file) for file in numbered if not file.name_matches)
        return [_Series(files=files, hints=hints)] if files else []
    groups: defaultdict[str, list[BatchFile]] = defaultdict(list)
    for file in numbered:
        groups[_prefix(file)].append(file)
    found = [(prefix, _Series(files=tuple(files))) for prefix, files in sorted(groups.items())]
    return [series for prefix, series in found if _is_believable(prefix, series)]


def _prefix(file: BatchFile) -> str:
    """Return what stands before the number in a name."""
    stem = PurePosixPath(file.path).stem
    return stem[: len(stem) - (file.number_width or 0)].casefold()


def _is_believable(prefix: str, series: _Series) -> bool:
    """Whether numbers at the end of freely chosen names are running numbers at all.

    They are if they are short and more of them are there than missing; a name that occurs once must be
    nothing but a number.
    """
    numbers = series.numbers
    missing = numbers[-1] - numbers[0] + 1 - len(numbers)
    short = all((file.number_width or 0) <= _LONGEST_PAGE_NUMBER for file in series.files)
    return short and missing <= len(numbers) and (len(series.files) > 1 or not prefix)


def _gaps(series: _Series) -> list[tuple[int, int]]:
    """First and last number of each run of missing numbers between the lowest and the highest."""
    numbers = series.numbers
    known = spans([*numbers, *(hint for hint in series.hints if numbers[0] < hint < numbers[-1])])
    return [(before[1] + 1, after[0] - 1) for before, after in pairwise(known)]


def _beside(gaps: Sequence[tuple[int, int]], series: _Series) -> list[str]:
    """Paths of the pages right before and after the gaps: there the missing pages belong."""
    beside = {first - 1 for first, _ in gaps} | {last + 1 for _, last in gaps}
    return [file.path for file in series.files if file.number in beside]


def _gap(gaps: Sequence[tuple[int, int]], limits: Limits) -> Iterator[Finding]:
    count = sum(last - first + 1 for first, last in gaps)
    if count:
        yield from limits.flag(
            "gap", count=count, numbers=write_spans(gaps), value=float(count), unit=Unit.COUNT
        )


def _repeated(series: _Series) -> list[BatchFile]:
    by_number: defaultdict[int, list[BatchFile]] = defaultdict(list)
    for file in series.files:
        by_number[_number(file)].append(file)
    return [file for files in by_number.values() if len(files) > 1 for file in files]


def _repeat(repeated: Sequence[BatchFile], limits: Limits) -> Iterator[Finding]:
    if repeated:
        numbers = {_number(file) for file in repeated}
        yield from limits.flag(
            "repeat", numbers=write_spans(spans(numbers)), value=float(len(numbers)), unit=Unit.COUNT
        )


def _start(series: _Series, method: Method, limits: Limits) -> Iterator[Finding]:
    lowest = series.numbers[0]
    while lowest > method.first and lowest - 1 in series.hints:
        lowest -= 1
    if lowest != method.first:
        yield from limits.flag("start", lowest=lowest, first=method.first)


def _width(series: _Series, limits: Limits) -> Iterator[Finding]:
    widths = sorted({file.number_width or 0 for file in series.files})
    by_name = [_number(file) for file in sorted(series.files, key=lambda file: PurePosixPath(file.path).name)]
    if len(widths) > 1 and by_name != sorted(by_name):
        yield from limits.flag("width", widths=", ".join(map(str, widths)))
