"""Which lines stand in columns of running text, and which are cells of a table or stand alone.

Lines are chained downwards to their nearest neighbours, as in the document spectrum (L. O'Gorman, "The
Document Spectrum for Page Layout Analysis", IEEE Transactions on Pattern Analysis and Machine Intelligence
15(11), 1993). Running text 正文 fills its column; cells 单元格 are short, or are level with others.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from statistics import median
from typing import Final

import numpy as np

from ybda_qc.ocr.rectangle import Mask, Rectangle, Rectangles

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
    every = Rectangles(lines)
    below = [_next_below(lines, every, place) for place in range(len(lines))]
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
    every = Rectangles(lines)
    wide = [chain for chain in found if _is_wide(lines, chain)]
    text = [
        chain
        for group in _side_by_side(lines, every, wide)
        if median(share for chain in group for share in _filled(lines, chain)) >= _FILLED
        for chain in group
    ]
    while True:  # what is beside a column of a table may be another
        inside = {place for chain in text for place in chain}
        others = np.ones(len(lines), dtype=np.bool_)
        others[list(inside)] = False
        kept = [chain for chain in text if not _is_in_table(lines, every, chain, others)]
        if len(kept) == len(text):
            return inside
        text = kept


def _next_below(lines: Sequence[Rectangle], every: Rectangles, place: int) -> list[int]:
    line = lines[place]
    least = np.minimum(every.height, line.height)
    near: list[int] = np.flatnonzero(
        (every.top - line.bottom < _APART * least)
        & (every.middle > line.middle)
        & ~every.beside(line, _CORE)
        & (every.over_or_under(line) | (np.abs(every.left - line.left) < _INDENT * least))
    ).tolist()
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


def _side_by_side(
    lines: Sequence[Rectangle], every: Rectangles, found: Sequence[Chain]
) -> Iterator[list[Chain]]:
    """Chains that have a row in common, and those that have one with these, and so on."""
    rest = list(found)
    while rest:
        group = [rest.pop()]
        for chain in group:
            beside = np.logical_or.reduce([every.beside(lines[place]) for place in chain])
            have_a_row = [bool(beside[other].any()) for other in rest]
            group.extend(compress(rest, have_a_row))
            rest = [other for other, has in zip(rest, have_a_row, strict=True) if not has]
        yield group


def _is_in_table(lines: Sequence[Rectangle], every: Rectangles, chain: Chain, others: Mask) -> bool:
    column = [lines[place] for place in chain]
    rows = [
        every.beside(line) & every.about_as_high_as(line, _ALIKE_IN_A_ROW) & ~every.over_or_under(line)
        for line in column
    ]
    cells = others & np.logical_or.reduce(rows)
    beside = sum(bool((cells & every.beside(line)).any()) for line in column)
    level = cells & np.logical_or.reduce([every.beside(line, _LEVEL) for line in column])
    least, share = _LEVEL_CELLS
    return beside >= _LINES_BESIDE_CELLS * len(column) or bool(level.sum() >= max(least, share * cells.sum()))
