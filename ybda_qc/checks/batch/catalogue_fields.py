"""Fields of the catalogue's records: there, well-formed, and one record a code."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, listed
from ybda_qc.checks._records import NO_CATALOGUE, join_view
from ybda_qc.model import Catalogue, CodeReading, Correction, Finding, NotApplicable, Record
from ybda_qc.model.look_alikes import folded_code

_ILLEGAL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff\ufffd\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010fffd]"
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff]+")
_FORMULA: Final = re.compile(r"[=+\-@][ -~]*?[A-Za-z][A-Za-z0-9.]*\(|[=+\-@][^|]*\|[^!]*!")
_WRITTEN_DATE: Final = re.compile(
    r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*日?(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)
_TIME_OF_DAY: Final = re.compile(r"(?<=[0-9]{8})[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?$")
_DAY_NUMBER: Final = re.compile(
    "[1-5][0-9]{4}"
)  # as spreadsheets store a day: 10000 is in 1927, 59999 in 2064
_DAY_NOUGHT: Final = date(1899, 12, 30)
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[0-9]|20)[0-9]{2}(?![0-9])")
_BETWEEN: Final = re.compile(r"[\s()]+")
_BRACKETS: Final = str.maketrans("［］【】", "[][]")
_NAMES: Final[Mapping[str, str]] = {
    "code": "code 档号",
    "document_number": "document_number 文号",
    "author": "author 责任者",
    "title": "title 题名",
    "date": "date 日期",
    "security": "security 密级",
    "pages": "pages 页数",
    "year": "year 年度",
    "retention": "retention 保管期限",
}
"""Fields as messages name them; the English word is the one of profiles."""
_LONGEST_QUOTE = 60
_ROWS_NAMED = 20


class RequiredLimits(Flag):
    """Which fields a record must have."""

    required: tuple[str, ...] = Field(default=(), description="fields that no record may leave empty")


class LengthLimits(Flag):
    """How long fields may be."""

    longest: dict[str, int] = Field(default_factory=dict, description="most characters, by field")


class ListLimits(Flag):
    """Fields with a closed list of values."""

    values: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="the only values, by field; empty fields are no matter of it"
    )


class DateLimits(Flag):
    """How exact dates must be."""

    unknown_allowed: bool = Field(
        default=True, description="whether 00 may stand for a month or day that is not known"
    )


class CatalogueFieldsCheck(BatchCheck):
    """Every record of the catalogue 目录 has the fields required, each well-formed, and a code of its own.

    Why: a record is found by its fields for as long as it is kept. An empty title 题名, a date that is none
    or a code that stands twice is cheap to mend while the paper is at hand, and hardly noticed afterwards.

    Remedy: correct the rows named in the catalogue, by the paper where the message proposes nothing. Where a
    whole column is missing, look first whether it has an unusual name: a profile can say which column holds
    which field.
    """

    id = "catalogue_fields"
    title = "Catalogue fields"
    version = 1
    judges_items = True
    codes = (
        Code(
            name="missing",
            title="records with an empty field",
            template="{column} is empty in {row}",
            limits=RequiredLimits,
        ),
        Code(
            name="missing-column",
            title="catalogues without a required column",
            template="the catalogue {table} has no column for the field {field}",
            limits=Flag,
        ),
        Code(
            name="too-long",
            title="fields that are too long",
            template="{column} in {row} has {value:g} characters, more than {limit:g}",
            limits=LengthLimits,
        ),
        Code(
            name="not-in-list",
            title="fields with a value outside the list",
            template="{column} in {row} is '{text}', none of {expected}",
            limits=ListLimits,
        ),
        Code(
            name="date",
            title="dates that are none",
            template="{column} in {row} is '{text}', no date of 8 digits",
            limits=DateLimits,
        ),
        Code(
            name="year",
            title="dates of another year than the record",
            template="the date {text} in {row} is not of the year {year} under which the record is filed",
            limits=Flag,
        ),
        Code(
            name="duplicate",
            title="codes that stand in several records",
            template="{text} is the code of {value:g} records: {rows}",
            limits=Flag,
        ),
        Code(
            name="illegal-character",
            title="fields with characters that do not belong there",
            template="{column} in {row} holds what does not belong in a catalogue: {found}",
            limits=Flag,
        ),
        Code(
            name="trailing-blank",
            title="fields with blanks around",
            template="{column} in {row} begins or ends with a blank",
            limits=Flag,
        ),
        Code(
            name="title-brackets",
            title="titles with wrong square brackets",
            template="the square brackets [ ] in the title '{text}' in {row} are unpaired or of another form",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:  # noqa: ARG002
        """Look at columns, then at records in order, then at codes that stand more than once."""
        if view.catalogue is None:
            return NO_CATALOGUE
        return listed(_findings(view, view.catalogue, limits), limits)


def _findings(view: BatchView, catalogue: Catalogue, limits: Limits) -> Iterator[Finding]:
    required = limits["missing"].required
    columns = {
        table.sheet: table.columns for table in catalogue.identity.tables if table.header_row is not None
    }
    items = view.batch.items
    has_pages = not items or any(item.files for item in items)
    for sheet, known in columns.items():
        table = f"{catalogue.identity.path} ({sheet})" if sheet else catalogue.identity.path
        for field in required:
            if field not in known and (field != "pages" or has_pages):
                yield from about(
                    limits.flag("missing-column", table=table, field=_NAMES.get(field, field)),
                    catalogue.identity.path,
                )
    by_code: defaultdict[str, list[Record]] = defaultdict(list)
    pageless = _of_media(view)
    for record in catalogue.records:
        reading = view.read_code(record.code) if record.code else None
        names = columns.get(record.sheet, {})
        expected = [field for field in required if field in names or record.sheet not in columns]
        if record.place in pageless:
            expected = [field for field in expected if field != "pages"]
        yield from _of_record(record, names, expected, limits)
        yield from about(_of_year(record, reading, limits), record.code or record.place)
        if record.code:
            by_code[_same(record.code, reading)].append(record)
    yield from _duplicates(by_code, limits)


def _of_media(view: BatchView) -> frozenset[str]:
    """Places of the records whose items hold nothing but photographs or recordings: these have no pages."""
    joined = join_view(view)
    links = joined.links if joined is not None else ()
    return frozenset(link.record.place for link in links if not any(item.files for item in link.items))


def _of_record(
    record: Record, names: Mapping[str, str], required: Iterable[str], limits: Limits
) -> Iterator[Finding]:
    subject = record.code or record.place
    for field in required:
        if not record.values.get(field, "").strip():
            found = limits.flag("missing", column=names.get(field, field), row=record.place)
            yield from about(found, subject, correction=Correction(place=record.place, field=field))
    for field, stands in record.values.items():
        for finding, proposed in _of_field(field, stands, names.get(field, field), record.place, limits):
            correction = Correction(place=record.place, field=field, stands=stands, proposed=proposed)
            yield from about([finding], subject, correction=correction)


_Proposed = Iterator[tuple[Finding, str]]


def _of_field(field: str, stands: str, column: str, row: str, limits: Limits) -> _Proposed:
    """Findings about one field, each with what is proposed instead."""
    text = stands.strip()
    if text != stands:
        for finding in limits.flag("trailing-blank", column=column, row=row):
            yield finding, text
    yield from _of_characters(text, column, row, limits)
    longest = limits["too-long"].longest.get(field)
    if longest is not None and len(text) > longest:
        for finding in limits.flag("too-long", column=column, row=row, value=len(text), limit=longest):
            yield finding, ""
    values = limits["not-in-list"].values.get(field, ())
    if values and _level(text) not in values:
        expected = ", ".join(values)
        for finding in limits.flag(
            "not-in-list", column=column, row=row, text=_quoted(text), expected=expected
        ):
            yield finding, ""
    if field == "date" and not _is_date(text, limits["date"].unknown_allowed):
        for finding in limits.flag("date", column=column, row=row, text=_quoted(text)):
            yield finding, _as_date(text, limits["date"].unknown_allowed)
    if field == "title":
        yield from _of_brackets(text, row, limits)


def _of_characters(text: str, column: str, row: str, limits: Limits) -> _Proposed:
    letters = list(dict.fromkeys(_ILLEGAL.findall(text)))
    formula = _FORMULA.match(text)
    found = [f"U+{ord(letter):04X}" for letter in letters[:_ROWS_NAMED]]
    if formula:
        found.append(_quoted(formula[0]))
    if found:
        is_mended = not formula and all(_CONTROL.fullmatch(letter) for letter in letters)
        for finding in limits.flag("illegal-character", column=column, row=row, found=", ".join(found)):
            yield finding, _CONTROL.sub(_joined, text) if is_mended else ""


def _joined(control: re.Match[str]) -> str:
    """What stands instead of a line break: a blank between Latin words, nothing between Chinese ones."""
    before, after = control.string[: control.start()][-1:], control.string[control.end() :][:1]
    is_space = any(letter.isspace() for letter in control[0])
    return " " if is_space and before.isascii() and after.isascii() else ""


def _of_brackets(text: str, row: str, limits: Limits) -> _Proposed:
    """Brackets of a self-made title 自拟题名; those inside a title may be of any form, if they are paired."""
    usual = text.translate(_BRACKETS)
    is_paired = _are_paired(usual)
    if not is_paired or (usual.startswith("[") and usual != text):
        for finding in limits.flag("title-brackets", row=row, text=_quoted(text)):
            yield finding, usual if is_paired else ""


def _are_paired(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "[") - (letter == "]")
        if depth < 0:
            return False
    return depth == 0


def _of_year(record: Record, reading: CodeReading | None, limits: Limits) -> Iterator[Finding]:
    text = record.values.get("date", "").strip()
    year = _year_of(record, reading)
    if year and _is_date(text, unknown_allowed=True) and text[:4] != year:
        yield from limits.flag("year", text=text, row=record.place, year=year)


def _year_of(record: Record, reading: CodeReading | None) -> str:
    """The year 年度 of a record by its column, else by its code; empty where it has none."""
    column = _YEAR.search(unicodedata.normalize("NFKC", record.values.get("year", "")))
    if column:
        return column[0]
    return reading.code.parts.get("year", "") if reading is not None and reading.code is not None else ""


def _duplicates(by_code: Mapping[str, list[Record]], limits: Limits) -> Iterator[Finding]:
    for code, same in by_code.items():
        if len(same) > 1:
            rows = "; ".join(record.place for record in same[:_ROWS_NAMED])
            rows += "; …" if len(same) > _ROWS_NAMED else ""
            found = limits.flag("duplicate", text=_quoted(code), value=len(same), rows=rows)
            correction = Correction(place=same[1].place, field="code", stands=same[1].code)
            yield from about(found, same[0].code, correction=correction)


def _same(text: str, reading: CodeReading | None) -> str:
    """A form that codes share which a person reads as the same."""
    if reading is not None and reading.code is not None:
        return str(reading.code)
    if reading is not None and reading.proposed is not None:
        return reading.proposed
    return folded_code(text)


def _level(text: str) -> str:
    """A value without the period that may follow it, 秘密★10年, and signs between: 定期（30年）."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).partition("★")[0])


def _is_date(text: str, unknown_allowed: bool) -> bool:
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    month, day = text[4:6], text[6:]
    if unknown_allowed and day == "00":
        day, month = "01", "01" if month == "00" else month
    try:
        date(int(text[:4]), int(month), int(day))
    except ValueError:
        return False
    return True


def _as_date(text: str, unknown_allowed: bool) -> str:
    """The date of 8 digits that a text means; empty if it means none."""
    usual = unicodedata.normalize("NFKC", text)
    written = _WRITTEN_DATE.fullmatch(usual)
    if written:
        digits = f"{written[1]}{int(written[2]):02d}{int(written[3]):02d}"
    elif _DAY_NUMBER.fullmatch(usual):
        digits = f"{_DAY_NOUGHT + timedelta(days=int(usual)):%Y%m%d}"
    else:
        digits = _TIME_OF_DAY.sub("", usual)
    return digits if _is_date(digits, unknown_allowed) else ""


def _quoted(text: str) -> str:
    """A text as messages show it: one line, not too long."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"
