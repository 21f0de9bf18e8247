"""The JSON documents of a run: ``report.json`` and the lines of ``pages.jsonl``.

Their shape is a contract with other programs; the schemas in ``schemas/`` state it. The order of keys is
fixed and nothing in a page line depends on a clock or a cache, so that two runs over the same bytes with the
same plan write the same bytes.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ybda_qc.model import (
    Decision,
    Finding,
    JudgedPage,
    Measurement,
    PageResult,
    State,
    Summary,
    Verdict,
)
from ybda_qc.report.translate import Translator, translator

SCHEMA = "ybda-qc/report/1"
Document = dict[str, Any]
_PAGE_VERDICTS = tuple(verdict for verdict in sorted(Verdict) if verdict is not Verdict.NOT_RUN)


def plain(value: float | None) -> float | None:
    """A whole number as an integer, so that 300 never stands as 300.0 in one file and 300 in another."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def dump_line(document: Mapping[str, Any]) -> bytes:
    """One line of JSON, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


def dump_pretty(document: Mapping[str, Any]) -> bytes:
    """An indented JSON document, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def page_document(judged: JudgedPage, checks: tuple[str, ...], translate: Translator) -> Document:
    """The document of one page.

    Parameters
    ----------
    judged
        The page.
    checks
        Ids of the planned page checks; each gets a key, in this order.
    translate
        Language of the messages.
    """
    result = judged.result
    names: Document = {"page": str(result.page), "path": result.page.path}
    if result.path_hex is not None:
        names["path_hex"] = result.path_hex
    return names | {
        "frame": result.page.frame,
        "item": result.item,
        "sha256": result.sha256,
        "size_bytes": result.size_bytes,
        "width_px": result.width_px,
        "height_px": result.height_px,
        "verdict": judged.verdict.word,
        "checks": {check: judged.verdicts.get(check, Verdict.NOT_RUN).word for check in checks},
        "measurements": _measurements(result, checks),
        "findings": [
            _finding(finding, translate)
            | {
                "boxes": [box.as_list() for box in finding.boxes],
                "evidence": judged.evidence.get(finding.key),
            }
            for finding in judged.findings
        ],
        "not_applicable": _not_applicable(result, checks, translate),
        "fault": _fault(result),
    }


def report_document(summary: Summary, translate: Translator, difference: Document | None = None) -> Document:
    """The document of the whole run; ``difference`` stands in it only where an older run was compared."""
    document: Document = {
        "schema": SCHEMA,
        "run": _run(summary),
        "decision": decision_document(summary.decision, translate),
        "coverage": {
            "pages": summary.coverage.pages,
            "measured": summary.coverage.measured,
            "not_run": summary.coverage.not_run,
            "faults": summary.coverage.faults,
        },
        "checks": {check: outcome.verdict.word for check, outcome in summary.outcomes.items()},
        "not_applicable": [
            {"check": check, "reason": translate(outcome.reason)}
            for check, outcome in summary.outcomes.items()
            if outcome.verdict is Verdict.NOT_APPLICABLE
        ],
        "catalogue": _catalogue(summary),
        "totals": _totals(summary),
        "findings": [_batch_finding(finding, translate) for finding in summary.findings],
    }
    if difference is not None:
        document["difference"] = difference
    return document


def item_document(
    item: str,
    decision: Decision,
    closed_at: datetime,
    pages: Iterable[JudgedPage],
    findings: Iterable[Finding],
    *,
    checks: tuple[str, ...],
    translate: Translator,
) -> Document:
    """The document of one item of a watched folder, ``<item>.qc.json``.

    Parameters
    ----------
    item, decision, closed_at
        Code of the item, the machine's decision on it, and when it was closed.
    pages, findings
        Its pages in order, and findings about the item.
    checks
        Ids of the planned page checks.
    translate
        Language of decision and findings; pages are as in ``pages.jsonl``, which has but one.
    """
    return {
        "item": item,
        "decision": decision_document(decision, translate),
        "closed_at": closed_at.isoformat(timespec="seconds"),
        "findings": [_batch_finding(finding, translate) for finding in findings],
        "pages": [page_document(page, checks, translator("en")) for page in pages],
    }


_HEAD = ("check", "code", "verdict")


def _batch_finding(finding: Finding, translate: Translator) -> Document:
    return (
        {"check": finding.check, "code": finding.code, "verdict": finding.verdict.word}
        | {"subject": finding.subject}
        | {key: value for key, value in _finding(finding, translate).items() if key not in _HEAD}
        | {"pages": list(finding.pages), "evidence": finding.evidence}
    )


def _finding(finding: Finding, translate: Translator) -> Document:
    return {
        "check": finding.check,
        "code": finding.code,
        "verdict": finding.verdict.word,
        "message": translate(finding.template, finding.values),
        "value": plain(finding.value),
        "limit": plain(finding.limit),
        "unit": None if finding.unit is None else str(finding.unit),
        "clause": translate(finding.clause),
        "source": None if finding.source is None else str(finding.source),
    }


def _measurements(result: PageResult, checks: tuple[str, ...]) -> list[Document]:
    documents = []
    for check in checks:
        outcome = result.checks.get(check)
        for entry in outcome.measured if outcome is not None else ():
            number = entry if isinstance(entry, Measurement) else None
            documents.append(
                {
                    "check": check,
                    "quantity": entry.quantity,
                    "value": plain(number.value) if number else None,
                    "unit": str(number.unit) if number else None,
                    "confidence": plain(number.confidence) if number else None,
                    "text": None if isinstance(entry, Measurement) else entry.text,
                }
            )
    return documents


def _not_applicable(result: PageResult, checks: tuple[str, ...], translate: Translator) -> list[Document]:
    return [
        {"check": check, "reason": translate(outcome.reason)}
        for check in checks
        if (outcome := result.checks.get(check)) is not None and outcome.state is State.NOT_APPLICABLE
    ]


def _fault(result: PageResult) -> Document | None:
    if result.fault is None:
        return None
    return {"cause": result.fault.cause, "stage": str(result.fault.stage), "detail": result.fault.detail}


def _catalogue(summary: Summary) -> Document | None:
    """Which catalogue was read, and which of its columns was taken for which field."""
    if summary.catalogue is None:
        return None
    identity = summary.catalogue
    tables = (
        {
            "sheet": table.sheet,
            "encoding": table.encoding,
            "header_row": table.header_row,
            "columns": dict(table.columns),
            "unknown": list(table.unknown),
            "records": table.records,
        }
        for table in identity.tables
    )
    return {"path": identity.path, "sha256": identity.sha256, "tables": list(tables)}


def _run(summary: Summary) -> Document:
    run = summary.run
    return {
        "id": run.id,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "finished_at": run.finished_at.isoformat(timespec="seconds"),
        "seconds": plain(round(run.seconds, 3)),
        "from_cache": run.from_cache,
        "engine_version": run.engine_version,
        "profile": {"id": run.profile.id, "title": run.profile.title, "digest": run.profile.digest},
        "plan": {"page_checks": list(run.page_checks), "batch_checks": list(run.batch_checks)},
        "batch": run.batch,
        "executor": run.executor,
        "workers": run.workers,
        "store": run.store,
        "reading": run.reading,
    }


def decision_document(decision: Decision, translate: Translator) -> Document:
    """A decision with its reasons."""
    return {
        "outcome": str(decision.outcome),
        "scope": str(decision.scope),
        "reasons": [
            {
                "code": reason.code,
                "text": translate(reason.template, reason.values),
                "count": reason.count,
                "clause": translate(reason.clause),
            }
            for reason in decision.reasons
        ],
        "decided_at": decision.decided_at.isoformat(timespec="seconds"),
    }


def _totals(summary: Summary) -> Document:
    totals = summary.totals
    return {
        "bytes": totals.bytes,
        "files": totals.files,
        "items": totals.items,
        "pages_by_verdict": {
            verdict.word: totals.pages_by_verdict.get(verdict, 0) for verdict in _PAGE_VERDICTS
        },
        "findings_by_check": dict(sorted(totals.findings_by_check.items())),
        "paper_sizes": dict(sorted(totals.paper_sizes.items(), key=lambda pair: (-pair[1], pair[0]))),
    }
