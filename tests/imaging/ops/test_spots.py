"""Small marks that stand alone are found to a fraction of a pixel; writing is not."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops import spots
from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.spots import Spots, find_spots, mark_cells

SIZE = (800, 600)


def look(grey: np.ndarray, paper: int = 240, most: int = 32) -> Spots:
    ink = Ink(
        inside=np.full(grey.shape, 255, np.uint8),
        mask=np.zeros(grey.shape, np.uint8),
        ground=np.full((100, 75), paper, np.uint8),
        noise=np.ones((25, 19), np.float32),
    )
    return find_spots(grey, ink, mark_cells(grey, ink), most=most)


def sheet(paper: int = 240) -> np.ndarray:
    return np.full(SIZE, paper, np.uint8)


@pytest.mark.parametrize("shift", range(5))
def test_a_spot_has_its_place(shift: int) -> None:
    grey = sheet()
    grey[300:303, 200 + shift : 204 + shift] = 60

    found = look(grey)

    assert found.x.tolist() == pytest.approx([201.5 + shift])
    assert found.y.tolist() == pytest.approx([301])
    assert not found.bright.any()


def test_a_bright_spot_shows_on_grey_paper() -> None:
    grey = sheet(170)
    grey[300:303, 200:203] = 240
    found = look(grey, 170)
    assert (found.x.tolist(), found.bright.tolist()) == ([201], [True])


def test_marks_with_something_near_and_large_marks_are_none() -> None:
    grey = sheet()
    grey[300:304, 100:500] = 60  # a line
    grey[306:308, 200:202] = 60  # and what hangs on it
    grey[500:530, 200:230] = 60
    assert look(grey).x.size == 0


def test_those_that_stand_out_most_come_first() -> None:
    grey = sheet()
    for number in range(10):
        grey[50 + 60 * number : 53 + 60 * number, 200:203] = 150 - 10 * number
    assert look(grey, most=3).y.tolist() == pytest.approx([591, 531, 471])


@pytest.mark.parametrize("shape", [(4, 4), (7, 900), (30, 30)])
def test_small_pictures_have_none(shape: tuple[int, int]) -> None:
    grey = np.full(shape, 240, np.uint8)
    assert look(grey).x.size == 0


@pytest.mark.parametrize("cell", [2, 4, 8])
def test_pixels_are_pooled_by_whole_cells(cell: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spots, "CELL", cell)
    grey = np.random.default_rng(1).integers(0, 256, (67, 45), np.uint8)
    rows, columns = (side // cell for side in grey.shape)
    cells = grey[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)

    assert (spots._pooled(grey, cv2.min) == cells.min(axis=(1, 3))).all()
