"""The quality at which a JPEG was written, estimated from its quantisation tables.

The Independent JPEG Group scales the example tables of ITU-T T.81 annex K (tables K.1, K.2) by a factor S
in percent: S = 5000 / Q for Q < 50, else 200 - 2 Q; each entry is clamped to 1..255. The factor is fitted
here by least squares
over both tables; for writers with other tables it is the nearest quality on that scale.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103,
    121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMINANCE = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
)  # fmt: skip


def _zigzag() -> NDArray[np.intp]:
    cells = [(row, column) for row in range(8) for column in range(8)]
    cells.sort(key=lambda cell: (sum(cell), cell[1] if sum(cell) % 2 == 0 else cell[0]))
    return np.array([row * 8 + column for row, column in cells])


@cache
def _tables_by_quality() -> NDArray[np.float64]:
    """Both tables in zigzag order at every quality, float, (100, 2, 64)."""
    base = np.array([_LUMINANCE, _CHROMINANCE])[:, _zigzag()]
    quality = np.arange(1, 101)
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    scaled = (base[None] * scale[:, None, None] + 50) // 100
    return np.asarray(np.clip(scaled, 1, 255), dtype=np.float64)


def luminance_tables() -> NDArray[np.float64]:
    """The usual luminance table in zigzag order at the qualities 1 to 100, float, (100, 64)."""
    return _tables_by_quality()[:, 0]


def estimate_quality(
    tables: dict[int, tuple[int, ...]], luminance: int = 0, chrominance: int | None = 1
) -> int | None:
    """Quality 1..100 on the IJG scale whose tables lie nearest in the least-squares sense.

    Parameters
    ----------
    tables
        Quantisation tables in zigzag order, by number.
    luminance, chrominance
        Numbers of the tables in use; None for a picture without colour.

    Returns
    -------
    int or None
        None where the luminance table is missing.
    """
    if luminance not in tables:
        return None
    known = _tables_by_quality()
    distance = ((known[:, 0] - np.array(tables[luminance])) ** 2).sum(axis=1)
    if chrominance is not None and chrominance in tables and chrominance != luminance:
        distance = distance + ((known[:, 1] - np.array(tables[chrominance])) ** 2).sum(axis=1)
    # Low qualities clamp to the same tables; the highest of equals is the one meant.
    return 100 - int(np.argmin(distance[::-1]))
