"""Dark, bleached, pale and inverted pages are told apart from dark, white and faint originals."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.exposure import ExposureCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

LIMITS = {
    "too_dark": {"review": 90},
    "too_bright": {"review": 190},
    "low_contrast": {"review": 0.15},
    "clipped": {"note": 0.95},
    "inverted": {"verdict": "review"},
}
TEXT = PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=200.0, noise=1.0, blur_px=0.6)


def look(pixels: np.ndarray) -> tuple[CheckResult, list[Finding]]:
    return run_check(ExposureCheck, pixels, dpi=200, **LIMITS)


def page(**changes: object) -> np.ndarray:
    return draw_page(replace(TEXT, **changes)).pixels  # type: ignore[arg-type]


def number(result: CheckResult, quantity: str) -> float:
    found = result.number(quantity)
    assert found is not None, quantity
    return found.value


@pytest.mark.parametrize("mode", ["grey", "colour"])
def test_a_good_scan_passes(mode: str) -> None:
    result, findings = look(page(mode=mode))

    assert_no_finding(findings)
    assert number(result, "contrast") > 0.6
    assert number(result, "paper_level") == pytest.approx(246, abs=4)


def test_the_black_bed_does_not_darken_the_paper() -> None:
    plain, _ = look(page())
    bedded, _ = look(page(bed="black", border_mm=(20.0, 5.0, 20.0, 40.0)))

    assert number(bedded, "paper_level") == pytest.approx(number(plain, "paper_level"), abs=2)


@pytest.mark.parametrize("factor", [0.33, 0.2])
def test_a_dim_scan_is_too_dark(factor: float) -> None:
    _, findings = look((page() * factor).astype(np.uint8))

    assert_finding(findings, "exposure/too-dark")


@pytest.mark.parametrize("exposure", [0.15, 0.3])
@pytest.mark.parametrize("ink", [0.3, 1.0])
def test_a_dim_scan_is_too_dark_even_of_faint_writing(exposure: float, ink: float) -> None:
    if exposure * ink < 0.08:
        pytest.skip("five levels of ink are lost in the noise")
    result, findings = look(page(exposure=exposure, ink=ink, mode="colour"))

    assert_finding(findings, "exposure/too-dark")
    assert number(result, "paper_level") == pytest.approx(exposure * 246, abs=4)


def drawing(ink: int, paper: int = 200) -> np.ndarray:
    """A plan without a word on it."""
    pixels = np.full((1650, 1160), paper, np.uint8)
    for step in range(6):
        corners = np.array([(150, 150 + 220 * step), (900, 190 + 230 * step), (420, 330 + 215 * step)])
        cv2.polylines(pixels, [corners.reshape(-1, 1, 2)], True, ink, 3, cv2.LINE_AA)
    noise = np.random.default_rng(5).normal(0, 1.2, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def test_a_pale_drawing_without_letters_has_a_low_contrast() -> None:
    _, pale = look(drawing(ink=175))
    _, sound = look(drawing(ink=70))

    assert_finding(pale, "exposure/low-contrast")
    assert_no_finding(sound)


def test_a_fold_across_a_bare_sheet_is_no_pale_drawing() -> None:
    pixels = drawing(ink=200)
    cv2.line(pixels, (0, 800), (1159, 806), 178, 2, cv2.LINE_AA)

    assert_no_finding(look(pixels)[1])


def test_a_dim_photograph_to_the_edges_has_no_paper_that_is_too_dark() -> None:
    noise = np.random.default_rng(8).normal(0, 1, (12, 8))
    tones = cv2.resize(noise, (1160, 1650), interpolation=cv2.INTER_CUBIC)
    pixels = np.clip(82 + 45 * tones + np.random.default_rng(9).normal(0, 2, tones.shape), 0, 255)

    assert_no_finding(look(pixels.astype(np.uint8))[1])


def test_a_dithered_figure_does_not_hide_the_tone_of_the_page() -> None:
    pixels = page(mode="grey", ink=0.2)
    height, width = pixels.shape
    dots = 255 * np.random.default_rng(6).integers(0, 2, (300, 300), dtype=np.uint8)
    pixels[height // 2 - 150 : height // 2 + 150, width // 2 - 150 : width // 2 + 150] = dots

    assert number(look(pixels)[0], "paper_level") == pytest.approx(246, abs=4)


def test_a_dark_cover_is_not_too_dark() -> None:
    grain = np.random.default_rng(3).normal(50, 4, (1650, 1160))

    result, findings = look(np.clip(grain, 0, 255).astype(np.uint8))

    assert findings == []
    assert result.state is State.NOT_APPLICABLE


def test_a_page_full_of_faint_writing_has_low_contrast() -> None:
    contrasts = []
    for ink in (0.1, 0.15, 0.2):
        result, findings = run_check(
            ExposureCheck,
            page(ink=ink, noise=2.0, texture=1.5, blur_px=0.0),
            dpi=200,
            **{**LIMITS, "low_contrast": {"note": 0.25, "review": 0.15}},
        )
        assert_finding(findings, "exposure/low-contrast")
        contrasts.append(number(result, "contrast"))

    assert contrasts == sorted(contrasts)


def test_aged_paper_is_not_too_dark() -> None:
    _, findings = look(page(paper_rgb=(205, 175, 125), mode="colour"))

    assert_no_finding(findings)


def test_contrast_falls_with_the_ink_and_is_judged() -> None:
    base = page(paper_rgb=(225, 225, 220)).astype(np.float32)
    contrasts, last = [], []
    for share in (1.0, 0.5, 0.25, 0.1):
        result, last = look(np.clip(220 - (220 - base) * share, 0, 255).astype(np.uint8))
        contrasts.append(number(result, "contrast"))

    assert contrasts == sorted(contrasts, reverse=True)
    assert_finding(last, "exposure/low-contrast")


def test_a_few_pale_words_have_a_contrast_and_as_many_soft_stains_have_none() -> None:
    words = page(layout="sparse", seed=3).astype(np.float32)
    pale = np.clip(220 - (220 - words) * 0.15, 0, 255).astype(np.uint8)

    _, findings = look(pale)
    _, of_stains = look(cv2.GaussianBlur(pale, (0, 0), 6.0))

    assert_finding(findings, "exposure/low-contrast")
    assert_no_finding(of_stains, "exposure/low-contrast")


def test_pale_writing_on_pure_white_is_bleached() -> None:
    bleached = np.clip(page().astype(np.float32) * 0.2 + 215, 0, 255).astype(np.uint8)

    _, findings = look(bleached)

    assert_finding(findings, "exposure/too-bright")
    assert_no_finding(findings, "exposure/low-contrast")
    assert_finding(findings, "exposure/clipped", verdict="note")


def test_a_few_words_on_pure_white_are_bleached_only_if_pale() -> None:
    words = page(layout="sparse", seed=3).astype(np.float32)
    rows = words.shape[0]
    words = np.vstack([words, *[np.full_like(words, 255)] * 5])[: 6 * rows]  # under 0.2 % of it is ink

    sound, of_sound = look(np.clip(words + 20, 0, 255).astype(np.uint8))
    bleached, of_bleached = look(np.clip(words + 180, 0, 255).astype(np.uint8))

    assert_no_finding(of_sound, "exposure/too-bright")
    assert_finding(of_bleached, "exposure/too-bright")
    assert number(bleached, "ink_level") > number(sound, "ink_level")


@pytest.mark.parametrize(
    "changes",
    [{}, {"texture": 6.0, "noise": 4.0}, {"show_through": 0.1}, {"shading": 0.4}, {"page_number": True}],
)
def test_blank_paper_is_not_accused(changes: dict[str, float]) -> None:
    _, findings = look(page(layout="blank", **changes))

    assert_no_finding(findings)


def test_a_soft_photograph_is_not_accused_of_low_contrast() -> None:
    random = np.random.default_rng(4).normal(0, 1, (30, 22)).astype(np.float32)
    photograph = np.clip(150 + 14 * cv2.resize(random, (1100, 1500), interpolation=cv2.INTER_CUBIC), 0, 255)

    _, findings = look(photograph.astype(np.uint8))

    assert_no_finding(findings)


@pytest.mark.parametrize("mode", ["grey", "bitonal"])
def test_a_negative_is_inverted_and_nothing_else(mode: str) -> None:
    _, findings = look(255 - page(mode=mode, paper_mm=(210.0, 297.0)))

    assert_finding(findings, "exposure/inverted")
    assert len(findings) == 1


def test_a_dark_cover_with_a_title_is_no_negative() -> None:
    cover = np.full((1600, 1150), 24, np.uint8)
    cv2.putText(cover, "YEARBOOK 1962", (200, 500), 3, 2.0, 190, 5, cv2.LINE_AA)

    _, findings = look(cover)

    assert_no_finding(findings, "exposure/inverted")


def test_bitonal_pages_have_no_tone(tmp_path: object) -> None:
    path = write_page(tmp_path / "0001.tif", page(mode="bitonal"), dpi=200, compression="g4")  # type: ignore[operator]

    result, _ = run_check(ExposureCheck, path, **LIMITS)

    assert result.state is State.NOT_APPLICABLE


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (1, 300), (3000, 3)])
def test_a_sliver_of_white_is_not_called_dark(shape: tuple[int, int]) -> None:
    _, findings = look(np.full(shape, 255, np.uint8))

    assert_no_finding(findings, "exposure/too-dark")


@pytest.mark.parametrize("kind", ["chequered", "striped"])
def test_tones_of_black_and_white_dots_are_not_judged(kind: str) -> None:
    y, x = np.mgrid[0:1200, 0:900]
    dots = (x + y if kind == "chequered" else x) % 2 * 255

    result, findings = look(dots.astype(np.uint8))

    assert result.state is State.NOT_APPLICABLE
    assert_no_finding(findings)
