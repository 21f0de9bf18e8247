"""Page numbers printed, stamped or pencilled on the pages, against the order of the files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, listed, spans, write_spans
from ybda_qc.checks._numbering import Jump, Numbering, follow
from ybda_qc.checks._page_numbers import Series, page_numbers
from ybda_qc.checks._texts import NO_TEXT
from ybda_qc.model import Finding, NotApplicable, PageId, PageResult, Unit

_LEAST_SHARE: Final = 0.65  # of the numbers must fit, else they are something else than page numbers
_MOST_JUMPS: Final = 0.34  # for each number that fits
_FIRST: Final = 2  # a numbering that starts again starts with 1, or with 2 behind a first page without


class Method(BaseMethod):
    """When numbers are believed to be page numbers."""

    least_numbers: int = Field(default=4, ge=3, description="pages of an item with a number that fits")
    most_missing: int = Field(
        default=20, ge=1, description="numbers left out, beyond which another numbering has begun"
    )


class PageNumberOrderCheck(BatchCheck):
    """Page numbers on the pages of an item run on in the order of the files.

    Why: a sheet that was not scanned, two sheets drawn in at once, or pages in the wrong order leave the
    names of the files without a gap; the numbers on the paper show them as a shift. Numbers are looked for
    alone on a line at the top and the bottom of the upright page, in the middle or the corners: 12, - 12 -,
    第12页, 第 3 页 共 8 页, 十二, 〇, circled or Roman; printed ones and those that the archive put in the
    corner are followed apart. A shift counts only if two pages agree on it, so that single misread numbers
    and numbers that belong to the text say nothing; attachments that begin again at 1, pages without a
    number and front matter are no errors. Items on which no such numbers are found are not judged.

    Remedy: compare the pages named with the original. Scan what is missing and number the files again; put
    pages into their order; take out what is there twice.
    """

    id = "page_number_order"
    title = "Page numbers on paper"
    version = 1
    judges_items = True
    method = Method
    codes = (
        Code(
            name="missing",
            title="numbers on paper left out",
            template="the numbers on the pages go from {before} to {after}: {count} missing ({numbers})",
            limits=Flag,
        ),
        Code(
            name="repeated",
            title="numbers on paper that come again",
            template="the numbers on the pages come again: {numbers}",
            limits=Flag,
        ),
        Code(
            name="swapped",
            title="pages in another order than their numbers",
            template="pages stand in another order than the numbers on them: {numbers}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:
        """Follow the numbers of each item, in one pass."""
        if not view.reads_text:
            return NO_TEXT
        rows = [row for row in _rows(view) if _is_believable(row.numbering, method)]
        if not rows:
            return NotApplicable(reason="no item has page numbers on its pages that could be followed")
        return listed(_judge_all(rows, method, limits), limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """The pages of an item and one numbering on them; numbers and numbering by place in the row."""

    item: str
    pages: Sequence[PageId]
    numbers: Mapping[int, int]
    numbering: Numbering

    def named(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(str(self.pages[place]) for place in places)


def _rows(view: BatchView) -> Iterator[_Row]:
    order = {file.path: file.number for item in view.batch.items for file in item.files}
    for item, pages in groupby(view.pages(), key=lambda page: page.item):
        if item is not None:
            yield from _rows_of(item, _sorted(list(pages), order), view)


def _sorted(pages: Sequence[PageResult], order: Mapping[str, int | None]) -> list[PageResult]:
    """Pages by the numbers in their names, where all of them have one; else as they stand."""
    numbers = [order.get(page.page.path) for page in pages]
    if None in numbers:
        return list(pages)
    return sorted(pages, key=lambda page: (order[page.page.path] or 0, page.page.sort_key))


def _rows_of(item: str, pages: Sequence[PageResult], view: BatchView) -> Iterator[_Row]:
    found: defaultdict[Series, dict[int, int]] = defaultdict(dict)
    for place, page in enumerate(pages):
        text = view.text_of(page)
        for number in page_numbers(text) if text is not None else ():
            found[number.series].setdefault(place, number.value)
    names = [page.page for page in pages]
    for _, numbers in sorted(found.items()):
        for part in _parts(numbers):
            yield _Row(item=item, pages=names, numbers=part, numbering=follow(part))


def _parts(numbers: Mapping[int, int]) -> Iterator[Mapping[int, int]]:
    """The numbers up to where a numbering starts again, as that of an attachment does, and so on."""
    starts = {
        jump.places[1] for jump in follow(numbers).jumps if jump.by < 0 and jump.after <= _FIRST < jump.before
    }
    part: dict[int, int] = {}
    for place, number in sorted(numbers.items()):
        if place in starts and part:
            yield part
            part = {}
        part[place] = number
    yield part


def _is_believable(numbering: Numbering, method: Method) -> bool:
    fitting = numbering.read + sum(map(len, numbering.exchanged))
    return (
        numbering.read >= method.least_numbers
        and fitting >= _LEAST_SHARE * numbering.of
        and len(numbering.jumps) <= _MOST_JUMPS * numbering.read
    )


def _judge_all(rows: Iterable[_Row], method: Method, limits: Limits) -> Iterator[Finding]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for row in rows:
        for finding in _judge(row, method, limits):
            known = finding.code, finding.pages
            if known not in seen:
                seen.add(known)
                yield finding


def _judge(row: _Row, method: Method, limits: Limits) -> Iterator[Finding]:
    astray = sorted(place for ring in row.numbering.exchanged for place in ring)
    for jump in row.numbering.jumps:
        if 0 < jump.by <= method.most_missing:
            moved = _elsewhere(row, jump)
            astray += moved
            if not moved:
                yield from _missing(row, jump, limits)
        elif jump.by < 0:
            astray += _inserted(row, jump)
            yield from _repeated(row, jump, limits)
    if astray:
        places = sorted(set(astray))
        numbers = ", ".join(str(row.numbers[place]) for place in places[:20])
        found = limits.flag("swapped", numbers=numbers, value=float(len(places)), unit=Unit.COUNT)
        yield from about(found, row.item, row.named(places))


def _elsewhere(row: _Row, jump: Jump) -> list[int]:
    """Pages with the numbers that a jump leaves out."""
    wanted = range(jump.before + 1, jump.after)
    return [place for place, number in sorted(row.numbers.items()) if number in wanted]


def _inserted(row: _Row, jump: Jump) -> list[int]:
    """Pages within a jump that goes back by their count, and have numbers from elsewhere."""
    if jump.after <= jump.before:
        return []
    return [place for place in range(jump.places[0] + 1, jump.places[1]) if place in row.numbering.strays]


def _missing(row: _Row, jump: Jump, limits: Limits) -> Iterator[Finding]:
    numbers = write_spans(spans(range(jump.before + 1, jump.after)))
    found = limits.flag(
        "missing",
        before=jump.before,
        after=jump.after,
        count=jump.by,
        numbers=numbers,
        value=float(jump.by),
        unit=Unit.COUNT,
    )
    yield from about(found, row.item, row.named(jump.places))


def _repeated(row: _Row, jump: Jump, limits: Limits) -> Iterator[Finding]:
    """Numbers from the page behind a jump on that stand before it too."""
    again = range(jump.after, min(jump.before, jump.after - jump.by) + 1)
    places = [place for place, number in sorted(row.numbers.items()) if number in again]
    twice = {row.numbers[place] for place in places if place >= jump.places[1]}
    twice &= {row.numbers[place] for place in places if place <= jump.places[0]}
    if twice:
        found = limits.flag(
            "repeated", numbers=write_spans(spans(twice)), value=float(len(twice)), unit=Unit.COUNT
        )
        concerned = [place for place in places if row.numbers[place] in twice]
        yield from about(found, row.item, row.named(concerned))
