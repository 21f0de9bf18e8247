"""Files made of boxes: JP2, HEIC, MP4. Source: ISO/IEC 14496-12; ISO/IEC 15444-1, annex I."""

from typing import Final

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.jpeg2000 import judge_codestream
from ybda_qc.intake.structure.values import (
    COMPLETE,
    Completeness,
    doubtful,
    incomplete,
    shorter,
    strange,
)

_JP2_SIGNATURE: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
_CODESTREAM, _CONTENT, _FRAGMENT = b"jp2c", b"mdat", b"moof"
_INDEX: Final = (b"moov", b"meta")
_OLD_FILM: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_MOST_BOXES = 20_000

_Box = tuple[bytes, int, int]  # type, where its content begins and ends


def read_jp2(file: Excerpts) -> Completeness | None:
    """Whether a JP2 or JPX is all there; None for any other content."""
    if file.read(0, 12) != _JP2_SIGNATURE:
        return None
    boxes, problem = _walk(file)
    for kind, start, end in boxes:
        if kind == _CODESTREAM:
            problem = judge_codestream(file, start, end) or problem
    if problem is None and not any(kind == _CODESTREAM for kind, _, _ in boxes):
        return incomplete(problems.PART_LACKING, part="jp2c")
    return problem or COMPLETE


def read_media_boxes(file: Excerpts) -> Completeness | None:
    """Whether a still picture or film in boxes is all there; None for any other content."""
    head = file.read(0, 8)
    length, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if kind != b"ftyp" and not (kind in _OLD_FILM and (length in (0, 1) or length >= 8)):
        return None
    boxes, problem = _walk(file)
    kinds = {kind for kind, _, _ in boxes}
    if problem is not None:
        return problem
    if not kinds.intersection(_INDEX):
        return incomplete(problems.PART_LACKING, part="moov")
    if _FRAGMENT in kinds:  # a recording in pieces may always go on
        return doubtful(problems.NO_END)
    return COMPLETE if _CONTENT in kinds else incomplete(problems.PART_LACKING, part="mdat")


def _walk(file: Excerpts) -> tuple[list[_Box], Completeness | None]:
    """The outermost boxes, and what is wrong with their chain."""
    boxes: list[_Box] = []
    offset = 0
    for _ in range(_MOST_BOXES):
        if offset == file.size_bytes:
            return boxes, None
        header = file.read(offset, 16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        wide = length == 1
        if wide:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0 and kind.strip(b"\0"):  # up to the end of the file
            length = file.size_bytes - offset
        problem = _wrong(file, offset, header, length)
        if problem is not None:
            return boxes, problem
        boxes.append((kind, offset + (16 if wide else 8), offset + length))
        offset += length
    return boxes, doubtful(problems.TOO_MANY_PARTS)


def _wrong(file: Excerpts, offset: int, header: bytes, length: int) -> Completeness | None:
    if len(header) < 8:
        return incomplete(problems.HEADER_CUT)
    if length < 8 or not all(32 <= char < 127 or char == 0xA9 for char in header[4:8]):
        return strange(header)
    return shorter(file.size_bytes, offset + length) if offset + length > file.size_bytes else None
