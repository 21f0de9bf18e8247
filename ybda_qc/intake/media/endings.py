"""Whether sound and films in packets go on to their end. Source: RFC 9639 (FLAC), RFC 3533 (Ogg), FLV 10."""

from collections.abc import Iterator

from ybda_qc.intake.media.excerpts import TAIL_BYTES, Excerpts, MediaContent

_FLAC_BLOCKS = {1: 192, **{code: 576 << (code - 2) for code in range(2, 6)}} | {
    code: 256 << (code - 8) for code in range(8, 16)
}
_LONGEST_FRAME = 1 << 20
_STREAM_INFO = 8  # after the signature and the head of its block
_LAST_PAGE, _LONGEST_PAGE = 4, 27 + 255 + 255 * 255
_TAG_HEAD = 11


def read_flac(file: Excerpts) -> MediaContent:
    """FLAC: cut where no frame at the end reaches the number of samples that the head counts."""
    total = file.number(_STREAM_INFO + 13, 5) & 0xFFFFFFFFF
    longest = min(file.number(_STREAM_INFO + 7, 3), _LONGEST_FRAME)
    block = file.number(_STREAM_INFO, 2)
    tail = file.read(max(0, file.size_bytes - TAIL_BYTES - longest), TAIL_BYTES + longest)
    ends = set(_ends_of_frames(tail, block))
    is_long = file.size_bytes > TAIL_BYTES and not longest  # a frame may be longer than what was read
    return MediaContent(format="FLAC", is_cut=0 < total not in ends and bool(ends or not is_long))


def _ends_of_frames(data: bytes, block: int) -> Iterator[int]:
    """Number of the sample after each frame whose head lies in the data; `block` samples a frame if fixed."""
    place = data.find(b"\xff")
    while place >= 0:
        head = data[place : place + 16]
        if len(head) == 16 and head[1] & 0xFE == 0xF8 and head[2] >> 4:
            taken, number = _coded_number(head[4:11])
            end = 4 + taken
            code = head[2] >> 4
            samples = _FLAC_BLOCKS.get(code, 0)
            if code in (6, 7):
                samples = 1 + int.from_bytes(head[end : end + code - 5], "big")
                end += code - 5
            end += {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
            if taken and _crc8(head[:end]) == head[end]:
                yield number + samples if head[1] & 1 else number * block + samples
        place = data.find(b"\xff", place + 1)


def _coded_number(data: bytes) -> tuple[int, int]:
    """Bytes that a number takes which is written as UTF-8 writes characters, and the number; 0, 0: none."""
    count = 8 - (data[0] ^ 0xFF).bit_length()
    if count == 0:
        return 1, data[0]
    if count == 1 or count > 7 or any(byte & 0xC0 != 0x80 for byte in data[1:count]):
        return 0, 0
    number = data[0] & 0x7F >> count
    for byte in data[1:count]:
        number = number << 6 | byte & 0x3F
    return count, number


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


def read_ogg(file: Excerpts) -> MediaContent:
    """Ogg: its last page says that it is the last, and is whole."""
    name = "OGV" if b"\x80theora" in file.read(0, 4096) else "OGG"
    start = max(0, file.size_bytes - _LONGEST_PAGE - 28)
    tail = file.read(start, file.size_bytes - start)
    place = tail.rfind(b"OggS\0")
    segments = tail[place + 27 : place + 27 + tail[place + 26]] if 0 <= place < len(tail) - 26 else b""
    is_cut = not segments or place + 27 + len(segments) + sum(segments) > len(tail)
    is_last = bool(segments) and bool(tail[place + 5] & _LAST_PAGE)
    return MediaContent(format=name, is_cut=is_cut, lacks="" if is_cut or is_last else "last page")


def read_flv(file: Excerpts) -> MediaContent:
    """FLV: behind each tag stands its length, behind the last one as well."""
    length = file.number(file.size_bytes - 4, 4)
    start = file.size_bytes - 4 - length
    is_whole = length >= _TAG_HEAD and start > 0 and file.number(start + 1, 3) == length - _TAG_HEAD
    return MediaContent(format="FLV", is_cut=not is_whole)
