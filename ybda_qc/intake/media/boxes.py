"""Files made of boxes: MP4, MOV, M4A, 3GP, HEIC, CR3. Source: ISO/IEC 14496-12; QuickTime File Format."""

from collections.abc import Iterator

from ybda_qc.intake.media.excerpts import Excerpts, MediaContent

_OLD_MOV = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_BRANDS = {
    b"qt  ": "MOV",
    b"M4A ": "M4A",
    b"M4B ": "M4A",
    b"crx ": "CR3",
    b"avif": "AVIF",
    b"avis": "AVIF",
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"),
}
_STILL = frozenset({"HEIC", "AVIF"})
_MOST_CHILDREN = 64
_MOST_BOXES = 100_000  # a film in pieces has one every second or so


def read_boxes(file: Excerpts) -> MediaContent | None:
    """A file made of boxes; None for any other content."""
    head = file.read(0, 64)
    length, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if kind == b"ftyp" and length >= 16:
        name = _format_of(head[8:12], head[16 : min(length, 64)])
    elif kind in _OLD_MOV and (length in (0, 1) or length >= 8):
        name = "MOV"
    else:
        return None
    places, is_cut = _walk(file)
    kinds = places.keys()
    index = b"meta" if name in _STILL else b"moov"
    if name == "MP4" and index in places and _tracks(file, *places[index]) == {b"soun"}:
        name = "M4A"  # the brand is that of a film, but nothing is to be seen
    return MediaContent(format=name, lacks="" if index in kinds else index.decode(), is_cut=is_cut)


def _format_of(brand: bytes, others: bytes) -> str:
    if brand == b"mif1" and b"avif" in others:
        return "AVIF"
    if brand[:2] == b"3g":
        return "3GP"
    return _BRANDS.get(brand, "MP4")


def _tracks(file: Excerpts, start: int, end: int) -> set[bytes]:
    """What the tracks of an index hold that can be seen or heard: ``vide``, ``soun``."""
    found: set[bytes] = set()
    for kind, track, track_end in _children(file, start, end):
        for inner, media, media_end in _children(file, track, track_end) if kind == b"trak" else ():
            for box, handler, _ in _children(file, media, media_end) if inner == b"mdia" else ():
                found |= {file.read(handler + 8, 4)} if box == b"hdlr" else set()
    return found & {b"vide", b"soun"}


def _children(file: Excerpts, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind of each box within a box, and where its content starts and ends."""
    for _ in range(_MOST_CHILDREN):
        length, kind = file.number(start, 4), file.read(start + 4, 4)
        if length < 8 or start + length > end:
            break
        yield kind, start + 8, start + length
        start += length


def _walk(file: Excerpts) -> tuple[dict[bytes, tuple[int, int]], bool]:
    """Kinds of the outermost boxes and where the content of each lies, and whether the last is cut."""
    places: dict[bytes, tuple[int, int]] = {}
    offset = 0
    for _ in range(_MOST_BOXES):
        header = file.read(offset, 16)
        if len(header) < 8:
            break
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        wide = length == 1
        if wide:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # up to the end of the file
            length = file.size_bytes - offset
        if length < 8 or not all(32 <= char < 127 or char == 0xA9 for char in kind):
            break  # something was appended that is no box
        places[kind] = (offset + (16 if wide else 8), offset + length)
        offset += length
        if offset > file.size_bytes:
            return places, True
    return places, False
