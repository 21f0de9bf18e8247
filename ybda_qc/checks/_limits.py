"""What a profile may say of the finding codes of a check, and how findings are made from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ybda_qc.model import (
    Box,
    Drawing,
    Finding,
    LimitCard,
    LimitSource,
    Scalar,
    Unit,
    Verdict,
)

Word = Literal["note", "review", "fail", "error", "off"]
Number = float | Literal["off"] | None


class CodeLimits(BaseModel):
    """What a profile says about one finding code: the limits, and where they come from."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=False)

    source: LimitSource = Field(description="rule, local-rule or project-choice")
    clause: str = Field(default="", description="the clause of the rule, or why the project chose the limit")

    @model_validator(mode="after")
    def _rule_names_its_clause(self) -> "CodeLimits":
        if self.source is not LimitSource.PROJECT_CHOICE and not self.clause:
            raise PydanticCustomError("rule_without_clause", "a limit taken from a rule must name the clause")
        return self


class Flag(CodeLimits):
    """A defect that is there or not; the profile says how much it weighs."""

    verdict: Word = Field(description="note, review, fail, error (we could not tell) or off")


class Graded(CodeLimits):
    """A number with up to three limits; the heaviest breached one decides."""

    note: Number = Field(default=None, description="limit of a note")
    review: Number = Field(default=None, description="limit of a review")
    fail: Number = Field(default=None, description="limit of a failure")

    def steps(self) -> list[tuple[Verdict, float]]:
        """The limits in force, heaviest first."""
        pairs = ((Verdict.FAIL, self.fail), (Verdict.REVIEW, self.review), (Verdict.NOTE, self.note))
        return [(verdict, limit) for verdict, limit in pairs if isinstance(limit, int | float)]


class Above(Graded):
    """Breached by values greater than a limit."""

    @model_validator(mode="after")
    def _heavier_is_higher(self) -> "Above":
        _require_ladder(self, sign=1)
        return self


class Below(Graded):
    """Breached by values smaller than a limit."""

    @model_validator(mode="after")
    def _heavier_is_lower(self) -> "Below":
        _require_ladder(self, sign=-1)
        return self


def _require_ladder(limits: Graded, sign: int) -> None:
    """Refuse a heavier limit that is reached before a lighter one, which could then never be breached."""
    for (heavy, heavy_limit), (light, light_limit) in pairwise(limits.steps()):
        if sign * heavy_limit < sign * light_limit:
            raise PydanticCustomError(
                "ladder",
                "a heavier limit is reached before a lighter one",
                {
                    "heavier": heavy.word,
                    "heavier_limit": heavy_limit,
                    "lighter": light.word,
                    "lighter_limit": light_limit,
                },
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A finding code of a check: its name, title, message template and the model of its limits.

    The title names the defect in two to five words, for lists of reasons, for example ``skewed pages``.
    In the template stand named fields; ``{value}`` and ``{limit}`` are the measured number and the breached
    limit, for example ``"resolution {value:g} dpi is below {limit:g} dpi"``. ``drawing`` is the manner in
    which pictures show the defect.
    """

    name: str
    title: str
    template: str
    limits: type[CodeLimits]
    drawing: Drawing = Drawing.BOXES


class Limits:
    """The limits of one check, resolved from a profile, and the way findings are made from them."""

    def __init__(self, check: str, codes: Sequence[Code], limits: Mapping[str, CodeLimits]) -> None:
        self._check = check
        self._codes = {code.name: code for code in codes}
        self._limits = dict(limits)

    def __getitem__(self, code: str) -> Any:
        """The limits of a code, as the model that the code declares."""
        return self._limits[code]

    def with_review(self, code: str, limit: float) -> "Limits":
        """The same limits, but that `limit` and no other is in force for one graded code."""
        steps = {"note": None, "review": limit, "fail": None}
        return Limits(
            self._check,
            tuple(self._codes.values()),
            {**self._limits, code: self._limits[code].model_copy(update=steps)},
        )

    def cards(self) -> tuple[LimitCard, ...]:
        """The limits as reports print them, in the order in which the check declares its codes."""
        return tuple(self._card(code, self._limits[name]) for name, code in self._codes.items())

    def _card(self, code: Code, limits: CodeLimits) -> LimitCard:
        card = LimitCard(
            code=code.name,
            title=code.title,
            template=code.template,
            source=limits.source,
            clause=limits.clause,
        )
        if isinstance(limits, Flag) and limits.verdict != "off":
            return replace(card, verdict=Verdict.from_word(limits.verdict))
        if isinstance(limits, Graded):
            steps = dict(limits.steps())
            note, review, fail = (
                steps.get(verdict) for verdict in (Verdict.NOTE, Verdict.REVIEW, Verdict.FAIL)
            )
            return replace(card, note=note, review=review, fail=fail)
        return card

    def flag(
        self,
        code: str,
        *,
        value: float | None = None,
        limit: float | None = None,
        unit: Unit | None = None,
        boxes: tuple[Box, ...] = (),
        **values: Scalar,
    ) -> Iterator[Finding]:
        """A finding that the defect is there, with the weight the profile gives it; none if it is off."""
        limits = self._limits[code]
        assert isinstance(limits, Flag), f"{self._check}/{code} is not a flag"
        if limits.verdict != "off":
            verdict = Verdict.from_word(limits.verdict)
            yield self._finding(
                code, verdict, value=value, limit=limit, unit=unit, boxes=boxes, values=values
            )

    def grade(
        self,
        code: str,
        value: float,
        *,
        unit: Unit | None = None,
        boxes: tuple[Box, ...] = (),
        **values: Scalar,
    ) -> Iterator[Finding]:
        """A finding that `value` breaches a limit of the code; none if it keeps within all of them."""
        limits = self._limits[code]
        assert isinstance(limits, Graded), f"{self._check}/{code} has no graded limits"
        sign = 1 if isinstance(limits, Above) else -1
        for verdict, limit in limits.steps():
            if sign * value > sign * limit:
                yield self._finding(
                    code, verdict, value=value, limit=limit, unit=unit, boxes=boxes, values=values
                )
                return

    def _finding(
        self,
        code: str,
        verdict: Verdict,
        *,
        value: float | None,
        limit: float | None,
        unit: Unit | None,
        boxes: tuple[Box, ...],
        values: Mapping[str, Scalar],
    ) -> Finding:
        fields: dict[str, Scalar] = dict(values)
        if value is not None:
            fields["value"] = value
        if limit is not None:
            fields["limit"] = limit
        limits = self._limits[code]
        return Finding(
            check=self._check,
            code=code,
            verdict=verdict,
            template=self._codes[code].template,
            values=fields,
            value=value,
            limit=limit,
            unit=unit,
            clause=limits.clause,
            source=limits.source,
            boxes=boxes,
        )
