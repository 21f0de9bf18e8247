"""Reads the text of a page: upright, at the resolution that reads best for its cost, in bounded memory."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from ybda_qc.imaging.direction import Direction, read_direction
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageText, QuarterTurn, TextLine
from ybda_qc.ocr.engine import Engine, Pixels
from ybda_qc.ocr.tiles import read_page
from ybda_qc.ocr.turning import stored_line, turned

SETTINGS: Final = 6
"""Raised whenever the same page and engine can give another text: part of what known text is kept under."""

_DPI: Final = 200.0  # that is read
_LONG_SIDE_UNKNOWN_DPI: Final = 2400  # px
_LEAST_DPI: Final = 90.0  # that is believed: less is what programs write that do not know
_LEAST_INCHES: Final = 2.0  # of the long side: less makes a page a stamp, and its resolution is not believed
_READS_WELL: Final = 0.85  # mean confidence of characters: the page need not be tried in another direction
_WORTH_A_TRY: Final = 2  # characters


class PageReader:
    """Reads pages with one engine.

    Parameters
    ----------
    engine
        Is given pages that stand upright.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, view: PageView) -> PageText:
        """Text of a page, its boxes in stored pixels.

        A page whose direction 方向 is not sure, or that reads badly, is tried in others; what reads best is
        kept. The stored pixels are let go of by the view before a page larger than A3 is read.

        Raises
        ------
        ImageFault
            The file is damaged.
        """
        height, width = view.pixels.shape[:2]
        direction = _direction(view)
        pixels, dpi = _plane(view)
        best: tuple[float, QuarterTurn, Sequence[TextLine]] | None = None
        for turn in _turns(direction):
            lines = read_page(self._engine, turned(pixels, turn), dpi)
            if best is None or _legibility(lines) > best[0]:
                best = (_legibility(lines), turn, lines)
            if _reads_well(lines) or (not lines and direction is None):
                break
        assert best is not None
        _, turn, lines = best
        upright = pixels.shape[1::-1] if turn in (0, 180) else pixels.shape[:2]
        return PageText(
            width_px=width,
            height_px=height,
            turn=turn,
            lines=tuple(stored_line(line, turn, upright, (width, height)) for line in lines),
        )


def _direction(view: PageView) -> Direction | None:
    plane = view.grey.pixels
    if view.paper.is_dark:  # bright writing
        plane = np.asarray(cv2.bitwise_not(plane), dtype=np.uint8)
    return read_direction(plane, view.ink.mask)


def _turns(direction: Direction | None) -> Iterator[QuarterTurn]:
    """Turns to try, the likeliest first; where it is sure the opposite only, in case it reads badly."""
    likeliest = direction.turn_degrees if direction else 0
    opposite = (likeliest + 180) % 360
    others = () if direction and direction.is_sure else ((likeliest + 90) % 360, (likeliest + 270) % 360)
    yield from (likeliest, opposite, *others)


def _plane(view: PageView) -> tuple[Pixels, float | None]:
    """The stored page, reduced, and its resolution where that is known."""
    pixels = view.pixels
    long_side = max(pixels.shape[:2])
    dpi = view.dpi if view.dpi and _LEAST_DPI <= view.dpi <= long_side / _LEAST_INCHES else None
    scale = min(1.0, _DPI / dpi if dpi else _LONG_SIDE_UNKNOWN_DPI / long_side)
    if scale == 1.0:
        return pixels, dpi
    size = tuple(max(1, round(side * scale)) for side in pixels.shape[1::-1])
    reduced = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return reduced, None if dpi is None else dpi * scale


def _legibility(lines: Sequence[TextLine]) -> float:
    """How much was read how surely: the wrong direction gives fewer characters, and unsure ones."""
    return sum(len(word.text) * word.confidence**2 for line in lines for word in line.words)


def _reads_well(lines: Sequence[TextLine]) -> bool:
    characters = sum(len(word.text) for line in lines for word in line.words)
    sure = sum(len(word.text) * word.confidence for line in lines for word in line.words)
    return characters >= _WORTH_A_TRY and sure >= _READS_WELL * characters
