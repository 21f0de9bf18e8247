"""The machine's part of the decision: which findings reject, which hold, and whether all was looked at."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ybda_qc.model import (
    Coverage,
    Decision,
    Finding,
    JudgedPage,
    Outcome,
    Reason,
    Scope,
    State,
    Totals,
    Verdict,
)
from ybda_qc.profile import AcceptanceOptions

_ORDER = {Outcome.REJECT: 0, Outcome.HOLD: 1, Outcome.ACCEPT: 2}


@dataclass(slots=True)
class Tally:
    """Counts what a decision stands on while pages and findings stream by."""

    files: int = 0
    items: int = 0
    pages: int = 0
    measured: int = 0
    not_run: int = 0
    faults: int = 0
    unreadable: int = 0  # of the pages not run, those that `readable` already found damaged
    bytes: int = 0
    pages_by_verdict: Counter[Verdict] = field(default_factory=Counter)
    findings_by_check: Counter[str] = field(default_factory=Counter)
    paper_sizes: Counter[str] = field(default_factory=Counter)
    broken_checks: dict[str, str] = field(default_factory=dict)  # id of a batch check -> how it broke
    _by_code: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    _clauses: dict[str, str] = field(default_factory=dict)

    def add_page(self, judged: JudgedPage) -> None:
        """Count a page: its coverage, its verdict, and each kind of finding on it once."""
        result = judged.result
        self.pages += 1
        self.pages_by_verdict[judged.verdict] += 1
        states = [check.state for check in result.checks.values()]
        broken = result.fault is not None or State.FAULT in states
        skipped = Verdict.NOT_RUN in judged.verdicts.values()
        self.faults += broken
        self.not_run += skipped
        self.unreadable += skipped and judged.verdicts.get("readable", Verdict.PASS) >= Verdict.REVIEW
        self.measured += not (broken or skipped)
        if result.page.frame == 1:
            self.bytes += result.size_bytes
        paper = result.text("paper_size", "paper")
        if paper is not None:
            self.paper_sizes[paper] += 1
        self._add(judged.findings)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Count findings about items and the batch."""
        self._add(findings)

    def add_broken_check(self, check: str, detail: str) -> None:
        """Note a batch check that broke: the batch was not looked at in this respect."""
        self.broken_checks[check] = detail

    def _add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.findings_by_check[finding.check] += 1
            self._by_code[finding.key, finding.verdict] += 1
            self._clauses.setdefault(finding.key, finding.clause)

    @property
    def coverage(self) -> Coverage:
        """How much of the batch was looked at."""
        return Coverage(pages=self.pages, measured=self.measured, not_run=self.not_run, faults=self.faults)

    @property
    def totals(self) -> Totals:
        """Counts for the reports."""
        return Totals(
            bytes=self.bytes,
            pages_by_verdict=dict(self.pages_by_verdict),
            findings_by_check=dict(self.findings_by_check),
            paper_sizes=dict(self.paper_sizes),
            files=self.files,
            items=self.items,
        )

    def breaches(self) -> list[tuple[str, Verdict, int, str]]:
        """(check/code, verdict, count, clause), commonest first within a verdict."""
        rows = [(key, verdict, n, self._clauses[key]) for (key, verdict), n in self._by_code.items()]
        return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def decide(
    tally: Tally, rule: AcceptanceOptions, *, titles: Mapping[str, str], decided_at: datetime
) -> Decision:
    """Apply the machine rule of the profile.

    Parameters
    ----------
    tally
        Counts over the whole batch.
    rule
        Which verdicts reject and which hold.
    titles
        Finding key -> what the defect is called.
    decided_at
        Time of the decision, with time zone.

    Returns
    -------
    Decision
        Its reasons, heaviest first; always at least one.
    """
    reasons = [
        Reason(code=key, outcome=outcome, template=titles.get(key, key), count=count, clause=clause)
        for key, verdict, count, clause in tally.breaches()
        if (outcome := _outcome(verdict, rule)) is not None
    ]
    reasons += _coverage_reasons(tally)
    reasons.sort(key=lambda reason: _ORDER[reason.outcome])
    outcome = reasons[0].outcome if reasons else Outcome.ACCEPT
    if outcome is Outcome.ACCEPT:
        reasons.append(
            Reason(
                code="machine/passed",
                outcome=Outcome.ACCEPT,
                template="all {pages} pages were looked at and keep every limit that holds or rejects",
                values={"pages": tally.pages},
                count=tally.pages,
            )
        )
    return Decision(outcome=outcome, scope=Scope(rule.scope), reasons=tuple(reasons), decided_at=decided_at)


def _outcome(verdict: Verdict, rule: AcceptanceOptions) -> Outcome | None:
    if verdict.word in rule.reject:
        return Outcome.REJECT
    if verdict.word in rule.hold:
        return Outcome.HOLD
    return None


def _coverage_reasons(tally: Tally) -> list[Reason]:
    reasons = []
    left_out = tally.not_run - tally.unreadable  # damage is accounted for by its own finding
    if left_out > 0:
        reasons.append(
            Reason(
                code="coverage/not-run",
                outcome=Outcome.HOLD,
                template="{count} pages have checks that did not run",
                values={"count": left_out},
                count=left_out,
            )
        )
    if tally.faults:
        reasons.append(
            Reason(
                code="coverage/fault",
                outcome=Outcome.HOLD,
                template="{count} pages could not be examined because this program failed on them",
                values={"count": tally.faults},
                count=tally.faults,
            )
        )
    reasons.extend(
        Reason(
            code="coverage/fault",
            outcome=Outcome.HOLD,
            template="the check {check} of the whole batch failed; this program is at fault: {detail}",
            values={"check": check, "detail": detail},
            count=1,
        )
        for check, detail in tally.broken_checks.items()
    )
    if tally.pages == 0:
        reasons.append(
            Reason(
                code="coverage/missing",
                outcome=Outcome.HOLD,
                template="no page was looked at",
                count=0,
            )
        )
    return reasons
