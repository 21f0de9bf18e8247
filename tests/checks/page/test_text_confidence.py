"""Pages that read badly or were not read: by hand-made text on drawn pages."""

from dataclasses import replace

import numpy as np
import pytest

from ybda_qc.checks._texts import confidence_at
from ybda_qc.checks.page.text_confidence import TextConfidenceCheck
from ybda_qc.model import (
    Box,
    CheckResult,
    Finding,
    Measurement,
    PageText,
    State,
    TextLine,
    Unit,
    Word,
    WritingDirection,
)
from ybda_qc.synth import DrawnPage, PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"unsure": {"note": 0.85, "review": 0.6}, "unread": {"note": 0.6, "review": 0.8}}
SPEC = PageSpec(layout="text", paper_mm=(130.0, 120.0), dpi=150.0)


def text_of(page: DrawnPage, *confidences: float, share: float = 1.0) -> PageText:
    """The first lines of a drawn page, each read as surely as said; the last holds for all others."""
    lines = []
    for at, line in enumerate(page.truth.lines[: round(share * len(page.truth.lines))]):
        left, top, width, height = map(round, line.box)
        box = Box(left=left, top=top, width=width, height=height)
        sure = confidences[min(at, len(confidences) - 1)]
        words = tuple(Word(start=n, text=c, box=box, confidence=sure) for n, c in enumerate(line.text))
        lines.append(
            TextLine(
                text=line.text,
                box=box,
                confidence=sure,
                direction=WritingDirection.HORIZONTAL,
                words=words,
            )
        )
    height, width = page.pixels.shape[:2]
    return PageText(width_px=width, height_px=height, turn=0, lines=tuple(lines))


def look(page: DrawnPage, text: PageText) -> tuple[CheckResult, list[Finding]]:
    return run_check(TextConfidenceCheck, page.pixels, dpi=150, text=text, **LIMITS)


def test_a_page_that_reads_well_is_sound() -> None:
    page = draw_page(SPEC)
    result, findings = look(page, text_of(page, 0.99))
    assert_no_finding(findings)
    confidence, unread = result.number("confidence"), result.number("unread")
    assert confidence is not None
    assert confidence.value == 0.99
    assert unread is not None
    assert unread.value <= 0.05


def test_the_least_sure_tenth_counts_not_the_mean() -> None:
    page = draw_page(SPEC)
    count = len(page.truth.lines)
    bad = -(-count // 5)
    _, findings = look(page, text_of(page, *[0.3] * bad, 0.99))
    found = assert_finding(findings, "text_confidence/unsure", verdict="review")
    assert found.value == 0.3
    assert found.boxes


def test_writing_on_which_nothing_was_read() -> None:
    page = draw_page(SPEC)
    _, findings = look(page, replace(text_of(page, 0.99), lines=()))
    found = assert_finding(findings, "text_confidence/unread", verdict="review")
    assert found.value == 1.0
    assert found.boxes


def test_the_more_lines_are_left_out_the_more_is_unread() -> None:
    page = draw_page(SPEC)
    values = []
    for share in (1.0, 0.7, 0.3, 0.1):
        result, _ = look(page, text_of(page, 0.99, share=share))
        unread = result.number("unread")
        assert unread is not None
        values.append(unread.value)
    assert values == sorted(values)
    assert values[-1] > 0.8


def test_lines_that_run_together_are_writing_still() -> None:
    """Out of focus, the letters of a line are one mark."""
    page = draw_page(replace(SPEC, blur_px=3.0))
    result, _ = look(page, replace(text_of(page, 0.99), lines=()))
    unread = result.number("unread")
    assert unread is not None
    assert unread.value == 1.0


def test_pages_with_next_to_nothing_on_them_are_not_judged() -> None:
    page = draw_page(replace(SPEC, layout="blank", page_number=True))
    result, findings = look(page, text_of(page, 0.2))
    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_few_characters_are_trusted_less() -> None:
    page = draw_page(SPEC)
    few = text_of(page, 0.99, share=1 / len(page.truth.lines))
    many = text_of(page, 0.99)
    trusts = []
    for text in (few, many):
        confidence = look(page, text)[0].number("confidence")
        assert confidence is not None
        trusts.append(confidence.confidence)
    assert trusts[0] < trusts[1] == 1.0


@pytest.mark.parametrize(
    ("quantity", "value", "code", "verdict"),
    [
        ("confidence", 0.85, None, ""),
        ("confidence", 0.84, "unsure", "note"),
        ("confidence", 0.60, "unsure", "note"),
        ("confidence", 0.59, "unsure", "review"),
        ("unread", 0.60, None, ""),
        ("unread", 0.61, "unread", "note"),
        ("unread", 0.80, "unread", "note"),
        ("unread", 0.81, "unread", "review"),
    ],
)
def test_both_sides_of_the_limits(quantity: str, value: float, code: str | None, verdict: str) -> None:
    measured = [Measurement(quantity=quantity, value=value, unit=Unit.RATIO)]
    findings = judge(TextConfidenceCheck, measured, **LIMITS)
    assert [(finding.code, finding.verdict.word) for finding in findings] == (
        [(code, verdict)] if code else []
    )


def test_the_confidence_is_weighed_by_characters() -> None:
    page = draw_page(SPEC)
    text = text_of(page, 0.5, 0.9)
    first = len(text.lines[0].text)
    total = sum(len(line.text) for line in text.lines)
    assert confidence_at(text, 100 * first / total) == 0.5
    assert confidence_at(text, 100 * (first + 1) / total) == 0.9
    assert confidence_at(replace(text, lines=()), 10) is None


def test_marks_of_a_dark_page_are_found_too() -> None:
    page = draw_page(SPEC)
    negative = DrawnPage(pixels=np.asarray(255 - page.pixels, dtype=np.uint8), truth=page.truth)
    result, _ = look(negative, text_of(page, 0.99))
    unread = result.number("unread")
    assert unread is not None
    assert unread.value <= 0.1
