"""Spreadsheets: ZIP (xlsx, ods) and OLE2 (xls). Source: PKWARE APPNOTE 4.3; Microsoft MS-CFB 2.2 to 2.5."""

import struct
from array import array

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import (
    COMPLETE,
    Completeness,
    doubtful,
    incomplete,
    shorter,
    strange,
)

_MEMBER, _ENTRY, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_END_BYTES, _LONGEST_COMMENT = 22, 0xFFFF
_IN_64_BITS = 0xFFFFFFFF

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _LAST_SECTOR = 0xFFFFFFFF, 0xFFFFFFFA
_TABLES_IN_HEADER = 109


def read_zip(file: Excerpts) -> Completeness | None:
    """Whether a ZIP archive is all there; None for any other content."""
    if file.read(0, 4) not in (_MEMBER, _END):
        return None
    start = max(0, file.size_bytes - _END_BYTES - _LONGEST_COMMENT)
    tail = file.read(start, file.size_bytes - start)
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        return incomplete(problems.END_MISSING)
    length, offset, comment = struct.unpack_from("<IIH", tail, place + 12)
    if place + _END_BYTES + comment > len(tail):
        return shorter(file.size_bytes, start + place + _END_BYTES + comment)
    if _IN_64_BITS in (length, offset):
        return COMPLETE
    if offset + length > start + place:
        return shorter(file.size_bytes, offset + length + _END_BYTES + comment)
    first = file.read(offset, 4)
    return COMPLETE if not length or first == _ENTRY else strange(first)


def read_ole2(file: Excerpts) -> Completeness | None:
    """Whether an OLE2 file is all there; None for any other content.

    The sector that is in use and has the highest number tells how long the file is.
    """
    head = file.read(0, 512)
    if head[:8] != _OLE2:
        return None
    if len(head) < 512:
        return incomplete(problems.HEADER_CUT)
    sector_bytes = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    count = min(int.from_bytes(head[44:48], "little"), _TABLES_IN_HEADER)
    if sector_bytes not in (512, 4096) or not count:
        return strange(head[30:48])
    tables = struct.unpack_from(f"<{count}I", head, 76)
    used = max((sector for sector in tables if sector < _LAST_SECTOR), default=0)
    for number in range(count - 1, -1, -1):
        highest = _highest_in_use(file.read((tables[number] + 1) * sector_bytes, sector_bytes))
        if highest is not None:
            used = max(used, number * (sector_bytes // 4) + highest)
            break
    needed = (used + 2) * sector_bytes
    if needed <= file.size_bytes:
        return COMPLETE
    # Some programs leave the last sector short.
    is_close = needed - file.size_bytes < sector_bytes
    return doubtful(problems.DAMAGED) if is_close else shorter(file.size_bytes, needed)


def _highest_in_use(table: bytes) -> int | None:
    entries = array("I", table[: len(table) // 4 * 4])
    return next((place for place in range(len(entries) - 1, -1, -1) if entries[place] != _FREE), None)
