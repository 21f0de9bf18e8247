"""TIFF pages whose blocks are JPEG or JPEG 2000 streams (TIFF Technical Note 2, 1995, for JPEG)."""

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import tiff_layout as t
from ybda_qc.imaging.formats.ifd import Directory
from ybda_qc.imaging.formats.jp2_codestream import decode_codestream
from ybda_qc.imaging.formats.jpeg import decode_stream, decode_strictly, fault_of, frame_of
from ybda_qc.imaging.formats.jpeg_markers import read_markers
from ybda_qc.imaging.formats.pixels import cmyk_to_rgb, composite_on_white, ycc_to_rgb
from ybda_qc.imaging.values import Bytes, Decoded, DecodeLimits, Pixels

_APERIO_YCC = 33003
_UNIT_MOST = 32
_ADOBE = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"
"""An Adobe segment but for its last byte, the colour transform."""


def decode_jpeg(directory: Directory, layout: t.Layout, limits: DecodeLimits) -> Decoded:
    """Pixels of a page whose strips or tiles are JPEG streams that share tables."""
    bits = layout.bits
    if bits != 8:
        raise ImageFault("unsupported", f"JPEG of {bits} bits in TIFF is not decoded.")
    prefix = _prefix(directory, layout)
    if layout.photometric == t.YCBCR and layout.planar:
        raise ImageFault("unsupported", "JPEG in TIFF with separate YCbCr planes is not decoded.")
    channels = layout.samples
    pixels = np.empty((layout.height_px, layout.width_px, channels), np.uint8)
    for number in range(len(layout.offsets)):
        begin = int(layout.offsets[number])
        block = directory.data[begin : begin + int(layout.counts[number])]
        stream = b"".join((prefix, block[2:])) if bytes(block[:2]) == b"\xff\xd8" else bytes(block)
        _place(pixels, _jpeg_block(stream, layout, limits), number, layout)
    return Decoded(pixels=_meaning(pixels, layout), warnings=layout.warnings)


def whole_jpeg(directory: Directory, layout: t.Layout) -> bytes | None:
    """The JPEG stream of a page in grey or colour that is one stream, the shared tables put in; else None."""
    if layout.compression != t.JPEG or len(layout.offsets) != 1 or layout.samples not in (1, 3):
        return None
    begin = int(layout.offsets[0])
    block = directory.data[begin : begin + int(layout.counts[0])]
    return b"".join((_prefix(directory, layout), block[2:])) if bytes(block[:2]) == b"\xff\xd8" else None


def _prefix(directory: Directory, layout: t.Layout) -> bytes:
    """What every block begins with: SOI, the colour transform that TIFF declares, and the shared tables."""
    parts = [b"\xff\xd8"]
    if layout.segment_samples in (3, 4):
        parts += [_ADOBE, b"\1" if layout.photometric == t.YCBCR else b"\0"]
    shared = directory.raw(t.JPEG_TABLES)
    if shared is not None and len(shared) > 4:
        tables = bytes(shared)
        parts.append(tables[2:-2] if tables.endswith(b"\xff\xd9") else tables[2:])
    elif t.JPEG_TABLES in directory and shared is None:
        raise ImageFault("truncated", "The JPEG tables lie beyond the end of the file.")
    return b"".join(parts)


def _jpeg_block(stream: bytes, layout: t.Layout, limits: DecodeLimits) -> Pixels:
    shape = frame_of(read_markers(stream))
    if shape.width_px * shape.height_px > limits.max_pixels:
        raise ImageFault("too-large", "A JPEG block is larger than the limits allow.")
    if len(shape.components) != layout.segment_samples:
        raise ImageFault("unreadable", "A JPEG block has another number of components than the page.")
    try:
        return decode_strictly(stream, shape)
    except ValueError as error:
        raise fault_of(error) from None


def _place(pixels: Pixels, block: Pixels, number: int, layout: t.Layout) -> None:
    """Copy one decoded block to its place; blocks may reach beyond the page, never fall short of it."""
    plane, place = divmod(number, layout.across * layout.down)
    top = place // layout.across * layout.segment_height
    left = place % layout.across * layout.segment_width
    height = min(layout.segment_height, layout.height_px - top)
    width = min(layout.segment_width, layout.width_px - left)
    if block.shape[0] < height or block.shape[1] < width:
        raise ImageFault("unreadable", "A coded block is smaller than its place on the page.")
    if block.shape[0] > _filled(layout.segment_height) or block.shape[1] > _filled(layout.segment_width):
        raise ImageFault("unreadable", "A coded block is larger than its place on the page.")
    target = pixels[top : top + height, left : left + width]
    if block.ndim == 2:
        target[..., plane if layout.planar else 0] = block[:height, :width]
    else:
        target[...] = block[:height, :width]


def _filled(side: int) -> int:
    """Side of a block that is filled up to whole coding units, of which the largest have 32 pixels."""
    return -(-side // _UNIT_MOST) * _UNIT_MOST


def _meaning(pixels: Pixels, layout: t.Layout) -> Pixels:
    channels = pixels.shape[2]
    if channels == 1:
        grey = pixels[..., 0]
        if layout.photometric == t.MIN_IS_WHITE:
            np.subtract(255, grey, out=grey)
        return grey
    if channels == 3:
        return pixels
    if channels == 4 and layout.photometric == t.SEPARATED:
        return cmyk_to_rgb(pixels, inverted=False)
    if channels == 4 and layout.photometric in (t.RGB, t.YCBCR):
        colour = np.ascontiguousarray(pixels[..., :3])
        return composite_on_white(colour, pixels[..., 3]) if any(layout.extra_samples) else colour
    raise ImageFault("unsupported", f"JPEG in TIFF with {channels} samples a pixel is not decoded.")


def decode_old_jpeg(directory: Directory, layout: t.Layout, limits: DecodeLimits) -> Decoded:
    """Pixels of an old-style JPEG page (compression 6), where it holds one whole JPEG stream."""
    begin = directory.integer(t.JPEG_INTERCHANGE, 0)
    if not begin and len(layout.offsets) == 1:
        begin = int(layout.offsets[0])
    length = directory.integer(t.JPEG_INTERCHANGE_LENGTH, 0)
    data: Bytes = directory.data[begin:]
    if begin + length > len(directory.data) or not len(data):
        raise ImageFault("truncated", "The JPEG data lie beyond the end of the file.")
    if bytes(data[:2]) != b"\xff\xd8" or not read_markers(data).scan_begin:
        raise ImageFault("unsupported", "Old-style JPEG in TIFF without a whole JPEG stream is not decoded.")
    decoded = decode_stream(data, limits)
    if decoded.pixels.shape[:2] != (layout.height_px, layout.width_px):
        raise ImageFault("unreadable", "The JPEG picture has another size than the page.")
    return Decoded(pixels=decoded.pixels, warnings=layout.warnings, verified=decoded.verified)


def decode_jpeg2000(directory: Directory, layout: t.Layout, limits: DecodeLimits) -> Decoded:
    """Pixels of a page whose strips or tiles are JPEG 2000 codestreams (Aperio's compressions and 34712)."""
    if layout.planar:
        raise ImageFault("unsupported", "JPEG 2000 in TIFF with separate planes is not decoded.")
    pixels = np.empty((layout.height_px, layout.width_px, layout.samples), np.uint8)
    for number in range(len(layout.offsets)):
        begin = int(layout.offsets[number])
        block = decode_codestream(directory.data[begin : begin + int(layout.counts[number])], limits)
        if (block.ndim == 3 and block.shape[2] != layout.samples) or (
            block.ndim == 2 and layout.samples != 1
        ):
            raise ImageFault("unreadable", "A coded block has another number of components than the page.")
        _place(pixels, block, number, layout)
    if layout.samples == 3 and (layout.photometric == t.YCBCR or layout.compression == _APERIO_YCC):
        pixels = ycc_to_rgb(pixels)
    return Decoded(pixels=_meaning(pixels, layout), warnings=layout.warnings)
