"""Hostile files end as faults, within bounds of memory and time."""

import struct
import tracemalloc
import zlib

import pytest

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import chunk, colour_page, grey_page
from tests.imaging.reading import fault_of, header_of
from tests.imaging.test_tiff_in_the_wild import tiff, usual
from ybda_qc.imaging.decode import DecodeLimits
from ybda_qc.imaging.errors import ImageFault

SMALL = DecodeLimits(max_pixels=10_000, max_frames=2, max_metadata_bytes=100_000)
ONE_OF_EACH = {
    "JPEG": next(made_files.jpegs()).data,
    "TIFF": next(made_files.tiffs()).data,
    "PNG": next(made_files.pngs()).data,
    "BMP": next(made_files.bmps()).data,
    "JPEG2000": next(made_files.jp2s()).data,
    "PDF": next(made_pdfs.pdfs()).data,
}


@pytest.mark.parametrize("data", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_more_pixels_than_allowed(data: bytes) -> None:
    fault = fault_of(data, limits=SMALL)
    assert fault is not None
    assert fault.kind == "too-large"


def test_limit_is_inclusive() -> None:
    pixels = grey_page().size
    data = next(made_files.jpegs()).data
    assert fault_of(data, limits=DecodeLimits(max_pixels=pixels)) is None
    assert fault_of(data, limits=DecodeLimits(max_pixels=pixels - 1)) is not None


@pytest.mark.parametrize("name", ["PNG", "JPEG", "BMP", "TIFF"])
def test_declared_size_is_refused_before_anything_is_allocated(name: str) -> None:
    data = bytearray(ONE_OF_EACH[name])
    if name == "PNG":
        head = struct.pack(">II", 60_000, 60_000) + bytes(data[24:29])
        data[8:33] = chunk(b"IHDR", head)
    elif name == "JPEG":
        place = data.index(b"\xff\xc0") + 5
        data[place : place + 4] = struct.pack(">HH", 65_000, 65_000)
    elif name == "BMP":
        data[18:26] = struct.pack("<ii", 60_000, 60_000)
    else:
        data = bytearray(tiff(usual(t256=(4, [60_000]), t257=(4, [60_000])), b"\0" * 100))
    tracemalloc.start()
    fault = fault_of(bytes(data), limits=DecodeLimits())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert fault is not None
    assert fault.kind == "too-large"
    assert peak < 20_000_000


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_text_that_unpacks_to_too_much(kind: bytes) -> None:
    packed = zlib.compress(b"x" * 30_000_000)
    payload = b"Comment\0\0" + packed if kind == b"zTXt" else b"Comment\0\1\0\0\0" + packed
    fault = fault_of(made_files.png(grey_page(), 8, 0, [(kind, payload)]))
    assert fault is not None
    assert fault.kind == "too-large"


def test_profile_that_unpacks_to_too_much() -> None:
    packed = zlib.compress(b"\0" * 200_000_000)
    fault = fault_of(made_files.png(grey_page(), 8, 0, [(b"iCCP", b"name\0\0" + packed)]))
    assert fault is not None
    assert fault.kind == "too-large"


def test_too_many_pages() -> None:
    made = next(made for made in made_files.tiffs() if made.name == "multi-page-3")
    with pytest.raises(ImageFault) as caught:
        header_of(made.data, limits=DecodeLimits(max_frames=2))
    assert caught.value.kind == "too-large"
    page = made_pdfs.scan_page(made_pdfs.jpeg_picture(colour_page()), colour_page().shape)
    fault = fault_of(made_pdfs.pdf([page] * 3), limits=DecodeLimits(max_frames=2))
    assert fault is not None
    assert fault.kind == "too-large"


def test_strips_without_end() -> None:
    """A list of a million strips of one row needs no million reads before it is refused."""
    tags = usual(t278=(4, [1]), t257=(4, [1_000_000]), t256=(4, [30]))
    fault = fault_of(tiff(tags, b"\0" * 1000))
    assert fault is not None


def test_memory_errors_come_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory is for the engine to judge, not a fault of the file."""
    from ybda_qc.imaging.formats import pixels

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pixels.np, "unpackbits", exhausted)
    made = next(made for made in made_files.tiffs() if made.name == "bits-none")
    with pytest.raises(MemoryError):
        fault_of(made.data)
