"""PNG: every chunk is verified by its checksum, so that nearly all damage is found; pixels by libpng."""

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import png_chunks as p
from ybda_qc.imaging.formats.by_pillow import Samples, samples_by_pillow
from ybda_qc.imaging.formats.codecs import codecs
from ybda_qc.imaging.formats.exif import ExifFacts, read_exif
from ybda_qc.imaging.formats.icc import profile_description
from ybda_qc.imaging.formats.pixels import (
    check_size,
    composite_on_white,
    high_bytes,
    palette_is_bitonal,
    palette_is_grey,
)
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Decoded, DecodeLimits, Header, Pixels

_SAMPLES = {p.GREY: 1, p.RGB: 3, p.PALETTE: 1, p.GREY_ALPHA: 2, p.RGBA: 4}
_TEXTS = {
    "author": "artist",
    "comment": "comment",
    "copyright": "copyright",
    "creation time": "datetime",
    "description": "description",
    "software": "software",
    "source": "model",
    "title": "title",
}


def read_header(source: Source, frame: int, limits: DecodeLimits) -> Header:
    """Header of a PNG file; `frame` is always 1."""
    del frame
    chunks = p.read_chunks(source.data, limits, only_header=True)
    check_size(chunks.width_px, chunks.height_px, limits)
    exif = read_exif(chunks.exif) if chunks.exif is not None else ExifFacts()
    dpi, origin = (chunks.dpi, "phys") if chunks.dpi else (exif.dpi, "exif" if exif.dpi else None)
    texts = tuple((_TEXTS[name], text) for name, text in chunks.texts if name in _TEXTS)
    icc = None
    if chunks.icc is not None:
        icc = profile_description(chunks.icc) or "unnamed"
    return Header(
        format="PNG",
        frame_count=1,
        width_px=chunks.width_px,
        height_px=chunks.height_px,
        dpi_x=dpi[0] if dpi else None,
        dpi_y=dpi[1] if dpi else None,
        dpi_source=origin,
        colour_mode=_colour_mode(chunks),
        bits_per_sample=chunks.bits,
        samples_per_pixel=_SAMPLES[chunks.colour_type],
        compression="deflate",
        lossy=False,
        progressive=chunks.interlaced,
        exif_orientation=exif.orientation,
        icc_profile=icc,
        metadata=exif.metadata + texts,
    )


def _colour_mode(chunks: p.Chunks) -> str:
    if chunks.colour_type == p.PALETTE:
        assert chunks.palette is not None
        plain = chunks.bits == 1 and chunks.transparency is None
        return "bitonal" if plain and palette_is_bitonal(chunks.palette) else "palette"
    if chunks.colour_type == p.GREY:
        return "bitonal" if chunks.bits == 1 else "grey"
    return {p.RGB: "rgb", p.GREY_ALPHA: "grey-alpha", p.RGBA: "rgba"}[chunks.colour_type]


def decode(source: Source, header: Header, frame: int, limits: DecodeLimits) -> Decoded:
    """Pixels of a PNG file.

    Raises
    ------
    ImageFault
        Any chunk is changed or missing, or the image data do not give the whole picture.
    """
    del header, frame
    chunks = p.read_chunks(source.data, limits, only_header=False)
    check_size(chunks.width_px, chunks.height_px, limits)
    # The binding of libpng complains of interlaced files on the process's error output.
    samples = samples_by_pillow(source.data, "PNG") if chunks.interlaced else _samples(source)
    if samples.shape[:2] != (chunks.height_px, chunks.width_px):
        raise ImageFault("unreadable", "The PNG picture has another size than its header says.")
    eight = high_bytes(samples) if samples.dtype == np.uint16 else samples.astype(np.uint8, copy=False)
    return Decoded(pixels=_to_colour(eight, chunks), warnings=tuple(chunks.warnings))


def _samples(source: Source) -> Samples:
    try:
        samples: Samples = codecs.png_decode(source.data)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the file's fault, whatever the library calls it
        words = (str(error) or type(error).__name__).splitlines()[0][:100]
        raise ImageFault("unreadable", f"The PNG data are damaged ({words}).") from None
    return samples


def _to_colour(samples: Pixels, chunks: p.Chunks) -> Pixels:
    if samples.ndim == 3 and samples.shape[2] in (2, 4):
        colour = np.ascontiguousarray(samples[..., 0] if samples.shape[2] == 2 else samples[..., :3])
        samples = composite_on_white(colour, samples[..., -1])
    elif samples.ndim == 3 and samples.shape[2] == 1:
        samples = samples[..., 0]
    palette = chunks.palette if chunks.colour_type == p.PALETTE else None
    if samples.ndim == 3 and palette is not None and palette_is_grey(palette):
        return np.ascontiguousarray(samples[..., 0])
    return samples
