"""From an upright, reduced page back to the stored pixels."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ybda_qc.model import Box, QuarterTurn, TextLine

Pixels = NDArray[np.uint8]


def turned(pixels: Pixels, turn: QuarterTurn) -> Pixels:
    """Pixels, (H, W) or (H, W, 3), turned clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90))


def stored_line(
    line: TextLine, turn: QuarterTurn, size: tuple[int, int], stored: tuple[int, int]
) -> TextLine:
    """A line of an upright page, with its boxes in stored pixels.

    Parameters
    ----------
    line
        As it was read.
    turn
        Clockwise turn that made the stored page upright.
    size
        Width and height of the upright page that was read.
    stored
        Width and height of the stored page.
    """

    def move(box: Box) -> Box:
        return _stored(box, turn, size, stored)

    words = tuple(replace(word, box=move(word.box)) for word in line.words)
    return replace(line, box=move(line.box), words=words)


def _stored(box: Box, turn: QuarterTurn, size: tuple[int, int], stored: tuple[int, int]) -> Box:
    width, height = size
    left, top, right, bottom = box.left, box.top, box.left + box.width, box.top + box.height
    for _ in range(turn // 90):  # back, counter-clockwise
        left, top, right, bottom = top, width - right, bottom, width - left
        width, height = height, width
    x, y = stored[0] / width, stored[1] / height
    first, high = min(int(left * x), stored[0] - 1), min(int(top * y), stored[1] - 1)
    last, low = min(-int(-right * x), stored[0]), min(-int(-bottom * y), stored[1])
    return Box(left=first, top=high, width=max(1, last - first), height=max(1, low - high))
