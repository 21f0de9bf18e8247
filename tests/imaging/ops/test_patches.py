"""Parts of a page that differ, and pictures told from writing."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops.patches import is_picture, largest_patch


def cells(*rows: str) -> tuple[np.ndarray, np.ndarray]:
    letters = np.array([list(row) for row in rows])
    return letters == "x", letters == "o"


def test_the_largest_group_is_found() -> None:
    patch = largest_patch(*cells("xooo", "ooox", "ooxx"))

    assert np.argwhere(patch).tolist() == [[1, 3], [2, 2], [2, 3]]


def test_a_wedge_beside_sharp_cells_is_a_patch() -> None:
    marked, others = cells("oooooo", "xooooo", "xxxxxx")

    assert np.array_equal(largest_patch(marked, others), marked)


def test_what_lies_among_others_is_none() -> None:
    assert not largest_patch(*cells("xoxo", "oxox", "xoxo")).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (3, 4)])
def test_nothing_marked_is_no_patch(shape: tuple[int, int]) -> None:
    assert not largest_patch(np.zeros(shape, np.bool_), np.ones(shape, np.bool_)).any()


@pytest.mark.parametrize("sigma", [0.5, 3.0, 6.0])
def test_writing_is_no_picture_however_blurred(sigma: float) -> None:
    tile = np.full((80, 80), 230, np.uint8)
    for line in range(3):
        cv2.putText(tile, "word", (2, 24 + 26 * line), cv2.FONT_HERSHEY_COMPLEX, 0.8, 30, 2)

    assert not is_picture(cv2.GaussianBlur(tile, (0, 0), sigma))


def test_wide_dark_areas_beside_wide_light_ones_are_a_picture() -> None:
    tile = np.full((80, 80), 180, np.uint8)
    cv2.fillPoly(tile, [np.array([[0, 0], [79, 0], [0, 79]], np.int32)], 60)

    assert is_picture(tile)
    assert not is_picture(tile[:20])
