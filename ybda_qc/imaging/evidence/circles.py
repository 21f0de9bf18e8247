"""Specks circled, and the first ones magnified."""

import math

from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.panel import CutOut, Overview, Panel
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, Finding

_MAX_CIRCLES = 120
_LEAST_RADIUS = 7.0  # px
_FREE = 3.0  # px between a speck and its circle


def draw_circles(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """A circle round each box."""
    page = Overview(view, long_side)
    boxes = finding.boxes[:_MAX_CIRCLES]
    cut_out = CutOut.round(view, page, boxes[0]) if boxes else None
    for box in boxes:
        _circle(page, box)
        if cut_out is not None:
            _circle(cut_out, box)
    return page.with_cut_out(cut_out)


def _circle(panel: Panel, box: Box) -> None:
    centre = panel.at(box.left + box.width / 2, box.top + box.height / 2)
    radius = panel.scale * math.hypot(box.width, box.height) / 2 + _FREE
    panel.circle(centre, max(_LEAST_RADIUS, radius))
