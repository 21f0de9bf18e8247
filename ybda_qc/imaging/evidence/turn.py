"""A page on its side or on its head: where the top of the writing is, and the page upright."""

import math

import numpy as np

from ybda_qc.imaging.evidence.canvas import GAP, Canvas, beside
from ybda_qc.imaging.evidence.figures import number_in
from ybda_qc.imaging.evidence.panel import Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Finding

_ARROW = 0.36  # of the page's shorter side, to either side of the middle
_UPRIGHT = 0.62  # of the page as it lies


def draw_turn(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """An arrow from the foot of the writing to its top, and beside it the page as it should stand."""
    page = Overview(view, long_side)
    turn = number_in(finding, "turn")
    upright = Overview(view, round(long_side * _UPRIGHT))
    quarters = round(turn / 90) % 4
    small = Canvas(np.ascontiguousarray(np.rot90(upright.pixels, -quarters)))
    # What a clockwise turn brings to the top lies that far anticlockwise of the top now.
    away = math.radians(-90 * quarters - 90)
    left, top, right, bottom = page.page
    reach = _ARROW * min(right - left, bottom - top)
    x, y = (left + right) / 2, (top + bottom) / 2
    dx, dy = reach * math.cos(away), reach * math.sin(away)
    page.arrow((x - dx, y - dy), (x + dx, y + dy), size=max(14.0, reach / 4), width=8)
    small.frame(0, 0, small.width, small.height, width=1)
    whole = Canvas(beside([page.pixels, small.pixels]))
    whole.label(f"{90 * quarters}°", (2 * GAP + page.width + small.width / 2, 2 * GAP))
    return whole
