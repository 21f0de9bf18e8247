"""The structures of archival codes as a profile gives them: the ``[codes]`` table."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_FORM = re.compile(r"\{(?P<part>[a-z_]+)\}|(?P<separator>[-·])|(?P<open>\[)|(?P<close>\])")
_MOST_OPTIONAL = 4


def _regular_expression(text: str) -> str:
    try:
        groups = re.compile(text).groups
        re.compile(f"(?:{text})")  # as a piece of the whole, which it will be
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if groups:
        raise ValueError("brackets that capture are for the parts alone: write (?:...) instead of (...)")
    return text


def _form(text: str) -> str:
    depth = optional = end = 0
    for piece in _FORM.finditer(text):
        if piece.start() != end:
            break
        end = piece.end()
        depth += bool(piece["open"]) - bool(piece["close"])
        optional += bool(piece["open"])
        if not 0 <= depth <= 1:
            break
    if end != len(text) or depth or not text or optional > _MOST_OPTIONAL:
        raise ValueError(
            "a form is made of {parts} in braces, '-' and '·' between them, "
            "and [brackets] round what may be missing"
        )
    parts = [piece["part"] for piece in _FORM.finditer(text) if piece["part"]]
    if len(set(parts)) < len(parts):
        raise ValueError("a part stands only once in a form")
    return text


class PartOptions(BaseModel):
    """What a part of an archival code may be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: Annotated[str, AfterValidator(_regular_expression)] = Field(
        default=r"[^-·\s]+", description="regular expression of the part"
    )
    says: str = Field(default="", description="the same in words, for messages: four digits")
    values: tuple[str, ...] = Field(
        default=(), description="the only values; empty: any that fits the pattern"
    )


class StructureOptions(BaseModel):
    """One way in which parts make up a code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(description="what is coded so: documents by item")
    form: Annotated[str, AfterValidator(_form)] = Field(
        description="parts in braces with their separators; what may be missing in brackets"
    )
    only: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="values that parts are limited to in this structure"
    )


class CodeOptions(BaseModel):
    """The ``[codes]`` table of a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: dict[str, PartOptions] = Field(default_factory=dict, description="what each part may be")
    structures: tuple[StructureOptions, ...] = Field(
        default=(), description="structures of codes, the first that fits counts; empty: codes are not read"
    )
    placeholders: tuple[str, ...] = Field(
        default=(), description="what may stand for a fonds that is still to be assigned"
    )

    @model_validator(mode="after")
    def _known_parts(self) -> "CodeOptions":
        named = {piece["part"] for one in self.structures for piece in _FORM.finditer(one.form)} - {None}
        unknown = sorted(named - self.parts.keys())
        if unknown:
            raise ValueError(f"parts without a description: {', '.join(unknown)}")
        limited = sorted({part for one in self.structures for part in one.only} - self.parts.keys())
        if limited:
            raise ValueError(f"limits for parts that are not described: {', '.join(limited)}")
        return self


def pieces_of(form: str) -> list[re.Match[str]]:
    """Parts, separators and brackets of a form, in order."""
    return list(_FORM.finditer(form))
