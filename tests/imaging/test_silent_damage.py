"""Damage that decoders pass over without a word is told; what only looks alike in sound files is not."""

import io
import struct
import zlib
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import Array, bitonal_page, colour_page, grey_page
from tests.imaging.made_pdfs import flate_picture, jpeg_picture, pdf, picture, scan_page
from tests.imaging.reading import fault_of, read
from tests.imaging.test_tiff_in_the_wild import tiff, tifffile_strip, usual

GREY = grey_page(120, 90)
LARGE = grey_page(600, 800)
COLOUR = colour_page()


def is_unsound(data: bytes, frame: int = 1) -> bool:
    fault = fault_of(data, frame)
    return fault is not None and fault.kind in ("unreadable", "truncated")


def in_strips(array: Array, strips: list[bytes], rows: int, **changes: Any) -> bytes:
    """A page of several strips; changes as for `usual`, the directory listing all strips."""
    starts = np.cumsum([8, *map(len, strips)])[:-1].tolist()
    tags = usual(
        array, **{"t278": (3, [rows]), "t273": (4, starts), "t279": (4, [len(s) for s in strips]), **changes}
    )
    return tiff(tags, b"".join(strips))


class TestJpegOfUnusualSampling:
    @pytest.fixture
    def data(self) -> bytes:
        ink = np.dstack([255 - COLOUR, np.zeros(COLOUR.shape[:2], np.uint8)])
        buffer = io.BytesIO()
        image = Image.frombytes("CMYK", COLOUR.shape[1::-1], ink.tobytes())
        image.save(buffer, "JPEG", quality=85, subsampling=2)
        return buffer.getvalue()

    def test_sound_file_is_decoded_but_not_verified(self, data: bytes) -> None:
        decoded = read(data)[1]
        assert not decoded.verified
        assert decoded.warnings
        assert (
            float(cv2.absdiff(decoded.pixels, COLOUR).mean()) < 12
        )  # colour inks are stored at half the resolution

    def test_other_files_are_verified(self) -> None:
        assert all(read(made.data)[1].verified for made in made_files.jpegs())

    def test_inside_a_pdf_it_is_not_verified_either(self, data: bytes) -> None:
        scan = picture(
            data, COLOUR.shape[1::-1], "/DCTDecode", "/DeviceCMYK", more="/Decode [1 0 1 0 1 0 1 0]"
        )
        assert not read(pdf([scan_page(scan, COLOUR.shape)]))[1].verified

    @pytest.mark.parametrize("share", [0.4, 0.6, 0.8])
    def test_early_end_is_found(self, data: bytes, share: float) -> None:
        kept = data[: int(len(data) * share)]
        assert is_unsound(kept)
        assert is_unsound(kept + b"\xff\xd9")


class TestPlacesOfTiffStrips:
    ROWS = tuple(GREY[top : top + 10].tobytes() for top in range(0, 90, 10))

    def test_sound(self) -> None:
        assert (read(in_strips(GREY, list(self.ROWS), 10))[1].pixels == GREY).all()

    @pytest.mark.parametrize(
        "starts",
        [[0] * 9, [8] * 9, [8 + 100 * n for n in range(9)], [8, 8, *(8 + 1200 * n for n in range(2, 9))]],
        ids=["header", "same", "overlapping", "one-twice"],
    )
    def test_impossible_places(self, starts: list[int]) -> None:
        assert is_unsound(in_strips(GREY, list(self.ROWS), 10, t273=(4, starts)))

    def test_place_within_the_directory(self) -> None:
        begin = 8 + GREY.size + 4
        data = tiff(usual(t278=(3, [1]), t257=(4, [1]), t279=(4, [120]), t273=(4, [begin])), GREY.tobytes())
        assert is_unsound(data)

    def test_one_blank_strip_may_serve_for_several(self) -> None:
        page = GREY.copy()
        page[40:] = 255
        data = in_strips(
            page, list(self.ROWS), 10, t273=(4, [8 + 1200 * n for n in range(4)] + [8 + 4800] * 5)
        )
        blank = data[: 8 + 4800] + b"\xff" * 1200 + data[8 + 6000 :]
        assert (read(blank)[1].pixels == page).all()

    def test_coded_strip_that_serves_for_several(self) -> None:
        strips = [zlib.compress(LARGE[top : top + 100].tobytes()) for top in range(0, 800, 100)]
        same = {"t273": (4, [8] * 8), "t279": (4, [len(strips[0])] * 8), "t259": (3, [8])}
        assert fault_of(in_strips(LARGE, strips, 100, t259=(3, [8]))) is None
        assert is_unsound(in_strips(LARGE, strips, 100, **same))


class TestHiddenRowsOfTiff:
    @pytest.mark.parametrize("coding", [1, 5, 8])
    def test_smaller_height_than_the_strips_have(self, coding: int) -> None:
        parts = [LARGE[top : top + 100] for top in range(0, 800, 100)]
        codes = {1: lambda p: p.tobytes(), 5: tifffile_strip, 8: lambda p: zlib.compress(p.tobytes())}
        strips = [codes[coding](part) for part in parts]
        changes = {"t259": (3, [coding])}
        assert fault_of(in_strips(LARGE, strips, 100, **changes)) is None
        assert is_unsound(in_strips(LARGE, strips, 100, t257=(4, [400]), **changes))

    def test_one_number_too_many_is_only_noted(self) -> None:
        strips = [GREY[top : top + 10].tobytes() for top in range(0, 90, 10)]
        starts = [8 + 1200 * n for n in range(9)]
        ends = in_strips(GREY, strips, 10, t273=(4, [*starts, 0]), t279=(4, [1200] * 9 + [0]))
        assert (read(ends)[1].pixels == GREY).all()
        strips.append(b"\0" * 1200)
        data = in_strips(GREY, strips, 10)
        _, decoded = read(data)
        assert (decoded.pixels == GREY).all()
        assert decoded.warnings

    def test_smaller_width_than_the_data_have(self) -> None:
        assert is_unsound(tiff(usual(LARGE, t256=(4, [300])), LARGE.tobytes()))
        packed = zlib.compress(LARGE.tobytes())
        tags = usual(LARGE, t256=(4, [300]), t259=(3, [8]), t279=(4, [len(packed)]))
        assert is_unsound(tiff(tags, packed))

    @pytest.mark.parametrize("changes", [{"t257": (4, [400])}, {"t256": (4, [300])}], ids=str)
    def test_jpeg_strip_larger_than_the_page(self, changes: dict[str, Any]) -> None:
        coded = imagecodecs.jpeg8_encode(LARGE, level=85)
        tags = {"t259": (3, [7]), "t279": (4, [len(coded)])}
        assert fault_of(tiff(usual(LARGE, **tags), coded)) is None
        assert is_unsound(tiff(usual(LARGE, **tags, **changes), coded))


class TestPdf:
    SCAN = scan_page(jpeg_picture(COLOUR), COLOUR.shape)

    def test_more_pages_than_counted(self) -> None:
        data = pdf([self.SCAN] * 3)
        assert fault_of(data) is None
        assert b"/Count 3" in data
        assert is_unsound(data.replace(b"/Count 3", b"/Count 2"))

    @pytest.mark.parametrize(
        ("old", "new"),
        [(b"/Im1 Do", b"/Im9 Do"), (b"/Subtype /Image", b"/Subtype /Imagf")],
        ids=["name", "subtype"],
    )
    def test_one_of_several_pictures_is_missing(self, old: bytes, new: bytes) -> None:
        data = next(made.data for made in made_pdfs.pdfs() if made.name == "strips")
        assert old in data
        assert is_unsound(data.replace(old, new, 1))

    def test_broken_operator(self) -> None:
        data = pdf([self.SCAN])
        assert is_unsound(data.replace(b"/Im0 Do", b"/Im0 Dp"))

    @pytest.mark.parametrize("name", ["Im0", "Im7"])
    def test_picture_missing_inside_a_form(self, name: str) -> None:
        width, height = self.SCAN["size"]
        words = f"q {width} 0 0 {height} 0 0 cm /{name} Do Q".encode()
        head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 {width} {height}] /Length {len(words)} >>"
        form = head.encode() + b"\nstream\n" + words + b"\nendstream"
        page = dict(self.SCAN, content="/Im1 Do", pictures=[*self.SCAN["pictures"], form])
        assert is_unsound(pdf([page])) == (name == "Im7")

    def test_content_that_ends_early(self) -> None:
        words = self.SCAN["content"].encode() + b"\n%" + np.random.default_rng(1).bytes(3000).hex().encode()
        packed = zlib.compress(words)
        plain = dict(self.SCAN, content="@" * 40)
        head, tail = pdf([plain]).split(b"@" * 40)
        begin = head.rindex(b"<<")

        def with_content(coded: bytes) -> bytes:
            stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(coded) + coded
            whole = head[:begin] + stream + tail
            table = whole.rindex(b"xref\n0")
            return rebuilt(whole, table)

        assert fault_of(with_content(packed)) is None
        assert fault_of(with_content(packed[:-4])) is None
        assert is_unsound(with_content(packed[: len(packed) // 2]))

    @pytest.mark.parametrize("size", [(333, 100), (150, 250), (333, 500)], ids=str)
    def test_data_of_another_size(self, size: tuple[int, int]) -> None:
        data = zlib.compress(COLOUR.tobytes())
        wrong = picture(data, size, "/FlateDecode")
        assert is_unsound(pdf([scan_page(wrong, size[::-1])]))

    @pytest.mark.parametrize("coding", ["none", "hex", "lzw"])
    @pytest.mark.parametrize("share", [1.0, 0.5])
    def test_short_data_of_every_coding(self, coding: str, share: float) -> None:
        whole = {
            "none": COLOUR.tobytes(),
            "hex": zlib.compress(COLOUR.tobytes()),
            "lzw": imagecodecs.lzw_encode(COLOUR.tobytes()),
        }[coding]
        part = whole[: int(len(whole) * share)]
        if coding == "hex":
            part = part.hex().encode() + b">"
        filters = {"none": "[]", "hex": "[/ASCIIHexDecode /FlateDecode]", "lzw": "/LZWDecode"}[coding]
        data = pdf([scan_page(picture(part, COLOUR.shape[1::-1], filters), COLOUR.shape)])
        assert is_unsound(data) == (share < 1)

    @pytest.mark.parametrize(
        ("space", "samples"), [("/DeviceGray", 1), ("/DeviceRGB", 3), ("/DeviceCMYK", 4)], ids=str
    )
    @pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
    def test_every_depth_is_sound_and_told_when_short(self, space: str, samples: int, bits: int) -> None:
        width, height = 200, 300
        size = (width * samples * bits + 7) // 8 * height
        data = np.random.default_rng(bits).integers(0, 256, size).astype(np.uint8).tobytes()
        whole = picture(zlib.compress(data), (width, height), "/FlateDecode", space, bits=bits)
        assert fault_of(pdf([scan_page(whole, (height, width))])) is None
        short = picture(zlib.compress(data[: size // 8]), (width, height), "/FlateDecode", space, bits=bits)
        assert is_unsound(pdf([scan_page(short, (height, width))]))

    def test_rows_with_a_predictor_are_sound(self) -> None:
        rows = b"".join(b"\0" + row.tobytes() for row in COLOUR)
        parameters = f"/DecodeParms << /Predictor 15 /Colors 3 /Columns {COLOUR.shape[1]} >>"
        scan = picture(zlib.compress(rows), COLOUR.shape[1::-1], "/FlateDecode", more=parameters)
        assert (read(pdf([scan_page(scan, COLOUR.shape)]))[1].pixels == COLOUR).all()

    def test_only_the_page_with_the_damage_is_accused(self) -> None:
        good = scan_page(flate_picture(COLOUR), COLOUR.shape)
        bad = dict(good, content=good["content"].replace("/Im0", "/Im5"))
        data = pdf([good, bad, good])
        assert [is_unsound(data, frame) for frame in (1, 2, 3)] == [False, True, False]


def rebuilt(data: bytes, table: int) -> bytes:
    """The file with the offsets of its cross-reference table put right."""
    body = data[:table]
    count = int(data[table:].split()[2])
    places = [body.index(b"\n%d 0 obj\n" % number) + 1 for number in range(1, count)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = data[data.index(b"trailer", table) : data.rindex(b"startxref")]
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    return body + head + rows + trailer + b"startxref\n%d\n%%%%EOF\n" % table


class TestJpeg2000:
    @staticmethod
    def coded(array: Array, **options: Any) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(array).save(buffer, "JPEG2000", **options)
        return buffer.getvalue()

    @pytest.mark.parametrize("options", [{}, {"tile_size": (256, 256)}], ids=str)
    def test_part_overwritten_with_zeros(self, options: dict[str, Any]) -> None:
        page = np.random.default_rng(4).integers(0, 256, (512, 512)).astype(np.uint8)
        data = bytearray(self.coded(page, **options))
        assert fault_of(bytes(data)) is None
        middle = len(data) // 8
        data[middle : middle + 4000] = bytes(4000)
        assert is_unsound(bytes(data))

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"tile_size": (256, 256)},
            {"precinct_size": (64, 64), "codeblock_size": (32, 32)},
            {"irreversible": True, "quality_mode": "rates", "quality_layers": [80, 40, 20, 10]},
        ],
        ids=str,
    )
    def test_blank_pages_are_sound(self, options: dict[str, Any]) -> None:
        page = np.full((1500, 1000), 255, np.uint8)
        assert fault_of(self.coded(page, **options)) is None
        page[:64, :64] = bitonal_page()[:64, :64]
        assert fault_of(self.coded(page, **options)) is None


class TestBmp:
    @pytest.fixture
    def data(self) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(COLOUR).save(buffer, "BMP")
        return buffer.getvalue()

    @pytest.mark.parametrize(("place", "value"), [(18, 150), (22, 125), (10, 0), (10, 20)])
    def test_changed_header(self, data: bytes, place: int, value: int) -> None:
        assert fault_of(data) is None
        assert is_unsound(data[:place] + struct.pack("<I", value) + data[place + 4 :])

    def test_filling_behind_the_pixels_is_sound(self, data: bytes) -> None:
        assert fault_of(data + bytes(2)) is None
        assert fault_of(data + bytes(20_000)) is None

    def test_runs_that_end_early(self) -> None:
        made = next(made for made in made_files.bmps() if made.name == "rle8")
        assert fault_of(made.data) is None
        begin = struct.unpack("<I", made.data[10:14])[0]
        row_end = made.data.index(b"\0\0", begin + 2000)
        assert is_unsound(made.data[: row_end + 2] + b"\0\1")
