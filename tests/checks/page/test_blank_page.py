"""Blank pages are found on any paper; nothing that anybody wrote is ever called blank."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.blank_page import LITTLE, WRITTEN, BlankPageCheck
from ybda_qc.model import CheckResult, Facts, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

BLANK = PageSpec(layout="blank", paper_mm=(148.0, 210.0), dpi=200.0, mode="colour")
FLAGS = {"blank": {"verdict": "review"}, "nearly_blank": {"verdict": "note"}}


def look(pixels: np.ndarray) -> tuple[CheckResult, list[Finding]]:
    return run_check(BlankPageCheck, pixels, dpi=200, **FLAGS)


def mottled(pixels: np.ndarray, *, strength: float, grain_px: float, seed: int = 5) -> np.ndarray:
    """The page on rougher paper than the generator draws."""
    random = np.random.default_rng(seed).normal(0, 1, pixels.shape[:2]).astype(np.float32)
    grain = cv2.GaussianBlur(random, (0, 0), grain_px) if grain_px else random
    grain *= strength / grain.std()
    return np.clip(pixels + (grain if pixels.ndim == 2 else grain[..., None]), 0, 255).astype(np.uint8)


def drawn(spec: PageSpec) -> np.ndarray:
    return draw_page(spec).pixels


PAPERS = {
    "plain": BLANK,
    "grey scan": replace(BLANK, mode="grey"),
    "aged": replace(BLANK, paper_rgb=(214, 190, 146), texture=4.0),
    "red paper": replace(BLANK, paper_rgb=(238, 170, 160), noise=2.0),
    "uneven light": replace(BLANK, shading=0.35, noise=2.0),
    "rough and noisy": replace(BLANK, texture=6.0, noise=4.0),
    "punched": replace(BLANK, punch_holes=2, noise=1.0),
    "turned on a black bed": replace(
        BLANK, angle_degrees=1.5, bed="black", border_mm=(4.0, 3.0, 5.0, 2.0), noise=1.5
    ),
    "bitonal": replace(BLANK, mode="bitonal"),
}
MARKS = {
    "page number": {"page_number": True},
    "faint seal": {"seal": True, "seal_strength": 0.25},
    "pencilled line": {"pencil_line": True},
}


def shining_through(strength: float) -> np.ndarray:
    """A blank side of thin paper: the print of the other side, mirrored and scattered."""
    page, behind = drawn(replace(BLANK, noise=1.0)), drawn(replace(BLANK, layout="text", mode="grey"))
    soft = cv2.GaussianBlur(255 - behind[:, ::-1].astype(np.float32), (0, 0), 0.3 * 200 / 25.4)
    return np.clip(page * (1 - strength * soft / soft.max())[..., None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize("paper", PAPERS)
def test_bare_paper_is_blank(paper: str) -> None:
    result, findings = look(drawn(PAPERS[paper]))

    assert_finding(findings, "blank_page/blank", verdict="review")
    ink = result.number("ink")
    assert ink is not None
    assert ink.value == 0


@pytest.mark.parametrize("paper", sorted(set(PAPERS) - {"bitonal"}))
@pytest.mark.parametrize("mark", MARKS)
def test_a_single_mark_is_never_blank_and_is_shown(paper: str, mark: str) -> None:
    page = draw_page(replace(PAPERS[paper], **MARKS[mark]))

    result, findings = look(page.pixels)

    assert_no_finding(findings, "blank_page/blank")
    if result.text("content") == WRITTEN:  # a seal with its legend is quite a lot
        assert mark == "faint seal"
        return
    nearly = assert_finding(findings, "blank_page/nearly-blank", verdict="note")
    truth = page.truth.ink_boxes[-1]
    assert any(
        box.left < truth.left + truth.width
        and truth.left < box.left + box.width
        and box.top < truth.top + truth.height
        and truth.top < box.top + box.height
        for box in nearly.boxes
    )


@pytest.mark.parametrize("strength", [0.05, 0.15])
def test_the_print_of_the_other_side_is_not_ink(strength: float) -> None:
    result, findings = look(shining_through(strength))

    assert_finding(findings, "blank_page/blank")
    assert result.text("appearance") == "show-through or stains"


@pytest.mark.parametrize("strength", [2.0, 5.0, 9.0])
@pytest.mark.parametrize("grain_px", [0.0, 1.0, 12.0])
def test_the_grain_of_the_paper_is_not_ink(strength: float, grain_px: float) -> None:
    _, findings = look(mottled(drawn(BLANK), strength=strength, grain_px=grain_px))

    assert_finding(findings, "blank_page/blank")


def test_folds_across_the_sheet_and_broad_stains_are_not_ink() -> None:
    page = drawn(replace(BLANK, noise=1.5)).astype(np.float32)
    height, width = page.shape[:2]
    fold = np.zeros((height, width), np.float32)
    cv2.line(fold, (0, height // 2), (width, height // 2 + 6), 1.0, 3, cv2.LINE_AA)
    stain = np.zeros((height, width), np.float32)
    cv2.circle(stain, (width // 3, height // 3), 90, 1.0, -1)
    page -= cv2.GaussianBlur(fold, (0, 0), 1.5)[..., None] * 24
    page *= 1 - cv2.GaussianBlur(stain, (0, 0), 18)[..., None] * np.array([0.05, 0.12, 0.25], np.float32)

    _, findings = look(np.clip(page, 0, 255).astype(np.uint8))

    assert_finding(findings, "blank_page/blank")


def test_a_seal_of_the_same_grey_as_the_paper_is_seen_by_its_colour() -> None:
    page = np.full((1650, 1160, 3), 200, np.uint8)
    cv2.circle(page, (500, 700), 150, (222, 191, 189), 6, cv2.LINE_AA)  # reddish, hardly darker
    luma = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    assert int(luma.max()) - int(luma.min()) <= 4

    _, findings = look(page)

    assert_finding(findings, "blank_page/nearly-blank")


def test_a_coloured_disc_is_no_punch_hole() -> None:
    page = np.full((1650, 1160, 3), 240, np.uint8)
    cv2.circle(page, (90, 700), 20, (15, 15, 15), -1, cv2.LINE_AA)
    _, holes = look(page)
    cv2.circle(page, (90, 700), 20, (200, 40, 40), -1, cv2.LINE_AA)
    _, stamp = look(page)

    assert_finding(holes, "blank_page/blank")
    assert_finding(stamp, "blank_page/nearly-blank")


def test_an_all_black_picture_shows_nothing() -> None:
    result, findings = look(np.full((1200, 800, 3), 6, np.uint8))

    assert_finding(findings, "blank_page/blank")
    assert result.text("appearance") == "all-dark"


def as_jpeg(pixels: np.ndarray) -> np.ndarray:
    coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_UNCHANGED), np.uint8)


@pytest.mark.parametrize("exposure", [0.15, 0.2, 0.3, 0.4])
@pytest.mark.parametrize("layout", ["text", "vertical", "handwriting", "form"])
def test_a_written_page_stays_written_however_dark_the_scan(layout: str, exposure: float) -> None:
    mode = "colour" if exposure > 0.2 else "grey"
    page = drawn(replace(BLANK, layout=layout, mode=mode, exposure=exposure, noise=1.5, texture=1.5))

    result, findings = look(as_jpeg(page))

    assert_no_finding(findings)
    assert result.text("content") == WRITTEN


@pytest.mark.parametrize("exposure", [0.15, 0.3])
def test_a_dark_scan_of_a_blank_page_is_blank_and_one_with_a_single_mark_is_not(exposure: float) -> None:
    dim = replace(BLANK, exposure=exposure, noise=1.5, texture=2.0)

    result, findings = look(as_jpeg(drawn(dim)))
    _, marked = look(as_jpeg(drawn(replace(dim, page_number=True))))

    assert_finding(findings, "blank_page/blank")
    assert result.text("appearance") == "all-dark"
    assert_finding(marked, "blank_page/nearly-blank")


@pytest.mark.parametrize("level", [5, 25, 60])
def test_a_cover_of_dark_cloth_shows_nothing(level: int) -> None:
    _, findings = look(mottled(np.full((1650, 1160), level, np.uint8), strength=0.1 * level, grain_px=2.0))

    assert_finding(findings, "blank_page/blank")


def test_both_polarities_of_a_dark_page_count() -> None:
    for ink in (5, 150):
        page = np.full((1650, 1160), 45, np.uint8)
        cv2.putText(page, "1984", (500, 800), 3, 1.2, ink, 2, cv2.LINE_AA)

        _, findings = look(page)

        assert_finding(findings, "blank_page/nearly-blank")


@pytest.mark.parametrize("ink", [0.1, 0.15, 0.2])
@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_a_page_full_of_faint_writing_is_written(ink: float, noise: float) -> None:
    result, _ = look(as_jpeg(drawn(replace(BLANK, layout="text", ink=ink, noise=noise, texture=1.5))))

    assert result.text("content") == WRITTEN


@pytest.mark.parametrize("middle", [45, 150])
def test_a_picture_without_any_edge_is_not_blank(middle: int) -> None:
    random = np.random.default_rng(4).normal(0, 1, (12, 9)).astype(np.float32)
    tones = cv2.resize(random, (1160, 1650), interpolation=cv2.INTER_CUBIC)

    _, findings = look(np.clip(middle * (1 + 0.35 * tones), 0, 255).astype(np.uint8))

    assert_no_finding(findings, "blank_page/blank")


@pytest.mark.parametrize("layout", ["text", "table"])
@pytest.mark.parametrize("mode", ["colour", "grey", "bitonal"])
def test_written_pages_pass(layout: str, mode: str) -> None:
    _, findings = look(drawn(replace(BLANK, layout=layout, mode=mode)))  # type: ignore[arg-type]

    assert_no_finding(findings)


def test_one_line_of_print_is_a_written_page() -> None:
    page = np.full((1650, 1160), 245, np.uint8)
    cv2.putText(page, "Notice of the annual meeting 1984", (150, 300), 3, 0.9, 30, 2, cv2.LINE_AA)

    _, findings = look(page)

    assert_no_finding(findings)


def test_ink_grows_with_what_is_written() -> None:
    shares = []
    for count in (1, 3, 9):
        page = np.full((1650, 1160), 245, np.uint8)
        for row in range(count):
            cv2.line(page, (300, 300 + 60 * row), (600, 305 + 60 * row), 90, 3, cv2.LINE_AA)
        result, _ = look(page)
        ink = result.number("ink")
        assert ink is not None
        shares.append(ink.value)

    assert shares[1] == pytest.approx(3 * shares[0], rel=0.1)
    assert shares[2] == pytest.approx(9 * shares[0], rel=0.1)


def test_a_picture_of_a_few_pixels_is_not_judged() -> None:
    result, findings = look(np.full((7, 7), 255, np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


def test_verdicts_may_be_switched_off() -> None:
    _, findings = run_check(
        BlankPageCheck, drawn(BLANK), dpi=200, blank={"verdict": "off"}, nearly_blank={"verdict": "off"}
    )

    assert findings == []


@pytest.mark.parametrize(
    ("changes", "appearance"),
    [
        ({}, "bare"),
        ({"paper_rgb": (222, 203, 164)}, "tinted paper"),
        ({"bed": "black", "punch_holes": 2}, "holes"),
        ({"page_number": True}, "page number"),
        ({"seal": True, "seal_strength": 0.3}, "red seal"),
        ({"seal": True}, "red seal"),
        ({"pencil_line": True, "ink": 0.6}, "pencil or faint writing"),
    ],
)
def test_what_is_there_is_named(changes: dict[str, object], appearance: str) -> None:
    result, findings = look(drawn(replace(BLANK, noise=1.0, **changes)))  # type: ignore[arg-type]

    assert result.text("appearance") == appearance
    assert len(findings) == 1
    assert appearance in findings[0].message
    assert findings[0].code == ("nearly-blank" if result.text("content") == LITTLE else "blank")
    if appearance not in ("bare", "tinted paper"):
        assert findings[0].boxes


def test_the_other_side_shining_through_is_named_and_marked() -> None:
    result, findings = look(shining_through(0.12))

    assert result.text("appearance") == "show-through or stains"
    assert assert_finding(findings, "blank_page/blank").boxes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "declared-blank"),
        ({"page_number": True}, "not-blank"),
        ({"layout": "text"}, "not-blank"),
    ],
)
def test_a_declared_blank_is_blank_or_is_reported(changes: dict[str, object], code: str) -> None:
    page = drawn(replace(BLANK, **changes))  # type: ignore[arg-type]
    declared = Facts(path="page.png", frame=1, declared_blank=True)

    _, findings = run_check(BlankPageCheck, page, dpi=200, facts=declared, **FLAGS)

    (finding,) = findings
    assert finding.code == code
    assert finding.values["appearance"]


@pytest.mark.parametrize("channels", [(), (3,)])
def test_a_page_of_noise_is_not_called_blank(channels: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1600, 1200, *channels), dtype=np.uint8)

    assert_finding(look(noise)[1], "blank_page/nearly-blank")


@pytest.mark.parametrize(
    "black", [np.s_[:, 600:], np.s_[800:], np.s_[:800, 600:]], ids=["right", "bottom", "quarter"]
)
def test_a_page_that_is_half_black_is_not_called_blank(black: tuple[slice, ...]) -> None:
    page = np.full((1600, 1200, 3), 240, np.uint8)
    page[black] = 10

    assert_finding(look(page)[1], "blank_page/nearly-blank")
