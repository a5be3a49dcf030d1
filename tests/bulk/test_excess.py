from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.bulk import defect
from formal.bulk.excess import ABSOLUTE, RELATIVE, excess
from formal.quantale import Quantale

CHAINS = [Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ, Quantale.LAWVERE]


@pytest.mark.parametrize("quantale", CHAINS)
@given(data=st.data())
def test_positive_excesses_are_known_within_the_bounds(quantale, data):
    degree = st.floats(0, 8 if quantale is Quantale.LAWVERE else 1)
    a, b = data.draw(degree), data.draw(degree)
    near = float(quantale.tensor(Fraction(a), Fraction(b)))
    c = data.draw(st.sampled_from([near, np.nextafter(near, 0), np.nextafter(near, 9), data.draw(degree)]))
    exact = Fraction(quantale.excess(quantale.tensor(Fraction(a), Fraction(b)), Fraction(c)))
    found = Fraction(float(excess(quantale, np.array(a), np.array(b), np.array(c))))
    if exact > 0:
        assert abs(found - exact) <= Fraction(RELATIVE) * exact + Fraction(ABSOLUTE)
    else:
        assert found <= Fraction(ABSOLUTE)


@pytest.mark.parametrize("quantale", CHAINS)
def test_many_ties_are_decided_once(quantale):
    # On a line with equal steps nearly all composites reach their entry up to rounding.
    distance = np.abs(np.subtract.outer(np.arange(60), np.arange(60))) / 64
    matrix = {
        Quantale.PRODUCT: np.exp(-distance),
        Quantale.LAWVERE: distance,
        Quantale.LUKASIEWICZ: np.maximum(1 - distance, 0),
        Quantale.GODEL: (distance < 0.5).astype(float),
    }[quantale]
    found = defect(matrix, quantale, threads=1)
    if quantale is Quantale.PRODUCT:
        values = {(x, y): Fraction(matrix[x, y]) for x in range(60) for y in range(60)}
        exact = max(values[x, y] * values[y, z] - values[x, z] for x in range(60) for y in range(60) for z in range(60))
        assert found.value == max(exact, 0)
    elif quantale is Quantale.GODEL:
        assert found.value == 1
    else:
        assert found.value == 0


def test_an_excess_below_all_normal_doubles_is_found():
    small = 2.0**-538
    matrix = np.array([[1, small, 0], [0, 1, 1.5 * small], [0, 0, 1]])
    assert defect(matrix, Quantale.PRODUCT).value == Fraction(3, 2) * Fraction(1, 2**1076)
