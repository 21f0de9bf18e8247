"""Frames: plainly round each box, and round what the edge of the image cuts, with what lies beyond it."""

from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.panel import CutOut, Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Finding

MAX_BOXES = 60


def draw_boxes(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """A frame round each box; the first one cut out beside the page if it is small."""
    return _framed(view, finding, long_side, beyond=False)


def draw_edge(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """The same with the cut-out reaching beyond the edge of the image, so that the cut is seen as one."""
    return _framed(view, finding, long_side, beyond=True)


def _framed(view: PageView, finding: Finding, long_side: int, *, beyond: bool) -> Canvas:
    page = Overview(view, long_side)
    boxes = finding.boxes[:MAX_BOXES]
    cut_out = CutOut.round(view, page, boxes[0], beyond=beyond) if boxes else None
    for box in boxes:
        page.outline(box)
        if cut_out is not None:
            cut_out.outline(box, apart=5)
    return page.with_cut_out(cut_out)
