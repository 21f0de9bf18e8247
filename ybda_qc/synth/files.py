"""Writes generated pixels as the image files of a delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ybda_qc.synth.spec import Pixels

_TIFF_COMPRESSION = {
    "none": None,
    "lzw": "tiff_lzw",
    "deflate": "tiff_adobe_deflate",
    "packbits": "packbits",
    "g3": "group3",
    "g4": "group4",
    "jpeg": "jpeg",
}
_FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".png": "PNG",
    ".bmp": "BMP",
    ".jp2": "JPEG2000",
    ".pdf": "PDF",
}


def write_page(
    path: Path,
    *pages: Pixels,
    dpi: float | tuple[float, float] | None,
    compression: str = "lzw",
    quality: int = 85,
    bitonal: bool = False,
    effort: int = 6,
) -> Path:
    """Write one page, or for TIFF and PDF several, in the format that the suffix names.

    Parameters
    ----------
    path : Path
        Suffix .jpg, .tif, .png, .bmp, .jp2 or .pdf, in any case.
    *pages : uint8, (H, W) or RGB (H, W, 3)
    dpi : float, pair of float, or None
        Resolution to declare, x and y if a pair; None declares none (PDF then falls back on 72,
        and JPEG 2000 never carries one).
    compression : str
        Of TIFF: none, lzw, deflate, packbits, g3, g4, jpeg.
    quality : int
        Of JPEG, and of pictures in PDF.
    bitonal : bool
        Store one bit a pixel; levels from 128 are white. Implied by g3 and g4.
    effort : int
        Of PNG: from 0, quick and large, to 9, slow and small.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    ValueError
        Unknown suffix or compression, or no page.
    OSError
        The file cannot be written.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None or not pages or compression not in _TIFF_COMPRESSION:
        raise ValueError(f"cannot write {len(pages)} pages as {path.name} with {compression!r}")
    one_bit = bitonal or (kind == "TIFF" and compression in ("g3", "g4"))
    first, *others = [_image(page, one_bit=one_bit) for page in pages]
    options: dict[str, Any] = {}
    if dpi is not None:
        options["dpi"] = dpi if isinstance(dpi, tuple) else (dpi, dpi)
    if kind in ("TIFF", "PDF") and others:
        options |= {"save_all": True, "append_images": others}
    if kind == "TIFF":
        options["compression"] = _TIFF_COMPRESSION[compression]
    if kind == "PNG":
        options["compress_level"] = effort
    if kind == "JPEG" or (kind == "PDF" and not one_bit) or (kind == "TIFF" and compression == "jpeg"):
        options["quality"] = quality
    first.save(path, kind, **options)
    return path


def _image(pixels: Pixels, *, one_bit: bool) -> Image.Image:
    """Pixels as a Pillow picture."""
    if not one_bit:
        return Image.fromarray(pixels)
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    return Image.fromarray((grey >= 128).astype(np.uint8) * 255).convert("1", dither=Image.Dither.NONE)
