"""TIFF: header of a page from its directory."""

from dataclasses import replace

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import tiff_layout as t
from ybda_qc.imaging.formats.exif import metadata_of, orientation_of, resolution_of
from ybda_qc.imaging.formats.icc import profile_description
from ybda_qc.imaging.formats.ifd import Directory
from ybda_qc.imaging.formats.jpeg import luma_table_of, quality_of, subsampling_of
from ybda_qc.imaging.formats.jpeg_markers import Markers, read_markers
from ybda_qc.imaging.formats.pixels import palette_is_bitonal
from ybda_qc.imaging.formats.tiff_pixels import decode_page, palette_of
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Decoded, DecodeLimits, Header

_COMPRESSIONS = {
    t.NONE: "none",
    t.CCITT_RLE: "ccitt-rle",
    t.CCITT_RLE_WORD: "ccitt-rle",
    t.CCITT_G3: "g3",
    t.CCITT_G4: "g4",
    t.LZW: "lzw",
    t.OLD_JPEG: "jpeg",
    t.JPEG: "jpeg",
    t.DEFLATE: "deflate",
    t.DEFLATE_OLD: "deflate",
    t.PACKBITS: "packbits",
    34661: "jbig",
    34925: "lzma",
    50000: "zstd",
    50001: "webp",
    50002: "jpeg-xl",
    52546: "jpeg-xl",
} | dict.fromkeys(t.JPEG2000, "jpeg2000")
_LOSSLESS = frozenset({"none", "ccitt-rle", "g3", "g4", "lzw", "deflate", "packbits", "jbig", "lzma", "zstd"})


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of page `frame` of a TIFF file.

    Raises
    ------
    ImageFault
        The structure is broken, or the data of this page are not all there.
    """
    directory, count = t.directory_of(source, frame, limits)
    layout = t.layout_of(directory, limits)
    dpi = resolution_of(directory)
    compression = _COMPRESSIONS.get(layout.compression, f"tiff-{layout.compression}")
    markers = _jpeg_markers(directory, layout) if compression == "jpeg" else Markers()
    profile = directory.raw(t.ICC_PROFILE)
    shape = markers.frame
    return Header(
        format="TIFF",
        frame_count=count,
        width_px=layout.width_px,
        height_px=layout.height_px,
        dpi_x=dpi[0] if dpi else None,
        dpi_y=dpi[1] if dpi else None,
        dpi_source="tiff" if dpi else None,
        colour_mode=_colour_mode(directory, layout),
        bits_per_sample=layout.bits,
        samples_per_pixel=layout.samples,
        compression=compression,
        lossy=_lossy(compression),
        progressive=shape.progressive if shape else False,
        jpeg_quality=quality_of(markers, shape) if shape else None,
        luma_table=_luma_table(markers, layout),
        chroma_subsampling=subsampling_of(shape) if shape else None,
        exif_orientation=orientation_of(directory),
        icc_profile=profile_description(profile) if profile is not None else None,
        metadata=metadata_of(directory),
    )


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of page `frame` of a TIFF file."""
    del header
    directory, _ = t.directory_of(source, frame, limits)
    decoded = decode_page(directory, t.layout_of(directory, limits), limits)
    left_out = t.pages_of(source, limits).left_out
    if frame > 1 or not left_out:
        return decoded
    remark = f"The file also holds small copies or masks of its pages ({left_out}), which are not examined."
    return replace(decoded, warnings=(*decoded.warnings, remark))


def _luma_table(markers: Markers, layout: t.Layout) -> tuple[int, ...] | None:
    shape = markers.frame
    if shape is None or layout.photometric not in (t.YCBCR, t.MIN_IS_BLACK, t.MIN_IS_WHITE):
        return None
    return luma_table_of(markers, shape) if len(shape.components) == layout.samples else None


def _lossy(compression: str) -> bool | None:
    if compression in _LOSSLESS:
        return False
    return True if compression == "jpeg" else None


def _colour_mode(directory: Directory, layout: t.Layout) -> str:
    extra = len(layout.extra_samples)
    if layout.photometric in (t.MIN_IS_WHITE, t.MIN_IS_BLACK, t.MASK):
        if layout.samples == 1:
            return "bitonal" if layout.bits == 1 else "grey"
        return "grey-alpha" if layout.samples == 2 else "other"
    if layout.photometric == t.PALETTE:
        palette = palette_of(directory, layout)
        return "bitonal" if layout.bits == 1 and palette_is_bitonal(palette) else "palette"
    if layout.photometric in (t.RGB, t.YCBCR):
        return "rgba" if layout.samples - extra == 3 and any(layout.extra_samples) else "rgb"
    named = {t.SEPARATED: "cmyk", t.CIELAB: "lab", t.ICCLAB: "lab"}
    return named.get(layout.photometric, "other")


def _jpeg_markers(directory: Directory, layout: t.Layout) -> Markers:
    """Markers of the first strip or tile, with the tables that all share."""
    shared = directory.raw(t.JPEG_TABLES)
    start = int(layout.offsets[0]) if len(layout.offsets) else 0
    if layout.compression == t.OLD_JPEG:
        start = directory.integer(t.JPEG_INTERCHANGE, start)
    try:
        tables = read_markers(shared).tables if shared is not None else {}
        markers = read_markers(directory.data[start:])
    except ImageFault:
        return Markers()  # decoding says what is wrong
    markers.tables = {**tables, **markers.tables}
    return markers
