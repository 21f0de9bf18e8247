"""JPEG 2000 files: boxes of JP2 (ITU-T T.800 annex I) around a codestream, or the bare codestream."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats.icc import profile_description
from ybda_qc.imaging.formats.jp2_codestream import Stream, check_tiles, decode_codestream, read_stream
from ybda_qc.imaging.formats.pixels import check_size, cmyk_to_rgb, composite_on_white, ycc_to_rgb
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Bytes, Decoded, DecodeLimits, Header, Pixels

_CMYK, _GREY, _SRGB, _SYCC = 12, 17, 16, 18
_BOXES_MOST = 10_000
_METRES_AN_INCH = 0.0254


@dataclass(slots=True)
class Boxes:
    """What the boxes say."""

    codestream: Bytes | None = None
    dpi: tuple[float, float] | None = None
    colour_space: int | None = None
    icc: str | None = None
    palette: bool = False
    alpha_channel: int | None = None
    premultiplied: bool = False
    warnings: list[str] = field(default_factory=list)


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of a JPEG 2000 file; `frame` is always 1."""
    del frame
    boxes = _boxes_of(source)
    assert boxes.codestream is not None
    stream = read_stream(boxes.codestream)
    check_size(stream.width_px, stream.height_px, limits)
    check_tiles(boxes.codestream, stream)
    return Header(
        format="JPEG2000",
        frame_count=1,
        width_px=stream.width_px,
        height_px=stream.height_px,
        dpi_x=boxes.dpi[0] if boxes.dpi else None,
        dpi_y=boxes.dpi[1] if boxes.dpi else None,
        dpi_source="jp2-res" if boxes.dpi else None,
        colour_mode=colour_mode_of(boxes, stream),
        bits_per_sample=max(stream.bits),
        samples_per_pixel=len(stream.bits),
        compression="jpeg2000",
        lossy=None if stream.reversible is None else not stream.reversible,
        chroma_subsampling=_subsampling(stream),
        icc_profile=boxes.icc,
    )


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of a JPEG 2000 file."""
    del header, frame
    boxes = _boxes_of(source)
    assert boxes.codestream is not None
    pixels = decode_codestream(boxes.codestream, limits, whole=source.data)
    return Decoded(pixels=_to_colour(pixels, boxes), warnings=tuple(boxes.warnings))


def decode_embedded(data: Bytes, limits: DecodeLimits) -> Decoded:
    """Pixels of JPEG 2000 data inside another file."""
    boxes = read_boxes(data)
    assert boxes.codestream is not None
    return Decoded(pixels=_to_colour(decode_codestream(boxes.codestream, limits, whole=data), boxes))


def _boxes_of(source: Source) -> Boxes:
    known = source.parsed.get("JPEG2000")
    if isinstance(known, Boxes):
        return known
    boxes = read_boxes(source.data)
    source.parsed["JPEG2000"] = boxes
    return boxes


def read_boxes(data: Bytes) -> Boxes:
    """Read the boxes of a JP2 file, or take the data as a bare codestream; `codestream` is never None.

    Raises
    ------
    ImageFault
        ``truncated``: a box ends beyond the data; ``unreadable``: there is no codestream.
    """
    boxes = Boxes()
    if bytes(data[:4]) == b"\xff\x4f\xff\x51":
        boxes.codestream = data
        return boxes
    for kind, payload in _walk(data, boxes.warnings):
        if kind == b"jp2h":
            for inner, content in _walk(payload, boxes.warnings):
                _note(boxes, inner, content)
        elif kind == b"jp2c" and boxes.codestream is None:
            boxes.codestream = payload
    if boxes.codestream is None:
        raise ImageFault("unreadable", "The JPEG 2000 file holds no picture.")
    return boxes


def _walk(data: Bytes, warnings: list[str]) -> Iterator[tuple[bytes, Bytes]]:
    place = 0
    for _ in range(_BOXES_MOST):
        if place == len(data):
            return
        head = bytes(data[place : place + 16])
        if len(head) < 8:
            if any(head):
                raise ImageFault("truncated", "The JPEG 2000 file ends within the head of a box.")
            warnings.append("Filling bytes follow the last box.")
            return
        length, kind, begin = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 0:
            length = len(data) - place
        elif length == 1:
            length, begin = int.from_bytes(head[8:16], "big"), 16
        if length < begin:
            raise ImageFault("unreadable", "A JPEG 2000 box has no valid length.")
        if place + length > len(data):
            raise ImageFault("truncated", "A JPEG 2000 box continues beyond the end of the data.")
        yield kind, data[place + begin : place + length]
        place += length
    raise ImageFault("unreadable", "The JPEG 2000 file has no end of boxes.")


def _note(boxes: Boxes, kind: bytes, payload: Bytes) -> None:
    if kind == b"colr" and boxes.colour_space is None and boxes.icc is None and len(payload) > 3:
        if payload[0] == 1:
            boxes.colour_space = int.from_bytes(payload[3:7], "big")
        elif payload[0] in (2, 3):
            boxes.icc = profile_description(payload[3:])
    elif kind == b"pclr":
        boxes.palette = True
    elif kind == b"cdef":
        raw = bytes(payload)
        for at in range(2, len(raw) - 5, 6):
            number, meaning = struct.unpack(">HH", raw[at : at + 4])
            if meaning in (1, 2):
                boxes.alpha_channel, boxes.premultiplied = number, meaning == 2
    elif kind == b"res ":
        found = {inner: _resolution(bytes(content)) for inner, content in _walk(payload, boxes.warnings)}
        boxes.dpi = found.get(b"resc") or found.get(b"resd")


def _resolution(raw: bytes) -> tuple[float, float] | None:
    """Dots per inch (x, y) from pixels per metre, stored as fractions with a power of ten, vertical first."""
    if len(raw) < 10:
        return None
    number = [int.from_bytes(raw[at : at + 2], "big") for at in (0, 2, 4, 6)]
    power = [int.from_bytes(raw[at : at + 1], "big", signed=True) for at in (8, 9)]
    if not all(number) or max(power, key=abs) not in range(-12, 13):
        return None
    down = number[0] / number[1] * 10.0 ** power[0] * _METRES_AN_INCH
    across = number[2] / number[3] * 10.0 ** power[1] * _METRES_AN_INCH
    return round(across, 2), round(down, 2)


def colour_mode_of(boxes: Boxes, stream: Stream) -> str:
    """Colour mode of the stored picture in the words of `Header`."""
    if boxes.palette:
        return "palette"
    count = len(stream.bits)
    if boxes.alpha_channel is not None and count in (2, 4):
        return "grey-alpha" if count == 2 else "rgba"
    if count == 1:
        return "bitonal" if stream.bits[0] == 1 else "grey"
    if boxes.colour_space == _CMYK and count == 4:
        return "cmyk"
    return "rgb" if count in (3, 4) else "other"


def _subsampling(stream: Stream) -> str | None:
    if len(stream.steps) != 3:
        return None
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0"}
    return names.get(stream.steps[1]) if stream.steps[0] == (1, 1) else None


def _to_colour(samples: Pixels, boxes: Boxes) -> Pixels:
    if samples.ndim == 2:
        return samples
    count = samples.shape[2]
    if boxes.colour_space == _CMYK and count >= 4:
        return cmyk_to_rgb(np.ascontiguousarray(samples[..., :4]), inverted=False)
    if count in (1, 2):
        colour = np.ascontiguousarray(samples[..., 0])
    elif boxes.colour_space == _SYCC:
        colour = ycc_to_rgb(np.ascontiguousarray(samples[..., :3]))
    else:
        colour = samples if count == 3 else np.ascontiguousarray(samples[..., :3])
    alpha = boxes.alpha_channel
    if alpha is not None and alpha == count - 1 and count in (2, 4):
        return composite_on_white(colour, samples[..., alpha], premultiplied=boxes.premultiplied)
    return colour
