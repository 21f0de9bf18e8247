"""Values as JSON documents and back, exactly: what is read equals what was written.

Documents are compact ASCII with sorted keys, so that equal values make equal texts. Fields that stand at
their default are left out. Reading is on the path of every report, hence the plain loops.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ybda_qc.model import (
    Box,
    CheckResult,
    Correction,
    Coverage,
    Decision,
    Finding,
    LimitSource,
    Measured,
    Measurement,
    Observation,
    Outcome,
    PageFault,
    ProfileIdentity,
    Reason,
    Scope,
    Stage,
    State,
    Totals,
    Unit,
    Verdict,
)
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.model.watching import FileState

Document = dict[str, Any]

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
# Looking a word up is several times faster than calling the enum.
_UNITS = {unit.value: unit for unit in Unit}
_STATES = {state.value: state for state in State}
_SOURCES = {source.value: source for source in LimitSource}
VERDICTS = {verdict.word: verdict for verdict in Verdict}


def dump(document: object) -> str:
    """Write a document.

    Raises
    ------
    ValueError
        If a number is not finite.
    """
    return _ENCODER.encode(document)


def document_digest(document: str) -> bytes:
    """What is kept beside a document, to tell when the disk has changed it."""
    return hashlib.blake2b(document.encode(), digest_size=16).digest()


def load(text: str) -> Any:
    """Read a document."""
    return json.loads(text)


# --- results of checks --------------------------------------------------------------------------------------


def dump_checks(checks: Mapping[str, CheckResult]) -> str:
    """Write what the checks measured on a page: check id -> state, key, reason, measured."""
    return dump({check: _result_document(result) for check, result in checks.items()})


def load_checks(text: str) -> dict[str, CheckResult]:
    """Read what `dump_checks` wrote."""
    return {check: _result(document) for check, document in json.loads(text).items()}


class StoredChecks(Mapping[str, CheckResult]):
    """What `dump_checks` wrote, read when it is asked for.

    A batch check that streams every page for one quantity pays for that one only.
    """

    __slots__ = ("_documents", "_results", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._documents: dict[str, Document] | None = None
        self._results: dict[str, CheckResult] = {}

    def __getitem__(self, check: str) -> CheckResult:
        result = self._results.get(check)
        if result is None:
            result = self._results[check] = _result(self._read()[check])
        return result

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __repr__(self) -> str:
        return repr(dict(self))

    def _read(self) -> dict[str, Document]:
        if self._documents is None:
            self._documents = json.loads(self._text)
        return self._documents


def _result_document(result: CheckResult) -> Document:
    document: Document = {"state": result.state.value}
    if result.key:
        document["key"] = result.key
    if result.reason:
        document["reason"] = result.reason
    if result.measured:
        document["measured"] = [_measured_document(entry) for entry in result.measured]
    return document


def _measured_document(entry: Measured) -> Document:
    document: Document = {"quantity": entry.quantity}
    if isinstance(entry, Measurement):
        document["value"] = entry.value
        document["unit"] = entry.unit.value
        if entry.confidence != 1.0:
            document["confidence"] = entry.confidence
    else:
        document["text"] = entry.text
    if entry.boxes:
        document["boxes"] = [box.as_list() for box in entry.boxes]
    return document


def _result(document: Document) -> CheckResult:
    measured = document.get("measured")
    return CheckResult(
        state=_STATES[document["state"]],
        key=document.get("key", ""),
        measured=tuple([_measured(entry) for entry in measured]) if measured else (),
        reason=document.get("reason", ""),
    )


def _measured(document: Document) -> Measured:
    boxes = document.get("boxes")
    if "text" in document:
        return Observation(
            quantity=document["quantity"], text=document["text"], boxes=_boxes(boxes) if boxes else ()
        )
    return Measurement(
        quantity=document["quantity"],
        value=document["value"],
        unit=_UNITS[document["unit"]],
        confidence=document.get("confidence", 1.0),
        boxes=_boxes(boxes) if boxes else (),
    )


def _boxes(lists: Iterable[list[int]]) -> tuple[Box, ...]:
    return tuple([Box(left=left, top=top, width=width, height=height) for left, top, width, height in lists])


# --- faults -------------------------------------------------------------------------------------------------


def dump_fault(fault: PageFault) -> str:
    """Write a fault of ours."""
    return dump(
        {"cause": fault.cause, "stage": fault.stage.value, "detail": fault.detail, "check": fault.check}
    )


def load_fault(text: str) -> PageFault:
    """Read what `dump_fault` wrote."""
    document = load(text)
    return PageFault(
        cause=document["cause"],
        stage=Stage(document["stage"]),
        detail=document["detail"],
        check=document["check"],
    )


# --- verdicts and findings ----------------------------------------------------------------------------------


def dump_verdicts(verdicts: Mapping[str, Verdict]) -> str:
    """Write the verdict of each check on a page."""
    return dump({check: verdict.word for check, verdict in verdicts.items()})


def load_verdicts(text: str) -> dict[str, Verdict]:
    """Read what `dump_verdicts` wrote."""
    return {check: VERDICTS[word] for check, word in json.loads(text).items()}


def dump_finding(finding: Finding) -> str:
    """Write what of a finding has no column of its own."""
    document: Document = {"template": finding.template}
    for name in ("value", "limit"):
        number = getattr(finding, name)
        if number is not None:
            document[name] = number
    for name in ("unit", "source"):
        word = getattr(finding, name)
        if word is not None:
            document[name] = word.value
    lists: Document = {
        "values": dict(finding.values),
        "clause": finding.clause,
        "boxes": [box.as_list() for box in finding.boxes],
        "pages": list(finding.pages),
    }
    document |= {name: value for name, value in lists.items() if value}
    if finding.evidence is not None:
        document["evidence"] = finding.evidence
    if finding.correction is not None:
        document["correction"] = asdict(finding.correction)
    return dump(document)


def load_finding(check: str, code: str, verdict: str, subject: str | None, text: str) -> Finding:
    """Read a finding from its columns and the document that `dump_finding` wrote."""
    document = json.loads(text)
    get = document.get
    unit, source = get("unit"), get("source")
    return Finding(
        check=check,
        code=code,
        verdict=VERDICTS[verdict],
        template=document["template"],
        values=get("values", {}),
        value=get("value"),
        limit=get("limit"),
        unit=_UNITS[unit] if unit is not None else None,
        clause=get("clause", ""),
        source=_SOURCES[source] if source is not None else None,
        boxes=_boxes(get("boxes", ())),
        subject=subject,
        pages=tuple(get("pages", ())),
        evidence=get("evidence"),
        correction=Correction(**document["correction"]) if "correction" in document else None,
    )


# --- states of files ----------------------------------------------------------------------------------------


def dump_file_state(state: FileState) -> str:
    """Write the state of a file; its numbers may be larger than a column of integers has room for."""
    return dump([state.size_bytes, state.modified_ns, state.changed_ns, state.inode])


def load_file_state(text: str) -> FileState:
    """Read what `dump_file_state` wrote."""
    size_bytes, modified_ns, changed_ns, inode = json.loads(text)
    return FileState(size_bytes=size_bytes, modified_ns=modified_ns, changed_ns=changed_ns, inode=inode)


# --- plans and decisions ------------------------------------------------------------------------------------


def dump_plan(plan: PlanRecord) -> str:
    """Write a plan with the profile it was made from."""
    return dump(
        {
            "profile": {"id": plan.profile.id, "title": plan.profile.title, "digest": plan.profile.digest},
            "page_checks": list(plan.page_checks),
            "batch_checks": list(plan.batch_checks),
            "resolved": dict(plan.resolved),
            "ocr": plan.ocr,
            "reading_key": plan.reading_key,
        }
    )


def load_plan(text: str) -> PlanRecord:
    """Read what `dump_plan` wrote."""
    document = load(text)
    return PlanRecord(
        profile=ProfileIdentity(**document["profile"]),
        page_checks=tuple(document["page_checks"]),
        batch_checks=tuple(document["batch_checks"]),
        resolved=document["resolved"],
        ocr=document.get("ocr"),
        reading_key=document.get("reading_key", ""),
    )


def dump_decision(decision: Decision, coverage: Coverage, totals: Totals) -> str:
    """Write the reasons of a decision and the counts it rests on."""
    return dump(
        {
            "reasons": [
                {
                    "code": reason.code,
                    "outcome": reason.outcome.value,
                    "template": reason.template,
                    "values": dict(reason.values),
                    "count": reason.count,
                    "clause": reason.clause,
                }
                for reason in decision.reasons
            ],
            "coverage": {
                "pages": coverage.pages,
                "measured": coverage.measured,
                "not_run": coverage.not_run,
                "faults": coverage.faults,
            },
            "totals": {
                "bytes": totals.bytes,
                "pages_by_verdict": {v.word: count for v, count in totals.pages_by_verdict.items()},
                "findings_by_check": dict(totals.findings_by_check),
                "paper_sizes": dict(totals.paper_sizes),
                "files": totals.files,
                "items": totals.items,
            },
        }
    )


def load_decision(outcome: str, scope: str, decided_at: str, text: str) -> tuple[Decision, Coverage, Totals]:
    """Read a decision from its columns and the document that `dump_decision` wrote."""
    document = load(text)
    reasons = tuple(
        Reason(**{**reason, "outcome": Outcome(reason["outcome"])}) for reason in document["reasons"]
    )
    totals = document["totals"]
    by_verdict = {VERDICTS[word]: count for word, count in totals["pages_by_verdict"].items()}
    return (
        Decision(
            outcome=Outcome(outcome),
            scope=Scope(scope),
            reasons=reasons,
            decided_at=datetime.fromisoformat(decided_at),
        ),
        Coverage(**document["coverage"]),
        Totals(**{**totals, "pages_by_verdict": by_verdict}),
    )
