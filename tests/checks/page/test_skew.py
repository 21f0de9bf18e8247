"""The skew of a page, its limits on both sides and either way, and silence where there are no lines."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.skew import SkewCheck
from ybda_qc.model import CheckResult, Finding, Measurement, State, Unit, Verdict
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"over_limit": {"review": 1.0, "fail": 3.0}, "unsure": {"verdict": "note"}}
TEXT = PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=200.0, noise=1.0)


def look(pixels: np.ndarray) -> tuple[CheckResult, list[Finding]]:
    return run_check(SkewCheck, pixels, dpi=200, **LIMITS)


@pytest.mark.parametrize("angle", [-5.0, -1.4, 0.0, 0.6, 2.0])
def test_positive_is_content_turned_clockwise(angle: float) -> None:
    result, _ = look(draw_page(replace(TEXT, angle_degrees=angle)).pixels)

    skew = result.number("skew")
    assert skew is not None
    assert skew.value == pytest.approx(angle, abs=0.2)
    assert skew.boxes


@pytest.mark.parametrize(
    ("angle", "verdict"),
    [(0.9, None), (1.1, Verdict.REVIEW), (-1.1, Verdict.REVIEW), (2.9, Verdict.REVIEW), (-3.1, Verdict.FAIL)],
)
def test_both_sides_of_the_limits_either_way(angle: float, verdict: Verdict | None) -> None:
    findings = judge(SkewCheck, [Measurement(quantity="skew", value=angle, unit=Unit.DEGREE)], **LIMITS)

    if verdict is None:
        assert_no_finding(findings)
    else:
        found = assert_finding(findings, "skew/over-limit", verdict=verdict)
        assert found.value == abs(angle)
        assert f"{angle:+.2f}" in found.message


@pytest.mark.parametrize("changes", [{}, {"punch_holes": 2}, {"texture": 3.0}])
def test_blank_pages_have_no_skew(changes: dict[str, float]) -> None:
    result, findings = look(draw_page(replace(TEXT, layout="blank", **changes)).pixels)  # type: ignore[arg-type]

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_a_page_of_blots_is_unsure() -> None:
    page = np.full((1650, 1160), 240, np.uint8)
    random = np.random.default_rng(9)
    for _ in range(300):
        x, y = random.integers(100, 1060), random.integers(100, 1550)
        axes = (int(random.integers(3, 9)), int(random.integers(3, 9)))
        cv2.ellipse(page, (int(x), int(y)), axes, float(random.uniform(0, 180)), 0, 360, 30, -1, cv2.LINE_AA)

    result, findings = look(page)

    assert result.number("skew") is None
    assert_finding(findings, "skew/unsure", verdict="note")
