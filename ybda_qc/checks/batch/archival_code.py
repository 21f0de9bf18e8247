"""Archival codes 档号 of the items and of the catalogue's records, by the structures of the profile."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, listed
from ybda_qc.checks._records import NO_ITEM, name_of
from ybda_qc.model import ArchivalCode, CodeReading, Correction, Finding, NotApplicable, Record

_COLUMNS: Final = ("fonds", "category", "year", "retention", "organisation", "volume", "item")
NAMES: Final[Mapping[str, str]] = {
    "fonds": "fonds 全宗号",
    "category": "category 门类",
    "class": "class 类别",
    "project": "project 项目号",
    "list": "list 案卷目录号",
    "year": "year 年度",
    "retention": "retention 保管期限",
    "organisation": "organisation 机构",
    "volume": "volume 案卷号",
    "item": "item 件号",
    "old_class": "class 类别号",
    "piece": "item or page 件(页)号",
    "page": "page 页号",
}
_BETWEEN: Final = re.compile(r"[\s()]+")  # 定期（30 年） is 定期30年
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


class ColumnLimits(Flag):
    """What columns of the catalogue may say in other words than codes do."""

    words: dict[str, str] = Field(
        default_factory=dict, description="word in a column -> what a code has for it: 永久 -> Y"
    )


class ArchivalCodeCheck(BatchCheck):
    """Every archival code 档号 has one of the structures of the profile, and agrees with its own columns.

    Why: the code ties images, catalogue and paper together and is the name under which a record is found for
    good. A wrong retention period 保管期限 or fonds 全宗号 files it in the wrong place; a hyphen that is none
    looks right to a person and is another code to every program.

    Remedy: correct the code where it is wrong, in the catalogue, in the names of folders and files, and on
    the stamp if it stands there too. The message names the part and the place of its first character; take a
    corrected code from the list of corrections only after a look at the paper.
    """

    id = "archival_code"
    title = "Archival codes"
    version = 1
    judges_items = True
    codes = (
        Code(
            name="value",
            title="archival codes with a wrong value",
            template="{part} '{found}' in {text} is none of {expected} (character {at})",
            limits=Flag,
        ),
        Code(
            name="form",
            title="archival codes with a part of wrong form",
            template="{part} '{found}' in {text} is not of the form: {expected} (character {at})",
            limits=Flag,
        ),
        Code(
            name="separator",
            title="archival codes with a wrong separator",
            template="before {part} in {text} stands '{found}' instead of '{expected}' (character {at})",
            limits=Flag,
        ),
        Code(
            name="missing",
            title="archival codes with a missing part",
            template="{part} is missing in {text}: {expected}",
            limits=Flag,
        ),
        Code(
            name="surplus",
            title="archival codes with too many parts",
            template="'{found}' in {text} is one part too many (character {at})",
            limits=Flag,
        ),
        Code(
            name="structure",
            title="codes unlike any archival code",
            template="{text} is like none of the structures of archival codes in the profile",
            limits=Flag,
        ),
        Code(
            name="look-alike",
            title="archival codes with look-alike characters",
            template="{text} has characters that only look right: {characters}; it should be {proposed}",
            limits=Flag,
        ),
        Code(
            name="column-differs",
            title="archival codes that differ from their columns",
            template="{part} is '{found}' in the code {text} and '{column}' in its column ({row})",
            limits=ColumnLimits,
        ),
        Code(
            name="placeholder-fonds",
            title="archival codes with a fonds to be assigned",
            template="the fonds '{found}' in {text} is a placeholder until one is assigned",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:  # noqa: ARG002
        """Read each code once, those of items first, and hold it against the columns of its records."""
        if view.read_code("") is None:
            return NotApplicable(reason="the profile describes no structures of archival codes")
        return listed(_findings(view, limits), limits)


def _findings(view: BatchView, limits: Limits) -> Iterator[Finding]:
    records = view.catalogue.records if view.catalogue is not None else ()
    subjects = {name_of(item): item.code for item in view.batch.items}
    by_code: dict[str, list[Record]] = {name: [] for name in subjects}
    for record in records:
        by_code.setdefault(record.code, []).append(record)
    for text, same in by_code.items():
        reading = view.read_code(text) if text else None  # a record without code: see `catalogue_fields`
        if reading is None:
            continue
        if text == NO_ITEM:
            yield from about(map(_of_root, limits.flag("structure", text=text)), text)
            continue
        subject = subjects.get(text, text)
        yield from about(_of_code(reading, limits), subject, correction=_correction(reading, same))
        if reading.code is not None:
            for record in same:
                yield from _of_columns(record, reading.code, limits)


def _of_root(finding: Finding) -> Finding:
    """In words: nobody reads a dot as a code."""
    return replace(finding, template="pages in the batch folder itself have no archival code in their names")


def _correction(reading: CodeReading, records: Sequence[Record]) -> Correction | None:
    """What is proposed: for the first record of the code, or for the names where it stands in no record."""
    if reading.proposed is None:
        return None
    if records:
        place = records[0].place
        return Correction(place=place, field="code", stands=reading.text, proposed=reading.proposed)
    return Correction(field="code", found=reading.text, proposed=reading.proposed)


def _of_code(reading: CodeReading, limits: Limits) -> Iterator[Finding]:
    for problem in reading.problems:
        yield from limits.flag(
            problem.kind,
            text=reading.text,
            part=", ".join(NAMES.get(name, name) for name in problem.part.split()),
            found=problem.found,
            expected=problem.expected,
            at=problem.at,
        )
    if reading.code is None:
        return
    if reading.look_alikes:
        yield from limits.flag(
            "look-alike",
            text=reading.text,
            characters=", ".join(dict.fromkeys(_shown(one.found, one.meant) for one in reading.look_alikes)),
            proposed=str(reading.code),
        )
    if reading.code.has_placeholder:
        yield from limits.flag("placeholder-fonds", text=reading.text, found=reading.code.parts["fonds"])


def _shown(found: str, meant: str) -> str:
    """A character with its number, as it may be invisible: ``— U+2014 (-)``."""
    letter = f"{found} " if found.isprintable() and not found.isspace() else ""
    return f"{letter}U+{ord(found):04X}" + (f" ({meant})" if meant else "")


def _of_columns(record: Record, code: ArchivalCode, limits: Limits) -> Iterator[Finding]:
    words = limits["column-differs"].words
    for name in _COLUMNS:
        part, column = code.parts.get(name), record.values.get(name, "").strip()
        if part is None or not column or (name == "fonds" and code.has_placeholder):
            continue
        if not _agree(name, part, column, words):
            yield from about(
                limits.flag(
                    "column-differs",
                    part=NAMES[name],
                    found=part,
                    text=record.code,
                    column=column,
                    row=record.place,
                ),
                record.code,
                correction=Correction(place=record.place, field=name, stands=column, found=part),
            )


def _agree(name: str, part: str, column: str, words: Mapping[str, str]) -> bool:
    """Whether a column says what the code says; a name in Chinese is not held against letters."""
    says = _BETWEEN.sub("", unicodedata.normalize("NFKC", column))
    says = words.get(says.removesuffix("档案"), says)
    if name == "year":
        says = says.removesuffix("度").removesuffix("年")
    if name == "category" and "·" not in part:
        says = says.partition("·")[0]
    if _CHINESE.search(says) and not _CHINESE.search(part):
        return True
    return _folded(says) == _folded(part)


def _folded(text: str) -> str:
    return text.lstrip("0") if text.isdecimal() else text.upper()
