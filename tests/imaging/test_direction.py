"""The direction of writing: repeatable, more sure with more writing, and never a pass without its network."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from ybda_qc.imaging import direction
from ybda_qc.imaging.direction import _AGREED, _AGREED_AT_LAST, _agree, load_network, read_direction
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


def chances(*names: tuple[int, int, float]) -> np.ndarray:
    """Probabilities of four turns, (n, 4): so many glyphs that name a turn so surely."""
    rows = []
    for count, turn, sure in names:
        row = np.full(4, (1 - sure) / 3, np.float32)
        row[turn] = sure
        rows += [row] * count
    return np.array(rows, np.float32)


def agree(*names: tuple[int, int, float], agreed: float = _AGREED) -> bool:
    """Whether such glyphs, all of them writing, agree on none of the turns but 0."""
    odds = chances(*names)
    return _agree(odds, np.ones(len(odds), np.float32), 0, agreed)


def test_glyphs_that_name_one_direction_agree() -> None:
    assert agree((30, 0, 0.95))
    assert agree((5, 0, 0.95))


@pytest.mark.parametrize("count", [5, 40, 400])
@pytest.mark.parametrize("agreed", [_AGREED, _AGREED_AT_LAST])
def test_many_that_are_divided_do_not_add_up(count: int, agreed: float) -> None:
    assert not agree((45 * count // 5, 0, 0.97), (55 * count // 5, 2, 0.97), agreed=agreed)
    assert not agree((11 * count // 5, 0, 0.97), (9 * count // 5, 2, 0.97), agreed=_AGREED)


def test_the_last_round_asks_for_less() -> None:
    doubtful = ((60, 0, 0.53), (1, 2, 0.9))

    assert agree(*doubtful, agreed=_AGREED_AT_LAST)
    assert _AGREED_AT_LAST < _AGREED


@pytest.mark.parametrize(("against", "expected"), [(0, True), (6, True), (8, False), (20, False)])
def test_shy_glyphs_agree_where_next_to_none_contradicts(against: int, expected: bool) -> None:
    assert agree((100 - against, 0, 0.47), (against, 2, 0.8)) is expected


def test_glyphs_that_are_too_shy_do_not_agree() -> None:
    assert not agree((100, 0, 0.37))


def test_those_that_contradict_are_counted_by_direction() -> None:
    assert agree((82, 0, 0.5), (6, 1, 0.8), (6, 2, 0.8), (6, 3, 0.8))
    assert not agree((82, 0, 0.5), (18, 3, 0.8))


@pytest.mark.parametrize(("count", "expected"), [(19, False), (20, True)])
def test_few_glyphs_must_agree_outright(count: int, expected: bool) -> None:
    assert agree((count, 0, 0.47)) is expected
    assert agree((count, 0, 0.7))


def test_what_is_no_writing_does_not_contradict() -> None:
    odds = chances((30, 0, 0.9), (60, 2, 0.9))
    weight = np.repeat(np.array([1.0, 0.02], np.float32), (30, 60))

    assert _agree(odds, weight, 0, _AGREED)
    assert not _agree(odds, np.ones_like(weight), 0, _AGREED)


def test_scribbles_are_unsure() -> None:
    rng = np.random.default_rng(1)
    scribbles = np.full((1200, 900), 255, np.uint8)
    for y in range(80, 1120, 60):
        for x in range(80, 820, 50):
            strokes = (rng.random((6, 2)) * 34 + (x, y)).astype(np.int32)
            cv2.polylines(scribbles, [strokes], False, 0, 3, cv2.LINE_AA)

    found = read_direction(scribbles, masked(scribbles))

    assert found is not None
    assert found.glyphs > 20
    assert not found.is_sure


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
