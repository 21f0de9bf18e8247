"""Sound in frames: MP3, MP2 and AAC in ADTS. Source: ISO/IEC 11172-3, 13818-7; ID3v2; the Xing header."""

from ybda_qc.intake.media.excerpts import Excerpts, MediaContent

_SEARCHED_BYTES = 16 * 1024
_RATES_HZ = (44_100, 48_000, 32_000)
_KBIT_1 = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
}
_KBIT_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MOST_TAGS = 16
_SURE_FRAMES = 5
_SLACK_BYTES = 4096  # between what a header counts and what the file has: tags, padding


def read_frames(file: Excerpts) -> MediaContent | None:
    """MP3, MP2 or AAC; None for content without two frames in a row."""
    start = _after_tags(file)
    if start > file.size_bytes:
        return MediaContent(format="MP3", is_cut=True)
    data = file.read(start, _SEARCHED_BYTES)
    for place in range(len(data) if start else 1 + len(data) - len(data.lstrip(b"\0"))):
        if data[place : place + 1] != b"\xff":
            continue
        header = data[place : place + 6]
        name, length = _frame(header)
        following = file.read(start + place + length, 6) if length else b""
        if length and _frame(following)[0] == name and header[1] == following[1]:
            return MediaContent(format=name, is_cut=_is_cut(file, start + place))
    return None


def _after_tags(file: Excerpts) -> int:
    """Where the sound begins, after ID3v2 tags."""
    offset = 0
    for _ in range(_MOST_TAGS):
        tag = file.read(offset, 10)
        if tag[:3] != b"ID3" or len(tag) < 10:
            break
        length = 0
        for byte in tag[6:]:
            length = length << 7 | byte & 0x7F
        offset += 10 + length + (10 if tag[5] & 0x10 else 0)
    return offset


def _frame(header: bytes) -> tuple[str, int]:
    """Format and length in bytes of the frame with that header; length 0 where it is none."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return "", 0
    if header[1] & 0xF6 == 0xF0:
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        return "AAC", length if length > 7 else 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    row, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer not in _KBIT_1 or row in (0, 15) or rate == 3:
        return "", 0
    kbit = _KBIT_1[layer][row] if version == 3 else _KBIT_2[row]
    rate_hz = _RATES_HZ[rate] >> {3: 0, 2: 1, 0: 2}[version]
    half = layer == 3 and version != 3
    return f"MP{layer}", (72 if half else 144) * kbit * 1000 // rate_hz + padding


def _is_cut(file: Excerpts, first: int) -> bool:
    """Whether the first frame counts more bytes than there are, or the last one is not whole."""
    return _counts_more(file, first) or _ends_within_frame(file.tail, file.read(first + 1, 1))


def _ends_within_frame(tail: bytes, sign: bytes) -> bool:
    """Whether frames follow each other to the end, and the last of them reaches beyond it.

    The first chain of frames that is long enough is followed: five frames in a row are no accident.
    """
    start = tail.find(b"\xff" + sign)
    while start >= 0:
        place, frames = start, 0
        while length := _frame(tail[place : place + 6])[1]:
            place, frames = place + length, frames + 1
        if frames >= _SURE_FRAMES:
            return place > len(tail)
        start = tail.find(b"\xff" + sign, start + 1)
    return False


def _counts_more(file: Excerpts, first: int) -> bool:
    header = file.read(first, 4)
    is_mono = header[3] >> 6 == 3
    side = (17 if is_mono else 32) if header[1] >> 3 & 3 == 3 else (9 if is_mono else 17)
    count = first + 4 + side
    if file.read(count, 4) not in (b"Xing", b"Info"):
        return False
    flags = file.number(count + 4, 4)
    if not flags & 2:
        return False
    return first + file.number(count + (12 if flags & 1 else 8), 4) > file.size_bytes + _SLACK_BYTES
