"""PDF: the last cross-reference section and the end marker. Source: ISO 32000-1, 7.5.4 to 7.5.8, annex F."""

import re
from typing import Final

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

_SEARCHED_BYTES = 1024  # where readers look for the head and the end
_WHITE = b"\0\t\n\f\r "
_HEAD: Final = re.compile(rb"%PDF-\d")
_LINEARISED: Final = re.compile(rb"/Linearized\s")
_LENGTH: Final = re.compile(rb"/L\s+(\d{1,15})\b")
_END: Final = re.compile(rb"startxref\s+(\d{1,15})\s+%%EOF")
_SECTION: Final = re.compile(rb"\s*(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")


def read_pdf(file: Excerpts) -> Completeness | None:
    """Whether a PDF is all there; None for any other content."""
    head = file.read(0, _SEARCHED_BYTES)
    found = _HEAD.search(head)
    if found is None:
        return None
    declared = _LENGTH.search(head, found.end()) if _LINEARISED.search(head, found.end()) else None
    if declared and int(declared[1]) > file.size_bytes:
        return shorter(file.size_bytes, int(declared[1]))
    tail = file.tail.rstrip(_WHITE)[-2 * _SEARCHED_BYTES :]
    ends = list(_END.finditer(tail))
    if not ends:  # an end without its offset is not something that more bytes would mend
        is_ended = tail.endswith(b"%%EOF")
        return doubtful(problems.DAMAGED) if is_ended else incomplete(problems.END_MISSING)
    if ends[-1].end() != len(tail):
        return _with_more_after_end(tail[ends[-1].end() :])
    return _judge_section(file, found.start(), int(ends[-1][1]))


def _with_more_after_end(rest: bytes) -> Completeness:
    """An update that is being appended, or something that some program has hung on."""
    return incomplete(problems.END_MISSING) if re.search(rb"\bobj\b", rest) else doubtful(problems.GOES_ON)


def _judge_section(file: Excerpts, start: int, offset: int) -> Completeness:
    """Whether the last cross-reference section lies where the end says; offsets may count from the head."""
    if offset >= file.size_bytes:
        return shorter(file.size_bytes, offset)
    if any(_SECTION.match(file.read(place, 64)) for place in (offset, offset + start)):
        return COMPLETE
    return strange(file.read(offset, 16))
