"""The width of edges follows the blur exactly and nothing else."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.imaging.ops.edges import (
    EdgeWidth,
    are_thresholded,
    choose_tiles,
    edge_blocks,
    edge_widths,
    oblique_share,
)
from ybda_qc.imaging.ops.pyramid import halved


def edge_width(tile: np.ndarray) -> EdgeWidth | None:
    return edge_widths(tile[None])[0]


def step(sigma: float, low: float = 40, high: float = 220) -> np.ndarray:
    tile = np.full((96, 96), high, np.float32)
    tile[:, 48:] = low
    return np.round(cv2.GaussianBlur(tile, (0, 0), sigma) if sigma else tile).astype(np.uint8)


@pytest.mark.parametrize("sigma", [1.5, 2.0, 2.5])
def test_a_blurred_step_is_two_and_a_half_sigmas_wide(sigma: float) -> None:
    found = edge_width(step(sigma))

    assert found is not None
    # The measure itself blurs a little: a filter of half a pixel and a difference over two.
    assert found.width_px == pytest.approx(2.507 * np.hypot(sigma, 0.95), rel=0.08)


@settings(max_examples=25, deadline=None)
@given(low=st.integers(0, 120), rise=st.integers(60, 130), sigma=st.floats(0.8, 2.5))
def test_levels_and_contrast_do_not_matter(low: int, rise: int, sigma: float) -> None:
    found, reference = edge_width(step(sigma, low, low + rise)), edge_width(step(sigma))

    assert found is not None
    assert reference is not None
    assert found.width_px == pytest.approx(reference.width_px, rel=0.06)


def test_flat_and_tiny_tiles_have_no_edges() -> None:
    assert edge_width(np.full((96, 96), 128, np.uint8)) is None
    assert edge_width(np.zeros((5, 5), np.uint8)) is None


def test_a_tile_is_measured_alike_alone_and_among_others() -> None:
    tiles = np.stack([step(sigma) for sigma in (1.0, 2.0, 3.0)] + [np.full((96, 96), 128, np.uint8)])

    assert edge_widths(tiles)[1].width_px == pytest.approx(edge_width(tiles[1]).width_px, rel=0.01)
    assert edge_widths(tiles)[3] is None


@pytest.mark.parametrize("depth", range(1, 12))
def test_a_rule_along_the_rim_of_a_tile_is_no_blurred_edge(depth: int) -> None:
    tile = np.full((96, 96), 240, np.uint8)
    tile[-depth:] = 20
    tile[-depth - 1] = 180
    for seen in (edge_width(tile), edge_width(tile.T.copy())):
        assert seen is None or seen.width_px < 4


def rimmed(quarters: int) -> np.ndarray:
    """Faint lines, one of them next to a rim that is black."""
    tile = np.full((72, 72), 255, np.uint8)
    tile[2] = tile[32] = 231
    tile[:, :2] = 0
    return np.ascontiguousarray(np.rot90(tile, quarters))


@pytest.mark.parametrize("quarters", range(4))
def test_an_edge_in_the_rim_makes_no_other_steeper(quarters: int) -> None:
    tile = rimmed(quarters)

    alone, *others = [*edge_widths(tile[None]), *edge_widths(np.stack([tile, np.full_like(tile, 255), tile]))]

    assert others[1] is None
    for seen in (alone, others[0], others[2]):
        assert seen is None or min(seen.width_px, seen.across_px or 2, seen.down_px or 2) > 1.7
    assert (alone is None) == (others[0] is None)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), rim=st.integers(0, 4), contrast=st.integers(1, 255))
def test_no_edge_is_narrower_than_slopes_are_taken_over(seed: int, rim: int, contrast: int) -> None:
    rng = np.random.default_rng(seed)
    tiles = np.full((3, 40, 48), 255, np.uint8)
    tiles[:, rng.integers(40, size=6)] -= np.uint8(contrast)
    tiles[1, :, rng.integers(48, size=6)] = 255 - contrast
    tiles[:, :rim], tiles[:2, :, : rng.integers(5)] = 0, 255 - contrast // 2
    tiles[2][rng.random((40, 48)) < 0.05] = 0

    for seen in edge_widths(tiles):
        widths = () if seen is None else (seen.width_px, seen.across_px or 2, seen.down_px or 2)
        assert all(1.7 < width < 43 for width in widths)


def test_black_and_white_only_is_seen() -> None:
    assert are_thresholded(np.stack([step(0, 0, 255), step(2)])) == [True, False]


def test_tiles_are_taken_where_the_edges_are() -> None:
    plane = np.full((960, 640), 240, np.uint8)
    cv2.putText(plane, "text", (400, 700), 0, 1.0, 20, 2, cv2.LINE_AA)

    tiles = choose_tiles(
        edge_blocks(plane, np.full_like(plane, 255)), plane.shape, size=48, rows=6, columns=4
    )

    assert tiles
    assert all(340 <= left <= 500 and 620 <= top <= 720 for left, top in tiles)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (33, 47), (64, 64, 3)])
def test_halving_keeps_the_mean_and_at_least_a_pixel(shape: tuple[int, ...]) -> None:
    plane = np.full(shape, 77, np.uint8)

    small = halved(plane, 3)

    assert small.shape[:2] == (max(1, shape[0] // 8), max(1, shape[1] // 8))
    assert (small == 77).all()


def test_slanting_edges_are_told_from_those_along_the_axes() -> None:
    bars, slanting = np.full((96, 96), 220, np.uint8), np.full((96, 96), 220, np.uint8)
    bars[20:40, 10:80] = 30
    cv2.line(slanting, (5, 10), (90, 70), 30, 5, cv2.LINE_AA)

    assert oblique_share([bars]) < 0.06  # the corners
    assert oblique_share([slanting]) > 0.5
    assert oblique_share([np.full_like(bars, 100)]) == 0
