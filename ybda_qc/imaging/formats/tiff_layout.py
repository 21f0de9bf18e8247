"""Where the pixels of a TIFF page lie, and whether they can all be there (TIFF 6.0, BigTIFF).

The checks are structural and do not depend on a library's mood: every strip or tile that the geometry asks
for has an offset and a length, and lies within the file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.errors import FaultKind, ImageFault
from ybda_qc.imaging.formats.ifd import ByteOrder, Directory, DirectoryError, read_directory, read_order
from ybda_qc.imaging.formats.pixels import check_size
from ybda_qc.imaging.formats.tiff_places import check_places, count_extra_blocks
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Bytes, DecodeLimits

NEW_SUBFILE_TYPE, SUBFILE_TYPE = 254, 255
WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 258, 259, 262, 266
STRIP_OFFSETS, SAMPLES_PER_PIXEL, ROWS_PER_STRIP, STRIP_BYTE_COUNTS = 273, 277, 278, 279
PLANAR, T4_OPTIONS, T6_OPTIONS, PREDICTOR, COLOUR_MAP = 284, 292, 293, 317, 320
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_BYTE_COUNTS = 322, 323, 324, 325
BAD_FAX_LINES, CLEAN_FAX_DATA, INK_SET, EXTRA_SAMPLES, SAMPLE_FORMAT = 326, 327, 332, 338, 339
JPEG_TABLES, JPEG_INTERCHANGE, JPEG_INTERCHANGE_LENGTH, YCBCR_SUBSAMPLING = 347, 513, 514, 530
ICC_PROFILE = 34675

NONE, CCITT_RLE, CCITT_G3, CCITT_G4, LZW, OLD_JPEG, JPEG, DEFLATE = 1, 2, 3, 4, 5, 6, 7, 8
CCITT_RLE_WORD, PACKBITS, DEFLATE_OLD = 32771, 32773, 32946
CCITT = frozenset({CCITT_RLE, CCITT_G3, CCITT_G4, CCITT_RLE_WORD})
JPEG2000 = frozenset({33003, 33004, 33005, 34712})
MIN_IS_WHITE, MIN_IS_BLACK, RGB, PALETTE, MASK, SEPARATED, YCBCR, CIELAB, ICCLAB = 0, 1, 2, 3, 4, 5, 6, 8, 9

_BASELINE_TAGS = (*range(254, 348), *range(512, 533), ICC_PROFILE)
_REDUCED, _MASK_OF_PAGE = 0b001, 0b100
_REDUCED_MOST = 0.5  # of the pixels of the page before: a larger "reduced" picture is a page of its own
_SAMPLES_MOST = 16
_ENTRIES_MOST = 4_000_000
_BYTES_A_PIXEL_MOST = 8
_EXCESS_BYTES = 65_536
_IMAGE_DEPTH, _ROWS_UNKNOWN = 32997, 0x7FFF_FFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Geometry and place of the pixel data of one page; segments are strips or tiles, in file order.

    ``offsets`` and ``counts`` are int64 of shape (segments,), all inside the file.
    """

    width_px: int
    height_px: int
    bits: int
    samples: int
    compression: int
    photometric: int
    planar: bool
    predictor: int
    fill_order: int
    sample_format: int
    extra_samples: tuple[int, ...]
    big_endian: bool
    tiled: bool
    segment_width: int
    segment_height: int
    offsets: NDArray[np.int64]
    counts: NDArray[np.int64]
    warnings: tuple[str, ...]

    @property
    def across(self) -> int:
        """Segments beside one another."""
        return -(-self.width_px // self.segment_width)

    @property
    def down(self) -> int:
        """Segments below one another (of one plane)."""
        return -(-self.height_px // self.segment_height)

    @property
    def segment_samples(self) -> int:
        """Samples a pixel within one segment."""
        return 1 if self.planar else self.samples

    @property
    def row_bytes(self) -> int:
        """Bytes of one unpacked row of a segment."""
        return (self.segment_width * self.segment_samples * self.bits + 7) // 8

    def rows_of(self, number: int) -> int:
        """Rows that segment `number` must hold: full tiles, and a last strip that may be shorter."""
        if self.tiled:
            return self.segment_height
        return min(self.segment_height, self.height_px - (number % self.down) * self.segment_height)


@dataclass(frozen=True, slots=True)
class Pages:
    """Byte order and the directories of all pages."""

    order: ByteOrder
    offsets: tuple[int, ...]
    left_out: int = 0  # thumbnails and masks


def pages_of(source: Source, limits: DecodeLimits) -> Pages:
    """Find all pages; thumbnails and masks (NewSubfileType) are not pages unless there is nothing else.

    A picture that only calls itself reduced and is not much smaller than the page before it is a page.

    Raises
    ------
    ImageFault
        The chain of directories is broken, loops, or is longer than the limits allow.
    """
    known = source.parsed.get("TIFF")
    if isinstance(known, Pages):
        return known
    try:
        pages = _walk(source.data, limits)
    except DirectoryError as error:
        raise fault_of(error) from None
    source.parsed["TIFF"] = pages
    return pages


def _walk(data: Bytes, limits: DecodeLimits) -> Pages:
    order, offset = read_order(data)
    seen: dict[int, bool] = {}
    entries, most = 0, limits.max_frames
    page_area = 0
    while offset:
        if offset in seen:
            raise ImageFault("unreadable", "The list of pages runs in a circle.")
        if len(seen) >= most:
            raise ImageFault("too-large", f"More than the {most} pages allowed.")
        directory = read_directory(data, order, offset)
        entries += len(directory.entries)
        if entries > _ENTRIES_MOST:
            raise ImageFault("too-large", "The directories of the file have too many entries.")
        area = directory.integer(WIDTH, 0) * directory.integer(HEIGHT, 0)
        kind = directory.integer(NEW_SUBFILE_TYPE, 0)
        reduced = kind & _REDUCED or directory.integer(SUBFILE_TYPE, 1) == 2
        small = bool(reduced) and area <= _REDUCED_MOST * page_area
        seen[offset] = not small and not kind & _MASK_OF_PAGE
        page_area = area if seen[offset] else page_area
        offset = directory.following
    if not seen:
        raise ImageFault("unreadable", "The file has no pages.")
    full = tuple(place for place, is_page in seen.items() if is_page)
    return Pages(order, full or tuple(seen), len(seen) - len(full) if full else 0)


def directory_of(source: Source, frame: int, limits: DecodeLimits) -> tuple[Directory, int]:
    """Directory of a page counted from 1, and the number of pages."""
    pages = pages_of(source, limits)
    if not 1 <= frame <= len(pages.offsets):
        count = len(pages.offsets)
        raise ImageFault("unreadable", f"The file has {count} pages; page {frame} does not exist.")
    try:
        directory = read_directory(source.data, pages.order, pages.offsets[frame - 1])
    except DirectoryError as error:
        raise fault_of(error) from None
    if directory.lies_outside(_BASELINE_TAGS):
        raise ImageFault("truncated", "Values of the directory lie beyond the end of the file.")
    return directory, len(pages.offsets)


def fault_of(error: DirectoryError) -> ImageFault:
    """The fault behind a directory that cannot be read."""
    kind: FaultKind = "truncated" if error.beyond_end else "unreadable"
    return ImageFault(kind, error.detail)


def layout_of(directory: Directory, limits: DecodeLimits) -> Layout:
    """Geometry and data places of a page.

    Raises
    ------
    ImageFault
        ``unreadable`` for a contradiction, ``truncated`` for data outside the file, ``too-large``.
    """
    if WIDTH not in directory or HEIGHT not in directory:
        raise ImageFault("unreadable", "The page declares no width or height.")
    width, height = directory.integer(WIDTH, 0), directory.integer(HEIGHT, 0)
    check_size(width, height, limits)
    samples = directory.integer(SAMPLES_PER_PIXEL, 1)
    depths = set(directory.integers(BITS_PER_SAMPLE) or [1])
    if not 1 <= samples <= _SAMPLES_MOST:
        raise ImageFault("unreadable", f"{samples} samples a pixel are not a picture.")
    if len(depths) != 1 or not 1 <= min(depths) <= 64:
        raise ImageFault("unsupported", "Samples of different or impossible depth are not decoded.")
    if width * height * samples * max(8, min(depths)) > 8 * limits.max_pixels * _BYTES_A_PIXEL_MOST:
        raise ImageFault("too-large", "The page has more data than the limits allow.")
    tiled = TILE_OFFSETS in directory or (TILE_WIDTH in directory and STRIP_OFFSETS not in directory)
    segment_width, segment_height = _segment_size(directory, width, height, tiled=tiled)
    if segment_width * segment_height > max(limits.max_pixels, width * height):
        raise ImageFault("too-large", "A tile is larger than the limits allow.")
    planar = directory.integer(PLANAR, 1) == 2 and samples > 1
    compression = directory.integer(COMPRESSION, NONE)
    asked = -(-width // segment_width) * -(-height // segment_height) * (samples if planar else 1)
    shape = _Shape(
        asked=asked,
        compression=compression,
        row_bytes=(segment_width * (1 if planar else samples) * min(depths) + 7) // 8,
        segment_height=segment_height,
        down=-(-height // segment_height),
        height_px=height,
        tiled=tiled,
        subsampled=directory.integer(PHOTOMETRIC, MIN_IS_WHITE) == YCBCR,
    )
    offsets, counts, warnings = _places(directory, shape)
    return Layout(
        width_px=width,
        height_px=height,
        bits=min(depths),
        samples=samples,
        compression=compression,
        photometric=_photometric(directory, samples),
        planar=planar,
        predictor=directory.integer(PREDICTOR, 1),
        fill_order=directory.integer(FILL_ORDER, 1),
        sample_format=directory.integer(SAMPLE_FORMAT, 1),
        extra_samples=tuple(directory.integers(EXTRA_SAMPLES)),
        big_endian=directory.order.sign == ">",
        tiled=tiled,
        segment_width=segment_width,
        segment_height=segment_height,
        offsets=offsets,
        counts=counts,
        warnings=warnings,
    )


def _photometric(directory: Directory, samples: int) -> int:
    """Declared meaning of the samples; where it is missing, as other readers take it."""
    if PHOTOMETRIC in directory:
        return directory.integer(PHOTOMETRIC, MIN_IS_WHITE)
    if directory.integer(COMPRESSION, NONE) in CCITT:
        return MIN_IS_WHITE
    return RGB if samples >= 3 else MIN_IS_BLACK


def _segment_size(directory: Directory, width: int, height: int, *, tiled: bool) -> tuple[int, int]:
    if tiled:
        size = directory.integer(TILE_WIDTH, 0), directory.integer(TILE_LENGTH, 0)
        if min(size) < 1:
            raise ImageFault("unreadable", "Tiles without a size.")
        return size
    rows = directory.integer(ROWS_PER_STRIP, height)
    if rows < 1:
        # Zero rows stands in old files for one strip that holds all.
        if len(directory.integers(STRIP_OFFSETS)) != 1:
            raise ImageFault("unreadable", "Strips of no rows.")
        rows = height
    return width, min(rows, height)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    asked: int
    compression: int
    row_bytes: int
    segment_height: int
    down: int
    height_px: int
    tiled: bool
    subsampled: bool

    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each segment when not compressed."""
        rows = np.full(self.asked, self.segment_height, np.int64)
        if not self.tiled:
            last = self.height_px - (self.down - 1) * self.segment_height
            rows[self.down - 1 :: self.down] = last
        return rows * self.row_bytes


def _places(
    directory: Directory, shape: _Shape
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    warnings: list[str] = []
    size = len(directory.data)
    tags = (TILE_OFFSETS, TILE_BYTE_COUNTS) if shape.tiled else (STRIP_OFFSETS, STRIP_BYTE_COUNTS)
    if shape.tiled and TILE_OFFSETS not in directory:  # seen in old files: tiles under the tags of strips
        tags = STRIP_OFFSETS, STRIP_BYTE_COUNTS
    offsets = _listed(directory, tags[0], shape.asked)
    counts = _listed(directory, tags[1], shape.asked)
    if offsets is None or not len(offsets):
        if shape.compression == OLD_JPEG and JPEG_INTERCHANGE in directory:
            empty = np.zeros(0, np.int64)
            return empty, empty, ()
        raise ImageFault("unreadable", "The page does not say where its data lie.")
    asked, listed = shape.asked, len(offsets)
    if listed < asked:
        raise ImageFault("unreadable", f"The page needs {asked} blocks of data and lists {listed}.")
    if counts is None or len(counts) < asked or not counts.all():
        counts = _missing_counts(shape, offsets, size)
        warnings.append("The lengths of the data blocks are missing and were derived.")
    _note_extra_blocks(directory, tags, asked, warnings)
    if shape.compression == NONE and not shape.subsampled:
        counts = _exact_counts(shape, offsets, counts, size, warnings)
    if offsets.min() < 0 or counts.min() < 0 or (offsets + counts).max() > size or offsets.max() >= size:
        raise ImageFault("truncated", "Pixel data lie beyond the end of the file.")
    if shape.compression != OLD_JPEG:
        check_places(directory, offsets, counts, shape.sizes(), exact=shape.compression in (NONE, PACKBITS))
    return offsets, counts, tuple(warnings)


def _note_extra_blocks(directory: Directory, tags: tuple[int, int], asked: int, warnings: list[str]) -> None:
    """More blocks than the geometry needs hide a part of the page; a single one is only noted."""
    extra = count_extra_blocks(directory, tags, asked)
    if not extra:
        return
    rows = directory.integer(ROWS_PER_STRIP, 0)
    sliced = _IMAGE_DEPTH in directory  # slices of a body: one picture, many layers
    rows_are_told = TILE_OFFSETS in directory or 0 < rows < _ROWS_UNKNOWN
    if extra > 1 and rows_are_told and not sliced:
        raise ImageFault("unreadable", "The page lists more blocks of data than its size asks for.")
    warnings.append("The page lists blocks of data that its size does not ask for.")


def _listed(directory: Directory, tag: int, most: int) -> NDArray[np.int64] | None:
    if tag not in directory:
        return None
    values = directory.array(tag)
    if values is None:
        raise ImageFault("truncated", "The list of data blocks lies beyond the end of the file.")
    if values.dtype.kind not in "iu":
        raise ImageFault("unreadable", "The list of data blocks is not a list of integers.")
    return values[:most].astype(np.int64)


def _missing_counts(shape: _Shape, offsets: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    if shape.compression == NONE:
        return shape.sizes()
    if len(offsets) > 1:
        raise ImageFault("unreadable", "Blocks of compressed data without a length.")
    return size - offsets


def _exact_counts(
    shape: _Shape, offsets: NDArray[np.int64], counts: NDArray[np.int64], size: int, warnings: list[str]
) -> NDArray[np.int64]:
    """Data that are not compressed have the length of their geometry, whatever is declared."""
    needed = shape.sizes()
    if (counts == needed).all():
        return counts
    excess = int((counts - needed).sum())
    if excess > max(_EXCESS_BYTES, int(needed.sum()) // 4) and (offsets + counts).max() <= size:
        raise ImageFault("unreadable", "The page has far more pixel data than its size asks for.")
    if (counts < needed).any():
        if (offsets + needed > size).any():
            raise ImageFault("truncated", "Pixel data lie beyond the end of the file.")
        if len(offsets) > 1 and (np.sort(offsets)[1:] < np.sort(offsets)[:-1] + needed.min()).any():
            raise ImageFault("unreadable", "Blocks of pixel data are shorter than their geometry.")
    warnings.append("The declared lengths of the data blocks do not fit their geometry.")
    return needed
