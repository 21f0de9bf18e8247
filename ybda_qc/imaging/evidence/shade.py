"""Regions under a hatch, with the measured number: borders, corners, what lies outside the sheet."""

from ybda_qc.imaging.evidence.boxes import MAX_BOXES
from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.figures import figure_of
from ybda_qc.imaging.evidence.panel import CutOut, Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Finding

_BELOW = 20.0  # px under a region that is small enough to be hidden by its label


def draw_shade(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """Each box under a hatch; a small one is cut out beside the page, unhatched."""
    page = Overview(view, long_side)
    boxes = finding.boxes[:MAX_BOXES]
    cut_out = CutOut.round(view, page, boxes[0]) if boxes else None
    for box in boxes:
        page.hatch(*page.corners(box))
        if cut_out is not None:
            cut_out.outline(box)
    figure = figure_of(finding)
    if boxes and figure is not None:
        widest = max(boxes, key=lambda box: min(box.width, box.height))
        left, top, right, bottom = (cut_out or page).corners(widest)
        if cut_out is not None:
            top = bottom = bottom + _BELOW
        (cut_out or page).label(figure, ((left + right) / 2, (top + bottom) / 2))
    return page.with_cut_out(cut_out)
