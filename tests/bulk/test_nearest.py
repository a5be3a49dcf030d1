from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.bulk import ArraySource, KernelSource, nearest_columns, rate_bound, sampled_violations
from formal.bulk import nearest as module
from formal.quantale import Quantale


@pytest.fixture(params=["compiled", "numpy"])
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "numpy":
        monkeypatch.setattr(module, "compiled", lambda: False)
    else:
        pytest.importorskip("numba")
    return str(request.param)


@pytest.mark.parametrize("block_bytes", [1, 2000, 2**28])
def test_the_nearest_column_is_the_nearest(route: str, block_bytes: int) -> None:
    rng = np.random.default_rng(0)
    for n, m in [(1, 1), (40, 7), (33, 70)]:
        matrix = rng.integers(0, 5, (n, m)) / 4
        tasks = np.concatenate([rng.integers(0, 5, (6, n)) / 4, matrix.T[:2]])
        found = nearest_columns(matrix, tasks, block_bytes=block_bytes)
        for task, answer in zip(tasks, found, strict=True):
            gaps = np.abs(task[:, None] - matrix).max(axis=0)
            assert answer.column == int(gaps.argmin())
            assert answer.gap == Fraction(float(gaps.min()))
            assert abs(task[answer.row] - matrix[answer.row, answer.column]) == answer.gap


@given(seed=st.integers(0, 50))
def test_distances_that_doubles_round_alike_are_told_apart(seed: int) -> None:
    # |1/3 - a| for neighbouring tiny a rounds to one double; only exact differences tell which is the least.
    rng = np.random.default_rng(seed)
    matrix = rng.permutation([2.0**-60 * k for k in range(1, 9)])[None, :]
    (answer,) = nearest_columns(matrix, np.array([[1 / 3]]))
    assert matrix[0, answer.column] == 2.0**-57
    assert answer.gap == Fraction(1 / 3) - Fraction(1, 2**57)


def test_a_matrix_that_is_never_whole_has_the_same_answers(route: str) -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(300, 4))

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        # One product at a time, so that an entry does not depend on the block it is computed in.
        return np.exp(-sum((a[:, None, k] - b[None, :, k]) ** 2 for k in range(a.shape[1])))

    source = KernelSource(points, points, kernel)
    whole = kernel(points, points)
    tasks = np.concatenate([whole.T[[5, 17]], rng.random((2, 300))])
    in_blocks = nearest_columns(source, tasks, block_bytes=8 * 300 * 16)
    at_once = nearest_columns(ArraySource(whole), tasks)
    assert in_blocks == at_once
    assert [answer.column for answer in in_blocks[:2]] == [5, 17]


def test_targets_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        nearest_columns(np.zeros((3, 3)), np.zeros((1, 2)))


def test_a_rate_is_bounded_as_by_clopper_and_pearson() -> None:
    assert rate_bound(0, 132).upper == pytest.approx(1 - 0.05 ** (1 / 132))
    assert rate_bound(5, 5).upper == 1
    from scipy.stats import binom

    bound = rate_bound(3, 50, 0.9)
    assert binom.cdf(3, 50, bound.upper) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="no sense"):
        rate_bound(3, 2)


def test_sampled_triples_are_disjoint_and_violations_are_counted() -> None:
    order = np.tril(np.ones((99, 99)))
    found = sampled_violations(ArraySource(order), Quantale.PRODUCT)
    assert (found.violations, found.trials) == (0, 33)
    never = np.ones((99, 99)) - np.eye(99)
    assert sampled_violations(ArraySource(never), Quantale.PRODUCT).violations == 0
    points = np.arange(99.0)
    squares = (points[:, None] - points) ** 2
    found = sampled_violations(ArraySource(squares), Quantale.LAWVERE)
    between = found.violations / found.trials
    assert 0.1 < between < 0.6
    with pytest.raises(ValueError, match="square"):
        sampled_violations(ArraySource(np.zeros((2, 2))), Quantale.PRODUCT)
