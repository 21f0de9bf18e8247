"""A curve of levels applied to a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth.spec import Pixels

LEVELS: NDArray[np.float64] = np.arange(256, dtype=np.float64)


def apply_curve(pixels: Pixels, levels: NDArray[np.float64]) -> Pixels:
    """Replace each level by that of the curve, (256,) or (256, 3) for one curve a channel."""
    table = np.clip(np.round(levels), 0, 255).astype(np.uint8)
    if table.ndim == 2:
        table = table.reshape(256, 1, 3)
    return np.asarray(cv2.LUT(pixels, table), np.uint8)
