"""PDF pages: a scan comes at its own resolution and upright as displayed; everything else is drawn."""

import io
import zlib
from typing import Any

import numpy as np
import pytest
from pypdf import PdfWriter

from tests.imaging.made_files import bitonal_page, colour_page, grey_page
from tests.imaging.made_pdfs import (
    DPI,
    INVISIBLE_TEXT,
    VISIBLE_TEXT,
    draw,
    flate_picture,
    g4_picture,
    jpeg_picture,
    pdf,
    pdfs,
    picture,
    scan_page,
    skewed_page,
)
from tests.imaging.reading import changed, fault_of, header_of, read

COLOUR = colour_page()
JPEG = jpeg_picture(COLOUR)
SCAN = scan_page(JPEG, COLOUR.shape)


def test_scan_is_single_image() -> None:
    header = header_of(pdf([SCAN]))
    assert header.is_single_image
    assert header.has_text_layer is False
    assert (header.compression, header.colour_mode) == ("jpeg", "rgb")


def test_invisible_text_leaves_it_a_scan_with_a_text_layer() -> None:
    header = header_of(pdf([scan_page(JPEG, COLOUR.shape, INVISIBLE_TEXT)]))
    assert header.is_single_image
    assert header.has_text_layer is True


def test_visible_text_over_the_scan_is_drawn_at_the_resolution_of_the_scan() -> None:
    header, decoded = read(pdf([scan_page(JPEG, COLOUR.shape, VISIBLE_TEXT)]))
    assert not header.is_single_image
    assert header.dpi_x == pytest.approx(DPI, abs=0.5)
    plain = read(pdf([SCAN]))[1].pixels
    assert decoded.pixels.shape == plain.shape
    assert (decoded.pixels != plain).any()


def test_text_beneath_the_scan_does_not_show() -> None:
    page = dict(SCAN)
    page["content"] = VISIBLE_TEXT + " " + SCAN["content"]
    header = header_of(pdf([page]))
    assert header.is_single_image
    assert header.has_text_layer is True


def test_unequal_resolution_is_kept() -> None:
    page = dict(SCAN, size=(SCAN["size"][0], SCAN["size"][1] * 2))
    page["content"] = draw(*page["size"])
    header = header_of(pdf([page]))
    assert header.dpi_x == pytest.approx(2 * header.dpi_y)
    assert header.width_px == COLOUR.shape[1]


@pytest.mark.parametrize("turn", [90, 270])
def test_rotation_swaps_sides_and_resolutions(turn: int) -> None:
    page = dict(SCAN, size=(SCAN["size"][0], SCAN["size"][1] * 2), rotate=turn)
    page["content"] = draw(*page["size"])
    header = header_of(pdf([page]))
    assert (header.width_px, header.height_px) == COLOUR.shape[:2]
    assert header.dpi_y == pytest.approx(2 * header.dpi_x)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ("{w} 0 0 {h} 0 0", COLOUR),
        ("{w} 0 0 -{h} 0 {h}", COLOUR[::-1]),
        ("-{w} 0 0 {h} {w} 0", COLOUR[:, ::-1]),
        ("-{w} 0 0 -{h} {w} {h}", COLOUR[::-1, ::-1]),
        ("0 {h} -{w} 0 {w} 0", np.rot90(COLOUR, 1)),
        ("0 -{h} {w} 0 0 {h}", np.rot90(COLOUR, -1)),
        ("0 {h} {w} 0 0 0", np.rot90(COLOUR[::-1], 1)),
    ],
)
def test_placement_matrix_is_applied(matrix: str, expected: Any) -> None:
    height, width = (side * 72 / DPI for side in expected.shape[:2])
    content = "q " + matrix.format(w=width, h=height) + " cm /Im0 Do Q"
    image = flate_picture(COLOUR)
    header, decoded = read(pdf([{"size": (width, height), "content": content, "pictures": [image]}]))
    assert header.is_single_image
    assert (decoded.pixels == expected).all()


def test_skewed_scan_is_drawn_so_that_the_skew_shows() -> None:
    lines = np.full((400, 400), 255, np.uint8)
    lines[198:202, 20:380] = 0
    header, decoded = read(pdf([skewed_page(flate_picture(lines), lines.shape, 2.0)]))
    assert not header.is_single_image
    assert decoded.pixels.shape == lines.shape
    left, right = (decoded.pixels[:, at].argmin() for at in (60, 340))
    assert np.degrees(np.arctan((left - right) / 280)) == pytest.approx(2.0, abs=0.3)


def test_page_without_pictures_is_drawn_at_300_dpi() -> None:
    header, decoded = read(pdf([{"size": (144, 72), "content": VISIBLE_TEXT}]))
    assert (header.width_px, header.height_px, header.dpi_x) == (600, 300, 300)
    assert header.compression == "vector"
    assert int(decoded.pixels.min()) < 100


def test_blank_page_is_no_fault() -> None:
    for content in ("", "q Q"):
        _, decoded = read(pdf([{"size": (144, 72), "content": content}]))
        assert int(decoded.pixels.min()) == 255


@pytest.mark.parametrize("width", [100, 200])
def test_small_picture_on_a_page_is_not_a_scan_and_lends_it_no_higher_resolution(width: int) -> None:
    content = f"q {width} 0 0 {width * 0.8} 50 50 cm /Im0 Do Q"
    header = header_of(pdf([{"size": (600, 800), "content": content, "pictures": [JPEG]}]))
    assert not header.is_single_image
    alone = header_of(
        pdf([{"size": (width, width * 0.8), "content": content.replace("50 50", "0 0"), "pictures": [JPEG]}])
    )
    assert alone.dpi_x is not None
    assert header.dpi_x == pytest.approx(max(alone.dpi_x, alone.dpi_y or 0), abs=0.5)


def test_strips_are_drawn_at_their_own_resolution() -> None:
    made = next(made for made in pdfs() if made.name == "strips")
    header = header_of(made.data)
    assert header.dpi_x == pytest.approx(DPI, abs=0.5)
    assert header.compression == "jpeg"


def test_each_page_has_its_own_header() -> None:
    grey = grey_page()
    data = pdf([SCAN, scan_page(jpeg_picture(grey), grey.shape), {"size": (72, 72), "content": ""}])
    headers = [header_of(data, frame) for frame in (1, 2, 3)]
    assert [header.frame_count for header in headers] == [3, 3, 3]
    assert [header.colour_mode for header in headers] == ["rgb", "grey", "rgb"]
    assert fault_of(data, frame=4) is not None


class TestDamage:
    def test_missing_end_marker(self) -> None:
        fault = fault_of(pdf([SCAN]).replace(b"%%EOF\n", b""))
        assert fault is not None
        assert fault.kind == "truncated"

    def test_bytes_after_the_end_marker_are_tolerated(self) -> None:
        assert fault_of(pdf([SCAN]) + b"\r\n\0\0\0 sent by mail \n" * 50) is None

    def test_rubbish_before_the_header_is_tolerated(self) -> None:
        assert fault_of(b"\n\n" + pdf([SCAN])) is None

    def test_cross_reference_in_the_wrong_place(self) -> None:
        data = pdf([SCAN])
        place = data.rindex(b"startxref\n") + 10
        moved = data[:place] + b"17" + data[data.index(b"\n", place) :]
        fault = fault_of(moved)
        assert fault is not None
        assert fault.kind == "unreadable"

    def test_circle_of_cross_references(self) -> None:
        data = pdf([SCAN])
        table = data.rindex(b"xref\n0")
        fault = fault_of(data.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % table))
        assert fault is not None

    def test_incremental_update_is_followed(self) -> None:
        data = pdf([SCAN])
        table = data.rindex(b"xref\n0")
        place = len(data)
        update = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        tail = b"xref\n1 1\n%010d 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Prev %d >>\n" % (place, table)
        whole = data + update + tail + b"startxref\n%d\n%%%%EOF\n" % (place + len(update))
        assert fault_of(whole) is None
        assert fault_of(whole[: len(data) + 30]) is not None

    def test_page_that_draws_a_picture_that_is_not_there(self) -> None:
        page = {"size": (200, 200), "content": draw(200, 200)}
        fault = fault_of(pdf([page]))
        assert fault is not None
        assert fault.kind == "unreadable"

    def test_picture_with_too_few_data_does_not_become_white(self) -> None:
        short = picture(zlib.compress(COLOUR.tobytes()[:5000]), COLOUR.shape[1::-1], "/FlateDecode")
        fault = fault_of(pdf([scan_page(short, COLOUR.shape)]))
        assert fault is not None
        assert fault.kind == "truncated"

    def test_damaged_picture_on_a_drawn_page_is_found(self) -> None:
        start = JPEG.index(b"stream\n") + 7
        broken = bytearray(JPEG)
        for place in range(start + 2000, len(JPEG) - 100, 900):
            broken[place] ^= 0x5A
        data = pdf([scan_page(bytes(broken), COLOUR.shape, VISIBLE_TEXT)])
        assert fault_of(data) is not None

    def test_fax_picture_is_held_to_its_declared_coding(self) -> None:
        bits = bitonal_page()
        start = pdf([scan_page(g4_picture(bits), bits.shape)]).index(b"stream\n") + 7
        data = pdf([scan_page(g4_picture(bits), bits.shape)])
        end = data.index(b"\nendstream", start)
        found = [
            fault_of(data[:start] + copy + data[end:]) for copy in changed(data[start:end], 12, 3, first=50)
        ]
        assert sum(fault is not None for fault in found) >= 10


class TestEncryption:
    @staticmethod
    def _encrypted(user: str) -> bytes:
        writer = PdfWriter(clone_from=io.BytesIO(pdf([SCAN])))
        writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
        buffer = io.BytesIO()
        writer.write(buffer)
        return buffer.getvalue()

    def test_password_needed(self) -> None:
        fault = fault_of(self._encrypted("secret"))
        assert fault is not None
        assert fault.kind == "encrypted"

    def test_encrypted_but_open_to_all(self) -> None:
        data = self._encrypted("")
        header, decoded = read(data)
        assert header.encrypted
        assert decoded.pixels.shape == COLOUR.shape
        assert not header_of(pdf([SCAN])).encrypted


class TestActiveContent:
    @staticmethod
    def _content(**options: Any) -> tuple[str, ...]:
        return header_of(pdf([dict(SCAN, more=options.pop("page", ""))], **options)).active_content

    def test_none(self) -> None:
        assert self._content() == ()

    def test_script_on_opening(self) -> None:
        found = self._content(catalogue="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
        assert found == ("javascript", "open-action")

    def test_opening_at_a_page_is_harmless(self) -> None:
        assert self._content(catalogue="/OpenAction << /S /GoTo /D [4 0 R /Fit] >>") == ()

    def test_launched_program(self) -> None:
        assert "launch" in self._content(catalogue="/OpenAction << /S /Launch /F (cmd.exe) >>")

    def test_link(self) -> None:
        page = "/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://example.org) >> >>]"
        assert self._content(page=page) == ("uri",)

    def test_attachment(self) -> None:
        catalogue = "/Names << /EmbeddedFiles << /Names [(a.exe) {first} 0 R] >> >>"
        more = [b"<< /Type /Filespec /F (a.exe) /EF << /F 99 0 R >> >>"]
        assert self._content(catalogue=catalogue, more=more) == ("embedded-file",)

    def test_name_in_disguise(self) -> None:
        found = self._content(catalogue="/OpenAction << /S /J#61vaScript /#4AS (1) >>")
        assert "javascript" in found

    def test_objects_in_a_circle_end(self) -> None:
        more = [b"<< /JS (1) /Next {0} 0 R >>".replace(b"{0}", b"7"), b"<< /Next 6 0 R >>"]
        assert "javascript" in self._content(catalogue="/AA << /WC {first} 0 R >>", more=more)

    def test_only_told_with_the_first_page(self) -> None:
        data = pdf([SCAN, SCAN], catalogue="/OpenAction << /S /JavaScript /JS (1) >>")
        assert header_of(data, 1).active_content
        assert header_of(data, 2).active_content == ()
