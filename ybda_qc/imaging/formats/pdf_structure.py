"""Whether a PDF file is whole, told from a few plain facts of its outer structure (ISO 32000-1, 7.5).

A file that is whole ends with an end-of-file marker, and its cross-reference sections are where the file
says they are. Readers repair files where this does not hold and show what is left, without a word; here it
is damage.
Strict modes of PDF libraries also refuse files that are merely untidy, so none is used.
"""

import mmap
import re

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.sniffing import PDF_HEADER_WITHIN_BYTES
from ybda_qc.imaging.values import Bytes

_EOF = b"%%EOF"
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b|\bendstream\b|\bstartxref\b")
_STARTXREF = re.compile(rb"startxref\s*(\d{1,12})")
_TABLE = re.compile(rb"\s*xref\b")
_STREAM = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_TRAILER = re.compile(rb"trailer\s*<<")
_PREV = re.compile(rb"/Prev\s+(\d{1,12})\b")
_SECTIONS_MOST = 10_000
_DICTIONARY_MOST = 1 << 16
_TABLE_MOST = 64 << 20


Whole = bytes | mmap.mmap
"""What can be searched without a copy."""


def whole_of(data: Bytes) -> Whole:
    """The object under the bytes of a whole file."""
    under = data.obj if isinstance(data, memoryview) else data
    return under if isinstance(under, bytes | mmap.mmap) else bytes(data)


def check_structure(data: Bytes) -> None:
    """Check end marker and cross-reference sections.

    Raises
    ------
    ImageFault
        ``truncated``: the end is missing; ``unreadable``: the cross-reference is missing, broken or circular.
    """
    whole = whole_of(data)
    start = whole[:PDF_HEADER_WITHIN_BYTES].find(b"%PDF-")
    if start < 0:
        raise ImageFault("unreadable", "No PDF header.")
    end = whole.rfind(_EOF)
    if end < 0 or _OBJECT.search(whole, end + len(_EOF)):
        raise ImageFault("truncated", "The PDF file does not end with its end marker.")
    last = None
    for last in _STARTXREF.finditer(whole, max(0, end - 4096), end):  # noqa: B007 - the last one counts
        pass
    if last is None:
        raise ImageFault("unreadable", "The PDF file does not say where its cross-reference is.")
    _walk_sections(whole, start, int(last[1]))


def _walk_sections(data: Whole, start: int, first: int) -> None:
    """Follow the chain of cross-reference sections; offsets count from the PDF header."""
    waiting = [first]
    seen: set[int] = set()
    while waiting:
        offset = waiting.pop()
        if offset in seen:
            raise ImageFault("unreadable", "The cross-reference of the PDF file runs in a circle.")
        if len(seen) >= _SECTIONS_MOST:
            raise ImageFault("unreadable", "The PDF file has too many cross-reference sections.")
        seen.add(offset)
        head = _section_dictionary(data, start + offset)
        if head is None and start:
            head = _section_dictionary(data, offset)  # some writers count from the first byte all the same
        if head is None:
            raise ImageFault("unreadable", "The cross-reference of the PDF file is missing or broken.")
        previous = _PREV.search(head)
        if previous and int(previous[1]):  # some writers put 0 for "none"
            waiting.append(int(previous[1]))


def _section_dictionary(data: Whole, place: int) -> bytes | None:
    """The trailer dictionary of the section at `place`, roughly cut out; None if no section begins there."""
    if not 0 < place < len(data):
        return None
    if _TABLE.match(data, place):
        trailer = _TRAILER.search(data, place, min(len(data), place + _TABLE_MOST))
        if trailer is None:
            return None
        begin = trailer.end()
        end = data.find(b"startxref", begin, begin + _DICTIONARY_MOST)
        return data[begin : end if end > 0 else begin + _DICTIONARY_MOST]
    if _STREAM.match(data, place):
        end = data.find(b"stream", place, place + _DICTIONARY_MOST)
        head = data[place:end] if end > 0 else b""
        return head if b"/XRef" in head else None
    return None
