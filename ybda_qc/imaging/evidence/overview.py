"""The whole page, made small."""

import cv2
import numpy as np

from ybda_qc.imaging.evidence.canvas import Canvas, as_rgb
from ybda_qc.imaging.view import PageView


class Overview(Canvas):
    """The page on a picture.

    Parameters
    ----------
    view
        The page; its reduced colour plane is used, no second decode.
    long_side
        Of the page on the picture in pixels, at most; a smaller page is not enlarged.

    Attributes
    ----------
    scale
        Pixels of the picture to one stored pixel.
    """

    def __init__(self, view: PageView, long_side: int) -> None:
        plane = view.colour
        height, width = plane.pixels.shape[:2]
        scale = min(1.0, long_side / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(plane.pixels, size, interpolation=cv2.INTER_AREA)
        super().__init__(np.array(as_rgb(np.asarray(small, dtype=np.uint8))))
        self.scale = scale / plane.factor
