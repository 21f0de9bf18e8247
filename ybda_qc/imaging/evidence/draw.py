"""The picture of one finding on one page."""

from collections.abc import Callable, Mapping

from ybda_qc.imaging.evidence.angle import draw_angle
from ybda_qc.imaging.evidence.boxes import draw_boxes, draw_edge
from ybda_qc.imaging.evidence.canvas import Canvas
from ybda_qc.imaging.evidence.circles import draw_circles
from ybda_qc.imaging.evidence.shade import draw_shade
from ybda_qc.imaging.evidence.streak import draw_streak
from ybda_qc.imaging.evidence.tiles import draw_tiles
from ybda_qc.imaging.evidence.turn import draw_turn
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Drawing, Finding

_DRAW: Mapping[Drawing, Callable[[PageView, Finding, int], Canvas]] = {
    Drawing.BOXES: draw_boxes,
    Drawing.SHADE: draw_shade,
    Drawing.ANGLE: draw_angle,
    Drawing.STREAK: draw_streak,
    Drawing.TILES: draw_tiles,
    Drawing.CIRCLES: draw_circles,
    Drawing.TURN: draw_turn,
    Drawing.EDGE: draw_edge,
}


def draw_evidence(view: PageView, finding: Finding, drawing: Drawing, long_side: int) -> bytes:
    """The page as a small JPEG with the defect marked on it; a small defect magnified beside it.

    Parameters
    ----------
    view
        The page; its planes and stored pixels are used, no second decode.
    finding
        Its boxes, and of its values those that the drawing names.
    drawing
        The manner.
    long_side
        Of the page on the picture in pixels, at most; a smaller page is not enlarged.

    Returns
    -------
    bytes
        A JPEG file.
    """
    return _DRAW[drawing](view, finding, long_side).encode()
