"""What files say of themselves: format by content, resolution, orientation, quality, metadata."""

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import chunk, colour_page, grey_page
from tests.imaging.reading import header_of, read
from ybda_qc.imaging.header import extensions_of, sniff


def _save(kind: str, array: Any = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(colour_page() if array is None else array).save(buffer, kind, **options)
    return buffer.getvalue()


def _exif(**tags: Any) -> bytes:
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[int(tag[1:])] = value
    return exif.tobytes()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (next(made_files.jpegs()).data, "JPEG"),
        (next(made_files.tiffs()).data, "TIFF"),
        (next(made_files.pngs()).data, "PNG"),
        (next(made_files.bmps()).data, "BMP"),
        (next(made_files.jp2s()).data, "JPEG2000"),
        (next(made_pdfs.pdfs()).data, "PDF"),
        (b"rubbish before\n" + next(made_pdfs.pdfs()).data, "PDF"),
        (b"BM, a text that begins like a bitmap", None),
        (b"GIF89a" + b"\0" * 99, None),
        (b"", None),
    ],
)
def test_format_is_told_by_content(data: bytes, name: str | None) -> None:
    assert sniff(data) == name


def test_extensions_are_lower_case_with_a_dot() -> None:
    assert {".jpg", ".jpeg"} <= extensions_of("JPEG")
    assert extensions_of("TIFF") == {".tif", ".tiff"}
    assert extensions_of("no such format") == frozenset()


class TestResolution:
    def test_jfif(self) -> None:
        header = header_of(_save("JPEG", dpi=(300, 200)))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (300, 200, "jfif")

    def test_jfif_in_centimetres(self) -> None:
        data = _save("JPEG", dpi=(118, 118)).replace(b"JFIF\0\x01\x01\x01", b"JFIF\0\x01\x01\x02", 1)
        assert header_of(data).dpi_x == pytest.approx(118 * 2.54)

    def test_jfif_that_gives_only_an_aspect_ratio_is_no_resolution(self) -> None:
        header = header_of(_save("JPEG"))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (None, None, None)

    def test_exif_where_jfif_gives_none(self) -> None:
        header = header_of(_save("JPEG", exif=_exif(t282=240.0, t283=250.0, t296=2)))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (240, 250, "exif")

    def test_exif_in_centimetres(self) -> None:
        assert header_of(_save("JPEG", exif=_exif(t282=200.0, t283=200.0, t296=3))).dpi_x == 508

    def test_exif_divided_by_zero_is_none(self) -> None:
        block = struct.pack("<2sHIH", b"II", 42, 8, 2)
        block += struct.pack("<HHII", 282, 5, 1, 38) + struct.pack("<HHII", 283, 5, 1, 38)
        block += struct.pack("<III", 0, 300, 0)
        data = _save("JPEG", exif=b"Exif\0\0" + block)
        assert header_of(data).dpi_x is None

    def test_tiff(self) -> None:
        header = header_of(_save("TIFF", dpi=(600, 300)))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (600, 300, "tiff")

    def test_tiff_without_unit_is_inches_and_unit_none_is_none(self) -> None:
        centimetres = _save("TIFF", resolution_unit=3, x_resolution=118.11, y_resolution=118.11)
        assert header_of(centimetres).dpi_x == pytest.approx(300, abs=0.1)
        no_unit = tifffile_bytes(grey_page(), resolution=(300, 300), resolutionunit="none")
        assert header_of(no_unit).dpi_x is None

    @pytest.mark.parametrize("dpi", [(0.001, 0.001), (300, 0.001)])
    def test_what_rounds_to_nothing_is_none(self, dpi: tuple[float, float]) -> None:
        header = header_of(_save("TIFF", dpi=dpi))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (None, None, None)

    def test_tiff_without_the_tags(self) -> None:
        assert header_of(_save("TIFF")).dpi_x is None

    def test_png(self) -> None:
        header = header_of(_save("PNG", dpi=(300, 400)))
        assert (header.dpi_x, header.dpi_y, header.dpi_source) == (300, 400, "phys")

    def test_png_aspect_ratio_is_no_resolution(self) -> None:
        data = made_files.png(grey_page(), 8, 0, [(b"pHYs", struct.pack(">IIB", 3, 4, 0))])
        assert header_of(data).dpi_x is None

    def test_bmp(self) -> None:
        header = header_of(_save("BMP", dpi=(300, 300)))
        assert header.dpi_x == pytest.approx(300, abs=0.05)
        assert header.dpi_source == "bmp"

    def test_jp2(self) -> None:
        data = _jp2_with_resolution(_save("JPEG2000"), across=400, down=300)
        header = header_of(data)
        assert header.dpi_x == pytest.approx(400, abs=0.05)
        assert header.dpi_y == pytest.approx(300, abs=0.05)
        assert header.dpi_source == "jp2-res"
        assert header_of(_save("JPEG2000")).dpi_x is None

    def test_pdf_is_that_of_the_placed_picture(self) -> None:
        header = header_of(next(made_pdfs.pdfs()).data)
        assert header.dpi_x == pytest.approx(made_pdfs.DPI, abs=0.1)
        assert header.dpi_source == "pdf-placed"


def tifffile_bytes(array: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def _jp2_with_resolution(data: bytes, *, across: float, down: float) -> bytes:
    """Add a capture resolution to the JP2 header box."""
    numbers = [round(down / 0.0254), 1, round(across / 0.0254), 1]
    inner = struct.pack(">I4s4H2b", 18, b"resc", *numbers, 0, 0)
    box = struct.pack(">I4s", 8 + len(inner), b"res ") + inner
    place = data.index(b"jp2h") - 4
    length = int.from_bytes(data[place : place + 4], "big")
    grown = (length + len(box)).to_bytes(4, "big")
    return data[:place] + grown + data[place + 4 : place + length] + box + data[place + length :]


class TestOrientation:
    @pytest.mark.parametrize("orientation", [1, 3, 6, 8])
    def test_jpeg_orientation_is_told_and_not_applied(self, orientation: int) -> None:
        plain = read(_save("JPEG"))
        turned = read(_save("JPEG", exif=_exif(t274=orientation)))
        assert turned[0].exif_orientation == orientation
        assert (turned[1].pixels == plain[1].pixels).all()
        assert (turned[0].width_px, turned[0].height_px) == (plain[0].width_px, plain[0].height_px)

    def test_tiff_orientation_is_told_and_not_applied(self) -> None:
        grey = grey_page()
        data = tifffile_bytes(grey, extratags=[(274, "H", 1, 6, True)])
        header, decoded = read(data)
        assert header.exif_orientation == 6
        assert (decoded.pixels == grey).all()

    def test_nonsense_is_none(self) -> None:
        assert header_of(_save("JPEG", exif=_exif(t274=77))).exif_orientation is None


class TestJpegQuality:
    @pytest.mark.parametrize("quality", [5, 20, 40, 50, 60, 75, 80, 85, 90, 95, 98, 100])
    @pytest.mark.parametrize("page", [colour_page(), grey_page()], ids=["colour", "grey"])
    def test_of_ijg_tables_within_one(self, quality: int, page: Any) -> None:
        estimate = header_of(_save("JPEG", page, quality=quality)).jpeg_quality
        assert estimate is not None
        assert abs(estimate - quality) <= 1

    def test_rises_with_scaled_foreign_tables(self) -> None:
        estimates = []
        for factor in (6, 3, 1):
            table = [min(255, max(1, (8 + n // 2) * factor)) for n in range(64)]
            estimates.append(header_of(_save("JPEG", qtables=[table, table])).jpeg_quality)
        assert estimates == sorted(estimates)
        assert estimates[0] != estimates[-1]

    def test_inside_tiff_and_pdf(self) -> None:
        tiff = _save("TIFF", compression="jpeg", quality=80)
        assert header_of(tiff).jpeg_quality == pytest.approx(80, abs=1)
        picture = made_pdfs.picture(_save("JPEG", quality=70), colour_page().shape[1::-1], "/DCTDecode")
        data = made_pdfs.pdf([made_pdfs.scan_page(picture, colour_page().shape)])
        assert header_of(data).jpeg_quality == pytest.approx(70, abs=1)

    def test_other_formats_have_none(self) -> None:
        assert header_of(_save("PNG")).jpeg_quality is None
        assert header_of(_save("TIFF")).jpeg_quality is None


@pytest.mark.parametrize(("sampling", "name"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_chroma_subsampling(sampling: int, name: str) -> None:
    assert header_of(_save("JPEG", subsampling=sampling)).chroma_subsampling == name


def test_progressive_is_told() -> None:
    assert header_of(_save("JPEG", progressive=True)).progressive
    assert not header_of(_save("JPEG")).progressive


@pytest.mark.parametrize(
    ("name", "compression", "lossy"),
    [
        ("rgb-none", "none", False),
        ("rgb-lzw", "lzw", False),
        ("rgb-zlib", "deflate", False),
        ("rgb-packbits", "packbits", False),
        ("g3-1d", "g3", False),
        ("g4", "g4", False),
        ("jpeg-ycbcr", "jpeg", True),
    ],
)
def test_compression_of_tiff(name: str, compression: str, lossy: bool) -> None:
    made = next(made for made in made_files.tiffs() if made.name == name)
    header = header_of(made.data)
    assert (header.compression, header.lossy) == (compression, lossy)


def test_wavelet_tells_whether_jpeg_2000_is_lossy() -> None:
    kinds = {made.name: header_of(made.data).lossy for made in made_files.jp2s()}
    assert kinds["jp2-lossless"] is False
    assert kinds["jp2-lossy"] is True


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "JPEG2000"])
def test_profile_is_named(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    data = _save(kind, icc_profile=profile.tobytes())
    if kind == "JPEG2000":  # Pillow writes none
        return
    name = header_of(data).icc_profile
    assert name is not None
    assert "sRGB" in name


def test_metadata_is_read_and_bounded() -> None:
    data = _save("JPEG", exif=_exif(t271="Scanner Works", t305="绍兴 scan 1.0", t270="x" * 5000))
    metadata = dict(header_of(data).metadata)
    assert metadata["make"] == "Scanner Works"
    assert metadata["software"].endswith("scan 1.0")
    assert len(metadata["description"]) <= 256


def test_png_text_is_metadata() -> None:
    data = made_files.png(grey_page(), 8, 0, [(b"tEXt", b"Software\0scan tool 3")])
    assert ("software", "scan tool 3") in header_of(data).metadata


def test_pages_of_a_multi_page_file_differ() -> None:
    made = next(made for made in made_files.tiffs() if made.name == "multi-page-3")
    headers = [header_of(made.data, frame) for frame in (1, 2, 3)]
    assert [header.frame_count for header in headers] == [3, 3, 3]
    assert [header.colour_mode for header in headers] == ["grey", "rgb", "bitonal"]


def test_a_page_that_only_calls_itself_reduced_is_a_page() -> None:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(grey_page())
        writer.write(grey_page(), subfiletype=1)
    assert header_of(buffer.getvalue()).frame_count == 2


def test_thumbnail_in_the_chain_is_no_page() -> None:
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(grey_page())
        writer.write(grey_page()[::8, ::8], subfiletype=1)
        writer.write(grey_page()[:90])
    assert header_of(buffer.getvalue()).frame_count == 2
    assert header_of(buffer.getvalue(), 2).height_px == 90


def test_header_needs_no_pixel_data_decoded() -> None:
    """A change of the image data is left to decoding; the header still tells size and resolution."""
    good = made_files.png(colour_page(), 8, 2, [(b"pHYs", struct.pack(">IIB", 11811, 11811, 1))])
    place = good.index(b"IDAT") + 40
    bad = good[:place] + bytes((good[place] ^ 0xFF,)) + good[place + 1 :]
    assert header_of(bad) == header_of(good)


def test_black_and_white_palette_is_bitonal() -> None:
    made = next(made for made in made_files.pngs() if made.name == "palette1")
    assert header_of(made.data).colour_mode == "bitonal"
    red = made_files.png(np.zeros((9, 9), np.uint8), 1, 3, [(b"PLTE", b"\xff\0\0\xff\xff\xff")])
    assert header_of(red).colour_mode == "palette"
    assert chunk(b"IEND", b"") in red
