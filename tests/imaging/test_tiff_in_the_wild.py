"""TIFF files that break the letter of the specification without losing a pixel are read, and noted."""

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile

from tests.imaging.made_files import Array, grey_page
from tests.imaging.reading import fault_of, read

GREY = grey_page(120, 90)


def tiff(tags: dict[int, tuple[int, list[int]]], data: bytes, *, following: int = 0) -> bytes:
    """A little-endian file: pixel data from byte 8, then one directory of integer tags (type, values)."""
    place = 8 + len(data)
    head = struct.pack("<2sHI", b"II", 42, place) + data
    end = place + 2 + 12 * len(tags) + 4
    entries, lists = b"", b""
    for tag, (kind, values) in sorted(tags.items()):
        packed = b"".join(value.to_bytes({1: 1, 3: 2, 4: 4}[kind], "little") for value in values)
        field = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack("<I", end + len(lists))
        lists += packed if len(packed) > 4 else b""
        entries += struct.pack("<HHI", tag, kind, len(values)) + field
    return head + struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + lists


def usual(array: Array = GREY, **changes: Any) -> dict[int, tuple[int, list[int]]]:
    """Tags of an uncompressed grey page in one strip; `t278=None` leaves one out."""
    height, width = array.shape
    tags: dict[int, tuple[int, list[int]]] = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [8]),
        259: (3, [1]),
        262: (3, [1]),
        273: (4, [8]),
        277: (3, [1]),
        278: (4, [height]),
        279: (4, [array.size]),
    }
    for name, value in changes.items():
        tag = int(name[1:])
        if value is None:
            del tags[tag]
        else:
            tags[tag] = value
    return tags


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"t278": None},
        {"t278": (4, [0xFFFF_FFFF])},
        {"t278": (4, [0])},
        {"t279": None},
        {"t279": (4, [0])},
        {"t279": (4, [GREY.size + 500])},
        {"t277": None},
        {"t262": None},
        {"t256": (3, [120]), "t257": (3, [90])},
        {"t258": (1, [8])},
        {"t259": None},
    ],
    ids=str,
)
def test_untidy_tags_are_tolerated(changes: dict[str, Any]) -> None:
    _, decoded = read(tiff(usual(**changes), GREY.tobytes()))
    assert (decoded.pixels == GREY).all()


def test_missing_lengths_are_noted() -> None:
    assert read(tiff(usual(t279=None), GREY.tobytes()))[1].warnings


def test_lengths_of_sixteen_bits() -> None:
    rows = [10] * 9
    tags = usual(
        t278=(3, [10]),
        t273=(4, [8 + 1200 * number for number in range(9)]),
        t279=(3, [1200] * len(rows)),
    )
    assert (read(tiff(tags, GREY.tobytes()))[1].pixels == GREY).all()


def test_last_strip_filled_up_to_the_others() -> None:
    padded = np.vstack([GREY, np.full((10, 120), 7, np.uint8)])
    strips = [tifffile_strip(padded[top : top + 40]) for top in (0, 40, 80)]
    starts = np.cumsum([8, *map(len, strips)])[:-1].tolist()
    tags = usual(t259=(3, [5]), t278=(3, [40]), t273=(4, starts), t279=(4, [len(s) for s in strips]))
    # rows 80..89 belong to the page; the last strip holds 20 rows, more than the 10 that are left but not 40
    assert fault_of(tiff(tags, b"".join(strips))) is not None
    full = np.vstack([padded, np.full((20, 120), 7, np.uint8)])
    strips[2] = tifffile_strip(full[80:120])
    starts = np.cumsum([8, *map(len, strips)])[:-1].tolist()
    tags = usual(t259=(3, [5]), t278=(3, [40]), t273=(4, starts), t279=(4, [len(s) for s in strips]))
    _, decoded = read(tiff(tags, b"".join(strips)))
    assert (decoded.pixels == GREY).all()
    assert decoded.warnings


def tifffile_strip(rows: Array) -> bytes:
    """One LZW strip."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, rows, compression="lzw", rowsperstrip=len(rows))
    with tifffile.TiffFile(io.BytesIO(buffer.getvalue())) as file:
        page = file.pages[0]
        begin, count = page.dataoffsets[0], page.databytecounts[0]
    return buffer.getvalue()[begin : begin + count]


def test_link_of_the_last_directory_left_out() -> None:
    data = tiff(usual(), GREY.tobytes())
    assert data.endswith(b"\0\0\0\0")
    assert (read(data[:-4])[1].pixels == GREY).all()
    assert fault_of(data[:-2]) is not None


def test_unknown_tag_with_a_wild_offset_is_ignored() -> None:
    tags = usual(t65000=(4, [1] * 3))
    data = bytearray(tiff(tags, GREY.tobytes()))
    place = data.index(struct.pack("<HHI", 65000, 4, 3)) + 8
    data[place : place + 4] = struct.pack("<I", 0xFFFF_FF00)
    assert fault_of(bytes(data)) is None


class TestContradictions:
    @pytest.mark.parametrize(
        "changes",
        [
            {"t256": None},
            {"t257": (4, [0])},
            {"t273": None},
            {"t278": (4, [10])},
            {"t273": (4, [10**9])},
            {"t277": (3, [900])},
            {"t322": (4, [0]), "t323": (4, [16]), "t324": (4, [8]), "t325": (4, [9])},
        ],
        ids=str,
    )
    def test_is_a_fault(self, changes: dict[str, Any]) -> None:
        assert fault_of(tiff(usual(**changes), GREY.tobytes())) is not None

    def test_circle_of_pages(self) -> None:
        place = 8 + GREY.size
        fault = fault_of(tiff(usual(), GREY.tobytes(), following=place))
        assert fault is not None
        assert fault.kind == "unreadable"

    def test_page_list_that_leaves_the_file(self) -> None:
        fault = fault_of(tiff(usual(), GREY.tobytes(), following=10**8))
        assert fault is not None
        assert fault.kind == "truncated"

    def test_page_that_does_not_exist(self) -> None:
        assert fault_of(tiff(usual(), GREY.tobytes()), frame=2) is not None

    def test_unknown_compression_is_not_called_damage(self) -> None:
        fault = fault_of(tiff(usual(t259=(3, [34676])), GREY.tobytes()))
        assert fault is not None
        assert fault.kind == "unsupported"


def test_both_photometrics_show_the_same_page() -> None:
    white = read(tiff(usual(t262=(3, [0])), (255 - GREY).tobytes()))[1].pixels
    black = read(tiff(usual(), GREY.tobytes()))[1].pixels
    assert (white == black).all()


@pytest.mark.parametrize("bits", [2, 4])
def test_few_bits_stretch_to_the_whole_range(bits: int) -> None:
    levels = GREY >> (8 - bits)
    parts = 8 // bits
    packed = np.zeros((90, 120 // parts), np.uint8)
    for part in range(parts):
        packed |= levels[:, part::parts] << (8 - bits * (part + 1))
    tags = usual(t258=(3, [bits]), t279=(4, [packed.size]))
    header, decoded = read(tiff(tags, packed.tobytes()))
    assert header.bits_per_sample == bits
    assert (decoded.pixels == levels * (255 // ((1 << bits) - 1))).all()


def test_resolution_beyond_the_end_is_a_cut() -> None:
    tags = usual(t282=(4, [300, 1, 0]))
    data = bytearray(tiff(tags, GREY.tobytes()))
    place = data.index(struct.pack("<HHI", 282, 4, 3)) + 8
    data[place : place + 4] = struct.pack("<I", len(data) + 9)
    fault = fault_of(bytes(data))
    assert fault is not None
    assert fault.kind == "truncated"
