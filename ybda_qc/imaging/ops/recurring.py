"""Places that come back on many pages of a scanner and do not move."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Pages = NDArray[np.int64]

_AROUND: Final = 6  # times the narrow distance: print moves by so much from sheet to sheet
_STILL: Final = 0.7  # share of the spots within the wider distance that lie within the narrow one
LEAST_PAGES: Final = 4  # three spots of forty thousand pages meet by chance
PAUSE: Final = 12  # pages without the spot that end a run
_LEAST_SHARE: Final = 0.4  # of the pages of a run; of two-sided scans one side shows it
_SHIFTS: Final = (0.0, 0.5)  # of a cell: spots that are near share a cell of one of four grids


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """One place: stored pixels from the left and upper edges, and the numbers of its pages, ascending."""

    x: float
    y: float
    pages: Pages


def find_recurring(x: Numbers, y: Numbers, pages: Pages, *, near: float) -> Iterator[Recurring]:
    """Find places at which spots stand on many pages, and hardly any around them; the fullest first.

    Parameters
    ----------
    x, y
        float64 (n,): places in stored pixels.
    pages
        int64 (n,): running number of the page of each.
    near
        Distance, on either axis, within which it is the same place: a spot on the glass does not move.
    """
    order = np.argsort(x, kind="stable")
    x, y, pages = x[order], y[order], pages[order]
    free = np.ones(x.size, np.bool_)
    for centre in _crowded(x, y, 2 * near):
        around = _within(x, y, centre, _AROUND * near)
        around = around[free[around]]
        distance = np.maximum(np.abs(x[around] - centre[0]), np.abs(y[around] - centre[1]))
        still = around[distance <= near]
        if still.size < max(LEAST_PAGES, _STILL * around.size):
            continue
        kept = _runs(pages[still])
        if kept.size:
            free[around] = False
            yield Recurring(x=float(np.median(x[still])), y=float(np.median(y[still])), pages=kept)


def _crowded(x: Numbers, y: Numbers, side: float) -> Numbers:
    """Middles of the cells with spots enough, the fullest first."""
    found = []
    for shift_x in _SHIFTS:
        for shift_y in _SHIFTS:
            column = np.floor(x / side + shift_x).astype(np.int64)
            row = np.floor(y / side + shift_y).astype(np.int64)
            _, inverse, count = np.unique((row << 32) + column, return_inverse=True, return_counts=True)
            full = count >= LEAST_PAGES
            middles = [np.bincount(inverse, axis)[full] / count[full] for axis in (x, y)]
            found.append(np.stack([-count[full].astype(np.float64), *middles], axis=1))
    candidates = np.concatenate(found)
    return candidates[np.lexsort(candidates.T[::-1])][:, 1:]


def _within(x: Numbers, y: Numbers, centre: Numbers, reach: float) -> NDArray[np.intp]:
    first, last = np.searchsorted(x, [centre[0] - reach, centre[0] + reach])
    inside = np.flatnonzero(np.abs(y[first:last] - centre[1]) <= reach) + int(first)
    return np.asarray(inside, dtype=np.intp)


def _runs(pages: Pages) -> Pages:
    """The pages that lie in dense runs; a coincidence now and then is no run."""
    pages = np.unique(pages)
    runs = np.split(pages, np.flatnonzero(np.diff(pages) > PAUSE) + 1)
    kept = [
        run for run in runs if run.size >= LEAST_PAGES and run.size >= _LEAST_SHARE * (run[-1] - run[0] + 1)
    ]
    return np.concatenate(kept) if kept else np.empty(0, np.int64)
