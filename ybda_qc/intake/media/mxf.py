"""MXF: a header partition, and a footer partition once the recording was closed. Source: SMPTE ST 377-1."""

from ybda_qc.intake.media.excerpts import TAIL_BYTES, Excerpts, MediaContent

_PARTITION = bytes.fromhex("060e2b34020501010d01020101")
_HEADER, _FOOTER, _INDEX = b"\x02", b"\x04", b"\x11"
_LONGEST_RUN_IN = 65_536


def read_mxf(file: Excerpts) -> MediaContent | None:
    """MXF; None for any other content."""
    start = file.read(0, _LONGEST_RUN_IN + 16).find(_PARTITION + _HEADER)
    if start < 0:
        return None
    value = start + 16 + _length_bytes(file.number(start + 16, 1))
    named = start + file.number(value + 24, 8)  # 0 in the field: the header was not written anew at the end
    return MediaContent(
        format="MXF",
        lacks="" if _has_footer(file, start, named) else "footer partition",
        is_cut=named >= file.size_bytes,
    )


def _has_footer(file: Excerpts, start: int, named: int) -> bool:
    """Where the header says, where the index of partitions at the end says, or near the end."""
    places = [named]
    index_bytes = file.number(file.size_bytes - 4, 4)
    index = file.size_bytes - index_bytes
    if 16 < index_bytes <= TAIL_BYTES and file.read(index, 14) == _PARTITION + _INDEX:
        places.append(start + file.number(file.size_bytes - 12, 8))
    footer = _PARTITION + _FOOTER
    return any(file.read(place, 14) == footer for place in places) or footer in file.tail


def _length_bytes(first: int) -> int:
    """How many bytes a BER length takes, by its first one."""
    return 1 + (first & 0x7F) if first & 0x80 else 1
