"""The decision: what rejects, what holds, and that nothing is accepted that was not looked at."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from ybda_qc.acceptance.gate import Tally, decide
from ybda_qc.checks.page.readable import damage
from ybda_qc.model import (
    CheckResult,
    Decision,
    Finding,
    JudgedPage,
    LimitSource,
    Outcome,
    PageFault,
    PageId,
    PageResult,
    Scope,
    Stage,
    State,
    Verdict,
)
from ybda_qc.profile import AcceptanceOptions

RULE = AcceptanceOptions(
    scope="machine",
    reject=("fail",),
    hold=("review", "error"),
    catalogue="optional",
    sample="optional",
    source=LimitSource.PROJECT_CHOICE,
)
WHEN = datetime(2026, 1, 5, tzinfo=UTC)


def page(
    verdicts: Mapping[str, Verdict],
    *,
    path: str = "a/0001.jpg",
    frame: int = 1,
    fault: PageFault | None = None,
) -> JudgedPage:
    """A judged page with one finding for every verdict from note to error."""
    states = {
        check: CheckResult(state=State.NOT_RUN if verdict is Verdict.NOT_RUN else State.MEASURED)
        for check, verdict in verdicts.items()
    }
    if verdicts.get("readable") in (Verdict.NOTE, Verdict.FAIL):
        states["readable"] = CheckResult(state=State.MEASURED, measured=damage("truncated"))
    result = PageResult(
        page=PageId(path=path, frame=frame), sha256="0" * 64, size_bytes=10, checks=states, fault=fault
    )
    findings = tuple(
        Finding(check=check, code="defect", verdict=verdict, template="defect", clause="clause 1")
        for check, verdict in verdicts.items()
        if verdict in (Verdict.NOTE, Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)
    )
    return JudgedPage(result=result, verdicts=verdicts, findings=findings)


def decision_on(*pages: JudgedPage, page_files: int | None = None) -> Decision:
    tally = Tally(page_files=len(pages) if page_files is None else page_files)
    for judged in pages:
        tally.add_page(judged)
    return decide(tally, RULE, titles={"skew/defect": "skewed pages"}, decided_at=WHEN)


GOOD = {"readable": Verdict.PASS, "skew": Verdict.PASS}


@pytest.mark.parametrize(
    ("skew", "outcome"),
    [
        (Verdict.PASS, Outcome.ACCEPT),
        (Verdict.NOT_APPLICABLE, Outcome.ACCEPT),
        (Verdict.NOTE, Outcome.ACCEPT),
        (Verdict.REVIEW, Outcome.HOLD),
        (Verdict.ERROR, Outcome.HOLD),
        (Verdict.NOT_RUN, Outcome.HOLD),
        (Verdict.FAIL, Outcome.REJECT),
    ],
)
def test_the_heaviest_verdict_decides(skew: Verdict, outcome: Outcome) -> None:
    decision = decision_on(page(GOOD), page({**GOOD, "skew": skew}, path="a/0002.jpg"))
    assert decision.outcome is outcome
    assert decision.scope is Scope.MACHINE
    assert decision.reasons[0].outcome is outcome


def test_a_check_that_did_not_run_is_excused_only_on_a_damaged_page() -> None:
    damaged = page({"readable": Verdict.FAIL, "skew": Verdict.NOT_RUN})
    assert {reason.code for reason in decision_on(damaged).reasons} == {"readable/defect"}
    unseen = page({"readable": Verdict.NOT_RUN, "skew": Verdict.NOT_RUN})
    assert unseen.verdict is Verdict.ERROR
    assert [reason.code for reason in decision_on(unseen).reasons] == ["coverage/not-run"]
    excused = page({"readable": Verdict.NOTE, "skew": Verdict.NOT_RUN})
    assert decision_on(excused).outcome is Outcome.HOLD, "a note is no damage"
    without = page({"skew": Verdict.NOT_RUN})
    assert decision_on(without).outcome is Outcome.HOLD, "nobody asked whether the page is damaged"


def test_a_fault_holds_and_is_counted_once() -> None:
    fault = PageFault(cause="crashed", stage=Stage.MEASURE, detail="the worker died", check="skew")
    broken = page({"readable": Verdict.NOT_RUN, "skew": Verdict.ERROR}, fault=fault)
    tally = Tally(page_files=1)
    tally.add_page(broken)
    assert (tally.coverage.pages, tally.coverage.faults, tally.coverage.not_run) == (1, 1, 0)
    codes = [reason.code for reason in decision_on(broken).reasons]
    assert codes.count("coverage/fault") == 1
    assert "coverage/not-run" not in codes


def test_no_page_and_a_file_without_a_page_hold() -> None:
    assert decision_on().outcome is Outcome.HOLD
    lost = decision_on(page(GOOD), page_files=2)
    assert lost.outcome is Outcome.HOLD
    assert [(reason.code, reason.count) for reason in lost.reasons] == [("coverage/missing", 1)]
    frames = decision_on(page(GOOD), page(GOOD, frame=2), page_files=1)
    assert frames.outcome is Outcome.ACCEPT


def test_a_broken_batch_check_holds() -> None:
    tally = Tally(page_files=1)
    tally.add_page(page(GOOD))
    tally.add_broken_check("sequence", "ValueError")
    decision = decide(tally, RULE, titles={}, decided_at=WHEN)
    assert decision.outcome is Outcome.HOLD
    assert "sequence" in decision.reasons[0].text


def test_reasons_are_counted_named_and_sorted() -> None:
    pages = [page({**GOOD, "skew": Verdict.REVIEW}, path=f"a/{n:04d}.jpg") for n in range(3)]
    decision = decision_on(*pages, page({**GOOD, "blank": Verdict.FAIL}, path="b/0001.jpg"))
    assert [(reason.code, reason.count, reason.clause) for reason in decision.reasons] == [
        ("blank/defect", 1, "clause 1"),
        ("skew/defect", 3, "clause 1"),
    ]
    assert decision.reasons[1].text == "skewed pages"


def test_findings_that_are_only_counted_weigh_like_their_kind() -> None:
    named = Finding(check="layout", code="stray-file", verdict=Verdict.REVIEW, template="stray")
    rest = Finding(
        check="layout",
        code="unlisted",
        verdict=Verdict.NOTE,
        template="{count} more of {kind}",
        values={"count": 41, "kind": "stray-file"},
    )
    tally = Tally(page_files=1)
    tally.add_page(page(GOOD))
    tally.add_findings([named, rest])
    decision = decide(tally, RULE, titles={}, decided_at=WHEN)
    assert [(reason.code, reason.count) for reason in decision.reasons] == [("layout/stray-file", 42)]


def test_media_without_pages_are_accepted_and_an_unseen_page_is_not() -> None:
    media = decide(Tally(files=2, items=2, media_files=2), RULE, titles={}, decided_at=WHEN)
    assert media.outcome is Outcome.ACCEPT
    assert (media.reasons[0].values, media.reasons[0].count) == ({"files": 2}, 2)
    unseen = decide(Tally(files=3, page_files=1, media_files=2), RULE, titles={}, decided_at=WHEN)
    assert unseen.outcome is Outcome.HOLD
    assert decide(Tally(files=1), RULE, titles={}, decided_at=WHEN).outcome is Outcome.HOLD


@pytest.mark.parametrize(
    ("rule", "has_catalogue", "outcome"),
    [
        ("required", False, Outcome.HOLD),
        ("required", True, Outcome.ACCEPT),
        ("optional", False, Outcome.ACCEPT),
    ],
)
def test_a_profile_that_asks_for_a_catalogue_holds_a_batch_without_one(
    rule: str, has_catalogue: bool, outcome: Outcome
) -> None:
    tally = Tally(page_files=1, has_catalogue=has_catalogue)
    tally.add_page(page(GOOD))
    asks = RULE.model_copy(update={"catalogue": rule})
    decision = decide(tally, asks, titles={}, decided_at=WHEN)
    assert decision.outcome is outcome
    assert ("coverage/no-catalogue" in [r.code for r in decision.reasons]) == (outcome is Outcome.HOLD)


@pytest.mark.parametrize(("rule", "outcome"), [("required", Outcome.HOLD), ("optional", Outcome.ACCEPT)])
def test_a_profile_that_asks_for_a_sample_holds_until_people_have_inspected_it(
    rule: str, outcome: Outcome
) -> None:
    tally = Tally(page_files=1, has_catalogue=True)
    tally.add_page(page(GOOD))
    asks = RULE.model_copy(update={"sample": rule, "clause": "the rule, 12"})
    decision = decide(tally, asks, titles={}, decided_at=WHEN)
    assert (decision.outcome, decision.scope) == (outcome, Scope.MACHINE)
    outstanding = [(r.count, r.clause) for r in decision.reasons if r.code == "coverage/sample-outstanding"]
    assert outstanding == [(0, "the rule, 12")] * (outcome is Outcome.HOLD)


def test_a_sample_that_is_outstanding_stands_before_other_holds_and_lightens_no_rejection() -> None:
    tally = Tally(page_files=2)
    asks = RULE.model_copy(update={"sample": "required", "catalogue": "required"})
    tally.add_page(page({**GOOD, "skew": Verdict.REVIEW}))
    codes = [reason.code for reason in decide(tally, asks, titles={}, decided_at=WHEN).reasons]
    missing = ["coverage/no-catalogue", "coverage/sample-outstanding"]
    assert codes == [*missing, "skew/defect", "coverage/missing"]
    tally.add_page(page({**GOOD, "skew": Verdict.FAIL}, path="a/0002.jpg"))
    rejected = decide(tally, asks, titles={}, decided_at=WHEN)
    assert rejected.outcome is Outcome.REJECT
    assert [reason.code for reason in rejected.reasons] == ["skew/defect", *missing, "skew/defect"]


def test_text_that_was_not_read_holds_where_the_profile_asks_for_it() -> None:
    tally = Tally(lacks_text=True)
    tally.add_page(page({"skew": Verdict.PASS}))

    decision = decide(tally, RULE, titles={}, decided_at=WHEN)

    assert decision.outcome is Outcome.HOLD
    assert [reason.code for reason in decision.reasons] == ["coverage/text-not-read"]


def test_text_that_is_still_to_be_read_holds() -> None:
    tally = Tally(unread=2)
    tally.add_page(page({"skew": Verdict.PASS}))

    decision = decide(tally, RULE, titles={}, decided_at=WHEN)

    assert decision.outcome is Outcome.HOLD
    assert [(reason.code, reason.count) for reason in decision.reasons] == [("coverage/text-not-read", 2)]
