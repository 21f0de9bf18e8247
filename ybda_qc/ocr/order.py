"""Reading order 阅读顺序 of the lines of a page: columns of text, tables, headings across columns.

The method is that of T. M. Breuel ("High Performance Document Layout Analysis", Symposium on Document Image
Understanding Technology, 2003): of two lines in one column the upper is read first; of two that are not, the
left one, unless a line that stands in the columns of both lies between; all pairs are sorted topologically.
Added are rows of tables, which are one unit each, headings that stand alone, which part all columns, and the
width of the column for lines that do not fill it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from ybda_qc.ocr.columns import Chain, chains, in_columns_of_text
from ybda_qc.ocr.rectangle import Mask, Rectangle, Rectangles, around

_CORE: Final = 0.4  # of its height: rows are told by it, for lines touch each other
_ALONE: Final = 0.8  # of its height is beside nothing

_Unit = list[int]


def reading_order(lines: Sequence[Rectangle]) -> list[int]:
    """Places of lines in the order in which they are read.

    Columns of running text are read one after the other, rows of a table across. Vertical writing is ordered
    by the same rule after a turn of its rectangles: see `laid_down`.
    """
    if not lines:
        return []
    found = chains(lines)
    text = in_columns_of_text(lines, found)
    widened = _widened(lines, [chain for chain in found if chain[0] in text])
    units = [[place] for place in text] + list(_rows(lines, text))
    extents = [around(widened[place] for place in unit) for unit in units]
    page = around(lines)
    every = Rectangles(extents)
    parted = [
        extent._replace(left=page.left, right=page.right)
        if unit[0] not in text and _is_alone(place, extent, every)
        else extent
        for place, (unit, extent) in enumerate(zip(units, extents, strict=True))
    ]
    return [place for count in topological_order(parted) for place in _across(lines, units[count])]


def topological_order(extents: Sequence[Rectangle]) -> list[int]:
    """Places of extents by what must be read before which; the topmost first of what is free."""
    downwards = sorted(range(len(extents)), key=lambda place: (extents[place].middle, extents[place].left))
    follows = _follows([extents[place] for place in downwards])
    awaited = follows.sum(axis=0)  # lines that must be read before each
    waits = np.ones(len(extents), dtype=np.bool_)
    order = []
    for _ in extents:
        free = waits & (awaited == 0)
        first = int((free if free.any() else waits).argmax())
        waits[first] = False
        awaited -= follows[first]
        order.append(downwards[first])
    return order


def _widened(lines: Sequence[Rectangle], columns: Sequence[Chain]) -> list[Rectangle]:
    """Lines of text as wide as with the one before or after: a last line, an indented one fill the column.

    The narrower of both, since a column may become wider below a picture.
    """
    widened = list(lines)
    for column in columns:
        pairs = [around((lines[upper], lines[lower])) for upper, lower in pairwise(column)]
        for count, place in enumerate(column):
            extent = min(pairs[max(0, count - 1) : count + 1], key=lambda pair: pair.width)
            widened[place] = lines[place]._replace(left=extent.left, right=extent.right)
    return widened


def _is_alone(place: int, extent: Rectangle, every: Rectangles) -> bool:
    beside = every.beside(extent, _ALONE)
    beside[place] = False
    return not beside.any()


def _rows(lines: Sequence[Rectangle], text: set[int]) -> Iterator[_Unit]:
    """Lines that are not of running text, those of a row together."""
    columns = Rectangles([lines[place] for place in text])
    rest = sorted(set(range(len(lines))) - text, key=lambda place: lines[place].top)
    every = Rectangles([lines[place] for place in rest])
    waits = np.ones(len(rest), dtype=np.bool_)
    for first in range(len(rest)):
        if not waits[first]:
            continue
        row = [first]
        waits[first] = False
        for count in row:
            line = lines[rest[count]]
            level = np.flatnonzero(waits & every.beside(line, _CORE) & ~every.over_or_under(line))
            beside = [int(other) for other in level if not _is_parted(line, lines[rest[other]], columns)]
            waits[beside] = False
            row.extend(beside)
        yield [rest[count] for count in row]


def _is_parted(line: Rectangle, other: Rectangle, columns: Rectangles) -> bool:
    """Whether running text stands between two lines of a row."""
    first, last = min(line.right, other.right), max(line.left, other.left)
    row = around((line, other))
    between = (first <= columns.left) & (columns.right <= last)
    return bool((between & (row.top < columns.middle) & (columns.middle < row.bottom)).any())


def _across(lines: Sequence[Rectangle], row: _Unit) -> Iterator[int]:
    """A row, cell by cell from the left; a cell of several lines downwards."""
    reached, cell = float("-inf"), 0
    cells: dict[int, int] = {}
    for place in sorted(row, key=lambda place: lines[place].left):
        cell += lines[place].left >= reached
        reached = max(reached, lines[place].right)
        cells[place] = cell
    yield from sorted(row, key=lambda place: (cells[place], lines[place].middle, lines[place].left))


def _follows(downwards: Sequence[Rectangle]) -> Mask:
    """For each line those that must be read behind it; shape (n, n)."""
    count = len(downwards)
    every = Rectangles(downwards)
    column = np.array([every.over_or_under(line) for line in downwards]).reshape(count, count)
    follows = np.triu(column, 1)
    behind = np.packbits(follows, axis=1)  # of each line those of its column that are lower
    centre = (every.left + every.right) / 2
    for lower in range(1, count):
        above = np.packbits(column[lower] & (np.arange(count) < lower))
        parted = (behind[:lower] & above).any(axis=1)  # by a line that stands in the columns of both
        pairs = np.flatnonzero(~column[lower, :lower] & ~parted)
        is_left = centre[pairs] < centre[lower]
        follows[pairs[is_left], lower] = True
        follows[lower, pairs[~is_left]] = True
    return follows
