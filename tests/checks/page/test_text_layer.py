"""Text layers of PDF pages: there or not, of this page or another, on the writing or beside it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imaging.made_pdfs import DPI, jpeg_picture, pdf, scan_page
from ybda_qc.checks.page.text_layer import TextLayerCheck, _similarity
from ybda_qc.imaging.formats.pdf_text import CHARACTERS_MOST
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
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
from ybda_qc.synth import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

HEIGHT, WIDTH = 900, 700
PAGE = np.full((HEIGHT, WIDTH), 240, np.uint8)
SIZE = 12  # points
LIMITS = {"different": {"review": 0.5}, "misplaced": {"review": 0.5}}
LINES = (
    "annual report of the county archive",
    "staff list and budget for the year",
    "notice on the repair work",
)


def baseline(at: int) -> float:
    """Points from the lower edge."""
    return 500.0 - 40 * at


def layer(lines: tuple[str, ...] = LINES, *, right: float = 0.0, down: float = 0.0) -> str:
    return "".join(
        f" BT /F0 {SIZE} Tf 3 Tr {60 + right} {baseline(at) - down} Td ({line}) Tj ET"
        for at, line in enumerate(lines)
    )


def read(lines: tuple[str, ...] = LINES) -> PageText:
    """The lines where the layer has them, as an engine would have read them."""
    scale = DPI / 72
    made = []
    for at, line in enumerate(lines):
        top = HEIGHT - (baseline(at) + SIZE) * scale
        box = Box(
            left=round(60 * scale), top=round(top), width=round(260 * scale), height=round(1.3 * SIZE * scale)
        )
        word = Word(start=0, text=line, box=box, confidence=1.0)
        direction = WritingDirection.HORIZONTAL
        made.append(TextLine(text=line, box=box, confidence=1.0, direction=direction, words=(word,)))
    return PageText(width_px=WIDTH, height_px=HEIGHT, turn=0, lines=tuple(made))


def look(path: Path, content: str, text: PageText, **more: object) -> tuple[CheckResult, list[Finding]]:
    path.write_bytes(pdf([scan_page(jpeg_picture(PAGE), PAGE.shape, content, **more)]))
    return run_check(TextLayerCheck, path, text=text, **LIMITS)


def number(result: CheckResult, quantity: str) -> float:
    measurement = result.number(quantity)
    assert measurement is not None, quantity
    return measurement.value


def test_a_layer_that_is_the_page_is_sound(tmp_path: Path) -> None:
    result, findings = look(tmp_path / "0001.pdf", layer(), read())
    assert (number(result, "similarity"), number(result, "in_place")) == (1.0, 1.0)
    assert_no_finding(findings)


def test_another_order_and_a_few_errors_are_no_other_text(tmp_path: Path) -> None:
    lines = tuple(line.replace("r", "n", 1) for line in reversed(LINES))
    result, findings = look(tmp_path / "0001.pdf", layer(), read(lines))
    assert 0.8 < number(result, "similarity") < 1.0
    assert_no_finding([finding for finding in findings if finding.code == "different"])


def test_a_layer_that_is_missing(tmp_path: Path) -> None:
    _, findings = look(tmp_path / "0001.pdf", "", read())
    assert assert_finding(findings, "text_layer/missing").values["characters"] == 79


def test_the_layer_of_another_page(tmp_path: Path) -> None:
    other = ("water survey in the forest district", "minutes of the second meeting", "transfer of old papers")
    result, findings = look(tmp_path / "0001.pdf", layer(other), read())
    assert_finding(findings, "text_layer/different")
    assert result.number("in_place") is None or not [f for f in findings if f.code == "misplaced"]


@pytest.mark.parametrize("away", [{"down": 100.0}, {"right": 400.0}])
def test_a_layer_beside_the_writing(tmp_path: Path, away: dict[str, float]) -> None:
    _, findings = look(tmp_path / "0001.pdf", layer(**away), read())
    found = assert_finding(findings, "text_layer/misplaced")
    assert found.boxes
    assert_no_finding(findings, "text_layer/different")


def test_a_layer_on_a_turned_page_lies_where_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "0001.pdf"
    path.write_bytes(pdf([scan_page(jpeg_picture(PAGE), PAGE.shape, layer(("x",)), rotate=90)]))
    with open_source(path) as source:
        found = PageView(source).text_layer
    assert found is not None
    ((x, y),) = found.middles
    assert x == pytest.approx((baseline(0) + SIZE / 3) * DPI / 72, abs=6)
    assert y == pytest.approx(64 * DPI / 72, abs=6)


def test_files_of_other_formats_and_pages_with_little_text_have_nothing_to_compare(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.png", PAGE, dpi=DPI)
    result, findings = run_check(TextLayerCheck, path, text=read())
    assert result.state is State.NOT_APPLICABLE
    assert findings == []
    result, _ = look(tmp_path / "0002.pdf", layer(), read(("short",)))
    assert result.state is State.NOT_APPLICABLE


def test_a_layer_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "0001.pdf"
    long = "".join(
        f" BT /F0 1 Tf 3 Tr 1 1 Td ({'a' * 1000}) Tj ET" for _ in range(CHARACTERS_MOST // 1000 + 5)
    )
    path.write_bytes(pdf([scan_page(jpeg_picture(PAGE), PAGE.shape, long)]))
    with open_source(path) as source:
        found = PageView(source).text_layer
    assert found is not None
    assert 0 < len(found.text) <= CHARACTERS_MOST
    assert len(found.text) == len(found.middles)


@pytest.mark.parametrize(("value", "found"), [(0.5, False), (0.49, True)])
def test_both_sides_of_the_limits(value: float, found: bool) -> None:
    for quantity, code in (("similarity", "different"), ("in_place", "misplaced")):
        measured = [
            Measurement(quantity="similarity", value=1.0, unit=Unit.RATIO),
            Measurement(quantity=quantity, value=value, unit=Unit.RATIO),
        ]
        findings = judge(TextLayerCheck, measured[quantity == "similarity" :], **LIMITS)
        assert [finding.code for finding in findings] == [code] * found


@given(st.text("abc中文", max_size=30), st.text("abc中文", max_size=30))
def test_similarity_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0.0 <= _similarity(one, other) == _similarity(other, one) <= 1.0
    assert _similarity(one, one) == 1.0
