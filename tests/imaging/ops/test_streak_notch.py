"""A white streak cuts strokes and is crossed by none; gaps between letters in cells stand at one pitch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.imaging.ops.streak_notch import measure_notch, stand_in_cells
from ybda_qc.imaging.ops.streaks import Suspect

STROKES = range(100, 900, 20)


def written(*, streak: int = 3, crossing: int = 0) -> np.ndarray:
    """Level strokes across column 100, cut by a white streak but for some of them."""
    page = np.full((1000, 200), 250, np.uint8)
    for number, top in enumerate(STROKES):
        page[top : top + 3, 60:140] = 20
        if number >= crossing:
            page[top : top + 3, 100 : 100 + streak] = 250
    return page


def suspect(place: int = 50, *, upright: bool = True) -> Suspect:
    return Suspect(upright=upright, place=place, bright=True, channel=0, excess=20.0)


@pytest.mark.parametrize("width", [1, 3])
def test_a_streak_is_measured(width: int) -> None:
    profile = measure_notch(written(streak=width), suspect(), factor=2)

    assert profile is not None
    assert profile.cuts
    assert profile.coverage == 1
    assert profile.width == width
    assert profile.position == pytest.approx(100 + width / 2)
    assert (profile.start, profile.stop) == (STROKES[0], STROKES[-1] + 3)
    assert profile.contrast == pytest.approx(230)


def test_a_level_streak_and_one_in_colour_are_the_same() -> None:
    page = written()

    upright = measure_notch(page, suspect(), factor=2)

    assert measure_notch(np.ascontiguousarray(page.T), suspect(upright=False), factor=2) == upright
    assert measure_notch(np.repeat(page[..., None], 3, axis=2), suspect(), factor=2) == upright


def test_what_strokes_cross_is_none() -> None:
    profile = measure_notch(written(crossing=2), suspect(), factor=2)

    assert profile is not None
    assert profile.coverage == pytest.approx(1 - 2 / len(STROKES))
    assert measure_notch(written(crossing=4), suspect(), factor=2) is None


def test_neither_is_the_gap_of_a_double_rule_nor_bare_paper() -> None:
    page = np.full((1000, 200), 250, np.uint8)
    assert measure_notch(page, suspect(), factor=2) is None
    page[50:950, 90:112] = 20
    page[50:950, 100:103] = 250
    assert measure_notch(page, suspect(), factor=2) is None


@pytest.mark.parametrize("place", [0, 2, 97, 99])
def test_too_near_the_edge_nothing_is_measured(place: int) -> None:
    assert measure_notch(written(), suspect(place), factor=2) is None


@given(
    st.floats(16, 60),
    st.floats(0, 1000),
    st.lists(st.integers(0, 30), min_size=7, max_size=8, unique=True),
    st.randoms(use_true_random=False),
)
def test_gaps_of_cells_stand_at_one_pitch(pitch: float, first: float, cells: list[int], rng: object) -> None:
    wobble = [rng.uniform(-0.07, 0.07) for _ in cells]  # type: ignore[attr-defined]
    places = [first + pitch * (cell + off) for cell, off in zip(cells, wobble, strict=True)]

    assert stand_in_cells(places, least=14)


def test_places_by_chance_do_not_nor_do_few() -> None:
    rng = np.random.default_rng(3)
    taken = [stand_in_cells(rng.uniform(0, 1200, 8).tolist(), least=14) for _ in range(200)]

    assert np.mean(taken) < 0.05
    assert not stand_in_cells([100, 200, 300], least=14)
    assert not stand_in_cells([], least=14)
