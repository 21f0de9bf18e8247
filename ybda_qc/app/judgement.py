"""From stored measurements to a decision and its reports: the second half of a run, and all of `rejudge`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ybda_qc.acceptance.gate import Tally, decide
from ybda_qc.acceptance.handover import due_dates
from ybda_qc.catalogue.codes import CodeReader
from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.engine.judging import Judging, LedgerView
from ybda_qc.engine.pictures import with_pictures
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger
from ybda_qc.engine.text_stage import is_unread
from ybda_qc.errors import DISK_TAKES_NOTHING, InputError, disk_full
from ybda_qc.model import Batch, Catalogue, DueDate, Summary
from ybda_qc.model.ledger import JudgementRecord, PlanRecord
from ybda_qc.profile import Profile, explain
from ybda_qc.report import FORMATS, Lang, Reports
from ybda_qc.report.against import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The summary of a run, the folder where its reports lie, and how it differs from an older run."""

    summary: Summary
    folder: Path
    difference: Difference | None = None


def plan_record(profile: Profile, plan: Plan, name: str | Path, *, ocr: str | None = None) -> PlanRecord:
    """What the ledger keeps of a plan; ``name`` finds the profile again from anywhere.

    ``ocr`` is the engine that the command line asked for.
    """
    if str(name).endswith(".toml"):
        name = Path(name).absolute()
    resolved: dict[str, object] = {row.key: row.value for row in explain(profile)}
    return PlanRecord(
        profile=plan.profile,
        page_checks=plan.page_check_ids,
        batch_checks=plan.batch_check_ids,
        resolved={"name": str(name), **resolved},
        ocr=ocr,
        reading_key=plan.reading_key,
    )


def last_judgement(ledger: Ledger, folder: Path) -> JudgementRecord:
    """The last judgement in a run folder.

    Raises
    ------
    InputError
        If no run there has come to its end.
    """
    last = ledger.latest_judgement()
    if last is None:
        raise InputError(
            "no run in {folder} has come to its end; run it again: what is measured is kept",
            folder=str(folder),
        )
    return last


def judge_run(
    ledger: Ledger,
    run: int,
    *,
    batch: Batch,
    catalogue: Catalogue | None,
    profile: Profile,
    plan: Plan,
    record: PlanRecord,
) -> int:
    """Judge the measurements of a run and decide; returns the judgement's id."""
    judgement = ledger.begin_judgement(run, judged_at=datetime.now(UTC), plan=record)
    tally = Tally.of(batch, catalogue, profile.ocr, reads_text=bool(plan.reading_key))
    plan = plan.declaring(blanks_of_records(batch, catalogue))
    view = LedgerView(batch=batch, catalogue=catalogue, ledger=ledger, run=run, plan=plan)
    Judging(view).judge(judgement, tally.add_page, tally.add_findings, tally.add_broken_check)
    if view.reads_text:
        tally.unread = sum(is_unread(page, view) for page in view.pages())
    decision = decide(tally, profile.acceptance, titles=plan.titles, decided_at=datetime.now(UTC))
    ledger.put_decision(judgement, decision, tally.coverage, tally.totals)
    return judgement


@contextmanager
def full_disk_explained() -> Iterator[None]:
    """Say of a write that found no room what is the matter; an `InputError`."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_TAKES_NOTHING:
            raise disk_full(error.strerror) from error
        raise


def _with_pictures_of(summary: Summary, out: Path) -> Summary:
    """The same summary; its findings name only pictures that exist."""
    findings = (
        replace(
            finding,
            evidence=finding.evidence if finding.evidence and (out / finding.evidence).exists() else None,
        )
        for finding in summary.findings
    )
    return replace(summary, findings=tuple(findings))


def _due_dates(batch: Batch, plan: Plan) -> tuple[DueDate, ...]:
    if not plan.handover.bodies or not plan.codes.structures:
        return ()
    read = CodeReader(plan.codes).read
    codes = (read(text).code for text in dict.fromkeys(item.code for item in batch.items))
    return due_dates((code for code in codes if code is not None), plan.handover)


def _media(batch: Batch) -> Mapping[str, int]:
    """How many photographs and recordings each item holds that holds any, all its copies together."""
    counts: Counter[str] = Counter()
    for item in batch.items:
        if item.media:
            counts[item.code] += len(item.media)
    return counts


def write_reports(
    ledger: Ledger,
    judgement: int,
    plan: Plan,
    out: Path,
    *,
    lang: Lang,
    formats: Sequence[str] = FORMATS,
    against: Path | None = None,
) -> RunResult:
    """Write the report files of a judgement in one pass over its pages; findings name pictures that exist."""
    summary = _with_pictures_of(ledger.summary(judgement, plan.cards), out)
    batch = ledger.load_batch(summary.run.id)
    summary = replace(
        summary,
        media=_media(batch),
        natures=plan.natures.model_dump(),
        due_dates=_due_dates(batch, plan),
        handover_clause=plan.handover.clause,
    )
    reports = Reports(out, summary=summary, formats=formats, lang=lang, against=against)
    with full_disk_explained(), reports:
        for judged in ledger.judged_pages(judgement):
            reports.page(with_pictures(judged, plan, out))
    return RunResult(summary=summary, folder=out, difference=reports.difference)
