from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ybda_qc.checks.page.encoding import EncodingCheck
from ybda_qc.model import Measurement, Unit
from ybda_qc.synth import PageSpec, draw_page
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


def textured(seed: int = 1, paper: int = 200) -> np.ndarray:
    """Grain of paper with strokes on it, 512 by 512 RGB."""
    noise = np.random.default_rng(seed).normal(0, 1, (512, 512)).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), 1.2) * 30 + paper
    grain[20::48, 40:470] -= 90
    grain[21::48, 40:470] -= 60
    return np.repeat(np.clip(grain, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def saved(pixels: np.ndarray, quality: int, subsampling: str) -> np.ndarray:
    """The pixels after they were stored as JPEG and opened again."""
    memory = BytesIO()
    Image.fromarray(pixels).save(memory, "JPEG", quality=quality, subsampling=subsampling)
    return np.asarray(Image.open(memory))


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
@pytest.mark.parametrize(("first", "second"), [(30, 80), (45, 88), (60, 95)])
def test_an_earlier_lower_quality_shows(tmp_path: Path, suffix: str, first: int, second: int) -> None:
    pixels = saved(textured(), first, "4:2:0")
    if suffix == "tif":  # one plane: colour would be stored as RGB, which has no luma
        pixels = pixels[..., 1]
    path = write_page(tmp_path / f"0001.{suffix}", pixels, dpi=300, compression="jpeg", quality=second)

    result, findings = run_check(
        EncodingCheck, path, compression_not_allowed=COMMON, lossy=OFF, recompressed={"note": 80}
    )

    measured = result.number("earlier_jpeg_quality")
    assert measured is not None
    assert measured.value == pytest.approx(first, abs=3)
    assert_finding(findings, "encoding/recompressed", verdict="note")


@pytest.mark.parametrize(("left", "top"), [(3, 6), (0, 5), (7, 0)])
@pytest.mark.parametrize(("first", "second"), [(30, 85), (45, 80), (60, 95)])
def test_an_earlier_lower_quality_shows_though_the_page_was_cropped(
    tmp_path: Path, first: int, second: int, left: int, top: int
) -> None:
    pixels = saved(textured(), first, "4:2:0")[top:, left:]
    path = write_page(tmp_path / "0001.jpg", pixels, dpi=300, quality=second)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    measured = result.number("earlier_jpeg_quality")
    assert measured is not None
    assert measured.value == pytest.approx(first, abs=5)


@pytest.mark.parametrize(("left", "top"), [(0, 0), (3, 6)])
@pytest.mark.parametrize(("first", "second"), [(None, 85), (30, 85), (45, 90)])
def test_an_earlier_lower_quality_shows_on_pure_white(
    tmp_path: Path, first: int | None, second: int, left: int, top: int
) -> None:
    written = draw_page(PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=300.0, noise=0.0)).pixels
    pixels = np.clip(written.astype(np.int16) + 30, 0, 255).astype(np.uint8)
    pixels = (saved(pixels, first, "4:2:0") if first else pixels)[top:, left:]
    path = write_page(tmp_path / "0001.jpg", pixels, dpi=300, quality=second)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    measured = result.number("earlier_jpeg_quality")
    assert (measured is None) == (first is None)
    assert measured is None or measured.value == pytest.approx(first, abs=10)


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
@pytest.mark.parametrize("quality", [60, 75, 85, 95])
def test_a_page_compressed_once_has_no_earlier_quality(
    tmp_path: Path, quality: int, subsampling: str
) -> None:
    path = tmp_path / "0001.jpg"
    Image.fromarray(textured(quality)).save(path, quality=quality, subsampling=subsampling)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    assert result.number("earlier_jpeg_quality") is None


@pytest.mark.parametrize("pixels", [saved(textured(), 85, "4:2:0"), saved(textured(paper=400), 30, "4:2:0")])
def test_an_earlier_quality_that_is_no_lower_or_was_cut_off_is_not_told(
    tmp_path: Path, pixels: np.ndarray
) -> None:
    path = write_page(tmp_path / "0001.jpg", pixels, dpi=300, quality=75)

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    assert result.number("earlier_jpeg_quality") is None


def test_damaged_pixels_leave_what_the_header_says(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.jpg", saved(textured(), 40, "4:2:0"), dpi=300, quality=90)
    path.write_bytes(path.read_bytes()[:20_000])

    result, _ = run_check(EncodingCheck, path, compression_not_allowed=COMMON)

    assert result.text("compression") == "jpeg"
    assert result.number("jpeg_quality") is not None
    assert result.number("earlier_jpeg_quality") is None


@pytest.mark.parametrize(("quality", "verdict"), [(80, None), (79, "note")])
def test_recompressed_on_each_side_of_the_limit(quality: int, verdict: str | None) -> None:
    measured = [Measurement(quantity="earlier_jpeg_quality", value=quality, unit=Unit.SCORE)]

    findings = judge(
        EncodingCheck,
        measured,
        compression_not_allowed={**COMMON, "verdict": "off"},
        recompressed={"note": 80},
    )

    if verdict is None:
        assert_no_finding(findings)
    else:
        assert_finding(findings, "encoding/recompressed", verdict=verdict)
