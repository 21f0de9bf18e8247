"""Dark borders are measured in millimetres a side; what belongs to the original is none."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.dark_border import DarkBorderCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {"over_limit": {"review": 3.0}, "over_share": {"review": 0.015}}
SIDES = ("left", "top", "right", "bottom")
TEXT = PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=300.0, noise=1.0)


def look(pixels: np.ndarray, dpi: float | None = 300) -> tuple[CheckResult, list[Finding]]:
    return run_check(DarkBorderCheck, pixels, dpi=dpi, **LIMITS)


def value(result: CheckResult, quantity: str) -> float:
    found = result.number(quantity)
    assert found is not None, quantity
    return found.value


@pytest.mark.parametrize("border", [(0.0, 0.0, 0.0, 0.0), (2.0, 0.0, 5.0, 1.0), (8.0, 12.0, 0.5, 30.0)])
@pytest.mark.parametrize("mode", ["grey", "colour", "bitonal"])
def test_straight_borders_are_measured_on_each_side(
    border: tuple[float, float, float, float], mode: str
) -> None:
    spec = replace(TEXT, mode=mode, bed="black", border_mm=border)  # type: ignore[arg-type]

    result, findings = look(draw_page(spec).pixels)

    for side, width in zip(SIDES, border, strict=True):
        assert value(result, f"dark_border_{side}") == pytest.approx(width, abs=0.3)
    assert value(result, "dark_border") == pytest.approx(max(border), abs=0.3)
    assert bool(findings) == (max(border) > 3)


def test_each_side_of_the_limit() -> None:
    _, under = look(draw_page(replace(TEXT, bed="black", border_mm=(2.6, 0, 0, 0))).pixels)
    _, over = look(draw_page(replace(TEXT, bed="black", border_mm=(3.4, 0, 0, 0))).pixels)

    assert_no_finding(under)
    found = assert_finding(over, "dark_border/over-limit", verdict="review")
    assert "left" in found.message
    (box,) = found.boxes
    assert (box.left, box.top) == (0, 0)
    assert box.width == pytest.approx(3.4 / 25.4 * 300, abs=4)


@pytest.mark.parametrize("angle", [-4.0, -1.0, 2.0, 5.0])
def test_wedges_beside_a_turned_sheet_have_the_width_of_their_wide_end(angle: float) -> None:
    spec = replace(TEXT, bed="black", angle_degrees=angle, border_mm=(2.0, 2.0, 2.0, 2.0), expand=True)

    result, findings = look(draw_page(spec).pixels)

    expected = abs(np.sin(np.radians(angle))) * 210 + 2
    for side in ("left", "right"):
        assert value(result, f"dark_border_{side}") == pytest.approx(expected, rel=0.12, abs=0.5)
    assert_finding(findings, "dark_border/over-limit")


def test_a_wider_border_measures_wider() -> None:
    widths = [1.0, 2.0, 4.0, 8.0, 16.0]
    found = [
        value(
            look(draw_page(replace(TEXT, bed="black", border_mm=(0, width, 0, 0))).pixels)[0],
            "dark_border_top",
        )
        for width in widths
    ]

    assert found == sorted(found)


def test_without_a_resolution_the_share_of_the_short_side_counts() -> None:
    page = draw_page(replace(TEXT, bed="black", border_mm=(6, 0, 0, 0))).pixels

    result, findings = look(page, dpi=None)

    assert result.number("dark_border") is None
    assert value(result, "dark_border_left_px") == pytest.approx(6 / 25.4 * 300, abs=4)
    assert_finding(findings, "dark_border/over-share")


def sheet() -> np.ndarray:
    return draw_page(TEXT).pixels


def with_gutter(page: np.ndarray) -> np.ndarray:
    shade = np.ones(page.shape[1], np.float32)
    shade[:240] = np.linspace(0.25, 1.0, 240) ** 0.8  # 20 mm
    return (page * shade).astype(np.uint8)


def with_bleeding_photograph(page: np.ndarray) -> np.ndarray:
    random = np.random.default_rng(2).normal(0, 1, (40, 40)).astype(np.float32)
    tones = cv2.resize(random, (page.shape[1], 900), interpolation=cv2.INTER_CUBIC)
    page = page.copy()
    page[:900] = np.clip(70 + 45 * tones, 0, 255)
    return page


def with_printed_frame(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    cv2.rectangle(page, (90, 90), (page.shape[1] - 90, page.shape[0] - 90), 0, 24)
    return page


def with_lines_to_the_edge(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    for top in range(100, page.shape[0], 70):
        page[top : top + 6] = 20
    return page


@pytest.mark.parametrize(
    "draw", [with_gutter, with_bleeding_photograph, with_printed_frame, with_lines_to_the_edge]
)
def test_what_belongs_to_the_original_is_no_border(draw: object) -> None:
    _, findings = look(draw(sheet()))  # type: ignore[operator]

    assert_no_finding(findings)


def test_dust_on_the_bed_does_not_end_the_border() -> None:
    page = draw_page(replace(TEXT, bed="black", border_mm=(10, 0, 0, 0))).pixels.copy()
    for top in range(50, page.shape[0], 40):
        cv2.circle(page, (20 + top % 70, top), 2, 230, -1)

    result, _ = look(page)

    assert value(result, "dark_border_left") == pytest.approx(10, abs=0.3)


def test_a_dark_page_has_no_border_to_tell() -> None:
    result, findings = look(np.full((1200, 900), 20, np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


@pytest.mark.parametrize(("left", "noted"), [(0.0, True), (1.0, True), (2.6, False)])
def test_the_margin_outside_the_sheet_is_told_where_the_bed_shows_around_it(left: float, noted: bool) -> None:
    page = draw_page(replace(TEXT, bed="black", border_mm=(left, 2.6, 2.6, 2.6))).pixels

    result, findings = run_check(DarkBorderCheck, page, margin_too_small={"note": 2.0})

    assert value(result, "margin") == pytest.approx(left, abs=0.3)
    assert result.text("margin_side") == "left" or not noted
    (assert_finding if noted else assert_no_finding)(findings, "dark_border/margin-too-small")


def test_a_border_on_one_side_tells_no_margin() -> None:
    page = draw_page(replace(TEXT, bed="black", border_mm=(5.0, 0, 0, 0))).pixels

    result, _ = look(page)

    assert result.number("margin") is None
