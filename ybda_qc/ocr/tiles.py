"""Pages too large to be read at once: read in tiles, whose lines are joined where a tile ended."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from ybda_qc.model import Box, TextLine, WritingDirection
from ybda_qc.ocr.characters import characters_of, compose_line
from ybda_qc.ocr.engine import Engine, Pixels
from ybda_qc.ocr.order import reading_order
from ybda_qc.ocr.rectangle import Rectangle, laid_down

LARGEST_SIDE: Final = 3600
"""Pixels of the longer side that an engine is given at once."""
_TILE: Final = 2400
_OVERLAP: Final = 240
_ALIKE: Final = 0.5  # of the lower line: two ends overlap so far across the line if they are one line
_NEAR: Final = 0.8  # of the height of a line: its two ends are no farther from each other


class _Span(NamedTuple):
    """A stretch of the page: what is read of it, and what of that is kept."""

    start: int
    stop: int
    kept_from: int
    kept_until: int


def read_page(engine: Engine, pixels: Pixels, dpi: float | None) -> Sequence[TextLine]:
    """Lines of a page in reading order, in bounded memory whatever its size; as `Engine.read`."""
    height, width = pixels.shape[:2]
    if max(height, width) <= LARGEST_SIDE:
        return engine.read(pixels, dpi)
    down, across = _spans(height), _spans(width)
    lines: list[TextLine] = []
    for rows in down:
        for columns in across:
            tile = pixels[rows.start : rows.stop, columns.start : columns.stop]
            for line in engine.read(tile, dpi):
                lines.extend(_kept(line, rows, columns))
    cuts = ([columns.kept_from for columns in across[1:]], [rows.kept_from for rows in down[1:]])
    whole = _joined(lines, cuts)
    return [whole[place] for place in _order(whole)]


def _spans(length: int) -> list[_Span]:
    """Stretches of like length that overlap, and that keep up to the middle of the overlap."""
    count = -(-length // _TILE)
    cuts = [place * length // count for place in range(count + 1)]
    half = _OVERLAP // 2
    return [
        _Span(max(0, start - half), min(length, stop + half), start, stop) for start, stop in pairwise(cuts)
    ]


def _kept(line: TextLine, rows: _Span, columns: _Span) -> Iterator[TextLine]:
    """The characters of a line that lie in what is kept of the tile, in pixels of the page.

    Half a character beyond its end is kept too: the next tile may have it a little elsewhere.
    """
    slack = min(line.box.width, line.box.height) // 2

    def is_kept(box: Box) -> bool:
        x, y = box.left + box.width // 2, box.top + box.height // 2
        return (
            columns.kept_from - slack <= x < columns.kept_until + slack
            and rows.kept_from - slack <= y < rows.kept_until + slack
        )

    moved = (
        replace(
            character,
            box=replace(
                character.box, left=character.box.left + columns.start, top=character.box.top + rows.start
            ),
        )
        for character in characters_of(line)
    )
    kept = compose_line([character for character in moved if is_kept(character.box)], line.direction)
    if kept is not None:
        yield kept


def _joined(lines: Sequence[TextLine], cuts: tuple[Sequence[int], Sequence[int]]) -> list[TextLine]:
    """Lines of which two tiles hold parts, or which two tiles hold, whole and once."""
    whole: list[TextLine] = []
    at_cut: list[int] = []
    for line in sorted(lines, key=_start):
        if not _is_at_cut(line.box, cuts):
            whole.append(line)
            continue
        place = next((other for other in at_cut if _goes_on(whole[other], line)), None)
        if place is None:
            at_cut.append(len(whole))
            whole.append(line)
        else:
            whole[place] = _together(whole[place], line)
    return whole


def _is_at_cut(box: Box, cuts: tuple[Sequence[int], Sequence[int]]) -> bool:
    near = min(box.width, box.height)
    return any(box.left - near <= cut <= box.left + box.width + near for cut in cuts[0]) or any(
        box.top - near <= cut <= box.top + box.height + near for cut in cuts[1]
    )


def _start(line: TextLine) -> tuple[float, float]:
    rectangle = _lying(line)
    return rectangle.left, rectangle.top


def _lying(line: TextLine) -> Rectangle:
    """The line as if it ran rightwards; top to bottom of a vertical one."""
    box = line.box
    if line.direction is WritingDirection.VERTICAL:
        return laid_down(box.left, box.top, box.left + box.width, box.top + box.height)
    return Rectangle(box.left, box.top, box.left + box.width, box.top + box.height)


def _goes_on(line: TextLine, other: TextLine) -> bool:
    """Whether `other`, which does not start before `line`, is the rest of it or the same line again."""
    first, second = _lying(line), _lying(other)
    lower = min(first.height, second.height)
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return (
        line.direction is other.direction
        and overlap >= _ALIKE * lower
        and second.left - first.right <= _NEAR * lower
    )


def _together(line: TextLine, other: TextLine) -> TextLine:
    """A line and what another has beyond its end."""
    end = _lying(line).right
    is_vertical = line.direction is WritingDirection.VERTICAL

    def middle(box: Box) -> float:
        return box.top + box.height / 2 if is_vertical else box.left + box.width / 2

    beyond = [character for character in characters_of(other) if middle(character.box) > end]
    joined = compose_line([*characters_of(line), *beyond], line.direction)
    assert joined is not None
    return joined


def _order(lines: Sequence[TextLine]) -> list[int]:
    vertical = sum(len(line.text) for line in lines if line.direction is WritingDirection.VERTICAL)
    is_vertical = 2 * vertical > sum(len(line.text) for line in lines)
    boxes = [line.box for line in lines]
    make = laid_down if is_vertical else Rectangle
    return reading_order(
        [make(box.left, box.top, box.left + box.width, box.top + box.height) for box in boxes]
    )
