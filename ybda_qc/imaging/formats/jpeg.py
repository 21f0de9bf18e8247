"""JPEG: header from the markers, pixels by libjpeg-turbo with every warning of the decoder taken as damage.

What is found: cut files, broken headers and tables, and most changed bytes. A changed byte that yields
another valid code sequence of the right length cannot be found in any decoder; only a checksum list tells.
"""

import re
from collections.abc import Iterator

import numpy as np
import simplejpeg

from ybda_qc.imaging.errors import FaultKind, ImageFault
from ybda_qc.imaging.formats.by_pillow import samples_by_pillow
from ybda_qc.imaging.formats.exif import ExifFacts, read_exif
from ybda_qc.imaging.formats.icc import profile_description
from ybda_qc.imaging.formats.ifd import readable_text
from ybda_qc.imaging.formats.jpeg_markers import (
    APP0,
    APP1,
    APP2,
    APP14,
    COM,
    Frame,
    Markers,
    end_of_image,
    read_markers,
)
from ybda_qc.imaging.formats.jpeg_quality import estimate_quality
from ybda_qc.imaging.formats.pixels import check_size, cmyk_to_rgb
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Bytes, Decoded, DecodeLimits, Header, Pixels

_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_CENTIMETRES_AN_INCH = 2.54
_MIDDLE = 128


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of a JPEG file; `frame` is always 1."""
    del frame
    return header_of(source.data, limits)


def header_of(data: Bytes, limits: DecodeLimits) -> Header:
    """Header of a JPEG stream."""
    markers = read_markers(data)
    shape = frame_of(markers)
    check_size(shape.width_px, shape.height_px, limits)
    exif, dpi, source, icc, comment = _application_data(markers, data)
    metadata = exif.metadata + ((("comment", comment),) if comment else ())
    return Header(
        format="JPEG",
        frame_count=1,
        width_px=shape.width_px,
        height_px=shape.height_px,
        dpi_x=dpi[0] if dpi else None,
        dpi_y=dpi[1] if dpi else None,
        dpi_source=source,
        colour_mode=colour_mode_of(markers, shape),
        bits_per_sample=shape.precision,
        samples_per_pixel=len(shape.components),
        compression="jpeg",
        lossy=not shape.lossless,
        progressive=shape.progressive,
        jpeg_quality=quality_of(markers, shape),
        luma_table=None if markers.adobe_transform == 0 else luma_table_of(markers, shape),
        chroma_subsampling=subsampling_of(shape),
        exif_orientation=exif.orientation,
        icc_profile=icc,
        metadata=metadata,
    )


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of a JPEG file."""
    del header, frame
    return decode_stream(source.data, limits)


def frame_of(markers: Markers) -> Frame:
    """The frame header.

    Raises
    ------
    ImageFault
        ``unreadable``: no frame header, or no scan.
    """
    if markers.frame is None or not markers.scan_begin:
        raise ImageFault("unreadable", "The JPEG data hold no picture.")
    return markers.frame


def quality_of(markers: Markers, shape: Frame) -> int | None:
    """Estimated quality of the stream, from the tables that its components use; None for lossless JPEG."""
    if shape.lossless or not shape.components:
        return None
    used = [component.table for component in shape.components]
    chrominance = used[1] if len(used) in (3, 4) else None
    return estimate_quality(markers.tables, used[0], chrominance)


def luma_table_of(markers: Markers, shape: Frame) -> tuple[int, ...] | None:
    """Quantisation table of the first of one or three components with 8 bits; the caller knows it is luma."""
    if shape.lossless or shape.precision != 8 or len(shape.components) not in (1, 3):
        return None
    return markers.tables.get(shape.components[0].table)


def subsampling_of(shape: Frame) -> str | None:
    """Chroma subsampling in J:a:b notation; None for grey, and for unusual sampling."""
    if len(shape.components) not in (3, 4):
        return None
    first, second, third = shape.components[:3]
    if (second.across, second.down) != (third.across, third.down) or not second.across or not second.down:
        return None
    ratio = (first.across / second.across, first.down / second.down)
    names: dict[tuple[float, float], str] = {
        (1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1", (4, 2): "4:1:0",
        (1, 4): "4:4:1",
    }  # fmt: skip
    return names.get(ratio)


def colour_mode_of(markers: Markers, shape: Frame) -> str:
    """Colour mode of the stored picture in the words of `Header`."""
    count = len(shape.components)
    if count == 4:
        return "ycck" if markers.adobe_transform == 2 else "cmyk"
    return {1: "grey", 3: "rgb"}.get(count, "other")


def _application_data(
    markers: Markers, data: Bytes
) -> tuple[ExifFacts, tuple[float, float] | None, str | None, str | None, str | None]:
    exif = ExifFacts()
    jfif: tuple[float, float] | None = None
    comment: str | None = None
    for segment in markers.segments:
        payload = data[segment.begin : segment.end]
        head = bytes(payload[:14])
        if segment.code == APP0 and head[:5] == b"JFIF\0" and len(head) >= 12:
            jfif = _jfif_dpi(head)
        elif segment.code == APP1 and head[:6] == b"Exif\0\0" and exif == ExifFacts():
            exif = read_exif(payload[6:])
        elif segment.code == COM and comment is None:
            comment = readable_text(bytes(payload[:1024]))
    profile = profile_of(markers, data)
    icc = profile_description(profile) if profile is not None else None
    dpi, source = (jfif, "jfif") if jfif else (exif.dpi, "exif" if exif.dpi else None)
    return exif, dpi, source, icc, comment


def profile_of(markers: Markers, data: Bytes) -> bytes | None:
    """The colour profile of a stream, whose pieces stand in numbered segments (ICC.1:2022, B.4)."""
    pieces: dict[int, Bytes] = {}
    for segment in markers.segments:
        payload = data[segment.begin : segment.end]
        if segment.code == APP2 and bytes(payload[:12]) == b"ICC_PROFILE\0" and len(payload) > 12:
            pieces[payload[12]] = payload[14:]
    return b"".join(bytes(pieces[number]) for number in sorted(pieces)) if pieces else None


def _jfif_dpi(head: bytes) -> tuple[float, float] | None:
    unit = head[7]
    across, down = int.from_bytes(head[8:10], "big"), int.from_bytes(head[10:12], "big")
    if unit not in (1, 2) or not across or not down:
        return None
    scale = _CENTIMETRES_AN_INCH if unit == 2 else 1.0
    return round(across * scale, 2), round(down * scale, 2)


def decode_stream(data: Bytes, limits: DecodeLimits, *, inverted_cmyk: bool | None = None) -> Decoded:
    """Pixels of a JPEG stream.

    Parameters
    ----------
    data
        From SOI on; bytes after EOI are tolerated and noted.
    limits
        Bounds on the size.
    inverted_cmyk
        Whether four-component data hold 255 for no ink; None: as Adobe's marker says.

    Raises
    ------
    ImageFault
        ``truncated``, ``unreadable``, ``too-large`` or ``unsupported``.
    """
    markers = read_markers(data)
    shape = frame_of(markers)
    check_size(shape.width_px, shape.height_px, limits)
    if shape.precision != 8 or shape.lossless:
        bits = shape.precision
        raise ImageFault("unsupported", f"JPEG of {bits} bits or lossless JPEG is not decoded.")
    pixels, warnings, verified = _tolerant_of_oddities(data, markers, shape)
    if pixels.shape[:2] != (shape.height_px, shape.width_px):
        raise ImageFault("unreadable", "The JPEG picture has another size than its header says.")
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        inverted = markers.adobe_transform is not None if inverted_cmyk is None else inverted_cmyk
        pixels = cmyk_to_rgb(pixels, inverted=inverted)
    return Decoded(pixels=pixels, warnings=tuple(warnings), verified=verified)


def _tolerant_of_oddities(data: Bytes, markers: Markers, shape: Frame) -> tuple[Pixels, list[str], bool]:
    """Decode strictly; where it objects to something harmless, mend a copy of the data and try again.

    The bool tells whether the strict decoder took the data.
    """
    warnings: list[str] = []
    trailing = _trailing_bytes(data)
    if trailing:
        warnings.append(trailing)
    try:
        return decode_strictly(data, shape), warnings, True
    except ValueError as error:
        first = error
    for mended, warning in _mended(data, markers, str(first)):
        try:
            return decode_strictly(mended, shape), [*warnings, warning], True
        except ValueError as error:
            first = error
    if "subsampling level" in str(first):
        if end_of_image(data, markers) is None:
            raise ImageFault("truncated", "The JPEG data have no end marker.")
        pixels = _by_pillow(data, shape)
        return pixels, [*warnings, "Unusual sampling: decoded without the strict decoder."], False
    raise fault_of(first) from None


def decode_strictly(data: Bytes, shape: Frame, buffer: Pixels | None = None) -> Pixels:
    """Decode and take any warning of the decoder as an error.

    Returns
    -------
    Pixels
        (H, W), (H, W, 3) RGB or (H, W, 4) as stored.

    Raises
    ------
    ValueError
        With the decoder's message.
    """
    count = len(shape.components)
    space = {1: "GRAY", 3: "RGB", 4: "CMYK"}.get(count)
    if space is None:
        raise ImageFault("unsupported", f"JPEG with {count} components is not decoded.")
    pixels: Pixels = simplejpeg.decode_jpeg(data, colorspace=space, strict=True, buffer=buffer)
    return pixels[..., 0] if space == "GRAY" else pixels


def _mended(data: Bytes, markers: Markers, message: str) -> Iterator[tuple[bytes, str]]:
    """Copies of the data without an oddity that does no harm, when the decoder complained of one.

    Some writers fill up with zero bytes before EOI or between segments, or write scan parameters, a JFIF
    revision or an Adobe transform code that the standard does not know.
    """
    extraneous = _EXTRANEOUS.search(message)
    if extraneous:
        count, end = int(extraneous[1]), end_of_image(data, markers)
        if end is not None and count <= end and not any(data[end - count : end]):
            yield b"".join((data[: end - count], data[end:])), "Filling bytes stand before the end marker."
        return
    header_oddity = ("extraneous bytes", "JFIF revision", "Adobe color transform", "SOS parameters")
    if any(words in message for words in header_oddity):
        yield _plain_header(data, markers), "The JPEG header does not follow the standard."


def _plain_header(data: Bytes, markers: Markers) -> bytes:
    parts: list[Bytes] = [b"\xff\xd8"]
    for segment in markers.segments:
        if segment.code == APP0 or segment.code in range(APP1, APP14):
            continue
        payload = bytes(data[segment.begin : segment.end])
        if segment.code == APP14 and payload[:5] == b"Adobe" and payload[11:12] not in (b"\0", b"\1", b"\2"):
            continue
        parts += [bytes((0xFF, segment.code)), (len(payload) + 2).to_bytes(2, "big"), payload]
    scan = bytearray(data[markers.scan_begin :])
    if markers.frame is not None and not markers.frame.progressive and len(scan) > 4:
        end = 2 + int.from_bytes(scan[2:4], "big")
        scan[end - 3 : end] = b"\0\x3f\0"
    return b"".join([*parts, scan])


def _by_pillow(data: Bytes, shape: Frame) -> Pixels:
    pixels = np.asarray(samples_by_pillow(data, "JPEG"), dtype=np.uint8)
    _refuse_missing_end(pixels, shape)
    return cmyk_to_rgb(pixels, inverted=False) if pixels.ndim == 3 and pixels.shape[2] == 4 else pixels


def _refuse_missing_end(pixels: Pixels, shape: Frame) -> None:
    """Coded data that end early leave coefficients of zero: the middle value in all four inks, to the end.

    Paper has no such corner. In three colours it would be plain grey, which a page may show.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 4:
        return
    across = 8 * max(component.across for component in shape.components)
    down = 8 * max(component.down for component in shape.components)
    corner = pixels[-max(1, shape.height_px % down or down) :, -max(1, shape.width_px % across or across) :]
    if int(corner.min()) >= _MIDDLE - 1 and int(corner.max()) <= _MIDDLE:
        raise ImageFault("truncated", "The JPEG data end before the last block of the picture.")


def _trailing_bytes(data: Bytes) -> str | None:
    tail = bytes(data[-64:]).rstrip(b"\0\xff\r\n ")
    ends_well = tail.endswith(b"\xff\xd9") or bytes(data[-2:]) == b"\xff\xd9"
    return None if ends_well else "Bytes follow the end marker."


def fault_of(error: Exception) -> ImageFault:
    """The fault behind a message of libjpeg."""
    message = str(error)
    kind: FaultKind = "unreadable"
    if "remature end" in message:
        kind = "truncated"
    words = (message.splitlines()[0] if message else type(error).__name__)[:120]
    return ImageFault(kind, f"The JPEG data are damaged ({words}).")
