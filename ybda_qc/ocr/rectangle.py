"""Places of lines of writing, and how two of them stand to each other."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""For each of many rectangles whether something is true of it; shape (n,)."""

_SAME_COLUMN: Final = 0.5  # of the narrower of two lines stands below the other


class Rectangle(NamedTuple):
    """A line of writing that runs rightwards, on a page made straight; any unit."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent along the line."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent across the line."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Halfway down."""
        return (self.top + self.bottom) / 2

    def is_beside(self, other: "Rectangle", share: float = 1.0) -> bool:
        """Whether these shares of their heights, round the middles, overlap."""
        return abs(self.middle - other.middle) < share * (self.height + other.height) / 2

    def is_over_or_under(self, other: "Rectangle") -> bool:
        """Whether they stand in one column; a line that juts a little into another column does not."""
        common = min(self.right, other.right) - max(self.left, other.left)
        return common > _SAME_COLUMN * min(self.width, other.width)

    def is_about_as_high_as(self, other: "Rectangle", ratio: float) -> bool:
        """Whether their heights differ by less than this ratio."""
        return max(self.height, other.height) < ratio * min(self.height, other.height)


class Rectangles:
    """Many rectangles, each question about one of them asked of all at once: pages have thousands of lines.

    Attributes
    ----------
    left, top, right, bottom, width, height, middle
        Of each, shape (n,), as those of `Rectangle`.
    """

    def __init__(self, lines: Sequence[Rectangle]) -> None:
        edges = np.array(lines, dtype=np.float64).reshape(-1, 4).T.copy()
        self.left, self.top, self.right, self.bottom = edges
        self.width, self.height = self.right - self.left, self.bottom - self.top
        self.middle = (self.top + self.bottom) / 2

    def beside(self, one: Rectangle, share: float = 1.0) -> Mask:
        """Which are beside one; see `Rectangle.is_beside`."""
        apart: Mask = np.abs(self.middle - one.middle) < share * (self.height + one.height) / 2
        return apart

    def over_or_under(self, one: Rectangle) -> Mask:
        """Which stand in one column with one; see `Rectangle.is_over_or_under`."""
        common = np.minimum(self.right, one.right) - np.maximum(self.left, one.left)
        in_column: Mask = common > _SAME_COLUMN * np.minimum(self.width, one.width)
        return in_column

    def about_as_high_as(self, one: Rectangle, ratio: float) -> Mask:
        """Which heights differ by less than this ratio from that of one."""
        alike: Mask = np.maximum(self.height, one.height) < ratio * np.minimum(self.height, one.height)
        return alike


def laid_down(left: float, top: float, right: float, bottom: float) -> Rectangle:
    """The rectangle of a vertical line 竖排, turned so that columns from right to left are rows downwards."""
    return Rectangle(top, -right, bottom, -left)


def around(lines: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle around some, at least one."""
    lefts, tops, rights, bottoms = zip(*lines, strict=True)
    return Rectangle(min(lefts), min(tops), max(rights), max(bottoms))
