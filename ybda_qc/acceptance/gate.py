"""The machine's part of the decision: which findings reject, which hold, and whether all was looked at."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from ybda_qc.model import (
    Batch,
    Catalogue,
    Coverage,
    Decision,
    FileRole,
    Finding,
    JudgedPage,
    Outcome,
    Reason,
    Scalar,
    Scope,
    State,
    Totals,
    Verdict,
)
from ybda_qc.profile import AcceptanceOptions, OcrOptions
from ybda_qc.report import mark as _

UNLISTED = "unlisted"
"""Code of the finding that counts how many more of a kind there are."""
TEXT_NOT_READ = "coverage/text-not-read"
"""Code of the reason that text is still to be read; it counts the pages, or is 0 where none is read."""
_ORDER = {Outcome.REJECT: 0, Outcome.HOLD: 1, Outcome.ACCEPT: 2}


@dataclass(slots=True)
class Tally:
    """Counts what a decision stands on while pages and findings stream by."""

    files: int = 0
    items: int = 0
    has_catalogue: bool = False
    page_files: int = 0  # files of the batch that hold pages: each must have at least one page here
    lacks_text: bool = False  # no text was read, and the profile asks for it
    unread: int = 0  # pages whose text is still to be read
    media_files: int = 0  # of audio, video and the like, which have no pages
    examined_files: int = 0
    pages: int = 0
    measured: int = 0
    not_run: int = 0
    faults: int = 0
    damaged: int = 0  # of the pages not run, those that `readable` found damaged
    bytes: int = 0
    pages_by_verdict: Counter[Verdict] = field(default_factory=Counter)
    findings_by_check: Counter[str] = field(default_factory=Counter)
    paper_sizes: Counter[str] = field(default_factory=Counter)
    broken_checks: dict[str, str] = field(default_factory=dict)  # id of a batch check -> how it broke
    _by_code: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    _clauses: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: Batch, catalogue: Catalogue | None, ocr: OcrOptions, *, reads_text: bool) -> Self:
        """The counts that are known of a batch before its pages go by; whether their text is read, too."""
        roles = Counter(file.role for file in batch.files)
        return cls(
            files=len(batch.files),
            items=len({item.code for item in batch.items}),
            page_files=roles[FileRole.PAGE],
            media_files=roles[FileRole.MEDIA],
            has_catalogue=catalogue is not None,
            lacks_text=ocr.engine != "off" and not reads_text,
        )

    def add_page(self, judged: JudgedPage) -> None:
        """Count a page: its coverage, its verdict, and each kind of finding on it once."""
        result = judged.result
        self.pages += 1
        self.pages_by_verdict[judged.verdict] += 1
        states = [check.state for check in result.checks.values()]
        broken = result.fault is not None or State.FAULT in states
        skipped = not broken and Verdict.NOT_RUN in judged.verdicts.values()
        self.faults += broken
        self.not_run += skipped
        self.damaged += skipped and judged.is_damaged
        self.measured += not (broken or skipped)
        if result.page.frame == 1:
            self.examined_files += 1
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
            if finding.code == UNLISTED:
                self._add_unlisted(finding)

    def _add_unlisted(self, finding: Finding) -> None:
        """Findings that were only counted weigh like those of their kind that were named."""
        kind = f"{finding.check}/{finding.values['kind']}"
        for key, verdict in list(self._by_code):
            if key == kind:
                self._by_code[key, verdict] += int(finding.values["count"])

    @property
    def coverage(self) -> Coverage:
        """How much of the batch was looked at."""
        return Coverage(pages=self.pages, measured=self.measured, not_run=self.not_run, faults=self.faults)

    @property
    def missing_files(self) -> int:
        """Files of the batch that left no page."""
        return max(0, self.page_files - self.examined_files)

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
    reasons = _outstanding(tally, rule)
    reasons += [
        Reason(code=key, outcome=outcome, template=titles.get(key, key), count=count, clause=clause)
        for key, verdict, count, clause in tally.breaches()
        if (outcome := _outcome(verdict, rule)) is not None
    ]
    reasons += _coverage_reasons(tally)
    reasons.sort(key=lambda reason: _ORDER[reason.outcome])
    outcome = reasons[0].outcome if reasons else Outcome.ACCEPT
    if outcome is Outcome.ACCEPT:
        reasons.append(_passed(tally))
    return Decision(outcome=outcome, scope=Scope(rule.scope), reasons=tuple(reasons), decided_at=decided_at)


def _passed(tally: Tally) -> Reason:
    passed = Reason(
        code="machine/passed",
        outcome=Outcome.ACCEPT,
        template="all {pages} pages were looked at and keep every limit that holds or rejects",
        values={"pages": tally.pages},
        count=tally.pages,
    )
    if tally.pages:
        return passed
    return replace(
        passed,
        template=_("none of the {files} media files has pages; they keep every limit that holds or rejects"),
        values={"files": tally.media_files},
        count=tally.media_files,
    )


def _outcome(verdict: Verdict, rule: AcceptanceOptions) -> Outcome | None:
    if verdict.word in rule.reject:
        return Outcome.REJECT
    if verdict.word in rule.hold:
        return Outcome.HOLD
    return None


def _outstanding(tally: Tally, rule: AcceptanceOptions) -> list[Reason]:
    """What the profile asks for beside the pages and is not there."""
    outstanding = []
    if rule.catalogue == "required" and not tally.has_catalogue:
        outstanding.append(
            _hold("coverage/no-catalogue", _("the batch has no catalogue, which the profile asks for"))
        )
    if rule.sample == "required":
        template = _(
            "people have yet to inspect a sample of the batch, as the profile asks; this program neither "
            "draws it nor records what they decide yet"
        )
        outstanding.append(_hold("coverage/sample-outstanding", template))
    return [replace(reason, clause=rule.clause) for reason in outstanding]


def _coverage_reasons(tally: Tally) -> list[Reason]:
    """Why the batch was not looked at in full; damage is accounted for by its own finding."""
    counts = (
        ("coverage/missing", _("{count} files of the batch have no page in the result"), tally.missing_files),
        ("coverage/not-run", _("{count} pages have checks that did not run"), tally.not_run - tally.damaged),
        (
            "coverage/fault",
            _("{count} pages could not be examined because this program failed on them"),
            tally.faults,
        ),
    )
    reasons = [_hold(code, template, count, count=count) for code, template, count in counts if count]
    if tally.lacks_text:
        template = _("the text of the pages was not read, which the profile asks for; run it by this profile")
        reasons.append(_hold(TEXT_NOT_READ, template))
    if tally.unread:
        template = _(
            "the text of {count} pages is still to be read; the service that watches the folder goes on by "
            "itself, else run it again: what was read is kept"
        )
        reasons.append(_hold(TEXT_NOT_READ, template, tally.unread, count=tally.unread))
    reasons += [
        _hold(
            "coverage/fault",
            _("the check {check} of the whole batch failed; this program is at fault: {detail}"),
            1,
            check=check,
            detail=detail,
        )
        for check, detail in tally.broken_checks.items()
    ]
    if tally.pages == 0 and (tally.page_files or not tally.media_files):
        reasons.append(_hold("coverage/missing", _("no page was looked at")))
    return reasons


def _hold(code: str, template: str, amount: int = 0, **values: Scalar) -> Reason:
    """A reason to hold; without an amount it concerns the batch as a whole."""
    return Reason(code=code, outcome=Outcome.HOLD, template=template, values=values, count=amount)
