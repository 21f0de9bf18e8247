from pathlib import Path

import pytest
from PIL import Image

from ybda_qc.checks.page.colour_mode import ColourModeCheck
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

COLOUR_ONLY = {"allowed": ("rgb", "palette", "rgba", "cmyk", "ycck", "lab"), "verdict": "note"}
USUAL = {"usual": ("bitonal", "grey", "palette", "rgb")}
LIMITS = {"not_allowed": COLOUR_ONLY, "unusual": USUAL}


def picture(path: Path, mode: str) -> Path:
    Image.new(mode, (50, 70)).save(path)
    return path


@pytest.mark.parametrize(
    ("mode", "suffix", "told", "codes"),
    [
        ("RGB", ".jpg", "rgb", []),
        ("RGB", ".tif", "rgb", []),
        ("P", ".png", "palette", []),
        ("L", ".jpg", "grey", ["not-allowed"]),
        ("1", ".tif", "bitonal", ["not-allowed"]),
        ("1", ".png", "bitonal", ["not-allowed"]),
        ("RGBA", ".png", "rgba", ["unusual"]),
        ("CMYK", ".tif", "cmyk", ["unusual"]),
        ("LAB", ".tif", "lab", ["unusual"]),
        ("LA", ".png", "grey-alpha", ["not-allowed", "unusual"]),
    ],
)
def test_the_mode_is_told_and_judged(
    tmp_path: Path, mode: str, suffix: str, told: str, codes: list[str]
) -> None:
    result, findings = run_check(ColourModeCheck, picture(tmp_path / f"0001{suffix}", mode), **LIMITS)

    assert result.text("mode") == told
    assert [finding.code for finding in findings] == codes


def test_not_allowed_weighs_what_the_profile_says(tmp_path: Path) -> None:
    path = picture(tmp_path / "0001.tif", "L")

    _, findings = run_check(
        ColourModeCheck, path, not_allowed={"allowed": ("rgb",), "verdict": "fail"}, unusual=USUAL
    )

    finding = assert_finding(findings, "colour_mode/not-allowed", verdict="fail")
    assert finding.message == "colour mode grey is not among those allowed: rgb"


def test_unusual(tmp_path: Path) -> None:
    _, findings = run_check(ColourModeCheck, picture(tmp_path / "0001.jpg", "CMYK"), **LIMITS)

    assert_finding(findings, "colour_mode/unusual", verdict="review")
    assert_no_finding(findings, "colour_mode/not-allowed")


def test_depth_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "0001.tif"
    Image.new("I;16", (50, 70)).save(path)

    result, _ = run_check(ColourModeCheck, path, **LIMITS)

    bits, samples = result.number("bits"), result.number("samples")
    assert bits is not None
    assert samples is not None
    assert (bits.value, samples.value) == (16, 1)
