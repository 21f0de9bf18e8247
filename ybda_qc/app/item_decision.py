"""The machine's decision on one item 件, before the rest of the batch is there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ybda_qc.acceptance.gate import Tally, decide
from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.judging import LedgerView, inspect_batch
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger
from ybda_qc.engine.text_stage import is_unread
from ybda_qc.intake.grouping import group
from ybda_qc.intake.layout import Layout
from ybda_qc.model import (
    Batch,
    BatchFile,
    Catalogue,
    Decision,
    Finding,
    JudgedPage,
    NotApplicable,
    PageResult,
)
from ybda_qc.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedItem:
    """An item with its pages in order, what was found about it, and the decision."""

    code: str
    pages: tuple[JudgedPage, ...]
    findings: tuple[Finding, ...]
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class _ItemView(LedgerView):
    """One item as batch checks see it: a batch of its own."""

    results: Sequence[PageResult]

    def pages(self) -> Iterator[PageResult]:
        return (page for page in self.results if page.page.path in self._page_files)


def decide_item(
    code: str,
    files: Sequence[BatchFile],
    results: Sequence[PageResult],
    *,
    profile: Profile,
    layout: Layout,
    plan: Plan,
    catalogue: Catalogue | None,
    ledger: Ledger,
    run: int,
    at: datetime,
) -> DecidedItem:
    """Judge the pages of an item, and the item by the checks that need no other.

    Parameters
    ----------
    code
        Of the item.
    files
        Its files.
    results
        Its pages, as measured, in order.
    profile, plan
        By which it is judged.
    layout
        That of the profile, ready for use.
    catalogue
        Of the whole delivery; only records with the code of the item are looked at.
    ledger, run
        Where the text of its pages is kept.
    at
        Time of the decision, with time zone.
    """
    placed, items = group(files, layout)
    batch = Batch(root="", files=placed, items=items, strays=(), copies=layout.copies_in(placed))
    catalogue = _of_item(catalogue, code)
    plan = plan.declaring(blanks_of_records(batch, catalogue))
    view = _ItemView(batch=batch, catalogue=catalogue, ledger=ledger, run=run, plan=plan, results=results)
    pages = tuple(judge_page(page, plan) for page in view.pages())
    tally = Tally.of(batch, catalogue, profile.ocr, reads_text=view.reads_text)
    for page in pages:
        tally.add_page(page)
    findings = tuple(_findings(view, tally))
    tally.add_findings(findings)
    if view.reads_text:
        tally.unread = sum(is_unread(page, view) for page in view.pages())
    decision = decide(tally, profile.acceptance, titles=plan.titles, decided_at=at)
    return DecidedItem(code=code, pages=pages, findings=findings, decision=decision)


def _findings(view: _ItemView, tally: Tally) -> Iterator[Finding]:
    for planned in view.plan.batch_checks:
        if planned.check.judges_items:
            found = inspect_batch(planned, view, on_broken=tally.add_broken_check)
            if found is not None and not isinstance(found, NotApplicable):
                yield from found


def _of_item(catalogue: Catalogue | None, code: str) -> Catalogue | None:
    if catalogue is None:
        return None
    return replace(catalogue, records=tuple(record for record in catalogue.records if record.code == code))
