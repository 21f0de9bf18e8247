"""Tiles outlined, and one of them magnified so far that single pixels show: blur, grain, stairs."""

from ybda_qc.imaging.evidence.boxes import MAX_BOXES
from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.figures import figure_of
from ybda_qc.imaging.evidence.panel import CutOut, Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Finding

_ZOOM = 3.0


def draw_tiles(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """Each box outlined; the first one magnified beside the page with the measured number."""
    page = Overview(view, long_side)
    boxes = finding.boxes[:MAX_BOXES]
    for box in boxes:
        page.outline(box, apart=0)
    cut_out = CutOut.round(view, page, boxes[0], zoom=_ZOOM) if boxes else None
    figure = figure_of(finding)
    if cut_out is not None and figure is not None:
        cut_out.label(figure, (0, 0))
    return page.with_cut_out(cut_out)
