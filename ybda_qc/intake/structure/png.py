"""PNG: a chain of chunks up to IEND. Source: ISO/IEC 15948, PNG (third edition), section 5."""

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

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"\0\0\0\0IEND\xaeB`\x82"
_AROUND_DATA = 12  # length, type and checksum
_MOST_CHUNKS = 20_000  # 160 MB in chunks of 8 KiB, the least that writers in use make
_SLACK_BYTES = 4096  # padding and marks that some programs append


def read_png(file: Excerpts) -> Completeness | None:
    """Whether a PNG is all there; None for any other content."""
    if file.read(0, 8) != _SIGNATURE:
        return None
    offset = 8
    for _ in range(_MOST_CHUNKS):
        head = file.read(offset, 8)
        if len(head) < 8:
            return incomplete(problems.END_MISSING)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if not kind.isalpha():
            return strange(head)
        offset += _AROUND_DATA + length
        if offset > file.size_bytes:
            return shorter(file.size_bytes, offset)
        if kind == b"IEND":
            return _at_end(file, offset)
    is_whole = file.read(file.size_bytes - len(_END), len(_END)) == _END
    return doubtful(problems.TOO_MANY_PARTS) if is_whole else incomplete(problems.END_MISSING)


def _at_end(file: Excerpts, end: int) -> Completeness:
    if file.read(end - 4, 4) != _END[-4:]:
        return strange(file.read(end - 4, 4))
    return COMPLETE if file.size_bytes - end <= _SLACK_BYTES else doubtful(problems.GOES_ON)
