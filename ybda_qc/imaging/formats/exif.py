"""EXIF blocks: orientation, resolution and who made the picture."""

from dataclasses import dataclass, field

from ybda_qc.imaging.formats.ifd import Directory, DirectoryError, read_directory, read_order
from ybda_qc.imaging.values import Bytes

METADATA_TAGS = (
    (271, "make"),
    (272, "model"),
    (305, "software"),
    (306, "datetime"),
    (315, "artist"),
    (270, "description"),
    (269, "document-name"),
    (316, "host-computer"),
    (33432, "copyright"),
)
ORIENTATION = 274
X_RESOLUTION = 282
Y_RESOLUTION = 283
RESOLUTION_UNIT = 296
_EXIF_POINTER = 34665
_DATETIME_ORIGINAL = 36867
_CENTIMETRES_AN_INCH = 2.54


@dataclass(frozen=True, slots=True, kw_only=True)
class ExifFacts:
    """What is used of an EXIF block."""

    orientation: int | None = None
    dpi: tuple[float, float] | None = None
    metadata: tuple[tuple[str, str], ...] = field(default=())


def read_exif(block: Bytes) -> ExifFacts:
    """Read an EXIF block (from its byte order mark on); a damaged one gives no facts, no error."""
    try:
        order, offset = read_order(block)
        directory = read_directory(block, order, offset)
    except DirectoryError:
        return ExifFacts()
    metadata = list(metadata_of(directory))
    pointer = directory.integer(_EXIF_POINTER, 0)
    if pointer and not any(name == "datetime" for name, _ in metadata):
        try:
            taken = read_directory(block, order, pointer).text(_DATETIME_ORIGINAL)
        except DirectoryError:
            taken = None
        if taken:
            metadata.append(("datetime", taken))
    return ExifFacts(
        orientation=orientation_of(directory), dpi=resolution_of(directory), metadata=tuple(metadata)
    )


def metadata_of(directory: Directory) -> tuple[tuple[str, str], ...]:
    """Descriptive tags that are present, in a fixed order."""
    found = ((name, directory.text(tag)) for tag, name in METADATA_TAGS)
    return tuple((name, text) for name, text in found if text)


def orientation_of(directory: Directory) -> int | None:
    """Declared orientation 1..8; None if absent or not of that range."""
    value = directory.integer(ORIENTATION, 0)
    return value if 1 <= value <= 8 else None


def resolution_of(directory: Directory) -> tuple[float, float] | None:
    """Declared dots per inch (x, y); None if either is absent or not positive, or the unit is none.

    A missing unit means inches (TIFF 6.0, ResolutionUnit: default 2).
    """
    across, down = directory.number(X_RESOLUTION), directory.number(Y_RESOLUTION)
    unit = directory.integer(RESOLUTION_UNIT, 2)
    if across is None or down is None or across <= 0 or down <= 0 or unit not in (2, 3):
        return None
    scale = _CENTIMETRES_AN_INCH if unit == 3 else 1.0
    return round(across * scale, 2), round(down * scale, 2)
