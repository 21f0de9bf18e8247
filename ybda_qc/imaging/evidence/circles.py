"""Specks circled, and the first ones magnified."""

import math

import cv2
import numpy as np

from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.panel import CutOut, Overview, Panel
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, Finding

_MAX_CIRCLES = 120
_LEAST_RADIUS = 7.0  # px
_FREE = 3.0  # px between a speck and its circle
_SPECK_MM = 0.6  # what is larger is no speck: a letter, or a tile of the page with specks on it
_DARKER = 35  # levels than the paper round it
_ZOOM = 1.0


def draw_circles(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """A circle round each box; where the boxes are tiles of the page, round the specks in the fullest one."""
    page = Overview(view, long_side)
    boxes = finding.boxes[:_MAX_CIRCLES]
    most = _SPECK_MM * view.scale * view.factor
    if not boxes or max(boxes[0].width, boxes[0].height) <= most:
        cut_out = CutOut.round(view, page, boxes[0]) if boxes else None
        for box in boxes:
            _circle(page, box)
            if cut_out is not None:
                _circle(cut_out, box)
        return page.with_cut_out(cut_out)
    specks = {box: _specks(view, box, most) for box in boxes}
    fullest = max(boxes, key=lambda box: len(specks[box]))
    cut_out = CutOut.round(view, page, fullest, zoom=_ZOOM)
    for box in boxes:
        page.outline(box)
        if cut_out is not None:
            for speck in specks[box]:
                _circle(cut_out, speck)
    return page.with_cut_out(cut_out)


def _specks(view: PageView, tile: Box, most: float) -> list[Box]:
    """What is small, dark and whole in a tile."""
    height, width = view.pixels.shape[:2]
    if tile.top >= height or tile.left >= width:
        return []
    grey = view.grey_tile(max(0, tile.top), max(0, tile.left), tile.height, tile.width)
    dark = (grey < float(np.median(grey)) - _DARKER).astype(np.uint8)
    outlines, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [cv2.boundingRect(outline) for outline in outlines]
    return [
        Box(left=tile.left + left, top=tile.top + top, width=width, height=height)
        for left, top, width, height in found
        if max(width, height) <= most
    ][:_MAX_CIRCLES]


def _circle(panel: Panel, box: Box) -> None:
    centre = panel.at(box.left + box.width / 2, box.top + box.height / 2)
    radius = panel.scale * math.hypot(box.width, box.height) / 2 + _FREE
    panel.circle(centre, max(_LEAST_RADIUS, radius))
