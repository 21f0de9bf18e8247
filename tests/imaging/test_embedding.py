"""Pictures as PDF holds them: the coded data of the file where PDF can hold it, equal pixels otherwise."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.imaging import made_files
from tests.imaging.made_files import Made
from ybda_qc.imaging.embedding import Embedded, embed
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.view import PageView

MADE = {
    f"{kind.__name__}-{made.name}": made
    for kind in (
        made_files.jpegs,
        made_files.tiffs,
        made_files.pngs,
        made_files.bmps,
        made_files.jp2s,
    )
    for made in kind()
}


def view_of(made: Made) -> PageView:
    return PageView(Source(Path(made.name), memoryview(made.data)), made.frame)


def embedded(name: str) -> tuple[Embedded, PageView]:
    view = view_of(MADE[name])
    return embed(view), view


@pytest.mark.parametrize("name", [name for name in MADE if name.startswith(("jpegs", "jp2s-jp2"))])
def test_jpeg_and_jp2_files_are_taken_whole(name: str) -> None:
    picture, view = embedded(name)

    assert picture.filter == ("JPXDecode" if "jp2" in name else "DCTDecode")
    assert bytes(picture.data) == MADE[name].data
    assert picture.is_original and view.decodes == 0


@pytest.mark.parametrize("name", ["tiffs-g4", "tiffs-g4-min-is-white", "tiffs-g4-fill-order-2"])
def test_one_strip_of_g4_is_taken_as_it_is(name: str) -> None:
    picture, view = embedded(name)

    assert picture.filter == "CCITTFaxDecode" and picture.is_original and view.decodes == 0
    data = bytes(picture.data)
    if name.endswith("order-2"):
        data = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
    assert data in MADE[name].data


def test_one_jpeg_stream_in_tiff_keeps_its_scan() -> None:
    picture, view = embedded("tiffs-jpeg-ycbcr")

    data = bytes(picture.data)
    assert picture.filter == "DCTDecode" and view.decodes == 0
    assert data[data.index(b"\xff\xda") : -2] in MADE["tiffs-jpeg-ycbcr"].data


@pytest.mark.parametrize("name", ["pngs-rgb", "pngs-bits", "pngs-palette4", "pngs-rgb16", "pngs-many-idat"])
def test_rows_of_png_are_taken_as_they_are(name: str) -> None:
    picture, view = embedded(name)

    assert picture.filter == "FlateDecode" and picture.is_original and view.decodes == 0
    assert bytes(picture.data)[:64] in MADE[name].data


@pytest.mark.parametrize(
    "name", ["tiffs-rgb-lzw", "tiffs-tiled", "pngs-interlaced", "pngs-rgba", "bmps-rgb24", "jp2s-codestream"]
)
def test_what_pdf_cannot_hold_is_coded_anew(name: str) -> None:
    picture, _view = embedded(name)

    assert picture.filter == "FlateDecode" and not picture.is_original


@pytest.mark.parametrize("name", ["tiffs-g4-strips", "tiffs-bits-lzw", "tiffs-g3-1d", "bmps-bits"])
def test_black_and_white_is_coded_anew_in_g4(name: str) -> None:
    picture, _view = embedded(name)

    assert picture.filter == "CCITTFaxDecode" and not picture.is_original


def jpeg(mode: str, profile: bytes) -> Made:
    file = io.BytesIO()
    image = Image.new(mode, (20, 10), 1)
    image.save(file, "JPEG", icc_profile=profile)
    return Made(name=mode, data=file.getvalue(), pixels=made_files.grey_page())


def test_a_colour_profile_comes_along() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert embed(view_of(jpeg("RGB", profile))).profile == profile


@pytest.mark.parametrize("damage", ["colours", "version", "cut"])
def test_a_profile_of_another_kind_is_left_out(damage: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if damage == "colours":
        profile = profile[:16] + b"GRAY" + profile[20:]
    elif damage == "version":
        profile = profile[:8] + struct.pack(">L", 0x05000000) + profile[12:]
    else:
        profile = profile[:100]

    assert embed(view_of(jpeg("RGB", profile))).profile == b""
