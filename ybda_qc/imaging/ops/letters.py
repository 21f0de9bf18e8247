"""Letters among the marks of a page, told by their size and by the company they keep."""

from collections.abc import Sequence

import numpy as np

from ybda_qc.imaging.ops.marks import Mark

# Lengths in millimetres.
_SMALLEST = 1.2
_LARGEST, _FILL = 15.0, 0.15
_WORD = 1.6  # length of two letters run together, in widths
_SOLID = 0.45
_ASPECT = 0.7  # width to height of Latin small letters; Chinese ones seldom run together
_LINE, _LINE_STRAIGHT = 6.0, 0.35  # a ruled or pencilled line, not a word
_REACH, _COMPANY = 4.0, 4


def count_letters(marks: Sequence[Mark], *, scale: float) -> int:
    """How many letters stand in lines, from marks that are letters, or words run together.

    Parameters
    ----------
    marks
        Clear ones; specks scattered over the page are not counted, for want of neighbours.
    scale
        Pixels a millimetre.
    """
    letters = [
        mark
        for mark in marks
        if _SMALLEST * scale <= mark.extent
        and min(mark.width, mark.height) <= _LARGEST * scale
        and mark.fill >= _FILL
    ]
    if not letters:
        return 0
    weight = np.array([_letters_in(mark, scale) for mark in letters])
    x, y = np.array([m.x for m in letters]), np.array([m.y for m in letters])
    half = np.array([0.5 * m.extent for m in letters])
    reach = _REACH * scale + half + half[:, None]
    near = (np.abs(x - x[:, None]) < reach) & (np.abs(y - y[:, None]) < reach)
    return int(weight[near @ weight >= _COMPANY].sum())


def _letters_in(mark: Mark, scale: float) -> int:
    """One, or as many as fit side by side if the mark is a word: long, and not solid like a bar."""
    across = max(1, min(mark.width, mark.height))
    if mark.straightness < _LINE_STRAIGHT * scale and mark.extent > _LINE * scale:
        return 1
    if mark.extent < _WORD * across or across < _SMALLEST * scale:
        return 1
    return max(1, round(mark.extent / (_ASPECT * across))) if mark.thickness < _SOLID * across else 1
