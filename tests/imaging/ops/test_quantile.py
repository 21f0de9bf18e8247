"""Quantiles agree with those of numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ybda_qc.imaging.ops.quantile import (
    group_quantiles,
    level_quantile,
    masked_levels,
    median_along,
    quantile,
)

SHARES = st.floats(0, 1)


@given(arrays.arrays(np.uint8, st.integers(1, 40)), SHARES)
def test_one_set(values: np.ndarray, share: float) -> None:
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-4)


@given(arrays.arrays(np.int32, (2, 60), elements=st.integers(0, 9)), SHARES)
def test_many_groups(drawn: np.ndarray, share: float) -> None:
    values, groups = drawn[0] * 7000, drawn[1]

    found = group_quantiles(values, groups, 11, share)

    for group in range(11):
        own = values[groups == group]
        assert found[group] == pytest.approx(np.quantile(own, share) if own.size else 0, abs=0.1)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))), SHARES)
def test_levels_of_a_plane(plane: np.ndarray, share: float) -> None:
    assert level_quantile(plane, share) == pytest.approx(np.quantile(plane, share), abs=1e-4)


@given(arrays.arrays(np.uint8, (2, 6, 7)))
def test_levels_within_a_mask(drawn: np.ndarray) -> None:
    plane, mask = drawn[0], np.where(drawn[1] > 99, 255, 0).astype(np.uint8)

    assert masked_levels(plane, mask).tolist() == np.bincount(plane[mask > 0], minlength=256).tolist()


@given(
    arrays.arrays(
        np.float32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(-9, 9, width=32)
    ),
    st.sampled_from([0, 1, -1]),
)
def test_medians_along_an_axis(values: np.ndarray, axis: int) -> None:
    found = median_along(values, axis)

    assert found.dtype == np.float32
    assert found == pytest.approx(np.median(values, axis=axis), abs=1e-5)
