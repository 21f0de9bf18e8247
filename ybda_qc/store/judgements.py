"""Judgements: verdicts and findings of pages, findings beyond pages, decisions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, tuple_

from ybda_qc.model import BatchOutcome, Coverage, Decision, Finding, JudgedPage, Totals
from ybda_qc.model.ledger import JudgementRecord, PlanRecord
from ybda_qc.store import schema
from ybda_qc.store.documents import (
    VERDICTS,
    dump,
    dump_decision,
    dump_fault,
    dump_finding,
    dump_plan,
    dump_verdicts,
    load,
    load_decision,
    load_fault,
    load_finding,
    load_plan,
    load_verdicts,
)
from ybda_qc.store.pages import CHUNK, PAGE_COLUMNS, page_of
from ybda_qc.store.sqlite import Database

_judgement, _judged, _finding = schema.judgement, schema.judged_page, schema.finding
_AS_RUN = ""
"""Stands for the plan of a judgement that is the plan of its run."""
_BEYOND_PAGES = {"path": "", "frame": 0}
_FINDING_COLUMNS = (
    _finding.c.check_id,
    _finding.c.code,
    _finding.c.verdict,
    _finding.c.subject,
    _finding.c.document,
)


def begin_judgement(connection: Connection, run: int, *, judged_at: datetime, plan: PlanRecord) -> int:
    """Open a judgement and return its id; a plan that is that of the run is not written again.

    A watched folder is judged many times a day, and judgements stay for ever.
    """
    document = dump_plan(plan)
    of_run = connection.execute(select(schema.run.c.plan).where(schema.run.c.id == run)).scalar()
    begun = connection.execute(
        insert(_judgement).values(
            run=run, judged_at=judged_at.isoformat(), plan=_AS_RUN if document == of_run else document
        )
    )
    assert begun.inserted_primary_key is not None
    return int(begun.inserted_primary_key[0])


def put_judged(database: Database, judgement: int, pages: Iterable[JudgedPage]) -> None:
    """Keep judged pages, some hundred a transaction; none is open while `pages` is asked for more."""
    stream = iter(pages)
    while chunk := list(islice(stream, CHUNK)):
        judged_rows, finding_rows = [], []
        for judged in chunk:
            page = judged.result.page
            place = {"judgement": judgement, "path": page.path, "frame": page.frame}
            judged_rows.append(place | _judged_row(judged))
            finding_rows += [
                place | _finding_row(position, finding) for position, finding in enumerate(judged.findings)
            ]
        with database.write() as connection:
            connection.execute(insert(_judged), judged_rows)
            if finding_rows:
                connection.execute(insert(_finding), finding_rows)


def put_batch_findings(connection: Connection, judgement: int, findings: Iterable[Finding]) -> None:
    """Append findings about items or the batch."""
    last = connection.execute(
        select(func.max(_finding.c.position)).where(_finding.c.judgement == judgement, _finding.c.path == "")
    ).scalar()
    first = 0 if last is None else last + 1
    place = {"judgement": judgement} | _BEYOND_PAGES
    rows = [place | _finding_row(position, finding) for position, finding in enumerate(findings, first)]
    if rows:
        connection.execute(insert(_finding), rows)


def put_batch_outcome(connection: Connection, judgement: int, check: str, outcome: BatchOutcome) -> None:
    """Keep what became of a batch check."""
    row = {
        "judgement": judgement,
        "check_id": check,
        "verdict": outcome.verdict.word,
        "reason": outcome.reason,
    }
    connection.execute(insert(schema.batch_outcome), row)


def batch_outcomes(connection: Connection, judgement: int) -> dict[str, BatchOutcome]:
    """Return what became of each batch check, by id."""
    table = schema.batch_outcome
    rows = connection.execute(
        select(table.c.check_id, table.c.verdict, table.c.reason)
        .where(table.c.judgement == judgement)
        .order_by(table.c.check_id)
    )
    return {check: BatchOutcome(verdict=VERDICTS[word], reason=reason) for check, word, reason in rows}


def put_decision(
    connection: Connection, judgement: int, decision: Decision, coverage: Coverage, totals: Totals
) -> None:
    """Append a decision."""
    connection.execute(
        insert(schema.decision).values(
            judgement=judgement,
            outcome=decision.outcome.value,
            scope=decision.scope.value,
            decided_at=decision.decided_at.isoformat(),
            document=dump_decision(decision, coverage, totals),
        )
    )


def batch_findings(connection: Connection, judgement: int) -> tuple[Finding, ...]:
    """Return the findings beyond pages, in the order they were put."""
    statement = (
        select(*_FINDING_COLUMNS)
        .where(_finding.c.judgement == judgement, _finding.c.path == "")
        .order_by(_finding.c.position)
    )
    return tuple(load_finding(*row) for row in connection.execute(statement))


def stream_judged(database: Database, judgement: int) -> Iterator[JudgedPage]:
    """Yield the judged pages of a judgement, sorted by path bytes and frame."""
    path, frame = "", 0
    while True:
        with database.read() as connection:
            rows = connection.execute(
                _JUDGED_CHUNK, {"judgement": judgement, "path": path, "frame": frame}
            ).all()
            findings = _findings_between(connection, judgement, rows)
        for verdicts, evidence, fault, *page in rows:
            result = page_of(page, database)
            yield JudgedPage(
                result=result if fault is None else replace(result, fault=load_fault(fault)),
                verdicts=load_verdicts(verdicts),
                findings=tuple(findings.get((page[0], page[1]), ())),
                evidence={} if evidence is None else load(evidence),
            )
        if len(rows) < CHUNK:
            return
        path, frame = rows[-1].path, rows[-1].frame


def latest_decided(connection: Connection) -> int | None:
    """Return the id of the last judgement that has a decision."""
    latest = connection.execute(select(func.max(schema.decision.c.judgement))).scalar()
    return None if latest is None else int(latest)


def load_judgement(connection: Connection, judgement: int) -> JudgementRecord:
    """Return a judgement with the last decision on it.

    Raises
    ------
    KeyError
        If there is no such judgement.
    """
    row = connection.execute(select(_judgement).where(_judgement.c.id == judgement)).one_or_none()
    if row is None:
        raise KeyError(judgement)
    plan = row.plan
    if plan == _AS_RUN:
        plan = connection.execute(select(schema.run.c.plan).where(schema.run.c.id == row.run)).scalar_one()
    decided = schema.decision
    last = connection.execute(
        select(decided.c.outcome, decided.c.scope, decided.c.decided_at, decided.c.document)
        .where(decided.c.judgement == judgement)
        .order_by(decided.c.id.desc())
        .limit(1)
    ).one_or_none()
    decision, coverage, totals = (None, None, None) if last is None else load_decision(*last)
    return JudgementRecord(
        id=row.id,
        run=row.run,
        judged_at=datetime.fromisoformat(row.judged_at),
        plan=load_plan(plan),
        decision=decision,
        coverage=coverage,
        totals=totals,
    )


def _judged_row(judged: JudgedPage) -> dict[str, Any]:
    return {
        "verdict": judged.verdict.word,
        "verdicts": dump_verdicts(judged.verdicts),
        "evidence": dump(dict(judged.evidence)) if judged.evidence else None,
        "fault": None if judged.result.fault is None else dump_fault(judged.result.fault),
    }


def _finding_row(position: int, finding: Finding) -> dict[str, Any]:
    return {
        "position": position,
        "check_id": finding.check,
        "code": finding.code,
        "verdict": finding.verdict.word,
        "subject": finding.subject,
        "document": dump_finding(finding),
    }


_JUDGED_CHUNK = (
    select(_judged.c.verdicts, _judged.c.evidence, _judged.c.fault.label("judged_fault"), *PAGE_COLUMNS)
    .join_from(_judged, _judgement, _judged.c.judgement == _judgement.c.id)
    .join(
        schema.page,
        (schema.page.c.run == _judgement.c.run)
        & (schema.page.c.path == _judged.c.path)
        & (schema.page.c.frame == _judged.c.frame),
    )
    .join(schema.measured, schema.measured.c.id == schema.page.c.measured)
    .where(
        _judged.c.judgement == bindparam("judgement"),
        tuple_(_judged.c.path, _judged.c.frame) > tuple_(bindparam("path"), bindparam("frame")),
    )
    .order_by(_judged.c.path, _judged.c.frame)
    .limit(CHUNK)
)


def _findings_between(
    connection: Connection,
    judgement: int,
    rows: Sequence[Row[*tuple[Any, ...]]],
) -> dict[tuple[str, int], list[Finding]]:
    """Find the findings of the pages from the first to the last of `rows`."""
    findings: dict[tuple[str, int], list[Finding]] = {}
    if not rows:
        return findings
    key = tuple_(_finding.c.path, _finding.c.frame)
    first, last = rows[0], rows[-1]
    statement = (
        select(_finding.c.path, _finding.c.frame, *_FINDING_COLUMNS)
        .where(
            _finding.c.judgement == judgement,
            key >= tuple_(first.path, first.frame),
            key <= tuple_(last.path, last.frame),
        )
        .order_by(_finding.c.path, _finding.c.frame, _finding.c.position)
    )
    for path, frame, *columns in connection.execute(statement):
        findings.setdefault((path, frame), []).append(load_finding(*columns))
    return findings
