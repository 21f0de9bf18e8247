"""JPEG: segments, entropy-coded data, end of image. Source: ITU-T T.81, annex B; CIPA DC-007 (MPF)."""

from typing import Final

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.media.excerpts import Order
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import (
    COMPLETE,
    Completeness,
    doubtful,
    incomplete,
    shorter,
    strange,
)

_END: Final = b"\xff\xd9"
_SCAN, _APP2 = 0xDA, 0xE2
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_MOST_SEGMENTS = 5000  # a head of 64 KiB segments with profile, thumbnails and metadata has some dozens
_PADDING = b"\0\r\n "
_MPF, _MPF_ENTRIES, _MPF_ENTRY_BYTES, _MOST_PICTURES = b"MPF\0", 0xB002, 16, 64
_LARGE_TRAILERS = (b"SEFT", b"CANON OPTIONAL DATA\0")


def read_jpeg(file: Excerpts) -> Completeness | None:
    """Whether a JPEG is all there; None for any other content."""
    if file.read(0, 3) != b"\xff\xd8\xff":
        return None
    offset = 2
    pictures_end = 0
    for _ in range(_MOST_SEGMENTS):
        head = file.read(offset, 8)
        problem = _wrong(head)
        if problem is not None:
            return problem
        if head[1] == 0xFF:  # a fill byte
            offset += 1
            continue
        marker = head[1]
        if marker == _APP2 and head[4:8] == _MPF:
            pictures_end = _end_of_pictures(file, offset + 8)
        offset += _taken(head)
        if marker == _SCAN:
            return _after_first_scan(file, offset, pictures_end)
    return doubtful(problems.TOO_MANY_PARTS)


def _wrong(head: bytes) -> Completeness | None:
    """What is wrong with the first bytes of a segment."""
    if len(head) < 4:
        return incomplete(problems.HEADER_CUT)
    if head[0] != 0xFF or head[1] == 0:
        return strange(head[:2])
    if head[1] == _END[1]:
        return doubtful(problems.DAMAGED)  # an end without a picture
    return strange(head[2:4]) if head[1] != 0xFF and not _taken(head) else None


def _taken(head: bytes) -> int:
    """Bytes that a segment takes; 0 where its length is wrong."""
    if head[1] in _ALONE:
        return 2
    length = int.from_bytes(head[2:4], "big")
    return 2 + length if length >= 2 else 0


def _after_first_scan(file: Excerpts, start: int, pictures_end: int) -> Completeness:
    """From here on FF D9 is the end: in entropy-coded data every FF is followed by 00 or a restart."""
    if start >= file.size_bytes:
        return incomplete(problems.HEADER_CUT)
    if pictures_end > file.size_bytes:
        return shorter(file.size_bytes, pictures_end)
    tail_start = max(start, file.size_bytes - len(file.tail))
    tail = file.read(tail_start, file.size_bytes - tail_start)
    if tail.rstrip(_PADDING).endswith(_END) or _END in tail:
        return COMPLETE
    if pictures_end or tail.endswith(_LARGE_TRAILERS):
        return COMPLETE
    return incomplete(problems.END_MISSING)


def _end_of_pictures(file: Excerpts, start: int) -> int:
    """Where the last picture of a multi-picture file ends; 0 where its index says nothing.

    `start` is where the index begins, as a small TIFF; its offsets count from there.
    """
    order: Order = "little" if file.read(start, 2) == b"II" else "big"
    directory = start + file.number(start + 4, 4, order)
    ends = [0]
    for place in range(directory + 2, directory + 2 + 12 * min(file.number(directory, 2, order), 16), 12):
        if file.number(place, 2, order) != _MPF_ENTRIES:
            continue
        count = min(file.number(place + 4, 4, order) // _MPF_ENTRY_BYTES, _MOST_PICTURES)
        entries = start + file.number(place + 8, 4, order)
        for entry in range(entries, entries + count * _MPF_ENTRY_BYTES, _MPF_ENTRY_BYTES):
            offset = file.number(entry + 8, 4, order)
            ends.append((start + offset if offset else 0) + file.number(entry + 4, 4, order))
    return max(ends)
