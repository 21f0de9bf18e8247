"""Whether a file is all there, or still being written, copied or received; told by its structure alone.

Parts of the head and the tail are read, and what directories point to; never the whole file. What structure
cannot show is said below, so that a caller lets a file rest for as long as its answer deserves:

- a TIFF of several pages that is written page by page, a PDF to which updates are appended and a JPEG 2000
  with boxes after its picture are complete files after each of these parts;
- a file that was given its size before its content and is filled in any order is seen through where the file
  system knows its holes, or where one of 64 blocks of 4 KiB spread evenly over it is zeros: without holes, a
  single empty piece may slip through that is shorter than 8 KiB or than a sixty-third of the file. A page
  stored as it is with a black edge (white in one bit a pixel) is doubted though it is whole;
- a JPEG with more than 64 KiB behind its end that no index tells of (a film of a telephone's moving picture)
  looks unfinished: its end cannot be found without reading all of it;
- where an older file of the same size is overwritten in place, old and new bytes look alike.
"""

import os
import stat
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ybda_qc.intake.media import Excerpts
from ybda_qc.intake.structure import problems
from ybda_qc.intake.structure.bitmap import read_bmp, read_gif
from ybda_qc.intake.structure.blanks import has_blank_block, has_holes
from ybda_qc.intake.structure.boxes import read_jp2, read_media_boxes
from ybda_qc.intake.structure.jpeg import read_jpeg
from ybda_qc.intake.structure.jpeg2000 import read_codestream
from ybda_qc.intake.structure.office import read_ole2, read_zip
from ybda_qc.intake.structure.pdf import read_pdf
from ybda_qc.intake.structure.png import read_png
from ybda_qc.intake.structure.sound_and_film import read_media
from ybda_qc.intake.structure.tiff import read_tiff
from ybda_qc.intake.structure.values import (
    COMPLETE,
    Completeness,
    Wholeness,
    doubtful,
    incomplete,
    unknown,
)

__all__ = ["Completeness", "Wholeness", "completeness"]

_READERS: Final[tuple[Callable[[Excerpts], Completeness | None], ...]] = (
    read_jpeg,
    read_tiff,
    read_png,
    read_jp2,
    read_codestream,
    read_bmp,
    read_gif,
    read_media_boxes,
    read_zip,
    read_ole2,
    read_pdf,
    read_media,
)
_SIGNED: Final = frozenset(
    {
        *(".bmp", ".gif", ".heic", ".heif", ".j2k", ".jp2", ".jpe", ".jpeg", ".jpf", ".jpg", ".jpx", ".png"),
        *(".tif", ".tiff", ".webp", ".pdf", ".ods", ".xls", ".xlsx"),
    }
)
"""Suffixes of formats that begin with a signature."""
_SIGNATURE_BYTES = 16
_HEAD_BYTES = 4096
_MOST_BYTES = 8 * 1024 * 1024  # at a time


def completeness(path: Path) -> Completeness:
    """Tell whether a file is all there.

    Parameters
    ----------
    path
        Of a file of any kind and content; nothing is raised for what it holds or cannot be opened for.

    Returns
    -------
    Completeness
        ``UNREADABLE`` where there is no such file, it may not be read, or it is no regular file; a named pipe
        is not waited for.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Completeness(state=Wholeness.UNREADABLE, reason=problems.NOT_A_FILE)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags)
        try:
            return _examine(handle, path.suffix.lower())
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        words = (getattr(error, "strerror", None) or type(error).__name__).lower()
        return Completeness(state=Wholeness.UNREADABLE, reason=problems.UNREADABLE, values={"reason": words})


def _examine(handle: int, suffix: str) -> Completeness:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):  # another one since the look at its name
        return Completeness(state=Wholeness.UNREADABLE, reason=problems.NOT_A_FILE)
    if status.st_size == 0:
        return incomplete(problems.EMPTY)
    if sys.platform == "linux":  # nothing is read ahead: it would hide holes, and is not needed
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_RANDOM)
    is_full_of_holes = has_holes(handle, status.st_size)
    file = Excerpts(_reader(handle, status.st_size), status.st_size)
    found = _judge(file, suffix)
    if found is COMPLETE and is_full_of_holes:
        return doubtful(problems.HAS_HOLES)
    if found is COMPLETE and has_blank_block(file):
        return doubtful(problems.ZEROS_WITHIN)
    return found


def _judge(file: Excerpts, suffix: str) -> Completeness:
    head = file.read(0, _SIGNATURE_BYTES)
    if not head.strip(b"\0") or (len(head) < _SIGNATURE_BYTES and suffix in _SIGNED):
        return incomplete(problems.NO_HEADER)
    try:
        found = next(filter(None, (read(file) for read in _READERS)), None)
    except (ArithmeticError, LookupError, ValueError, struct.error):
        return doubtful(problems.DAMAGED)
    return found or unknown(problems.UNKNOWN_FORMAT)


def _reader(handle: int, size_bytes: int) -> Callable[[int, int], bytes]:
    """Read parts of an open file; nothing before its beginning or after its end."""
    head = _read_at(handle, 0, min(_HEAD_BYTES, size_bytes))

    def read(offset: int, count: int) -> bytes:
        if offset < 0 or count <= 0 or offset >= size_bytes:
            return b""
        if offset + count <= len(head):
            return head[offset : offset + count]
        return _read_at(handle, offset, min(count, _MOST_BYTES, size_bytes - offset))

    return read


def _read_at(handle: int, offset: int, count: int) -> bytes:
    if sys.platform != "win32":
        return os.pread(handle, count, offset)
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, count)
