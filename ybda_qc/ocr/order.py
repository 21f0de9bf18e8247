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

from ybda_qc.ocr.columns import Chain, chains, in_columns_of_text
from ybda_qc.ocr.rectangle import Rectangle, around

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
    parted = [
        extent._replace(left=page.left, right=page.right)
        if unit[0] not in text and _is_alone(extent, extents)
        else extent
        for unit, extent in zip(units, extents, strict=True)
    ]
    return [place for count in topological_order(parted) for place in _across(lines, units[count])]


def topological_order(extents: Sequence[Rectangle]) -> list[int]:
    """Places of extents by what must be read before which; the topmost first of what is free."""
    downwards = sorted(range(len(extents)), key=lambda place: (extents[place].middle, extents[place].left))
    before = _before([extents[place] for place in downwards])
    waiting = (1 << len(extents)) - 1  # a bit each, as in all sets of lines here
    rest, order = list(range(len(extents))), []
    while rest:
        first = next((place for place in rest if not before[place] & waiting), rest[0])
        rest.remove(first)
        waiting ^= 1 << first
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


def _is_alone(extent: Rectangle, extents: Sequence[Rectangle]) -> bool:
    return not any(extent.is_beside(other, _ALONE) for other in extents if other is not extent)


def _rows(lines: Sequence[Rectangle], text: set[int]) -> Iterator[_Unit]:
    """Lines that are not of running text, those of a row together."""
    columns = [lines[place] for place in text]
    rest = sorted(set(range(len(lines))) - text, key=lambda place: lines[place].top)
    while rest:
        row = [rest.pop(0)]
        for place in row:
            beside = [other for other in rest if _are_of_a_row(lines[place], lines[other], columns)]
            rest = [other for other in rest if other not in beside]
            row.extend(beside)
        yield row


def _are_of_a_row(line: Rectangle, other: Rectangle, columns: Sequence[Rectangle]) -> bool:
    """Level, next to each other, and no running text between."""
    if not line.is_beside(other, _CORE) or line.is_over_or_under(other):
        return False
    first, last = min(line.right, other.right), max(line.left, other.left)
    row = around((line, other))
    return not any(
        first <= text.left and text.right <= last and row.top < text.middle < row.bottom for text in columns
    )


def _across(lines: Sequence[Rectangle], row: _Unit) -> Iterator[int]:
    """A row, cell by cell from the left; a cell of several lines downwards."""
    reached, cell = float("-inf"), 0
    cells: dict[int, int] = {}
    for place in sorted(row, key=lambda place: lines[place].left):
        cell += lines[place].left >= reached
        reached = max(reached, lines[place].right)
        cells[place] = cell
    yield from sorted(row, key=lambda place: (cells[place], lines[place].middle, lines[place].left))


def _before(downwards: Sequence[Rectangle]) -> list[int]:
    """For each line the set of those that are read before it."""
    column = [
        sum(1 << place for place, other in enumerate(downwards) if line.is_over_or_under(other))
        for line in downwards
    ]
    before = [lines & ((1 << place) - 1) for place, lines in enumerate(column)]
    for lower in range(len(downwards)):
        for upper in range(lower):
            between = (1 << lower) - (2 << upper)
            if column[upper] >> lower & 1 or column[upper] & column[lower] & between:
                continue
            if _centre(downwards[upper]) < _centre(downwards[lower]):
                before[lower] |= 1 << upper
            else:
                before[upper] |= 1 << lower
    return before


def _centre(line: Rectangle) -> float:
    return (line.left + line.right) / 2
