"""Polynomials, algebraic numbers on a line, and how they are written."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Poly, Symbol, gcd, real_roots

from formal.enriched.evidence import Algebraic
from formal.solve.cell import Region, Split
from formal.solve.line import Line, simplest_between
from formal.solve.polynomial import (
    Polynomial,
    common_divisor,
    isolate,
    multiply,
    sign_at,
    square_free,
    trimmed,
)
from formal.solve.show import Names, decimal, polynomial_text, radical, show_pieces
from formal.valuation.enclosure import Undefined
from formal.valuation.limit import Budget, Exhausted

X = Symbol("x")
POLYNOMIALS = st.lists(st.integers(-9, 9), min_size=2, max_size=6).map(trimmed).filter(lambda f: len(f) > 1)


def spend(steps: int) -> None:
    """Without a limit."""


def as_sympy(a: Polynomial) -> Poly:
    return Poly(list(reversed(a)), X)


@settings(max_examples=60, deadline=None)
@given(POLYNOMIALS, POLYNOMIALS, POLYNOMIALS)
def test_common_divisors(a: Polynomial, b: Polynomial, c: Polynomial) -> None:
    found = common_divisor(multiply(a, c), multiply(b, c), spend)
    expected = gcd(as_sympy(multiply(a, c)), as_sympy(multiply(b, c))).primitive()[1]
    assert as_sympy(found) in (expected, -expected)


@settings(max_examples=60, deadline=None)
@given(POLYNOMIALS, POLYNOMIALS)
def test_isolated_roots_are_all_roots(a: Polynomial, b: Polynomial) -> None:
    free = square_free(multiply(multiply(a, a), b), spend)
    low, high = Fraction(-1), Fraction(3)
    found = isolate(free, low, high, spend)
    roots = [root for root in real_roots(as_sympy(free), multiple=True) if low < root < high]
    assert len(found) == len(roots)
    for (lower, upper), root in zip(found, roots, strict=True):
        assert lower <= root <= upper
        assert (lower == upper) == (sign_at(free, lower) == 0)
        assert low <= lower
        assert upper <= high


@settings(max_examples=25, deadline=None)
@given(st.lists(POLYNOMIALS, min_size=1, max_size=3))
def test_a_line_knows_equal_numbers_as_one_and_the_order_of_others(polynomials: list[Polynomial]) -> None:
    line = Line(Fraction(-3), Fraction(3), spend)
    found = {root for f in polynomials for root in line.roots_of(f)}
    together = (1,)
    for f in polynomials:
        together = multiply(together, f)
    expected = [root for root in real_roots(as_sympy(square_free(together, spend))) if -3 < root < 3]
    ordered = sorted(found, key=lambda root: root.lower)
    assert len(ordered) == len(expected)
    assert all(a.upper < b.lower for a, b in itertools.pairwise(ordered))
    for root, value in zip(ordered, expected, strict=True):
        assert root.lower <= value <= root.upper
        for f in polynomials:
            at = as_sympy(f).eval(value.evalf(60))
            assert line.sign_at(f, root) == (0 if abs(at) < 1e-40 else 1 if at > 0 else -1)


def test_a_cell_is_split_at_the_roots_inside_it_and_nowhere_else() -> None:
    line = Line(Fraction(0), Fraction(1), spend)
    region = Region(line, line.low, line.high, spend)
    with pytest.raises(Split) as split:
        region.sign((-1, 0, 2))
    (end,) = split.value.roots
    assert radical(end.algebraic()) == "sqrt(2)/2"
    left, right = Region(line, line.low, end, spend), Region(line, end, line.high, spend)
    assert (left.sign((-1, 0, 2)), right.sign((-1, 0, 2))) == (-1, 1)
    at = Region(line, end, end, spend)
    assert (at.sign((-1, 0, 2)), at.sign((-1, 1)), at.sign((0, 1))) == (0, -1, 1)


def test_arithmetic_on_a_cell() -> None:
    line = Line(Fraction(1), Fraction(2), spend)
    p = Region(line, line.low, line.high, spend).parameter()
    assert 1 / p < p < 2 / p * p
    assert p * p - 1 == (p - 1) * (p + 1)
    assert (p * p - 1) / (p - 1) == p + 1
    assert abs(1 - p) == p - 1
    assert Fraction(1, 3) - p < 0 < p - Fraction(1, 3)
    assert max(p, 2 - p) == p
    assert p**3 / p == p * p
    with pytest.raises(Undefined, match="zero"):
        1 / (p - p)
    with pytest.raises(Split):
        abs(p - Fraction(3, 2))
    with pytest.raises(Exhausted):
        p**100_000


def test_a_budget_bounds_the_work_on_one_polynomial() -> None:
    line = Line(Fraction(0), Fraction(1), Budget(200_000).spend)
    with pytest.raises(Exhausted):
        line.roots_of(tuple((-1) ** i * (10**200 + i * i) for i in range(120)))


@given(st.fractions(-5, 5), st.fractions(-5, 5))
def test_the_simplest_number_between_two(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    if low == high:
        return
    found = simplest_between(low, high)
    assert low < found < high
    for denominator in range(1, min(found.denominator, 40)):
        first = (low * denominator).numerator // (low * denominator).denominator + 1
        assert not first < high * denominator


@pytest.mark.parametrize(
    ("polynomial", "lower", "upper", "text"),
    [
        ((-1, 1, 1), 0, 1, "(sqrt(5) - 1)/2"),
        ((-1, 1, 1), -2, 0, "(-1 - sqrt(5))/2"),
        ((-2, 0, 1), 1, 2, "sqrt(2)"),
        ((-2, 0, 1), -2, -1, "-sqrt(2)"),
        ((-1, 0, 2), 0, 1, "sqrt(2)/2"),
        ((-9, 0, 8), 0, 2, "3*sqrt(2)/4"),
        ((1, -4, 1), 0, 1, "2 - sqrt(3)"),
        ((1, -4, 1), 1, 4, "2 + sqrt(3)"),
        ((2, 0, 0, -1), 1, 2, "(2)^(1/3)"),
        ((2, 0, 0, 1), -2, -1, "-(2)^(1/3)"),
        ((-1, 0, 1, 0, 1), 0, 1, "sqrt((sqrt(5) - 1)/2)"),
        ((1, 0, -4, 0, 1), 0, 1, "sqrt(2 - sqrt(3))"),
        ((1, 0, -4, 0, 1), -1, 0, "-sqrt(2 - sqrt(3))"),
        ((1, 0, -4, 0, 1), -2, -1, "-sqrt(2 + sqrt(3))"),
        ((-1, 1, 0, 1), 0, 1, None),
    ],
)
def test_radicals(polynomial: Polynomial, lower: int, upper: int, text: str | None) -> None:
    number = Algebraic(polynomial, Fraction(lower), Fraction(upper))
    assert radical(number) == text
    if text is not None:
        value = eval(text.replace("^", "**").replace("sqrt", "(lambda x: x ** 0.5)"))
        assert abs(value - float(decimal(number).rstrip("…"))) < 1e-9


def test_decimals_and_polynomials() -> None:
    assert decimal(Algebraic((-1, 3), Fraction(1, 3), Fraction(1, 3))) == "0.333333333333…"
    assert decimal(Algebraic((1, 8), Fraction(-1, 8), Fraction(-1, 8))) == "-0.125"
    assert decimal(Algebraic((-2, 0, 1), Fraction(-2), Fraction(-1))) == "-1.414213562373…"
    assert polynomial_text((-1, 1, 0, 2), "p") == "2 p^3 + p - 1"
    assert polynomial_text((0, -1), "p") == "-p"
    assert polynomial_text((), "p") == "0"


def test_names_are_told_apart_by_more_decimals() -> None:
    names = Names("p")
    ends = [Algebraic((-1, 0, 0, 7 + 10**40, 10**40 + d), Fraction(0), Fraction(1)) for d in (1, 2)]
    text = names.explained(show_pieces([(ends[0], ends[1], True, False)], names))
    assert text.startswith("[r1, r2); r1 = 0.0000000")
    first, second = (part.split(" = ")[1] for part in text.split("; ")[1:])
    assert first.split("…")[0] != second.split("…")[0]
