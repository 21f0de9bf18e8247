"""Archival codes 档号 as they were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["value", "form", "separator", "missing", "surplus", "structure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivalCode:
    """An archival code 档号 taken apart.

    Attributes
    ----------
    structure
        Title of its structure in the profile.
    text
        The code as a whole.
    parts
        Parts by name: fonds 全宗号, category 门类, year 年度, retention 保管期限, organisation 机构,
        volume 案卷号, item 件号, page 页号 and what else the profile names.
    has_placeholder
        Whether its fonds is still to be assigned: one of the profile's placeholders stands for it.
    """

    structure: str
    text: str
    parts: Mapping[str, str]
    has_placeholder: bool = False

    @property
    def year(self) -> int | None:
        """The year 年度, if the structure has one."""
        text = self.parts.get("year")
        return int(text) if text is not None and text.isdecimal() else None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeProblem:
    """One thing that is wrong with a code, and where.

    Attributes
    ----------
    kind
        ``value``: not in the list; ``form``: of another form; ``separator``; ``missing``; ``surplus``;
        ``structure``: like none of the structures.
    part
        Name of the part; empty for a surplus.
    found, expected
        What stands there and what should.
    at
        Place of the first character, from 1.
    """

    kind: Kind
    part: str
    found: str
    expected: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """A character that stands for another: found, meant (empty: nothing), its place from 1."""

    found: str
    meant: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReading:
    """What a text says as an archival code.

    Attributes
    ----------
    text
        As it stood.
    code
        The code, or None if it has no structure of the profile.
    look_alikes
        Characters that were taken for others.
    problems
        Why it is no code; empty if it is one.
    proposed
        The text as it should stand, if that is known and differs.
    """

    text: str
    code: ArchivalCode | None
    look_alikes: tuple[LookAlike, ...] = ()
    problems: tuple[CodeProblem, ...] = ()
    proposed: str | None = None
