"""Enclosures contain the number, as closely as asked for, against arbitrary precision arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, settings
from hypothesis import given as sample
from hypothesis import strategies as st

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.quantale import Box
from formal.valuation.enclosure import HasParameter, Undefined, enclose

BITS = st.sampled_from([24, 64, 256, 1024])
POSITIVE = st.fractions(Fraction(1, 10**6), 1000)


def apply(operation: Operation, *operands: Expression | Fraction | int) -> Expression:
    return Applied(
        operation, tuple(o if not isinstance(o, (Fraction, int)) else Rational(Fraction(o)) for o in operands)
    )


def is_within(box: Box, number: Any, bits: int) -> bool:
    mpmath = pytest.importorskip("mpmath")
    low, high = (mpmath.mpf(Fraction(end).numerator) / Fraction(end).denominator for end in (box.lower, box.upper))
    return bool(low <= number <= high and high - low <= abs(number) * mpmath.mpf(2) ** (6 - bits))


@sample(POSITIVE, BITS)
@example(Fraction(1 << 400) + 1, 64)
@example(Fraction(1, 1 << 400) + Fraction(1, 1 << 900), 64)
@example(1 + Fraction(1, 1 << 300), 64)
@settings(max_examples=50, deadline=None)
def test_functions(value: Fraction, bits: int) -> None:
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workprec(4096):
        number = mpmath.mpf(value.numerator) / value.denominator
        assert is_within(enclose(apply(Operation.SQRT, value), bits), mpmath.sqrt(number), bits)
        assert is_within(enclose(apply(Operation.LOG, value), bits), mpmath.log(number), bits)
        if value < 2000:
            assert is_within(enclose(apply(Operation.EXP, value), bits), mpmath.exp(number), bits)
            assert is_within(enclose(apply(Operation.EXP, -value), bits), mpmath.exp(-number), bits)


def test_expressions() -> None:
    root = apply(Operation.SQRT, 2)
    half = apply(Operation.DIVIDE, root, 2)
    box = enclose(apply(Operation.POWER, half, 2), 64)
    assert box.lower <= Fraction(1, 2) <= box.upper
    assert box.upper - box.lower < Fraction(1, 1 << 60)
    negative = enclose(
        apply(Operation.SUBTRACT, apply(Operation.NEGATE, root), apply(Operation.MULTIPLY, root, -2)), 64
    )
    assert negative.lower <= negative.upper
    assert 1 < negative.lower < Fraction(3, 2)
    assert enclose(apply(Operation.POWER, apply(Operation.SUBTRACT, root, root), 2), 64).lower == 0


def test_rational_results_are_exact() -> None:
    assert enclose(apply(Operation.SQRT, Fraction(9, 4)), 64) == Box.point(Fraction(3, 2))
    assert enclose(apply(Operation.EXP, 0), 64) == Box.point(Fraction(1))
    assert enclose(apply(Operation.LOG, 1), 64) == Box.point(Fraction(0))


@pytest.mark.parametrize(
    "expression",
    [
        apply(Operation.SQRT, -1),
        apply(Operation.LOG, 0),
        apply(Operation.DIVIDE, 1, apply(Operation.SUBTRACT, apply(Operation.SQRT, 2), apply(Operation.SQRT, 2))),
        apply(Operation.EXP, 10**9),
    ],
)
def test_what_has_no_value(expression: Expression) -> None:
    with pytest.raises(Undefined):
        enclose(expression, 64)


def test_parameters_have_no_enclosure() -> None:
    with pytest.raises(HasParameter, match="p"):
        enclose(apply(Operation.ADD, Unknown("p", Fraction(0), Fraction(1)), 1), 64)


def test_deep_expressions_do_not_overflow_the_stack() -> None:
    expression: Expression = Rational(Fraction(1))
    for _ in range(20_000):
        expression = apply(Operation.NEGATE, expression)
    assert enclose(expression, 64) == Box.point(Fraction(1))
