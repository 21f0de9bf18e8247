"""The fingerprint: the same for scans of one sheet, another for other pages, none for blank ones."""

import functools

import cv2
import numpy as np
import pytest

from ybda_qc.checks.page.fingerprint import FingerprintCheck
from ybda_qc.imaging.ops.page_spectrum import LENGTH, Fingerprints
from ybda_qc.model import State
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.testing.checks import run_check


def levels(text: str) -> np.ndarray:
    fingerprints = Fingerprints()
    fingerprints.append(text)
    return fingerprints[np.array([0])][0].astype(float)


@functools.cache
def spectrum(**spec) -> np.ndarray:
    page = draw_page(PageSpec(**{"layout": "text", "dpi": 100, "mode": "grey"} | spec)).pixels
    result, findings = run_check(FingerprintCheck, page, dpi=spec.get("dpi", 100))
    assert findings == []
    return levels(result.text("spectrum"))


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


@pytest.mark.parametrize(
    "changed",
    [
        {"angle_degrees": 2.0},
        {"quarter_turns": 2},
        {"exposure": 0.8, "noise": 5.0},
        {"blur_px": 1.0},
    ],
)
def test_scans_of_one_sheet_have_nearly_the_same(changed) -> None:
    assert likeness(spectrum(seed=1), spectrum(seed=1, **changed)) > 0.75


def test_the_resolution_makes_no_difference() -> None:
    page = draw_page(PageSpec(layout="text", seed=1, dpi=100, mode="grey")).pixels
    finer = cv2.resize(page, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    result, _ = run_check(FingerprintCheck, finer, dpi=250)
    assert likeness(spectrum(seed=1), levels(result.text("spectrum"))) > 0.75


def test_other_pages_of_the_same_layout_have_another() -> None:
    assert likeness(spectrum(seed=1), spectrum(seed=2)) < 0.55


@pytest.mark.parametrize("page", [np.full((1100, 800), 240, np.uint8), np.zeros((3, 900), np.uint8)])
def test_blank_and_tiny_pages_have_none(page) -> None:
    result, _ = run_check(FingerprintCheck, page, dpi=100)
    assert result.state is State.NOT_APPLICABLE


def test_what_is_no_fingerprint_is_refused() -> None:
    with pytest.raises(ValueError, match="digits"):
        levels("0" * (LENGTH - 1))
