"""The marker segments of a JPEG stream (ITU-T T.81 annex B, JFIF 1.02, EXIF 2.3, Adobe TN 5116)."""

import re
from dataclasses import dataclass, field

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.values import Bytes

SOI, EOI, SOS, DQT, DHT, DRI, DNL = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xDC
APP0, APP1, APP2, APP14, COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_SEGMENTS_MOST = 4096
_NEXT_MARKER = re.compile(rb"\xff[^\xff]", re.DOTALL)
_IN_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment before the first scan: code, and where its payload begins and ends."""

    code: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component of the frame header."""

    ident: int
    across: int
    down: int
    table: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame header (SOF)."""

    code: int
    precision: int
    height_px: int
    width_px: int
    components: tuple[Component, ...]

    @property
    def progressive(self) -> bool:
        """Whether the picture comes in refining scans."""
        return self.code in _PROGRESSIVE

    @property
    def lossless(self) -> bool:
        """Lossless JPEG (T.81 annex H), which scanners do not write but medical devices do."""
        return self.code in (0xC3, 0xC7, 0xCB, 0xCF)


@dataclass(slots=True)
class Markers:
    """What stands before the first scan of a JPEG stream."""

    frame: Frame | None = None
    segments: list[Segment] = field(default_factory=list)
    tables: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Quantisation tables in zigzag order, by number."""
    adobe_transform: int | None = None
    scan_begin: int = 0
    """Offset of the first SOS marker, 0 if there is none."""
    rubbish: bool = False
    """Bytes that belong to no segment stood between two segments."""


def read_markers(data: Bytes) -> Markers:
    """Walk the segments up to the first scan.

    Parameters
    ----------
    data
        A JPEG stream from SOI on; also the abbreviated streams of TIFF, which have tables only.

    Raises
    ------
    ImageFault
        ``unreadable`` for no SOI or a broken segment, ``truncated`` for data that end before the first scan.
    """
    if bytes(data[:2]) != b"\xff\xd8":
        raise ImageFault("unreadable", "No JPEG start marker.")
    markers = Markers()
    place, size = 2, len(data)
    for _ in range(_SEGMENTS_MOST):
        found = _NEXT_MARKER.search(data, place)
        if found is None:
            raise ImageFault("truncated", "The JPEG data end within the header.")
        markers.rubbish |= data[place] != 0xFF
        place = found.end()
        code = data[place - 1]
        if code == EOI:
            return markers
        if code == 0 or code in _ALONE:
            markers.rubbish = True
            continue
        length = int.from_bytes(data[place : place + 2], "big")
        if code == SOS:
            markers.scan_begin = place - 2
            return markers
        if length < 2:
            raise ImageFault("unreadable", "A JPEG segment has no valid length.")
        if place + length > size:
            raise ImageFault("truncated", "A JPEG segment continues beyond the end of the data.")
        segment = Segment(code, place + 2, place + length)
        markers.segments.append(segment)
        _note(markers, segment, data)
        place += length
    raise ImageFault("unreadable", "The JPEG header has no end.")


def _note(markers: Markers, segment: Segment, data: Bytes) -> None:
    payload = bytes(data[segment.begin : segment.end])
    if segment.code in _FRAMES:
        if markers.frame is None:
            markers.frame = _frame(segment.code, payload)
    elif segment.code == DQT:
        _quantisation(markers.tables, payload)
    elif segment.code == APP14 and payload[:5] == b"Adobe" and len(payload) >= 12:
        markers.adobe_transform = payload[11]


def _frame(code: int, payload: bytes) -> Frame:
    if len(payload) < 6 or len(payload) < 6 + 3 * payload[5]:
        raise ImageFault("unreadable", "The JPEG frame header is too short.")
    components = tuple(
        Component(payload[at], payload[at + 1] >> 4, payload[at + 1] & 15, payload[at + 2])
        for at in range(6, 6 + 3 * payload[5], 3)
    )
    height, width = int.from_bytes(payload[1:3], "big"), int.from_bytes(payload[3:5], "big")
    return Frame(code, payload[0], height, width, components)


def _quantisation(tables: dict[int, tuple[int, ...]], payload: bytes) -> None:
    place = 0
    while place < len(payload):
        wide, number = payload[place] >> 4, payload[place] & 15
        step = 2 if wide else 1
        block = payload[place + 1 : place + 1 + 64 * step]
        if len(block) < 64 * step:
            return
        tables[number] = tuple(int.from_bytes(block[i : i + step], "big") for i in range(0, len(block), step))
        place += 1 + 64 * step


def end_of_image(data: Bytes, markers: Markers) -> int | None:
    """Offset of the EOI marker that ends the picture (not of a thumbnail); None if missing.

    Later scans and the tables between them are stepped over.
    """
    place = markers.scan_begin
    for _ in range(_SEGMENTS_MOST):
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        found = _IN_SCAN.search(data, place + 2 + length)
        if found is None:
            return None
        code = data[found.end() - 1]
        place = found.end() - 2
        if code == EOI:
            return place
    return None
