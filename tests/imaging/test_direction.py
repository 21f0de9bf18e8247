"""The direction of writing: repeatable, more sure with more writing, and never a pass without its network."""

import subprocess
import sys

import numpy as np
import pytest

from ybda_qc.imaging import direction
from ybda_qc.imaging.direction import load_network, read_direction
from ybda_qc.synth import PageSpec, draw_page

SPEC = PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=150.0)


def masked(page: np.ndarray) -> np.ndarray:
    return np.where(page < 128, np.uint8(255), np.uint8(0))


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    return draw_page(SPEC).pixels


def test_the_same_page_has_the_same_direction(page: np.ndarray) -> None:
    first = read_direction(page, masked(page))

    assert first == read_direction(page, masked(page))
    assert first is not None
    assert first.is_sure


def test_more_writing_is_surer(page: np.ndarray) -> None:
    band = np.full_like(page, 255)
    band[:180, :300] = page[300:480, 300:600]

    little, much = read_direction(band, masked(band)), read_direction(page, masked(page))

    assert much is not None
    assert little is None or little.confidence < much.confidence
    assert little is None or little.glyphs < much.glyphs


def test_large_characters_are_read_on_a_smaller_plane(page: np.ndarray) -> None:
    large = np.kron(page[200:600, 200:700], np.ones((5, 5), np.uint8))

    found = read_direction(large, masked(large))

    assert found is not None
    assert found.turn_degrees == 0
    assert all(left + width <= large.shape[1] + 40 for left, _, width, _ in found.boxes)


def test_a_blank_page_has_none() -> None:
    blank = np.full((800, 600), 255, np.uint8)

    assert read_direction(blank, masked(blank)) is None


def test_a_missing_network_is_an_error(monkeypatch: pytest.MonkeyPatch, page: np.ndarray) -> None:
    load_network.cache_clear()
    monkeypatch.setattr(direction, "NETWORK", "gone.onnx")

    with pytest.raises(FileNotFoundError):
        read_direction(page, masked(page))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads are counted in /proc")
def test_loading_the_network_prints_nothing_and_starts_no_threads() -> None:
    code = (
        "import os, cv2, numpy as np, onnxruntime\n"
        "from ybda_qc.imaging.direction import load_network\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "load_network().run(None, {'x': np.zeros((1, 1, 32, 32), np.float32)})\n"
        "print(len(os.listdir('/proc/self/task')) - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == ""
    assert int(done.stdout) == 0
