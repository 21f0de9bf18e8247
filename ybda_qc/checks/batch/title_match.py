"""What the catalogue 目录 says of an item, searched in the text of its first pages."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Final

from pydantic import Field

from ybda_qc.checks._arrangement import Candidate, Reading, Weight, weigh
from ybda_qc.checks._base import BatchCheck, BatchView, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._doubts import Doubts
from ybda_qc.checks._evidence import Claim, Fit, Text, fit
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, WHOLE_BATCH, listed
from ybda_qc.checks._records import NO_CATALOGUE, Link, join_view
from ybda_qc.checks._rivals import Rivals
from ybda_qc.checks._texts import NO_TEXT, is_doubtful
from ybda_qc.model import Correction, Finding, NotApplicable, PageResult, PageText, Record, TextLine

_SURE: Final = 6.0  # natural logarithm of odds: one in four hundred, beside which other errors are common
_PERHAPS: Final = 5.0

_OF_ITS_OWN: Final = ("code", "look", "file")  # records of an item, not of its volume or of a part of it
_PAGES_LOOKED_AT: Final = 12  # of an item, until enough with text are found
_CHARACTERS_A_PAGE: Final = 1500
_CANDIDATES: Final = 3  # other records of which an item keeps how they fit
_SHOWN: Final = 80  # characters of what stands in place of a title


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
    record of the catalogue better by at least two characters or a field; or if title and number, or all that
    is recorded, are nowhere in the text, though the text is legible. One record belongs to one item: another
    record whose own item agrees with it is not believed to be meant, and a record that is the text of another
    item is accused sooner. A few misread characters, traditional forms, titles broken over lines and copies
    accuse nobody.

    Remedy: open the item beside the records that are named. Records that changed places are exchanged in
    the catalogue; images under the wrong code are renamed. Self-made titles in square brackets, handwriting
    and items on whose first pages little stands are not compared, and counted.
    """

    id = "title_match"
    title = "Record and text"
    version = 2
    method = Method
    codes = (
        Code(
            name="mismatch",
            title="records of another text",
            template="{item}: its text is not that of its record ({place}), {title}",
            limits=Flag,
        ),
        Code(
            name="elsewhere",
            title="records whose text is that of another item",
            template="{item}: the text of {other} is that of its record ({place}), {title}, and its own text "
            "agrees with the record less well",
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
    """What the text of an item says of records."""

    pages: tuple[str, ...]
    reading: Reading
    heading: str


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
        self._doubts = Doubts(self._claims, self._rivals)

    def findings(self, limits: Limits) -> Iterator[Finding]:
        seen = self._look()
        weights = weigh({at: one.reading for at, one in seen.items()})
        for at, one in sorted(seen.items()):
            yield from self._judge(at, one, weights[at], limits)
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
        reading = Reading(
            doubt=self._doubts.of(at, own, text),
            is_headed=own.title.is_found and own.is_heading,
            candidates=tuple(self._candidates(at, own, text)),
        )
        return _Seen(
            pages=tuple(name for name, _ in read),
            reading=reading,
            heading=text.top[:_SHOWN] if reading.doubt > 0.0 else "",
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

    def _candidates(self, at: int, own: Fit, text: Text) -> Iterator[Candidate]:
        """The other records that fit the text best, if their titles are headings there."""
        fits = [(other, fit(self._claims[other], text)) for other in self._rivals.of(text, at)]
        found = [
            (other, theirs)
            for other, theirs in fits
            if theirs.title.is_found and theirs.is_heading and not text.is_cited(theirs.title)
        ]
        found.sort(key=lambda pair: (pair[1].cost, -pair[1].title.length, pair[0]))
        for other, theirs in found[:_CANDIDATES]:
            margin = own.worse_than(theirs)
            if margin > 0.0:
                yield Candidate(
                    record=other,
                    margin=margin,
                    doubt=self._doubts.of(other, theirs, text),
                    text=text.joined[theirs.title.start : theirs.title.end],
                )

    def _judge(self, at: int, one: _Seen, weight: Weight, limits: Limits) -> Iterator[Finding]:
        code = _code(weight)
        if code is None:
            return
        link = self._links[at]
        item, record = link.items[0].code, link.record
        say = partial(
            limits.flag,
            item=item,
            place=record.place,
            title=record.values["title"].strip(),
            value=round(weight.total, 1),
        )
        if code == "elsewhere" and weight.claimant is not None:
            found = say(code, other=self._links[weight.claimant].items[0].code)
        else:
            found = say(code)
        yield from about(found, item, one.pages, correction=self._correction(at, one, weight.candidate))

    def _correction(self, at: int, one: _Seen, candidate: Candidate | None) -> Correction:
        record = self._records[at]
        stands = record.values["title"].strip()
        if candidate is None:
            return Correction(place=record.place, field="title", stands=stands, found=one.heading)
        other = self._records[candidate.record]
        meant = other.values["title"].strip()
        return Correction(
            place=record.place,
            field="title",
            stands=stands,
            found=candidate.text,
            proposed=f"{meant} ({other.place})",
        )


def _code(weight: Weight) -> str | None:
    if weight.own >= _SURE:
        return "mismatch"
    if weight.total >= _SURE:
        return "elsewhere"
    return "unsure" if weight.total >= _PERHAPS else None


def _first_lines(page: PageText) -> Iterator[TextLine]:
    """The lines of a page until enough characters are gathered."""
    count = 0
    for line in page.lines:
        if count > _CHARACTERS_A_PAGE:
            return
        count += len(line.text)
        yield line
