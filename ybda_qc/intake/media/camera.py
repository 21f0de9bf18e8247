"""TIFF and the raw files of cameras, most of which are TIFF with a difference. Source: TIFF 6.0; DNG 1.6."""

from ybda_qc.intake.media.excerpts import Excerpts, MediaContent, Order

_SIGNATURES = (  # offset, bytes, format
    (0, b"IIRO", "ORF"),
    (0, b"IIRS", "ORF"),
    (0, b"MMOR", "ORF"),
    (0, b"IIU\0", "RW2"),
    (0, b"FUJIFILMCCD-RAW", "RAF"),
    (6, b"HEAPCCDR", "CRW"),
    (0, b"FOVb", "X3F"),
    (0, b"\0MRM", "MRW"),
)
_MAKERS = {b"NIKON": "NEF", b"SONY": "ARW", b"PENTAX": "PEF", b"RICOH": "PEF", b"SAMSUNG": "SRW"}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SUBFILE, _COMPRESSION, _COLOURS, _MAKE, _SUB_IFDS, _DNG = 254, 259, 262, 271, 330, 50706
_PARTS = ((273, 279), (324, 325))  # where strips and tiles lie, and how long they are
_SENSOR_COLOURS = frozenset({32803, 34892})
_RAW_COMPRESSIONS = frozenset({32767, 32770, 34713, 65535})
_MOST_SUB_IFDS = 16
_MOST_ENTRIES = 1000

_Entry = tuple[int, int, int]  # type, count, offset of the value in the file


def read_camera(file: Excerpts) -> MediaContent | None:
    """TIFF or the raw file of a camera; None for any other content."""
    for offset, signature, name in _SIGNATURES:
        if file.read(offset, len(signature)) == signature:
            return MediaContent(format=name)
    head = file.read(0, 10)
    if head[:4] not in (b"II*\0", b"MM\0*"):
        return MediaContent(format="TIFF") if head[:4] in (b"II+\0", b"MM\0+") else None
    return _Directories(file, "little" if head[:2] == b"II" else "big").content(is_canon=head[8:10] == b"CR")


class _Directories:
    """The first directory of a TIFF file and those below it."""

    def __init__(self, file: Excerpts, order: Order) -> None:
        self._file = file
        self._order = order
        self._is_cut = False

    def content(self, *, is_canon: bool) -> MediaContent:
        first = self._read(self._number(4, 4))
        for offset in self._numbers(first, _SUB_IFDS)[:_MOST_SUB_IFDS]:
            self._read(offset)
        name = "CR2" if is_canon else self._format(first)
        return MediaContent(format=name, is_cut=self._is_cut)

    def _number(self, offset: int, count: int) -> int:
        return self._file.number(offset, count, self._order)

    def _read(self, offset: int) -> dict[int, _Entry]:
        """Read a directory, and note whether it or what it points to lies beyond the end."""
        entries: dict[int, _Entry] = {}
        count = min(self._number(offset, 2), _MOST_ENTRIES)
        self._is_cut |= offset + 2 + 12 * count > self._file.size_bytes
        for place in range(offset + 2, offset + 2 + 12 * count, 12):
            tag, kind, length = self._number(place, 2), self._number(place + 2, 2), self._number(place + 4, 4)
            taken = _TYPE_BYTES.get(kind, 0) * length
            value = place + 8 if taken <= 4 else self._number(place + 8, 4)
            self._is_cut |= value + taken > self._file.size_bytes
            entries[tag] = (kind, length, value)
        for where, how_long in _PARTS:
            pairs = zip(self._numbers(entries, where), self._numbers(entries, how_long), strict=False)
            self._is_cut |= any(start + taken > self._file.size_bytes for start, taken in pairs)
        return entries

    def _numbers(self, entries: dict[int, _Entry], tag: int) -> list[int]:
        kind, length, value = entries.get(tag, (0, 0, 0))
        size = _TYPE_BYTES.get(kind, 0)
        if size not in (2, 4):
            return []
        data = self._file.read(value, min(length, 100_000) * size)
        whole = len(data) - len(data) % size
        return [int.from_bytes(data[at : at + size], self._order) for at in range(0, whole, size)]

    def _format(self, first: dict[int, _Entry]) -> str:
        if _DNG in first:
            return "DNG"

        def word(tag: int) -> int:
            return next(iter(self._numbers(first, tag)), 0)

        is_raw = (
            (word(_SUBFILE) & 1 and _SUB_IFDS in first)
            or word(_COLOURS) in _SENSOR_COLOURS
            or word(_COMPRESSION) in _RAW_COMPRESSIONS
        )
        _, length, value = first.get(_MAKE, (0, 0, 0))
        maker = self._file.read(value, min(length, 32)).upper()
        return next((name for make, name in _MAKERS.items() if is_raw and make in maker), "TIFF")
