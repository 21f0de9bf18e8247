"""Small files of audio, video and cameras, put together byte by byte."""

import struct
from collections.abc import Sequence


def chunk(kind: bytes, body: bytes, length: int | None = None) -> bytes:
    """A RIFF chunk; its length may lie."""
    return kind + struct.pack("<I", len(body) if length is None else length) + body + b"\0" * (len(body) % 2)


def wav(
    *,
    rate: int = 44_100,
    bits: int = 24,
    seconds: float = 0.01,
    data_length: int | None = None,
    extra: bytes = b"",
) -> bytes:
    size = bits // 8 * 2
    sound = b"\x11" * (int(rate * seconds) * size)
    form = struct.pack("<HHIIHH", 1, 2, rate, rate * size, size, bits)
    body = b"WAVE" + chunk(b"fmt ", form) + extra + chunk(b"data", sound, data_length)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def rf64(*, missing: int = 0) -> bytes:
    """A WAV of 64 bits, of whose sound some bytes are missing."""
    sound = b"\x22" * 6000
    form = struct.pack("<HHIIHH", 1, 2, 96_000, 576_000, 6, 24)
    sizes = struct.pack("<QQQI", 6100, len(sound), 1000, 0)
    body = b"WAVE" + chunk(b"ds64", sizes) + chunk(b"fmt ", form) + chunk(b"data", sound, 0xFFFFFFFF)
    return (b"RF64" + struct.pack("<I", 0xFFFFFFFF) + body)[: len(body) + 8 - missing]


def avi() -> bytes:
    body = b"AVI " + chunk(b"LIST", b"hdrl" + b"\0" * 60) + chunk(b"LIST", b"movi" + b"\x33" * 500)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(kind: bytes, body: bytes = b"", *, wide: bool = False) -> bytes:
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def mp4(brand: bytes = b"isom", others: Sequence[bytes] = (b"mp41",), *, index: bytes = b"moov") -> bytes:
    ftyp = box(b"ftyp", brand + b"\0\0\2\0" + b"".join(others))
    return ftyp + box(b"mdat", b"\x44" * 400, wide=True) + box(index, box(b"mvhd", b"\0" * 100))


KEY = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01"


def mxf(*, closed: bool = True, named: bool = True, gap: int = 0, index: bool = False) -> bytes:
    """An MXF whose footer is named by the header, or only by the index of partitions at the end."""
    essence = b"\x55" * 300

    def partition(kind: int, this: int, footer: int) -> bytes:
        value = struct.pack(">HHIQQQ", 1, 3, 1, this, 0, footer) + b"\0" * 48
        return KEY + bytes([kind, 4, 0]) + b"\x83" + len(value).to_bytes(3, "big") + value

    footer_at = len(partition(2, 0, 0)) + len(essence)
    data = partition(2, 0, footer_at if closed and named else 0) + essence
    if closed:
        data += partition(4, footer_at, footer_at) + b"\0" * gap
    if index:
        value = struct.pack(">IQIQ", 0, 0, 0, footer_at)
        whole = 17 + len(value) + 4
        data += KEY + b"\x11\x01\0" + bytes([len(value) + 4]) + value + whole.to_bytes(4, "big")
    return data


def mp3_frame(kbit_row: int = 9, padding: int = 0, body: bytes = b"") -> bytes:
    """A frame of 128 kbit/s at 44.1 kHz: 417 bytes, one more if padded."""
    header = bytes([0xFF, 0xFB, kbit_row << 4 | padding << 1, 0x00])
    return (header + body).ljust(417 + padding, b"\x66")


def mp3(*, tag_bytes: int = 0, frames: int = 4) -> bytes:
    size = bytes(tag_bytes >> shift & 0x7F for shift in (21, 14, 7, 0))
    tag = b"ID3\x03\0\0" + size + b"\0" * tag_bytes if tag_bytes else b""
    return tag + b"".join(mp3_frame(padding=number % 2) for number in range(frames))


def mp3_with_count(count: int) -> bytes:
    """A variable bit rate file whose first frame says how many bytes there are."""
    xing = b"\0" * 32 + b"Xing" + struct.pack(">III", 3, 4, count)
    return mp3_frame(body=xing) + mp3_frame() * 3


def adts(frames: int = 3) -> bytes:
    length = 100
    header = bytes(
        [0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC]
    )
    return (header + b"\x77" * (length - 7)) * frames


def tiff(entries: Sequence[tuple[int, int, bytes]], *, order: str = "<", extra: bytes = b"") -> bytes:
    """A TIFF of one directory; entries are tag, type (2 text, 3 short, 4 long), value."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    after = 8 + 2 + 12 * len(entries) + 4
    table, values = struct.pack(order + "H", len(entries)), b""
    for tag, kind, value in entries:
        count = len(value) // {2: 1, 3: 2, 4: 4}[kind]
        place = value.ljust(4, b"\0")
        if len(value) > 4:
            place = struct.pack(order + "I", after + len(values))
            values += value
        table += struct.pack(order + "HHI", tag, kind, count) + place
    return mark + struct.pack(order + "I", 8) + table + b"\0" * 4 + values + extra


def raw(make: bytes, *, order: str = "<") -> bytes:
    """As most cameras write: a thumbnail first, the picture of the sensor in a directory below it."""
    long = struct.Struct(order + "I")
    entries = [(254, 4, long.pack(1)), (271, 2, make + b"\0" * (8 - len(make) % 4)), (330, 4, long.pack(0))]
    below = len(tiff(entries, order=order))
    entries[2] = (330, 4, long.pack(below))
    table = struct.pack(order + "HHHI", 1, 254, 4, 1) + long.pack(0) + b"\0" * 4
    return tiff(entries, order=order, extra=table)


def asf(*, video: bool, declared: int | None = None) -> bytes:
    stream = "c0ef19bc4d5bcf11a8fd00805f5c442b" if video else "409e69f84d5bcf11a8fd00805f5c442b"
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\0" * 14
    properties = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365") + b"\0" * 24
    rest = bytes.fromhex(stream) + b"\x88" * 300
    size = len(head) + len(properties) + 8 + len(rest)
    return head + properties + struct.pack("<Q", size if declared is None else declared) + rest


def matroska(doctype: bytes = b"matroska", *, missing: int = 0) -> bytes:
    header = b"\x42\x82" + bytes([0x80 | len(doctype)]) + doctype
    body = b"\x99" * 500
    segment = b"\x18\x53\x80\x67" + b"\x01" + len(body).to_bytes(7, "big") + body
    return (b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(header)]) + header + segment)[: -missing or None]


def flac(*, frames: int = 3, total: int | None = None, last: int = 1000) -> bytes:
    """Frames of 4096 samples, the last one of fewer; `total` is what the head counts."""
    total = 4096 * (frames - 1) + last if total is None else total
    info = struct.pack(">HH", 4096, 4096) + b"\0" * 6 + struct.pack(">Q", 44_100 << 44 | 15 << 36 | total)
    data = b"fLaC\x80\0\0\x22" + info + b"\0" * 16
    for number in range(frames):
        is_last = number == frames - 1
        head = b"\xff\xf8" + (b"\x79\x08" if is_last else b"\xc9\x08") + chr(number).encode()
        head += struct.pack(">H", last - 1) if is_last else b""
        data += head + bytes([_crc8(head)]) + b"\x55" * 300
    return data


def _crc8(data: bytes) -> int:
    """The remainder of the division by x^8 + x^2 + x + 1."""
    rest = int.from_bytes(data) << 8
    while rest.bit_length() > 8:
        rest ^= 0x107 << (rest.bit_length() - 9)
    return rest


def ogg(*, kind: bytes = b"\x01vorbis", pages: int = 3, closed: bool = True) -> bytes:
    data = b""
    for number in range(pages):
        body = (kind if number == 0 else b"").ljust(400, b"\x66")
        sign = 2 * (number == 0) + 4 * (closed and number == pages - 1)
        head = b"OggS\0" + bytes([sign]) + struct.pack("<QIII", number, 7, number, 0)
        data += head + bytes([2, 255, 145]) + body
    return data


def flv(*, tags: int = 3) -> bytes:
    tag = b"\x09" + (200).to_bytes(3, "big") + b"\0" * 7 + b"\x22" * 200
    return b"FLV\x01\x05\0\0\0\x09\0\0\0\0" + (tag + struct.pack(">I", len(tag))) * tags


def mp4_with_tracks(*handlers: bytes) -> bytes:
    tracks = b"".join(
        box(b"trak", box(b"tkhd", b"\0" * 84) + box(b"mdia", box(b"hdlr", b"\0" * 8 + kind + b"\0" * 13)))
        for kind in handlers
    )
    return box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", tracks) + box(b"mdat", b"\x44" * 400)
