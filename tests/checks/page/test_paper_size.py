import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ybda_qc.checks._paper import PAPER_FORMATS, PaperFormat, nearest_format, smallest_a_format
from ybda_qc.checks.page.paper_size import Method, PaperSizeCheck
from ybda_qc.model import State
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, limits_of, run_check

DPI = 60  # small files; the size in millimetres is what counts
BOUNDS = Method().model_dump()
FORMATS = {paper.name: paper for paper in PAPER_FORMATS}


def sheet(tmp_path: Path, width_mm: float, height_mm: float, dpi: float | None = DPI) -> Path:
    shape = (round(height_mm / 25.4 * DPI), round(width_mm / 25.4 * DPI))
    return write_page(tmp_path / "0001.png", np.full(shape, 235, np.uint8), dpi=dpi)


@pytest.mark.parametrize("paper", PAPER_FORMATS, ids=lambda paper: paper.name)
def test_each_format_is_told_upright_and_lying(paper: PaperFormat) -> None:
    assert nearest_format(paper.short_mm, paper.long_mm, **BOUNDS) is paper
    assert nearest_format(paper.long_mm, paper.short_mm, **BOUNDS) is paper


@pytest.mark.parametrize(
    "name", ["A3", "A4", "A5", "16开 184×260", "大16开 210×285", "8开 260×370", "Letter"]
)
@pytest.mark.parametrize("margin_mm", [0, 1, 2, 3])
def test_a_margin_outside_the_page_does_not_change_the_format(name: str, margin_mm: int) -> None:
    paper = FORMATS[name]
    found = nearest_format(paper.short_mm + 2 * margin_mm, paper.long_mm + 2 * margin_mm, **BOUNDS)

    assert found is not None
    assert found.name == name


def test_the_paper_of_a_file(tmp_path: Path) -> None:
    result, findings = run_check(PaperSizeCheck, sheet(tmp_path, 297, 210))

    width, height = result.number("width_mm"), result.number("height_mm")
    assert width is not None
    assert height is not None
    assert (width.value, height.value) == pytest.approx((297, 210), abs=0.5)
    assert result.text("paper") == "A4"
    assert result.text("a_format") == "A4"
    assert_no_finding(findings)


def test_185_x_260_is_16_kai(tmp_path: Path) -> None:
    result, _ = run_check(PaperSizeCheck, sheet(tmp_path, 185, 260))

    assert result.text("paper") == "16开 184×260"


def test_each_axis_has_its_own_resolution(tmp_path: Path) -> None:
    pixels = np.full((round(297 / 25.4 * 98), round(210 / 25.4 * 204)), 235, np.uint8)
    result, _ = run_check(PaperSizeCheck, write_page(tmp_path / "0001.tif", pixels, dpi=(204, 98)))

    assert result.text("paper") == "A4"


def test_unknown_is_a_note_and_never_more(tmp_path: Path) -> None:
    result, findings = run_check(PaperSizeCheck, sheet(tmp_path, 100, 400), unknown={"verdict": "note"})

    assert result.text("paper") == "other"
    assert result.text("a_format") == "A3"
    assert_finding(findings, "paper_size/unknown", verdict="note")
    for verdict in ("review", "fail", "error"):
        with pytest.raises(ValidationError):
            limits_of(PaperSizeCheck, unknown={"verdict": verdict})


def test_unknown_begins_beyond_the_tolerance() -> None:
    width, height = 841.0, 1189.0
    allowed = 0.015 * 841
    assert nearest_format(width + allowed - 0.1, height, **BOUNDS) == FORMATS["A0"]
    assert nearest_format(width + allowed + 0.1, height, **BOUNDS) is None
    assert nearest_format(105 - 7, 148, **BOUNDS) == FORMATS["A6"]
    assert nearest_format(105 - 7.1, 148, **BOUNDS) is None


def test_not_applicable_without_a_resolution(tmp_path: Path) -> None:
    result, findings = run_check(PaperSizeCheck, sheet(tmp_path, 210, 297, dpi=None))

    assert result.state is State.NOT_APPLICABLE
    assert_no_finding(findings)


def test_the_a_format_is_the_smallest_that_holds_the_page() -> None:
    names = [
        found.name if (found := smallest_a_format(width, height, **BOUNDS)) else None
        for width, height in ((90, 50), (184, 260), (260, 370), (216, 303), (230, 290), (900, 1200))
    ]

    assert names == ["A6", "A4", "A3", "A4", "A3", None]


@given(st.floats(10, 1500), st.floats(10, 1500))
def test_turning_a_page_does_not_change_its_format(width_mm: float, height_mm: float) -> None:
    assert nearest_format(width_mm, height_mm, **BOUNDS) == nearest_format(height_mm, width_mm, **BOUNDS)
    assert smallest_a_format(width_mm, height_mm, **BOUNDS) == smallest_a_format(
        height_mm, width_mm, **BOUNDS
    )


def test_no_format_stands_twice() -> None:
    assert len(FORMATS) == len(PAPER_FORMATS)
    for one, other in itertools.combinations(PAPER_FORMATS, 2):
        assert (one.short_mm, one.long_mm) != (other.short_mm, other.long_mm)


def test_the_whole_bed_of_a_flatbed_scanner_is_a4() -> None:
    """Beds are as wide as Letter and as long as A4."""
    assert nearest_format(216.3, 297.4, **BOUNDS) == FORMATS["A4"]
