"""Damage is reported: cut files always, changed bytes as far as the format allows.

The rates are floors: what was measured on these files lies above them. Formats whose coded data carry no
redundancy (uncompressed, PackBits, JPEG 2000 code-blocks) have no floor for changed bytes, only for cuts.
"""

import pytest

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import Made
from tests.imaging.reading import changed, cuts, fault_of

ALL = {
    f"{group.__name__}-{made.name}": made
    for group in (
        made_files.jpegs,
        made_files.tiffs,
        made_files.pngs,
        made_files.bmps,
        made_files.jp2s,
        made_pdfs.pdfs,
    )
    for made in group()
}
# The last page of these is all that a late cut reaches, and trailing bytes may go without loss.
CUT = {key: made for key, made in ALL.items() if made.frame == 1 and made.name != "trailing-bytes"}


@pytest.mark.parametrize("made", CUT.values(), ids=CUT)
def test_every_cut_is_found(made: Made) -> None:
    missed = [len(cut) for cut in cuts(made.data, 12) if fault_of(cut) is None]
    assert missed == []


@pytest.mark.parametrize("key", ["tiffs-grey-lzw", "tiffs-g4", "jpegs-rgb-420", "pngs-rgb", "bmps-rgb24"])
def test_cut_before_the_last_byte_is_found(key: str) -> None:
    fault = fault_of(ALL[key].data[:-1])
    assert fault is not None
    assert fault.kind in ("truncated", "unreadable")


@pytest.mark.parametrize(
    ("key", "changes", "floor"),
    [
        ("pngs-rgb", 1, 1.0),
        ("pngs-interlaced", 1, 1.0),
        ("tiffs-rgb-zlib", 1, 0.95),
        ("tiffs-g4", 1, 0.7),
        ("tiffs-g4", 20, 1.0),
        ("tiffs-g3-1d", 1, 0.7),
        ("tiffs-g3-2d", 5, 0.9),
        ("tiffs-rgb-lzw", 1, 0.5),
        ("tiffs-rgb-lzw", 20, 1.0),
        ("tiffs-bits-lzw", 5, 0.9),
        ("tiffs-tiled", 20, 1.0),
        ("tiffs-jpeg-tiled", 20, 0.95),
        ("jpegs-grey", 20, 0.95),
        ("jpegs-rgb-420", 20, 0.95),
        ("jpegs-progressive", 20, 0.95),
        ("jpegs-cmyk-adobe", 20, 0.95),
        ("jpegs-restart-markers", 20, 0.95),
        ("bmps-rle8", 20, 0.8),
        ("pdfs-jpeg", 20, 0.9),
        ("pdfs-flate", 1, 0.9),
    ],
)
def test_changed_bytes_are_found(key: str, changes: int, floor: float) -> None:
    data = ALL[key].data
    first = min(len(data) // 10, 600)
    found = [fault_of(copy) is not None for copy in changed(data, 24, changes, first=first)]
    assert sum(found) / len(found) >= floor


@pytest.mark.parametrize(
    "key", ["tiffs-g4", "tiffs-rgb-lzw", "jpegs-rgb-444", "pngs-palette4", "jp2s-jp2-tiled"]
)
def test_changes_anywhere_give_a_fault_or_pixels_never_another_exception(key: str) -> None:
    data = ALL[key].data
    for copy in changed(data, 60, 3, first=0):
        fault_of(copy)


@pytest.mark.parametrize(
    "key", ["tiffs-rgb-zlib", "pdfs-g4", "bmps-rle4", "tiffs-planar-tiled", "pdfs-strips"]
)
def test_changed_headers_never_raise_another_exception(key: str) -> None:
    data = ALL[key].data
    for copy in changed(data[:700], 80, 4, first=0):
        fault_of(copy + data[700:])


def test_lzw_strip_that_ends_early_is_found_although_the_file_is_whole() -> None:
    data = bytearray(ALL["tiffs-bits-lzw"].data)
    # An end code in the midst of the strip: nine bits, 257, on a byte boundary after the clear code.
    fault = None
    for place in range(len(data) // 3, len(data) // 3 + 40):
        copy = bytearray(data)
        copy[place : place + 4] = b"\x80\xc0\x60\x30"
        fault = fault_of(bytes(copy)) or fault
    assert fault is not None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0" * 4096, "unreadable"),
        (b"hello, this is not an image", "unreadable"),
        (b"\xff\xd8\xff\xd9", "unreadable"),
        (b"II*\0\x08\0\0\0", "truncated"),
        (b"\x89PNG\r\n\x1a\n", "truncated"),
        (b"%PDF-1.4\n%%EOF\n", "unreadable"),
        (b"\xff\x4f\xff\x51\0\x10", "truncated"),
    ],
)
def test_kind_of_fault(data: bytes, kind: str) -> None:
    fault = fault_of(data)
    assert fault is not None
    assert fault.kind == kind
    assert fault.detail.endswith(".")
