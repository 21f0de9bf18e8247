"""Dark borders are measured in millimetres a side; what belongs to the original is none."""

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.dark_border import DarkBorderCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {"over_limit": {"review": 3.0}, "over_share": {"review": 0.015}}
SIDES = ("left", "top", "right", "bottom")
TEXT = PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=300.0, noise=1.0)


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

    expected = abs(np.sin(np.radians(angle))) * TEXT.paper_mm[1] + 2
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
    tones = cv2.resize(random, (page.shape[1], 630), interpolation=cv2.INTER_CUBIC)
    page = page.copy()
    page[:630] = np.clip(70 + 45 * tones, 0, 255)
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


BEDS = {"grey": (90, 92, 90), "light grey": (140, 140, 140), "blue": (75, 100, 150), "brown": (140, 105, 75)}


@lru_cache
def small_sheet() -> np.ndarray:
    return cv2.cvtColor(
        draw_page(replace(TEXT, paper_mm=(148.0, 210.0), dpi=150.0)).pixels, cv2.COLOR_GRAY2RGB
    )


def on_bed(edge: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """A sheet whose left edge lies so many pixels inside the picture, on an uneven bed of a colour."""
    page = np.pad(small_sheet(), ((0, 0), (int(edge.max()), 0), (0, 0)), mode="edge")
    noise = np.random.default_rng(4).normal(0, 3, page.shape[:2])
    falloff = np.linspace(0.94, 1.06, page.shape[0])
    bed = falloff[:, None, None] * np.array(colour) + noise[..., None]
    outside = np.arange(page.shape[1]) < edge[:, None]
    return np.where(outside[..., None], np.clip(bed, 0, 255), page).astype(np.uint8)


@pytest.mark.parametrize(
    ("kind", "bed"),
    [
        ("straight", "grey"),
        ("straight", "light grey"),
        ("torn", "light grey"),
        ("torn", "blue"),
        ("wedge", "blue"),
        ("wedge", "brown"),
        ("part", "grey"),
        ("part", "brown"),
    ],
)
def test_grey_and_tinted_beds_are_borders(kind: str, bed: str) -> None:
    along = np.arange(1240)
    rough = np.interp(along, np.arange(0, 1250, 10), np.random.default_rng(5).normal(0, 4, 125))
    edge = {
        "straight": np.full(1240, 36.0),
        "torn": 36 + rough,
        "wedge": 36 * along / 1240,
        "part": np.where((along > 300) & (along < 700), 36.0, 0.0),
    }[kind]

    result, findings = look(on_bed(edge, BEDS[bed]), dpi=150)

    assert value(result, "dark_border_left") == pytest.approx(6.0, abs=1.5)
    assert max(value(result, f"dark_border_{side}") for side in SIDES[1:]) < 1
    assert_finding(findings, "dark_border/over-limit")


def with_dull_photograph(page: np.ndarray) -> np.ndarray:
    tones = np.random.default_rng(2).normal(130, 18, (8, 5)).astype(np.float32)
    page[:, :200] = cv2.resize(tones, (200, page.shape[0]), interpolation=cv2.INTER_LINEAR)[..., None]
    return page


def with_header_bar(page: np.ndarray) -> np.ndarray:
    page[:80] = (120, 150, 190)
    cv2.putText(page, "QUARTERLY REPORT", (125, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (255, 255, 255), 5)
    return page


def with_browned_edge(page: np.ndarray) -> np.ndarray:
    shade = 1 - 0.45 * np.exp(-np.arange(page.shape[1]) / 20)
    return (page * shade[:, None]).astype(np.uint8)


def with_facing_page(page: np.ndarray) -> np.ndarray:
    page[:, :45] = (page[:, :45] * 0.8).astype(np.uint8)
    return page


def as_cover(page: np.ndarray) -> np.ndarray:
    page[...] = (120, 105, 85)
    page[:, :100] = (80, 60, 45)
    return page


@pytest.mark.parametrize(
    "draw", [with_dull_photograph, with_header_bar, with_browned_edge, with_facing_page, as_cover]
)
def test_what_is_grey_or_tinted_on_the_original_is_no_border(draw: object) -> None:
    _, findings = look(draw(small_sheet().copy()), dpi=150)  # type: ignore[operator]

    assert_no_finding(findings)
