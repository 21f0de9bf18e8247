"""Places of spots as a page keeps them."""

import numpy as np

from ybda_qc.checks._spots import parse_places, write_places
from ybda_qc.imaging.ops.spots import Spots


def test_places_are_written_and_read() -> None:
    spots = Spots(x=np.array([10.0, 7.25]), y=np.array([20.0, 0.0]), bright=np.array([False, True]))
    text = write_places(spots, 2)
    assert text == "20,40 15,0+"
    assert parse_places(text).tolist() == [[20, 40, 0], [15, 0, 1]]
    assert parse_places("").shape == (0, 3)
