"""The picture of one finding on one page."""

from ybda_qc.imaging.evidence.canvas import corners_of
from ybda_qc.imaging.evidence.overview import Overview
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Drawing, Finding

_MAX_BOXES = 60


def draw_evidence(view: PageView, finding: Finding, drawing: Drawing, long_side: int) -> bytes:  # noqa: ARG001
    """The page as a small JPEG with the defect marked on it.

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
    page = Overview(view, long_side)
    for box in finding.boxes[:_MAX_BOXES]:
        page.frame(*corners_of(box, page.scale))
    return page.encode()
