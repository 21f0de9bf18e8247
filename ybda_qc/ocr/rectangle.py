"""Places of lines of writing, and how two of them stand to each other."""

from collections.abc import Iterable
from typing import Final, NamedTuple

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


def laid_down(left: float, top: float, right: float, bottom: float) -> Rectangle:
    """The rectangle of a vertical line 竖排, turned so that columns from right to left are rows downwards."""
    return Rectangle(top, -right, bottom, -left)


def around(lines: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle around some, at least one."""
    lefts, tops, rights, bottoms = zip(*lines, strict=True)
    return Rectangle(min(lefts), min(tops), max(rights), max(bottoms))
