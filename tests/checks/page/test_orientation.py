"""The orientation of a page: all four turns, writing of several kinds, and silence where nobody wrote."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.orientation import OrientationCheck
from ybda_qc.model import CheckResult, Finding, Measurement, Observation, State, Unit, Verdict
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"rotated": {"verdict": "review"}, "unsure": {"verdict": "note"}}
TEXT = PageSpec(layout="text", paper_mm=(130.0, 120.0), dpi=150.0, noise=1.0)


def look(pixels: np.ndarray) -> tuple[CheckResult, list[Finding]]:
    return run_check(OrientationCheck, pixels, dpi=150, **LIMITS)


def turn_of(result: CheckResult) -> float | None:
    orientation = result.number("orientation")
    return None if orientation is None else orientation.value


@pytest.mark.parametrize("layout", ["text", "vertical", "table", "typewriter"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_turn_of_every_kind_of_page(layout: str, language: str) -> None:
    if (layout, language) == ("vertical", "en"):
        pytest.skip("English is not written in columns")
    spec = replace(TEXT, layout=layout, language=language)  # type: ignore[arg-type]
    upright = draw_page(spec).pixels

    for quarters in range(4):
        result, findings = look(np.ascontiguousarray(np.rot90(upright, quarters)))  # counter-clockwise
        assert turn_of(result) == 90 * quarters
        if quarters:
            found = assert_finding(findings, "orientation/rotated", verdict=Verdict.REVIEW)
            assert found.value == 90 * quarters
            assert found.unit is Unit.DEGREE
            assert found.boxes
        else:
            assert_no_finding(findings)


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "bitonal"},
        {"mode": "colour", "shading": 0.3},
        {"angle_degrees": 15.0},
        {"angle_degrees": -8.0},
        {"blur_px": 1.0, "noise": 6.0},
        {"show_through": 0.3, "ink": 0.5},
        {"dpi": 300.0},
    ],
)
def test_faults_of_the_scan_do_not_turn_the_page(changes: dict[str, object]) -> None:
    spec = replace(TEXT, quarter_turns=1, **changes)  # type: ignore[arg-type]

    result, _ = run_check(OrientationCheck, draw_page(spec).pixels, dpi=spec.dpi, **LIMITS)

    assert turn_of(result) == 270


def test_white_writing_on_black() -> None:
    page = draw_page(replace(TEXT, quarter_turns=2)).pixels

    assert turn_of(look(np.asarray(cv2.bitwise_not(page), dtype=np.uint8))[0]) == 180


def test_without_a_resolution() -> None:
    page = draw_page(replace(TEXT, dpi=300.0, quarter_turns=3)).pixels

    result, _ = run_check(OrientationCheck, page, dpi=None, **LIMITS)

    assert turn_of(result) == 90


def test_a_drawing_is_not_accused() -> None:
    _, findings = look(draw_page(replace(TEXT, layout="drawing")).pixels)

    assert not [finding for finding in findings if finding.code == "rotated"]


@pytest.mark.parametrize("layout", ["blank", "picture"])
def test_pages_without_writing_have_no_orientation(layout: str) -> None:
    result, findings = look(draw_page(replace(TEXT, layout=layout)).pixels)  # type: ignore[arg-type]

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_marks_that_look_the_same_from_all_sides_leave_it_open() -> None:
    page = np.full((900, 900), 255, np.uint8)
    for y in range(100, 800, 45):
        for x in range(100, 800, 45):
            cv2.circle(page, (x, y), 10, 0, 3)

    result, findings = look(page)

    assert turn_of(result) is None
    assert not [finding for finding in findings if finding.code == "rotated"]


def test_codes_of_squares_are_unsure() -> None:
    rng = np.random.default_rng(0)
    page = np.full((1200, 900), 255, np.uint8)
    for y in range(80, 1020, 200):
        for x in range(80, 720, 200):
            squares = (rng.random((21, 21)) < 0.5).astype(np.uint8).repeat(6, axis=0).repeat(6, axis=1)
            page[y : y + 126, x : x + 126] = 255 * squares

    result, findings = look(page)

    assert turn_of(result) is None
    assert_finding(findings, "orientation/unsure", verdict=Verdict.NOTE)


def test_boxes_lie_on_the_writing() -> None:
    page = np.full((1754, 1240), 255, np.uint8)
    text = draw_page(TEXT).pixels
    page[200 : 200 + text.shape[0] // 2, 100 : 100 + text.shape[1]] = text[: text.shape[0] // 2]

    result, _ = look(page)

    orientation = result.number("orientation")
    assert orientation is not None
    for box in orientation.boxes:
        assert box.left >= 100
        assert box.top >= 200
        assert box.left + box.width <= 100 + text.shape[1]
        assert (page[box.top : box.top + box.height, box.left : box.left + box.width] < 128).any()


@pytest.mark.parametrize(("value", "rotated"), [(0.0, False), (90.0, True), (180.0, True), (270.0, True)])
def test_any_turn_is_a_finding(value: float, rotated: bool) -> None:
    findings = judge(
        OrientationCheck, [Measurement(quantity="orientation", value=value, unit=Unit.DEGREE)], **LIMITS
    )

    if rotated:
        assert f"{value:g}" in assert_finding(findings, "orientation/rotated").message
    else:
        assert_no_finding(findings)


def test_a_doubt_is_said() -> None:
    findings = judge(OrientationCheck, [Observation(quantity="estimate", text="unsure")], **LIMITS)

    assert_finding(findings, "orientation/unsure", verdict=Verdict.NOTE)
