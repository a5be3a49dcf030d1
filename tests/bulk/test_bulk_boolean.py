from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.bulk import boolean as module
from formal.bulk import compose_packed, pack, unpack


@given(rows=st.integers(0, 20), columns=st.integers(0, 200), seed=st.integers(0, 99))
def test_packing_loses_nothing(rows: int, columns: int, seed: int) -> None:
    matrix = np.random.default_rng(seed).random((rows, columns)) < 0.5
    packed = pack(matrix)
    assert packed.shape == (rows, columns)
    assert (unpack(packed) == matrix).all()


@pytest.mark.parametrize("route", ["compiled", "blas"])
@pytest.mark.parametrize("density", [0.01, 0.2])
def test_a_composite_is_what_its_definition_says(route: str, density: float, monkeypatch: pytest.MonkeyPatch) -> None:
    if route == "blas":
        monkeypatch.setattr(module, "compiled", lambda: False)
    else:
        pytest.importorskip("numba")
    rng = np.random.default_rng(0)
    for rows, middle, columns in [(5, 3, 70), (300, 131, 64), (1, 1, 1), (7, 0, 9), (40, 64, 200)]:
        left, right = rng.random((rows, middle)) < density, rng.random((middle, columns)) < density
        found = unpack(compose_packed(pack(left), pack(right)))
        assert (found == (left.astype(int) @ right.astype(int) > 0)).all()


def test_an_order_is_closed_and_a_cycle_is_not() -> None:
    order = pack(np.triu(np.ones((100, 100))))
    assert compose_packed(order, order).at_most(order)
    cycle = pack(np.roll(np.eye(100), 1, axis=1))
    assert not compose_packed(cycle, cycle).at_most(cycle)


def test_matrices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not compose"):
        compose_packed(pack(np.zeros((2, 3))), pack(np.zeros((2, 3))))
