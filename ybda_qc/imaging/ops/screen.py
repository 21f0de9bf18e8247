"""Even patterns on a page: halftone screens 网点, laid paper, woven cloth."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_AROUND: Final = 15  # frequencies each way whose mean is the level that a peak stands out of
_COARSEST: Final = 0.06  # cycles a pixel: below lie lines of writing and rows of tables
_OFF_AXIS: Final = 0.02  # cycles a pixel: along the axes lie rules, and the blocks of JPEG


def screen_prominence(tiles: Sequence[Pixels] | Pixels, *, coarsest: float = _COARSEST) -> float:
    """How far the strongest even pattern stands out of the spectrum of some tiles.

    An even pattern is a point in the spectrum of the tiles themselves. Interpolation leaves none: it makes
    the *power* of fine detail periodic, not the picture.

    Parameters
    ----------
    tiles
        uint8 (h, w), all of one size, grey.
    coarsest
        Cycles a pixel from which a pattern is looked for.

    Returns
    -------
    float
        Natural logarithm of power over the level around it: under 2 for writing, blown up or not; from 4 for
        a halftone screen; 0 where the tiles are too small for any.
    """
    height, width = tiles[0].shape
    window = np.hanning(height)[:, None] * np.hanning(width)[None, :]
    power = np.zeros((height, width // 2 + 1))
    for tile in tiles:
        power += np.abs(np.fft.rfft2((tile - tile.mean()) * window)) ** 2
    level = np.log(power / len(tiles) + 1e-3)
    above = level - cv2.blur(level, (_AROUND, _AROUND))
    down, across = np.abs(np.fft.fftfreq(height))[:, None], np.fft.rfftfreq(width)[None, :]
    looked = (np.hypot(down, across) > coarsest) & (np.minimum(down, across) > _OFF_AXIS)
    return float(above[looked].max(initial=0.0))
