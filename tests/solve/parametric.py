"""Claims with a parameter, built by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import Compare, Constant, Defect, Formula, Given, Matrix, Order, Quantity, Symbol
from formal.enriched.table import table_of
from formal.quantale import Number, Quantale

P = Unknown("p", Fraction(0), Fraction(1))
HALF = Fraction(1, 2)
Entry = Number | Expression


def number(value: Entry) -> Expression:
    return Rational(Fraction(value)) if isinstance(value, int | float | Fraction) else value


def plus(a: Entry, b: Entry) -> Expression:
    return Applied(Operation.ADD, (number(a), number(b)))


def minus(a: Entry, b: Entry) -> Expression:
    return Applied(Operation.SUBTRACT, (number(a), number(b)))


def times(a: Entry, b: Entry) -> Expression:
    return Applied(Operation.MULTIPLY, (number(a), number(b)))


def over(a: Entry, b: Entry) -> Expression:
    return Applied(Operation.DIVIDE, (number(a), number(b)))


def power(a: Entry, exponent: int) -> Expression:
    return Applied(Operation.POWER, (number(a), number(exponent)))


def root(a: Entry) -> Expression:
    return Applied(Operation.SQRT, (number(a),))


def polynomial(coefficients: Sequence[int], at: Expression = P) -> Expression:
    """By its coefficients, constant term first, in Horner's form."""
    value: Expression = number(0)
    for coefficient in reversed(coefficients):
        value = plus(times(value, at), coefficient)
    return value


def matrix(quantale: Quantale, rows: Sequence[Sequence[Entry]], name: str = "K") -> Given:
    shape = len(rows), len(rows[0])
    numbers = [[0 if isinstance(e, Rational | Unknown | Applied) else e for e in row] for row in rows]
    symbols = tuple(
        Symbol(i, j, entry)
        for i, row in enumerate(rows)
        for j, entry in enumerate(row)
        if isinstance(entry, Rational | Unknown | Applied)
    )
    labels = [tuple(f"x{i}" for i in range(size)) for size in shape]
    return Given(name, quantale, labels[0], labels[1], table_of(numbers, shape), symbols)


def at_most(left: Quantity | Entry, right: Quantity | Entry) -> Formula:
    return Compare(quantity(left), Order.AT_MOST, quantity(right))


def less(left: Quantity | Entry, right: Quantity | Entry) -> Formula:
    return Compare(quantity(left), Order.LESS, quantity(right))


def quantity(value: Quantity | Entry) -> Quantity:
    is_number = isinstance(value, int | float | Fraction | Rational | Unknown | Applied)
    return Constant(number(value)) if is_number else value  # type: ignore[arg-type, return-value]


def is_category(of: Matrix, within: Entry = 0) -> Formula:
    return at_most(Defect(of), within)
