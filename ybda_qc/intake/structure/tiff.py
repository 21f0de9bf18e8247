"""TIFF and BigTIFF: directories and all they point to. Source: TIFF 6.0; Adobe TIFF TechNote 1; BigTIFF."""

import struct
from dataclasses import dataclass
from typing import Final

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.values import COMPLETE, Completeness, doubtful, incomplete, shorter

_SIGNATURES: Final = {b"II*\0": "<", b"MM\0*": ">", b"II+\0": "<", b"MM\0+": ">"}
_TYPES: Final = {
    **dict.fromkeys((1, 2, 6, 7), (1, "B")),
    **dict.fromkeys((3, 8), (2, "H")),
    **dict.fromkeys((4, 9, 13), (4, "I")),
    **dict.fromkeys((16, 17, 18), (8, "Q")),
    **dict.fromkeys((5, 10, 12), (8, "")),
    11: (4, ""),
}
"""Type -> bytes a value, and how `struct` calls it where it is a whole number."""
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _SAMPLES = 256, 257, 258, 259, 277
_PARTS: Final = ((273, 279), (324, 325), (513, 514))  # strips, tiles, old JPEG: where, and how long
_BELOW: Final = (330, 34665, 34853, 40965)  # sub-directories: pictures, EXIF, GPS, interoperability
_NOT_PACKED: Final = 1
_MOST_DIRECTORIES = 2000
_MOST_NUMBERS = 1_000_000  # offsets and lengths over all directories
_MOST_PARTS = 65_536  # strips or tiles of a picture that are looked at, the last ones
_MOST_ENDS = 64  # ends of strips or tiles that are read
_SLACK_BYTES = 4096  # behind the last thing that a directory points to
_ZEROS, _MANY_ZEROS = 8, 64
"""Zeros that compressed data cannot end with, and that pixels stored as they are hardly do."""


def read_tiff(file: Excerpts) -> Completeness | None:
    """Whether a TIFF is all there; None for any other content."""
    head = file.read(0, 16)
    order = _SIGNATURES.get(head[:4])
    if order is None:
        return None
    is_big = 43 in head[2:4]
    if len(head) < (16 if is_big else 8):
        return incomplete(problems.HEADER_CUT)
    first = int(struct.unpack_from(order + ("Q" if is_big else "I"), head, 8 if is_big else 4)[0])
    if first == 0:
        return incomplete(problems.NO_DIRECTORY)
    return _Walk(file, order, is_big=is_big).judge(first)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    place: int  # of its values in the file


class _Walk:
    """A walk over all directories of a file; it stops at the first that says the file is not all there."""

    def __init__(self, file: Excerpts, order: str, *, is_big: bool) -> None:
        self._file = file
        self._order = order
        self._number = struct.Struct(order + ("Q" if is_big else "I"))
        self._count = struct.Struct(order + ("Q" if is_big else "H"))
        self._entry = struct.Struct(order + ("HHQ8s" if is_big else "HHI4s"))
        self._seen: set[int] = set()
        self._numbers_left = _MOST_NUMBERS
        self._end = 0  # of all that has been pointed to
        self._pictures = 0
        self._doubt: Completeness | None = None

    def judge(self, first: int) -> Completeness:
        """Walk from the first directory."""
        waiting = [first]
        while waiting:
            offset = waiting.pop()
            if offset == 0 or offset in self._seen:
                continue
            if len(self._seen) >= _MOST_DIRECTORIES or self._numbers_left <= 0:
                return doubtful(problems.TOO_MANY_PARTS)
            self._seen.add(offset)
            entries = self._read(offset, waiting)
            problem = entries if isinstance(entries, Completeness) else self._examine(entries, waiting)
            if problem is not None:
                return problem
        if not self._pictures:
            return doubtful(problems.DAMAGED)
        if self._doubt is None and self._end + _SLACK_BYTES < self._file.size_bytes:
            return doubtful(problems.GOES_ON)
        return self._doubt or COMPLETE

    def _read(self, offset: int, waiting: list[int]) -> dict[int, _Entry] | Completeness:
        """The entries of a directory; the next one is put on the list."""
        data = self._file.read(offset, 4096)
        if len(data) < self._count.size:
            return self._ends_before(offset + self._count.size)
        (count,) = self._count.unpack_from(data)
        start = self._count.size
        stop = start + count * self._entry.size
        end = stop + self._number.size
        if offset + end > self._file.size_bytes:
            return self._ends_before(offset + end)
        if not count:
            return incomplete(problems.PART_EMPTY)
        if end > len(data):
            if count > 0xFFFF:
                return doubtful(problems.DAMAGED)
            data = self._file.read(offset, end)
        self._end = max(self._end, offset + end)
        waiting.append(self._number.unpack_from(data, stop)[0])
        return self._entries(data[start:stop], offset + start)

    def _entries(self, data: bytes, place: int) -> dict[int, _Entry] | Completeness:
        entries: dict[int, _Entry] = {}
        room = self._number.size
        for tag, kind, count, value in self._entry.iter_unpack(data):
            place += self._entry.size
            if not (tag or kind or count):
                return incomplete(problems.PART_EMPTY)
            taken = _TYPES.get(kind, (0, ""))[0] * count
            at = place - room if taken <= room else self._number.unpack(value)[0]
            if at + taken > self._file.size_bytes:
                return self._ends_before(at + taken)
            self._end = max(self._end, at + taken)
            entries[tag] = _Entry(kind, count, at)
        return entries

    def _examine(self, entries: dict[int, _Entry], waiting: list[int]) -> Completeness | None:
        for tag in _BELOW:
            waiting.extend(self._numbers(entries, tag))
        packing = next(iter(self._numbers(entries, _COMPRESSION)), _NOT_PACKED)
        for where, how_long in _PARTS:
            offsets = self._numbers(entries, where)
            if not offsets:
                continue
            self._pictures += 1
            lengths = self._numbers(entries, how_long) or self._length_by_size(entries, offsets, packing)
            problem = self._examine_parts(offsets, lengths, is_packed=packing != _NOT_PACKED)
            if problem is not None:
                return problem
        return None

    def _examine_parts(
        self, offsets: tuple[int, ...], lengths: tuple[int, ...], *, is_packed: bool
    ) -> Completeness | None:
        if 0 in offsets:
            return incomplete(problems.PART_EMPTY)
        ends = [offset + length for offset, length in zip(offsets, lengths, strict=False)] or [max(offsets)]
        last = max(ends)
        if last > self._file.size_bytes:
            return self._ends_before(last)
        self._end = max(self._end, last)
        sampled = ends[:: -(-len(ends) // _MOST_ENDS)] if is_packed else []
        zeros = _ZEROS if is_packed else _MANY_ZEROS
        if any(not self._file.read(end - zeros, zeros).strip(b"\0") for end in {*sampled, last}):
            self._doubt = doubtful(problems.ZEROS_AT_END)
        return None

    def _length_by_size(
        self, entries: dict[int, _Entry], offsets: tuple[int, ...], packing: int
    ) -> tuple[int, ...]:
        """How long a picture in one piece is whose directory does not say so, by width and height."""
        if len(offsets) > 1 or packing != _NOT_PACKED:
            return ()
        width, height, bits, samples = (
            next(iter(self._numbers(entries, tag)), 1) for tag in (_WIDTH, _HEIGHT, _BITS, _SAMPLES)
        )
        return ((width * bits * samples + 7) // 8 * height,)

    def _numbers(self, entries: dict[int, _Entry], tag: int) -> tuple[int, ...]:
        entry = entries.get(tag)
        size, code = _TYPES.get(entry.kind, (0, "")) if entry else (0, "")
        if entry is None or not code:
            return ()
        count = min(entry.count, _MOST_PARTS)
        self._numbers_left -= count
        data = self._file.read(entry.place + (entry.count - count) * size, count * size)
        return struct.unpack(f"{self._order}{len(data) // size}{code}", data[: len(data) // size * size])

    def _ends_before(self, expected: int) -> Completeness:
        return shorter(self._file.size_bytes, expected)
