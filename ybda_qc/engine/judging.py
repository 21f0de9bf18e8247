"""Judging a measured batch: every page, then the batch checks, streamed from the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ybda_qc.catalogue.codes import CodeReader
from ybda_qc.engine.faults import describe
from ybda_qc.engine.judge import judge_page, require_sound
from ybda_qc.engine.pictures import pair_picture_name
from ybda_qc.engine.plan import Plan, PlannedBatchCheck
from ybda_qc.engine.ports import Ledger
from ybda_qc.errors import QcError
from ybda_qc.model import (
    Batch,
    BatchOutcome,
    Catalogue,
    CodeReading,
    Compared,
    FileFacts,
    FileRole,
    Finding,
    JudgedPage,
    NotApplicable,
    PageContent,
    PageId,
    PagePair,
    PageResult,
    PageText,
    Pairing,
    Verdict,
    worst,
)


@dataclass(frozen=True, kw_only=True)
class LedgerView:
    """A measured batch as batch checks see it."""

    batch: Batch
    catalogue: Catalogue | None
    ledger: Ledger
    run: int
    plan: Plan

    def pages(self) -> Iterator[PageResult]:
        """All pages in order, streamed; not of files that only another layout took for pages."""
        page_files = self._page_files
        return (page for page in self.ledger.pages(self.run) if page.page.path in page_files)

    def pairing(self, check: str) -> Pairing | None:
        """The pairs that a check asked for, as they were compared; None: it was not asked by this method.

        Raises
        ------
        RuntimeError
            If the check broke when it was asked: it then is broken as a whole.
        """
        candidates = self.ledger.candidates(self.run, check)
        if candidates is None or candidates.key != self.plan.pair_checks[check].method_key:
            return None
        if candidates.fault:
            raise RuntimeError(f"the check broke while it chose pairs: {candidates.fault}")
        return Pairing(compared=self.compared(check, candidates.pairs), passed_over=candidates.passed_over)

    def unmatched_blanks(self) -> tuple[str, ...]:
        """Declared blanks that fit no page of the batch, sorted, as they were written."""
        return self.plan.declared_blanks.unmatched(result.page for result in self.pages())

    def is_declared_blank(self, page: PageId) -> bool:
        """Whether the profile or the catalogue says beforehand that the page is blank."""
        return page in self.plan.declared_blanks

    def read_code(self, text: str) -> CodeReading | None:
        """Read an archival code by the structures of the plan; None where it has none."""
        return self._code_reader.read(text) if self._code_reader is not None else None

    def file_facts(self, path: str) -> FileFacts | None:
        """What was read of a file beside the pages."""
        return self._file_facts.get(path)

    @property
    def reads_text(self) -> bool:
        """Whether the text of pages is read."""
        return bool(self.plan.reading_key)

    def text_of(self, page: PageResult) -> PageText | None:
        """The text of a page; None where it was not read."""
        if page.sha256 is None or not self.reads_text:
            return None
        return self.ledger.text(self.plan.reading_key, PageContent(page.sha256, page.page.frame))

    def knows_text_of(self, page: PageResult) -> bool:
        """Whether `text_of` has the text of a page; much faster."""
        if page.sha256 is None or not self.reads_text:
            return False
        return self.ledger.has_text(self.plan.reading_key, PageContent(page.sha256, page.page.frame))

    def compared(self, check: str, pairs: Sequence[PagePair]) -> tuple[Compared, ...]:
        """What is known of these pairs, if they were compared the way the plan asks for."""
        planned = self.plan.pair_checks[check]
        known = self.ledger.pairs(check, (pair.key for pair in pairs))
        return tuple(
            Compared(
                pair=pair,
                result=result if result and planned.may_judge(result) else None,
                picture=pair_picture_name(check, pair, self.plan),
            )
            for pair in pairs
            if {pair.one.page.path, pair.other.page.path} <= self._page_files
            for result in (known.get(pair.key),)
        )

    @cached_property
    def _code_reader(self) -> CodeReader | None:
        return CodeReader(self.plan.codes) if self.plan.codes.structures else None

    @cached_property
    def _file_facts(self) -> Mapping[str, FileFacts]:
        return self.ledger.file_facts(self.run)

    @cached_property
    def _page_files(self) -> frozenset[str]:
        return frozenset(file.path for file in self.batch.files if file.role is FileRole.PAGE)


class Judging:
    """Judges the stored measurements of a batch by the plan of its view."""

    def __init__(self, view: LedgerView) -> None:
        self._view = view
        self._ledger = view.ledger
        self._plan = view.plan

    def judge(
        self,
        judgement: int,
        on_page: Callable[[JudgedPage], None],
        on_findings: Callable[[tuple[Finding, ...]], None],
        on_broken: Callable[[str, str], None],
    ) -> None:
        """Judge all pages and the batch; keep and tell what is found, and which batch checks broke."""
        self._ledger.put_judged(judgement, self._judged_pages(on_page))
        for planned in self._plan.batch_checks:
            check = planned.check.id
            found = inspect_batch(planned, self._view, on_broken)
            if found is None:
                self._ledger.put_batch_outcome(judgement, check, BatchOutcome(verdict=Verdict.ERROR))
                continue
            if isinstance(found, NotApplicable):
                outcome = BatchOutcome(verdict=Verdict.NOT_APPLICABLE, reason=found.reason)
                self._ledger.put_batch_outcome(judgement, check, outcome)
                continue
            self._ledger.put_batch_findings(judgement, found)
            verdict = worst([Verdict.PASS, *(finding.verdict for finding in found)])
            self._ledger.put_batch_outcome(judgement, check, BatchOutcome(verdict=verdict))
            on_findings(found)

    def _judged_pages(self, on_page: Callable[[JudgedPage], None]) -> Iterator[JudgedPage]:
        for result in self._view.pages():
            judged = judge_page(result, self._plan)
            on_page(judged)
            yield judged


def inspect_batch(
    planned: PlannedBatchCheck, view: LedgerView, on_broken: Callable[[str, str], None]
) -> tuple[Finding, ...] | NotApplicable | None:
    """Have a check inspect a batch; None, and `on_broken` is told its id and how, where it breaks over it."""
    try:
        return _inspect(planned, view)
    except (KeyboardInterrupt, QcError):
        raise
    except BaseException as error:  # noqa: BLE001 - here the breakage of a check becomes data
        on_broken(planned.check.id, describe(error))
        return None


def _inspect(planned: PlannedBatchCheck, view: LedgerView) -> tuple[Finding, ...] | NotApplicable:
    found = planned.check.inspect(view, planned.method, planned.limits)
    if isinstance(found, NotApplicable):
        if not isinstance(found.reason, str):
            raise TypeError(f"the reason {found.reason!r} is no text")
        return found
    findings = tuple(found)
    for finding in findings:
        require_sound(finding)
    return findings
