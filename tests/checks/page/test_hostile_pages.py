"""Every page check on pages and files that nobody would scan: it measures or abstains, and never breaks."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._registry import PAGE_CHECKS
from ybda_qc.model import State
from ybda_qc.synth.files import write_page
from ybda_qc.testing import run_check

BASE = tomllib.loads((Path(__file__).parents[3] / "profiles" / "base.toml").read_text(encoding="utf-8"))
NOISE = np.random.default_rng(11).integers(0, 255, (90, 120, 3), dtype=np.uint8)
Writer = Callable[[Path], Path]


def pixels(array: np.ndarray, suffix: str = ".tif", dpi: float | tuple[float, float] | None = 300) -> Writer:
    return lambda folder: write_page(folder / f"page{suffix}", array, dpi=dpi)


def picture(mode: str, suffix: str, **options: object) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / f"page{suffix}"
        Image.new(mode, (120, 90)).save(path, **options)
        return path

    return write


def content(data: bytes, suffix: str) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / f"page{suffix}"
        path.write_bytes(data)
        return path

    return write


def slip(height: int, width: int) -> np.ndarray:
    """A narrow piece of paper, written on to its edges and out of focus."""
    page = np.full((height, width), 235, np.uint8)
    for line in range(20, height, 60):
        cv2.putText(page, "Deed of sale 1823 " * 4, (3, line + 15), cv2.FONT_HERSHEY_SIMPLEX, 1, 40, 3)
    return cv2.GaussianBlur(page, (0, 0), 3)


HOSTILE: dict[str, Writer] = {
    "one pixel": pixels(np.zeros((1, 1), np.uint8)),
    "one column": pixels(np.full((400, 1), 255, np.uint8)),
    "one row": pixels(np.full((1, 400, 3), 90, np.uint8), ".png"),
    "two by two": pixels(np.eye(2, dtype=np.uint8) * 255, ".bmp"),
    "all black": pixels(np.zeros((800, 600), np.uint8)),
    "all white": pixels(np.full((800, 600, 3), 255, np.uint8), ".jpg"),
    "all red": pixels(np.full((800, 600, 3), (255, 0, 0), np.uint8), ".png"),
    "noise": pixels(NOISE, ".jp2"),
    "no resolution": pixels(NOISE, ".png", None),
    "one dpi": pixels(NOISE, dpi=1),
    "a million dpi": pixels(NOISE, dpi=1_000_000),
    "very unequal": pixels(NOISE, dpi=(30, 3000)),
    "very long": pixels(np.full((12_000, 8), 200, np.uint8)),
    "soft slip across": pixels(slip(60, 1400)),
    "soft slip upright": pixels(slip(1400, 60)),
    "soft slip at 600 dpi": pixels(slip(130, 1400), dpi=600),
    "16 bit": picture("I;16", ".tif", dpi=(300, 300)),
    "cmyk": picture("CMYK", ".tif", dpi=(300, 300)),
    "cmyk jpeg": picture("CMYK", ".jpg", dpi=(300, 300)),
    "lab": picture("LAB", ".tif", dpi=(300, 300)),
    "palette": picture("P", ".png", dpi=(300, 300)),
    "transparent": picture("RGBA", ".png", dpi=(300, 300)),
    "bitonal": picture("1", ".tif", compression="group4", dpi=(300, 300)),
    "pdf": pixels(NOISE, ".pdf"),
    "empty": content(b"", ".tif"),
    "text": content("这不是图像\n".encode() * 50, ".jpg"),
    "beginning of a tiff": content(b"II*\0\x08\0\0\0", ".tif"),
    "beginning of a pdf": content(b"%PDF-1.7\n", ".pdf"),
    "zeros": content(bytes(5000), ".png"),
}


def limits_in_base(check: type[PageCheck]) -> dict[str, dict[str, object]]:
    table = BASE["checks"][check.id]
    return {code.name.replace("-", "_"): table[code.name] for code in check.codes}


@pytest.mark.parametrize("check", PAGE_CHECKS, ids=lambda check: check.id)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_check_survives(tmp_path: Path, check: type[PageCheck], name: str) -> None:
    path = HOSTILE[name](tmp_path)
    limits = limits_in_base(check)

    result, findings = run_check(check, path, **limits)
    again, _ = run_check(check, path, **limits)

    assert result == again
    json.dumps([asdict(entry) for entry in result.measured], allow_nan=False)
    if result.state is State.NOT_APPLICABLE:
        assert result.reason
    if check.needs is Needs.FILE:
        assert result.state is State.MEASURED
    for finding in findings:
        assert finding.message
        assert finding.source is not None


@pytest.mark.parametrize("check", PAGE_CHECKS, ids=lambda check: check.id)
def test_a_quantity_has_one_unit_and_stands_once(tmp_path: Path, check: type[PageCheck]) -> None:
    result, _ = run_check(check, HOSTILE["pdf"](tmp_path), **limits_in_base(check))
    numbers = [entry.quantity for entry in result.measured if hasattr(entry, "unit")]

    assert len(set(numbers)) == len(numbers)
