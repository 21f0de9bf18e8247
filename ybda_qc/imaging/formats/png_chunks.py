"""The chunks of a PNG file (PNG specification, third edition): all there, none changed."""

import zlib
from dataclasses import dataclass, field

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.ifd import readable_text
from ybda_qc.imaging.values import Bytes, DecodeLimits, Pixels

_SIGNATURE_BYTES = 8
_CHUNKS_MOST = 1_000_000
_TEXTS_KEPT = 20
_TEXT_LONGEST = 4096
_METRES_AN_INCH = 0.0254
_TEXT_UNPACKED_MOST = 1 << 20
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
_DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}


@dataclass(slots=True)
class Chunks:
    """What the chunks say; ``data`` are the pieces of the image data."""

    width_px: int = 0
    height_px: int = 0
    bits: int = 0
    colour_type: int = 0
    interlaced: bool = False
    palette: Pixels | None = None
    transparency: bytes | None = None
    dpi: tuple[float, float] | None = None
    icc: bytes | None = None
    exif: Bytes | None = None
    texts: list[tuple[str, str]] = field(default_factory=list)
    metadata_bytes: int = 0
    data: list[Bytes] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def spend(self, count: int, limits: DecodeLimits) -> None:
        """Count bytes of metadata, packed and unpacked, against the limit for the whole file.

        Raises
        ------
        ImageFault
            ``too-large``: a decompression bomb, or an absurd amount of text.
        """
        self.metadata_bytes += count
        if self.metadata_bytes > limits.max_metadata_bytes:
            raise ImageFault("too-large", "Texts and profiles of the PNG file are larger than allowed.")


def read_chunks(data: Bytes, limits: DecodeLimits, *, only_header: bool) -> Chunks:
    """Walk the chunks and verify each checksum.

    Parameters
    ----------
    data
        The file.
    limits
        Bounds on metadata.
    only_header
        Leave out the checksums of the image data, which decoding verifies.

    Raises
    ------
    ImageFault
        ``truncated``: no end chunk; ``unreadable``: a wrong checksum or a contradiction; ``too-large``.
    """
    chunks, place, size = Chunks(), _SIGNATURE_BYTES, len(data)
    for _ in range(_CHUNKS_MOST):
        head = bytes(data[place : place + 8])
        if len(head) < 8:
            raise ImageFault("truncated", "The PNG file ends before its end chunk.")
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        end = place + 12 + length
        if end > size:
            raise ImageFault("truncated", "A PNG chunk continues beyond the end of the file.")
        payload = data[place + 8 : end - 4]
        verify = kind != b"IDAT" or not only_header
        if verify and zlib.crc32(data[place + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise ImageFault("unreadable", "A PNG chunk has a wrong checksum.")
        if not chunks.width_px and kind != b"IHDR":
            raise ImageFault("unreadable", "The PNG file does not begin with its header.")
        if kind == b"IEND":
            if end < size:
                chunks.warnings.append("Bytes follow the end of the picture.")
            return _checked(chunks)
        _note(chunks, kind, payload, limits)
        place = end
    raise ImageFault("unreadable", "The PNG file has too many chunks.")


def _note(chunks: Chunks, kind: bytes, payload: Bytes, limits: DecodeLimits) -> None:
    if kind == b"IDAT":
        chunks.data.append(payload)
        return
    chunks.spend(len(payload), limits)
    raw = bytes(payload)
    if kind == b"IHDR":
        _read_ihdr(chunks, raw)
    elif kind == b"PLTE":
        if not raw or len(raw) % 3 or len(raw) > 768:
            raise ImageFault("unreadable", "The PNG palette has no valid length.")
        chunks.palette = np.frombuffer(raw, np.uint8).reshape(-1, 3)
    elif kind == b"tRNS":
        chunks.transparency = raw
    elif kind == b"pHYs":
        chunks.dpi = _resolution(raw)
    elif kind == b"eXIf":
        chunks.exif = payload
    elif kind == b"iCCP":
        name, _, rest = raw.partition(b"\0")
        profile = _inflate(chunks, rest[1:], limits, limits.max_metadata_bytes)
        chunks.icc = profile or name
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        _read_text(chunks, kind, raw, limits)


def _resolution(raw: bytes) -> tuple[float, float] | None:
    """Dots per inch from pixels per metre; None where the unit is unknown (only an aspect ratio)."""
    if len(raw) < 9 or raw[8] != 1:
        return None
    across, down = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:8], "big")
    if not across or not down:
        return None
    return round(across * _METRES_AN_INCH, 2), round(down * _METRES_AN_INCH, 2)


def _read_ihdr(chunks: Chunks, raw: bytes) -> None:
    if len(raw) != 13 or chunks.width_px:
        raise ImageFault("unreadable", "The PNG header is not valid.")
    chunks.width_px, chunks.height_px = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:8], "big")
    chunks.bits, chunks.colour_type = raw[8], raw[9]
    chunks.interlaced = raw[12] == 1
    valid = raw[8] in _DEPTHS.get(raw[9], ()) and raw[10:12] == b"\0\0" and raw[12] in (0, 1)
    if not valid or not chunks.width_px or not chunks.height_px:
        raise ImageFault("unreadable", "The PNG header is not valid.")


def _read_text(chunks: Chunks, kind: bytes, raw: bytes, limits: DecodeLimits) -> None:
    key, _, rest = raw.partition(b"\0")
    if kind == b"zTXt":
        rest = _inflate(chunks, rest[1:], limits, _TEXT_UNPACKED_MOST)
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        rest = _inflate(chunks, rest, limits, _TEXT_UNPACKED_MOST) if packed else rest
    name, text = readable_text(key[:80]), readable_text(rest[:_TEXT_LONGEST])
    if name and text and len(chunks.texts) < _TEXTS_KEPT:
        chunks.texts.append((name.lower(), text))


def _inflate(chunks: Chunks, packed: bytes, limits: DecodeLimits, most: int) -> bytes:
    """Unpack metadata, at most `most` bytes of it: more is a decompression bomb."""
    worker = zlib.decompressobj()
    try:
        plain = worker.decompress(packed, most)
    except zlib.error:
        raise ImageFault("unreadable", "A packed PNG chunk is damaged.") from None
    if worker.unconsumed_tail:
        raise ImageFault("too-large", "A text or profile of the PNG file unpacks to more than allowed.")
    chunks.spend(len(plain), limits)
    return plain


def _checked(chunks: Chunks) -> Chunks:
    if not chunks.data:
        raise ImageFault("unreadable", "The PNG file holds no picture.")
    if chunks.colour_type == PALETTE and chunks.palette is None:
        raise ImageFault("unreadable", "The PNG file lacks its palette.")
    return chunks
