"""The picture of a page as a PDF file can hold it: the coded data of the file as they are where it can.

PDF knows the codings of JPEG, JPEG 2000, PNG and fax G4 (ISO 32000-1, 7.4). PDF/A forbids LZW, and a picture
in strips would be many pictures there: such pages are coded anew without loss, black and white in G4, all
others as PNG does.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
from PIL import Image

from ybda_qc.imaging.formats import png_chunks
from ybda_qc.imaging.formats import tiff_layout as t
from ybda_qc.imaging.formats.jpeg import frame_of, profile_of
from ybda_qc.imaging.formats.jpeg_markers import Markers, read_markers
from ybda_qc.imaging.formats.tiff_coded import whole_jpeg
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Bytes, DecodeLimits, Pixels
from ybda_qc.imaging.view import PageView

_COLOURS = {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}
_HUFFMAN_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended sequential, progressive
_RGB_BY_NAME = tuple(b"RGB")
_PNG_SAMPLES = {png_chunks.GREY: 1, png_chunks.RGB: 3, png_chunks.PALETTE: 1}
_JP2_SIGNATURE = b"jP  "
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_PROFILE_COLOURS = {b"GRAY": "DeviceGray", b"RGB ": "DeviceRGB", b"CMYK": "DeviceCMYK"}
_PROFILE_VERSION_MOST = 4  # PDF/A-2 takes no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A picture in the terms of PDF.

    Parameters
    ----------
    width_px, height_px
        Of the picture.
    filter
        ``DCTDecode`` (JPEG), ``JPXDecode`` (JPEG 2000), ``CCITTFaxDecode`` (G4) or ``FlateDecode`` (PNG).
    parameters
        Of the filter.
    colours
        ``DeviceGray``, ``DeviceRGB`` or ``DeviceCMYK``; with a palette, the colours of its entries. Empty
        where the data themselves tell (JPEG 2000).
    bits
        Of a sample.
    data
        The coded data.
    palette
        Entries of three bytes, empty for none.
    is_inverted
        Whether the highest sample is black, or full ink is 0.
    profile
        ICC profile of the colours, empty for none.
    is_original
        Whether the data are those of the file, not coded anew.
    """

    width_px: int
    height_px: int
    filter: str
    parameters: Mapping[str, int | bool] = field(default_factory=dict)
    colours: str
    bits: int
    data: Bytes
    palette: bytes = b""
    is_inverted: bool = False
    profile: bytes = b""
    is_original: bool = True


def embed(view: PageView) -> Embedded:
    """The picture of a page of an image file (not of a PDF), undecoded if possible.

    Raises
    ------
    ImageFault
        The file is damaged, so that it cannot be coded anew.
    """
    as_stored = _AS_STORED.get(view.header.format)
    picture = (as_stored(view) if as_stored else None) or _coded_anew(view)
    return replace(picture, profile=_profile(view, picture))


def _profile(view: PageView, picture: Embedded) -> bytes:
    """The colour profile of the file, if it is one for the colours of the picture and of a kind for PDF/A."""
    profile = bytes(_PROFILES.get(view.header.format, _no_profile)(view) or b"")
    is_sound = len(profile) >= 128 and profile[36:40] == b"acsp" and profile[8] <= _PROFILE_VERSION_MOST
    return profile if is_sound and _PROFILE_COLOURS.get(profile[16:20]) == picture.colours else b""


def _no_profile(view: PageView) -> None:
    del view


def _profile_of_jpeg(view: PageView) -> bytes | None:
    return profile_of(read_markers(view.source.data), view.source.data)


def _profile_of_png(view: PageView) -> bytes | None:
    return png_chunks.read_chunks(view.source.data, view.limits, only_header=True).icc


def _profile_of_tiff(view: PageView) -> Bytes | None:
    return t.directory_of(view.source, view.frame, view.limits)[0].raw(t.ICC_PROFILE)


def _jpeg(view: PageView) -> Embedded | None:
    return _jpeg_stream(view.source.data)


def _jpeg_stream(data: Bytes, *, is_inverted: bool | None = None) -> Embedded | None:
    """A JPEG stream of a kind that PDF knows; ink is inverted where Adobe's marker stands, unless told."""
    markers = read_markers(data)
    shape = frame_of(markers)
    colours = _COLOURS.get(len(shape.components))
    if colours is None or shape.code not in _HUFFMAN_FRAMES or shape.precision != 8:
        return None
    if is_inverted is None:
        is_inverted = colours == "DeviceCMYK" and markers.adobe_transform is not None
    return Embedded(
        width_px=shape.width_px,
        height_px=shape.height_px,
        filter="DCTDecode",
        parameters={"ColorTransform": 0} if _is_plain_rgb(markers) else {},
        colours=colours,
        bits=8,
        data=data,
        is_inverted=is_inverted,
    )


def _is_plain_rgb(markers: Markers) -> bool:
    """Whether the components are named R, G and B and no marker says more: PDF would take them for YCbCr."""
    assert markers.frame is not None
    names = tuple(component.ident for component in markers.frame.components)
    return names == _RGB_BY_NAME and markers.adobe_transform is None


def _jpeg2000(view: PageView) -> Embedded | None:
    """A JP2 file in grey or colour; PDF takes no bare codestream."""
    header, data = view.header, view.source.data
    is_plain = header.colour_mode in ("grey", "rgb") and header.samples_per_pixel in (1, 3)
    if not is_plain or bytes(data[4:8]) != _JP2_SIGNATURE:
        return None
    return Embedded(
        width_px=header.width_px,
        height_px=header.height_px,
        filter="JPXDecode",
        colours="",
        bits=header.bits_per_sample,
        data=data,
    )


def _png(view: PageView) -> Embedded | None:
    return _png_stream(view.source.data, view.limits)


def _png_stream(data: Bytes, limits: DecodeLimits, *, is_original: bool = True) -> Embedded | None:
    """The rows of a PNG file as they are coded; None where it has transparency or is interlaced."""
    chunks = png_chunks.read_chunks(data, limits, only_header=True)
    samples = _PNG_SAMPLES.get(chunks.colour_type)
    if samples is None or chunks.interlaced or chunks.transparency is not None:
        return None
    palette = chunks.palette if chunks.colour_type == png_chunks.PALETTE else None
    return Embedded(
        width_px=chunks.width_px,
        height_px=chunks.height_px,
        filter="FlateDecode",
        parameters={
            "Predictor": 15,
            "Colors": samples,
            "BitsPerComponent": chunks.bits,
            "Columns": chunks.width_px,
        },
        colours=_COLOURS[samples if palette is None else 3],
        bits=chunks.bits,
        data=b"".join(chunks.data),
        palette=b"" if palette is None else palette.tobytes(),
        is_original=is_original,
    )


def _tiff(view: PageView) -> Embedded | None:
    """A page whose data are one strip of fax G4 or one JPEG stream."""
    directory, _ = t.directory_of(view.source, view.frame, view.limits)
    layout = t.layout_of(directory, view.limits)
    stream = whole_jpeg(directory, layout)
    if stream is not None:
        picture = _jpeg_stream(stream, is_inverted=layout.photometric == t.MIN_IS_WHITE)
        size = (layout.width_px, layout.height_px)
        return picture if picture and (picture.width_px, picture.height_px) == size else None
    if layout.compression != t.CCITT_G4 or len(layout.offsets) != 1 or layout.tiled:
        return None
    if view.header.colour_mode != "bitonal" or layout.photometric not in (t.MIN_IS_WHITE, t.MIN_IS_BLACK):
        return None
    strip = _only_strip(view.source, layout)
    return _fax(
        strip.translate(_REVERSED) if layout.fill_order == 2 else strip,
        layout.width_px,
        layout.height_px,
        black_is_1=layout.photometric == t.MIN_IS_BLACK,
    )


def _only_strip(source: Source, layout: t.Layout) -> bytes:
    begin = int(layout.offsets[0])
    return bytes(source.data[begin : begin + int(layout.counts[0])])


def _fax(
    strip: bytes, width_px: int, height_px: int, *, black_is_1: bool = False, is_original: bool = True
) -> Embedded:
    return Embedded(
        width_px=width_px,
        height_px=height_px,
        filter="CCITTFaxDecode",
        parameters={"K": -1, "Columns": width_px, "Rows": height_px, "BlackIs1": black_is_1},
        colours="DeviceGray",
        bits=1,
        data=strip,
        is_original=is_original,
    )


def _coded_anew(view: PageView) -> Embedded:
    """The decoded pixels, coded without loss."""
    pixels = view.pixels
    if view.header.colour_mode == "bitonal" and pixels.ndim == 2:
        height, width = pixels.shape
        return _fax(_code_fax(pixels), width, height, is_original=False)
    ordered = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    coded = cv2.imencode(".png", ordered)[1]
    del ordered  # of a large drawing nearly a gigabyte
    picture = _png_stream(coded.data, view.limits, is_original=False)
    assert picture is not None, "plain pixels give a plain PNG"
    return picture


def _code_fax(pixels: Pixels) -> bytes:
    """Code black and white pixels in one strip of G4, black as runs of ink."""
    bits = Image.fromarray(pixels).convert("1", dither=Image.Dither.NONE)
    tags = {t.PHOTOMETRIC: t.MIN_IS_WHITE, t.ROWS_PER_STRIP: pixels.shape[0]}
    file = io.BytesIO()
    bits.save(file, "TIFF", compression="group4", tiffinfo=tags)
    with Source(Path(), memoryview(file.getvalue())) as source:
        directory, _ = t.directory_of(source, 1, DecodeLimits())
        return _only_strip(source, t.layout_of(directory, DecodeLimits()))


_AS_STORED: Mapping[str, Callable[[PageView], Embedded | None]] = {
    "JPEG": _jpeg,
    "JPEG2000": _jpeg2000,
    "PNG": _png,
    "TIFF": _tiff,
}
_PROFILES: Mapping[str, Callable[[PageView], Bytes | None]] = {
    "JPEG": _profile_of_jpeg,
    "PNG": _profile_of_png,
    "TIFF": _profile_of_tiff,
}
