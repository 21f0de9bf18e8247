"""A page as it is, small enough for a report."""

import cv2
import numpy as np

from ybda_qc.imaging.view import PageView

_QUALITY = 78


def draw_page(view: PageView, long_side: int) -> bytes:
    """The page as it is stored, as a JPEG file.

    Parameters
    ----------
    view
        The page; its reduced colour plane is used.
    long_side
        In pixels, at most; a smaller page is not enlarged.

    Raises
    ------
    ImageFault
        If the page cannot be decoded.
    """
    pixels = view.colour.pixels
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    settings = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    bgr = pixels[:, :, ::-1] if pixels.ndim == 3 else pixels
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(bgr), settings)
    if not done:
        raise RuntimeError("the picture of a page could not be encoded")
    return bytes(data)
