"""Whether a file is all there, told by its structure."""

import os
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imaging import made_files, made_pdfs
from tests.intake import made_wholes as made
from tests.intake.made_wholes import Whole
from ybda_qc.intake.complete import Completeness, Wholeness, completeness

ALL = [*made.pages(), *made.others()]
NAMES = [whole.name for whole in ALL]
WHITE = b"\r\n \0"  # padding at the end of a PDF, of which nothing is missed

in_one_folder = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def look(folder: Path, data: bytes, suffix: str = ".bin") -> Completeness:
    path = folder / f"page{suffix}"
    path.unlink(missing_ok=True)  # a file that is written over is flushed to the disk by some systems
    path.write_bytes(data)
    return completeness(path)


@pytest.mark.parametrize("whole", ALL, ids=NAMES)
def test_a_whole_file_is_complete(whole: Whole, tmp_path: Path) -> None:
    assert str(look(tmp_path, whole.data, whole.suffix)) == "complete"


def test_sound_files_of_every_coding_are_complete_or_uncompressed_with_black_ends(tmp_path: Path) -> None:
    doubted = set()
    for kind in (
        made_files.jpegs,
        made_files.tiffs,
        made_files.pngs,
        made_files.bmps,
        made_files.jp2s,
        made_pdfs.pdfs,
    ):
        for sound in kind():
            found = look(tmp_path, sound.data)
            assert found.state in (Wholeness.COMPLETE, Wholeness.DOUBTFUL), (sound.name, str(found))
            doubted |= set() if found.is_complete else {sound.name}

    assert doubted == {"bits-min-is-white", "bits-tiled", "planar-tiled"}


@pytest.mark.parametrize("whole", ALL, ids=NAMES)
def test_a_file_that_was_cut_is_not_complete(whole: Whole, tmp_path: Path) -> None:
    size = len(whole.data.rstrip(WHITE)) if whole.suffix == ".pdf" else len(whole.data)
    cuts = {*range(min(size, 64)), *range(0, size, max(1, size // 150)), *range(size - 40, size)}

    complete = [cut for cut in sorted(cuts) if look(tmp_path, whole.data[:cut], whole.suffix).is_complete]

    assert complete == []


@given(st.data())
@in_one_folder
def test_wherever_it_is_cut(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(ALL))
    size = len(whole.data.rstrip(WHITE)) if whole.suffix == ".pdf" else len(whole.data)
    cut = data.draw(st.integers(0, size - 1))

    assert not look(tmp_path, whole.data[:cut], whole.suffix).is_complete


@given(st.data())
@in_one_folder
def test_a_file_that_grows_is_complete_with_its_last_piece(tmp_path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(made.pages()))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole.data.rstrip(WHITE)) - 1), max_size=8)))
    path = tmp_path / f"page{whole.suffix}"
    states = []
    path.unlink(missing_ok=True)
    with path.open("wb", buffering=0) as file:
        for start, end in zip([0, *cuts], [*cuts, len(whole.data)], strict=True):
            file.write(whole.data[start:end])
            states.append(completeness(path).is_complete)

    assert states == [False] * len(cuts) + [True]


def test_an_update_of_a_pdf_is_waited_for_once_it_has_begun(tmp_path: Path) -> None:
    first, update = made.updated_pdf()
    assert look(tmp_path, first + update).is_complete
    for cut in range(2, len(update.rstrip()), 7):
        assert not look(tmp_path, first + update[:cut]).is_complete, cut
    # The limit: the earlier revision is a whole file, as long as nothing follows it.
    assert look(tmp_path, first).is_complete


@pytest.mark.parametrize(
    "trailer", [b"\0" * 600, b"\r\n", b"SEFH\1\2\3\4SEFT", random.Random(8).randbytes(2000)]
)
def test_what_a_device_hangs_on_a_jpeg_does_not_hide_its_end(trailer: bytes, tmp_path: Path) -> None:
    whole = made.pages()[0].data
    assert look(tmp_path, whole + trailer).is_complete


def test_the_end_of_a_thumbnail_is_not_that_of_the_page(tmp_path: Path) -> None:
    whole = next(page.data for page in made.pages() if page.name == "JPEG with a thumbnail")
    for cut in range(whole.index(b"\xff\xd9") - 3, whole.index(b"\xff\xd9") + 400):
        assert look(tmp_path, whole[:cut]).state is Wholeness.INCOMPLETE


def test_a_tiff_whose_header_is_written_last_has_no_directory_yet(tmp_path: Path) -> None:
    whole = next(page.data for page in made.pages() if page.name == "TIFF tiff_lzw")
    found = look(tmp_path, whole[:4] + b"\0\0\0\0" + whole[8:])
    assert str(found) == "incomplete: its directory is not written yet"


def test_a_tiff_that_goes_on_behind_its_pages_is_doubtful(tmp_path: Path) -> None:
    whole = next(page.data for page in made.pages() if page.name == "TIFF pages")
    assert look(tmp_path, whole + random.Random(9).randbytes(9000)).state is Wholeness.DOUBTFUL


def test_why_a_file_is_not_complete_is_said_with_figures(tmp_path: Path) -> None:
    whole = next(page.data for page in made.pages() if page.name == "BMP")
    found = look(tmp_path, whole[:5000])
    assert str(found) == f"incomplete: shorter than its header says: 5000 of {len(whole)} bytes"


@pytest.mark.parametrize(
    ("data", "suffix", "said"),
    [
        (b"", ".jpg", "incomplete: empty"),
        (b"\xff\xd8", ".jpg", "incomplete: no header yet"),
        (b"\0" * 9000, ".tif", "incomplete: no header yet"),
        ("档号,题名\n0001,通知\n".encode(), ".csv", "unknown: of no known format"),
        (b"plain text that is no picture", ".jpg", "unknown: of no known format"),
        (b"%PDF-1.7 and nothing but an end\n%%EOF\n", ".pdf", "doubtful: damaged, or not finished"),
        (b"#!AMR\n" + b"\x3c" * 200, ".amr", "unknown: nothing in this format tells its end"),
    ],
)
def test_what_is_said_of_other_files(data: bytes, suffix: str, said: str, tmp_path: Path) -> None:
    assert str(look(tmp_path, data, suffix)) == said


def test_what_cannot_be_opened_is_unreadable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    for path, said in (
        (tmp_path / "pipe.jpg", "not a regular file"),
        (tmp_path, "not a regular file"),
        (tmp_path / "missing.jpg", "cannot be read: no such file or directory"),
        (tmp_path / "a\0b.jpg", "cannot be read: valueerror"),
    ):
        assert str(completeness(path)) == f"unreadable: {said}"


def _loop() -> bytes:
    """A TIFF of ten thousand directories that point to each other, and all to the same million strips."""
    entry = struct.pack("<HHII", 273, 4, 1_000_000, 0)
    size = 2 + 2 * 12 + 4
    out = bytearray(b"II*\0\x08\0\0\0")
    for number in range(10_000):
        below = struct.pack("<HHII", 330, 4, 1, 8 + (number * 7 + 3) % 10_000 * size)
        out += struct.pack("<H", 2) + entry + below + struct.pack("<I", 8 + (number + 1) % 10_000 * size)
    return bytes(out) + b"\x01" * 4_000_000


HOSTILE = {
    "TIFF loop": _loop(),
    "TIFF that points to itself": b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHIII", 330, 4, 1, 8, 8),
    "TIFF of many entries": b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**60) + b"\1" * 5000,
    "BigTIFF far away": b"MM\0+\0\x08\0\0" + b"\xff" * 5000,
    "PDF far away": b"%PDF-1.4\n" + b"1" * 5000 + b"\nstartxref\n999999999999999\n%%EOF",
    "PDF of many ends": b"%PDF-1.4\n" + b"startxref\n9\n%%EOF\n" * 9000,
    "PNG of empty chunks": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IDAT\0\0\0\0" * 90_000,
    "JPEG of empty segments": b"\xff\xd8" + b"\xff\xe0\0\2" * 90_000,
    "JPEG of fill bytes": b"\xff\xd8" + b"\xff" * 90_000,
    "boxes without end": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0\0\0\x08free" * 90_000,
    "box of 64 bits": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0\0\0\1jp2c" + b"\xff" * 60,
    "J2K of empty segments": b"\xff\x4f\xff\x51\0\2" + b"\xff\x52\0\2" * 90_000,
    "J2K of empty parts": b"\xff\x4f\xff\x51\0\2" + b"\xff\x90\0\x0a\0\0\0\0\0\x0c\0\1" * 90_000,
    "BMP of negative height": b"BM" + b"\xff" * 12 + struct.pack("<IiiHHII", 40, -1, -(2**31), 1, 24, 0, 0),
    "OLE2 far away": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600,
    "ZIP of many ends": b"PK\3\4" + b"PK\5\6" + b"\xff" * 18 + b"PK\5\6" * 9000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_judged_in_no_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.bin"
    path.write_bytes(HOSTILE[name])
    start = time.process_time()
    found = completeness(path)

    assert not found.is_complete, str(found)
    assert time.process_time() - start < 1.0


@given(start=st.sampled_from(ALL), data=st.data())
@settings(parent=in_one_folder, max_examples=400)
def test_no_content_raises(tmp_path: Path, start: Whole, data: st.DataObject) -> None:
    content = bytearray(start.data[: data.draw(st.integers(0, 3000))])
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        content[place : place + 4] = data.draw(st.binary(min_size=0, max_size=8))
    content += data.draw(st.binary(max_size=200))

    found = look(tmp_path, bytes(content), start.suffix)

    assert str(found)


@given(st.binary(max_size=400))
@in_one_folder
def test_no_bytes_raise(tmp_path: Path, content: bytes) -> None:
    assert str(look(tmp_path, content))
