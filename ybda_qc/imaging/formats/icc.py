"""The name of an embedded colour profile (ICC.1:2022, 7.2, 7.3 and 10.15)."""

from ybda_qc.imaging.values import Bytes

_LONGEST = 128
_TAGS_READ = 100


def profile_description(profile: Bytes) -> str | None:
    """Description of a profile; ``unnamed`` if none can be read; None if it is no profile."""
    head = bytes(profile[:132])
    if len(head) < 132 or head[36:40] != b"acsp":
        return None
    count = min(int.from_bytes(head[128:132], "big"), _TAGS_READ)
    table = bytes(profile[132 : 132 + 12 * count])
    for place in range(0, len(table) - 11, 12):
        if table[place : place + 4] == b"desc":
            offset = int.from_bytes(table[place + 4 : place + 8], "big")
            size = int.from_bytes(table[place + 8 : place + 12], "big")
            return _text(bytes(profile[offset : offset + min(size, 4096)])) or "unnamed"
    return "unnamed"


def _text(tag: bytes) -> str | None:
    if tag[:4] == b"desc":
        length = int.from_bytes(tag[8:12], "big")
        text = tag[12 : 12 + length].split(b"\0", 1)[0].decode("latin-1")
    elif tag[:4] == b"mluc":
        size, offset = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
        text = tag[offset : offset + size].decode("utf-16-be", errors="replace")
    else:
        return None
    return "".join(character for character in text if character.isprintable())[:_LONGEST].strip() or None
