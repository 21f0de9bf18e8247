"""JPEG 2000 codestreams: main header, tile-parts, end of codestream. Source: ISO/IEC 15444-1, annex A."""

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import COMPLETE, Completeness, doubtful, incomplete, shorter, strange

_START = b"\xff\x4f\xff\x51"
_END = b"\xff\xd9"
_TILE_PART, _TILE_PART_BYTES = b"\xff\x90", 12
_MOST_SEGMENTS, _MOST_TILE_PARTS = 2000, 5000
_PADDING = b"\0\r\n"


def read_codestream(file: Excerpts) -> Completeness | None:
    """Whether a bare codestream is all there; None for any other content."""
    if file.read(0, 4) != _START:
        return None
    return judge_codestream(file, 0, file.size_bytes) or COMPLETE


def judge_codestream(file: Excerpts, start: int, end: int) -> Completeness | None:
    """What is wrong with a codestream that lies between two places of a file; None: nothing.

    Tile-parts say how long they are; the last may say 0 and then goes on to the end of the codestream.
    """
    if file.read(start, 2) != _START[:2]:
        return strange(file.read(start, 2))
    offset = _first_tile_part(file, start + 2)
    if isinstance(offset, Completeness):
        return offset
    for _ in range(_MOST_TILE_PARTS):
        head = file.read(offset, _TILE_PART_BYTES)
        if head[:2] == _END:
            return None
        if head[:2] != _TILE_PART or len(head) < _TILE_PART_BYTES:
            return strange(head[:2])
        length = int.from_bytes(head[6:10], "big")
        if length == 0:
            break
        offset += max(length, _TILE_PART_BYTES)
        if offset + len(_END) > end:
            return shorter(file.size_bytes, offset + len(_END))
    tail = file.read(max(start, end - 64), min(64, end - start)).rstrip(_PADDING)
    return None if tail.endswith(_END) else incomplete(problems.END_MISSING)


def _first_tile_part(file: Excerpts, offset: int) -> int | Completeness:
    """Where the main header ends, whose first segment lies at `offset`."""
    for _ in range(_MOST_SEGMENTS):
        head = file.read(offset, 4)
        if len(head) < 4:
            return incomplete(problems.HEADER_CUT)
        if head[0] != 0xFF or head[2:] < b"\0\2":
            return strange(head)
        if head[:2] == _TILE_PART:
            return offset
        offset += 2 + int.from_bytes(head[2:], "big")
    return doubtful(problems.TOO_MANY_PARTS)
