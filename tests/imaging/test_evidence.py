"""Pictures of findings: what they show, that they stay small, and that no page is too odd for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.evidence import draw_pair
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box
from ybda_qc.synth import PageSpec, draw_page, write_page

TEXT = draw_page(PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=200.0, noise=1.0)).pixels


@contextmanager
def view_of(folder: Path, pixels: np.ndarray) -> Iterator[PageView]:
    path = write_page(folder / f"{pixels.shape}.png", pixels, dpi=200)
    with open_source(path) as source:
        yield PageView(source)


def decoded(picture: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.parametrize("other", [TEXT[:, ::-1], TEXT[:300], np.zeros((1, 1), np.uint8)])
def test_a_pair_stands_side_by_side(tmp_path: Path, other: np.ndarray) -> None:
    box = (Box(left=100, top=100, width=400, height=300),)
    with view_of(tmp_path, TEXT) as left, view_of(tmp_path, np.ascontiguousarray(other)) as right:
        plain = decoded(draw_pair(left, right, 480))
        framed = decoded(draw_pair(left, right, 480, left_boxes=box))
        assert left.decodes == right.decodes == 1
    assert plain.shape == framed.shape
    assert plain.shape[0] >= 480
    assert np.abs(plain.astype(int) - framed).max() > 100
