"""Letters cut by the edge of the picture are counted; what runs off the sheet by nature is none."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.cropped_content import CroppedContentCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {
    "cut_text": {"review": 2},
    "cut_strip": {"note": 4},
    "cut_seal": {"note": 0, "review": 0.65},
    "no_margin": {"note": 3, "review": 7},
    "cut_table": {"note": 3},
}
TEXT = PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=200.0, noise=1.0)
SIDES = ("left", "top", "right", "bottom")


@cache
def drawn(spec: PageSpec) -> np.ndarray:
    return draw_page(spec).pixels


def look(pixels: np.ndarray) -> tuple[CheckResult, list[Finding]]:
    return run_check(CroppedContentCheck, np.ascontiguousarray(pixels), dpi=TEXT.dpi, **LIMITS)


def value(result: CheckResult, quantity: str) -> float:
    found = result.number(quantity)
    assert found is not None, quantity
    return found.value


def cropped(page: np.ndarray, side: str, pixels: int) -> np.ndarray:
    height, width = page.shape[:2]
    return {
        "left": page[:, pixels:],
        "right": page[:, : width - pixels],
        "top": page[pixels:],
        "bottom": page[: height - pixels],
    }[side]


def through_text(page: np.ndarray, side: str) -> int:
    """Where a crop on a side goes through the middle of writing."""
    inked = (page < 128).sum(axis=0 if side in ("left", "right") else 1) > 20
    inked = inked if side in ("left", "top") else inked[::-1]
    first = int(np.flatnonzero(inked)[0])
    return first + 100 if side in ("left", "right") else first + int(np.argmin(inked[first:])) // 2


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("mode", ["grey", "bitonal"])
def test_text_cut_on_each_side_is_found(side: str, language: str, mode: str) -> None:
    page = drawn(replace(TEXT, language=language, mode=mode))  # type: ignore[arg-type]

    result, findings = look(cropped(page, side, through_text(page, side)))

    found = assert_finding(findings, "cropped_content/cut-text", verdict="review")
    assert side in found.message
    assert value(result, f"cut_letters_{side}") == value(result, "cut_letters") > 2
    if side in ("left", "top"):
        assert all(getattr(box, side) <= 4 for box in found.boxes)


def slivers(*, gap_mm: float) -> np.ndarray:
    """Lines of letters, each after what a cut left of the letter before it: a third of a millimetre."""
    scale = TEXT.dpi / 25.4
    page = np.full((1160, 820), 240, np.uint8)
    for top in range(100, 1000, 60):
        page[top + 4 : top + 20, : round(0.35 * scale)] = 40
        for left in range(round((0.35 + gap_mm) * scale), 700, 34):
            page[top : top + 24, left : left + 22] = 40
            page[top + 5 : top + 19, left + 5 : left + 17] = 240
    return page


def test_slivers_of_letters_before_whole_ones_are_cut_text() -> None:
    assert_finding(look(slivers(gap_mm=1.3))[1], "cropped_content/cut-text", verdict="review")
    assert_no_finding(look(slivers(gap_mm=6.0))[1])


@pytest.mark.parametrize("layout", ["text", "table", "music", "picture"])
def test_a_whole_page_is_not_cut(layout: str) -> None:
    result, findings = look(drawn(replace(TEXT, layout=layout)))

    assert_no_finding(findings)
    assert value(result, "cut_letters") == 0


def with_dark_bed(page: np.ndarray) -> np.ndarray:
    return cv2.copyMakeBorder(page, 60, 40, 30, 90, cv2.BORDER_CONSTANT, value=15)


def with_rules_to_the_edge(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for top in range(70, page.shape[0], 60):
        page[top : top + 5] = 30
    page[:, 400:404] = 30
    return page


def with_shadows(page: np.ndarray) -> np.ndarray:
    shade = np.ones(page.shape[1], np.float32)
    shade[:200] = np.linspace(0.3, 1.0, 200)
    return (page * shade).astype(np.uint8)


def with_ragged_rim(page: np.ndarray) -> np.ndarray:
    page, random = page.copy(), np.random.default_rng(4)
    for top in range(0, page.shape[0], 3):
        page[top : top + 3, : random.integers(0, 6)] = 0
    return page


def with_bleeding_photograph(page: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(2).normal(0, 1, (60, 60)).astype(np.float32)
    tones = cv2.resize(random, (page.shape[1], 500), interpolation=cv2.INTER_CUBIC)
    page = page.copy()
    page[:500] = np.clip(110 + 45 * tones, 0, 255)
    return page


def with_staple_and_hole(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    cv2.line(page, (0, 40), (120, 90), 60, 9)
    cv2.circle(page, (0, 600), 24, 20, -1)
    return page


@pytest.mark.parametrize(
    "draw",
    [
        with_dark_bed,
        with_rules_to_the_edge,
        with_shadows,
        with_ragged_rim,
        with_bleeding_photograph,
        with_staple_and_hole,
    ],
)
def test_what_runs_off_the_sheet_is_no_cut_text(draw: object) -> None:
    _, findings = look(draw(drawn(TEXT)))  # type: ignore[operator]

    assert_no_finding(findings)


def test_a_strip_of_the_facing_page_is_a_note() -> None:
    page = drawn(TEXT)
    start = through_text(page, "left")
    strip = page[:, start : start + 40]

    result, findings = look(np.hstack([page, strip]))

    assert [finding.key for finding in findings] == ["cropped_content/cut-strip"]
    assert value(result, "cut_letters") == 0


def test_more_cut_lines_count_more() -> None:
    page = drawn(TEXT)
    start = through_text(page, "left")
    counts = [value(look(page[:rows, start:])[0], "cut_letters_left") for rows in (300, 500, 800)]

    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_dark_page_has_no_edge_to_tell() -> None:
    result, findings = look(np.full((1200, 900), 20, np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def typed(*, left_mm: float) -> np.ndarray:
    """Even pitch: all lines begin at the same distance from the left edge."""
    page = np.full((1165, 827), 235, np.uint8)
    random = np.random.default_rng(5)
    for base in range(120, 1050, 44):
        for place in range(int(random.integers(14, 22))):
            x = round(left_mm * TEXT.dpi / 25.4) + place * 32
            cv2.rectangle(page, (x, base - 22), (x + 20, base), 40, 3)
            cv2.line(page, (x, base - 11), (x + 20, base - 11), 40, 3)
    return page


def test_lines_that_end_at_the_edge_without_a_cut_letter_are_for_a_person_to_look_at() -> None:
    result, findings = look(typed(left_mm=0.5))

    found = assert_finding(findings, "cropped_content/no-margin", verdict="review")
    assert [finding.key for finding in findings] == [found.key]
    assert "left" in found.message
    assert value(result, "close_lines") == len(found.boxes) == 22


@pytest.mark.parametrize("left_mm", [1.5, 3.0, 12.0])
def test_a_small_margin_is_a_margin(left_mm: float) -> None:
    result, findings = look(typed(left_mm=left_mm))

    assert_no_finding(findings)
    assert value(result, "close_lines") == 0


def test_a_sheet_written_from_edge_to_edge_is_not_cut_on_one_side() -> None:
    line = typed(left_mm=0.5)[:, :400]

    _, findings = look(np.hstack([line, line[:, ::-1]]))

    assert_no_finding(findings)


def test_ragged_lines_some_of_which_reach_the_edge_have_a_margin() -> None:
    page = typed(left_mm=0.5)
    random = np.random.default_rng(8)
    for base in range(120, 1050, 44):
        shift = int(random.integers(0, 5)) * 8
        page[base - 25 : base + 4] = np.roll(page[base - 25 : base + 4], shift, axis=1)

    _, findings = look(page)

    assert_no_finding(findings)


def ruled(*, start: int, stop: int) -> np.ndarray:
    page = np.full((1165, 827), 235, np.uint8)
    for top in range(200, 1000, 60):
        cv2.line(page, (start, top), (stop, top), 40, 2)
    for left in range(max(start, 80), stop + 1, 160):
        cv2.line(page, (left, 200), (left, 980), 40, 2)
    return page


@pytest.mark.parametrize(("start", "stop", "is_cut"), [(80, 826, True), (80, 720, False), (0, 826, False)])
def test_rules_that_run_off_on_one_side_are_a_note(start: int, stop: int, is_cut: bool) -> None:
    result, findings = look(ruled(start=start, stop=stop))

    assert [finding.key for finding in findings] == ["cropped_content/cut-table"] * is_cut
    assert value(result, "cut_rules") == (14 if is_cut else 0)


RED, BLUE, VIOLET = (200, 45, 45), (60, 70, 170), (110, 60, 150)


def stamped(
    *,
    side: str = "right",
    visible: float,
    radius: int = 160,
    ratio: float = 1.0,
    colour: tuple[int, int, int] = RED,
    strength: float = 0.8,
) -> np.ndarray:
    """A sheet in colour with a seal of which a share lies on it; 200 dpi."""
    half = {"left": radius, "right": radius}.get(side, round(radius * ratio))
    height, width = 1165, 827
    reach = round(2 * half * visible) - half
    x, y = {
        "left": (reach, 500),
        "right": (width - reach, 500),
        "top": (400, reach),
        "bottom": (400, height - reach),
    }[side]
    ink = np.zeros((height, width), np.uint8)
    cv2.ellipse(ink, (x, y), (radius, round(radius * ratio)), 0, 0, 360, 255, 8, cv2.LINE_AA)
    for angle in range(0, 360, 40):
        place = (
            round(x + 0.7 * radius * np.cos(np.radians(angle))) - 14,
            round(y + 0.7 * ratio * radius * np.sin(np.radians(angle))) + 14,
        )
        cv2.putText(ink, "A", place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 4, cv2.LINE_AA)
    share = strength * cv2.GaussianBlur(ink.astype(np.float32) / 255, (0, 0), 0.8)[..., None]
    paper = np.array([238, 230, 208], np.float32) + np.random.default_rng(3).normal(
        0, 1.5, (height, width, 1)
    )
    return np.clip(paper * (1 - share) + share * np.array(colour, np.float32), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("colour", [RED, BLUE, VIOLET])
def test_a_seal_cut_on_each_side_is_found(side: str, colour: tuple[int, int, int]) -> None:
    result, findings = look(stamped(side=side, visible=0.8, colour=colour))

    found = assert_finding(findings, "cropped_content/cut-seal", verdict="review")
    assert side in found.message
    assert value(result, "cut_seal") == value(result, f"cut_seal_{side}") == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize("visible", [0.2, 0.4, 0.5])
def test_half_a_seal_may_be_a_riding_seal(visible: float) -> None:
    _, findings = look(stamped(visible=visible))

    assert_finding(findings, "cropped_content/cut-seal", verdict="note")


def test_more_of_a_seal_is_more() -> None:
    shares = [value(look(stamped(visible=visible))[0], "cut_seal") for visible in (0.3, 0.5, 0.7, 0.9)]

    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("radius", "ratio", "strength"), [(90, 1.0, 0.8), (230, 1.0, 0.8), (160, 0.7, 0.8), (160, 1.0, 0.3)]
)
def test_small_large_oval_and_faded_seals_are_seals(radius: int, ratio: float, strength: float) -> None:
    _, findings = look(stamped(visible=0.75, radius=radius, ratio=ratio, strength=strength))

    assert_finding(findings, "cropped_content/cut-seal")


def test_a_whole_seal_near_the_edge_is_not_cut() -> None:
    result, findings = look(stamped(visible=1.1))

    assert_no_finding(findings)
    assert value(result, "cut_seal") == 0


def with_red_letterhead(page: np.ndarray) -> np.ndarray:
    cv2.putText(page, "LETTERHEAD", (60, 120), cv2.FONT_HERSHEY_DUPLEX, 4.5, RED, 14)
    cv2.line(page, (0, 200), (826, 200), RED, 6)
    return page


def with_red_rules(page: np.ndarray) -> np.ndarray:
    for top in range(100, 1100, 70):
        cv2.line(page, (0, top), (826, top), RED, 2)
    cv2.line(page, (120, 0), (120, 1164), RED, 2)
    return page


def with_red_disc(page: np.ndarray) -> np.ndarray:
    cv2.circle(page, (800, 500), 160, RED, -1)
    return page


def with_red_frame(page: np.ndarray) -> np.ndarray:
    cv2.rectangle(page, (560, 300), (900, 700), RED, 6)
    return page


@pytest.mark.parametrize("draw", [with_red_letterhead, with_red_rules, with_red_disc, with_red_frame])
def test_other_red_things_at_the_edge_are_no_seals(draw: object) -> None:
    page = np.full((1165, 827, 3), (238, 230, 208), np.uint8)

    result, _ = look(draw(page))  # type: ignore[operator]

    assert value(result, "cut_seal") == 0


def test_a_page_without_colour_tells_of_no_seals() -> None:
    result, findings = look(cv2.cvtColor(stamped(visible=0.8), cv2.COLOR_RGB2GRAY))

    assert result.number("cut_seal") is None
    assert_no_finding(findings, "cropped_content/cut-seal")
