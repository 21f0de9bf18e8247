"""Judging: nothing passes because it was not looked at, and a check that breaks is shown, not passed over."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from tests.faults.citizens import CitizenCheck
from ybda_qc.checks._base import Method
from ybda_qc.checks._limits import Flag, Limits
from ybda_qc.engine.declared import DeclaredBlanks
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.model import (
    CheckResult,
    Facts,
    Finding,
    LimitSource,
    Measurement,
    Observation,
    PageFault,
    PageId,
    PageResult,
    Stage,
    State,
    Unit,
    Verdict,
)

MEASURED = CheckResult(
    state=State.MEASURED, key="1-a-b", measured=(Measurement(quantity="width", value=5, unit=Unit.PIXEL),)
)


class Judging(CitizenCheck):
    """A page is judged as the test says.

    Why: to see what becomes of it.

    Remedy: none.
    """

    id = "judging"

    def __init__(self, outcome: object) -> None:
        self.outcome = outcome

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterable[Finding]:
        if self.outcome == "declared":
            yield from limits.flag("wide", value=5) if facts.declared_blank else ()
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        if self.outcome == "late":
            yield from limits.flag("wide", value=5)
            raise LookupError("after the first finding")
        if self.outcome == "wide":
            yield from limits.flag("wide", value=5)
        if isinstance(self.outcome, Finding | int):
            yield self.outcome  # type: ignore[misc]


def planned(outcome: object = None) -> PlannedPageCheck:
    check = Judging(outcome)
    limits = {"wide": Flag(verdict="fail", source=LimitSource.PROJECT_CHOICE)}
    return PlannedPageCheck(
        check=check, method=Method(), limits=Limits(check.id, check.codes, limits), key="1-a-b"
    )


def page(**checks: CheckResult) -> PageResult:
    return PageResult(page=PageId(path="0001.tif"), sha256="0" * 64, size_bytes=1, checks=checks)


def with_checks(plan: Plan, *checks: PlannedPageCheck) -> Plan:
    return replace(plan, page_checks=checks)


def test_a_limit_is_applied(plan: Plan) -> None:
    judged = judge_page(page(judging=MEASURED), with_checks(plan, planned("wide")))
    assert judged.verdicts == {"judging": Verdict.FAIL}
    assert [finding.message for finding in judged.findings] == ["5 px wide"]
    assert judge_page(page(judging=MEASURED), with_checks(plan, planned())).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("declared", "is_declared"),
    [
        ([], False),
        (["B469-[1]/0002.tif"], True),
        (["B469-[1]/0002.tif#1"], True),
        (["B469-[1]/0002.tif#2", "0002.tif"], False),
        (["*/0002.tif"], True),
        (["*/000?.tif#*"], True),
        (["B469-?/*"], False),
    ],
)
def test_blanks_are_declared_by_path_and_frame(plan: Plan, declared: list[str], is_declared: bool) -> None:
    told = replace(with_checks(plan, planned("declared")), declared_blanks=DeclaredBlanks(declared))
    result = replace(page(judging=MEASURED), page=PageId(path="B469-[1]/0002.tif"))
    assert (judge_page(result, told).verdict is Verdict.FAIL) == is_declared


@pytest.mark.parametrize(
    ("result", "verdict"),
    [
        (None, Verdict.NOT_RUN),
        (CheckResult(state=State.NOT_RUN), Verdict.NOT_RUN),
        (CheckResult(state=State.FAULT), Verdict.ERROR),
        (CheckResult(state=State.NOT_APPLICABLE, key="1-a-b", reason="no"), Verdict.NOT_APPLICABLE),
        (replace(MEASURED, key="1-a-c"), Verdict.FAIL),
        (replace(MEASURED, key="1-z-b"), Verdict.NOT_RUN),
        (replace(MEASURED, key="2-a-b"), Verdict.NOT_RUN),
        (replace(MEASURED, key=""), Verdict.FAIL),
    ],
    ids=[
        "absent",
        "not run",
        "fault",
        "not applicable",
        "other decoder",
        "other method",
        "other version",
        "no key",
    ],
)
def test_only_what_was_measured_as_planned_is_judged(
    plan: Plan, result: CheckResult | None, verdict: Verdict
) -> None:
    checks = {} if result is None else {"judging": result}
    judged = judge_page(page(**checks), with_checks(plan, planned("wide")))
    assert judged.verdicts == {"judging": verdict}
    assert bool(judged.findings) is (verdict is Verdict.FAIL)


def finding(**values: object) -> Finding:
    return Finding(check="judging", code="wide", verdict=Verdict.NOTE, template="{value:g} px", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "outcome",
    [
        ValueError("a planted mistake"),
        SystemExit(0),
        MemoryError(),
        "late",
        7,
        finding(),
        finding(value=float("nan"), values={"value": 1.0}),
        finding(values={"value": np.float32(1)}),
    ],
    ids=["raises", "exits", "memory", "late", "no finding", "no field", "nan", "numpy"],
)
def test_a_check_that_breaks_is_a_fault_of_that_check(plan: Plan, outcome: object) -> None:
    other = planned("wide")
    sound = replace(other, check=CitizenCheck())
    judged = judge_page(page(judging=MEASURED, citizen=MEASURED), with_checks(plan, planned(outcome), sound))
    assert judged.verdicts == {"judging": Verdict.ERROR, "citizen": Verdict.PASS}
    assert judged.findings == ()
    assert judged.result.fault is not None
    assert (judged.result.fault.stage, judged.result.fault.check) == (Stage.JUDGE, "judging")
    assert judged.verdict is Verdict.ERROR


def test_a_fault_of_measuring_is_not_covered_up(plan: Plan) -> None:
    fault = PageFault(cause="crashed", stage=Stage.MEASURE, detail="dead", check="citizen")
    broken = replace(page(judging=MEASURED), fault=fault)
    assert judge_page(broken, with_checks(plan, planned(ValueError("no")))).result.fault == fault


def test_ctrl_c_is_the_user_s(plan: Plan) -> None:
    with pytest.raises(KeyboardInterrupt):
        judge_page(page(judging=MEASURED), with_checks(plan, planned(KeyboardInterrupt())))


@pytest.mark.parametrize(
    "measured",
    [
        None,
        5,
        "wide",
        (5.0,),
        ({"quantity": "width"},),
        (Measurement(quantity="width", value=np.float32(3), unit=Unit.PIXEL),),  # type: ignore[arg-type]
        (Measurement(quantity="width", value=3, unit="px"),),  # type: ignore[arg-type]
        (Observation(quantity="width", text=None),),  # type: ignore[arg-type]
        (Observation(quantity="width", text="wide", boxes=((1, 2, 3, 4),)),),  # type: ignore[arg-type]
    ],
    ids=["none", "number", "text", "numbers", "dict", "numpy", "unit", "no text", "tuple for box"],
)
def test_what_no_check_may_return_is_refused_at_once(measured: object) -> None:
    with pytest.raises(TypeError):
        CheckResult.of(measured, "1-a-b")  # type: ignore[arg-type]
