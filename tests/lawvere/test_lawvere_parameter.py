"""Claims with a parameter: signs on cells, roots, and decompositions that are forged."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.evidence import Algebraic, Cell, Decomposition
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import And, Compare, Constant, Defect, Entry, Formula, Given, Or, Order, Repair, Symbol
from formal.lawvere import Rejected
from formal.lawvere import polynomial as kernel
from formal.lawvere.reading import Ledger, Limits
from formal.quantale import Box, Quantale
from tests.lawvere.example import given, number, verdict

EXAMPLES = settings(max_examples=40, deadline=None)
COEFFICIENTS = st.lists(st.integers(-6, 6), min_size=1, max_size=6)
X = sympy.Symbol("x")
P = Unknown("p", Fraction(0), Fraction(1))


def poly(coefficients: Any) -> Any:
    return sympy.Poly(list(reversed(coefficients)) or [0], X)


# --- polynomials ----------------------------------------------------------------------------------


@EXAMPLES
@for_all(COEFFICIENTS, st.fractions(-3, 3, max_denominator=7), st.fractions(-3, 3, max_denominator=7))
def test_roots_are_counted_as_by_sympy(coefficients: list[int], a: Fraction, b: Fraction) -> None:
    polynomial = kernel.trimmed(list(coefficients))
    if not polynomial:
        return
    low, high = min(a, b), max(a, b)
    found = kernel.roots(kernel.sturm(kernel.square_free(polynomial)), low, high)
    expected = {r for r in sympy.real_roots(poly(polynomial)) if low < r <= high} if len(polynomial) > 1 else set()
    assert found == len(expected)


@EXAMPLES
@for_all(COEFFICIENTS, COEFFICIENTS)
def test_common_divisors_are_those_of_sympy(a: list[int], b: list[int]) -> None:
    one, other = kernel.trimmed(list(a)), kernel.trimmed(list(b))
    if not one or not other:
        return
    found = poly(kernel.common_divisor(one, other)).monic()
    assert found == sympy.gcd(poly(one), poly(other)).monic()


def algebraic(root: Any, square_free: Any) -> Algebraic:
    """A root of a square-free polynomial, isolated by sympy."""
    if root.is_Rational:
        value = Fraction(int(root.p), int(root.q))
        return Algebraic((-value.numerator, value.denominator), value, value)
    coefficients = tuple(int(c) for c in reversed(square_free.all_coeffs()))
    for (low, high), _ in sympy.intervals(square_free, eps=sympy.Rational(1, 50)):
        if low <= root <= high:
            return Algebraic(coefficients, *(Fraction(int(e.p), int(e.q)) for e in (low, high)))
    raise AssertionError(root)


def rational(value: Fraction | int) -> Algebraic:
    value = Fraction(value)
    return Algebraic((-value.numerator, value.denominator), value, value)


def decomposition(coefficients: list[int], order: Order) -> Decomposition:
    """Where a polynomial compares with 0 on [0, 1], by sympy."""
    of = poly(coefficients)
    inner = [] if of.degree() < 1 else sorted({r for r in sympy.real_roots(of) if 0 < r < 1})
    whole = None if of.degree() < 1 else sympy.Poly(of.sqf_part().clear_denoms()[1], X)
    points = [sympy.Integer(0), *inner, sympy.Integer(1)]
    ends = [algebraic(r, whole) for r in points]

    def truth(at: Any) -> Any:
        value = sympy.simplify(of.eval(at))
        return str(bool({Order.EQUAL: value == 0, Order.LESS: value < 0, Order.AT_MOST: value <= 0}[order])).lower()

    cells = []
    for number_, (end, point) in enumerate(zip(ends, points, strict=True)):
        at_root = point if number_ in (0, len(points) - 1) else None
        cells.append(Cell(end, end, end, truth(point) if at_root is not None else str(order is not Order.LESS).lower()))
        if number_ + 1 < len(points):
            middle = sympy.nsimplify((point.evalf(30) + points[number_ + 1].evalf(30)) / 2, rational=True)
            sample = rational(Fraction(int(middle.p), int(middle.q)))
            cells.append(Cell(end, ends[number_ + 1], sample, truth(middle)))
    return Decomposition("p", tuple(cells))


def apply(operation: Operation, *operands: Expression) -> Expression:
    return Applied(operation, operands)


def expression(coefficients: list[int]) -> Expression:
    """A polynomial in the parameter, by Horner's rule."""
    value: Expression = Rational(Fraction(0))
    for coefficient in reversed(coefficients):
        value = apply(Operation.ADD, apply(Operation.MULTIPLY, value, P), Rational(Fraction(coefficient)))
    return value


@settings(max_examples=25, deadline=None)
@for_all(COEFFICIENTS.filter(any), st.sampled_from(list(Order)))
def test_comparisons_are_solved_as_by_sympy(coefficients: list[int], order: Order) -> None:
    formula = Compare(Constant(expression(coefficients)), order, number(0))
    cells = decomposition(coefficients, order)
    accepted = verdict(formula, "solved", cells=cells)
    assert [cell.truth for cell in accepted.solution] == [cell.truth for cell in cells.cells]
    truths = {cell.truth for cell in cells.cells}
    for says, holds in [("proved", truths == {"true"}), ("refuted", "false" in truths)]:
        if holds:
            assert verdict(formula, says, cells=cells).verdict == says
        else:
            with pytest.raises(Rejected, match="verdict"):
                verdict(formula, says, cells=cells)
    for index, cell in enumerate(cells.cells):
        flipped = replace(cell, truth="false" if cell.truth == "true" else "true")
        with pytest.raises(Rejected, match="verdict"):
            verdict(formula, "solved", cells=with_cell(cells, index, flipped))


def with_cell(of: Decomposition, index: int, *cells: Cell, drop: int = 1) -> Decomposition:
    return Decomposition(of.parameter, (*of.cells[:index], *cells, *of.cells[index + drop :]))


# --- claims ---------------------------------------------------------------------------------------

CUBIC = [-1, 0, 0, 2]
"""2 p^3 < 1: up to the cube root of 1/2, about .79."""

FORMULA = Compare(Constant(expression(CUBIC)), Order.LESS, number(0))
CELLS = decomposition(CUBIC, Order.LESS)


def test_a_solution_has_algebraic_ends() -> None:
    solution = verdict(FORMULA, "solved", cells=CELLS).solution
    assert [(cell.truth, cell.lower is cell.upper) for cell in solution] == [
        ("true", True),
        ("true", False),
        ("false", True),
        ("false", False),
        ("false", True),
    ]
    assert solution[2].lower.lower < Fraction(80, 100)
    assert solution[2].lower.polynomial == (-1, 0, 0, 2)


def test_unknown_cells_claim_nothing() -> None:
    cells = with_cell(CELLS, 1, replace(CELLS.cells[1], truth="unknown"))
    assert verdict(FORMULA, "solved", cells=cells).solution[1].truth == "unknown"
    assert verdict(FORMULA, "refuted", cells=cells).verdict == "refuted"
    with pytest.raises(Rejected, match="verdict"):
        verdict(FORMULA, "proved", cells=cells)


def wide(of: Algebraic, lower: Fraction, upper: Fraction) -> Algebraic:
    return Algebraic(of.polynomial, lower, upper)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (with_cell(CELLS, 1, drop=2), "cell"),
        (with_cell(CELLS, 1, replace(CELLS.cells[1], upper=rational(1)), drop=3), "verdict"),
        (with_cell(CELLS, 0, drop=2), "cell"),
        (with_cell(CELLS, 3, drop=2), "cell"),
        (Decomposition("p", ()), "cell"),
        (with_cell(CELLS, 1, replace(CELLS.cells[1], sample=rational(Fraction(9, 10)))), "cell"),
        (with_cell(CELLS, 1, replace(CELLS.cells[1], sample=CELLS.cells[2].sample)), "cell"),
        (with_cell(CELLS, 1, replace(CELLS.cells[1], sample=rational(0))), "cell"),
        (with_cell(CELLS, 0, Cell(rational(-1), rational(-1), rational(-1), "true")), "cell"),
        (with_cell(CELLS, 2, Cell(*[wide(CELLS.cells[2].lower, Fraction(0), Fraction(2))] * 3, "false")), "cell"),
    ],
)
def test_forged_cells(cells: Decomposition, rule: str) -> None:
    with pytest.raises(Rejected) as found:
        verdict(FORMULA, "solved", cells=cells)
    assert found.value.rule == rule


@pytest.mark.parametrize(
    "end",
    [
        Algebraic((-1, 0, 0, 2), Fraction(0), Fraction(1, 2)),
        Algebraic((0, -1, 3), Fraction(0), Fraction(1)),
        Algebraic((1, -4, 4), Fraction(0), Fraction(1)),
        Algebraic((-1, 2), Fraction(1), Fraction(0)),
        Algebraic((5,), Fraction(0), Fraction(1)),
        Algebraic((), Fraction(0), Fraction(1)),
        Algebraic((-1, 2, 0), Fraction(0), Fraction(1)),
    ],
)
def test_what_is_no_algebraic_number(end: Algebraic) -> None:
    with pytest.raises(Rejected) as found:
        kernel.read_algebraic([list(end.polynomial), str(end.lower), str(end.upper)], Ledger(Limits()))
    assert found.value.rule in ("algebraic", "format")


def matrix(q: Quantale, entries: list[list[Any]]) -> Given:
    """A matrix whose entries may be expressions in the parameter."""
    exact = given(q, [[0 if isinstance(x, Applied | Unknown) else x for x in row] for row in entries])
    symbols = [
        Symbol(x, y, value)
        for x, row in enumerate(entries)
        for y, value in enumerate(row)
        if isinstance(value, Applied | Unknown)
    ]
    return Given("K", q, exact.rows, exact.columns, exact.table, tuple(symbols))


def split(at: Fraction, *truths: str) -> Decomposition:
    """[0, 1] cut at a number."""
    points = [rational(0), rational(at), rational(1)]
    cells = []
    for index, point in enumerate(points):
        cells.append(Cell(point, point, point, truths[2 * index]))  # type: ignore[arg-type]
        if index < 2:
            middle = rational((point.lower + points[index + 1].lower) / 2)
            cells.append(Cell(point, points[index + 1], middle, truths[2 * index + 1]))  # type: ignore[arg-type]
    return Decomposition("p", tuple(cells))


half = Fraction(1, 2)


@pytest.mark.parametrize("q", [Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ])
def test_when_a_matrix_is_a_category(q: Quantale) -> None:
    """x -> y by p, y -> z by 1/2, x -> z by 1/4: a category up to p = 1/2, 1/4 and 3/4."""
    chain = matrix(q, [[1, P, half / 2], [0, 1, half], [0, 0, 1]])
    bound = {Quantale.PRODUCT: half, Quantale.GODEL: half / 2, Quantale.LUKASIEWICZ: Fraction(3, 4)}[q]
    formula = Compare(Defect(chain), Order.EQUAL, number(0))
    truths = ("true", "true", "true", "false", "false")
    assert verdict(formula, "solved", cells=split(bound, *truths)).verdict == "solved"
    with pytest.raises(Rejected):
        verdict(formula, "solved", cells=split(bound + Fraction(1, 100), *truths))


def test_repairs_and_quotients() -> None:
    chain = matrix(Quantale.GODEL, [[1, P, 0], [0, 1, P], [0, 0, 1]])
    formula = Compare(Repair(chain), Order.AT_MOST, number(Fraction(1, 4)))
    assert verdict(formula, "solved", cells=split(half, "true", "true", "true", "false", "false")).verdict == "solved"
    inverse = Constant(apply(Operation.DIVIDE, Rational(Fraction(1)), apply(Operation.ADD, P, Rational(Fraction(1)))))
    below = Compare(inverse, Order.LESS, number(Fraction(3, 4)))
    third = split(Fraction(1, 3), "false", "false", "false", "true", "true")
    assert verdict(below, "solved", cells=third).verdict == "solved"
    pole = Compare(Constant(apply(Operation.DIVIDE, Rational(Fraction(1)), P)), Order.LESS, number(2))
    with pytest.raises(Rejected, match="domain"):
        verdict(pole, "solved", cells=split(half, "true", "false", "false", "true", "true"))
    known = split(half, "unknown", "false", "false", "true", "true")
    assert verdict(pole, "solved", cells=known).verdict == "solved"


def test_symbolic_numbers_beside_a_parameter() -> None:
    root = apply(Operation.SQRT, Rational(Fraction(1, 2)))
    formula: Formula = Compare(Constant(apply(Operation.MULTIPLY, P, root)), Order.LESS, number(half))
    near = split(Fraction(7, 10), "true", "true", "true", "unknown", "false")
    assert verdict(formula, "solved", cells=near).verdict == "solved"
    with pytest.raises(Rejected):
        verdict(formula, "solved", cells=split(Fraction(7, 10), "true", "true", "true", "false", "false"))
    with pytest.raises(Rejected, match="domain"):
        verdict(Compare(Constant(apply(Operation.EXP, P)), Order.LESS, number(9)), "proved", cells=near)


def test_values_leave_the_quantale() -> None:
    double = matrix(Quantale.PRODUCT, [[apply(Operation.MULTIPLY, P, Rational(Fraction(2)))]])
    formula = Compare(Entry(double, 0, 0), Order.AT_MOST, number(2))
    with pytest.raises(Rejected, match="carrier"):
        verdict(formula, "proved", cells=split(half, *["true"] * 5))


def test_what_does_not_depend_on_the_parameter_may_be_undecided() -> None:
    vague = Compare(Entry(given(Quantale.GODEL, [[Box(0, 1)]]), 0, 0), Order.LESS, number(half))
    cells = split(half, "true", "true", "true", "unknown", "unknown")
    with pytest.raises(Rejected, match="unknown"):
        verdict(And((FORMULA, vague)), "solved", cells=cells)
    either = Or((FORMULA, vague))
    assert verdict(either, "solved", cells=cells).verdict == "solved"
    with pytest.raises(Rejected, match="unknown"):
        verdict(either, "solved", cells=split(half, "true", "true", "true", "unknown", "true"))
    with pytest.raises(Rejected, match="unknown"):
        verdict(Or((vague, vague, Compare(Constant(P), Order.LESS, number(0)))), "solved", cells=cells)


def test_comparisons_of_huge_polynomials_reach_a_limit() -> None:
    large = Rational(Fraction(3**700, 7**500))
    power = apply(Operation.POWER, apply(Operation.ADD, apply(Operation.MULTIPLY, P, large), large), number_of(90))
    formula = Compare(Constant(apply(Operation.SUBTRACT, power, P)), Order.LESS, number(0))
    with pytest.raises(Rejected, match="limit"):
        verdict(formula, "solved", cells=split(half, *["true"] * 5))


def number_of(value: int) -> Expression:
    return Rational(Fraction(value))


def test_a_parameter_needs_cells_and_cells_a_parameter() -> None:
    with pytest.raises(Rejected):
        verdict(FORMULA, "proved")
    plain = Compare(number(0), Order.LESS, number(1))
    for says, cells in [("proved", CELLS), ("solved", None)]:
        with pytest.raises(Rejected, match="format"):
            verdict(plain, says, cells=cells)
    assert verdict(And((plain, FORMULA)), "solved", cells=CELLS).verdict == "solved"
