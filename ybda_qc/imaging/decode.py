"""The only place where pixels are made from files: once a page, bounded, and with damage reported."""

from collections.abc import Callable
from importlib.metadata import version

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import bmp, jp2, jpeg, pdf, png, tiff
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import Decoded, DecodeLimits, Header

__all__ = ["IMAGING_DIGEST", "DecodeLimits", "Decoded", "decode"]

_DECODERS: dict[str, Callable[[Source, Header, int, DecodeLimits], Decoded]] = {
    "BMP": bmp.decode,
    "JPEG": jpeg.decode,
    "JPEG2000": jp2.decode,
    "PDF": pdf.decode,
    "PNG": png.decode,
    "TIFF": tiff.decode,
}

_DECODING_VERSION = 2
"""Raised whenever the same file may give other pixels."""
_CODECS = ("imagecodecs", "pypdfium2", "simplejpeg", "opencv-python-headless", "Pillow")
IMAGING_DIGEST = ";".join([f"decoding={_DECODING_VERSION}", *(f"{name}={version(name)}" for name in _CODECS)])
"""Changes when decoding may give other numbers: part of the key of stored measurements."""


def decode(source: Source, header: Header, frame: int = 1, *, limits: DecodeLimits) -> Decoded:
    """Decode one page.

    Parameters
    ----------
    source
        An open file.
    header
        What `read_header` returned for this page.
    frame
        Page number from 1.
    limits
        Bounds that hold before anything is allocated.

    Returns
    -------
    Decoded
        Read-only pixels and tolerated oddities.

    Raises
    ------
    ImageFault
        Damaged, too large or not supported; the exceptions of codecs never come through, except
        ``MemoryError``.
    """
    try:
        decoded = _DECODERS[header.format](source, header, frame, limits)
    except (ImageFault, MemoryError):
        raise
    except Exception as error:
        words = type(error).__name__
        raise ImageFault("unreadable", f"The pixel data are damaged ({words}).") from error
    decoded.pixels.flags.writeable = False
    return decoded
