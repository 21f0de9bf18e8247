"""Rounding to the step of a quantity."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.model import stepped

STEPS = (1e-5, 1e-4, 0.001, 0.01, 0.1, 0.5, 1, 5)


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (0.1234567, 1e-5, 0.12346),
        (29.96, 0.1, 30.0),
        (1.26, 0.5, 1.5),
        (299.6, 1, 300.0),
        (-0.346, 0.01, -0.35),
    ],
)
def test_a_value_goes_to_the_nearest_step(value: float, step: float, expected: float) -> None:
    assert stepped(value, step) == expected


@given(st.floats(-1000, 1000), st.sampled_from(STEPS))
def test_a_stepped_value_is_near_short_and_stays(value: float, step: float) -> None:
    found = stepped(value, step)

    assert abs(found - value) <= step / 2 + 1e-9
    assert stepped(found, step) == found
    assert float(f"{found:.6f}") == found


def test_it_is_a_plain_number_without_a_negative_zero() -> None:
    found = stepped(np.float32(-0.001), 0.01)

    assert type(found) is float
    assert math.copysign(1, found) == 1
