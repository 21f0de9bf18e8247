"""JPEG 2000 codestreams (ITU-T T.800 annex A): structure, and pixels by OpenJPEG.

Found: wrong or cut markers, tile-parts that do not add up, missing tiles, no end marker. Changed bytes
inside the coded blocks are not found: the arithmetic code has no redundancy, and no decoder tells; only a
checksum list does.
"""

import re
import struct
from dataclasses import dataclass

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.codecs import codecs
from ybda_qc.imaging.formats.pixels import check_size
from ybda_qc.imaging.values import Bytes, DecodeLimits, Pixels

_SOC, _SIZ, _COD, _SOT, _EOC = 0xFF4F, 0xFF51, 0xFF52, 0xFF90, 0xFFD9
_COC, _POC = 0xFF53, 0xFF5F
_LEVELS_MOST = 32
_ZEROS_MOST = 1024
_END_BYTES = 16
_MARKERS_MOST = 65_536
_TILES_MOST = 65_535
_COMPONENTS_MOST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Main header of a codestream.

    ``bits`` are those of the components, one each; ``steps`` their (x, y) subsampling; ``reversible`` is
    the 5-3 wavelet, which permits lossless coding, None where no COD marker was found;
    ``packets_most`` bounds the packets of a tile, None where they cannot be told.
    """

    width_px: int
    height_px: int
    bits: tuple[int, ...]
    signed: bool
    steps: tuple[tuple[int, int], ...]
    tiles: int
    reversible: bool | None
    first_tile: int
    packets_most: int | None = None


def read_stream(data: Bytes) -> Stream:
    """Read the main header, up to the first tile-part.

    Raises
    ------
    ImageFault
        ``truncated`` or ``unreadable``.
    """
    if _word(data, 0) != _SOC or _word(data, 2) != _SIZ:
        raise ImageFault("unreadable", "The JPEG 2000 codestream has no valid beginning.")
    size = _segment(data, 2)
    if len(size) < 38:
        raise ImageFault("unreadable", "The JPEG 2000 size marker is too short.")
    _, right, bottom, left, top, tile_w, tile_h, tile_x, tile_y, count = struct.unpack(">H8IH", size[:36])
    if not tile_w or not tile_h or right <= left or bottom <= top:
        raise ImageFault("unreadable", "The JPEG 2000 size marker contradicts itself.")
    if not 1 <= count <= _COMPONENTS_MOST or len(size) < 36 + 3 * count:
        raise ImageFault("unreadable", "The JPEG 2000 size marker lists no valid components.")
    parts = [size[at : at + 3] for at in range(36, 36 + 3 * count, 3)]
    tiles = -(-(right - tile_x) // tile_w) * -(-(bottom - tile_y) // tile_h)
    if not 1 <= tiles <= _TILES_MOST:
        raise ImageFault("unreadable", "The JPEG 2000 size marker asks for an impossible number of tiles.")
    reversible, place = None, 4 + 2 + len(size)
    coding, told = b"", True
    for _ in range(_MARKERS_MOST):
        marker = _word(data, place)
        if marker == _SOT:
            break
        if marker < 0xFF00 or marker == _EOC:
            raise ImageFault("unreadable", "The JPEG 2000 main header is broken.")
        payload = _segment(data, place)
        if marker == _COD and len(payload) >= 10:
            reversible, coding = payload[9] == 1, payload
        told = told and marker not in (_COC, _POC)
        place += 4 + len(payload)
    return Stream(
        width_px=right - left,
        height_px=bottom - top,
        bits=tuple((part[0] & 0x7F) + 1 for part in parts),
        signed=any(part[0] & 0x80 for part in parts),
        steps=tuple((part[1], part[2]) for part in parts),
        tiles=tiles,
        reversible=reversible,
        first_tile=place,
        packets_most=_packets_most(coding, (min(tile_w, right), min(tile_h, bottom)), count)
        if told
        else None,
    )


def _packets_most(coding: bytes, tile: tuple[int, int], components: int) -> int | None:
    """Upper bound on the packets of one tile from the payload of COD: layers, resolutions, precincts."""
    if len(coding) < 10:
        return None
    layers, levels = int.from_bytes(coding[2:4], "big"), coding[5]
    sizes = coding[10:] if coding[0] & 1 else b"\xff" * (levels + 1)
    if levels > _LEVELS_MOST or len(sizes) <= levels:
        return None
    precincts = 0
    for level in range(levels + 1):
        wide, high = (-(-side >> (levels - level)) for side in tile)
        across, down = sizes[level] & 15, sizes[level] >> 4
        precincts += ((wide >> across) + 2) * ((high >> down) + 2)
    return layers * components * precincts


def _word(data: Bytes, place: int) -> int:
    word = bytes(data[place : place + 2])
    if len(word) < 2:
        raise ImageFault("truncated", "The JPEG 2000 codestream ends too early.")
    return int.from_bytes(word, "big")


def _segment(data: Bytes, place: int) -> bytes:
    length = _word(data, place + 2)
    payload = bytes(data[place + 4 : place + 2 + length])
    if length < 2:
        raise ImageFault("unreadable", "A JPEG 2000 marker has no valid length.")
    if len(payload) < length - 2:
        raise ImageFault("truncated", "The JPEG 2000 codestream ends within a marker.")
    return payload


def check_tiles(data: Bytes, stream: Stream) -> None:
    """Walk the tile-parts: each begins where the last one ends, all tiles are there, the end marker follows.

    Raises
    ------
    ImageFault
        ``truncated`` or ``unreadable``.
    """
    place, seen = stream.first_tile, set()
    while True:
        marker = _word(data, place)
        if marker == _EOC:
            break
        if marker != _SOT:
            raise ImageFault("unreadable", "A JPEG 2000 tile-part does not end where it should.")
        head = bytes(data[place + 2 : place + 12])
        if len(head) < 10:
            raise ImageFault("truncated", "The JPEG 2000 codestream ends within a tile-part.")
        _, tile, length, _, _ = struct.unpack(">HHIBB", head)
        if tile >= stream.tiles:
            raise ImageFault("unreadable", "A JPEG 2000 tile-part belongs to no tile.")
        seen.add(tile)
        if length == 0:
            _check_open_end(data)
            _refuse_zeros(data[place : len(data) - _END_BYTES], stream)
            break
        if length < 14:
            raise ImageFault("unreadable", "A JPEG 2000 tile-part has no valid length.")
        place += length
        if place > len(data):
            raise ImageFault("truncated", "A JPEG 2000 tile-part continues beyond the end of the data.")
        _refuse_zeros(data[place - length : place], stream)
    if len(seen) < stream.tiles:
        tiles = stream.tiles
        missing = tiles - len(seen)
        raise ImageFault("unreadable", f"{missing} of {tiles} JPEG 2000 tiles are missing.")


def _refuse_zeros(part: Bytes, stream: Stream) -> None:
    """A packet of a blank piece is one zero byte; more zeros than there are packets were not coded.

    Coded blocks have no long runs of zeros: the arithmetic code turns what is likely into few bytes.
    """
    if stream.packets_most is None or len(part) < stream.packets_most + _ZEROS_MOST:
        return
    if re.search(rb"\0{%d}" % (stream.packets_most + _ZEROS_MOST), part):
        raise ImageFault("unreadable", "A part of the JPEG 2000 data is overwritten with zeros.")


def _check_open_end(data: Bytes) -> None:
    """A last tile-part without a length runs to the end marker."""
    if not bytes(data[-16:]).rstrip(b"\0\r\n").endswith(b"\xff\xd9"):
        raise ImageFault("truncated", "The JPEG 2000 codestream has no end marker.")


def decode_codestream(data: Bytes, limits: DecodeLimits, *, whole: Bytes | None = None) -> Pixels:
    """Components of eight bits.

    Parameters
    ----------
    data
        The codestream.
    limits
        Bounds on the size.
    whole
        The JP2 file around it, where its palette and channel definitions matter.

    Returns
    -------
    Pixels
        uint8 (H, W) or (H, W, C); no colour conversion is made.
    """
    stream = read_stream(data)
    check_size(stream.width_px, stream.height_px, limits)
    check_tiles(data, stream)
    if stream.signed or max(stream.bits) > 16:
        raise ImageFault("unsupported", "JPEG 2000 with signed samples or more than 16 bits is not decoded.")
    try:
        samples = codecs.jpeg2k_decode(data if whole is None else whole, numthreads=1)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
        words = (str(error) or type(error).__name__).splitlines()[0][:100]
        kind_is_ours = any(step != (1, 1) for step in stream.steps)
        raise ImageFault(
            "unsupported" if kind_is_ours else "unreadable", f"The JPEG 2000 data are not decoded ({words})."
        ) from None
    if samples.shape[:2] != (stream.height_px, stream.width_px):
        raise ImageFault("unreadable", "The JPEG 2000 picture has another size than its header says.")
    return _eight_bits(samples, max(stream.bits))


def _eight_bits(samples: Pixels, bits: int) -> Pixels:
    if samples.dtype == np.uint16:
        return (samples >> max(0, bits - 8)).astype(np.uint8)
    if bits < 8 and int(samples.max(initial=0)) < 1 << bits:
        return (samples * (255 // ((1 << bits) - 1))).astype(np.uint8)
    return samples
