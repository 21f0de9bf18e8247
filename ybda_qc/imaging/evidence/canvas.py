"""What pictures of defects are made of: a page made small, and strong thin marks that hide nothing.

Marks are drawn with a white halo, so that they show on ink, on paper and on the dark bed alike; their colour
is one that neither ink nor seals have. Coordinates are floats in pixels of the picture.
"""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.view import Pixels

Point = tuple[float, float]

MARK = (224, 0, 122)  # RGB, magenta: seals are red, ballpoint is blue, highlighters are yellow
REFERENCE = (0, 120, 215)  # what a mark is compared with
HALO = (255, 255, 255)
BACKGROUND = (236, 238, 240)
GAP = 14  # px between panels and round them

_QUALITY = 74
_SHIFT = 4  # bits of fractions of a pixel that OpenCV is given
_FONT = cv2.FontFace("sans")
_LABEL_PX = 17


class Canvas:
    """A picture being drawn.

    Parameters
    ----------
    pixels
        uint8, (H, W, 3) RGB, writable; drawn on in place.
    """

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    def lines(
        self,
        points: Sequence[Point],
        *,
        closed: bool = False,
        colour: tuple[int, int, int] = MARK,
        width: int = 2,
        halo: int = 1,
    ) -> None:
        """A line through points."""
        path = np.rint(np.array(points) * (1 << _SHIFT)).clip(-(2**24), 2**24).astype(np.int32)
        if halo:
            cv2.polylines(self.pixels, [path], closed, HALO, width + 2 * halo, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.pixels, [path], closed, colour, width, cv2.LINE_AA, _SHIFT)

    def dashes(
        self, start: Point, end: Point, *, colour: tuple[int, int, int] = MARK, width: int = 2
    ) -> None:
        """A broken line."""
        first, last = np.array(start), np.array(end)
        pieces = max(1, round(float(np.linalg.norm(last - first)) / 12))
        for piece in range(pieces):
            ends = first + (last - first) * (np.array([[piece], [piece + 0.55]]) / pieces)
            self.lines([tuple(point) for point in ends.tolist()], colour=colour, width=width)

    def frame(self, left: float, top: float, right: float, bottom: float, *, width: int = 2) -> None:
        """A rectangle, kept inside the picture so that all its sides show."""
        inset = width / 2 + 1
        low_x, high_x = inset, max(inset, self.width - 1 - inset)
        low_y, high_y = inset, max(inset, self.height - 1 - inset)
        x0, x1 = np.clip([left, right], low_x, high_x).tolist()
        y0, y1 = np.clip([top, bottom], low_y, high_y).tolist()
        self.lines([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], closed=True, width=width)

    def circle(self, centre: Point, radius: float, *, width: int = 2) -> None:
        """A circle."""
        turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        points = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius + np.array(centre)
        self.lines([tuple(point) for point in points.tolist()], closed=True, width=width)

    def arrow(self, tail: Point, head: Point, *, size: float = 11, width: int = 3) -> None:
        """An arrow whose tip is at `head`."""
        vector = np.array(head) - np.array(tail)
        along = vector / max(1e-6, float(np.linalg.norm(vector)))
        across = np.array([-along[1], along[0]])
        base = np.array(head) - along * size
        wing = across * size * 0.6
        corners = np.rint(np.array([head, base + wing, base - wing]) * (1 << _SHIFT)).astype(np.int32)
        stem = [tail, tuple((np.array(head) - along * size * 0.8).tolist())]
        self.lines(stem, colour=HALO, width=width + 2, halo=0)
        cv2.polylines(self.pixels, [corners], True, HALO, 4, cv2.LINE_AA, _SHIFT)
        self.lines(stem, width=width, halo=0)
        cv2.fillPoly(self.pixels, [corners], MARK, cv2.LINE_AA, _SHIFT)

    def hatch(self, left: float, top: float, right: float, bottom: float) -> None:
        """Shade a rectangle: a tint, slanting lines and an outline."""
        x0, x1 = np.clip([np.floor(left), np.ceil(right)], 0, self.width).astype(int).tolist()
        y0, y1 = np.clip([np.floor(top), np.ceil(bottom)], 0, self.height).astype(int).tolist()
        region = self.pixels[y0:y1, x0:x1]
        if region.size == 0:
            return
        ys, xs = np.mgrid[y0:y1, x0:x1]
        strength = np.where((xs + ys) % 9 < 3, 0.85, 0.35)[:, :, np.newaxis]
        region[:] = np.rint(region * (1 - strength) + np.array(MARK) * strength).astype(np.uint8)
        self.frame(x0, y0, x1, y1)

    def label(self, text: str, at: Point, *, colour: tuple[int, int, int] = MARK) -> None:
        """A short text of Latin letters and digits on a plate; its middle is at `at` or as near as fits."""
        box = cv2.getTextSize((1, 1), text, (0, 0), _FONT, _LABEL_PX, 600)
        width, height = int(box[2]), _LABEL_PX
        left = round(min(max(at[0] - width / 2, 7), self.width - width - 7))
        top = round(min(max(at[1] - height / 2, 6), self.height - height - 6))
        plate = [(left - 4, top - 3), (left + width + 4, top + height + 3)]
        cv2.rectangle(self.pixels, plate[0], plate[1], HALO, cv2.FILLED)
        cv2.rectangle(self.pixels, plate[0], plate[1], colour, 1, cv2.LINE_AA)
        cv2.putText(self.pixels, text, (left, top + round(height * 0.84)), colour, _FONT, _LABEL_PX, 600)

    def encode(self) -> bytes:
        """The picture as a JPEG file; thin coloured lines keep their colour."""
        settings = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
        settings += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422]
        settings += [cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
        done, data = cv2.imencode(".jpg", np.ascontiguousarray(self.pixels[:, :, ::-1]), settings)
        if not done:
            raise RuntimeError("the picture of a finding could not be encoded")
        return bytes(data)


def as_rgb(pixels: Pixels) -> Pixels:
    """Three channels of a picture, (H, W, 3)."""
    return np.asarray(
        cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB) if pixels.ndim == 2 else pixels, dtype=np.uint8
    )


def beside(panels: Iterable[Pixels]) -> Pixels:
    """Panels side by side on a quiet ground, their middles on one line."""
    panels = list(panels)
    height = max(panel.shape[0] for panel in panels) + 2 * GAP
    width = sum(panel.shape[1] + GAP for panel in panels) + GAP
    ground: NDArray[np.uint8] = np.full((height, width, 3), BACKGROUND, dtype=np.uint8)
    left = GAP
    for panel in panels:
        top = (height - panel.shape[0]) // 2
        ground[top : top + panel.shape[0], left : left + panel.shape[1]] = panel
        left += panel.shape[1] + GAP
    return ground
