"""An even pattern is a point in the spectrum; writing, blown up or not, has none."""

import cv2
import numpy as np

from ybda_qc.imaging.ops.screen import screen_prominence
from ybda_qc.synth import PageSpec, draw_page

SIDE = 256


def tiles(pixels: np.ndarray) -> list[np.ndarray]:
    return [pixels[top : top + SIDE, 300 : 300 + SIDE] for top in (300, 600, 900)]


def test_a_screen_stands_out_and_writing_does_not() -> None:
    text = draw_page(PageSpec(layout="text", paper_mm=(105.0, 148.0), noise=1.5)).pixels
    y, x = np.mgrid[: text.shape[0], : text.shape[1]].astype(np.float32)
    screen = 30 * (np.cos(2 * np.pi * (x + y) / 6) + np.cos(2 * np.pi * (x - y) / 6))
    printed = np.clip(text - 60.0 + screen, 0, 255).astype(np.uint8)
    enlarged = cv2.resize(text[::2, ::2], text.shape[::-1], interpolation=cv2.INTER_CUBIC)

    assert screen_prominence(tiles(printed)) > 4
    assert screen_prominence(tiles(text)) < 2.5
    assert screen_prominence(tiles(enlarged)) < 2.5


def test_a_flat_tile_has_no_pattern() -> None:
    assert screen_prominence([np.full((SIDE, SIDE), 200, np.uint8)]) < 2.5


def test_a_strip_of_a_tile_has_an_answer() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (72, 60), dtype=np.uint8)

    assert 0 <= screen_prominence([noise, noise.copy()]) < 4
    assert screen_prominence([noise.T]) == screen_prominence([np.ascontiguousarray(noise.T)])
    assert screen_prominence([noise[:1, :1]]) == 0
