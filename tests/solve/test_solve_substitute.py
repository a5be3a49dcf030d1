"""Numbers in the place of parameters."""

from __future__ import annotations

from fractions import Fraction

import pytest

from formal.enriched.expression import Unknown
from formal.enriched.formula import And, Composite, Distance, Entry, Formula, Given, Not, Opposite, Or
from formal.quantale import INFINITY, Quantale
from formal.solve import NotOneParameter, OutsideQuantale, OutsideRange, solve, substitute
from formal.valuation import decide, parameters
from tests.solve.parametric import HALF, P, at_most, is_category, matrix, minus, over, plus, power, root, times

Q = Unknown("q", Fraction(0), HALF)


def table(formula: Formula) -> Given:
    assert isinstance(formula, And)
    (atom,) = formula.of
    entry = atom.left  # type: ignore[union-attr]
    assert isinstance(entry, Entry)
    assert isinstance(entry.of, Given)
    return entry.of


def test_entries_become_numbers_of_the_table() -> None:
    given = matrix(Quantale.LAWVERE, [[P, INFINITY], [Fraction(1, 3), plus(P, Q)]])
    formula = And((at_most(Entry(given, 0, 0), 1),))
    found = table(substitute(formula, {"p": Fraction(1, 7)}))
    assert [found.table.box(i, j).lower for i, j in ((0, 0), (0, 1), (1, 0))] == [
        Fraction(1, 7),
        INFINITY,
        Fraction(1, 3),
    ]
    assert [(symbol.row, symbol.column) for symbol in found.symbols] == [(1, 1)]
    whole = table(substitute(formula, {"p": Fraction(1, 7), "q": HALF}))
    assert whole.symbols == ()
    assert whole.table.box(1, 1).lower == Fraction(9, 14)


def test_what_does_not_change_is_kept() -> None:
    given = matrix(Quantale.PRODUCT, [[1, HALF], [0, 1]])
    formula = Or((Not(is_category(given)), at_most(Distance(Opposite(Composite(given, given)), given), HALF)))
    assert substitute(formula, {"p": HALF}) is formula
    changed = substitute(Or((formula, at_most(P, HALF))), {"p": HALF})
    assert isinstance(changed, Or)
    assert changed.of[0] is formula


def test_several_parameters_are_set_one_by_one() -> None:
    formula = at_most(times(P, Q), Fraction(1, 4))
    with pytest.raises(NotOneParameter):
        solve(formula)
    assert [unknown.name for unknown in parameters(substitute(formula, {"q": HALF}))] == ["p"]
    assert solve(substitute(formula, {"q": HALF})).set_text == "[0, 1/2]"
    assert solve(substitute(formula, {"p": Fraction(3, 4)})).set_text == "[0, 1/3]"
    assert decide(substitute(formula, {"p": Fraction(1), "q": HALF})).truth is False


def test_numbers_outside_of_the_range_or_the_quantale_are_refused() -> None:
    with pytest.raises(OutsideRange, match="`q` lies between 0 and 1/2"):
        substitute(at_most(Q, 1), {"q": Fraction(3, 4)})
    with pytest.raises(OutsideQuantale, match="at x0, x1 is 2"):
        substitute(is_category(matrix(Quantale.GODEL, [[1, times(2, P)], [0, 1]])), {"p": Fraction(1)})


def test_divisions_by_zero_and_irrational_numbers_stay_what_they_are() -> None:
    undefined = substitute(at_most(over(1, minus(P, HALF)), 1), {"p": HALF})
    assert decide(undefined).truth is None
    surd = substitute(at_most(times(root(2), power(P, 2)), 2), {"p": Fraction(1)})
    assert decide(surd).truth is True
