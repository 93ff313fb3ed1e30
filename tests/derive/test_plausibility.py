"""derive.plausibility: numbers outside limits, and numbers far from the subject's others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.plausibility import compute_jumps, compute_outside

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "low", "high", "outside"),
    [
        (0.9, 15, 2500, True),
        (15, 15, 2500, False),
        (2500, 15, 2500, False),
        (2500.1, 15, 2500, True),
        (1, NAN, 2500, False),
        (1e9, 15, NAN, False),
        (NAN, 15, 2500, False),
    ],
)
def test_limits_are_inside(value: float, low: float, high: float, *, outside: bool) -> None:
    numbers = [np.array([float(n)]) for n in (value, low, high)]
    assert compute_outside(*numbers).tolist() == [outside]


@pytest.mark.parametrize(
    ("values", "jumps"),
    [
        ([80, 82, 0.9, 79], [0, 0, 1, 0]),
        ([0.9, 80, 82], [1, 0, 0]),
        ([80, 82, 7000, 79], [0, 0, 1, 0]),
        ([80, 0.9], [0, 1]),
        ([NAN, 80, NAN, 0.9], [0, 0, 0, 1]),
        ([80], [0]),
        ([80, 0, 82, 81], [0, 0, 0, 0]),
        ([80, 120, 160, 90], [0, 0, 0, 0]),
    ],
)
def test_a_value_far_from_the_others_is_seen(values: list[float], jumps: list[int]) -> None:
    frame = pd.DataFrame({"who": "A", "value": [float(v) for v in values], "jump": 4.0})
    assert compute_jumps(frame, ["who"], "value", "jump").astype(int).tolist() == jumps


def test_without_a_limit_and_across_subjects_nothing_jumps() -> None:
    frame = pd.DataFrame({"who": list("AABB"), "value": [80.0, 81.0, 0.9, 0.8], "jump": [4.0, 4.0, 4.0, NAN]})
    assert not compute_jumps(frame, ["who"], "value", "jump").any()


@given(st.lists(st.floats(min_value=60, max_value=100), min_size=1, max_size=12), st.floats(1e-3, 1e3))
def test_the_unit_does_not_matter(values: list[float], factor: float) -> None:
    """Results within a factor of two never jump, whatever unit all of them are in."""
    frame = pd.DataFrame({"who": "A", "value": np.array(values) * factor, "jump": 2.0})
    assert not compute_jumps(frame, ["who"], "value", "jump").any()
