"""What a check is: it measures pixels or headers, and judges the numbers by limits from the profile.

Measuring and judging are apart: new limits judge stored measurements again without opening an image.
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Batch,
    Box,
    Candidates,
    Catalogue,
    CheckCard,
    CheckResult,
    CodeReading,
    Correction,
    Drawing,
    Facts,
    FileFacts,
    FileRole,
    Finding,
    LimitCard,
    LimitSource,
    Measured,
    NotApplicable,
    PageId,
    PageResult,
    PageText,
    Pairing,
    Scalar,
    Unit,
    Verdict,
)

Word = Literal["note", "review", "fail", "error", "off"]
Number = float | Literal["off"] | None


class Needs(StrEnum):
    """What a page check looks at; decides whether damage leaves it ``not_run``."""

    FILE = "file"  # the bytes: runs whatever the damage
    HEADER = "header"
    PIXELS_IF_ANY = "pixels-if-any"  # the header; the pixels too, where `PageView.has_pixels`
    PIXELS = "pixels"
    TEXT = "text"  # `PageView.text`: measured once that has been read; not planned where none is


class Method(BaseModel):
    """How a check measures; part of the key under which measurements are kept. Subclasses add settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Check(ABC):
    """What page checks and batch checks share.

    The docstring of a subclass is its manual and the text of reports. It has three paragraphs: the
    requirement as one sentence; one that starts with ``Why:``; one that starts with ``Remedy:``.
    """

    id: ClassVar[str]
    title: ClassVar[str]  # two or three words for tables, for example "Skew"
    version: ClassVar[int]  # raised whenever the same pixels can give another number
    codes: ClassVar[tuple[Code, ...]]
    method: ClassVar[type[Method]] = Method

    @classmethod
    def card(cls) -> CheckCard:
        """The check's docstring in parts."""
        paragraphs = [" ".join(p.split()) for p in inspect.cleandoc(cls.__doc__ or "").split("\n\n")]
        parts = {
            word: p[len(word) + 1 :].strip()
            for p in paragraphs
            for word in ("Why", "Remedy")
            if p.startswith(word + ":")
        }
        return CheckCard(
            id=cls.id,
            title=cls.title,
            requirement=paragraphs[0],
            why=parts.get("Why", ""),
            remedy=parts.get("Remedy", ""),
        )


class PageCheck(Check):
    """A check of single pages."""

    needs: ClassVar[Needs]

    @abstractmethod
    def measure(self, view: PageView, method: Any) -> Sequence[Measured] | NotApplicable:
        """Measure a page.

        Parameters
        ----------
        view
            The page; only what `needs` declares may be touched.
        method
            An instance of the check's ``method`` model.
        """

    @abstractmethod
    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterable[Finding]:
        """Judge what `measure` returned; pure, no pixels, no clock. Called only for measured results."""


class BatchView(Protocol):
    """A measured batch as batch checks see it; pages are streamed, never held."""

    @property
    def batch(self) -> Batch:
        """Files, items and strays."""

    def pages(self) -> Iterator[PageResult]:
        """All pages, sorted by path bytes and frame; may be called more than once."""

    def pairing(self, check: str) -> Pairing | None:
        """The pairs that a check asked for, as they were compared; None: it was not asked by this method."""

    def unmatched_blanks(self) -> Sequence[str]:
        """Declared blanks that fit no page of the batch, sorted, as they were written."""

    def is_declared_blank(self, page: PageId) -> bool:
        """Whether the profile or the catalogue says beforehand that the page is blank."""

    @property
    def reads_text(self) -> bool:
        """Whether the text of pages is read."""

    def text_of(self, page: PageResult) -> PageText | None:
        """The text of a page; None where it was not read, as that of a blank page."""

    @property
    def catalogue(self) -> Catalogue | None:
        """The catalogue 目录 of the delivery; None where there is none."""

    def read_code(self, text: str) -> CodeReading | None:
        """Read an archival code 档号 by the structures of the profile; None where it describes none."""

    def file_facts(self, path: str) -> FileFacts | None:
        """What was read of a file that is no page, or that a checksum list names; None: it was not read."""


class BatchCheck(Check):
    """A check of what only the whole batch can tell."""

    reads: ClassVar[tuple[str, ...]] = ()  # checks of pages that it goes by: one is on, or it is off
    reads_files: ClassVar[frozenset[FileRole]] = frozenset()  # beside the pages: see `BatchView.file_facts`

    @abstractmethod
    def inspect(self, view: BatchView, method: Any, limits: Limits) -> Iterable[Finding] | NotApplicable:
        """Findings about items or the batch, each with `subject` (and `pages`) set by `about`."""


class PairCheck(BatchCheck):
    """A batch check that has pairs of pages compared, by their pixels, before it judges.

    The engine asks for the `candidates`, has workers `compare` those that are not known yet, keeps the
    results under both contents, and has those that are `alike` drawn side by side. When the check then
    inspects the batch it finds what became of its candidates by `BatchView.pairing`.
    """

    @abstractmethod
    def candidates(self, view: BatchView, method: Any) -> Candidates:
        """Choose pairs from stored measurements: no pixels, no files."""

    @abstractmethod
    def compare(self, one: PageView, other: PageView) -> Sequence[Measured] | NotApplicable:
        """Measure how two pages differ; settings of the method play no part in it.

        Parameters
        ----------
        one, other
            The reduced planes of the pages, in the order of their contents' digests, whatever the files are
            called; their stored pixels have been let go.
        """

    @abstractmethod
    def alike(self, result: CheckResult, limits: Limits) -> bool:
        """Whether a compared pair deserves a picture by these limits."""


def about(
    findings: Iterable[Finding],
    subject: str,
    pages: Iterable[str] = (),
    evidence: str | None = None,
    correction: Correction | None = None,
) -> Iterator[Finding]:
    """The same findings with what they are about, the pages concerned, a picture, and what is proposed."""
    pages = tuple(pages)
    for finding in findings:
        yield replace(finding, subject=subject, pages=pages, evidence=evidence, correction=correction)
