"""BMP: the arithmetic of its header against the length of the file; runs are walked packet by packet."""

import struct
from dataclasses import dataclass

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.pixels import (
    apply_palette,
    bits_to_grey,
    check_size,
    composite_on_white,
    palette_is_bitonal,
    palette_is_grey,
)
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Bytes, Decoded, DecodeLimits, Header, Pixels

_RGB, _RLE8, _RLE4, _FIELDS, _JPEG, _PNG, _ALPHA_FIELDS = 0, 1, 2, 3, 4, 5, 6
_METRES_AN_INCH = 0.0254
_ABSOLUTE_LEAST = 3
_HEADER_WITH_LENGTH, _HEADER_WITH_PROFILE = 40, 124
_EXCESS_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the header says; ``masks`` are those of red, green, blue and alpha (0 if none)."""

    width_px: int
    height_px: int
    top_down: bool
    bits: int
    compression: int
    dpi: tuple[float, float] | None
    palette: Pixels
    masks: tuple[int, int, int, int]
    begin: int

    @property
    def row_bytes(self) -> int:
        """Bytes of a row that is not packed; rows are filled to four bytes."""
        return (self.width_px * self.bits + 31) // 32 * 4


def read_layout(data: Bytes, limits: DecodeLimits) -> Layout:
    """Read file and picture header.

    Raises
    ------
    ImageFault
        ``truncated``, ``unreadable``, ``too-large`` or ``unsupported``.
    """
    head = bytes(data[:138])
    if len(head) < 26:
        raise ImageFault("truncated", "The BMP file ends within its header.")
    begin, size = struct.unpack("<II", head[10:18])
    if len(head) < min(14 + size, 54):
        raise ImageFault("truncated", "The BMP file ends within its header.")
    dpi: tuple[float, float] | None = None
    used = compression = 0
    if size == 12:
        width, height, _, bits = struct.unpack("<HHHH", head[18:26])
    else:
        width, height, _, bits, compression, _, across, down, used = struct.unpack("<iiHHIIiiI", head[18:50])
        if across > 0 and down > 0:
            dpi = round(across * _METRES_AN_INCH, 2), round(down * _METRES_AN_INCH, 2)
    check_size(width, abs(height), limits)
    if bits not in (1, 4, 8, 16, 24, 32) or compression not in (_RGB, _RLE8, _RLE4, _FIELDS, _ALPHA_FIELDS):
        raise ImageFault("unsupported", f"BMP of {bits} bits and compression {compression} is not decoded.")
    if compression in (_RLE8, _RLE4) and bits != (8 if compression == _RLE8 else 4):
        raise ImageFault("unreadable", "The BMP header contradicts itself.")
    layout = Layout(
        width_px=width,
        height_px=abs(height),
        top_down=height < 0,
        bits=bits,
        compression=compression,
        dpi=dpi,
        palette=_palette(data, size, bits, used, compression),
        masks=_masks(data, size, bits, compression),
        begin=begin,
    )
    _check_extent(head, layout, len(data))
    return layout


def _check_extent(head: bytes, layout: Layout, file_size: int) -> None:
    """Whether the pixels can lie where the header says."""
    if layout.begin < 14 + int.from_bytes(head[14:18], "little"):
        raise ImageFault("unreadable", "The pixels of the BMP file begin within its header.")
    if layout.begin >= file_size:
        raise ImageFault("truncated", "The BMP file ends before its pixels.")
    if layout.compression in (_RLE8, _RLE4):
        return
    if layout.begin + layout.row_bytes * layout.height_px > file_size:
        raise ImageFault("truncated", "The BMP file ends before its last row.")
    _refuse_hidden_rows(head, layout, file_size)


def _refuse_hidden_rows(head: bytes, layout: Layout, file_size: int) -> None:
    """A declared length of the pixels far beyond the geometry, with the data there, contradicts the size.

    Some fillings and what other programs append behind the pixels are in no declared length.
    """
    whole, header_size = struct.unpack("<I", head[2:6])[0], struct.unpack("<I", head[14:18])[0]
    declared = struct.unpack("<I", head[34:38])[0] if header_size >= _HEADER_WITH_LENGTH else 0
    if not declared and header_size < _HEADER_WITH_PROFILE:
        declared = max(0, whole - layout.begin)
    needed = layout.row_bytes * layout.height_px
    excess = declared - needed
    if layout.begin + declared <= file_size and excess > max(_EXCESS_BYTES, needed // 8):
        raise ImageFault("unreadable", "The BMP file has far more pixel data than its size asks for.")


def _palette(data: Bytes, size: int, bits: int, used: int, compression: int) -> Pixels:
    if bits > 8:
        return np.zeros((0, 3), np.uint8)
    step = 3 if size == 12 else 4
    count = min(used or 1 << bits, 1 << bits)
    start = 14 + size + (12 if size == 40 and compression == _FIELDS else 0)
    raw = bytes(data[start : start + count * step])
    if len(raw) < count * step:
        raise ImageFault("truncated", "The BMP file ends within its palette.")
    return np.frombuffer(raw, np.uint8).reshape(count, step)[:, 2::-1].copy()


def _masks(data: Bytes, size: int, bits: int, compression: int) -> tuple[int, int, int, int]:
    if compression in (_FIELDS, _ALPHA_FIELDS) and bits in (16, 32):
        count = 4 if size >= 56 or compression == _ALPHA_FIELDS else 3
        raw = bytes(data[54 : 54 + 4 * count])
        if len(raw) < 4 * count:
            raise ImageFault("truncated", "The BMP file ends within its header.")
        masks = struct.unpack(f"<{count}I", raw)
        return (*masks[:3], masks[3] if count == 4 else 0)
    return (0x7C00, 0x3E0, 0x1F, 0) if bits == 16 else (0xFF0000, 0xFF00, 0xFF, 0)


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of a BMP file; `frame` is always 1."""
    del frame
    layout = read_layout(source.data, limits)
    packed = layout.compression in (_RLE8, _RLE4)
    return Header(
        format="BMP",
        frame_count=1,
        width_px=layout.width_px,
        height_px=layout.height_px,
        dpi_x=layout.dpi[0] if layout.dpi else None,
        dpi_y=layout.dpi[1] if layout.dpi else None,
        dpi_source="bmp" if layout.dpi else None,
        colour_mode=_colour_mode(layout),
        bits_per_sample=layout.bits if layout.bits <= 8 else 8 if layout.bits > 16 else 5,
        samples_per_pixel=1 if layout.bits <= 8 else 4 if layout.masks[3] else 3,
        compression="rle" if packed else "none",
        lossy=False,
    )


def _colour_mode(layout: Layout) -> str:
    if layout.bits > 8:
        return "rgba" if layout.masks[3] else "rgb"
    if layout.bits == 1 and palette_is_bitonal(layout.palette):
        return "bitonal"
    # BMP has no grey: a palette that is an even ramp is what writers of grey pictures use.
    ramp = np.linspace(0, 255, 1 << layout.bits).round()
    if layout.bits > 1 and palette_is_grey(layout.palette) and len(layout.palette) == len(ramp):
        return "grey" if (layout.palette[:, 0] == ramp).all() else "palette"
    return "palette"


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of a BMP file."""
    del header, frame
    layout = read_layout(source.data, limits)
    if layout.compression in (_RLE8, _RLE4):
        indices = _unpack_runs(source.data[layout.begin :], layout)
        return Decoded(pixels=apply_palette(indices[::-1].copy(), layout.palette))
    count = layout.row_bytes * layout.height_px
    rows = np.frombuffer(source.data, np.uint8, count, layout.begin).reshape(layout.height_px, -1)
    rows = rows if layout.top_down else rows[::-1]
    return Decoded(pixels=_to_colour(rows, layout))


def _to_colour(rows: Pixels, layout: Layout) -> Pixels:
    width = layout.width_px
    if layout.bits == 1 and palette_is_bitonal(layout.palette):
        return bits_to_grey(rows, width, one_is_white=bool(layout.palette[1, 0]))
    if layout.bits <= 8:
        return apply_palette(_indices(rows, layout), layout.palette)
    if layout.bits == 24:
        return np.ascontiguousarray(rows[:, : 3 * width].reshape(len(rows), width, 3)[..., ::-1])
    words = np.ascontiguousarray(rows).view("<u2" if layout.bits == 16 else "<u4")[:, :width]
    colour = np.stack([_field(words, mask) for mask in layout.masks[:3]], axis=-1)
    if layout.masks[3]:
        return composite_on_white(colour, _field(words, layout.masks[3]))
    return colour


def _indices(rows: Pixels, layout: Layout) -> Pixels:
    if layout.bits == 8:
        return np.ascontiguousarray(rows[:, : layout.width_px])
    if layout.bits == 4:
        pairs = np.stack([rows >> 4, rows & 15], axis=-1)
        return np.ascontiguousarray(pairs.reshape(len(rows), -1)[:, : layout.width_px])
    return np.unpackbits(rows, axis=1, count=layout.width_px)


def _field(words: np.ndarray[tuple[int, ...], np.dtype[np.uint32]], mask: int) -> Pixels:
    if not mask:
        return np.zeros(words.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    values = (words & mask) >> shift
    if most == 255:
        return values.astype(np.uint8)
    return (values.astype(np.uint64) * 255 // most).astype(np.uint8)


def _unpack_runs(data: Bytes, layout: Layout) -> Pixels:
    """Palette indices of RLE8 and RLE4 data, bottom row first; a loop over packets, not pixels.

    Raises
    ------
    ImageFault
        ``truncated``: no end-of-picture code; ``unreadable``: a run leaves the picture.
    """
    width, height = layout.width_px, layout.height_px
    picture = np.zeros((height, width), np.uint8)
    raw, place, column, row = bytes(data), 0, 0, 0
    half, jumps = layout.compression == _RLE4, False
    while place + 1 < len(raw):
        count, value = raw[place], raw[place + 1]
        place += 2
        if count == 0 and value < _ABSOLUTE_LEAST:
            if value == 1:
                if row + bool(column) < height and not jumps:
                    raise ImageFault("truncated", "The BMP data end before the last row.")
                return picture
            if value == 0:
                column, row = 0, row + 1
                continue
            if place + 1 >= len(raw):
                break
            jumps = True
            column, row, place = column + raw[place], row + raw[place + 1], place + 2
            continue
        if count:
            run = np.array([value >> 4, value & 15] if half else [value], np.uint8)
            length = count
            pixels = np.resize(run, length)
        else:
            length = value
            taken = (length + 1) // 2 if half else length
            literal = np.frombuffer(raw[place : place + taken], np.uint8)
            pixels = np.stack([literal >> 4, literal & 15], axis=-1).reshape(-1) if half else literal
            pixels = pixels[:length]
            place += taken + taken % 2
        if row >= height or column + length > width or len(pixels) < length:
            _refuse_run(place, len(raw))
        picture[row, column : column + length] = pixels
        column += length
    raise ImageFault("truncated", "The BMP data have no end code.")


def _refuse_run(place: int, size: int) -> None:
    if place > size:
        raise ImageFault("truncated", "The BMP data end too early.")
    raise ImageFault("unreadable", "A run of BMP pixels leaves the picture.")
