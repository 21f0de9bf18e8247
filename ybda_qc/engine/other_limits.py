"""What a check would find on a measured page by other limits: its own judging, asked again."""

import sys

from ybda_qc.checks._limits import Above, Graded
from ybda_qc.engine.judge import facts_of
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.model import Finding, PageResult, State


def is_graded(planned: PlannedPageCheck, code: str) -> bool:
    """Whether the code has limits in numbers."""
    return isinstance(planned.limits[code], Graded)


def is_above(planned: PlannedPageCheck, code: str) -> bool:
    """Whether values above the limit of a graded code breach it; else those below."""
    return isinstance(planned.limits[code], Above)


def value_of(plan: Plan, planned: PlannedPageCheck, page: PageResult, code: str) -> float | None:
    """The value by which a graded code judges a page; None where no limit would make a finding.

    Whatever the check makes of its measurements, a limit that everything breaches brings the value to light.
    """
    everything = -sys.float_info.max if is_above(planned, code) else sys.float_info.max
    values = [f.value for f in _findings(plan, planned, page, code, everything) if f.value is not None]
    return (max if is_above(planned, code) else min)(values, default=None)


def breaches(plan: Plan, planned: PlannedPageCheck, page: PageResult, code: str, limit: float) -> bool:
    """Whether a page would breach that limit of a graded code."""
    return bool(_findings(plan, planned, page, code, limit))


def _findings(
    plan: Plan, planned: PlannedPageCheck, page: PageResult, code: str, limit: float
) -> list[Finding]:
    result = page.checks.get(planned.check.id)
    if result is None or result.state is not State.MEASURED or not planned.may_judge(result):
        return []
    limits = planned.limits.with_review(code, limit)
    return [
        found for found in planned.check.judge(result, limits, facts_of(page, plan)) if found.code == code
    ]
