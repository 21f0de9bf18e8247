"""The plan: which checks run, how they measure, and by which limits they judge."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.checks._base import BatchCheck, Check, Needs, PageCheck, PairCheck
from ybda_qc.checks._limits import Code, Limits
from ybda_qc.engine.declared import DeclaredBlanks
from ybda_qc.imaging.decode import IMAGING_DIGEST, DecodeLimits
from ybda_qc.model import CheckCard, CheckResult, Drawing, PageId, ProfileIdentity
from ybda_qc.profile import EvidenceOptions, HandoverOptions, NatureOptions, PageLimits, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPageCheck:
    """A page check with its method and limits.

    ``key`` names everything its measurements depend on: check version, method (and reading of text, where it
    needs text), and the decoder after the last hyphen.
    """

    check: PageCheck
    method: Any
    limits: Limits
    key: str

    def may_judge(self, result: CheckResult) -> bool:
        """Whether a result was measured the way the plan asks for; another decoder makes no difference.

        A finding about a file over which workers died has no key: any plan may judge it.
        """
        return not result.key or result.key.rpartition("-")[0] == self.key.rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatchCheck:
    """A batch check with its method and limits.

    ``key`` names everything that its comparing of pairs depends on: check version, and the decoder after the
    hyphen.
    """

    check: BatchCheck
    method: Any
    limits: Limits
    key: str = ""

    @property
    def method_key(self) -> str:
        """Names what its choice of pairs depends on beside what was measured."""
        method = self.method.model_dump(mode="json")
        return f"{self.check.version}-{_digest([self.check.id, method])}"

    def may_judge(self, result: CheckResult) -> bool:
        """Whether a pair was compared the way the plan asks for; another decoder makes no difference."""
        return result.key.rpartition("-")[0] == self.key.rpartition("-")[0]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run does to every page and to the batch; sent to each worker once."""

    profile: ProfileIdentity
    page_checks: tuple[PlannedPageCheck, ...]
    batch_checks: tuple[PlannedBatchCheck, ...]
    page_limits: PageLimits
    declared_blanks: DeclaredBlanks
    codes: CodeOptions
    natures: NatureOptions
    handover: HandoverOptions
    evidence: EvidenceOptions
    reading_key: str = ""  # names all that the text of pages depends on; empty: none is read

    def declaring(self, blanks: Iterable[PageId]) -> "Plan":
        """The same plan, with pages that the catalogue names as blank."""
        return replace(self, declared_blanks=self.declared_blanks.with_pages(blanks))

    @property
    def decode_limits(self) -> DecodeLimits:
        """Bounds of the decoders."""
        return DecodeLimits(max_pixels=round(self.page_limits.max_megapixels * 1_000_000))

    @property
    def page_check_ids(self) -> tuple[str, ...]:
        """Ids of the planned page checks, in order."""
        return tuple(planned.check.id for planned in self.page_checks)

    @cached_property
    def pixel_check_ids(self) -> frozenset[str]:
        """Ids of the planned checks that look at pixels."""
        return frozenset(p.check.id for p in self.page_checks if p.check.needs is Needs.PIXELS)

    @cached_property
    def text_checks(self) -> tuple[PlannedPageCheck, ...]:
        """The planned checks of the text of a page."""
        return tuple(p for p in self.page_checks if p.check.needs is Needs.TEXT)

    @property
    def batch_check_ids(self) -> tuple[str, ...]:
        """Ids of the planned batch checks, in order."""
        return tuple(planned.check.id for planned in self.batch_checks)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Check id -> key under which its measurements may be used again."""
        return {planned.check.id: planned.key for planned in self.page_checks}

    @cached_property
    def pair_checks(self) -> dict[str, PlannedBatchCheck]:
        """Check id -> the planned batch checks that compare pairs of pages."""
        return {p.check.id: p for p in self.batch_checks if isinstance(p.check, PairCheck)}

    @property
    def titles(self) -> dict[str, str]:
        """Finding key -> what the defect is called."""
        return {key: code.title for key, code in self._codes.items()}

    @property
    def remedies(self) -> dict[str, str]:
        """Check id -> what to do where it finds something."""
        return {check: card.remedy for check, card in self.cards.items()}

    @cached_property
    def drawings(self) -> dict[str, Drawing]:
        """Finding key -> how its picture is drawn."""
        return {key: code.drawing for key, code in self._codes.items()}

    @property
    def _codes(self) -> dict[str, Code]:
        checks: list[Check] = [planned.check for planned in self.page_checks]
        checks += [planned.check for planned in self.batch_checks]
        return {f"{check.id}/{code.name}": code for check in checks for code in check.codes}

    @property
    def cards(self) -> dict[str, CheckCard]:
        """Check id -> its manual in brief and its limits, for the reports."""
        planned = [(entry.check.id, entry.check.card(), entry.limits) for entry in self.page_checks]
        planned += [(entry.check.id, entry.check.card(), entry.limits) for entry in self.batch_checks]
        return {check: replace(card, limits=limits.cards()) for check, card, limits in planned}


def make_plan(
    profile: Profile,
    page_checks: Sequence[type[PageCheck]],
    batch_checks: Sequence[type[BatchCheck]],
    reading_key: str = "",
) -> Plan:
    """Join a resolved profile with the registered checks.

    Left out are checks that the profile disables, and those of the text of a page where none is read.
    """
    planned = set(profile.planned)
    if not reading_key:
        planned -= {check.id for check in page_checks if check.needs is Needs.TEXT}
    return Plan(
        profile=profile.identity,
        page_checks=tuple(
            _plan_page_check(check, profile, reading_key) for check in page_checks if check.id in planned
        ),
        batch_checks=tuple(
            PlannedBatchCheck(
                check=check(),
                method=profile.checks[check.id].method,
                limits=_limits(check, profile),
                key=f"{check.version}-{_decoder(profile)}",
            )
            for check in batch_checks
            if check.id in planned
        ),
        page_limits=profile.page_limits,
        declared_blanks=DeclaredBlanks(profile.blanks.declared),
        codes=profile.codes,
        natures=profile.natures,
        handover=profile.handover,
        evidence=profile.evidence,
        reading_key=reading_key,
    )


def _plan_page_check(check: type[PageCheck], profile: Profile, reading_key: str) -> PlannedPageCheck:
    method = profile.checks[check.id].method
    depends_on = [check.id, method.model_dump(mode="json")]
    if check.needs is Needs.TEXT:
        depends_on.append(reading_key)
    key = f"{check.version}-{_digest(depends_on)}-{_decoder(profile)}"
    return PlannedPageCheck(check=check(), method=method, limits=_limits(check, profile), key=key)


def _decoder(profile: Profile) -> str:
    return _digest([IMAGING_DIGEST, profile.page_limits.max_megapixels])  # what is too large is not decoded


def _digest(document: object) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:12]


def _limits(check: type[Check], profile: Profile) -> Limits:
    return Limits(check.id, check.codes, profile.checks[check.id].limits)
