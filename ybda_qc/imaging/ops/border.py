"""Dark borders 黑边: the scanner's bed beside the sheet, side by side of the picture."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.paper import COARSE, Paper

Pixels = NDArray[np.uint8]
Runs = NDArray[np.float32]

_BED_SHARE = 0.45  # of the paper's level: darker is bed
_DARK_BED_SHARE = 0.25  # the same of a bed that is dark all over
_GREY_BED_SHARE = 0.7  # the same of a grey or tinted bed, which must be more even
_CLEAN_SHARE = 0.85  # the same of the outermost pixels of a side that has no border
_LIGHT_PAPER = 140  # level; on darker sheets a lighter strip is a spine or a board of the original
_RIM = 2  # pixels of the coarse plane
_BEYOND_MM = 8.0
_DUST = np.ones((5, 5), np.uint8)
_SLOPE_STEP_MM = 2.5
_STEEPEST = 0.5  # the edge of the sheet beside this side; steeper is the edge of the next side
_LEAST_COVER = 0.10  # of the side
_WIDTH_PERCENTILE = 95  # of the runs: a wedge counts where it is wide, a torn corner does not
_UNEVEN = 60  # levels between the 5th and the 90th percentile: a bed is even, a photograph is not
_UNEVEN_SHARE = 0.45  # of the step from a grey bed to the paper, between the 2nd and 98th percentile
_SOFT_MM = 2.0  # a sheet ends within less; the shadow of a gutter takes more
_CROOKED_MM = 2.5
_LEAP_MM, _LEAPS_PER_MM = 2.0, 0.1
_SAMPLES = 48


class Side(StrEnum):
    """A side of the picture."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A dark border on one side.

    Parameters
    ----------
    width
        In pixels of the plane, where it is wide; 0 where there is none.
    narrow
        The same where it is narrow: the wedge beside a turned sheet may run out.
    start, stop
        From where to where along the side it runs, in pixels of the plane.
    """

    width: float
    narrow: float
    start: int
    stop: int


NO_BORDER = Border(width=0.0, narrow=0.0, start=0, stop=0)


def measure_borders(grey: Pixels, paper: Paper, *, scale: float) -> dict[Side, Border]:
    """Width of the bed on each side of the picture.

    From each side inwards the dark pixels of every row are counted; the rows that end on the edge of the
    sheet beside this side (and not on that of the next side) are kept, so that the wedge beside a turned
    sheet has the width of its wide end. A border is even, ends sharply and is straight; dark pictures
    that bleed off the page, gutter shadows and tinted paper are not. A grey or tinted bed is told from the
    paper halfway between the levels of both; it bears neither writing nor picture.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper
        Where the paper is; on a dark page nothing can be told.
    scale
        Pixels a millimetre.
    """
    if paper.is_dark:
        return dict.fromkeys(Side, NO_BORDER)
    coarse = paper.coarse_grey
    return {side: _border(_turned(grey, side), _turned(coarse, side), paper.level, scale) for side in Side}


def _border(grey: Pixels, coarse: Pixels, paper: int, scale: float) -> Border:
    """The border on the left of a picture: a dark bed or a grey one."""
    first = coarse[:, 0]
    if np.count_nonzero(first < _CLEAN_SHARE * paper) < _LEAST_COVER * first.size:
        return NO_BORDER
    dark = _measure(grey, coarse, paper * _BED_SHARE, scale)
    level = _rim_level(coarse, paper) if paper >= _LIGHT_PAPER else None
    if level is None or level < _DARK_BED_SHARE * paper:
        return dark
    bright = _measure(grey, coarse, (level + paper) / 2, scale, step=paper - level)
    return max(dark, bright, key=lambda border: border.width)


def _rim_level(coarse: Pixels, paper: int) -> float | None:
    """Level of what is darker than paper at the very edge; None where that is little."""
    rim = coarse[:, :_RIM].mean(axis=1)
    dark = rim[rim < _GREY_BED_SHARE * paper]
    return float(np.median(dark)) if dark.size >= max(2, _LEAST_COVER * rim.size) else None


def _turned(plane: Pixels, side: Side) -> Pixels:
    """The plane with a side on its left."""
    return {Side.LEFT: plane, Side.RIGHT: plane[:, ::-1], Side.TOP: plane.T, Side.BOTTOM: plane[::-1].T}[side]


def _measure(
    grey: Pixels, coarse: Pixels, limit: float, scale: float, *, step: float | None = None
) -> Border:
    """What is darker than a limit on the left of a picture, if it is a bed; of a grey one `step` levels."""
    strip = np.ascontiguousarray(grey[:, : _reach(coarse, limit, scale)])
    runs, ends = _runs(strip, limit)
    keep = _beside(runs, ends, max(1, round(_SLOPE_STEP_MM * scale)))
    dark = keep & (runs >= 1)
    if np.count_nonzero(dark) < max(2, _LEAST_COVER * grey.shape[0]):
        return NO_BORDER
    narrow, width = np.percentile(runs[keep], (100 - _WIDTH_PERCENTILE, _WIDTH_PERCENTILE)).tolist()
    if width < 1 or not _is_bed(strip, runs, dark, scale, step):
        return NO_BORDER
    if step is not None and _bears_letters(runs[ends & (runs >= 1)], scale):
        return NO_BORDER
    rows = np.flatnonzero(dark)
    return Border(width=width, narrow=narrow, start=int(rows[0]), stop=int(rows[-1]) + 1)


def _reach(coarse: Pixels, limit: float, scale: float) -> int:
    """How deep to look, told on a coarse plane: past where the sheet begins beside this side."""
    runs, ends = _runs(np.ascontiguousarray(coarse), limit)
    keep = _beside(runs, ends, max(1, round(_SLOPE_STEP_MM * scale / COARSE)))
    deepest = float(runs[keep].max()) * COARSE if keep.any() else 0.0
    return round(deepest + _BEYOND_MM * scale) + 2 * COARSE


def _runs(plane: Pixels, limit: float) -> tuple[Runs, NDArray[np.bool_]]:
    """Dark pixels of each row from the left, and whether light follows."""
    bright = cv2.threshold(plane, limit, 255, cv2.THRESH_BINARY)[1]
    # The opening takes dust off the bed and keeps the place of straight edges.
    light = np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, _DUST), dtype=np.bool_)
    return light.argmax(axis=1).astype(np.float32), np.asarray(light.any(axis=1), dtype=np.bool_)


def _beside(runs: Runs, ends: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """Rows whose dark run ends on the edge of the sheet beside this side."""
    if runs.size <= 2 * step:
        return ends
    rise = np.full(runs.size, np.inf, np.float32)
    both = ends[step:] & ends[:-step]
    rise[step:] = np.where(both, np.abs(runs[step:] - runs[:-step]), np.inf)
    ahead = np.full(runs.size, np.inf, np.float32)
    ahead[:-step] = rise[step:]
    return ends & (np.minimum(rise, ahead) <= _STEEPEST * step)


def _is_bed(strip: Pixels, runs: Runs, dark: NDArray[np.bool_], scale: float, step: float | None) -> bool:
    rows = np.flatnonzero(dark)
    rows = rows[np.linspace(0, rows.size - 1, min(_SAMPLES, rows.size)).astype(int)]
    bed = np.concatenate([strip[row, : max(1, int(runs[row]) - 2)] for row in rows])
    least, low, high, most = np.percentile(bed, [2, 5, 90, 98])
    if high - low > _UNEVEN or (step is not None and most - least > _UNEVEN_SHARE * step):
        return False
    softness = [_edge_width(strip[row], int(runs[row]), float(low), scale) for row in rows]
    if float(np.median(softness)) > _SOFT_MM * scale:
        return False
    return _crookedness(np.flatnonzero(dark), runs[dark]) <= _CROOKED_MM * scale


def _edge_width(row: Pixels, run: int, bed: float, scale: float) -> float:
    """Pixels between a quarter and three quarters of the rise from bed to paper."""
    after = row[run : run + max(2, round(6 * scale))]
    if after.size < 2:
        return 0.0
    paper = float(np.percentile(after, 75))
    first = row[: run + after.size] >= bed + 0.25 * (paper - bed)
    last = row[: run + after.size] >= bed + 0.75 * (paper - bed)
    begin = max(0, run - round(4 * scale))
    return float(np.argmax(last[run:]) + run - (np.argmax(first[begin:]) + begin))


def _crookedness(rows: NDArray[np.intp], runs: Runs) -> float:
    """Median distance of the ends from a straight line through them (Theil, 1950; Sen, 1968)."""
    pick = np.linspace(0, rows.size - 1, min(_SAMPLES, rows.size)).astype(int)
    x, y = rows[pick].astype(np.float64), runs[pick].astype(np.float64)
    run = x[:, None] - x[None, :]
    some = run > 0
    if not some.any():
        return 0.0
    slope = float(np.median((y[:, None] - y[None, :])[some] / run[some]))
    rest = y - slope * x
    return float(np.median(np.abs(rest - np.median(rest))))


def _bears_letters(runs: Runs, scale: float) -> bool:
    """Whether rows end now on the edge and now far before it, as on bold white letters on a printed bar."""
    leaps = np.count_nonzero(np.abs(np.diff(runs)) > _LEAP_MM * scale)
    return bool(leaps * scale > _LEAPS_PER_MM * runs.size)
