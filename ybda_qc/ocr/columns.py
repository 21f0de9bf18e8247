"""Which lines stand in columns of running text, and which are cells of a table or stand alone.

Lines are chained downwards to their nearest neighbours, as in the document spectrum (L. O'Gorman, "The
Document Spectrum for Page Layout Analysis", IEEE Transactions on Pattern Analysis and Machine Intelligence
15(11), 1993). Running text 正文 fills its column; cells 单元格 are short, or are level with others.
"""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from ybda_qc.ocr.rectangle import Rectangle

_CORE: Final = 0.4  # of its height: lines of text touch each other
_APART: Final = 1.5  # heights: the most between lines of a chain
_INDENT: Final = 2.5  # heights, by which neighbours of a column may begin apart
_ALIKE: Final = 1.4  # heights of lines of a chain: headings are higher
_ALIKE_IN_A_ROW: Final = 2.0  # a cell may hold one flat character
_LINES_IN_COLUMN: Final = 3
_WIDTH_IN_HEIGHTS: Final = 5.5  # of its longest line: what is narrower is a cell of a table
_NEIGHBOURS: Final = 3  # before a line and after it, whose longest shows how wide the column is there
_FILLED: Final = 0.75  # of that width
_LINES_BESIDE_CELLS: Final = 0.4  # from which a column belongs to a table
_LEVEL: Final = 0.2  # of their heights
_LEVEL_CELLS: Final = (3, 0.8)  # least number and share, as of labels before paragraphs

Chain = list[int]


def chains(lines: Sequence[Rectangle]) -> list[Chain]:
    """Lines that follow each other downwards in one column, by their places; each stands in one chain.

    A chain ends where a line has two below it or two above it, at a gap, and where the size changes.
    """
    below = [_next_below(lines, place) for place in range(len(lines))]
    above: list[list[int]] = [[] for _ in lines]
    for place, followers in enumerate(below):
        for follower in followers:
            above[follower].append(place)
    follower_of = {
        place: followers[0]
        for place, followers in enumerate(below)
        if len(followers) == 1
        and len(above[followers[0]]) == 1
        and lines[place].is_about_as_high_as(lines[followers[0]], _ALIKE)
    }
    starts = sorted(set(range(len(lines))) - set(follower_of.values()))
    return [list(_chain(start, follower_of)) for start in starts]


def in_columns_of_text(lines: Sequence[Rectangle], found: Sequence[Chain]) -> set[int]:
    """Places of the lines of those chains that are columns of running text."""
    wide = [chain for chain in found if _is_wide(lines, chain)]
    text = [
        chain
        for group in _side_by_side(lines, wide)
        if median(share for chain in group for share in _filled(lines, chain)) >= _FILLED
        for chain in group
    ]
    while True:  # what is beside a column of a table may be another
        inside = {place for chain in text for place in chain}
        others = [place for place in range(len(lines)) if place not in inside]
        kept = [chain for chain in text if not _is_in_table(lines, chain, others)]
        if len(kept) == len(text):
            return inside
        text = kept


def _next_below(lines: Sequence[Rectangle], place: int) -> list[int]:
    line = lines[place]
    near = [
        other
        for other, lower in enumerate(lines)
        if lower.top - line.bottom < _APART * min(line.height, lower.height) and _follows(lower, line)
    ]
    return [other for other in near if not any(_follows(lines[other], lines[between]) for between in near)]


def _follows(lower: Rectangle, upper: Rectangle) -> bool:
    if lower.middle <= upper.middle or lower.is_beside(upper, _CORE):
        return False
    indent = abs(lower.left - upper.left)
    return lower.is_over_or_under(upper) or indent < _INDENT * min(lower.height, upper.height)


def _chain(start: int, follower_of: dict[int, int]) -> Iterator[int]:
    yield start
    while (follower := follower_of.get(start)) is not None:
        yield follower
        start = follower


def _is_wide(lines: Sequence[Rectangle], chain: Chain) -> bool:
    width = max(lines[place].width for place in chain)
    height = median(lines[place].height for place in chain)
    return len(chain) >= _LINES_IN_COLUMN and width >= _WIDTH_IN_HEIGHTS * height


def _filled(lines: Sequence[Rectangle], chain: Chain) -> Iterator[float]:
    """How much of the width each line fills; the column may be narrower beside a picture."""
    widths = [lines[place].width for place in chain]
    for count, width in enumerate(widths):
        yield width / max(widths[max(0, count - _NEIGHBOURS) : count + _NEIGHBOURS + 1])


def _side_by_side(lines: Sequence[Rectangle], found: Sequence[Chain]) -> Iterator[list[Chain]]:
    rest = list(found)
    while rest:
        group = [rest.pop()]
        for chain in group:
            near = [other for other in rest if _have_a_row(lines, chain, other)]
            rest = [other for other in rest if other not in near]
            group.extend(near)
        yield group


def _have_a_row(lines: Sequence[Rectangle], chain: Chain, other: Chain) -> bool:
    return any(lines[place].is_beside(lines[level]) for place in chain for level in other)


def _is_in_table(lines: Sequence[Rectangle], chain: Chain, others: Sequence[int]) -> bool:
    column = [lines[place] for place in chain]
    cells = [lines[other] for other in others if any(_are_of_a_row(line, lines[other]) for line in column)]
    beside = sum(any(line.is_beside(cell) for cell in cells) for line in column)
    level = sum(any(line.is_beside(cell, _LEVEL) for line in column) for cell in cells)
    least, share = _LEVEL_CELLS
    return beside >= _LINES_BESIDE_CELLS * len(column) or level >= max(least, share * len(cells))


def _are_of_a_row(line: Rectangle, cell: Rectangle) -> bool:
    return (
        line.is_beside(cell)
        and line.is_about_as_high_as(cell, _ALIKE_IN_A_ROW)
        and not line.is_over_or_under(cell)
    )
