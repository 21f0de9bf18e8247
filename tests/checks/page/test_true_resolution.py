"""Enlarging is told by the period it leaves, whatever the kernel; soft or turned pages are not accused."""

from functools import cache

import cv2
import numpy as np
import pytest
import simplejpeg

from ybda_qc.checks.page.true_resolution import TrueResolutionCheck
from ybda_qc.model import CheckResult, Finding, State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

LIMITS = {"upsampled": {"review": 1.18}, "unsure": {"verdict": "note"}}
KERNELS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}


@cache
def scanned(dpi: float) -> np.ndarray:
    spec = PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=dpi, noise=1.5, texture=1.0, blur_px=0.5)
    pixels = draw_page(spec).pixels
    pixels.flags.writeable = False
    return pixels


def enlarged(across: float, down: float, kernel: str = "cubic", dpi: float = 300) -> np.ndarray:
    small = scanned(dpi / max(across, down))
    size = (round(small.shape[1] * across), round(small.shape[0] * down))
    return np.asarray(cv2.resize(small, size, interpolation=KERNELS[kernel]), np.uint8)


def stored(pixels: np.ndarray, quality: int) -> np.ndarray:
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def look(pixels: np.ndarray, dpi: float | None = 300) -> tuple[CheckResult, list[Finding]]:
    return run_check(TrueResolutionCheck, pixels, dpi=dpi, **LIMITS)


def number(result: CheckResult, quantity: str) -> float:
    found = result.number(quantity)
    assert found is not None
    return found.value


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("quality", [None, 85])
def test_every_kernel_leaves_its_trace(kernel: str, quality: int | None) -> None:
    pixels = enlarged(2, 2, kernel)
    result, findings = look(pixels if quality is None else stored(pixels, quality))

    found = assert_finding(findings, "true_resolution/upsampled", verdict="review")
    assert found.boxes
    assert number(result, "effective_resolution") == pytest.approx(150, abs=3)


@pytest.mark.parametrize("factor", [1.25, 1.5, 2.0, 3.0])
def test_the_effective_resolution_falls_with_the_factor(factor: float) -> None:
    result, _ = look(stored(enlarged(factor, factor), 90))

    assert number(result, "enlargement_x") == pytest.approx(factor, rel=0.02)
    assert number(result, "effective_resolution") == pytest.approx(300 / factor, rel=0.02)


def test_each_direction_is_measured() -> None:
    result, findings = look(enlarged(1.5, 2, "linear"))

    assert_finding(findings, "true_resolution/upsampled")
    assert number(result, "enlargement_x") == pytest.approx(1.5, rel=0.02)
    assert number(result, "enlargement_y") == pytest.approx(2, rel=0.02)
    assert number(result, "effective_resolution") == pytest.approx(150, abs=3)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_colour_stored_at_half_the_size_is_no_enlargement(lost: int) -> None:
    page = np.repeat(scanned(300)[:, :, None], 3, axis=2)
    page[:, :, lost] = 0
    data = cv2.imencode(".jpg", page[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    _, findings = look(simplejpeg.decode_jpeg(data, fastupsample=True))

    assert_no_finding(findings, "true_resolution/upsampled")


def turned(pixels: np.ndarray, degrees: float) -> np.ndarray:
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=240), np.uint8)


HONEST = {
    "as scanned": lambda page: page,
    "soft": lambda page: cv2.GaussianBlur(page, (0, 0), 1.5),
    "soft and compressed": lambda page: stored(cv2.GaussianBlur(page, (0, 0), 1.2), 70),
    "compressed": lambda page: stored(page, 60),
    "sharpened": lambda page: cv2.addWeighted(page, 2, cv2.GaussianBlur(page, (0, 0), 1.0), -1, 0),
    "straightened": lambda page: turned(page, 1.3),
    "made smaller": lambda page: cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_pages_are_not_accused(name: str) -> None:
    result, findings = look(np.asarray(HONEST[name](scanned(300)), np.uint8))

    assert_no_finding(findings)
    assert number(result, "effective_resolution") == 300


def test_a_soft_page_that_was_blown_up_is_still_found() -> None:
    small = cv2.GaussianBlur(scanned(150), (0, 0), 0.5)
    _, findings = look(
        np.asarray(cv2.resize(small, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    )

    assert_finding(findings, "true_resolution/upsampled")


def test_blocks_of_black_and_white() -> None:
    bits = np.where(scanned(150) > 128, 255, 0).astype(np.uint8)
    _, honest = look(bits, dpi=150)
    result, findings = look(bits.repeat(2, axis=0).repeat(2, axis=1))

    assert_no_finding(honest)
    assert_finding(findings, "true_resolution/upsampled")
    assert number(result, "enlargement_x") == 2


def test_without_a_resolution_the_factor_alone_is_told() -> None:
    result, findings = look(enlarged(2, 2), dpi=None)

    assert_finding(findings, "true_resolution/upsampled")
    assert result.number("effective_resolution") is None


def test_each_side_of_the_limit() -> None:
    result, _ = look(enlarged(1.5, 1.5))

    assert judge(TrueResolutionCheck, result, upsampled={"review": 1.45})
    assert not judge(TrueResolutionCheck, result, upsampled={"review": 1.55})


def test_a_trace_in_one_direction_alone_is_only_a_word() -> None:
    result, findings = look(enlarged(1, 1.5, "nearest"))

    assert result.text("trace") == "uncertain"
    assert_finding(findings, "true_resolution/unsure", verdict="note")


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((1500, 1000), 230, np.uint8),
        np.full((3, 3), 9, np.uint8),
        np.zeros((1200, 900, 3), np.uint8),
    ],
)
def test_a_page_without_edges_is_not_judged(pixels: np.ndarray) -> None:
    result, findings = look(pixels)

    assert result.state is State.NOT_APPLICABLE
    assert findings == []


@pytest.mark.parametrize("length", [8193, 9999, 12000])
def test_long_pages_are_measured(length: int) -> None:
    page = enlarged(2, 2)
    pages = np.tile(page, (-(-length // page.shape[0]), 1))[:length, :600]
    _, findings = look(np.ascontiguousarray(pages))

    assert {finding.code for finding in findings} <= {"upsampled", "unsure"}


@pytest.mark.parametrize("pitch_px", [4.24, 5.1, 6.0])
def test_a_halftone_screen_is_not_called_enlarged(pitch_px: float) -> None:
    y, x = np.mgrid[:1700, :1200].astype(np.float32)
    dots = np.cos(2 * np.pi * (x + y) / pitch_px / 2**0.5) + np.cos(2 * np.pi * (x - y) / pitch_px / 2**0.5)
    tone = cv2.resize(np.random.default_rng(3).uniform(-1, 1, (17, 12)).astype(np.float32), (1200, 1700))
    printed = cv2.GaussianBlur(np.where(dots > 1.2 * tone, 220, 40).astype(np.uint8), (0, 0), 0.7)

    _, findings = look(stored(printed, 85))

    assert_no_finding(findings, "true_resolution/upsampled")


@pytest.mark.parametrize("seed", range(3))
def test_bars_along_the_axes_are_never_called_enlarged_with_certainty(seed: int) -> None:
    lengths = np.random.default_rng(seed).integers(250, 450, 26)
    page = np.full((700, 500), 238, np.uint8)
    for top, length in zip(range(70, 630, 22), lengths, strict=False):
        page[top : top + 8, 50:length] = 40

    result, findings = run_check(TrueResolutionCheck, page, **LIMITS)

    assert result.text("trace") != "certain"
    assert_no_finding(findings, "true_resolution/upsampled")
