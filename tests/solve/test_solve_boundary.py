"""Z3's opinion: it proves right answers, contradicts wrong ones, and is not asked what it cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from formal.enriched.expression import Applied, Expression, Operation
from formal.enriched.formula import (
    And,
    AtLeast,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    Metric,
    Not,
    Opposite,
    Or,
    Order,
    Rank,
    Residual,
    Restriction,
)
from formal.process.child import Process
from formal.quantale import INFINITY, Box, Quantale
from formal.solve import Piece, Solution, Status, solve
from formal.solve.boundary import Agreement, BoundaryLimits, prove_boundary, solver
from tests.solve.parametric import (
    HALF,
    P,
    at_most,
    is_category,
    less,
    matrix,
    minus,
    number,
    over,
    polynomial,
    power,
    root,
    times,
)

PRODUCT = matrix(Quantale.PRODUCT, [[1, P, HALF], [0, 1, P], [0, 0, 1]])
LAWVERE = matrix(Quantale.LAWVERE, [[0, P, HALF], [INFINITY, 0, P], [INFINITY, INFINITY, 0]])
GODEL = matrix(Quantale.GODEL, [[1, P], [times(P, P), 1]])
WEIGHT = matrix(Quantale.PRODUCT, [[1], [P], [HALF]], "W")
EXPONENTIAL: Expression = Applied(Operation.EXP, (number(-1),))

CLAIMS: dict[str, Formula] = {
    "product": is_category(PRODUCT),
    "lawvere": is_category(LAWVERE),
    "lukasiewicz": is_category(matrix(Quantale.LUKASIEWICZ, [[1, P, HALF], [0, 1, P], [0, 0, 1]])),
    "closure": at_most(Distance(Closure(GODEL), GODEL), Fraction(1, 8)),
    "gap": at_most(Gap(PRODUCT, WEIGHT), Fraction(1, 5)),
    "gap of rows": at_most(Gap(Opposite(PRODUCT), Opposite(WEIGHT), Metric.TV), HALF),
    "residual": less(HALF, Entry(Residual(WEIGHT, PRODUCT), 0, 1)),
    "residual of distances": at_most(Entry(Residual(LAWVERE, LAWVERE), 0, 2), Fraction(1, 3)),
    "residual of lukasiewicz": at_most(
        Entry(Residual(*(matrix(Quantale.LUKASIEWICZ, [[e], [HALF]]) for e in (P, HALF))), 0, 0), Fraction(3, 4)
    ),
    "level": at_most(Distance(AtLeast(GODEL, HALF), AtLeast(Opposite(GODEL), HALF)), 0),
    "excess": at_most(Excess(Composite(PRODUCT, WEIGHT), WEIGHT), Fraction(1, 10)),
    "restriction": at_most(Distance(Restriction(PRODUCT, (0, 1), (1, 2)), GODEL, Metric.TV), HALF),
    "connectives": Or((Not(at_most(power(P, 2), HALF)), And((less(P, HALF), at_most(Fraction(1, 3), P))))),
    "quotient": at_most(over(1, minus(P, HALF)), 3),
    "root": at_most(times(root(2), P), 1),
    "exponential": at_most(P, EXPONENTIAL),
    "arithmetic": Compare(
        Combined("max", (Combined("abs", (Combined("negate", (Constant(P),)),)), Constant(number(HALF)))),
        Order.EQUAL,
        Combined("/", (Combined("+", (Constant(P), Constant(P))), Constant(number(2)))),
    ),
    "algebraic": at_most(polynomial((-1, 1, 0, 0, 0, 1)), 0),
    "box": at_most(P, Entry(matrix(Quantale.GODEL, [[Box(Fraction(1, 4), HALF)]]), 0, 0)),  # type: ignore[list-item]
}


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    with solver() as running:
        yield running


@pytest.mark.parametrize("name", CLAIMS)
def test_right_answers_are_proved(name: str, process: Process) -> None:
    solution = solve(CLAIMS[name])
    boundary = prove_boundary(CLAIMS[name], solution, process=process)
    assert boundary.agreement is Agreement.PROVED, boundary
    assert boundary.proved == boundary.asked > 0
    assert boundary.solver.startswith("z3")


def turned(piece: Piece) -> Piece:
    other = Status.FAILS if piece.status is Status.HOLDS else Status.HOLDS
    return replace(piece, status=other)


def with_pieces(solution: Solution, pieces: tuple[Piece, ...]) -> Solution:
    return replace(solution, pieces=pieces)


def test_wrong_answers_are_contradicted(process: Process) -> None:
    formula = CLAIMS["product"]
    solution = solve(formula)
    for i, piece in enumerate(solution.pieces):
        pieces = (*solution.pieces[:i], turned(piece), *solution.pieces[i + 1 :])
        assert prove_boundary(formula, with_pieces(solution, pieces), process=process).agreement is Agreement.REFUTED
    first, second = solution.pieces
    moved = (replace(first, has_upper=False), replace(second, has_lower=True))
    assert prove_boundary(formula, with_pieces(solution, moved), process=process).agreement is Agreement.REFUTED
    end = solve(at_most(power(P, 2), Fraction(499, 1000))).pieces[0].upper
    early = (replace(first, upper=end), replace(second, lower=end))
    assert prove_boundary(formula, with_pieces(solution, early), process=process).agreement is Agreement.REFUTED


def test_what_cannot_be_asked_is_skipped_and_says_why() -> None:
    ranks = at_most(Rank(matrix(Quantale.GODEL, [[P, 1], [1, 1]]), Fraction(0)), 1)
    boundary = prove_boundary(ranks, solve(ranks))
    assert boundary.agreement is Agreement.SKIPPED
    assert "Rank" in boundary.reason
    large = is_category(matrix(Quantale.PRODUCT, [[1 if i == j else P for i in range(30)] for j in range(30)]))
    few = prove_boundary(large, solve(at_most(P, 1)))
    assert few.agreement is Agreement.SKIPPED
    assert "operations" in few.reason
    many = prove_boundary(CLAIMS["product"], solve(CLAIMS["product"]), BoundaryLimits(pieces=1))
    assert many.agreement is Agreement.SKIPPED


def test_a_solver_that_gives_up_proves_nothing() -> None:
    boundary = prove_boundary(CLAIMS["product"], solve(CLAIMS["product"]), BoundaryLimits(resources=1))
    assert boundary.agreement is Agreement.PARTLY
    assert boundary.proved == 0
    assert boundary.reason
    killed = prove_boundary(CLAIMS["product"], solve(CLAIMS["product"]), BoundaryLimits(seconds=0.0))
    assert killed.agreement is Agreement.PARTLY
    assert killed.proved == 0
