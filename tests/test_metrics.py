"""The figures, on cases small enough to reckon by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate import metrics
from pipeline.train.policy import thresholds, wilson


def test_f1_counts_pairs() -> None:
    wanted = np.array([[1, 0], [1, 0], [0, 1]], bool)
    said = np.array([[1, 0], [0, 0], [0, 0]], bool)
    assert metrics.micro_f1(said, wanted) == pytest.approx(2 * 1 / (1 + 3))
    assert metrics.macro_f1(said, wanted) == pytest.approx((2 / 3 + 0) / 2)


def test_calibration_error_is_the_mean_gap() -> None:
    p = np.array([0.05, 0.95, 0.95, 0.95, 0.95, 0.0])
    right = np.array([0, 1, 1, 1, 0, 1], bool)  # a probability of 0 was never reported
    table = metrics.calibration(p, right)
    assert [row["n"] for row in table] == [1, 4]
    gap = (1 * 0.05 + 4 * 0.2) / 5
    assert metrics.expected_calibration_error(table) == pytest.approx(gap, abs=1e-4)


def test_the_surest_decisions_come_first() -> None:
    p = np.array([0.99, 0.01, 0.6, 0.55])
    right = np.array([True, True, False, False])
    table = {row["coverage"]: row["precision"] for row in metrics.precision_at_coverage(p, right)}
    assert table[0.5] == 1.0
    assert table[1.0] == 0.5


def test_wilson_of_ninety_in_a_hundred() -> None:
    assert wilson(90, 100) == pytest.approx((0.9, 0.8256, 0.9448), abs=1e-3)
    assert wilson(0, 0) == (0.0, 0.0, 1.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_thresholds_never_cross(cases: list[tuple[float, bool]]) -> None:
    p, disclosed = (np.array(column) for column in zip(*cases, strict=True))
    accept, reject = thresholds(p, disclosed.astype(bool))
    assert 0 < reject <= 0.5 <= accept < 1
