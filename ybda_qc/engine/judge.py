"""Judging: from stored measurements to verdicts and findings. No pixels, no files."""

import math
from dataclasses import replace

from ybda_qc.engine.faults import fault_of
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.model import (
    CheckResult,
    Facts,
    Finding,
    JudgedPage,
    PageFault,
    PageResult,
    Stage,
    State,
    Verdict,
    worst,
)


def judge_page(result: PageResult, plan: Plan) -> JudgedPage:
    """Judge every planned check of a page.

    A check without a stored result, or with one that was measured by another method than the plan asks for,
    is NOT_RUN: nothing passes because it was not looked at. A check that breaks while it judges is ERROR, and
    the page has a fault.
    """
    facts = facts_of(result, plan)
    verdicts: dict[str, Verdict] = {}
    findings: list[Finding] = []
    fault: PageFault | None = None
    for planned in plan.page_checks:
        check = planned.check.id
        try:
            verdicts[check], found = _judge_check(planned, result.checks.get(check), facts)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - here the breakage of a check becomes data
            verdicts[check], found = Verdict.ERROR, []
            fault = fault or fault_of(error, Stage.JUDGE, check)
        findings.extend(found)
    if fault is not None and result.fault is None:
        result = replace(result, fault=fault)
    return JudgedPage(result=result, verdicts=verdicts, findings=tuple(findings))


def facts_of(result: PageResult, plan: Plan) -> Facts:
    """What judging may know of a page beside its measurements."""
    page = result.page
    return Facts(
        path=page.path,
        frame=page.frame,
        item=result.item,
        declared_blank=page in plan.declared_blanks,
    )


def _judge_check(
    planned: PlannedPageCheck, result: CheckResult | None, facts: Facts
) -> tuple[Verdict, list[Finding]]:
    if result is None or result.state is State.NOT_RUN or not planned.may_judge(result):
        return Verdict.NOT_RUN, []
    if result.state is State.FAULT:
        return Verdict.ERROR, []
    if result.state is State.NOT_APPLICABLE:
        return Verdict.NOT_APPLICABLE, []
    found = list(planned.check.judge(result, planned.limits, facts))
    for finding in found:
        require_sound(finding)
    return worst([Verdict.PASS, *(finding.verdict for finding in found)]), found


def require_sound(finding: Finding) -> None:
    """Refuse what would break the ledger or every report later: odd values, a message without its fields."""
    for value in (finding.value, finding.limit, *finding.values.values()):
        if not isinstance(value, str | int | float | None):
            raise TypeError(f"{finding.key}: {value!r:.200} is neither number nor text")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{finding.key}: {value} is not a number")
    _ = finding.message
