"""BMP and GIF. Source: Microsoft BITMAPFILEHEADER, BITMAPINFOHEADER; GIF89a specification, section 27."""

import struct

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import COMPLETE, Completeness, doubtful, incomplete, shorter

_UNPACKED = frozenset({0, 3, 6})  # RGB and with masks: the size follows from width and height
_CORE_HEADER = 12
_HEADER_LENGTHS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_MANY_ZEROS = 64  # at the end of the pixels: 21 that are quite black
_GIF_END = b"\0;"  # the end of the last picture's blocks, and the trailer


def read_bmp(file: Excerpts) -> Completeness | None:
    """Whether a BMP is all there; None for any other content."""
    head = file.read(0, 38)
    if head[:2] != b"BM":
        return None
    if len(head) < 38:
        return incomplete(problems.HEADER_CUT)

    declared, pixels, header = (int.from_bytes(head[at : at + 4], "little") for at in (2, 10, 14))
    if header not in _HEADER_LENGTHS:
        return incomplete(problems.NO_HEADER) if not header else None
    needed = pixels + _pixel_bytes(head, header)
    if needed > file.size_bytes:
        return shorter(file.size_bytes, needed)
    if not file.read(needed - _MANY_ZEROS, _MANY_ZEROS).strip(b"\0"):
        return doubtful(problems.ZEROS_AT_END)
    # Some programs write a size that is a little too large: that alone is no reason to wait for ever.
    return doubtful(problems.DAMAGED) if declared > file.size_bytes or not pixels else COMPLETE


def _pixel_bytes(head: bytes, header: int) -> int:
    """Bytes that the pixels take, by the head of the file and the length of its second header."""
    if header == _CORE_HEADER:
        width, height, _, bits = struct.unpack_from("<4H", head, 18)
        packing = packed = 0
    else:
        width, height, _, bits, packing, packed = struct.unpack_from("<IiHHII", head, 18)
    if header == _CORE_HEADER or packing in _UNPACKED:
        return int((width * bits + 31) // 32 * 4 * abs(height))
    return int(packed)


def read_gif(file: Excerpts) -> Completeness | None:
    """Whether a GIF is all there; None for any other content."""
    if file.read(0, 6) not in (b"GIF87a", b"GIF89a"):
        return None
    tail = file.read(max(0, file.size_bytes - 4096), 4096).rstrip(b"\0\r\n")
    return COMPLETE if tail.endswith(_GIF_END) else incomplete(problems.END_MISSING)
