"""Generated pages as files: formats, resolution tags, several pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ybda_qc.synth import PageSpec, draw_page, write_page

SPEC = {"dpi": 75.0, "paper_mm": (105.0, 148.0)}


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("a.jpg", "JPEG", {}),
        ("a.TIF", "TIFF", {"compression": "lzw"}),
        ("b.tif", "TIFF", {"compression": "none"}),
        ("c.tif", "TIFF", {"compression": "jpeg"}),
        ("a.png", "PNG", {}),
        ("a.bmp", "BMP", {}),
    ],
)
def test_pixels_and_resolution_are_in_the_file(
    tmp_path: Path, name: str, kind: str, options: dict[str, str]
) -> None:
    pixels = draw_page(PageSpec(layout="text", mode="colour", **SPEC)).pixels
    path = write_page(tmp_path / name, pixels, dpi=300, **options)
    with Image.open(path) as image:
        assert image.format == kind
        assert image.size == pixels.shape[1::-1]
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - pixels).mean() < 4


@pytest.mark.parametrize("compression", ["g3", "g4"])
def test_fax_compression_keeps_bitonal_pixels(tmp_path: Path, compression: str) -> None:
    pixels = draw_page(PageSpec(layout="text", mode="bitonal", **SPEC)).pixels
    path = write_page(tmp_path / "page.tif", pixels, dpi=(200, 100), compression=compression)
    with Image.open(path) as image:
        assert image.mode == "1"
        assert image.info["dpi"] == (200, 100)
        assert np.array_equal(np.asarray(image.convert("L")), pixels)


def test_no_resolution_means_no_tag(tmp_path: Path) -> None:
    pixels = draw_page(PageSpec(layout="blank", **SPEC)).pixels
    with Image.open(write_page(tmp_path / "page.png", pixels, dpi=None)) as image:
        assert "dpi" not in image.info


def test_several_pages_go_into_one_tiff(tmp_path: Path) -> None:
    pages = [draw_page(PageSpec(layout="sparse", seed=seed, **SPEC)).pixels for seed in range(3)]
    with Image.open(write_page(tmp_path / "volume.tif", *pages, dpi=300)) as image:
        assert image.n_frames == 3
        image.seek(2)
        assert np.array_equal(np.asarray(image), pages[2])


def test_a_pdf_page_has_the_size_of_the_paper(tmp_path: Path) -> None:
    import pypdf

    page = draw_page(PageSpec(layout="text", **SPEC)).pixels
    path = write_page(tmp_path / "page.pdf", page, page, dpi=75)
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) == 2
    assert float(reader.pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(105, abs=0.5)


@pytest.mark.parametrize("name", ["page.gif", "page"])
def test_an_unknown_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot write"):
        write_page(tmp_path / name, np.zeros((4, 4), np.uint8), dpi=300)


def test_no_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot write 0 pages"):
        write_page(tmp_path / "page.tif", dpi=300)
