"""What a file says of itself: format by content, and the header of one page without decoding pixels."""

from collections.abc import Callable
from dataclasses import replace
from math import isfinite

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.formats import bmp, jp2, jpeg, pdf, png, tiff
from ybda_qc.imaging.formats.sniffing import FORMATS, extensions_of, sniff
from ybda_qc.imaging.source import Source
from ybda_qc.imaging.values import DecodeLimits, Header

__all__ = ["FORMATS", "Header", "extensions_of", "read_header", "sniff"]

_READERS: dict[str, Callable[[Source, int, DecodeLimits], Header]] = {
    "BMP": bmp.read_header,
    "JPEG": jpeg.read_header,
    "JPEG2000": jp2.read_header,
    "PDF": pdf.read_header,
    "PNG": png.read_header,
    "TIFF": tiff.read_header,
}


def read_header(source: Source, frame: int = 1, *, limits: DecodeLimits) -> Header:
    """Read the header of one page.

    Parameters
    ----------
    source
        An open file.
    frame
        Page number from 1.
    limits
        Bounds that hold before anything is allocated.

    Raises
    ------
    ImageFault
        The file is damaged, too large, encrypted, of no known format, or has no such page.
    """
    name = sniff(source.data)
    if name is None:
        raise ImageFault("unreadable", "The content is of no known image format.")
    try:
        header = _READERS[name](source, frame, limits)
    except (ImageFault, MemoryError):
        raise
    except Exception as error:
        # A hostile header may lead anywhere; whatever a parser stumbles over is the file's fault.
        words = type(error).__name__
        raise ImageFault("unreadable", f"The header is damaged ({words}).") from error
    if not 1 <= frame <= header.frame_count:
        count = header.frame_count
        raise ImageFault("unreadable", f"The file has {count} pages; page {frame} does not exist.")
    return _without_empty_resolution(header)


def _without_empty_resolution(header: Header) -> Header:
    """The header, declaring no resolution where the one declared rounds to nothing or is no number."""
    dpi = header.dpi_x, header.dpi_y
    if all(axis is not None and axis > 0 and isfinite(axis) for axis in dpi):
        return header
    return replace(header, dpi_x=None, dpi_y=None, dpi_source=None)
