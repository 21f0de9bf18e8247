"""Page counts 页数 of the catalogue, against the images of each item."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import LISTED, UNLISTED, first_pages, listed
from ybda_qc.checks._records import NO_CATALOGUE, Joined, folded, join_view, name_of
from ybda_qc.model import Correction, Finding, Item, NotApplicable, PageResult, Record

_BLANK_PAGE: Final = "blank_page"
_NUMBER: Final = re.compile(r"(?:共\s*)?(\d{1,9})(?:\.0*)?\s*(?:页|頁|pp?\.?|pages?)?", re.IGNORECASE)
_MULTI_PAGE: Final = ("pdf", "tif", "tiff")


class PageCountCheck(BatchCheck):
    """An item has as many images as the page count 页数 of its record says, blank pages counted or not.

    Why: the page count is what the people who arranged the originals counted: the pages with text or pictures
    (DA/T 22-2015). Fewer images are pages that were not scanned or not delivered, more are pages of another
    item, or scanned twice. Whether blank sides are delivered is for the contract: either count is right.

    Remedy: count the original. Scan what is missing, take out what does not belong, or correct the page count
    in the catalogue; the correction list names each place. Where a page may be blank or not, look at it.
    """

    id = "page_count"
    title = "Page count"
    version = 2
    judges_items = True
    method = Method
    codes = (
        Code(
            name="short",
            title="fewer images than pages recorded",
            template="{item}: the catalogue ({place}) records {pages} pages, but there are only {images} "
            "images ({blanks} of them blank)",
            limits=Flag,
        ),
        Code(
            name="surplus",
            title="more images than pages recorded",
            template="{item}: the catalogue ({place}) records {pages} pages, but there are {images} images "
            "({blanks} of them blank)",
            limits=Flag,
        ),
        Code(
            name="doubtful-blank",
            title="page counts that hang on doubtful blanks",
            template="{item}: the catalogue ({place}) records {pages} pages; of {images} images {blanks} "
            "are blank and {doubtful} perhaps",
            limits=Flag,
        ),
        Code(
            name="unknown",
            title="items whose pages cannot be counted",
            template="{item}: the catalogue ({place}) records {pages} pages; how many {path} holds cannot be "
            "told, because it cannot be read",
            limits=Flag,
        ),
        Code(
            name="not-a-number",
            title="page counts that are no numbers",
            template="{item}: the page count in the catalogue ({place}) is no whole number: {text}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(
        self,
        view: BatchView,
        method: Method,  # noqa: ARG002
        limits: Limits,
    ) -> Iterable[Finding] | NotApplicable:
        """Count the images of each item that has a record, in one pass, and compare."""
        joined = join_view(view)
        if joined is None:
            return NO_CATALOGUE
        pairs = [
            (link.record, item)
            for link in joined.links
            if _text(link.record) and link.by not in ("volume", "part")
            for item in link.items
            if item.files
        ]
        volumes = list(_volumes(joined))
        if not pairs and not volumes:
            return NotApplicable(reason="no record of an item with pages gives a page count")
        return listed(_compare_all(view, pairs, volumes, limits), limits)


@dataclass(slots=True)
class _Count:
    """What the images of an item are; `uncertain` names the first of the blank and the doubtful ones."""

    images: int = 0
    blanks: int = 0
    doubtful: int = 0
    is_looked_for: bool = False
    uncertain: list[str] = field(default_factory=list)
    unreadable: str = ""  # path of a file that may hold any number of pages

    def add(self, page: PageResult, *, is_declared_blank: bool) -> None:
        """Count a page."""
        content = page.text(_BLANK_PAGE, "content")
        self.images += 1
        self.is_looked_for |= _BLANK_PAGE in page.checks
        if page.width_px is None and page.page.path.rpartition(".")[2].lower() in _MULTI_PAGE:
            self.unreadable = self.unreadable or page.page.path
        if is_declared_blank or content == "nothing":
            self.blanks += 1
        elif content != "written":
            self.doubtful += 1
        else:
            return
        if len(self.uncertain) < LISTED:
            self.uncertain.append(str(page.page))


_Volume = tuple[Item, Sequence[Record]]
"""A volume 案卷 in one folder, and the records of its items."""


def _volumes(joined: Joined) -> Iterator[_Volume]:
    found: dict[tuple[str, str], tuple[Item, dict[str, Record]]] = {}
    for link in joined.links:
        for item in link.items if link.by == "part" and _text(link.record) else ():
            if item.files:
                _, records = found.setdefault(_key(item), (item, {}))
                records[link.record.place] = link.record
    for item, records in found.values():
        yield item, tuple(records.values())


def _compare_all(
    view: BatchView, pairs: Sequence[tuple[Record, Item]], volumes: Sequence[_Volume], limits: Limits
) -> Iterator[Finding]:
    items = [*(item for _, item in pairs), *(item for item, _ in volumes)]
    counts = _count(view, {file.path: _key(item) for item in items for file in item.files})
    titles = {copy.name: copy.title for copy in view.batch.copies}
    first: dict[tuple[str, tuple[str, str]], tuple[Record, Item]] = {}
    for record, item in pairs:
        first.setdefault((record.place, _key(item)), (record, item))
    for record, item in first.values():
        yield from _compare(record, item, _written(item, titles), counts.get(_key(item), _Count()), limits)
    for item, records in volumes:
        written = _written(item, titles)
        yield from _compare_volume(item, written, records, counts.get(_key(item), _Count()), limits)


def _compare_volume(
    item: Item, written: str, records: Sequence[Record], count: _Count, limits: Limits
) -> Iterator[Finding]:
    """Only too few images say something: a cover and a list of the items are pages of a volume as well."""
    pages = sum(_whole(_text(record)) or 0 for record in records)
    place = records[0].place
    if count.unreadable:
        found = limits.flag("unknown", item=written, place=place, pages=pages, path=count.unreadable)
    elif pages > count.images:
        found = map(
            _of_volume,
            limits.flag("short", item=written, place=place, pages=pages, images=count.images),
        )
    else:
        return
    yield from about(found, item.code, first_pages([item.files[0].path]))


def _of_volume(finding: Finding) -> Finding:
    return replace(
        finding,
        template="{item}: the records of its items in the catalogue (from {place} on) count {pages} pages "
        "together, but there are only {images} images",
    )


def _key(item: Item) -> tuple[str, str]:
    """Items of one copy whose codes read the same are counted as one: that they differ is told elsewhere."""
    return folded(item.code), item.copy


def _count(view: BatchView, items: Mapping[str, tuple[str, str]]) -> Mapping[tuple[str, str], _Count]:
    """Count the pages of each item, whose key stands by the path of each file."""
    counts: dict[tuple[str, str], _Count] = {}
    for page in view.pages():
        item = items.get(page.page.path)
        if item is not None:
            count = counts.setdefault(item, _Count())
            count.add(page, is_declared_blank=view.is_declared_blank(page.page))
    return counts


def _compare(record: Record, item: Item, written: str, count: _Count, limits: Limits) -> Iterator[Finding]:
    pages = _whole(_text(record))
    is_open = count.doubtful or count.unreadable or (pages is not None and pages > count.images)
    correction = Correction(
        place=record.place,
        field="pages",
        stands=_text(record),
        found=str(count.images),
        # of pages that may not have been scanned only the paper can tell
        proposed="" if is_open else str(count.images - count.blanks),
    )
    concerned = tuple(count.uncertain) or first_pages([item.files[0].path])
    yield from about(_judge(record, written, count, limits), item.code, concerned, correction=correction)


def _judge(record: Record, written: str, count: _Count, limits: Limits) -> Iterator[Finding]:
    pages, place = _whole(_text(record)), record.place
    if pages is None:
        yield from limits.flag("not-a-number", item=written, place=place, text=_text(record))
    elif count.unreadable:
        yield from limits.flag("unknown", item=written, place=place, pages=pages, path=count.unreadable)
    elif not _agrees(pages, record, count):
        code = _mismatch(pages, count)
        found = limits.flag(
            code,
            item=written,
            place=place,
            pages=pages,
            images=count.images,
            blanks=count.blanks,
            doubtful=count.doubtful,
        )
        yield from found if count.is_looked_for or code != "doubtful-blank" else map(_not_looked_for, found)


def _agrees(pages: int, record: Record, count: _Count) -> bool:
    """Whether the images, all or all but the blank ones, are as many as recorded, blanks beside or not."""
    blanks = _whole(record.values.get("blanks", "")) or 0
    without_blanks = count.images - count.blanks
    return count.images in (pages, pages + blanks) or (pages == without_blanks and not count.doubtful)


def _mismatch(pages: int, count: _Count) -> str:
    """The code of a number that does not agree: whether the doubtful pages could still make it agree."""
    if pages > count.images:
        return "short"
    most = count.images - count.blanks  # pages with text or pictures, as far as is known
    return "doubtful-blank" if most - count.doubtful <= pages <= most else "surplus"


def _not_looked_for(finding: Finding) -> Finding:
    return replace(
        finding,
        template="{item}: the catalogue ({place}) records {pages} pages, but there are {images} images; "
        "blank pages were not looked for",
    )


def _written(item: Item, titles: Mapping[str, str]) -> str:
    """The code of an item, with the title of its copy: ``B470-WS·2022-Y-XM-0001 (access copies 利用件)``."""
    return f"{name_of(item)} ({titles.get(item.copy, item.copy)})" if item.copy else name_of(item)


def _text(record: Record) -> str:
    return record.values.get("pages", "").strip()


def _whole(text: str) -> int | None:
    """The number that a cell holds, with or without its unit; None if it is no whole number."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(match[1]) if match else None
