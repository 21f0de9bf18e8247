"""One page through the product: a real file, the plan of a profile, measured and judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.runner import Runner
from ybda_qc.engine.tasks import FileRef, PageTask
from ybda_qc.model import Finding, Measurement, Verdict

HOLDING = (Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one check said of one page."""

    verdict: Verdict
    codes: Mapping[str, Verdict]
    numbers: Mapping[str, float]
    boxes: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the page waits for a person because of this check."""
        return self.verdict in HOLDING

    @property
    def abstains(self) -> bool:
        """Whether the check could not tell."""
        unsure = any(code.startswith("unsure") for code in self.codes)
        return unsure or self.verdict in (Verdict.NOT_APPLICABLE, Verdict.NOT_RUN, Verdict.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A page, what is true of it, and what all checks said.

    Parameters
    ----------
    page
        A name to find it again: seed, or file of a real scan.
    kind
        Layout, colour mode, resolution and format, for lists of errors.
    defect, strength
        None and 0 for a sound page.
    truth
        Numbers that are exactly known, by quantity.
    """

    page: str
    kind: str
    defect: str | None
    strength: float
    answers: Mapping[str, Answer]
    truth: Mapping[str, float] = field(default_factory=dict)
    flagged_before: frozenset[str] = frozenset()  # checks that held the page before the defect was laid on


def make_plan(profile: str) -> Plan:
    """The plan of a profile with all installed checks."""
    checks = registered_checks()
    return load_plan(load_profile(profile, checks, ocr="off"), checks)


def examine(path: Path, plan: Plan, checks: tuple[str, ...] | None) -> dict[str, Answer]:
    """Measure and judge a file; only some checks if they are named."""
    runner = Runner(path.parent, plan, None, lambda *_: None)
    file = FileRef(path=path.name, path_hex=None, size_bytes=path.stat().st_size, item=None)
    result = runner.examine(PageTask(file=file, checks=checks)).result
    judged = judge_page(result, plan)
    answers = {}
    for check, verdict in judged.verdicts.items():
        if checks is not None and check not in checks:
            continue
        found = [finding for finding in judged.findings if finding.check == check]
        measured = result.checks[check].measured if check in result.checks else ()
        answers[check] = Answer(
            verdict=verdict,
            codes=_codes(found),
            numbers={m.quantity: m.value for m in measured if isinstance(m, Measurement)},
            boxes=tuple((b.left, b.top, b.width, b.height) for finding in found for b in finding.boxes),
        )
    return answers


def _codes(findings: list[Finding]) -> dict[str, Verdict]:
    codes: dict[str, Verdict] = {}
    for finding in findings:
        codes[finding.code] = max(finding.verdict, codes.get(finding.code, finding.verdict))
    return codes
