"""Marks are measured alike however many there are and however large they are."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops.flat import Flat
from ybda_qc.imaging.ops.marks import Mark, find_marks


def marks_of(depth: np.ndarray) -> list[Mark]:
    height, width = depth.shape
    return find_marks(
        Flat(
            depth=depth.astype(np.int16),
            ground=np.full((height // 8, width // 8), 200, np.uint8),
            sigma=np.full((height // 32, width // 32), 1.0, np.float32),
        )
    )


def bar(
    size: tuple[int, int] = (640, 640), *, left: int = 100, width: int = 60, height: int = 12
) -> np.ndarray:
    depth = np.zeros(size, np.int16)
    depth[200 : 200 + height, left : left + width] = 100
    return depth


def test_bare_paper_has_no_marks() -> None:
    assert marks_of(np.zeros((640, 640))) == []


def test_a_bar_is_measured() -> None:
    (mark,) = marks_of(bar())

    assert (mark.left, mark.top, mark.width, mark.height, mark.area) == (100, 200, 60, 12, 720)
    assert mark.depth == pytest.approx(0.5)
    assert mark.snr == pytest.approx(100)
    assert mark.sharpness == pytest.approx(0.5, abs=0.01)
    assert mark.thickness == pytest.approx(12, abs=1)
    assert (mark.x, mark.y) == pytest.approx((129.5, 205.5))
    assert mark.angle == pytest.approx(0)


def test_a_mark_does_not_depend_on_its_neighbours() -> None:
    alone = marks_of(bar())[0]
    crowd = bar()
    for row in range(300, 600, 20):
        for column in range(20, 600, 20):
            cv2.circle(crowd, (column, row), 5, 80, -1)

    assert marks_of(crowd)[0] == alone


@pytest.mark.parametrize("size", [(60, 12), (400, 300)])
def test_blur_lowers_sharpness(size: tuple[int, int]) -> None:
    depth = bar(width=size[0], height=size[1]).astype(np.float32)
    depth[212::12] *= 0.3  # a mark as large as a picture has edges inside
    sharp = [marks_of(cv2.GaussianBlur(depth, (0, 0), sigma))[0].sharpness for sigma in (0.5, 1.0, 1.5)]

    assert sharp == sorted(sharp, reverse=True)
    assert sharp[0] > sharp[2]


def test_a_mark_at_the_edge_is_as_sharp_on_a_plane_where_single_pixels_are_asked() -> None:
    large = np.zeros((640, 640), np.int16)
    large[0:12, 300:360] = 100

    (few,) = marks_of(large)
    (many,) = marks_of(large[:64, 270:390])  # so small that the slopes of all of it are taken

    assert few.sharpness == many.sharpness
    assert few.thickness == many.thickness
