"""How well the text of an item agrees with what a record of the catalogue says it is.

A record that belongs to a text stands in it but for misread characters. How much less likely the text is, if
the record is another one's, is counted in natural logarithms of odds, called cost here; costs add up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from math import exp, factorial, log
from typing import Final

from ybda_qc.checks._comparable import comparable
from ybda_qc.model import Record
from ybda_qc.model.folding import fold

EDIT: Final = 4.5
"""Of a character that stands otherwise: one in twenty is misread, and one in five of these as that other."""
RECORDED: Final = 4.5
"""Of a number that stands in a text and in the other record, while the own one gives none."""
CITED: Final = 5.0
"""Of a title that is only cited, while another one stands as a heading before it."""

_TITLE_ABSENT: Final = 12.0
_NUMBER_ABSENT: Final = 9.0
_DATE_ABSENT: Final = 3.0  # dates of records are that of signing, of receipt, or a guess
_DATE_EDIT: Final = 1.5
_AUTHOR_ABSENT: Final = 1.5  # letterheads abbreviate, or stand in a seal

_LONGEST: Final = 80  # characters of a title that are searched for
_LEAST_TITLE: Final = 5
_LEAST_NUMBER: Final = 5
_LEAST_AUTHOR: Final = 2
_MISREAD: Final = 0.2  # share of characters up to which a field counts as found
_NEAR: Final = 0.35  # share of characters, above which it is another field
_ERRORS: Final = 0.05  # share of characters that is misread on an ordinary page
_SLACK: Final = 2  # characters by which a heading may miss the ends of its lines
_DIGITS_OF_A_DATE: Final = 8
_HEADING: Final = 40  # lines in which a title stands
_TITLE_LINES: Final = 3

_SELF_MADE: Final = re.compile(r"\s*[\[［〔【].*[\]］〕】]\s*")
_APPENDED: Final = re.compile(
    r"[(（\[［〔][^()（）]*(附|复印|原件|正本|草稿|底稿|定稿|共)[^()（）]*[)）\]］〕]\s*$"
)
_NUMBER_WORDS: Final = str.maketrans("", "", "第年号字")
_NUMBER: Final = re.compile(r"[\[［〔【(（{]\s*((?:19|20)\d\d)\s*[\]］〕】)）}]\s*第?\s*(\d{1,5})\s*号?")
_NUMBER_LINE: Final = re.compile(rf"\W*\w{{1,12}}\s*{_NUMBER.pattern}(\s.*|签.*)?")
_DATE: Final = re.compile(r"((?:18|19|20)\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})")
_DIGITS_OF_DATE: Final = re.compile(r"((?:18|19|20)\d\d)(\d\d)(\d\d)")
_TITLE: Final = re.compile(
    r".{0,20}关于.{2,60}的(通知|报告|请示|批复|决定|意见|通报|公告|通告|议案|函)|.{4,20}(总结|纪要第\d+期)"
)
_AUTHORS: Final = re.compile(r"[;；,，、\s]+")

Date = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a field stands best in a text.

    Attributes
    ----------
    edits
        Characters that differ, are missing or too many.
    length
        Characters of the field.
    end
        Where it ends in the text.
    """

    edits: int
    length: int
    end: int

    @property
    def start(self) -> int:
        """Where it begins, give or take the edits."""
        return max(0, self.end - self.length)

    @property
    def is_found(self) -> bool:
        """Whether no more differs than is misread on a poor page."""
        return self.edits <= max(1, _MISREAD * self.length)

    @property
    def is_near(self) -> bool:
        """Whether it might still be the field, on a page of which much is misread."""
        return self.edits <= _NEAR * self.length

    @property
    def surprise(self) -> float:
        """How unlikely so many edits are where the field stands: negative logarithm of the probability."""
        mean = _ERRORS * self.length
        fewer = sum(mean**count / factorial(count) for count in range(self.edits)) * exp(-mean)
        return -log(max(1e-12, 1.0 - fewer))

    def overlaps(self, other: "Place") -> bool:
        """Whether both stand at the same place."""
        return self.start < other.end and other.start < self.end


class Text:
    """What was read of the first pages of an item.

    Parameters
    ----------
    lines
        In reading order.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.plain = tuple(map(fold, lines))
        self.lines = tuple(form for form in map(comparable, lines) if form)
        self.joined = "".join(self.lines)

        self._ends = {0, *accumulate(map(len, self.lines))}

    def is_heading(self, place: Place) -> bool:
        """Whether a place fills lines of its own, as a title above a text does and a cited one does not."""
        slack = range(-_SLACK, _SLACK + 1)
        return all(any(at + by in self._ends for by in slack) for at in (place.start, place.end))

    def headings(self) -> Iterator[str]:
        """What may be a title: each of the first lines, alone and with those that follow."""
        for start in range(min(_HEADING, len(self.lines))):
            for end in range(start + 1, min(start + _TITLE_LINES, len(self.lines)) + 1):
                yield "".join(self.lines[start:end])

    @cached_property
    def title(self) -> str:
        """The first heading such as official papers 公文 have; empty if there is none."""
        return next((heading for heading in self.headings() if _TITLE.fullmatch(heading)), "")

    @cached_property
    def top(self) -> str:
        """What stands where a title is expected: the lines of the first heading, or else the first lines."""
        for end in range(1, min(_HEADING, len(self.lines)) + 1):
            for start in range(end - 1, max(-1, end - 1 - _TITLE_LINES), -1):
                if _TITLE.fullmatch("".join(self.lines[start:end])):
                    return "".join(self.lines[start:end])
        return "".join(self.lines[:_TITLE_LINES])

    def is_cited(self, place: Place) -> bool:
        """Whether a place comes after the first heading, as papers do that are cited or attached."""
        return bool(self.title) and self.joined.find(self.title) + len(self.title) < place.start

    @cached_property
    def number_lines(self) -> tuple[str, ...]:
        """Lines that hold little more than a document number 文号, as below a letterhead."""
        lines = (line for line in self.plain if _NUMBER_LINE.fullmatch(line))
        return tuple(comparable(line).translate(_NUMBER_WORDS) for line in lines)

    @cached_property
    def numbers(self) -> str:
        """Where document numbers are searched: in lines of their own, or everywhere if there are none.

        Without the words that are written or left out within numbers.
        """
        return "\n".join(self.number_lines) or self.joined.translate(_NUMBER_WORDS)

    @cached_property
    def serials(self) -> frozenset[tuple[str, str]]:
        """Year and serial of the document numbers that stand in it, of the paper itself or cited."""
        found = (pair for line in self.plain for pair in _NUMBER.findall(line))
        return frozenset((year, serial.lstrip("0")) for year, serial in found)

    @cached_property
    def dates(self) -> frozenset[Date]:
        """The days that are named in it."""
        return frozenset(date for text in (self.joined, *self.plain) for date in _dates(text, _DATE))

    @cached_property
    def years(self) -> frozenset[int]:
        """The years of these days."""
        return frozenset(year for year, _, _ in self.dates)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Its pairs of neighbouring characters."""
        return frozenset(pairs_of(self.joined))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a record says of its item, in comparable form; empty or None where it says nothing."""

    title: str
    number: str
    serial: tuple[str, str] | None
    authors: tuple[str, ...]
    date: Date | None
    is_self_made: bool

    @classmethod
    def of(cls, record: Record) -> "Claim":
        """Take it from a record."""
        values = record.values
        title, number = values.get("title", ""), values.get("document_number", "")
        serials = _NUMBER.search(fold(number))
        authors = (comparable(name) for name in _AUTHORS.split(values.get("author", "")))
        return cls(
            title=comparable(_APPENDED.sub("", title))[:_LONGEST],
            number=_long_enough(comparable(number).translate(_NUMBER_WORDS), _LEAST_NUMBER),
            serial=(serials[1], serials[2].lstrip("0")) if serials else None,
            authors=tuple(author for author in authors if len(author) >= _LEAST_AUTHOR),
            date=next(_dates(fold(values.get("date", "")), _DATE, _DIGITS_OF_DATE), None),
            is_self_made=bool(_SELF_MADE.fullmatch(title)),
        )

    @property
    def has_title(self) -> bool:
        """Whether there is a title that should stand in the text."""
        return len(self.title) >= _LEAST_TITLE and not self.is_self_made


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a claim stands in a text; None where the claim says nothing."""

    title: Place
    is_heading: bool
    number: Place | None
    author: bool | None
    date: Place | None

    @property
    def cost(self) -> float:
        """Of all fields together."""
        return sum((self._title, self._number or 0.0, self._author or 0.0, self._date or 0.0))

    def worse_than(self, other: "Fit") -> float:
        """How much more this one costs, over the fields that both have; nothing where both may be right.

        Both titles may stand in a text, one as its heading and one cited, or each above a paper of its own.
        """
        same_place = self.title.overlaps(other.title)
        if self.title.is_found and not same_place:
            if self.is_heading or self.title.start < other.title.start:
                return 0.0
            title = CITED
        elif self.is_heading and self.title.is_near and self.title.end <= other.title.start:
            return 0.0
        else:
            title = self._title - other._title
        pairs = ((self._number, other._number), (self._author, other._author), (self._date, other._date))
        if self.number is None and other.number is not None and not other.number.edits:
            title += RECORDED
        if other.number is None and self.number is not None and not self.number.edits:
            title -= RECORDED
        return title + sum(mine - its for mine, its in pairs if mine is not None and its is not None)

    @property
    def _title(self) -> float:
        return min(EDIT * self.title.edits, _TITLE_ABSENT)

    @property
    def _number(self) -> float | None:
        return None if self.number is None else min(EDIT * self.number.edits, _NUMBER_ABSENT)

    @property
    def _author(self) -> float | None:
        return None if self.author is None else _AUTHOR_ABSENT * (not self.author)

    @property
    def _date(self) -> float | None:
        return None if self.date is None else min(_DATE_EDIT * self.date.edits, _DATE_ABSENT)


def fit(claim: Claim, text: Text) -> Fit:
    """Search what a record says in a text."""
    title = best_place(claim.title, text.joined)
    authors = claim.authors
    return Fit(
        title=title,
        is_heading=text.is_heading(title),
        number=_number_place(claim.number, text.numbers) if claim.number else None,
        author=any(best_place(name, text.joined).is_found for name in authors) if authors else None,
        date=_date_place(claim.date, text) if claim.date else None,
    )


def _number_place(number: str, text: str) -> Place:
    """A document number, of which 3 is not found where 31 stands."""
    whole = re.search(rf"{re.escape(number)}(?!\d)", text)
    if whole:
        return Place(edits=0, length=len(number), end=whole.end())
    place = best_place(number, text)
    goes_on = text[place.end : place.end + 1].isdigit()
    return replace(place, edits=place.edits + goes_on)


def _date_place(date: Date, text: Text) -> Place:
    """A day, written in one of the usual ways."""
    year, month, day = date
    if date in text.dates:
        return Place(edits=0, length=_DIGITS_OF_A_DATE, end=0)
    return best_place(f"{year}年{month}月{day}日", text.joined)


def best_place(wanted: str, text: str) -> Place:
    """Where a text holds another one with the fewest edits (Sellers 1980, by the bit vectors of Myers 1999).

    Parameters
    ----------
    wanted
        What is searched.
    text
        Where; both in comparable form.
    """
    length = len(wanted)
    at = text.find(wanted)
    if at >= 0:
        return Place(edits=0, length=length, end=at + length)
    masks: dict[str, int] = {}
    for place, letter in enumerate(wanted):
        masks[letter] = masks.get(letter, 0) | 1 << place
    full, last = (1 << length) - 1, 1 << (length - 1)
    up, down, edits = full, 0, length
    best, end = length, 0
    for place, letter in enumerate(text, 1):
        same = masks.get(letter, 0)
        across = (((same & up) + up) ^ up) | same
        more, less = down | (full & ~(across | up)), up & across
        if more & last:
            edits += 1
        elif less & last:
            edits -= 1
            if edits < best:
                best, end = edits, place
        more, less = more << 1, less << 1
        same |= down
        up, down = (less | ~(same | more)) & full, more & same & full
    return Place(edits=best, length=length, end=end)


def pairs_of(text: str) -> Iterator[str]:
    """Neighbouring characters, from the first pair on."""
    return (text[at : at + 2] for at in range(len(text) - 1))


def _dates(text: str, *forms: re.Pattern[str]) -> Iterator[Date]:
    for year, month, day in (parts for form in forms for parts in form.findall(text)):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield int(year), int(month), int(day)


def _long_enough(text: str, least: int) -> str:
    return text if len(text) >= least else ""
