"""Letters as high as several lines of a terminal, for people who stand two metres away.

Each character cell of the terminal holds two picture elements, one above the other, drawn with half blocks,
so that they are about square. Digits, Latin letters and signs are drawn on 5 x 7 elements, the few Chinese
characters that a verdict needs on 16 x 16.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

Picture = tuple[str, ...]
"""Rows of a picture, ``#`` where it is dark."""

_DIGITS: Final = """
.###. ..#.. .###. .###. #...# ##### .###. ##### .###. .###.
#...# .##.. #...# #...# #...# #.... #.... ....# #...# #...#
#...# ..#.. ....# ....# #...# ####. #.... ...#. #...# #...#
#...# ..#.. ..##. ..##. ##### ....# ####. ..#.. .###. .####
#...# ..#.. .#... ....# ....# ....# #...# ..#.. #...# ....#
#...# ..#.. #.... #...# ....# #...# #...# ..#.. #...# ....#
.###. .###. ##### .###. ....# .###. .###. ..#.. .###. .###.
"""
_LETTERS_TO_M: Final = """
.###. ####. .###. ####. ##### ##### .###. #...# .###. ..### #...# #.... #...#
#...# #...# #...# #...# #.... #.... #...# #...# ..#.. ...#. #..#. #.... ##.##
#...# #...# #.... #...# #.... #.... #.... #...# ..#.. ...#. #.#.. #.... #.#.#
##### ####. #.... #...# ####. ####. #.### ##### ..#.. ...#. ##... #.... #.#.#
#...# #...# #.... #...# #.... #.... #...# #...# ..#.. ...#. #.#.. #.... #...#
#...# #...# #...# #...# #.... #.... #...# #...# ..#.. #..#. #..#. #.... #...#
#...# ####. .###. ####. ##### #.... .###. #...# .###. .##.. #...# ##### #...#
"""
_LETTERS_FROM_N: Final = """
#...# .###. ####. .###. ####. .#### ##### #...# #...# #...# #...# #...# #####
##..# #...# #...# #...# #...# #.... ..#.. #...# #...# #...# #...# #...# ....#
##..# #...# #...# #...# #...# #.... ..#.. #...# #...# #...# .#.#. .#.#. ...#.
#.#.# #...# ####. #...# ####. .###. ..#.. #...# #...# #.#.# ..#.. ..#.. ..#..
#..## #...# #.... #.#.# #.#.. ....# ..#.. #...# #...# #.#.# .#.#. ..#.. .#...
#..## #...# #.... #..#. #..#. ....# ..#.. #...# .#.#. ##.## #...# ..#.. #....
#...# .###. #.... .##.# #...# ####. ..#.. .###. ..#.. #...# #...# ..#.. #####
"""
_SIGNS: Final = """
..... ..... ..... .#.#. ..#.. .###. ....# #...# ..... .....
..... ..... ..... .#.#. ..#.. #...# ....# #...# ..... .....
..... ..... ..... ##### ..#.. ....# ...#. .#.#. ..... .....
##### ..... ..... .#.#. ..#.. ..##. ...#. ..#.. ..... .###.
..... ..... ..... ##### ..#.. ..#.. #.#.. .#.#. ..... .###.
..... ..... .##.. .#.#. ..... ..... #.#.. #...# ..... .....
..... ##### .##.. .#.#. ..#.. ..#.. .#... #...# ..... .....
"""
_PASSED_NOTE: Final = """
................ ................ ................ ................
..#...#########. ..#........##... ..#...########.. ..############..
..##.....#.##... ..##.......##... ..#...#......#.. ................
...##.....##.... ...##......##... ######.######... ................
......#########. ....##########.. ..#...#......#.. ................
......#...#...#. ...........##... ..#...########.. .##############.
####..#########. ####.......##... ..#............. .......##.......
..##..#...#...#. ..##..##...##... ..###.#########. .......##.......
..##..#########. ..##...##..##... ###......#...... ...##..##..##...
..##..#...#...#. ..##....#..##... ..#...#..#####.. ..##...##...##..
..##..#...#.##.. ..##.......##... ..#...#..#...... ..#....##....#..
..##............ ..##.....###.... ..#..##..#...... .##....##....##.
.####........... .####........... ..#..####.#..... .......##.......
##..###......... ##..###......... ..#.##..######.. .......##.......
#.....#########. #.....#########. ###.#........... .....###........
................ ................ ................ ................
"""
_LOOK_RESCAN: Final = """
................ ................ ................ ................
.##.......#..... ..###########... ..###########... ..#.............
..##.#########.. .......##....... .......##....... ..#...#########.
...#......#..... ..###########... .##############. ..#...........#.
......#######... ......##........ .......##....... ######........#.
..........#..... .##############. ..############.. ..#...........#.
####.#########.. .....##......... ..#....##....#.. ..#.#.........#.
..##............ ....##########.. ..############.. ..###.#########.
..##..#######... ...###......##.. ..#....##....#.. ###...........#.
..##..#.....#... ..##..########.. ..############.. ..#...........#.
..##..#######... .##.##......##.. .......##....... ..#...........#.
..##.##.....#... ##..##########.. ..############.. ..#...........#.
..##.##.....#... ....##......##.. .......##....... ..#...........#.
..#####.....#... ....##########.. .......##....... ..#...#########.
..#..#....###... ....##......##.. .##############. ###...........#.
................ ................ ................ ................
"""
_ERROR: Final = """
................ ................
.......##....... ..#......#..#...
..#....##....#.. .####.#########.
..#....##....#.. .#.......#..#...
..#....##....#.. ##.......#..#...
..############.. .####.#########.
.......##....... ..#.............
.......##....... ..#....#######..
.#.....##.....#. #####..#.....#..
.#.....##.....#. ..#....#.....#..
.#.....##.....#. ..#....#######..
.#.....##.....#. ..#.#..#.....#..
.#.....##.....#. ..###..#.....#..
.##############. ..##...#######..
..............#. .......#.....#..
................ ................
"""


def _glyphs(characters: str, table: str) -> dict[str, Picture]:
    rows = [line.split(" ") for line in table.strip().splitlines()]
    return {character: tuple(row[place] for row in rows) for place, character in enumerate(characters)}


_LATIN: Final = (
    _glyphs("0123456789", _DIGITS)
    | _glyphs("ABCDEFGHIJKLM", _LETTERS_TO_M)
    | _glyphs("NOPQRSTUVWXYZ", _LETTERS_FROM_N)
    | _glyphs("-_.#!?✔✘ ·", _SIGNS)
)
_CHINESE: Final = (
    _glyphs("通过提示", _PASSED_NOTE) | _glyphs("请看重扫", _LOOK_RESCAN) | _glyphs("出错", _ERROR)
)

_LATIN_SIZES: Final[tuple[tuple[tuple[int, ...], int], ...]] = (
    ((1, 1, 1, 1, 1), 1),
    ((2, 1, 2, 1, 2), 2),  # narrower than high: four digits beside a word on 80 columns
    ((3, 3, 3, 3, 3), 3),
    ((4, 4, 4, 4, 4), 4),
    ((6, 6, 6, 6, 6), 6),
)
_CHINESE_SIZES: Final = (1, 2, 3)
SIZES: Final = len(_LATIN_SIZES)


def can_draw(text: str) -> bool:
    """Whether every character has a picture; small letters are drawn as capitals."""
    return bool(text) and all(char in _LATIN or char in _CHINESE for char in text.upper())


@lru_cache(maxsize=256)
def draw(text: str, size: int) -> tuple[str, ...]:
    """The lines of a text in big letters.

    Parameters
    ----------
    text
        Characters for which `can_draw` holds; others are left out.
    size
        From 0, below `SIZES`: 4, 7, 11, 14 or 21 lines for Latin letters; 8, 16 or 24 for Chinese ones.

    Returns
    -------
    tuple of str
        Lines of equal length, of blanks and half blocks.
    """
    pictures = [_scaled(char, size) for char in text.upper() if char in _LATIN or char in _CHINESE]
    height = max(map(len, pictures), default=0)
    rows = [_GAP.join(_row(picture, row, height) for picture in pictures) for row in range(height)]
    if height % 2:
        rows.append("." * len(rows[0]))
    return tuple(_half_blocks(rows[place], rows[place + 1]) for place in range(0, len(rows), 2))


_GAP: Final = "."
_BLOCKS: Final = {("#", "#"): "█", ("#", "."): "▀", (".", "#"): "▄", (".", "."): " "}


def _row(picture: Sequence[str], row: int, height: int) -> str:
    """A row of a picture that stands on the base line of the highest one."""
    place = row - (height - len(picture))
    return picture[place] if place >= 0 else "." * len(picture[0])


def _half_blocks(upper: str, lower: str) -> str:
    return "".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True))


def _scaled(char: str, size: int) -> Picture:
    if char in _LATIN:
        widths, height = _LATIN_SIZES[min(size, SIZES - 1)]
        return _stretched(_LATIN[char], widths, height)
    factor = _CHINESE_SIZES[min(size, len(_CHINESE_SIZES) - 1)]
    return _stretched(_CHINESE[char], (factor,) * 16, factor)


def _stretched(picture: Picture, widths: Sequence[int], height: int) -> Picture:
    rows = ("".join(dot * width for dot, width in zip(row, widths, strict=True)) for row in picture)
    return tuple(row for row in rows for _ in range(height))
