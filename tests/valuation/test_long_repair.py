"""The repair of a matrix whose numerators are longer than a machine word."""

from __future__ import annotations

from fractions import Fraction

from formal.enriched.expression import Rational
from formal.enriched.formula import Compare, Constant, Order, Repair
from formal.quantale import Quantale
from formal.valuation import decide
from tests.valuation.oracle import given


def test_a_repair_of_long_numerators_is_not_taken_for_infinite_distances() -> None:
    # From the third object to the second it is 1/10, by way of the first a little less.
    shorter = Fraction(1, 10) - Fraction(1, 3**60)
    matrix = given(Quantale.LAWVERE, [[0, 0, 0], [0, 0, 0], [shorter, Fraction(1, 10), 0]])
    forced = Rational((Fraction(1, 10) - shorter) / 3)
    assert decide(Compare(Repair(matrix), Order.EQUAL, Constant(forced))).truth is True
