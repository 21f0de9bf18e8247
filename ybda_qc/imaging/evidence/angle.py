"""The angle of the writing against the horizontal (of vertical writing: the upright)."""

import math

from ybda_qc.imaging.evidence.canvas import REFERENCE, Canvas, Point
from ybda_qc.imaging.evidence.figures import number_in
from ybda_qc.imaging.evidence.panel import Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, Finding

_REACH = 0.94  # of the page, by the lines
_BESIDE = 9.0  # px beside the writing, so that the line covers none
_ARC = 0.7  # of the lines' length


def draw_angle(view: PageView, finding: Finding, long_side: int) -> Canvas:
    """A line along the writing and a broken one that is level, with the angle between them in figures."""
    page = Overview(view, long_side)
    angle = number_in(finding, "angle")
    upright = bool(finding.boxes) and all(box.height > box.width for box in finding.boxes)
    longest = max(finding.boxes, key=lambda box: max(box.width, box.height), default=None)
    vertex, end, level = _ends(page, longest, math.radians(angle), upright=upright)
    page.dashes(vertex, level, colour=REFERENCE)
    page.lines([vertex, end], width=3)
    page.lines(_arc(vertex, level, math.radians(angle)), width=2)
    middle = ((end[0] + level[0]) / 2, (end[1] + level[1]) / 2)
    page.label(f"{angle:+.2f}°", (middle[0] - 30, middle[1] + (28 if angle < 0 else -28)))
    return page


def _ends(page: Overview, box: Box | None, turn: float, *, upright: bool) -> tuple[Point, Point, Point]:
    """Where both lines start, where the one along the writing ends, and the level one."""
    left, top, right, bottom = page.page
    if box is None:
        x, y = (left + right) / 2, (top + bottom) / 2
    else:
        x0, y0, x1, y1 = page.corners(box)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
    if upright:
        x -= _BESIDE
        length = (bottom - top) * _REACH
        start = (x + (y - top) * math.tan(turn), top + (bottom - top) * (1 - _REACH) / 2)
        return (
            start,
            (start[0] - length * math.tan(turn), start[1] + length),
            (start[0], start[1] + length),
        )
    y += _BESIDE
    length = (right - left) * _REACH
    start = (left + (right - left) * (1 - _REACH) / 2, y - (x - left) * math.tan(turn))
    return start, (start[0] + length, start[1] + length * math.tan(turn)), (start[0] + length, start[1])


def _arc(vertex: Point, level: Point, turn: float) -> list[Point]:
    """From the level line to the other, round the vertex."""
    along_x, along_y = level[0] - vertex[0], level[1] - vertex[1]
    points = []
    for step in range(9):
        part = turn * step / 8
        cos, sin = math.cos(part) * _ARC, math.sin(part) * _ARC
        points.append((vertex[0] + along_x * cos - along_y * sin, vertex[1] + along_x * sin + along_y * cos))
    return points
