"""Values to put into a ledger: fixed ones to build on, and hypothesis strategies for any."""

from datetime import UTC, datetime
from itertools import product

from hypothesis import strategies as st

from ybda_qc.model import (
    Batch,
    BatchFile,
    Box,
    CheckResult,
    Correction,
    Coverage,
    Decision,
    DeliveryCopy,
    FileRole,
    Finding,
    Item,
    JudgedPage,
    LimitSource,
    Measurement,
    Observation,
    Outcome,
    PageFault,
    PageId,
    PageResult,
    ProfileIdentity,
    Reason,
    Scope,
    Stage,
    State,
    Stray,
    Totals,
    Unit,
    Verdict,
)
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.store import SqlLedger

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

PLAN = PlanRecord(
    profile=ProfileIdentity(id="base", title="基础 base", digest="d1"),
    page_checks=("readable", "skew"),
    batch_checks=("sequence",),
    resolved={"checks": {"skew": {"over-limit": {"review": 1.0}}}, "layout": ["a", 1]},
)


def begin(ledger: SqlLedger, batch_root: str = "/batch") -> int:
    return ledger.begin_run(
        batch_root=batch_root,
        started_at=NOON,
        engine_version="1.0",
        plan=PLAN,
        executor="serial",
        workers=1,
    )


def skew_result(degrees: float, key: str = "1-a") -> CheckResult:
    entry = Measurement(quantity="skew", value=degrees, unit=Unit.DEGREE, confidence=0.75)
    return CheckResult(state=State.MEASURED, key=key, measured=(entry,))


def page_result(path: str, frame: int = 1, *, sha256: str | None = "ab" * 32, **changed) -> PageResult:
    fields = {
        "item": "X1",
        "size_bytes": 100,
        "width_px": 2480,
        "height_px": 3508,
        "checks": {"skew": skew_result(0.5)},
    }
    return PageResult(page=PageId(path=path, frame=frame), sha256=sha256, **(fields | changed))


def judged_page(result: PageResult, verdict: Verdict = Verdict.PASS, **changed) -> JudgedPage:
    return JudgedPage(result=result, verdicts={"skew": verdict}, **changed)


def decide(ledger: SqlLedger, judgement: int, outcome: Outcome = Outcome.HOLD) -> None:
    ledger.put_decision(judgement, *decision_parts(outcome))


def decision_parts(outcome: Outcome = Outcome.HOLD) -> tuple[Decision, Coverage, Totals]:
    reason = Reason(
        code="skew/over-limit",
        outcome=outcome,
        template="{count} pages lean",
        values={"count": 2, "share": 0.5},
        count=2,
        clause="10.2 — “plain”",
    )
    return (
        Decision(outcome=outcome, scope=Scope.MACHINE, reasons=(reason,), decided_at=NOON),
        Coverage(pages=3, measured=2, not_run=1, faults=0),
        Totals(
            bytes=2**40,
            pages_by_verdict={Verdict.PASS: 2, Verdict.ERROR: 1},
            findings_by_check={"skew": 2},
            paper_sizes={"A4": 3},
            files=3,
            items=1,
        ),
    )


def whole_run(ledger: SqlLedger, results: list[PageResult]) -> tuple[int, int]:
    """Measure, judge and decide; returns run and judgement."""
    run = begin(ledger)
    ledger.put_pages(run, [(result, 1) for result in results])
    judgement = ledger.begin_judgement(run, judged_at=NOON, plan=PLAN)
    ledger.put_judged(judgement, (judged_page(result) for result in ledger.pages(run)))
    decide(ledger, judgement)
    ledger.finish_run(run, finished_at=NOON, from_cache=0)
    return run, judgement


# --- anything -----------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
paths = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
scalars = words | numbers | st.integers(-(2**70), 2**70)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
_places = st.integers(-5, 2**40)
_lengths = st.integers(1, 100_000)
boxes = st.lists(st.builds(Box, left=_places, top=_places, width=_lengths, height=_lengths), max_size=3).map(
    tuple
)
measurements = st.builds(
    Measurement,
    quantity=words,
    value=numbers | st.integers(-(2**53), 2**53),
    unit=st.sampled_from(Unit),
    confidence=st.floats(0, 1),
    boxes=boxes,
)
observations = st.builds(Observation, quantity=words, text=words, boxes=boxes)
check_results = st.builds(
    CheckResult,
    state=st.sampled_from(State),
    key=words,
    measured=st.lists(measurements | observations, max_size=4).map(tuple),
    reason=words,
)
faults = st.builds(
    PageFault, cause=words, stage=st.sampled_from(Stage), detail=words, check=st.none() | words
)
page_results = st.builds(
    PageResult,
    page=st.builds(PageId, path=paths, frame=st.integers(1, 10_000)),
    path_hex=st.none() | words,
    item=st.none() | words,
    sha256=st.none() | digests,
    size_bytes=st.integers(0, 2**60),
    width_px=st.none() | _lengths,
    height_px=st.none() | _lengths,
    checks=st.dictionaries(words, check_results, max_size=4),
    fault=st.none() | faults,
)
findings = st.builds(
    Finding,
    check=words,
    code=words,
    verdict=st.sampled_from(Verdict),
    template=words,
    values=st.dictionaries(words, scalars, max_size=3),
    value=st.none() | numbers,
    limit=st.none() | numbers,
    unit=st.none() | st.sampled_from(Unit),
    clause=words,
    source=st.none() | st.sampled_from(LimitSource),
    boxes=boxes,
    subject=st.none() | words,
    pages=st.lists(words, max_size=3).map(tuple),
    evidence=st.none() | words,
    correction=st.none()
    | st.builds(Correction, place=words, field=words, stands=words, found=words, proposed=words),
)
judged_pages = st.builds(
    JudgedPage,
    result=page_results,
    verdicts=st.dictionaries(words, st.sampled_from(Verdict), max_size=4),
    findings=st.lists(findings, max_size=3).map(tuple),
    evidence=st.dictionaries(words, words, max_size=2),
)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """A batch whose items list some of the files that bear their code, in any order."""
    names = sorted(draw(st.sets(paths, max_size=8)), key=str.encode)
    codes = sorted(draw(st.sets(words, max_size=3)), key=str.encode)
    copies = draw(st.lists(st.builds(DeliveryCopy, name=words, title=words), max_size=3))
    names_of_copies = sorted({"", *(copy.name for copy in copies)})
    files = tuple(
        BatchFile(
            path=name,
            path_hex=draw(st.none() | words),
            size_bytes=draw(st.integers(0, 2**60)),
            role=draw(st.sampled_from(FileRole)),
            item=draw(st.none() | st.sampled_from(codes)) if codes else None,
            copy=draw(st.sampled_from(names_of_copies)),
            number=draw(st.none() | st.integers(0, 10**80)),
            number_width=draw(st.none() | st.integers(1, 80)),
            name_matches=draw(st.none() | st.booleans()),
        )
        for name in names
    )
    items = []
    for code, copy in product(codes, names_of_copies):
        own = [file for file in files if (file.item, file.copy) == (code, copy) and draw(st.booleans())]
        pages = draw(st.permutations([file for file in own if file.role is FileRole.PAGE]))
        media = draw(st.permutations([file for file in own if file.role is FileRole.MEDIA]))
        items.append(Item(code=code, copy=copy, files=tuple(pages), media=tuple(media)))
    strays = draw(st.lists(st.builds(Stray, path=paths, kind=words, detail=words), max_size=3))
    return Batch(root="/batch", files=files, items=tuple(items), strays=tuple(strays), copies=tuple(copies))
