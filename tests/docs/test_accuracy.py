"""The benchmark of accuracy: its arithmetic, and that it keeps what was written by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_the_interval_is_wilsons() -> None:
    from _accuracy.score import Rate

    low, high = Rate(0, 400).interval
    assert low == 0
    assert high == pytest.approx(0.0095, abs=1e-4)
    assert Rate(9, 10).interval == pytest.approx((0.596, 0.982), abs=1e-3)
    assert Rate().share is None


def test_every_case_is_about_a_defect_that_is_drawn_and_a_check_that_exists() -> None:
    from _accuracy.cases import CASES, scale_of

    from ybda_qc.checks._registry import load_checks

    ids = {check.id for checks in load_checks() for check in checks}
    for case in CASES:
        assert case.check in ids
        assert scale_of(case.defect).returnable in scale_of(case.defect).steps


def test_scores_tell_hits_alarms_and_alarms_gone_astray() -> None:
    from _accuracy.examine import Answer, Outcome
    from _accuracy.score import score

    from ybda_qc.model import Verdict

    def page(defect: str | None, strength: float, **codes: str) -> Outcome:
        answers = {
            check: Answer(
                verdict=Verdict.REVIEW if codes.get(check) else Verdict.PASS,
                codes={codes[check]: Verdict.REVIEW} if codes.get(check) else {},
                numbers={},
            )
            for check in ("speckle", "skew")
        }
        return Outcome(page="1", kind="text", defect=defect, strength=strength, answers=answers)

    outcomes = [
        page(None, 0),
        page(None, 0, skew="over-limit"),
        page("speckle", 0.5, speckle="specks"),
        page("speckle", 2, skew="over-limit"),
        page("speckle", 0.02),
    ]
    scores, together = score(outcomes, ("speckle", "skew"))
    assert (together.hits, together.total) == (1, 2)
    assert (scores["skew"].sound.hits, scores["skew"].astray["speckle"]) == (1, 1)
    assert scores["skew"].precision.share == 0
    case = scores["speckle"].cases[0]
    assert (case.recall.hits, case.recall.total) == (1, 1)
    assert case.by_strength[2].hits == 0


def test_what_was_written_by_hand_stays(tmp_path: Path) -> None:
    from _accuracy.document import Results, write_document
    from _accuracy.score import Rate, quantities, score

    by_hand = "<!-- by hand -->\n## Damage\n\nKept.\n<!-- end of what is written by hand -->\n"
    (tmp_path / "accuracy.md").write_text(f"# Old\n\n{by_hand}", encoding="utf-8")
    checks, together = score([], ("skew",))
    results = Results(
        command="benchmarks/accuracy.py",
        profile="base",
        checks=checks,
        together=together,
        quantities=quantities([]),
        blanks={},
        batches={"duplicate at 0 degrees": ("duplicate_page", Rate(3, 4))},
        real=None,
        real_checks={},
    )
    write_document(results, tmp_path, BENCHMARKS / "accuracy_remarks.toml")
    text = (tmp_path / "accuracy.md").read_text(encoding="utf-8")
    assert text.endswith(by_hand)
    assert "Old" not in text
    figures = json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))
    assert figures["batch_cases"]["duplicate at 0 degrees"]["spoke"]["hits"] == 3
    assert figures["checks"]["skew"]["false_alarms"]["total"] == 0
    assert "_accuracy" in sys.modules
