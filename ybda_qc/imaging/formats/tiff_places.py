"""Whether the places of the pixel data of a TIFF page can be right: not in the header, not in one another."""

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.ifd import Directory

_HEADER_BYTES = 8
_SHARED_RATIO, _SHARED_BYTES = 16, 1024
"""A shared block that is coded in less than a sixteenth of its size, and some, holds next to nothing."""

Numbers = NDArray[np.int64]


def check_places(
    directory: Directory, offsets: Numbers, counts: Numbers, sizes: Numbers, *, exact: bool
) -> None:
    """Refuse places that no writer gives.

    Parameters
    ----------
    directory
        Of the page.
    offsets, counts
        Places and lengths of the blocks, int64 (blocks,), inside the file.
    sizes
        Bytes of each block when unpacked, int64 (blocks,).
    exact
        Whether wrong places would not show when the blocks are unpacked; then blocks may not overlap.

    Raises
    ------
    ImageFault
        ``unreadable``: a block begins within the header or the directory, blocks overlap, or several blocks
        that are not blank lie in the same place.
    """
    begin, end = directory.span
    if offsets.min() < _HEADER_BYTES or ((offsets >= begin) & (offsets < end)).any():
        raise ImageFault("unreadable", "Pixel data begin within the header of the file.")
    if len(offsets) == 1:
        return
    order = np.argsort(offsets, kind="stable")
    starts, lengths, asked = offsets[order], counts[order], sizes[order]
    same = np.diff(starts) == 0
    if same.any():
        _check_shared(directory, starts[1:][same], lengths[1:][same], asked[1:][same])
    if exact and (~same & (starts[:-1] + lengths[:-1] > starts[1:] + _slack(lengths[:-1]))).any():
        raise ImageFault("unreadable", "Blocks of pixel data overlap.")


def _slack(lengths: Numbers) -> Numbers:
    """Lengths may be rounded up by a few bytes."""
    return np.minimum(lengths // 8, 64)


def _check_shared(directory: Directory, offsets: Numbers, counts: Numbers, sizes: Numbers) -> None:
    """Several blocks in one place are one blank piece of page, or wrong."""
    large = counts > sizes // _SHARED_RATIO + _SHARED_BYTES
    for offset, count in set(zip(offsets[large].tolist(), counts[large].tolist(), strict=True)):
        block = np.frombuffer(directory.data, np.uint8, count, offset)
        if not any(np.array_equal(block[step:], block[:-step]) for step in (1, 2, 3, 4, 6, 8)):
            raise ImageFault("unreadable", "Several blocks of pixel data lie in the same place.")


def count_extra_blocks(directory: Directory, tags: tuple[int, int], asked: int) -> int:
    """Blocks beyond those asked for that have a length and a place of their own.

    Some writers list one number too many, or end the lists with zeros.
    """
    places, counts = (directory.array(tag) if tag in directory else None for tag in tags)
    if places is None or counts is None or {places.dtype.kind, counts.dtype.kind} - {"i", "u"}:
        return 0
    number = min(len(places), len(counts))
    first, more = places[:asked].astype(np.int64), places[asked:number].astype(np.int64)
    lengths = counts[asked:number].astype(np.int64)
    real = (more > 0) & (more < len(directory.data)) & (lengths > 0) & ~np.isin(more, first)
    return int(np.unique(more[real]).size)
