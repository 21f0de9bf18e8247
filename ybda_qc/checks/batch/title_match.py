"""What the catalogue 目录 says of an item, searched in the text of its first pages."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._evidence import Claim, Fit, Text, fit
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, WHOLE_BATCH, listed
from ybda_qc.checks._records import NO_CATALOGUE, Link, join_view
from ybda_qc.checks._rivals import Rivals
from ybda_qc.checks._texts import NO_TEXT, is_doubtful
from ybda_qc.model import Correction, Finding, NotApplicable, PageResult, PageText, Record, TextLine

_SURE: Final = 6.0  # natural logarithm of odds: one in four hundred, beside which other errors are common
_PERHAPS: Final = 5.0

# Weight of what speaks against a record while no other one is known to be meant, in the same unit. Titles are
# given in other words, numbers and dates are sometimes entered wrongly, so none of them says everything.
_OTHER_TITLE: Final = 5.5
_TITLE_IN_OTHER_WORDS: Final = 2.0
_HAS_TITLE: Final = 0.4
_TITLE_CITED: Final = 3.5
_OTHER_NUMBER: Final = 5.5
_NO_NUMBER: Final = 1.5
_OTHER_DATE: Final = 1.5
_OTHER_YEAR: Final = 1.0
_NO_AUTHOR: Final = 1.0
_NUMBER_FOUND: Final = {0: -8.0, 1: -4.0}  # but for so many characters
_DATE_FOUND: Final = {0: -3.0, 1: -1.0}

_OF_ITS_OWN: Final = ("code", "look", "file")  # records of an item, not of its volume or of a part of it
_PAGES_LOOKED_AT: Final = 12  # of an item, until enough with text are found
_CHARACTERS_A_PAGE: Final = 1500


class Method(BaseMethod):
    """How much of an item is searched."""

    pages: int = Field(
        default=3, ge=1, le=20, description="pages with text that are searched, from the first"
    )
    least_characters: int = Field(
        default=40,
        ge=10,
        description="characters, below which an item says too little to contradict a record",
    )


class TitleMatchCheck(BatchCheck):
    """The text of an item is that of its record: title 题名, document number 文号, author 责任者 and date.

    Why: a record linked to the wrong images passes every check of names and counts, and whoever orders the
    item gets another paper. DA/T 31-2017 has the agreement of records and images checked. Titles within a
    batch are often alike but for a year or a number, so a record is accused only if the text fits another
    record of the catalogue better by at least two characters or a field, which is not the text of another
    item as well; or if title and number, or all that is recorded, are nowhere in the text, though the text
    is legible. A few misread characters, traditional forms and titles broken over lines accuse nobody.

    Remedy: open the item beside the records that are named. Records that changed places are exchanged in
    the catalogue; images under the wrong code are renamed. Self-made titles in square brackets, handwriting
    and items on whose first pages little stands are not compared, and counted.
    """

    id = "title_match"
    title = "Record and text"
    version = 1
    method = Method
    codes = (
        Code(
            name="mismatch",
            title="records of another text",
            template="{item}: its text is not that of its record ({place}), {title}",
            limits=Flag,
        ),
        Code(
            name="unsure",
            title="records that are perhaps of another text",
            template="{item}: little of its record ({place}), {title}, is found in its text",
            limits=Flag,
        ),
        Code(
            name="not-compared",
            title="records that were not compared with a text",
            template="{count} records were not compared with the text of their items: self-made titles, "
            "pages without text, handwriting",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:
        """Compare each record with the first pages of its item, in one pass, and with its rivals."""
        joined = join_view(view)
        if joined is None:
            return NO_CATALOGUE
        if not view.reads_text:
            return NO_TEXT
        if not any(link.record.values.get("title") for link in joined.links):
            return NotApplicable(reason="no record of an item has a title")
        links = [link for link in joined.links if link.by in _OF_ITS_OWN]
        lonely = [*joined.records, *joined.codeless]
        return listed(_Comparison(view, method, links, lonely).findings(limits), limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the text of an item says of its own record, and of the other one that fits it best."""

    pages: tuple[str, ...]
    own: Fit
    against: float
    rival: int | None
    margin: float
    rival_text: str


class _Comparison:
    """Compares records, counted in the order of the links and after them those that have no item."""

    def __init__(
        self, view: BatchView, method: Method, links: Sequence[Link], lonely: Sequence[Record]
    ) -> None:
        self._view = view
        self._method = method
        self._links = links
        self._records = [*(link.record for link in links), *lonely]
        self._claims = [Claim.of(record) for record in self._records]
        self._rivals = Rivals(self._claims)

    def findings(self, limits: Limits) -> Iterator[Finding]:
        seen = self._look()
        for at, one in sorted(seen.items()):
            yield from self._judge(at, one, seen, limits)
        count = len(self._links) - len(seen)
        if count:
            yield from about(limits.flag("not-compared", count=count, value=float(count)), WHOLE_BATCH)

    def _look(self) -> dict[int, _Seen]:
        of_item: dict[str, int] = {}
        for at, link in enumerate(self._links):
            for item in link.items:
                of_item.setdefault(item.code, at)
        seen: dict[int, _Seen] = {}
        for code, pages in groupby(self._view.pages(), key=lambda page: page.item):
            own = of_item.get(code or "")
            if own is not None and own not in seen and self._claims[own].has_title:
                one = self._compare(own, pages)
                if one is not None:
                    seen[own] = one
        return seen

    def _compare(self, at: int, pages: Iterable[PageResult]) -> _Seen | None:
        """Compare a record with the pages of its item; None if these say too little."""
        read = self._read(pages)
        text = Text([line.text for _, page in read for line in _first_lines(page)])
        own = fit(self._claims[at], text)
        says_little = len(text.joined) < self._method.least_characters or all(
            is_doubtful(page) for _, page in read
        )
        if says_little and not own.title.is_found:
            return None
        rival, theirs = self._best_rival(at, text)
        return _Seen(
            pages=tuple(name for name, _ in read),
            own=own,
            against=self._against(at, own, text),
            rival=rival,
            margin=own.worse_than(theirs) if theirs else 0.0,
            rival_text=text.joined[max(0, theirs.title.end - theirs.title.length) : theirs.title.end]
            if theirs
            else "",
        )

    def _read(self, pages: Iterable[PageResult]) -> list[tuple[str, PageText]]:
        """The first pages with text, and the last page, on which papers are dated."""
        pages = iter(pages)
        read = list(islice(self._texts(islice(pages, _PAGES_LOOKED_AT)), self._method.pages))
        last = deque(pages, maxlen=1)
        return read + list(self._texts(last))

    def _texts(self, pages: Iterable[PageResult]) -> Iterator[tuple[str, PageText]]:
        for page in pages:
            text = self._view.text_of(page)
            if text is not None and text.lines:
                yield str(page.page), text

    def _best_rival(self, at: int, text: Text) -> tuple[int | None, Fit | None]:
        """The other record that fits the text best, if its title is a heading there."""
        fits = [(other, fit(self._claims[other], text)) for other in self._rivals.of(text, at)]
        found = [(other, theirs) for other, theirs in fits if theirs.title.is_found and theirs.is_heading]
        if not found:
            return None, None
        return min(found, key=lambda pair: (pair[1].cost, -pair[1].title.length, pair[0]))

    def _against(self, at: int, own: Fit, text: Text) -> float:
        """What speaks against a record, whichever may be meant instead."""
        claim = self._claims[at]
        weight = self._against_title(claim, own, text)
        if own.number is not None:
            most = _OTHER_NUMBER if text.number_lines else _NO_NUMBER
            weight += _NUMBER_FOUND.get(own.number.edits, min(own.number.surprise, most))
        if own.date is not None and claim.date is not None and text.dates:
            other = _OTHER_DATE + _OTHER_YEAR * (claim.date[0] not in text.years)
            weight += _DATE_FOUND.get(own.date.edits, other)
        return weight + _NO_AUTHOR * (own.author is False)

    def _against_title(self, claim: Claim, own: Fit, text: Text) -> float:
        surprise = own.title.surprise
        if own.title.is_found:
            before = own.title.start - len(text.title)
            is_cited = not own.is_heading and bool(text.title) and text.joined.find(text.title) < before
            return surprise + _TITLE_CITED * is_cited
        is_chance = self._rivals.is_chance(claim, text)
        is_near = own.is_heading and own.title.edits <= own.title.length / 2
        most = _OTHER_TITLE if is_chance or is_near else _TITLE_IN_OTHER_WORDS
        return min(surprise, most) + _HAS_TITLE * (is_chance and bool(text.title))

    def _judge(self, at: int, one: _Seen, seen: dict[int, _Seen], limits: Limits) -> Iterator[Finding]:
        rival = one.rival if one.rival is not None and not self._is_taken(one, seen) else None
        margin = one.margin if rival is not None else 0.0
        weight = max(margin, one.against)
        code = "mismatch" if weight >= _SURE else "unsure" if weight >= _PERHAPS else None
        if code is None:
            return
        link = self._links[at]
        item = link.items[0].code
        title = link.record.values["title"].strip()
        found = limits.flag(code, item=item, place=link.record.place, title=title, value=round(weight, 1))
        yield from about(found, item, one.pages, correction=self._correction(at, one, rival))

    def _is_taken(self, one: _Seen, seen: dict[int, _Seen]) -> bool:
        """Whether the other record is that of its own item, of which this text is a copy."""
        its = seen.get(one.rival) if one.rival is not None else None
        return its is not None and max(its.margin, its.against) < _PERHAPS

    def _correction(self, at: int, one: _Seen, rival: int | None) -> Correction:
        record = self._records[at]
        stands = record.values["title"].strip()
        if rival is None:
            return Correction(place=record.place, field="title", stands=stands)
        other = self._records[rival]
        meant = other.values["title"].strip()
        return Correction(
            place=record.place,
            field="title",
            stands=stands,
            found=one.rival_text,
            proposed=f"{meant} ({other.place})",
        )


def _first_lines(page: PageText) -> Iterator[TextLine]:
    """The lines of a page until enough characters are gathered."""
    count = 0
    for line in page.lines:
        if count > _CHARACTERS_A_PAGE:
            return
        count += len(line.text)
        yield line
