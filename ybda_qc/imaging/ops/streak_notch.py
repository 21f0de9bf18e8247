"""A bright streak on white paper, which shows only where it cuts ink, measured on the stored pixels."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.quantile import median_along, quantile
from ybda_qc.imaging.ops.streak_profile import Profile
from ybda_qc.imaging.ops.streaks import Suspect

Pixels = NDArray[np.uint8]

_ROWS_IN_INK: Final = 1700
_INK: Final = 0.55  # of the paper
_CUTS: Final = 16  # strokes that a bright streak must cut
_UNCROSSED: Final = 0.94  # share of the strokes beside it that do not cross it
_LONGEST_CUT: Final = 12  # pixels of the plane, on average
_MOST_CUT: Final = 0.3  # of the run
_LEAST_RUN: Final = 0.4  # of the length
_CUT: Final = 0.15  # of the paper: rise in level where a stroke is cut
_PARTS: Final = 6  # of the length, of which half must show it
_IN_CELLS: Final = 7  # places: fewer stand at multiples of some pitch by chance
_IN_STEP: Final = 0.93  # resultant length of their phases: 6 % of the pitch beside their places in the mean
_PITCH_STEP: Final = 0.02  # of a period, at the furthest place


def measure_notch(pixels: Pixels, suspect: Suspect, *, factor: int) -> Profile | None:
    """Look closely at a column or row that holds less ink; None where ink crosses it.

    A stroke that a white streak cuts goes on for some pixels on either side; the gap between two letters or
    two rules seldom looks so, and never in nearly every line.

    Parameters
    ----------
    pixels
        uint8, (H, W) or (H, W, 3): the stored pixels.
    suspect
        From `find_notches` on a plane of these pixels.
    factor
        Reduction of that plane.
    """
    reach = 3 * factor + 4
    middle = int((suspect.place + 0.5) * factor)
    first = max(0, middle - reach)
    length, breadth = pixels.shape[:2] if suspect.upright else pixels.shape[1::-1]
    if middle < reach or middle + reach + 1 > breadth:
        return None
    stride = max(1, length // _ROWS_IN_INK)
    if suspect.upright:
        slab = pixels[::stride, first : middle + reach + 1].swapaxes(0, 1)
    else:
        slab = pixels[first : middle + reach + 1, ::stride]
    slab = np.ascontiguousarray(slab if slab.ndim == 2 else slab[..., 1])
    return _in_ink(slab, middle - first, factor, first, stride)


def stand_in_cells(places: Sequence[float], *, least: float) -> bool:
    """Whether places stand at whole multiples of one pitch: the gaps between letters that are set in cells.

    The phases of the places at each pitch are averaged as unit vectors (Mardia and Jupp, Directional
    statistics, 2000): the resultant is 1 where all agree.

    Parameters
    ----------
    places
        Across the cells, in pixels.
    least
        Pitch from which to look, in the same pixels.
    """
    if len(places) < _IN_CELLS:
        return False
    ordered = np.sort(np.array(places, np.float64))
    across = ordered[-1] - ordered[0]
    highest, lowest = 1 / least, 1 / max(least, 1.2 * float(np.diff(ordered).min()))
    rates = np.arange(lowest, highest + _PITCH_STEP / across, _PITCH_STEP / across)
    phases = np.exp(2j * np.pi * rates[:, None] * ordered)
    return bool(np.abs(phases.mean(axis=1)).max() >= _IN_STEP)


def _in_ink(slab: Pixels, centre: int, factor: int, first: int, stride: int) -> Profile | None:
    """The clearest place where strokes on both sides are cut and none goes across; `slab` has it across."""
    length = slab.shape[1]
    paper = quantile(slab[:, :: max(1, length // 200)].ravel(), 0.9)
    ink = _INK * paper
    dark = slab < ink
    best: Profile | None = None
    near = slice(centre - factor, centre + factor + 1)
    emptiest = near.start + np.argsort(np.count_nonzero(dark[near], axis=1), kind="stable")[:2]
    # On coarse pictures the gap between letters is as narrow as a streak of three pixels.
    for gap in range(1, factor + 2 if factor > 1 else 2):
        for here in emptiest.tolist():
            # Strokes are no single pixels: of each pair beside the gap both are dark.
            pairs = (here - gap - 1, here - gap, here + gap, here + gap + 1)
            met = np.logical_and.reduce(dark[list(pairs)])
            crossed = np.count_nonzero(met)
            if crossed < _CUTS:
                continue
            rows = np.flatnonzero(met)
            rise = slab[here, rows] - slab[np.array(pairs)[:, None], rows].max(axis=0).astype(np.float32)
            is_cut = rise > _CUT * paper
            cut = rows[is_cut]
            if cut.size < max(_CUTS, _UNCROSSED * crossed):
                continue
            strokes = np.count_nonzero(np.diff(cut) > 1) + 1
            run = cut[-1] - cut[0] + 1
            # The gap of a double rule has ink on both sides nearly everywhere.
            if (
                strokes < _CUTS
                or cut.size > min(_LONGEST_CUT * factor * strokes / stride, _MOST_CUT * run)
                or run < _LEAST_RUN * length
                or np.unique(cut * _PARTS // length).size < _PARTS // 2
            ):
                continue
            contrast = float(median_along(rise[is_cut]))
            if best is None or contrast > best.contrast:
                best = Profile(
                    position=first + here + 0.5,
                    width=2 * gap - 1,
                    start=int(cut[0]) * stride,
                    stop=(int(cut[-1]) + 1) * stride,
                    span=float(run / length),
                    ends=0,
                    contrast=contrast,
                    coverage=float(cut.size / crossed),
                    drift=0.0,
                    step=0.0,
                    spread=0.0,
                    cuts=True,
                )
    return best
