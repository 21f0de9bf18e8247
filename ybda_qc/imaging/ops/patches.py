"""Parts of a page that differ from the rest, on a grid of tiles."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.bool_]
Pixels = NDArray[np.uint8]

_AMONG: Final = 0.25  # of the cells of a group: as many others may lie among them, and one in any case
_WIDEST_PX: Final = 25  # stroke of writing, stored pixels
_STROKE: Final = np.ones((_WIDEST_PX, _WIDEST_PX), np.uint8)
_AREA: Final = 0.5  # of the levels of a tile, between which wide areas lie in a picture


def largest_patch(cells: Cells, others: Cells) -> Cells:
    """The largest group of neighbouring cells, none where many others lie among them.

    Parameters
    ----------
    cells
        bool (rows, columns), what differs.
    others
        bool (rows, columns), what does not; a cell may be neither.

    Returns
    -------
    ndarray
        bool (rows, columns).
    """
    _, groups = cv2.connectedComponents(cells.astype(np.uint8), connectivity=8)
    sizes = np.bincount(groups[cells], minlength=2)
    largest = np.asarray((groups == sizes.argmax()) & cells, dtype=np.bool_)
    places = np.argwhere(largest).astype(np.float32)
    if len(places) < 3:
        return largest
    hull = cv2.convexHull(places)
    among = sum(
        cv2.pointPolygonTest(hull, (float(row), float(column)), measureDist=False) >= 0
        for row, column in np.argwhere(others)
    )
    return np.asarray(largest & (among <= max(1.0, _AMONG * len(places))), dtype=np.bool_)


def is_picture(tile: Pixels) -> bool:
    """Whether a tile shows wide areas that are dark and wide ones that are light, as writing never does.

    Writing leaves paper beside each stroke, and is nowhere wider than a stroke.

    Parameters
    ----------
    tile
        uint8 (h, w), stored pixels in grey.
    """
    if min(tile.shape) < 2 * _WIDEST_PX:
        return False
    smooth = np.asarray(cv2.blur(tile, (3, 3)))
    lowest, highest = int(smooth.min()), int(smooth.max())
    inner = slice(_WIDEST_PX // 2, -(_WIDEST_PX // 2))
    dark = highest - int(np.asarray(cv2.dilate(smooth, _STROKE))[inner, inner].min())
    light = int(np.asarray(cv2.erode(smooth, _STROKE))[inner, inner].max()) - lowest
    return min(dark, light) > _AREA * (highest - lowest)
