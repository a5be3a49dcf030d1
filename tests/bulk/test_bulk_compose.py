from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from formal.bulk import Defect, closure, composite, defect
from formal.bulk import compose as module
from formal.quantale import INFINITY, Quantale

CHAINS = [Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ, Quantale.LAWVERE]


@pytest.fixture(params=["compiled", "numpy"])
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "numpy":
        monkeypatch.setattr(module, "compiled", lambda: False)
    else:
        pytest.importorskip("numba")
    return str(request.param)


def exact(value: float) -> Fraction | float:
    return INFINITY if value == INFINITY else Fraction(float(value))


def by_definition(matrix: NDArray[Any], quantale: Quantale) -> Fraction:
    n = len(matrix)
    entry = [[exact(value) for value in row] for row in matrix.tolist()]
    lacks = [quantale.excess(quantale.unit, entry[x][x]) for x in range(n)]
    lacks += [
        quantale.excess(quantale.tensor(entry[x][y], entry[y][z]), entry[x][z])
        for x in range(n)
        for y in range(n)
        for z in range(n)
    ]
    return Fraction(max(lacks, default=0))


def entries(quantale: Quantale, width: int) -> st.SearchStrategy[float]:
    most = 8 if quantale is Quantale.LAWVERE else 1
    return st.floats(0, most, width=32 if width == 32 else 64, allow_subnormal=True)


@pytest.mark.parametrize("quantale", CHAINS)
@given(data=st.data())
def test_a_defect_is_what_its_definition_says(quantale: Quantale, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 6))
    width = data.draw(st.sampled_from([32, 64]))
    matrix = data.draw(arrays(np.float32 if width == 32 else np.float64, (n, n), elements=entries(quantale, width)))
    found = defect(matrix, quantale, threads=1)
    assert found.value == by_definition(matrix, quantale)
    if found.triple is not None:
        x, y, z = found.triple
        a, b, c = (exact(v) for v in (matrix[x, y], matrix[y, z], matrix[x, z]))
        lack = quantale.excess(quantale.unit, a) if x == y == z else Fraction(0)
        assert max(lack, quantale.excess(quantale.tensor(a, b), c)) == found.value


def test_a_defect_below_the_rounding_of_doubles_is_found() -> None:
    # 1 - 2^-27 squared is 1 - 2^-26 + 2^-54, which doubles round to 1 - 2^-26.
    leg = 1 - 2.0**-27
    matrix = np.array([[1, leg, 1 - 2.0**-26], [0, 1, leg], [0, 0, 1]])
    assert defect(matrix, Quantale.PRODUCT) == Defect(Fraction(1, 2**54), (0, 1, 2))


@pytest.mark.parametrize("quantale", CHAINS)
def test_both_routes_compose_as_defined(quantale: Quantale, route: str) -> None:
    rng = np.random.default_rng(1)
    left, right = rng.random((9, 135)).astype(np.float32), rng.random((135, 521)).astype(np.float32)
    found = composite(left, right, quantale, threads=2)
    a, b = left.astype(np.float64)[:, :, None], right.astype(np.float64)[None]
    legs = {
        Quantale.PRODUCT: lambda: a * b,
        Quantale.GODEL: lambda: np.minimum(a, b),
        Quantale.LUKASIEWICZ: lambda: np.maximum(a + b - 1, 0),
        Quantale.LAWVERE: lambda: a + b,
    }[quantale]()
    expected = legs.min(axis=1) if quantale is Quantale.LAWVERE else legs.max(axis=1)
    assert (found == expected).all()


def test_the_closure_of_distances_is_that_of_shortest_paths(route: str) -> None:
    from scipy.sparse.csgraph import floyd_warshall

    rng = np.random.default_rng(2)
    weights = np.where(rng.random((40, 40)) < 0.1, rng.integers(1, 50, (40, 40)), np.inf).astype(np.float64)
    np.fill_diagonal(weights, 0)
    assert (closure(weights, Quantale.LAWVERE) == floyd_warshall(weights)).all()


@pytest.mark.parametrize("quantale", CHAINS)
def test_a_closure_is_a_category_up_to_rounding(quantale: Quantale) -> None:
    rng = np.random.default_rng(3)
    matrix = rng.integers(0, 17, (30, 30)) / 16
    closed = closure(matrix, quantale)
    assert defect(closed, quantale).value <= Fraction(1, 2**45)
    assert all(quantale.below(a, b) for a, b in zip(matrix.ravel(), closed.ravel(), strict=True))


def test_an_empty_middle_gives_the_bottom(route: str) -> None:
    assert (composite(np.zeros((2, 0)), np.zeros((0, 3)), Quantale.LAWVERE) == np.inf).all()
    assert (composite(np.zeros((2, 0)), np.zeros((0, 3)), Quantale.PRODUCT) == 0).all()


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((2, 3)), "square"),
        (np.zeros(3), "two axes"),
        (np.array([[np.nan]]), "no number"),
        (np.zeros((2, 2), dtype=np.complex128), "not exact"),
        (np.zeros((2, 2), dtype=np.int64), "not exact"),
    ],
)
def test_what_is_no_relation_is_refused(matrix: NDArray[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        defect(matrix, Quantale.PRODUCT)


def test_matrices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not compose"):
        composite(np.zeros((2, 3)), np.zeros((2, 3)), Quantale.PRODUCT)


def test_progress_is_told_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    composite(np.zeros((70, 3)), np.zeros((3, 3)), Quantale.GODEL, on_progress=lambda *at: seen.append(at))
    assert seen[-1] == (70, 70)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_an_interruption_ends_the_work() -> None:
    begun: list[int] = []

    def stop(done: int, count: int) -> None:
        begun.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        composite(np.zeros((4000, 8)), np.zeros((8, 8)), Quantale.GODEL, threads=1, on_progress=stop)
    assert len(begun) == 1


@pytest.mark.parametrize("quantale", CHAINS)
def test_pytorch_gives_the_same_bits(quantale: Quantale) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: its route is not tested here")
    from formal.bulk import torch as other

    rng = np.random.default_rng(4)
    left, right = rng.random((70, 30)), rng.random((30, 50))
    ours = composite(left, right, quantale)
    theirs = other.composite(left, right, quantale, device="cpu", block_bytes=2**16)
    assert (ours == theirs).all()
