from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ybda_qc.checks.page.encoding import EncodingCheck
from ybda_qc.model import Measurement, Unit
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

PAGE = np.random.default_rng(3).integers(90, 250, (96, 64, 3), dtype=np.uint8)
COMMON = {
    "allowed": ("none", "lzw", "deflate", "packbits", "g3", "g4", "jpeg", "jpeg2000"),
    "verdict": "review",
}
OFF = {"verdict": "off"}


@pytest.mark.parametrize("compression", ["none", "lzw", "deflate", "packbits", "g3", "g4", "jpeg"])
def test_the_compression_of_a_tiff_is_told(tmp_path: Path, compression: str) -> None:
    path = write_page(tmp_path / "0001.tif", PAGE, dpi=300, compression=compression)

    result, findings = run_check(EncodingCheck, path, compression_not_allowed=COMMON, lossy=OFF)

    assert result.text("compression") == compression
    assert result.text("lossy") == ("yes" if compression == "jpeg" else "no")
    assert_no_finding(findings)


def test_compression_not_allowed(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", PAGE, dpi=300, compression="packbits")

    _, findings = run_check(EncodingCheck, path, compression_not_allowed={"allowed": ("none", "lzw")})

    assert assert_finding(findings, "encoding/compression-not-allowed").values["compression"] == "packbits"


def test_lossy(tmp_path: Path) -> None:
    limits = {"compression_not_allowed": COMMON, "lossy": {"verdict": "note"}}

    _, jpeg = run_check(EncodingCheck, write_page(tmp_path / "0001.jpg", PAGE, dpi=300), **limits)
    _, tiff = run_check(EncodingCheck, write_page(tmp_path / "0001.tif", PAGE, dpi=300), **limits)

    assert_finding(jpeg, "encoding/lossy", verdict="note")
    assert_no_finding(tiff)


@pytest.mark.parametrize("quality", [30, 50, 75, 85, 95])
def test_the_quality_of_a_jpeg_is_estimated(tmp_path: Path, quality: int) -> None:
    path = write_page(tmp_path / "0001.jpg", PAGE, dpi=300, quality=quality)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    measured = result.number("jpeg_quality")
    assert measured is not None
    assert measured.value == pytest.approx(quality, abs=2)


@pytest.mark.parametrize(("quality", "verdict"), [(80, None), (79, "note"), (50, "note"), (49, "review")])
def test_low_jpeg_quality_on_each_side_of_each_limit(quality: int, verdict: str | None) -> None:
    measured = [Measurement(quantity="jpeg_quality", value=quality, unit=Unit.SCORE)]

    findings = judge(
        EncodingCheck,
        measured,
        compression_not_allowed={**COMMON, "verdict": "off"},
        low_jpeg_quality={"note": 80, "review": 50},
    )

    if verdict is None:
        assert_no_finding(findings)
    else:
        assert_finding(findings, "encoding/low-jpeg-quality", verdict=verdict)


def test_a_lossless_page_has_no_jpeg_quality(tmp_path: Path) -> None:
    result, _ = run_check(
        EncodingCheck, write_page(tmp_path / "0001.png", PAGE, dpi=300), compression_not_allowed=COMMON
    )

    assert result.number("jpeg_quality") is None
    assert result.text("progressive") is None


def test_subsampling_and_progression_are_told(tmp_path: Path) -> None:
    path = tmp_path / "0001.jpg"
    Image.fromarray(PAGE).save(path, quality=85, subsampling="4:2:0", progressive=True)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    assert result.text("chroma_subsampling") == "4:2:0"
    assert result.text("progressive") == "yes"


def test_encrypted_but_open(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = write_page(tmp_path / "plain.pdf", PAGE, dpi=300)
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt(user_password="", owner_password="the owner's", algorithm="RC4-128")
    locked = tmp_path / "locked.pdf"
    writer.write(locked)

    _, open_findings = run_check(EncodingCheck, plain, compression_not_allowed=COMMON, lossy=OFF)
    _, locked_findings = run_check(EncodingCheck, locked, compression_not_allowed=COMMON, lossy=OFF)

    assert_no_finding(open_findings)
    assert_finding(locked_findings, "encoding/encrypted")
