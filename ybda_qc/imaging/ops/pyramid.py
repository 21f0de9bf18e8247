"""Planes reduced by powers of two."""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def halved(plane: Pixels, times: int) -> Pixels:
    """Average areas of 2^times by 2^times pixels.

    Halving step by step is many times faster in OpenCV than one reduction by 4 or more.

    Parameters
    ----------
    plane
        uint8, (H, W) or (H, W, 3); up to 2^times - 1 pixels at the right and the bottom are left out.
    times
        From 0.

    Returns
    -------
    ndarray
        uint8, (H // 2^times, W // 2^times) and channels, at least one pixel each way.
    """
    for _ in range(times):
        height, width = plane.shape[:2]
        size = (max(1, width // 2), max(1, height // 2))
        even = plane[: 2 * size[1], : 2 * size[0]]
        plane = np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return plane


def halved_each(planes: Pixels) -> Pixels:
    """Average areas of 2 by 2 pixels of each of some planes, uint8 (n, h, w) to (n, h // 2, w // 2)."""
    count, height, width = planes.shape[0], planes.shape[1] // 2, planes.shape[2] // 2
    even = np.ascontiguousarray(planes[:, : 2 * height, : 2 * width])
    return halved(even.reshape(-1, 2 * width), 1).reshape(count, height, width)
