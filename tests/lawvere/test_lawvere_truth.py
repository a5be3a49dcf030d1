"""Comparisons and Kleene's connectives; symbolic numbers; what is no claim."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.expression import Applied, Expression, Operation, Rational
from formal.enriched.formula import (
    And,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Formula,
    Given,
    Not,
    Or,
    Order,
    Quantity,
    Symbol,
)
from formal.lawvere import Rejected
from formal.lawvere.enclosure import enclose
from formal.lawvere.reading import Ledger, Limits
from formal.quantale import Box, Number, Quantale
from tests.lawvere.example import given, number, verdict

EXAMPLES = settings(max_examples=60, deadline=None)
true, false = (Compare(number(a), Order.LESS, number(b)) for a, b in [(0, 1), (1, 0)])


def entry(low: Number, high: Number, q: Quantale = Quantale.GODEL) -> Quantity:
    return Entry(given(q, [[Box(low, high)]]), 0, 0)


vague = Compare(entry(0, 1), Order.LESS, number(Fraction(1, 2)))


def decided(formula: Formula) -> bool | None:
    """What the kernel accepts of a claim."""
    found: list[bool] = []
    for says in ("proved", "refuted"):
        try:
            found.append(verdict(formula, says).verdict == "proved")
        except Rejected:
            continue
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("order", "truths"),
    [
        ("<", (True, None, None, False, False)),
        ("<=", (True, True, None, None, False)),
        ("=", (False, None, None, None, False)),
    ],
)
def test_comparisons_of_boxes(order: str, truths: tuple[Any, ...]) -> None:
    bounds = [(Fraction(0), Fraction(1, 4)), (Fraction(0), Fraction(1, 2)), (Fraction(1, 4), Fraction(3, 4))]
    bounds += [(Fraction(1, 2), Fraction(1)), (Fraction(3, 4), Fraction(1))]
    found = tuple(decided(Compare(entry(*b), Order(order), number(Fraction(1, 2)))) for b in bounds)
    assert found == truths


def test_comparisons_of_numbers() -> None:
    infinite = entry(inf, inf, Quantale.LAWVERE)
    assert decided(Compare(infinite, Order.EQUAL, infinite)) is True
    assert decided(Compare(infinite, Order.LESS, number(10**9))) is False
    assert decided(Compare(number(1), Order.AT_MOST, infinite)) is True
    assert decided(Compare(Combined("-", (infinite, infinite)), Order.EQUAL, number(0))) is None
    assert decided(Compare(Combined("*", (infinite, number(0))), Order.EQUAL, number(0))) is None
    assert decided(Compare(Combined("negate", (infinite,)), Order.LESS, number(0))) is True
    assert decided(Compare(Combined("/", (number(1), entry(0, 1))), Order.LESS, number(0))) is None
    assert decided(Compare(Combined("/", (number(1), infinite)), Order.EQUAL, number(0))) is True


def test_the_distance_from_oo_to_oo_is_0() -> None:
    a, b = (given(Quantale.LAWVERE, [[inf, 2]]) for _ in range(2))
    assert decided(Compare(Distance(a, b), Order.EQUAL, number(0))) is True


@pytest.mark.parametrize(
    ("formula", "truth"),
    [
        (And(()), True),
        (Or(()), False),
        (And((true, vague)), None),
        (And((vague, false)), False),
        (And((false, vague)), False),
        (Or((vague, true)), True),
        (Or((vague, false)), None),
        (Not(vague), None),
        (Not(And((vague, false))), True),
        (Or((Not(true), And((true, Not(false))))), True),
    ],
)
def test_connectives_are_those_of_kleene(formula: Formula, truth: bool | None) -> None:
    assert decided(formula) is truth


def test_a_formula_may_be_deep_and_shared() -> None:
    formula: Formula = true
    for _ in range(5000):
        formula = Not(formula)
    assert decided(formula) is True
    for _ in range(100):
        formula = And((formula, formula))
    assert decided(formula) is True


# --- symbolic numbers -----------------------------------------------------------------------------

RATIONAL = st.fractions(min_value=Fraction(-30), max_value=Fraction(30), max_denominator=10**6)


@EXAMPLES
@for_all(RATIONAL | st.fractions(max_denominator=50).filter(lambda x: abs(x) < 300), st.sampled_from([8, 64, 200]))
def test_enclosures_contain_the_number_and_are_narrow(x: Fraction, bits: int) -> None:
    import mpmath

    with mpmath.workprec(2000):
        exact = mpmath.mpf(x.numerator) / x.denominator
        for name in ("sqrt", "exp", "log"):
            if (name == "sqrt" and x < 0) or (name == "log" and x <= 0):
                continue
            low, high = enclose(name, (x, x), bits, Ledger(Limits()))
            value = getattr(mpmath, name)(exact)
            slack = mpmath.mpf(2) ** -1000
            assert mpmath.mpf(low.numerator) / low.denominator <= value + slack
            assert value - slack <= mpmath.mpf(high.numerator) / high.denominator
            assert high - low <= Fraction(1, 1 << bits)


def test_what_is_rational_is_known() -> None:
    for name, x, value in [("sqrt", Fraction(9, 4), Fraction(3, 2)), ("exp", 0, 1), ("log", 1, 0), ("sqrt", 0, 0)]:
        assert enclose(name, (Fraction(x), Fraction(x)), 8, Ledger(Limits())) == (value, value)


def number_of(value: Fraction | int) -> Expression:
    return Rational(Fraction(value))


def apply(operation: Operation, *operands: Expression) -> Expression:
    return Applied(operation, operands)


ROOT = apply(Operation.SQRT, number_of(2))


@pytest.mark.parametrize(
    ("left", "right", "truth"),
    [
        (ROOT, number_of(Fraction(141421356, 10**8)), False),
        (ROOT, number_of(Fraction(141421357, 10**8)), True),
        (apply(Operation.EXP, apply(Operation.NEGATE, number_of(1))), number_of(Fraction(368, 1000)), True),
        (apply(Operation.LOG, number_of(2)), number_of(Fraction(693, 1000)), False),
        (apply(Operation.POWER, ROOT, number_of(2)), number_of(2), None),
        (apply(Operation.DIVIDE, ROOT, number_of(2)), number_of(Fraction(708, 1000)), True),
        (apply(Operation.SUBTRACT, ROOT, ROOT), number_of(Fraction(1, 10**6)), True),
        (apply(Operation.DIVIDE, number_of(1), apply(Operation.SUBTRACT, ROOT, ROOT)), number_of(0), None),
        (apply(Operation.SQRT, apply(Operation.NEGATE, ROOT)), number_of(0), None),
        (apply(Operation.LOG, number_of(0)), number_of(0), None),
    ],
)
def test_symbolic_numbers(left: Expression, right: Expression, truth: bool | None) -> None:
    assert decided(Compare(Constant(left), Order.LESS, Constant(right))) is truth


def test_precision_decides() -> None:
    close = Constant(apply(Operation.EXP, number_of(Fraction(1, 2**100)))), Constant(number_of(1))
    claim = Compare(close[1], Order.LESS, close[0])
    with pytest.raises(Rejected, match="unknown"):
        verdict(claim, precision=64)
    assert verdict(claim, precision=200).verdict == "proved"
    with pytest.raises(Rejected, match="format"):
        verdict(claim, precision=5000)


def test_symbolic_entries() -> None:
    of = given(Quantale.PRODUCT, [[1, 0], [0, 1]])
    halved = apply(Operation.DIVIDE, ROOT, number_of(2))
    symbolic = Given("R", of.quantale, of.rows, of.columns, of.table, (Symbol(0, 1, halved), Symbol(1, 0, halved)))
    square = Entry(Composite(symbolic, symbolic), 0, 1)
    assert decided(Compare(square, Order.LESS, number(Fraction(71, 100)))) is True
    assert decided(Compare(Defect(symbolic), Order.EQUAL, number(0))) is True
    outside = Given("R", of.quantale, of.rows, of.columns, of.table, (Symbol(0, 1, ROOT),))
    with pytest.raises(Rejected, match="carrier"):
        verdict(Compare(Defect(outside), Order.EQUAL, number(0)))


# --- what is no claim -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "value"),
    [
        (Quantale.BOOLEAN, Fraction(1, 2)),
        (Quantale.PRODUCT, Fraction(3, 2)),
        (Quantale.GODEL, Fraction(-1, 2)),
        (Quantale.LAWVERE, Fraction(-1)),
        (Quantale.PRODUCT, inf),
    ],
)
def test_values_outside_of_the_quantale(q: Quantale, value: Number) -> None:
    with pytest.raises(Rejected, match=r"carrier|format"):
        verdict(Compare(Entry(given(q, [[value]]), 0, 0), Order.AT_MOST, number(5)))


def test_matrices_that_do_not_fit() -> None:
    a, b = given(Quantale.GODEL, [[1, 1]]), given(Quantale.PRODUCT, [[1], [1]])
    for quantity in (Composite(a, a), Composite(a, b)):
        with pytest.raises(Rejected, match="shape"):
            verdict(Compare(Distance(quantity, quantity), Order.EQUAL, number(0)))
    for wrong in (Defect(a), Distance(a, b), Entry(a, 1, 0), Combined("-", (number(1),)), Combined("+", ())):
        with pytest.raises(Rejected, match="shape"):
            verdict(Compare(wrong, Order.EQUAL, number(0)))
