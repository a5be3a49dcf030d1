"""The answer at rational numbers is that of the decision with the number put in; ends are where the answer changes."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.evidence import Algebraic
from formal.enriched.formula import (
    And,
    AtLeast,
    Classes,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    Given,
    Metric,
    Not,
    Opposite,
    Or,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
)
from formal.lawvere import check
from formal.quantale import INFINITY, Quantale
from formal.solve import Piece, Solution, Status, solve, substitute
from formal.solve.show import refined
from formal.valuation import decide
from tests.solve.parametric import HALF, P, at_most, matrix, minus, over, plus, polynomial, power, times
from tests.solve.parametric import Entry as Value

TENTHS = st.integers(0, 10).map(lambda n: Fraction(n, 10))
QUANTALES = st.sampled_from([Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ, Quantale.LAWVERE])


@st.composite
def values(draw: st.DrawFn, quantale: Quantale) -> Value:
    """A number from 0 to 1 for all p from 0 to 1, infinity among those of Lawvere."""
    number = draw(TENTHS)
    if quantale is Quantale.LAWVERE and number == 1:
        return INFINITY
    shapes: list[Value] = [
        number,
        number,
        P,
        minus(1, P),
        times(P, P),
        times(number, P),
        over(plus(P, number), 2),
        over(P, plus(P, 1)),
        over(number, plus(1, power(P, 2))),
        power(minus(P, number), 2),
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def squares(draw: st.DrawFn, quantale: Quantale, size: int) -> Given:
    unit = quantale.unit
    rows = [[unit if i == j else draw(values(quantale)) for j in range(size)] for i in range(size)]
    return matrix(quantale, rows)


@st.composite
def atoms(draw: st.DrawFn) -> Formula:
    quantale = draw(QUANTALES)
    size = draw(st.integers(2, 3))
    relation = draw(squares(quantale, size))
    weight = matrix(quantale, [[draw(values(quantale))] for _ in range(size)], "W")
    metric = draw(st.sampled_from(list(Metric)))
    quantities: list[Quantity] = [
        Defect(relation),
        Gap(relation, weight, metric),
        Excess(Composite(relation, weight), weight),
        Excess(Restriction(relation, (1, 0), (1, 0)), Restriction(Closure(relation), (0, 1), (0, 1))),
        Distance(relation, Opposite(relation), metric),
        Distance(Closure(relation), relation, metric),
        Entry(Residual(weight, weight), 0, 0),
        Entry(AtLeast(relation, HALF), 0, 1),
        PromptNumber(relation, weight, Fraction(1, 5)),
        Classes(relation, Fraction(1, 5), metric),
    ]
    if quantale is not Quantale.PRODUCT:
        quantities.append(Repair(relation))
    if quantale is not Quantale.LAWVERE:
        quantities += [Rank(relation, Fraction(0)), Combined("*", (Entry(relation, 0, 1), Defect(relation)))]
    left = draw(st.sampled_from(quantities))
    right = draw(st.sampled_from([Constant(plus(draw(TENTHS), 0)), Constant(P), Constant(times(3, times(P, P)))]))
    order = draw(st.sampled_from(list(Order)))
    return Compare(left, order, right) if draw(st.booleans()) else Compare(right, order, left)


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    """With the parameter in it at least once."""
    parts = draw(st.lists(atoms(), min_size=1, max_size=2))
    kind = draw(st.sampled_from(["and", "or", "not"]))
    found: Formula = Not(parts[0]) if kind == "not" else And(tuple(parts)) if kind == "and" else Or(tuple(parts))
    return And((found, Compare(Constant(P), Order.AT_MOST, Constant(plus(1, 0)))))


def holds(piece: Piece, x: Fraction) -> bool:
    """Whether a rational number lies in a piece."""
    above = is_less(piece.lower, x) or (piece.has_lower and is_equal(piece.lower, x))
    below = is_greater(piece.upper, x) or (piece.has_upper and is_equal(piece.upper, x))
    return above and below


def is_equal(number: Algebraic, x: Fraction) -> bool:
    return number.lower == number.upper == x


def is_less(number: Algebraic, x: Fraction) -> bool:
    while number.lower < x <= number.upper and number.lower < number.upper:
        number = refined(number, (number.upper - number.lower) / 2)
    return number.upper < x or (number.upper == x and number.lower < number.upper)


def is_greater(number: Algebraic, x: Fraction) -> bool:
    return not is_less(number, x) and not is_equal(number, x)


def status_at(solution: Solution, x: Fraction) -> Status:
    (status,) = [piece.status for piece in solution.pieces if holds(piece, x)]
    return status


def samples(solution: Solution) -> set[Fraction]:
    """Numbers all over the range and close to all ends, on both sides."""
    found = {Fraction(n, 4) for n in range(5)}
    for piece in solution.pieces:
        for end in (piece.lower, piece.upper):
            close = refined(end, Fraction(1, 10**9))
            away = Fraction(1, 10**9)
            found |= {close.lower, close.upper, close.lower - away, close.upper + away}
    return {x for x in found if 0 <= x <= 1}


@settings(max_examples=40, deadline=None)
@given(formulas())
def test_the_answer_is_the_decision_at_every_sampled_number(formula: Formula) -> None:
    solution = solve(formula)
    for x in sorted(samples(solution)):
        truth = decide(substitute(formula, {"p": x})).truth
        status = status_at(solution, x)
        assert truth is None or status in (Status.HOLDS, Status.FAILS)
        if status in (Status.HOLDS, Status.FAILS):
            assert truth is (status is Status.HOLDS), x


@settings(max_examples=40, deadline=None)
@given(formulas())
def test_the_kernel_accepts_every_answer(formula: Formula) -> None:
    solution = solve(formula)
    claim = write_enriched_claim(formula)
    certificate = write_enriched_certificate(
        claim, "solved", solution.evidence, precision=solution.precision, cells=solution.decomposition
    )
    assert check(claim, certificate).verdict == "solved"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=2, max_size=7))
def test_ends_are_roots_and_the_answer_changes_there(coefficients: list[int]) -> None:
    formula = And((at_most(polynomial(coefficients), 0), at_most(P, 1)))
    solution = solve(formula)
    for before, after in zip(solution.pieces, solution.pieces[1:], strict=False):
        assert before.upper == after.lower
        assert before.has_upper is not after.has_lower
        assert before.status is not after.status
        end = refined(before.upper, Fraction(1, 10**15))
        value = [abs(sum(c * x**i for i, c in enumerate(coefficients))) for x in (end.lower, end.upper)]
        assert max(value) < Fraction(1, 10**10)
    assert solution.pieces[0].lower.lower == 0
    assert solution.pieces[-1].upper.upper == 1
