"""Values of the imaging package: limits, the header of a page, decoded pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Bytes = bytes | memoryview


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeLimits:
    """Bounds that hold before anything is allocated.

    Parameters
    ----------
    max_pixels
        Width times height of one page.
    max_frames
        Pages of one file.
    max_metadata_bytes
        Texts and profiles of one file that unpack to more than this in all are refused.
    """

    max_pixels: int = 400_000_000
    max_frames: int = 100_000
    max_metadata_bytes: int = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file says of one frame; no pixel is decoded to know it.

    Parameters
    ----------
    format
        ``JPEG``, ``TIFF``, ``JPEG2000``, ``PNG``, ``BMP`` or ``PDF``.
    frame_count
        Pages in the file.
    width_px, height_px
        Of the stored pixels, before any EXIF turn; of a PDF page as displayed, at the resolution it is
        decoded at.
    dpi_x, dpi_y
        Dots per inch along the stored width and height; None where the file declares none, never a guess.
    dpi_source
        ``jfif``, ``exif``, ``tiff``, ``phys``, ``jp2-res``, ``bmp``, ``pdf-placed``.
    colour_mode
        ``bitonal``, ``grey``, ``palette``, ``rgb``, ``rgba``, ``grey-alpha``, ``cmyk``, ``ycck``, ``lab``,
        ``other``.
    compression
        ``none``, ``lzw``, ``deflate``, ``packbits``, ``g3``, ``g4``, ``rle``, ``jpeg``, ``jpeg2000``,
        ``jbig2``, ``mixed``, ``vector`` (a PDF page that is not one image) or the name of a rarer codec.
    lossy
        None where the header cannot tell.
    jpeg_quality
        Estimated on the IJG scale 1..100 from the quantisation tables.
    luma_table
        Quantisation table of luma 亮度 in zigzag order, where the blocks of a JPEG begin at the corner of the
        stored pixels; None otherwise, and for JPEG without luma (RGB, CMYK).
    chroma_subsampling
        ``4:4:4``, ``4:2:2``, ``4:2:0`` and so on.
    exif_orientation
        1..8 as declared (EXIF or TIFF tag 274); never applied to the pixels.
    icc_profile
        Description of the embedded colour profile.
    has_text_layer
        PDF only; None otherwise.
    is_single_image
        True for raster formats; of a PDF page, whether one image covers it.
    active_content
        PDF: ``javascript``, ``launch``, ``embedded-file``, ``open-action``, ``rich-media``, ``uri``, ...
    metadata
        Name and text pairs, bounded in number and length.
    """

    format: str
    frame_count: int
    width_px: int
    height_px: int
    dpi_x: float | None = None
    dpi_y: float | None = None
    dpi_source: str | None = None
    colour_mode: str
    bits_per_sample: int
    samples_per_pixel: int
    compression: str
    lossy: bool | None
    progressive: bool = False
    jpeg_quality: int | None = None
    luma_table: tuple[int, ...] | None = None
    chroma_subsampling: str | None = None
    exif_orientation: int | None = None
    icc_profile: str | None = None
    encrypted: bool = False
    has_text_layer: bool | None = None
    is_single_image: bool = True
    active_content: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Pixels of one frame.

    Parameters
    ----------
    pixels
        uint8, read-only; (H, W) for bitonal (0 black, 255 white) and grey, (H, W, 3) RGB otherwise.
    warnings
        Oddities that were tolerated, as English sentences.
    verified
        Whether the decoder tells damage; False where only a tolerant decoder takes this kind of file, so that
        damage may have passed.
    """

    pixels: Pixels
    warnings: tuple[str, ...] = ()
    verified: bool = True
