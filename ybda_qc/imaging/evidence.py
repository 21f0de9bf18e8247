"""Pictures that make a finding visible at a glance: the page, made small, with the boxes drawn on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from ybda_qc.imaging.view import PageView, Pixels
from ybda_qc.model import Box

_QUALITY = 78
_FRAME_COLOUR = (200, 30, 30)  # RGB: red on paper, seldom a colour of text; the shape tells it from a seal
_HALO_COLOUR = (255, 255, 255)
_MIN_BOX = 9  # px on the picture: a speck must still be seen
_MAX_BOXES = 60


def draw_evidence(view: PageView, boxes: Sequence[Box], long_side: int) -> bytes:
    """The page as a small JPEG with the boxes drawn on it.

    Parameters
    ----------
    view
        The page; its reduced colour plane is used, no second decode.
    boxes
        In pixels of the stored image; the first 60 are drawn.
    long_side
        Of the picture in pixels, at most; a smaller page is not enlarged.

    Returns
    -------
    bytes
        A JPEG file.
    """
    plane = view.colour
    picture, scale = _small(plane.pixels, long_side)
    for box in boxes[:_MAX_BOXES]:
        _draw_box(picture, box, scale / plane.factor)
    done, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise RuntimeError("the picture of a finding could not be encoded")
    return bytes(data)


def _small(pixels: Pixels, long_side: int) -> tuple[Pixels, float]:
    """A writable RGB copy no larger than the picture, and its scale."""
    height, width = pixels.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    return np.array(picture, dtype=np.uint8), scale


def _draw_box(picture: Pixels, box: Box, scale: float) -> None:
    width, height = max(_MIN_BOX, box.width * scale), max(_MIN_BOX, box.height * scale)
    centre_x, centre_y = (box.left + box.width / 2) * scale, (box.top + box.height / 2) * scale
    corners = np.array(
        [[centre_x - width / 2, centre_y - height / 2], [centre_x + width / 2, centre_y + height / 2]]
    )
    limits = np.array([picture.shape[1] - 1, picture.shape[0] - 1])
    (left, top), (right, bottom) = np.clip(np.rint(corners), 0, limits).astype(int).tolist()
    for colour, thickness in ((_HALO_COLOUR, 4), (_FRAME_COLOUR, 2)):
        cv2.rectangle(picture, (left, top), (right, bottom), colour, thickness, cv2.LINE_AA)
