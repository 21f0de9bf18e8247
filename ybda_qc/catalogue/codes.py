"""Archival codes 档号: read by the structures of a profile, and what is wrong with those that have none.

The structures of DA/T 13-2022 join levels by a hyphen and codes of one level by a middle dot. Files and
catalogues hold many characters that look like either; they are taken for what they look like, and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions, pieces_of
from ybda_qc.model import ArchivalCode, CodeProblem, CodeReading, LookAlike
from ybda_qc.model.look_alikes import DOT, DOTS, HYPHEN, HYPHENS

_FONDS: Final = "fonds"

_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_WIDE: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}
_MEANT: Final[Mapping[str, str]] = {
    **_WIDE,
    **dict.fromkeys(DOTS, DOT),
    **dict.fromkeys(HYPHENS, HYPHEN),
    **dict.fromkeys(_INVISIBLE, ""),
}

_WRONG_VALUE: Final = 1.0
_WRONG_SEPARATOR: Final = 0.6
_LEFT_OUT: Final = 1.6
_TOO_MUCH: Final = 1.6
_TOKEN: Final = re.compile(r"([-·]*)([^-·]*)")
_MOST_TOKENS: Final = 24
_REMEMBERED: Final = 4096  # readings, parts, and ways of being wrong
_MOST_WRONG: Final = 0.6  # of the parts: with more wrong, the code is of no structure


def format_code(form: str, parts: Mapping[str, str]) -> str:
    """Join the parts as the form says; brackets whose parts are not given are left out."""
    text, optional, is_open = "", "", False
    complete = True
    for piece in pieces_of(form):
        if piece["open"]:
            optional, is_open, complete = "", True, True
        elif piece["close"]:
            text, is_open = text + (optional if complete else ""), False
        else:
            part = piece["part"]
            word = piece["separator"] if part is None else parts.get(part)
            if word is None and not is_open:
                raise KeyError(part)
            complete = complete and word is not None
            if is_open:
                optional += word or ""
            else:
                text += word or ""
    return text


def plain(text: str) -> tuple[str, tuple[LookAlike, ...]]:
    """The text with hyphens, dots and digits in their common form and no blanks around; what was changed."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    changed: list[LookAlike] = []
    kept: list[str] = []
    for at, letter in enumerate(text):
        meant = _MEANT.get(letter, letter) if start <= at < end else ""
        if meant != letter:
            changed.append(LookAlike(found=letter, meant=meant, at=at + 1))
        kept.append(meant)
    return "".join(kept), tuple(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """One or more parts without a separator between them, and the separator in front."""

    separator: str
    names: tuple[str, ...]
    expression: re.Pattern[str]
    says: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """A piece of a text between separators."""

    separator: str
    text: str
    at: int


_Kind = tuple[str, frozenset[str]]
"""What matters of a token where codes are compared: its separator, and the expressions that its text fits."""
_Step = tuple[_Slot | None, int | None]
"""A slot and the place of the token that is laid on it; None: no such slot, or no token for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """A structure with some of its brackets kept."""

    title: str
    slots: tuple[_Slot, ...]
    expression: re.Pattern[str]


class CodeReader:
    """Reads archival codes by the structures of a profile."""

    def __init__(self, options: CodeOptions) -> None:
        self._options = options
        self._placeholders = frozenset(plain(text)[0] for text in options.placeholders)
        parts = _with_placeholders(options.parts, self._placeholders)
        self._variants = [variant for one in options.structures for variant in _variants_of(one, parts)]
        expressions = {slot.expression for variant in self._variants for slot in variant.slots}
        self._expressions = tuple(sorted(expressions, key=lambda one: one.pattern))
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)  # pages of an item share their code
        self._fitting = lru_cache(maxsize=_REMEMBERED)(self._find_fitting)  # and codes most of their parts
        self._likest = lru_cache(maxsize=_REMEMBERED)(self._find_likest)  # and wrong ones what is wrong

    def _read(self, text: str) -> CodeReading:
        """Read a code; what is wrong is said as precisely as the likest structure allows."""
        clean, look_alikes = plain(text)
        code = self._match(clean)
        if code is not None:
            return CodeReading(
                text=text, code=code, look_alikes=look_alikes, proposed=clean if clean != text else None
            )
        upper = self._match(clean.upper())
        return CodeReading(
            text=text,
            code=None,
            look_alikes=look_alikes,
            problems=self._problems(clean),
            proposed=clean.upper() if upper is not None else None,
        )

    def _match(self, text: str) -> ArchivalCode | None:
        for variant in self._variants:
            found = variant.expression.fullmatch(text)
            if found:
                parts = found.groupdict()
                return ArchivalCode(
                    structure=variant.title,
                    text=text,
                    parts=parts,
                    has_placeholder=parts.get(_FONDS) in self._placeholders,
                )
        return None

    def _problems(self, text: str) -> tuple[CodeProblem, ...]:
        """What is wrong with a text that is no code: the fewest differences from any structure."""
        tokens = _tokens(text)
        if not text:
            return (CodeProblem(kind="missing", part="code", found="", expected="", at=1),)
        if len(tokens) > _MOST_TOKENS or not self._variants:
            return (self._unlike(text),)
        cost, variant, steps = self._likest(
            tuple((token.separator, self._fitting(token.text)) for token in tokens)
        )
        if cost > _MOST_WRONG * len(variant.slots) + _WRONG_VALUE:
            return (self._unlike(text),)
        return tuple(self._described(steps, tokens))

    def _find_fitting(self, text: str) -> frozenset[str]:
        return frozenset(one.pattern for one in self._expressions if one.fullmatch(text))

    def _find_likest(self, kinds: tuple[_Kind, ...]) -> tuple[float, _Variant, tuple[_Step, ...]]:
        """The first variant with the fewest differences: how many, which one, and the steps to it."""
        costs = [_costs(variant.slots, kinds) for variant in self._variants]
        at = min(range(len(costs)), key=lambda at: costs[at][-1][-1])
        variant = self._variants[at]
        steps = [*_steps_back(variant.slots, kinds, costs[at])]
        return costs[at][-1][-1], variant, tuple(reversed(steps))

    def _unlike(self, text: str) -> CodeProblem:
        forms = "; ".join(dict.fromkeys(one.form for one in self._options.structures))
        return CodeProblem(kind="structure", part="code", found=text, expected=forms, at=1)

    def _described(self, steps: Iterable[_Step], tokens: Sequence[_Token]) -> Iterator[CodeProblem]:
        for slot, at in steps:
            token = None if at is None else tokens[at]
            if slot is None and token is not None:
                yield CodeProblem(kind="surplus", part="", found=token.text, expected="", at=token.at)
            elif slot is not None and token is None:
                part = " ".join(slot.names)
                yield CodeProblem(kind="missing", part=part, found="", expected=self._says(slot), at=0)
            elif slot is not None and token is not None:
                if token.separator != slot.separator and token.at > 1:  # before the first stands none
                    yield CodeProblem(
                        kind="separator",
                        part=" ".join(slot.names),
                        found=token.separator,
                        expected=slot.separator,
                        at=max(1, token.at - len(token.separator)),
                    )
                if not slot.expression.fullmatch(token.text):
                    yield CodeProblem(
                        kind="value" if slot.is_list else "form",
                        part=" ".join(slot.names),
                        found=token.text,
                        expected=self._says(slot),
                        at=token.at,
                    )

    def _says(self, slot: _Slot) -> str:
        return ", ".join(slot.says)


def _with_placeholders(
    parts: Mapping[str, PartOptions], placeholders: Iterable[str]
) -> Mapping[str, PartOptions]:
    """The parts, with a fonds that may also be one of the placeholders."""
    fonds = parts.get(_FONDS)
    allowed = sorted(placeholders)
    if fonds is None or not allowed:
        return parts
    if fonds.values:
        return {**parts, _FONDS: fonds.model_copy(update={"values": (*fonds.values, *allowed)})}
    pattern = "|".join([fonds.pattern, *map(re.escape, allowed)])
    return {**parts, _FONDS: PartOptions(pattern=pattern, says=fonds.says or fonds.pattern)}


def _variants_of(structure: StructureOptions, parts: Mapping[str, PartOptions]) -> Iterator[_Variant]:
    """The structure with all of its brackets, with some, with none."""
    pieces = pieces_of(structure.form)
    groups = sum(bool(piece["open"]) for piece in pieces)
    for kept in product((True, False), repeat=groups):
        words: list[str] = []
        group, inside = -1, False
        for piece in pieces:
            group, inside = (
                group + bool(piece["open"]),
                (inside or bool(piece["open"])) and not piece["close"],
            )
            if (piece["part"] or piece["separator"]) and (not inside or kept[group]):
                words.append(piece[0])
        slots = tuple(_slots_of(words, structure, parts))
        yield _Variant(
            title=structure.title,
            slots=slots,
            expression=re.compile(
                "".join(re.escape(slot.separator) + slot.expression.pattern for slot in slots)
            ),
        )


def _slots_of(
    words: Iterable[str], structure: StructureOptions, parts: Mapping[str, PartOptions]
) -> Iterator[_Slot]:
    separator, names = "", []
    for word in [*words, HYPHEN]:
        if word.startswith("{"):
            names.append(word[1:-1])
            continue
        if names:
            yield _slot(separator, names, structure, parts)
        separator, names = word, []


def _slot(
    separator: str, names: Sequence[str], structure: StructureOptions, parts: Mapping[str, PartOptions]
) -> _Slot:
    expression, says, is_list = "", [], False
    for name in names:
        options = parts[name]
        values = structure.only.get(name, options.values)
        inner = "|".join(map(re.escape, values)) if values else options.pattern
        expression += f"(?P<{name}>{inner})"
        says.append(", ".join(values) if values else options.says or options.pattern)
        is_list = bool(values)
    return _Slot(
        separator=separator,
        names=tuple(names),
        expression=re.compile(expression),
        says=tuple(says),
        is_list=is_list and len(names) == 1,
    )


def _tokens(text: str) -> tuple[_Token, ...]:
    """Pieces between separators, each with the separators in front of it."""
    return tuple(
        _Token(separator=found[1], text=found[2], at=found.start(2) + 1)
        for found in _TOKEN.finditer(text)
        if found[0]
    )


def _costs(slots: Sequence[_Slot], kinds: Sequence[_Kind]) -> list[list[float]]:
    """Costs of laying the first tokens on the first slots, in order (Needleman and Wunsch 1970)."""
    costs = [[_TOO_MUCH * column for column in range(len(kinds) + 1)]]
    for slot in slots:
        above, line = costs[-1], [costs[-1][0] + _LEFT_OUT]
        for column, kind in enumerate(kinds):
            beside = min(above[column + 1] + _LEFT_OUT, line[column] + _TOO_MUCH)
            line.append(min(above[column] + _cost(slot, kind), beside))
        costs.append(line)
    return costs


def _steps_back(
    slots: Sequence[_Slot], kinds: Sequence[_Kind], costs: Sequence[Sequence[float]]
) -> Iterator[_Step]:
    """The steps that led to the last cost, the last first."""
    row, column = len(slots), len(kinds)
    while row or column:
        cost = costs[row][column]
        if row and column and cost == costs[row - 1][column - 1] + _cost(slots[row - 1], kinds[column - 1]):
            row, column = row - 1, column - 1
            yield slots[row], column
        elif row and cost == costs[row - 1][column] + _LEFT_OUT:
            row -= 1
            yield slots[row], None
        else:
            column -= 1
            yield None, column


def _cost(slot: _Slot, kind: _Kind) -> float:
    separator, fitting = kind
    cost = 0.0 if slot.expression.pattern in fitting else _WRONG_VALUE
    return cost if separator == slot.separator else cost + _WRONG_SEPARATOR
