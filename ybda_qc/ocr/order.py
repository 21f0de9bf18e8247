"""Reading order 阅读顺序 of the lines of a page: columns of text, tables, and rows that stand askew."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Final, NamedTuple

_CORE: Final = 0.4  # of its height, round the middle of a line: rows are told by it: lines touch each other
_COLUMN_IN_HEIGHTS: Final = 5.5  # of its lines, with room about them: what is narrower is a cell of a table
_FILLED: Final = 0.6  # of its width is filled by most lines of a column of text
_LINES_IN_COLUMN: Final = 3
_GUTTER_IN_HEIGHTS: Final = 0.5  # the least blank strip between columns
_STRIPS: Final = 600  # of the width of the page, in which gutters are looked for


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


def reading_order(lines: Sequence[Rectangle]) -> list[int]:
    """Places of lines in the order in which they are read: left to right in a row, rows downwards.

    Rows that hold columns of text side by side are read column by column; rows of a table are read across.
    Vertical writing is ordered by the same rule after a turn of its rectangles: see `laid_down`.
    """
    return list(_ordered(lines, list(range(len(lines)))))


def laid_down(left: float, top: float, right: float, bottom: float) -> Rectangle:
    """The rectangle of a vertical line 竖排, turned so that columns from right to left are rows downwards."""
    return Rectangle(top, -right, bottom, -left)


def _ordered(lines: Sequence[Rectangle], places: list[int]) -> Iterator[int]:
    bands = _bands(lines, places)
    start, end = _columns(lines, bands)
    if start == end:
        for band in bands:
            yield from _across(lines, band)
        return
    yield from _ordered(lines, _joined(bands[:start]))
    for column in _cells(lines, _joined(bands[start:end])):
        yield from _ordered(lines, column)
    yield from _ordered(lines, _joined(bands[end:]))


def _across(lines: Sequence[Rectangle], band: list[int]) -> Iterator[int]:
    """A row, cell by cell; a cell of several lines downwards."""
    for cell in _cells(lines, band):
        rows = _bands(lines, cell)
        if len(rows) == 1:
            yield from sorted(cell, key=lambda place: lines[place].left)
        for row in rows if len(rows) > 1 else ():
            yield from _across(lines, row)


def _columns(lines: Sequence[Rectangle], bands: Sequence[list[int]]) -> tuple[int, int]:
    """First and end of the bands, most lines of all, that stand in columns of text; both 0: none."""
    inked = [_strips(lines, bands, band) for band in bands]
    best, most = (0, 0), 0
    for start in range(len(bands)):
        end = start + _run(inked[start:])
        count = sum(len(band) for band in bands[start:end])
        if count > most and _are_columns(lines, _cells(lines, _joined(bands[start:end]))):
            best, most = (start, end), count
    return best


def _run(inked: Sequence[int]) -> int:
    """How many bands from the first on have a gutter in common; 0: none is found, as below a heading."""
    together, has_gutter = 0, False
    for count, strips in enumerate(inked):
        together |= strips
        if has_gutter and not _has_gutter(together):
            return count
        has_gutter = _has_gutter(together)
    return len(inked) if has_gutter else 0


def _are_columns(lines: Sequence[Rectangle], columns: Sequence[list[int]]) -> bool:
    return len(columns) > 1 and all(_is_column([lines[place] for place in column]) for column in columns)


def _is_column(lines: Sequence[Rectangle]) -> bool:
    width = max(line.right for line in lines) - min(line.left for line in lines)
    return (
        len(lines) >= _LINES_IN_COLUMN
        and width >= _COLUMN_IN_HEIGHTS * median(line.height for line in lines)
        and median(line.width for line in lines) >= _FILLED * width
    )


def _strips(lines: Sequence[Rectangle], bands: Sequence[list[int]], band: list[int]) -> int:
    """Which strips of the width are inked in a band, a bit each; lines are lengthened by a gutter."""
    everything = [lines[place] for place in _joined(bands)]
    left, right = min(line.left for line in everything), max(line.right for line in everything)
    gutter = _GUTTER_IN_HEIGHTS * median(line.height for line in everything)
    unit = (right + gutter - left) / _STRIPS
    inked = 0
    for place in band:
        first, last = (lines[place].left - left) / unit, (lines[place].right + gutter - left) / unit
        inked |= (1 << max(int(last), int(first) + 1)) - (1 << int(first))
    return inked


def _has_gutter(inked: int) -> bool:
    """Whether a strip without ink lies between others."""
    lowest = inked & -inked
    return inked != (1 << inked.bit_length()) - lowest


def _bands(lines: Sequence[Rectangle], places: list[int]) -> list[list[int]]:
    """Lines whose middles overlap in height, however far apart, downwards."""

    def core(place: int) -> tuple[float, float]:
        middle, half = (lines[place].top + lines[place].bottom) / 2, _CORE * lines[place].height / 2
        return middle - half, middle + half

    return _overlapping(places, core)


def _cells(lines: Sequence[Rectangle], places: list[int]) -> list[list[int]]:
    """Lines that overlap in width, from left to right."""
    return _overlapping(places, lambda place: (lines[place].left, lines[place].right))


def _overlapping(places: list[int], span: Callable[[int], tuple[float, float]]) -> list[list[int]]:
    groups: list[list[int]] = []
    reached = float("-inf")
    for place in sorted(places, key=span):
        first, last = span(place)
        if first >= reached:
            groups.append([])
        groups[-1].append(place)
        reached = max(reached, last)
    return groups


def _joined(bands: Sequence[list[int]]) -> list[int]:
    return [place for band in bands for place in band]
