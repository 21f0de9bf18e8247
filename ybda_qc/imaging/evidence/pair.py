"""Two pages side by side."""

from collections.abc import Sequence

from ybda_qc.imaging.evidence.canvas import Canvas, beside
from ybda_qc.imaging.evidence.panel import Overview
from ybda_qc.imaging.view import PageView, Pixels
from ybda_qc.model import Box


def draw_pair(
    left: PageView,
    right: PageView,
    long_side: int,
    *,
    left_boxes: Sequence[Box] = (),
    right_boxes: Sequence[Box] = (),
) -> bytes:
    """Two pages side by side, named A and B, as a small JPEG.

    Parameters
    ----------
    left, right
        The pages; their reduced colour planes are used, no second decode.
    long_side
        Of each page on the picture in pixels, at most.
    left_boxes, right_boxes
        What is framed on each, in pixels of the stored image.

    Returns
    -------
    bytes
        A JPEG file.
    """
    panels = [
        _panel(view, long_side, boxes, name)
        for view, boxes, name in ((left, left_boxes, "A"), (right, right_boxes, "B"))
    ]
    return Canvas(beside(panels)).encode()


def _panel(view: PageView, long_side: int, boxes: Sequence[Box], name: str) -> Pixels:
    page = Overview(view, long_side)
    for box in boxes:
        page.outline(box)
    page.label(name, (0, 0))
    return page.pixels
