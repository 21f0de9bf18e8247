"""Pictures inside a PDF: how they are coded, and their pixels, with damage reported.

JPEG and JPEG 2000 go through the same strict decoders as files do; Deflate streams are verified by their
checksum; G4 by libtiff. JBIG2 has no redundancy: only a picture that comes out empty although there are
data is told.
"""

import ctypes
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import jp2
from ybda_qc.imaging.formats.jp2_codestream import read_stream
from ybda_qc.imaging.formats.jpeg import colour_mode_of, decode_stream, frame_of, quality_of, subsampling_of
from ybda_qc.imaging.formats.jpeg_markers import read_markers
from ybda_qc.imaging.formats.pdf_page import Placed
from ybda_qc.imaging.formats.pixels import check_size
from ybda_qc.imaging.formats.tiff_ccitt import remark_on_g4
from ybda_qc.imaging.values import Decoded, DecodeLimits, Pixels

_COMPRESSIONS = {
    "DCTDecode": "jpeg",
    "DCT": "jpeg",
    "JPXDecode": "jpeg2000",
    "JBIG2Decode": "jbig2",
    "CCITTFaxDecode": "ccitt",
    "CCF": "ccitt",
    "FlateDecode": "deflate",
    "Fl": "deflate",
    "LZWDecode": "lzw",
    "LZW": "lzw",
    "RunLengthDecode": "rle",
    "RL": "rle",
}
_GREY_SPACES = (raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_CALGRAY)
_SIMPLE = frozenset(
    {
        "FlateDecode",
        "Fl",
        "LZWDecode",
        "LZW",
        "ASCII85Decode",
        "A85",
        "ASCIIHexDecode",
        "AHx",
        "RunLengthDecode",
        "RL",
    }
)
"""Filters that pdfium undoes before it hands out the data."""
_FEW_BYTES = 2
_USUAL_DEPTHS = {raw.FPDF_COLORSPACE_DEVICECMYK: 32}
_KNOWN_SPACES = (
    *_GREY_SPACES,
    raw.FPDF_COLORSPACE_INDEXED,
    raw.FPDF_COLORSPACE_DEVICERGB,
    raw.FPDF_COLORSPACE_CALRGB,
    raw.FPDF_COLORSPACE_DEVICECMYK,
)
_CHUNK = 1 << 20
_EXCESS_BYTES = 4096
_EMPTY_PICTURE_BYTES = 2048
"""More coded bytes than an empty fax or JBIG2 page needs (one bit a row, and some)."""

DeclaresG4 = Callable[[int, int], bool]
"""Whether the page declares its fax picture of this width and height to be plain G4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """How one picture is coded."""

    compression: str
    filters: tuple[str, ...]
    bits: int
    samples: int
    colour_mode: str
    lossy: bool | None
    jpeg_quality: int | None = None
    chroma_subsampling: str | None = None
    progressive: bool = False

    @property
    def is_grey(self) -> bool:
        """Whether it has no colour."""
        return self.colour_mode in ("bitonal", "grey")


def facts_of(picture: Placed) -> PictureFacts:
    """Read how a picture is coded; its pixels are not decoded, except for a JPEG header."""
    filters = tuple(picture.handle.get_filters())
    last = filters[-1] if filters else ""
    compression = _COMPRESSIONS.get(last, "none" if not filters else "other")
    if compression == "jpeg":
        return _jpeg_facts(picture, filters)
    if compression == "jpeg2000":
        return _jpeg2000_facts(picture, filters)
    if compression in ("jbig2", "ccitt"):
        bits, space = 1, raw.FPDF_COLORSPACE_DEVICEGRAY
    else:
        metadata = picture.handle.get_metadata()
        bits, space = metadata.bits_per_pixel or 8, metadata.colorspace
    mode, samples = _mode(bits, space)
    return PictureFacts(
        compression="g4" if compression == "ccitt" else compression,
        filters=filters,
        bits=max(1, bits // samples),
        samples=samples,
        colour_mode=mode,
        lossy=None if compression == "jbig2" else False,
    )


def _mode(bits: int, space: int) -> tuple[str, int]:
    if space == raw.FPDF_COLORSPACE_INDEXED:
        return "palette", 1
    if bits == 1:
        return "bitonal", 1
    if space in _GREY_SPACES or bits in (2, 4, 8):
        return "grey", 1
    if space == raw.FPDF_COLORSPACE_DEVICECMYK or bits in (32, 64):
        return "cmyk", 4
    return "rgb", 3


def _jpeg_facts(picture: Placed, filters: tuple[str, ...]) -> PictureFacts:
    markers = read_markers(_coded(picture))
    shape = frame_of(markers)
    return PictureFacts(
        compression="jpeg",
        filters=filters,
        bits=shape.precision,
        samples=len(shape.components),
        colour_mode=colour_mode_of(markers, shape),
        lossy=True,
        jpeg_quality=quality_of(markers, shape),
        chroma_subsampling=subsampling_of(shape),
        progressive=shape.progressive,
    )


def _jpeg2000_facts(picture: Placed, filters: tuple[str, ...]) -> PictureFacts:
    # pdfium would decode the whole picture to tell its depth.
    boxes = jp2.read_boxes(_coded(picture))
    assert boxes.codestream is not None
    stream = read_stream(boxes.codestream)
    return PictureFacts(
        compression="jpeg2000",
        filters=filters,
        bits=max(stream.bits),
        samples=len(stream.bits),
        colour_mode=jp2.colour_mode_of(boxes, stream),
        lossy=None if stream.reversible is None else not stream.reversible,
    )


def _coded(picture: Placed, *, simple_filters: bool = True) -> bytes:
    """Stream of a picture, with Flate, LZW and the like undone (or not); JPEG, JPX, fax, JBIG2 stay."""
    fetch: Any = raw.FPDFImageObj_GetImageDataDecoded if simple_filters else raw.FPDFImageObj_GetImageDataRaw
    size = fetch(picture.handle, None, 0)
    room = ctypes.create_string_buffer(max(1, size))
    fetch(picture.handle, room, size)
    return room.raw[:size]


def decode_picture(
    picture: Placed, facts: PictureFacts, limits: DecodeLimits, declares_g4: DeclaresG4
) -> tuple[Decoded, bool]:
    """Pixels of a picture at its own resolution, as stored (not turned).

    Returns
    -------
    Decoded, bool
        The bool tells whether these are surely the colours shown; if not, the page may invert or recolour
        them.

    Raises
    ------
    ImageFault
        Damaged, too large, or not decoded here.
    """
    check_size(picture.width_px, picture.height_px, limits)
    verified = True
    if facts.compression == "jpeg":
        decoded = decode_stream(_coded(picture), limits)
        verified = decoded.verified
        if facts.samples != 4 and decoded.pixels.shape[:2] == (picture.height_px, picture.width_px):
            return decoded, True
    elif facts.compression == "jpeg2000":
        decoded = jp2.decode_embedded(_coded(picture), limits)
        if decoded.pixels.shape[:2] == (picture.height_px, picture.width_px):
            return decoded, True
    else:
        check_picture(picture, facts, limits, declares_g4)
    return Decoded(pixels=_by_pdfium(picture, facts), verified=verified), False


def check_picture(
    picture: Placed, facts: PictureFacts, limits: DecodeLimits, declares_g4: DeclaresG4
) -> bool:
    """Find damage in the data of a picture that is drawn by pdfium.

    Returns
    -------
    bool
        Whether the data were read by a decoder that tells damage.

    Raises
    ------
    ImageFault
        ``unreadable``, ``truncated`` or ``too-large``.
    """
    check_size(picture.width_px, picture.height_px, limits)
    if facts.compression == "jpeg":
        return decode_stream(_coded(picture), limits).verified
    if facts.compression == "jpeg2000":
        jp2.decode_embedded(_coded(picture), limits)
        return True
    coded = _coded(picture, simple_filters=False)
    if not coded:
        raise ImageFault("unreadable", "A picture of the PDF page has no data.")
    length: int | None = None
    if facts.filters[:1] == ("FlateDecode",) or facts.filters[:1] == ("Fl",):
        length = _check_flate(coded)
    if facts.compression == "g4" and set(facts.filters[:-1]) <= _SIMPLE:
        coded = _coded(picture) if len(facts.filters) > 1 else coded
        words = remark_on_g4(coded, picture.width_px, picture.height_px)
        # Other fax codings of PDF (G3, aligned rows) draw remarks too; only declared G4 is held to them.
        if words is not None and declares_g4(picture.width_px, picture.height_px):
            raise ImageFault("unreadable", f"A picture of the PDF page is damaged ({words}).")
    elif set(facts.filters) <= _SIMPLE:
        _check_length(picture, length if len(facts.filters) == 1 else None)
    return True


def _check_length(picture: Placed, length: int | None) -> None:
    """Compare the unpacked length (None: ask pdfium) with what the geometry asks for.

    pdfium tells the depth only roughly (1, 8 or 24 bits a pixel), so that any depth behind it is allowed.
    """
    metadata = picture.handle.get_metadata()
    bits_told = metadata.bits_per_pixel
    depths = _depths(bits_told, metadata.colorspace)
    if not depths:
        return
    if length is None:
        length = raw.FPDFImageObj_GetImageDataDecoded(picture.handle, None, 0)
    usual = max(depth for depth in depths if depth <= _USUAL_DEPTHS.get(metadata.colorspace, bits_told))
    for depth in depths:
        size = (picture.width_px * depth + 7) // 8 * picture.height_px
        over, rows = length - size, picture.height_px
        if depth == usual and 0 <= over <= size // 8 + rows + _EXCESS_BYTES:
            return
        if 0 <= over <= _FEW_BYTES or rows <= over <= rows + _FEW_BYTES:  # a predictor adds a byte a row
            return
    if length < (picture.width_px * usual + 7) // 8 * picture.height_px:
        raise ImageFault("truncated", "A picture of the PDF page has fewer data than its size asks for.")
    if metadata.colorspace in _KNOWN_SPACES:
        raise ImageFault("unreadable", "A picture of the PDF page has far more data than its size asks for.")


def _depths(bits_told: int, space: int) -> tuple[int, ...]:
    """Bits a pixel, rising, that pdfium may tell as this many; none where it tells nothing."""
    if bits_told == 1:
        return (1,)
    if bits_told not in (8, 24):
        return ()
    if space in (*_GREY_SPACES, raw.FPDF_COLORSPACE_INDEXED):
        return (2, 4, 8) if bits_told == 8 else (16,)
    if space in (raw.FPDF_COLORSPACE_DEVICERGB, raw.FPDF_COLORSPACE_CALRGB, raw.FPDF_COLORSPACE_LAB):
        return (3, 6) if bits_told == 8 else (12, 24, 48)
    if space == raw.FPDF_COLORSPACE_DEVICECMYK:
        return (4, 8) if bits_told == 8 else (16, 32, 64)
    return (2, 3, 4, 6, 8) if bits_told == 8 else (12, 16, 24, 32, 48, 64)


def _check_flate(coded: bytes) -> int:
    """Unpack a Deflate stream piece by piece, for its checksum; returns its length."""
    worker, length, rest = zlib.decompressobj(), 0, coded
    try:
        while rest and not worker.eof:
            length += len(worker.decompress(rest, _CHUNK))
            rest = worker.unconsumed_tail
        length += len(worker.flush()) if not worker.eof else 0
    except zlib.error as error:
        words = str(error)
        raise ImageFault("unreadable", f"A picture of the PDF page is damaged ({words}).") from None
    return length


def _by_pdfium(picture: Placed, facts: PictureFacts) -> Pixels:
    try:
        bitmap = picture.handle.get_bitmap(render=False)
    except pdfium.PdfiumError:
        raise ImageFault("unreadable", "A picture of the PDF page cannot be decoded.") from None
    pixels = bitmap.to_numpy()
    if pixels.shape[:2] != (picture.height_px, picture.width_px):
        raise ImageFault("unreadable", "A picture of the PDF page has another size than it declares.")
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGB)
    pixels = np.array(pixels, dtype=np.uint8, order="C")
    if facts.is_grey and pixels.ndim == 3:
        pixels = np.ascontiguousarray(pixels[..., 1])
    _refuse_silent_white(picture, facts, pixels)
    return pixels


def _refuse_silent_white(picture: Placed, facts: PictureFacts, pixels: Pixels) -> None:
    """A fax or JBIG2 picture of one colour needs next to no data; with more, it was not decoded."""
    if facts.compression not in ("g4", "jbig2") or int(pixels.min()) != int(pixels.max()):
        return
    size = len(_coded(picture, simple_filters=False))
    if size > _EMPTY_PICTURE_BYTES + picture.height_px:
        raise ImageFault("unreadable", "A picture of the PDF page comes out empty although it has data.")
