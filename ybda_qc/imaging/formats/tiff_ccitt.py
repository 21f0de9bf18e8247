"""Fax-coded TIFF pages: ITU-T T.4 (G3) and T.6 (G4), decoded by libtiff, whose every remark counts as damage.

libtiff mends wrong lines without an error but remarks on each; only these remarks tell a damaged page from
a sound one. So that it meets nothing but pixel data, the page is handed over in a plain one-page file made
here.
"""

import logging
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import tiff_layout as t
from ybda_qc.imaging.formats.codecs import codecs
from ybda_qc.imaging.formats.ifd import Directory
from ybda_qc.imaging.values import Bytes, Pixels

_REMARKS_KEPT = 8
_LOGGER = "imagecodecs"
_VERBOSE = 2
_LONG = 4
_LARGEST_CLASSIC = 0xFFFF_0000


class _Remarks(logging.Handler):
    """Keeps the first remarks of a decoder and counts the rest."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0
        self.first: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note one remark."""
        self.count += 1
        if len(self.first) < _REMARKS_KEPT:
            self.first.append(record.getMessage())


@contextmanager
def remarks_of_libtiff() -> Iterator[_Remarks]:
    """Collect what libtiff remarks; nothing of it reaches the program's own log."""
    logger = logging.getLogger(_LOGGER)
    remarks = _Remarks()
    before = logger.propagate, logger.disabled, logger.level
    logger.propagate, logger.disabled = False, False
    logger.setLevel(logging.WARNING)
    logger.addHandler(remarks)
    try:
        yield remarks
    finally:
        logger.removeHandler(remarks)
        logger.propagate, logger.disabled = before[:2]
        logger.setLevel(before[2])


def decode_bits(directory: Directory, layout: t.Layout) -> tuple[Pixels, tuple[str, ...]]:
    """Bits of a fax-coded page.

    Returns
    -------
    Pixels, tuple of str
        uint8 (H, W) of 0 and 1, 1 where the code says black; and tolerated oddities.

    Raises
    ------
    ImageFault
        ``unreadable``: a code word that does not exist, or a line of the wrong length.
    """
    if layout.bits != 1 or layout.samples != 1:
        raise ImageFault("unreadable", "Fax-coded data with more than one bit a pixel.")
    plain = _page_file(directory, layout)
    with remarks_of_libtiff() as remarks:
        try:
            bits = codecs.tiff_decode(plain, verbose=_VERBOSE)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
            words = _words(remarks, error)
            raise ImageFault("unreadable", f"The fax-coded data are damaged ({words}).") from None
    if bits.shape != (layout.height_px, layout.width_px):
        raise ImageFault("unreadable", "The fax-coded data give a picture of another size.")
    if remarks.count and not _declared_bad_lines(directory):
        words = _words(remarks)
        raise ImageFault("unreadable", f"The fax-coded data are damaged ({words}).")
    count = remarks.count
    warnings = (f"Lines with transmission errors, as the file declares ({count}).",)
    return np.asarray(bits, dtype=np.uint8), warnings if count else ()


def _declared_bad_lines(directory: Directory) -> bool:
    """Whether the file says that it was received with errors (TIFF-F BadFaxLines, CleanFaxData)."""
    return directory.integer(t.BAD_FAX_LINES, 0) > 0 or directory.integer(t.CLEAN_FAX_DATA, 0) > 0


def _words(remarks: _Remarks, error: Exception | None = None) -> str:
    words = remarks.first[0] if remarks.first else str(error or "")
    return words.splitlines()[0][:120] if words else "no reason given"


def remark_on_g4(data: bytes, width_px: int, height_px: int) -> str | None:
    """What libtiff remarks on bare G4 data of a given size; None if nothing."""
    tags = {
        t.WIDTH: [width_px],
        t.HEIGHT: [height_px],
        t.BITS_PER_SAMPLE: [1],
        t.COMPRESSION: [t.CCITT_G4],
        t.PHOTOMETRIC: [t.MIN_IS_WHITE],
        t.SAMPLES_PER_PIXEL: [1],
        t.ROWS_PER_STRIP: [height_px],
    }
    with remarks_of_libtiff() as remarks:
        try:
            codecs.tiff_decode(_one_page_file(tags, [data], t.STRIP_OFFSETS), verbose=_VERBOSE)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
            return _words(remarks, error)
    return _words(remarks) if remarks.count else None


def _page_file(directory: Directory, layout: t.Layout) -> bytes:
    """The same coded data in a file with only the tags that decoding needs."""
    options = t.T6_OPTIONS if layout.compression == t.CCITT_G4 else t.T4_OPTIONS
    tags: dict[int, list[int]] = {
        t.WIDTH: [layout.width_px],
        t.HEIGHT: [layout.height_px],
        t.BITS_PER_SAMPLE: [1],
        t.COMPRESSION: [layout.compression],
        t.PHOTOMETRIC: [t.MIN_IS_WHITE],
        t.FILL_ORDER: [2 if layout.fill_order == 2 else 1],
        t.SAMPLES_PER_PIXEL: [1],
        options: [directory.integer(options, 0)],
    }
    if layout.tiled:
        tags |= {t.TILE_WIDTH: [layout.segment_width], t.TILE_LENGTH: [layout.segment_height]}
    else:
        tags[t.ROWS_PER_STRIP] = [layout.segment_height]
    places = zip(layout.offsets.tolist(), layout.counts.tolist(), strict=True)
    blocks = [directory.data[offset : offset + count] for offset, count in places]
    return _one_page_file(tags, blocks, t.TILE_OFFSETS if layout.tiled else t.STRIP_OFFSETS)


def _one_page_file(tags: dict[int, list[int]], blocks: Sequence[Bytes], offsets_tag: int) -> bytes:
    """A little-endian TIFF file of one page: header, directory, lists of offsets and lengths, blocks."""
    counts = [len(block) for block in blocks]
    counts_tag = t.TILE_BYTE_COUNTS if offsets_tag == t.TILE_OFFSETS else t.STRIP_BYTE_COUNTS
    directory_bytes = 8 + 2 + 12 * (len(tags) + 2) + 4
    lists_bytes = 8 * len(blocks) if len(blocks) > 1 else 0
    starts = list(accumulate(counts, initial=directory_bytes + lists_bytes))
    if starts[-1] > _LARGEST_CLASSIC:
        raise ImageFault("too-large", "More coded data than one page can have.")
    tags = tags | {offsets_tag: starts[:-1], counts_tag: counts}
    entries, lists, place = [], [], directory_bytes
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        entries.append(struct.pack("<HHI", tag, _LONG, len(values)))
        entries.append(packed if len(values) == 1 else struct.pack("<I", place))
        if len(values) > 1:
            lists.append(packed)
            place += len(packed)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    return b"".join((head, *entries, b"\0\0\0\0", *lists, *blocks))
