"""What a report says about a run as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ybda_qc.model.catalogue import CatalogueIdentity
from ybda_qc.model.finding import Finding, LimitSource, Scalar
from ybda_qc.model.result import BatchOutcome
from ybda_qc.model.verdict import Outcome, Scope, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a decision.

    ``code`` is a finding's ``check/code`` or one of ``coverage/not-run``, ``coverage/fault``,
    ``coverage/missing``, ``machine/passed``; ``template`` and ``values`` make the text: of a finding code its
    title, for example ``skewed pages``.
    """

    code: str
    outcome: Outcome
    template: str
    values: Mapping[str, Scalar] = field(default_factory=dict)
    count: int
    clause: str = ""

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Accept, hold or reject, with the reasons, heaviest first. Appended, never edited."""

    outcome: Outcome
    scope: Scope
    reasons: tuple[Reason, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the batch was looked at, in pages. ``measured`` pages have an outcome of every check."""

    pages: int
    measured: int
    not_run: int
    faults: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileIdentity:
    """By which profile a batch was judged; the digest covers every resolved method and limit."""

    id: str
    title: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """How a run was made."""

    id: int
    started_at: datetime
    finished_at: datetime
    from_cache: int  # pages whose measurements were all reused
    engine_version: str
    profile: ProfileIdentity
    page_checks: tuple[str, ...]
    batch_checks: tuple[str, ...]
    batch: str
    executor: str
    workers: int
    store: str
    reading: str = ""  # engine, version and settings by which text was read; empty: none was

    @property
    def seconds(self) -> float:
        """Wall time of the run."""
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts over a run."""

    bytes: int
    pages_by_verdict: Mapping[Verdict, int]
    findings_by_check: Mapping[str, int]
    paper_sizes: Mapping[str, int]  # name of the paper format -> pages; vendors bill by it
    files: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCard:
    """What the profile says about one finding code of a check, for the reports.

    Either ``verdict`` is set (a defect that is there or not) or some of the three graded limits; a code that
    the profile turns off has neither.
    """

    code: str
    title: str  # the defect in two to five words
    template: str  # the message, an English template with named fields
    verdict: Verdict | None = None
    note: float | None = None
    review: float | None = None
    fail: float | None = None
    source: LimitSource
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCard:
    """What a report says about a check itself: its requirement, why, how a defect is mended, and its limits.

    All texts are English sentences, translated when shown.
    """

    id: str
    title: str
    requirement: str
    why: str
    remedy: str
    limits: tuple[LimitCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When what of the batch is due at which archive; ``what`` is a year 年度 or the title of a round."""

    fonds: str
    body: str
    archive: str
    what: str
    items: int
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The head of every report: run, decision, coverage, totals and findings beyond single pages."""

    run: RunInfo
    decision: Decision
    coverage: Coverage
    totals: Totals
    findings: tuple[Finding, ...]  # of items and the batch
    outcomes: Mapping[str, BatchOutcome]  # id of a batch check -> what became of it
    cards: Mapping[str, CheckCard]  # check id -> card
    catalogue: CatalogueIdentity | None = None
    due_dates: tuple[DueDate, ...] = ()
    handover_clause: str = ""
    media: Mapping[str, int] = field(default_factory=dict)  # item -> its photographs and recordings 声像文件
    natures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # nature 四性 -> ids of checks
