"""Colour is told from grey, coloured ink from old paper, a cast from a tint, a dead channel from red."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.true_colour import BITONAL, COLOUR, GREY, TrueColourCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

PAGE = PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=200.0, mode="colour", noise=1.5, texture=1.5)
OLD = replace(PAGE, paper_rgb=(222, 203, 164), texture=4.0)
LIMITS = {"colour_cast": {"note": 6.0}}


def look(page: np.ndarray | Path) -> tuple[CheckResult, list[Finding]]:
    return run_check(TrueColourCheck, page, dpi=200, **LIMITS)


@cache
def kept(spec: PageSpec) -> np.ndarray:
    return draw_page(spec).pixels


def drawn(spec: PageSpec) -> np.ndarray:
    return kept(spec).copy()


def as_jpeg(pixels: np.ndarray, quality: int = 80) -> np.ndarray:
    coded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.cvtColor(cv2.imdecode(coded[1], cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def share(result: CheckResult, hue: str) -> float:
    found = result.number(f"{hue}_share")
    return found.value if found else 0.0


def writing(page: np.ndarray, rgb: tuple[int, int, int], lines: int = 3) -> np.ndarray:
    """Lines written by a pen of 0.5 mm over whatever is there."""
    page = page.copy()
    for row in range(lines):
        cv2.putText(page, "Wang Xiaoming 1956", (150, 700 + 90 * row), 4, 1.4, rgb, 4, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("jpeg", [False, True])
def test_grey_stored_as_colour_is_named(jpeg: bool) -> None:
    grey = drawn(replace(PAGE, mode="grey"))
    page = np.repeat(grey[..., None], 3, axis=2)

    result, findings = look(as_jpeg(page) if jpeg else page)

    assert_finding(findings, "true_colour/grey-as-colour")
    assert result.text("content") == GREY


def test_a_uniform_tint_makes_grey_no_colour() -> None:
    grey = np.clip(drawn(replace(PAGE, mode="grey")), 20, 235)
    page = np.stack([grey + 4, grey, grey - 6], axis=2).astype(np.uint8)

    result, _ = look(as_jpeg(page))

    assert result.text("content") == GREY


def test_black_and_white_stored_as_colour_is_named() -> None:
    bitonal = drawn(replace(PAGE, mode="bitonal"))

    result, findings = look(np.repeat(bitonal[..., None], 3, axis=2))

    assert_finding(findings, "true_colour/grey-as-colour")
    assert result.text("content") == BITONAL


@pytest.mark.parametrize("spec", [PAGE, OLD, replace(PAGE, layout="blank"), replace(PAGE, layout="table")])
def test_a_colour_scan_without_colour_is_no_grey(spec: PageSpec) -> None:
    result, findings = look(as_jpeg(drawn(spec)))

    assert_no_finding(findings)
    assert result.text("content") == COLOUR
    assert result.text("colour_content") == "none"


def test_a_small_seal_on_grey_makes_it_colour() -> None:
    page = np.repeat(drawn(replace(PAGE, mode="grey"))[..., None], 3, axis=2)
    cv2.circle(page, (600, 900), 40, (205, 50, 40), 5, cv2.LINE_AA)

    result, findings = look(page)

    assert_no_finding(findings, "true_colour/grey-as-colour")
    assert result.text("colour_content") == "red"


@pytest.mark.parametrize(("paper", "strength"), [(PAGE, 0.4), (OLD, 0.8)])
def test_a_red_seal_is_colour_content_and_marked(paper: PageSpec, strength: float) -> None:
    result, _ = look(as_jpeg(drawn(replace(paper, seal=True, seal_strength=strength))))

    content = next(entry for entry in result.measured if entry.quantity == "colour_content")
    assert result.text("colour_content") == "red"
    assert content.boxes
    assert share(result, "red") > 0.002


@pytest.mark.parametrize(
    ("hue", "rgb"),
    [("blue", (50, 60, 150)), ("violet", (110, 50, 140)), ("green", (50, 120, 60)), ("red", (200, 60, 50))],
)
def test_coloured_ink_has_a_hue(hue: str, rgb: tuple[int, int, int]) -> None:
    result, _ = look(as_jpeg(writing(drawn(replace(PAGE, paper_rgb=(238, 226, 200))), rgb)))

    assert result.text("colour_content") == hue


def test_more_ink_is_a_larger_share() -> None:
    page = drawn(replace(PAGE, layout="blank"))
    shares = [share(look(writing(page, (50, 60, 150), lines))[0], "blue") for lines in (1, 2, 4)]

    assert shares[1] == pytest.approx(2 * shares[0], rel=0.25)
    assert shares[2] == pytest.approx(4 * shares[0], rel=0.25)


def test_foxing_yellowed_edges_and_black_ink_are_no_colour() -> None:
    page = drawn(OLD).astype(np.float32)
    spots = np.zeros(page.shape[:2], np.float32)
    for x, y, radius in ((300, 400, 30), (600, 800, 60), (500, 1000, 20)):
        cv2.circle(spots, (x, y), radius, 1.0, -1)
    spots = cv2.GaussianBlur(spots, (0, 0), 8)[..., None]
    edge = np.linspace(0.75, 1.0, page.shape[1])[None, :, None]
    page *= 1 - spots * np.array([0.12, 0.3, 0.5], np.float32)
    page *= np.concatenate([edge**0.6, edge, edge**1.7], axis=2).astype(np.float32)

    result, findings = look(as_jpeg(np.clip(page, 0, 255).astype(np.uint8)))

    assert_no_finding(findings)
    assert result.text("colour_content") == "none"


def test_a_white_slip_on_brown_paper_is_no_colour() -> None:
    page = drawn(replace(OLD, paper_rgb=(190, 160, 120), layout="blank"))
    page[300:700, 200:700] = 245

    assert look(page)[0].text("colour_content") == "none"


@pytest.mark.parametrize(
    ("gains", "tint"),
    [
        ((0.78, 1, 1), "greenish"),
        ((1, 0.8, 1), "pinkish"),
        ((0.8, 0.8, 1), "bluish"),
        ((0.8, 1, 0.8), "greenish"),
    ],
)
def test_a_cast_that_no_paper_has_is_noted(gains: tuple[float, float, float], tint: str) -> None:
    page = drawn(replace(PAGE, paper_rgb=(248, 247, 244)))

    result, findings = look((page * np.array(gains)).astype(np.uint8))

    assert_finding(findings, "true_colour/colour-cast")
    assert result.text("tint") == tint


@pytest.mark.parametrize(
    "rgb",
    [(255, 255, 255), (235, 240, 246), (238, 222, 180), (150, 120, 80)],
)
def test_white_yellowed_and_brown_papers_have_no_cast(rgb: tuple[int, int, int]) -> None:
    assert_no_finding(look(drawn(replace(PAGE, paper_rgb=rgb)))[1], "true_colour/colour-cast")


def test_a_stronger_cast_measures_more() -> None:
    page = drawn(replace(PAGE, layout="blank")).astype(np.float32)
    casts = []
    for gain in (0.85, 0.75, 0.65):
        page_cast = (page * np.array([gain, 1, 1])).astype(np.uint8)
        cast = look(page_cast)[0].number("cast")
        assert cast is not None
        casts.append(cast.value)

    assert casts[0] < casts[1] < casts[2]


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_dead_channel_is_a_review(channel: int) -> None:
    page = drawn(replace(PAGE, seal=True))
    page[..., channel] = 0

    result, findings = look(as_jpeg(page, 95))

    assert_finding(findings, "true_colour/channel-missing")
    assert result.text("missing_channel") == ("red", "green", "blue")[channel]


@pytest.mark.parametrize("rgb", [(200, 40, 40), (170, 30, 45)])
def test_red_paper_has_all_its_channels(rgb: tuple[int, int, int]) -> None:
    assert_no_finding(look(as_jpeg(drawn(replace(PAGE, paper_rgb=rgb))))[1], "true_colour/channel-missing")


def test_pages_without_colour_are_not_judged() -> None:
    for mode in ("grey", "bitonal"):
        result, findings = look(drawn(replace(PAGE, mode=mode)))  # type: ignore[arg-type]
        assert result.state is State.NOT_APPLICABLE
        assert findings == []


def test_a_picture_of_a_few_pixels_is_not_judged() -> None:
    result, _ = look(np.full((9, 9, 3), 255, np.uint8))

    assert result.state is State.NOT_APPLICABLE
