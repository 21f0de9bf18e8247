"""Show-through is measured against the ink of the page; it is the original's own."""

from dataclasses import replace

import numpy as np
import pytest

from ybda_qc.checks.page.show_through import ShowThroughCheck
from ybda_qc.model import CheckResult, State
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

SHEET = PageSpec(layout="text", paper_mm=(120.0, 160.0), noise=1.5)
LIMITS = {"strong": {"note": 0.09}}


def strength(result: CheckResult) -> float:
    found = result.number("strength")
    assert found is not None
    return found.value


@pytest.mark.parametrize("layout", ["text", "handwriting"])
def test_stronger_show_through_measures_stronger(layout: str) -> None:
    found = []
    for amount in (0.0, 0.12, 0.3):
        page = draw_page(replace(SHEET, layout=layout, show_through=amount)).pixels
        found.append(strength(run_check(ShowThroughCheck, page)[0]))

    assert found[0] == 0
    assert found == sorted(found)
    assert found[2] > 0.12


def test_it_is_a_note() -> None:
    result, findings = run_check(
        ShowThroughCheck, draw_page(replace(SHEET, show_through=0.3)).pixels, **LIMITS
    )

    assert "ink" in assert_finding(findings, "show_through/strong", verdict="note").message
    assert_no_finding(judge(ShowThroughCheck, result, strong={"note": strength(result)}))
    assert_finding(
        judge(ShowThroughCheck, result, strong={"note": strength(result) - 0.01}), "show_through/strong"
    )


@pytest.mark.parametrize("layout", ["text", "table", "handwriting", "vertical"])
def test_clean_pages_have_none(layout: str) -> None:
    assert_no_finding(
        run_check(ShowThroughCheck, draw_page(replace(SHEET, layout=layout)).pixels, **LIMITS)[1]
    )


def test_faint_print_alone_is_not_taken_for_the_other_side() -> None:
    page = draw_page(replace(SHEET, ink=0.2)).pixels
    assert run_check(ShowThroughCheck, page)[0].state is State.NOT_APPLICABLE


def test_a_page_full_of_ink_shows_too_little_paper() -> None:
    page = np.full((1500, 1100), 240, np.uint8)
    page[::16] = page[1::16] = page[2::16] = page[3::16] = 20
    result, _ = run_check(ShowThroughCheck, page)

    assert result.state is State.NOT_APPLICABLE


def test_a_densely_written_page_counts_only_the_paper_it_leaves_bare() -> None:
    dense = replace(SHEET, layout="text", paper_mm=(100.0, 110.0), show_through=0.3)

    assert strength(run_check(ShowThroughCheck, draw_page(dense).pixels)[0]) > 0.12


def test_dark_bitonal_and_tiny_pages_tell_nothing(tmp_path: object) -> None:
    bitonal = write_page(tmp_path / "page.tif", draw_page(SHEET).pixels, dpi=300, bitonal=True)  # type: ignore[operator]
    assert run_check(ShowThroughCheck, bitonal)[0].state is State.NOT_APPLICABLE
    for page in (np.zeros((900, 600), np.uint8), np.full((40, 90), 230, np.uint8)):
        assert run_check(ShowThroughCheck, page)[0].state is State.NOT_APPLICABLE
