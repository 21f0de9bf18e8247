"""Places of spots as a page keeps them for the checks of the batch: a short text."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.spots import Spots

CHECK: Final = "speckle"
PLACES: Final = "places"
MOST: Final = 32  # of a page: a batch may hold a million

Places = NDArray[np.float64]


def write_places(spots: Spots, factor: int) -> str:
    """Write ``x,y`` of each dark spot and ``x,y+`` of each bright one, in stored pixels.

    Parameters
    ----------
    spots
        On a reduced plane.
    factor
        Stored pixels to one pixel of that plane.
    """
    # The middle of a pixel of the plane is the middle of the stored pixels that it stands for.
    across, down = (np.rint((axis + 0.5) * factor - 0.5).astype(int).tolist() for axis in (spots.x, spots.y))
    signs = ("+" if bright else "" for bright in spots.bright.tolist())
    return " ".join(f"{x},{y}{sign}" for x, y, sign in zip(across, down, signs, strict=True))


def parse_places(text: str) -> Places:
    """Read what `write_places` wrote: (n, 3), x, y, and 1 for bright spots."""
    rows = [(*map(float, word.rstrip("+").split(",")), float(word.endswith("+"))) for word in text.split()]
    return np.array(rows, np.float64).reshape(-1, 3)
