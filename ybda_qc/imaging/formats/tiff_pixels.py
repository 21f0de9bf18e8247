"""Pixels of a TIFF page: blocks unpacked into one array, then turned into grey or RGB.

Every block must unpack to exactly the bytes that its geometry asks for. That finds most damage in LZW and
nearly all in Deflate (checksum); PackBits and uncompressed data carry no redundancy, so changed bytes there
cannot be
found.
"""

import sys
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import tiff_layout as t
from ybda_qc.imaging.formats.codecs import codecs
from ybda_qc.imaging.formats.ifd import Directory
from ybda_qc.imaging.formats.pixels import (
    apply_palette,
    bits_to_grey,
    cmyk_to_rgb,
    composite_on_white,
    high_bytes,
    lab_to_rgb,
    spread_bits,
)
from ybda_qc.imaging.formats.tiff_ccitt import decode_bits
from ybda_qc.imaging.formats.tiff_coded import decode_jpeg, decode_jpeg2000, decode_old_jpeg
from ybda_qc.imaging.values import Bytes, Decoded, DecodeLimits, Pixels

Unpack = Callable[[Bytes, Pixels], int]
"""Unpack a block into a buffer; returns the bytes written."""

_HORIZONTAL = 2
_SLACK_BYTES = 64
"""Room behind the last block, so that data that are too long show."""


def decode_page(directory: Directory, layout: t.Layout, limits: DecodeLimits) -> Decoded:
    """Pixels of a page.

    Raises
    ------
    ImageFault
        Damaged, or of a kind that is not decoded here.
    """
    if layout.compression in t.CCITT:
        bits, oddities = decode_bits(directory, layout)
        white = layout.photometric == t.MIN_IS_BLACK
        return Decoded(pixels=spread_bits(bits, one_is_white=white), warnings=layout.warnings + oddities)
    if layout.compression == t.JPEG:
        return decode_jpeg(directory, layout, limits)
    if layout.compression == t.OLD_JPEG:
        return decode_old_jpeg(directory, layout, limits)
    if layout.compression in t.JPEG2000:
        return decode_jpeg2000(directory, layout, limits)
    compression = layout.compression
    unpack = _UNPACKERS.get(compression)
    if unpack is None:
        raise ImageFault("unsupported", f"TIFF compression {compression} is not decoded.")
    _check_kind(layout)
    warnings = list(layout.warnings)
    planes = _unpack_all(directory, layout, unpack, warnings)
    if layout.bits == 1 and layout.samples == 1 and layout.photometric != t.PALETTE:
        white = layout.photometric != t.MIN_IS_WHITE
        pixels = bits_to_grey(planes[0], layout.width_px, one_is_white=white)
    else:
        pixels = _to_colour(_samples(planes, layout), directory, layout)
    return Decoded(pixels=pixels, warnings=tuple(warnings))


def _check_kind(layout: t.Layout) -> None:
    bits, predictor = layout.bits, layout.predictor
    if layout.sample_format not in (1, 4) or bits not in (1, 2, 4, 8, 12, 16):
        raise ImageFault("unsupported", f"TIFF samples of {bits} bits of this kind are not decoded.")
    if layout.photometric == t.YCBCR:
        raise ImageFault("unsupported", "YCbCr in TIFF without JPEG is not decoded.")
    if predictor not in (1, _HORIZONTAL):
        raise ImageFault("unsupported", f"TIFF predictor {predictor} is not decoded.")
    if layout.tiled and layout.segment_width * bits % 8:
        raise ImageFault("unsupported", "Tiles that do not begin on a byte are not decoded.")


def _unpack_none(block: Bytes, room: Pixels) -> int:
    count = min(len(block), len(room))
    room[:count] = np.frombuffer(block, np.uint8, count)
    return count


def _unpack_lzw(block: Bytes, room: Pixels) -> int:
    return len(codecs.lzw_decode(block, out=room))


def _unpack_deflate(block: Bytes, room: Pixels) -> int:
    return len(codecs.zlib_decode(block, out=room))


def _unpack_packbits(block: Bytes, room: Pixels) -> int:
    return len(codecs.packbits_decode(block, out=room))


_UNPACKERS: dict[int, Unpack] = {
    t.NONE: _unpack_none,
    t.LZW: _unpack_lzw,
    t.DEFLATE: _unpack_deflate,
    t.DEFLATE_OLD: _unpack_deflate,
    t.PACKBITS: _unpack_packbits,
}


def _unpack_all(directory: Directory, layout: t.Layout, unpack: Unpack, warnings: list[str]) -> Pixels:
    """Unpacked bytes as (planes, H, row bytes); rows of tiles lie beside one another."""
    count = layout.samples if layout.planar else 1
    row = layout.row_bytes * layout.across
    size = count * layout.height_px * row
    flat = np.empty(size + _SLACK_BYTES, np.uint8)
    planes = flat[:size].reshape(count, layout.height_px, row)
    reader = _Blocks(directory, layout, unpack, warnings)
    if not layout.tiled:
        place = 0
        for number in range(len(layout.offsets)):
            needed = layout.rows_of(number) * layout.row_bytes
            reader.read(number, flat[place:], needed)
            place += needed
        for plane in planes:
            _finish(plane, layout)
        return planes
    tile = np.empty(layout.segment_height * layout.row_bytes + _SLACK_BYTES, np.uint8)
    needed = layout.segment_height * layout.row_bytes
    for number in range(len(layout.offsets)):
        reader.read(number, tile, needed)
        square = tile[:needed].reshape(layout.segment_height, layout.row_bytes)
        _finish(square, layout)
        layer, cell = divmod(number, layout.across * layout.down)
        top, left = cell // layout.across * layout.segment_height, cell % layout.across * layout.row_bytes
        rows = min(layout.segment_height, layout.height_px - top)
        planes[layer, top : top + rows, left : left + layout.row_bytes] = square[:rows]
    return planes


class _Blocks:
    """Unpacks one block after the other and holds each to its exact length."""

    def __init__(self, directory: Directory, layout: t.Layout, unpack: Unpack, warnings: list[str]) -> None:
        self.data = directory.data
        self.offsets: list[int] = layout.offsets.tolist()
        self.counts: list[int] = layout.counts.tolist()
        self.layout = layout
        self.unpack = unpack
        self.warnings = warnings

    def read(self, number: int, room: Pixels, needed: int) -> None:
        """Unpack block `number` to the beginning of `room`, of which `needed` bytes are asked."""
        begin = self.offsets[number]
        block = self.data[begin : begin + self.counts[number]]
        if self.layout.fill_order == 2:
            block = codecs.bitorder_decode(bytes(block))
        if self.unpack is _unpack_lzw and len(block) > 1 and block[0] == 0 and block[1] & 1:
            raise ImageFault("unsupported", "LZW with reversed bits, as before 1990, is not decoded.")
        try:
            written = self.unpack(block, room[: needed + _SLACK_BYTES])
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
            written = self._again(number, block, room, needed, error)
        if written == needed:
            return
        if written < needed:
            written = self._without_filling(block, room, needed, written)
        if written < needed:
            block_number = number + 1
            raise ImageFault(
                "unreadable", f"Block {block_number} unpacks to {written} bytes instead of {needed}."
            )
        self._allow_full_last_strip(number, block, needed)

    def _again(self, number: int, block: Bytes, room: Pixels, needed: int, error: Exception) -> int:
        """Deflate refuses data longer than the room; PackBits data may be followed by a filling byte."""
        if self.unpack is _unpack_deflate:
            most = needed + self.layout.row_bytes if self.layout.tiled else self._longest(number, needed)
            worker = zlib.decompressobj()
            try:
                whole = worker.decompress(bytes(block), most + 1)
            except zlib.error as second:
                raise _damaged(second) from None
            if len(whole) > most:
                self._refuse_too_long(number, needed)
            if not worker.eof:
                raise _damaged(error) from None
            if len(whole) >= needed:
                room[:needed] = np.frombuffer(whole, np.uint8, needed)
                self.warnings.append("A block of pixel data is longer than its geometry.")
                return needed
            return len(whole)
        written = self._without_filling(block, room, needed, -1)
        if written < 0:
            raise _damaged(error) from None
        return written

    def _without_filling(self, block: Bytes, room: Pixels, needed: int, written: int) -> int:
        if self.unpack is _unpack_packbits and len(block) > 1 and not block[-1]:
            try:
                return self.unpack(block[:-1], room[: needed + _SLACK_BYTES])
            except Exception as error:  # noqa: BLE001 - as above
                raise _damaged(error) from None
        return written

    def _allow_full_last_strip(self, number: int, block: Bytes, needed: int) -> None:
        """A last strip may be filled up to the rows of the others; otherwise too long is damage."""
        layout = self.layout
        full = layout.segment_height * layout.row_bytes
        if self.unpack is _unpack_none:
            return
        if not layout.tiled and (number + 1) % layout.down == 0 and full > needed:
            room = np.empty(full + _SLACK_BYTES, np.uint8)
            if self.unpack(block, room) == full:
                self.warnings.append("The last block of pixel data is filled up.")
                return
        self._refuse_too_long(number, needed)

    def _longest(self, number: int, needed: int) -> int:
        """Bytes that a strip may have: a row too many, or all the rows of the others in the last one."""
        layout = self.layout
        is_last = (number + 1) % layout.down == 0
        full = layout.segment_height * layout.row_bytes if is_last else 0
        return max(full, needed + layout.row_bytes)

    def _refuse_too_long(self, number: int, needed: int) -> None:
        block_number = number + 1
        raise ImageFault("unreadable", f"Block {block_number} unpacks to more than the {needed} bytes asked.")


def _damaged(error: Exception) -> ImageFault:
    words = (str(error) or type(error).__name__).splitlines()[0][:100]
    return ImageFault("unreadable", f"A block of pixel data is damaged ({words}).")


def _finish(rows: Pixels, layout: t.Layout) -> None:
    """Bring wide samples to the byte order of this machine and undo the horizontal predictor, in place.

    Parameters
    ----------
    rows
        uint8, (H, row bytes), contiguous.
    """
    samples: Pixels | NDArray[np.uint16] = rows
    if layout.bits == 16:
        samples = rows.view(np.uint16)
        if layout.big_endian != (sys.byteorder == "big"):
            samples.byteswap(inplace=True)
    if layout.predictor != _HORIZONTAL or layout.compression not in (t.LZW, t.DEFLATE, t.DEFLATE_OLD):
        return
    bits = layout.bits
    if bits not in (8, 16):
        raise ImageFault("unsupported", f"The TIFF predictor with {bits} bits is not decoded.")
    grid = samples.reshape(len(rows), -1, layout.segment_samples)
    codecs.delta_decode(grid, axis=1, out=grid)


def _samples(planes: Pixels, layout: t.Layout) -> Pixels:
    """Samples of eight bits, uint8 (H, W) or (H, W, samples); smaller depths are stretched to 0..255."""
    height, width = layout.height_px, layout.width_px
    each = layout.segment_samples
    across = layout.segment_width * layout.across
    if layout.bits == 16:
        wide = high_bytes(planes.view(np.uint16))
    elif layout.bits == 8:
        wide = planes
    else:
        wide = _unpacked_bits(planes, across * each, layout)
    grid = wide.reshape(len(planes), height, -1)[:, :, : across * each]
    grid = grid.reshape(len(planes), height, across, each)[:, :, :width]
    if len(planes) > 1:
        return np.ascontiguousarray(np.moveaxis(grid[..., 0], 0, -1))
    return np.ascontiguousarray(grid[0, ..., 0] if each == 1 else grid[0])


def _unpacked_bits(planes: Pixels, count: int, layout: t.Layout) -> Pixels:
    """Samples of 1, 2, 4 or 12 bits as uint8 (planes, H, count); palette indices stay as they are."""
    shape = (*planes.shape[:2], count)
    if layout.bits == 12:
        rows = [
            high_bytes(codecs.packints_decode(row.tobytes(), np.uint16, 12, runlen=count)[:count] << 4)
            for row in planes.reshape(-1, planes.shape[2])
        ]
        return np.stack(rows).reshape(shape)
    parts = 8 // layout.bits
    mask = (1 << layout.bits) - 1
    scale = 1 if layout.photometric == t.PALETTE else 255 // mask
    spread = np.empty((*planes.shape, parts), np.uint8)
    for part in range(parts):
        spread[..., part] = (planes >> (8 - layout.bits * (part + 1)) & mask) * scale
    return spread.reshape(*planes.shape[:2], -1)[..., :count]


def palette_of(directory: Directory, layout: t.Layout) -> Pixels:
    """Colours of a palette page, uint8 (2^bits, 3); some writers store 8 instead of 16 bits a colour.

    Raises
    ------
    ImageFault
        ``unreadable``: the palette is missing or too short.
    """
    values = np.array(directory.integers(t.COLOUR_MAP), np.int64)
    count = 1 << min(layout.bits, 8)
    if len(values) < 3 * count:
        raise ImageFault("unreadable", "The palette is missing or too short.")
    table = values[: 3 * count].reshape(3, count).T
    if table.max(initial=0) > 255:
        table = table >> 8
    return table.astype(np.uint8)


def _to_colour(samples: Pixels, directory: Directory, layout: t.Layout) -> Pixels:
    meaning = layout.photometric
    if meaning in (t.MIN_IS_WHITE, t.MIN_IS_BLACK, t.MASK):
        grey = samples if samples.ndim == 2 else np.ascontiguousarray(samples[..., 0])
        if meaning == t.MIN_IS_WHITE:
            np.subtract(255, grey, out=grey)
        return _with_alpha(grey, samples, layout, 1)
    if meaning == t.PALETTE:
        indices = samples if samples.ndim == 2 else np.ascontiguousarray(samples[..., 0])
        return apply_palette(indices, palette_of(directory, layout))
    if samples.ndim == 3 and samples.shape[2] >= 3:
        if meaning == t.RGB:
            return _with_alpha(_first(samples, 3), samples, layout, 3)
        if meaning in (t.CIELAB, t.ICCLAB):
            return lab_to_rgb(_first(samples, 3), signed=meaning == t.CIELAB)
        if meaning == t.SEPARATED and samples.shape[2] >= 4 and directory.integer(t.INK_SET, 1) == 1:
            return cmyk_to_rgb(_first(samples, 4), inverted=False)
    raise ImageFault("unsupported", f"TIFF photometric interpretation {meaning} is not decoded.")


def _first(samples: Pixels, count: int) -> Pixels:
    return samples if samples.shape[2] == count else np.ascontiguousarray(samples[..., :count])


def _with_alpha(colour: Pixels, samples: Pixels, layout: t.Layout, count: int) -> Pixels:
    """Lay the page on white where its first extra sample is an alpha channel."""
    if not layout.extra_samples or layout.extra_samples[0] not in (1, 2) or layout.samples <= count:
        return colour
    return composite_on_white(colour, samples[..., count], premultiplied=layout.extra_samples[0] == 1)
