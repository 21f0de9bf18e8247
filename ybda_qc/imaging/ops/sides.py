"""The four sides of a picture, looked at one by one as if each were the left one."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


class Side(StrEnum):
    """A side of the picture."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


def turned(plane: Pixels, side: Side) -> Pixels:
    """A view of a plane (H, W) or (H, W, 3) with a side of it on its left; rows run along the side."""
    return {
        Side.LEFT: plane,
        Side.RIGHT: plane[:, ::-1],
        Side.TOP: plane.swapaxes(0, 1),
        Side.BOTTOM: plane[::-1].swapaxes(0, 1),
    }[side]


def turned_back(
    side: Side, shape: tuple[int, ...], *, across: float, along: float, depth: float, length: float
) -> tuple[float, float, float, float]:
    """A rectangle of a turned plane as left, top, width and height on the plane itself.

    Parameters
    ----------
    side
        As given to `turned`.
    shape
        Of the plane, not turned.
    across, along
        Distance of the rectangle from the side, and its place along it.
    depth, length
        Its extent across and along.
    """
    height, width = shape[:2]
    return {
        Side.LEFT: (across, along, depth, length),
        Side.RIGHT: (width - across - depth, along, depth, length),
        Side.TOP: (along, across, length, depth),
        Side.BOTTOM: (along, height - across - depth, length, depth),
    }[side]
