"""Image file directories: the tag structure that TIFF and EXIF share (TIFF 6.0 section 2; BigTIFF)."""

import math
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.values import Bytes

_TYPE_FORMAT = {
    1: "u1", 2: "u1", 3: "u2", 4: "u4", 5: "u4", 6: "i1", 7: "u1", 8: "i2", 9: "i4", 10: "i4",
    11: "f4", 12: "f8", 13: "u4", 16: "u8", 17: "i8", 18: "u8",
}  # fmt: skip
_RATIONALS = (5, 10)
_TEXT_LONGEST = 256
_ENTRIES_MOST = 4096
_INTEGERS_MOST = 1 << 16


class DirectoryError(Exception):
    """A directory that cannot be read; `beyond_end` tells a cut file from a broken one."""

    def __init__(self, detail: str, *, beyond_end: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.beyond_end = beyond_end


@dataclass(frozen=True, slots=True)
class ByteOrder:
    """How numbers are stored: ``<`` or ``>`` as for `struct` and numpy, and whether offsets have 64 bits."""

    sign: str
    big: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag: TIFF type, number of values, and where the values lie."""

    kind: int
    count: int
    offset: int


class Directory:
    """Tags of one directory; values are read when asked for.

    Parameters
    ----------
    data
        The whole file (or EXIF block) that offsets refer to.
    order
        Its byte order.
    entries
        By tag number.
    following
        Offset of the next directory, 0 if none.
    span
        Where its entries begin and end.
    """

    def __init__(
        self,
        data: Bytes,
        order: ByteOrder,
        entries: dict[int, Entry],
        following: int,
        span: tuple[int, int] = (0, 0),
    ) -> None:
        self.data = data
        self.order = order
        self.entries = entries
        self.following = following
        self.span = span

    def __contains__(self, tag: int) -> bool:
        return tag in self.entries

    def raw(self, tag: int) -> Bytes | None:
        """Bytes of a tag's values; None if absent, of an unknown type, or outside the file."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in _TYPE_FORMAT:
            return None
        size = entry.count * int(_TYPE_FORMAT[entry.kind][1]) * (2 if entry.kind in _RATIONALS else 1)
        if entry.offset + size > len(self.data):
            return None
        return self.data[entry.offset : entry.offset + size]

    def lies_outside(self, tags: Iterable[int]) -> bool:
        """Whether the values of one of these tags reach beyond the end of the data."""
        present = (tag for tag in tags if tag in self.entries and self.entries[tag].kind in _TYPE_FORMAT)
        return any(self.raw(tag) is None for tag in present)

    def array(self, tag: int) -> NDArray[np.generic] | None:
        """Values of an integer or float tag as stored, shape (count,); None as for `raw`."""
        raw = self.raw(tag)
        if raw is None:
            return None
        return np.frombuffer(raw, dtype=self.order.sign + _TYPE_FORMAT[self.entries[tag].kind])

    def integers(self, tag: int) -> list[int]:
        """Values of a tag as integers, at most 65,536; empty if absent, unreadable or not integers."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind in _RATIONALS:
            return []
        values = self.array(tag)
        if values is None or values.dtype.kind not in "iu":
            return []
        return [int(value) for value in values[:_INTEGERS_MOST].tolist()]

    def integer(self, tag: int, default: int) -> int:
        """First value of an integer tag, or the default."""
        values = self.integers(tag)
        return values[0] if values else default

    def number(self, tag: int) -> float | None:
        """First value of a rational, float or integer tag; None if absent, infinite or divided by zero."""
        values = self.array(tag)
        if values is None or not len(values):
            return None
        listed = values[:2].tolist()
        if self.entries[tag].kind in _RATIONALS:
            if len(listed) < 2 or not listed[1]:
                return None
            return float(listed[0] / listed[1])
        return float(listed[0]) if math.isfinite(listed[0]) else None

    def text(self, tag: int) -> str | None:
        """Text of an ASCII tag up to the first NUL, stripped and cut to 256 characters; None if empty."""
        entry = self.entries.get(tag)
        if entry is None or entry.kind not in (1, 2, 7):
            return None
        raw = self.raw(tag)
        if raw is None:
            return None
        return readable_text(bytes(raw[: 4 * _TEXT_LONGEST]))


def readable_text(raw: bytes) -> str | None:
    """Text of a field: UTF-8, else GB 18030, else Latin-1; printable characters only; bounded."""
    raw = raw.split(b"\0", 1)[0].strip()
    for encoding in ("utf-8", "gb18030", "latin-1"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    text = "".join(character for character in text if character.isprintable())
    return text[:_TEXT_LONGEST].strip() or None


def read_order(data: Bytes) -> tuple[ByteOrder, int]:
    """Byte order and offset of the first directory.

    Raises
    ------
    DirectoryError
        No TIFF signature, or the file ends within it.
    """
    head = bytes(data[:16])
    sign = {b"II": "<", b"MM": ">"}.get(head[:2])
    if sign is None:
        raise DirectoryError("No byte order mark.", beyond_end=False)
    magic = struct.unpack(sign + "H", head[2:4].ljust(2, b"\0"))[0]
    if magic == 43:
        if len(head) < 16:
            raise DirectoryError("The file ends within its header.", beyond_end=True)
        return ByteOrder(sign, True), int(struct.unpack(sign + "Q", head[8:16])[0])
    if len(head) < 8:
        raise DirectoryError("The file ends within its header.", beyond_end=True)
    return ByteOrder(sign, False), int(struct.unpack(sign + "I", head[4:8])[0])


def read_directory(data: Bytes, order: ByteOrder, offset: int) -> Directory:
    """Read the tags at `offset`.

    Raises
    ------
    DirectoryError
        The directory lies outside the data, ends beyond them, or is empty.
    """
    size = len(data)
    head, entry_size, inline = (8, 20, 8) if order.big else (2, 12, 4)
    if offset + head > size:
        raise DirectoryError("A directory lies beyond the end of the file.", beyond_end=True)
    count = int.from_bytes(data[offset : offset + head], "little" if order.sign == "<" else "big")
    start = offset + head
    end = start + count * entry_size
    if not 0 < count <= _ENTRIES_MOST:
        raise DirectoryError("A directory has no valid number of entries.", beyond_end=False)
    if end > size:
        raise DirectoryError("A directory continues beyond the end of the file.", beyond_end=True)
    layout = order.sign + ("HHQ8s" if order.big else "HHI4s")
    offset_layout = order.sign + ("Q" if order.big else "I")
    entries: dict[int, Entry] = {}
    for number, (tag, kind, values, field) in enumerate(struct.iter_unpack(layout, data[start:end])):
        width = int(_TYPE_FORMAT[kind][1]) * (2 if kind in _RATIONALS else 1) if kind in _TYPE_FORMAT else 1
        if values * width <= inline:
            where = start + number * entry_size + entry_size - inline
        else:
            where = struct.unpack(offset_layout, field)[0]
        entries.setdefault(tag, Entry(kind, values, where))
    # Some writers leave out the link of a last directory that ends the file; half a link is a cut.
    link = bytes(data[end : end + inline])
    if 0 < len(link) < inline:
        raise DirectoryError("The file ends within a directory.", beyond_end=True)
    following = struct.unpack(offset_layout, link)[0] if link else 0
    return Directory(data, order, entries, following, (offset, end))
