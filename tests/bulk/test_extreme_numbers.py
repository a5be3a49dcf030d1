"""Numbers at which doubles round, overflow or underflow: the results are exact, or the numbers are refused."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from formal.bulk import defect, nearest_columns
from formal.quantale import Quantale

TINY = [0.0, -0.0, 5e-324, 1e-310, 1e-300, 1e-162, 1e-16, 0.3, 0.1 + 0.2, 1 - 2**-53, 1.0]
FAR = [0.0, 5e-324, 1e-16, 0.1, 0.3, 1.0, 1e16, 1e16 + 2, 1e300, math.inf]


def definition(matrix: NDArray[np.float64], quantale: Quantale) -> Fraction | float:
    """The greatest excess of composites over entries, and of the unit over the diagonal, in rational numbers."""
    entries = [[x if math.isinf(x) else Fraction(x) for x in row] for row in matrix.tolist()]
    every = range(len(entries))
    found = [quantale.excess(quantale.unit, entries[x][x]) for x in every]
    for x in every:
        for z in every:
            found += [quantale.excess(quantale.tensor(entries[x][y], entries[y][z]), entries[x][z]) for y in every]
    return max(found)


@given(
    quantale=st.sampled_from([Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ]),
    entries=st.lists(st.sampled_from(TINY), min_size=9, max_size=9),
)
@example(quantale=Quantale.LUKASIEWICZ, entries=[1.0, 1e-16, 1e-160, 1e-162, 1.0, 1.0, 1e-162, 1.0, 1.0])
def test_a_defect_of_degrees_is_exact(quantale: Quantale, entries: list[float]) -> None:
    matrix = np.array(entries).reshape(3, 3)
    assert defect(matrix, quantale).value == definition(matrix, quantale)


@given(entries=st.lists(st.sampled_from(FAR), min_size=9, max_size=9))
@example(entries=[0.0, 1.0, math.inf, math.inf, 0.0, 1.0, math.inf, math.inf, 0.0])
def test_a_defect_of_distances_is_exact_or_infinite(entries: list[float]) -> None:
    matrix = np.array(entries).reshape(3, 3)
    expected = definition(matrix, Quantale.LAWVERE)
    if math.isinf(expected):
        with pytest.raises(ValueError, match="the defect is infinite"):
            defect(matrix, Quantale.LAWVERE)
    else:
        assert defect(matrix, Quantale.LAWVERE).value == expected


@pytest.mark.parametrize("value", [math.inf, 1e308, -1e308])
def test_differences_that_doubles_do_not_hold_are_refused(value: float) -> None:
    for matrix, task in (([[value, 0.0]], [[0.0]]), ([[0.0, 1.0]], [[value]])):
        with pytest.raises(ValueError, match="finite"):
            nearest_columns(np.array(matrix), np.array(task))


def test_sums_that_doubles_do_not_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        defect(np.array([[0.0, 1e308], [1e308, 0.0]]), Quantale.LAWVERE)
