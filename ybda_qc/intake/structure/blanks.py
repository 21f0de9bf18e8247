"""Parts of a file that were given their room but not their content."""

import os

from ybda_qc.intake.media import Excerpts

_BLOCK_BYTES = 4096
_MOST_BLOCKS = 64
_NOTHING = bytes(_BLOCK_BYTES)


def has_holes(handle: int, size_bytes: int) -> bool:
    """Whether the file system knows of parts of an open file that were never written.

    Local file systems of Linux tell so of a file that was only made longer and of one whose room was
    reserved; others, above all on a network, know nothing of it: False there. The number of blocks in use
    would be no answer: a file system that compresses, or writes later, needs fewer for a whole file.

    Parameters
    ----------
    handle
        Descriptor; where it stands does not matter. To be asked before anything is read: what was read of a
        reserved part counts as written.
    """
    if not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        return os.lseek(handle, 0, os.SEEK_HOLE) < size_bytes
    except OSError:
        return False


def has_blank_block(file: Excerpts) -> bool:
    """Whether a block of 4 KiB holds nothing but zeros; up to 64 are read, the first and the last always.

    Compressed data have no such run, apart from wide plain areas in a few codings; pixels stored as they are
    have it where they are quite black.
    """
    blocks = -(-file.size_bytes // _BLOCK_BYTES)
    step = max(1.0, (blocks - 1) / (_MOST_BLOCKS - 1))
    for number in range(min(blocks, _MOST_BLOCKS)):
        start = round(number * step) * _BLOCK_BYTES
        data = file.read(start, _BLOCK_BYTES)
        if data == _NOTHING:
            return True
    last = file.read(max(0, file.size_bytes - _BLOCK_BYTES), _BLOCK_BYTES)
    return not last.strip(b"\0")
