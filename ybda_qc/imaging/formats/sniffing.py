"""Which format a file is, by its content; the extension proves nothing."""

from ybda_qc.imaging.values import Bytes

_EXTENSIONS = {
    "JPEG": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "TIFF": frozenset({".tif", ".tiff"}),
    "JPEG2000": frozenset({".jp2", ".j2k", ".jpf", ".jpx", ".jpm", ".j2c", ".jpc"}),
    "PNG": frozenset({".png"}),
    "BMP": frozenset({".bmp", ".dib"}),
    "PDF": frozenset({".pdf"}),
}
FORMATS = tuple(_EXTENSIONS)

PDF_HEADER_WITHIN_BYTES = 1024
"""Readers accept some bytes of rubbish before the PDF header."""
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def extensions_of(format_name: str) -> frozenset[str]:
    """Usual file extensions of a format, in lower case with the dot; empty for an unknown name."""
    return _EXTENSIONS.get(format_name, frozenset())


def sniff(data: Bytes) -> str | None:  # noqa: PLR0911 - a table of signatures
    """Format by content: ``JPEG``, ``TIFF``, ``JPEG2000``, ``PNG``, ``BMP``, ``PDF``, or None."""
    head = bytes(data[:PDF_HEADER_WITHIN_BYTES])
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return "TIFF"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if b"%PDF-" in head:
        return "PDF"
    return None
