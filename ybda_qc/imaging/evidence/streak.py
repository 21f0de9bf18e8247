"""Streaks: arrows at both ends, beside the page where it ends, so that the streak itself stays uncovered."""

from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.panel import CutOut, Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, Finding

_MAX_STREAKS = 12
_ARROW = 30.0  # px
_OFF = 4.0  # px from the tip to the streak
_SHOWN_PX = 14.0  # of the streak's width in the cut-out


def draw_streak(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """Arrows at the ends of each box, and the middle of the first one magnified."""
    page = Overview(view, long_side, margin=round(_ARROW + _OFF) + 4)
    boxes = finding.boxes[:_MAX_STREAKS]
    for box in boxes:
        _point_at_ends(page, box)
    if not boxes:
        return page
    zoom = max(1.0, min(4.0, _SHOWN_PX / max(1, min(boxes[0].width, boxes[0].height))))
    cut_out = CutOut.round(view, page, boxes[0], zoom=zoom)
    if cut_out is not None:
        _point_from_sides(cut_out, boxes[0])
    return page.with_cut_out(cut_out)


def _point_at_ends(page: Overview, box: Box) -> None:
    left, top, right, bottom = page.corners(box)
    x, y = (left + right) / 2, (top + bottom) / 2
    if box.height >= box.width:
        page.arrow((x, top - _OFF - _ARROW), (x, top - _OFF))
        page.arrow((x, bottom + _OFF + _ARROW), (x, bottom + _OFF))
    else:
        page.arrow((left - _OFF - _ARROW, y), (left - _OFF, y))
        page.arrow((right + _OFF + _ARROW, y), (right + _OFF, y))


def _point_from_sides(cut_out: CutOut, box: Box) -> None:
    left, top, right, bottom = cut_out.corners(box, 3 * _OFF)
    x, y = cut_out.width / 2, cut_out.height / 2
    if box.height >= box.width:
        cut_out.arrow((left - _ARROW, y), (left, y))
        cut_out.arrow((right + _ARROW, y), (right, y))
    else:
        cut_out.arrow((x, top - _ARROW), (x, top))
        cut_out.arrow((x, bottom + _ARROW), (x, bottom))
