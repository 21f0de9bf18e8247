"""A page made small for a report: its proportions and colours stay."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.evidence import draw_page
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.synth import write_page


def drawn(path: Path, long_side: int) -> np.ndarray:
    with open_source(path) as source:
        data = draw_page(PageView(source), long_side)
    assert data[:2] == b"\xff\xd8"
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def test_a_large_page_is_made_small(tmp_path: Path) -> None:
    write_page(tmp_path / "a.tif", np.full((1200, 800), 200, np.uint8), dpi=300)

    assert drawn(tmp_path / "a.tif", 600).shape == (600, 400)


def test_a_small_page_is_not_enlarged_and_keeps_its_colours(tmp_path: Path) -> None:
    pixels = np.zeros((120, 80, 3), np.uint8)
    pixels[:, :, 0] = 200
    write_page(tmp_path / "a.png", pixels, dpi=300)

    shown = drawn(tmp_path / "a.png", 600)

    assert shown.shape == (120, 80, 3)
    assert shown[60, 40, 2] > 180  # OpenCV keeps red last
    assert shown[60, 40, 0] < 20


def test_a_file_that_is_no_page_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"II*\x00 and no more")

    with pytest.raises(ImageFault):
        drawn(tmp_path / "a.tif", 600)
