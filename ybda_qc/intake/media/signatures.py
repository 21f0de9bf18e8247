"""Formats with a signature at the beginning, and what shows that they were written to the end."""

from collections.abc import Callable

from ybda_qc.intake.media.endings import read_flac, read_flv, read_ogg
from ybda_qc.intake.media.excerpts import Excerpts, MediaContent

_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_HEAD_BYTES = 64 * 1024
_PACKETS = ((0, 188), (4, 192))  # offset and distance of the sign 0x47 in a transport stream


def read_signature(file: Excerpts) -> MediaContent | None:
    """A format with a signature; None for any other content."""
    head = file.read(0, 64)
    for signature, read in _READERS.items():
        if head.startswith(signature):
            return read(file)
    for offset, step in _PACKETS:
        if _is_stream(file, offset, step):
            return MediaContent(format="TS", is_cut=file.size_bytes % step > 0)
    return None


def _plain(name: str) -> Callable[[Excerpts], MediaContent]:
    return lambda _: MediaContent(format=name)


def _ending(name: str, end: bytes, called: str) -> Callable[[Excerpts], MediaContent]:
    """A format that ends with certain bytes, though something may have been appended."""
    return lambda file: MediaContent(format=name, lacks="" if end in file.tail else called)


def _gif(file: Excerpts) -> MediaContent:
    is_closed = file.tail.rstrip(b"\0\r\n").endswith(b";")
    return MediaContent(format="GIF", lacks="" if is_closed else "trailer")


def _bmp(file: Excerpts) -> MediaContent | None:
    declared = file.number(2, 4, "little")
    known = file.number(14, 4, "little") in (12, 16, 40, 52, 56, 64, 108, 124)
    return MediaContent(format="BMP", is_cut=declared > file.size_bytes) if known else None


def _aiff(file: Excerpts) -> MediaContent | None:
    if file.read(8, 4) not in (b"AIFF", b"AIFC"):
        return None
    return MediaContent(format="AIFF", is_cut=file.number(4, 4) + 8 > file.size_bytes)


def _asf(file: Excerpts) -> MediaContent:
    head = file.read(0, _HEAD_BYTES)
    place = head.find(_ASF_PROPERTIES)
    declared = file.number(place + 40, 8, "little") if place > 0 else 0
    return MediaContent(format="WMV" if _ASF_VIDEO in head else "WMA", is_cut=declared > file.size_bytes)


def _ebml(file: Excerpts) -> MediaContent | None:
    head = file.read(0, 4096)
    if b"webm" in head[:128]:
        name = "WebM"
    elif b"matroska" in head[:128]:
        name = "MKV"
    else:
        return None
    place = head.find(_SEGMENT)
    return MediaContent(format=name, is_cut=place > 0 and _reaches_beyond(file, place + 4))


def _reaches_beyond(file: Excerpts, place: int) -> bool:
    """Whether an EBML element whose length stands at that place goes on after the end of the file."""
    first = file.number(place, 1)
    if not first:
        return False
    count = 9 - first.bit_length()
    length = file.number(place, count) & ~(1 << 7 * count)
    is_open = length == (1 << 7 * count) - 1
    return not is_open and place + count + length > file.size_bytes


def _is_stream(file: Excerpts, offset: int, step: int) -> bool:
    data = file.read(0, offset + 4 * step + 1)
    return len(data) > offset + 4 * step and all(data[offset + n * step] == 0x47 for n in range(5))


_READERS: dict[bytes, Callable[[Excerpts], MediaContent | None]] = {
    b"\xff\xd8\xff": _ending("JPEG", b"\xff\xd9", "end of image"),
    b"\x89PNG\r\n\x1a\n": _ending("PNG", b"IEND", "IEND"),
    b"GIF87a": _gif,
    b"GIF89a": _gif,
    b"\0\0\0\x0cjP  \r\n\x87\n": _plain("JPEG2000"),
    b"\xff\x4f\xff\x51": _ending("JPEG2000", b"\xff\xd9", "end of codestream"),
    b"8BPS\0": _plain("PSD"),
    b"BM": _bmp,
    b"FORM": _aiff,
    b"fLaC": read_flac,
    b"OggS": read_ogg,
    b"#!AMR": _plain("AMR"),
    _ASF: _asf,
    _EBML: _ebml,
    b"FLV\x01": read_flv,
    b".RMF": _plain("RM"),
    b"\0\0\x01\xba": _plain("MPEG"),
    b"\0\0\x01\xb3": _plain("MPEG"),
}
