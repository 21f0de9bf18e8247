"""Glyphs are found, at one size and in one tone, whatever the size and the tone of the page."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops.glyphs import TILE_PX, WINDOW_PX, cut_glyphs, writing_tiles


def page_of_letters(size: int, ink: int = 0, paper: int = 255) -> np.ndarray:
    page = np.full((400, 400), paper, np.uint8)
    for y in range(size * 2, 400, size * 2):
        for x in range(5, 400, size + size // 3):
            cv2.putText(page, "R", (x, y), cv2.FONT_HERSHEY_SIMPLEX, size / 22, ink, max(1, size // 10))
    return page


@pytest.mark.parametrize("size", [10, 16, 24, 40])
def test_the_size_of_the_letters_is_told(size: int) -> None:
    glyphs = cut_glyphs(page_of_letters(size), 128, 128, most=5)

    assert glyphs
    assert glyphs[0].size == pytest.approx(size, rel=0.25)


def test_cut_outs_look_alike_whatever_size_and_tone() -> None:
    def mean_cut_out(size: int, ink: int, paper: int) -> np.ndarray:
        glyphs = cut_glyphs(page_of_letters(size, ink, paper), 128, 128, most=9)
        return np.mean([glyph.window for glyph in glyphs], axis=0)

    one, other = mean_cut_out(20, 0, 255), mean_cut_out(40, 90, 180)

    assert one.shape == (WINDOW_PX, WINDOW_PX)
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.6


def test_no_more_than_asked_and_all_within_the_tile() -> None:
    glyphs = cut_glyphs(page_of_letters(12), 128, 128, most=4)

    assert len(glyphs) == 4
    assert all(128 <= glyph.x <= 128 + TILE_PX and 128 <= glyph.y <= 128 + TILE_PX for glyph in glyphs)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_on_bare_paper(level: int) -> None:
    assert cut_glyphs(np.full((200, 200), level, np.uint8), 0, 0, most=5) == []


def test_rules_and_faint_marks_are_no_glyphs() -> None:
    ruled = np.full((200, 200), 255, np.uint8)
    ruled[::20] = 0

    assert cut_glyphs(ruled, 0, 0, most=5) == []
    assert cut_glyphs(page_of_letters(16, ink=190, paper=200), 0, 0, most=5) == []


def test_tiles_lie_where_the_ink_is_and_the_first_ones_far_apart() -> None:
    mask = np.zeros((1200, 900), np.uint8)
    mask[100:1100:6, 100:800] = 255

    tiles = writing_tiles(mask)

    assert (0, 0) not in [(left, top) for left, top in tiles if left + TILE_PX <= 100]
    first = np.array(tiles[:6])
    assert np.ptp(first[:, 1]) > 300 or np.ptp(first[:, 0]) > 300
    assert all(0 <= left <= 900 - TILE_PX and 0 <= top <= 1200 - TILE_PX for left, top in tiles)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (50, 60), (129, 127)])
def test_tiny_and_narrow_pages(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(1)
    mask = (random.random(shape) < 0.2).astype(np.uint8) * 255

    for left, top in writing_tiles(mask):
        cut_glyphs(cv2.bitwise_not(mask).reshape(shape), left, top, most=5)


def test_a_blank_page_has_no_tiles() -> None:
    assert writing_tiles(np.zeros((1200, 900), np.uint8)) == []
