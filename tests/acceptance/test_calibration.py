"""Shares with their intervals, and limits for the wanted false alarms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.acceptance.calibration import Share, least_sound, propose_limit, score


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],  # Newcombe 1998, table I
)
def test_wilson_interval(hits: int, of: int, low: float, high: float) -> None:
    assert Share(hits=hits, of=of).interval == pytest.approx((low, high), abs=1e-3)


def test_nothing_has_no_share() -> None:
    assert Share(hits=0, of=0).value is None
    assert Share(hits=0, of=0).interval == (0.0, 1.0)


def test_a_score_counts_pairs() -> None:
    found = score([(True, True), (True, False), (True, True), (False, True), (False, False)])
    assert (found.recall.value, found.precision.value) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found.false_alarms == Share(hits=1, of=2)


@pytest.mark.parametrize(("rate", "least"), [(0.005, 200), (0.01, 100), (0.3, 4)])
def test_so_many_sound_pages_tell_a_rate(rate: float, least: int) -> None:
    assert least_sound(rate) == least


def test_the_limit_is_a_round_number_between_sound_and_defective() -> None:
    assert propose_limit([1.9, 2.4], [0.1, 0.63], rate=0.005, above=True) == 1.0
    assert propose_limit([-1.9, -2.4], [-0.1, -0.63], rate=0.005, above=False) == -1.0


def test_so_many_false_alarms_as_wanted_are_let_be() -> None:
    sound = [0.1] * 98 + [1.0, 5.0]
    assert propose_limit([2.0, 3.0], sound, rate=0.01, above=True) == pytest.approx(1.5, abs=0.5)
    assert propose_limit([2.0, 3.0], sound, rate=0.001, above=True) is None


def test_pages_without_a_value_breach_nothing() -> None:
    limit = propose_limit([None, 2.0], [None] * 200, rate=0.005, above=True)
    assert limit is not None
    assert 1.7 < limit < 2.0
    assert propose_limit([None], [0.5], rate=0.005, above=True) is None


numbers = st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 3))


@given(
    st.lists(numbers, min_size=1, max_size=30),
    st.lists(numbers, min_size=1, max_size=30),
    st.floats(0.01, 0.5),
    st.booleans(),
)
def test_no_limit_gives_more_false_alarms_than_wanted_and_none_lower_would_keep_to_it(
    defective: list[float | None], sound: list[float | None], rate: float, above: bool
) -> None:
    limit = propose_limit(defective, sound, rate=rate, above=above)
    if limit is None:
        return

    def breaching(values: list[float | None], at: float) -> int:
        return sum(v is not None and (v > at if above else v < at) for v in values)

    allowed = math.floor(rate * len(sound) + 1e-9)
    assert breaching(sound, limit) <= allowed
    assert breaching(defective, limit) > 0
    missed = [v for v in defective if v is not None and not (v > limit if above else v < limit)]
    for value in missed:  # to find one more page, more sound ones would have to be accused
        just_before = value - 1e-4 if above else value + 1e-4
        assert breaching(sound, just_before) > allowed
