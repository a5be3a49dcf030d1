"""Answers that were computed by hand, and that the kernel accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.evidence import Cell, Decomposition
from formal.enriched.expression import Applied, Expression, Operation, Unknown
from formal.enriched.formula import (
    And,
    Classes,
    Combined,
    Constant,
    Distance,
    Formula,
    Gap,
    Not,
    Or,
    PromptNumber,
    Rank,
    Repair,
    SoftPrompt,
)
from formal.lawvere import Rejected, check
from formal.quantale import INFINITY, Quantale
from formal.solve import NotOneParameter, Solution, Status, solve
from formal.valuation import Limits
from tests.solve.parametric import (
    HALF,
    Entry,
    P,
    at_most,
    is_category,
    less,
    matrix,
    minus,
    number,
    over,
    plus,
    polynomial,
    power,
    root,
    times,
)


def certified(formula: Formula, limits: Limits = Limits()) -> Solution:  # noqa: B008
    """The solution, once the kernel agrees with all of it."""
    solution = solve(formula, limits)
    claim = write_enriched_claim(formula)
    verdict = "solved" if solution.truth is None else "proved" if solution.truth else "refuted"
    for stated in {verdict, "solved"}:
        certificate = write_enriched_certificate(claim, stated, solution.evidence, cells=solution.decomposition)
        accepted = check(claim, certificate)
        assert accepted.verdict == stated
        assert [cell.truth for cell in accepted.solution] == [cell.truth for cell in solution.decomposition.cells]
    return solution


def triangle(quantale: Quantale, composite: Entry) -> Formula:
    """p from the first to the second object and on to the third; is the composite at most the entry?"""
    bottom = INFINITY if quantale is Quantale.LAWVERE else 0
    unit = quantale.unit
    return is_category(matrix(quantale, [[unit, P, composite], [bottom, unit, P], [bottom, bottom, unit]]))


@pytest.mark.parametrize(
    ("quantale", "answer"),
    [
        (Quantale.PRODUCT, "[0, sqrt(2)/2]"),
        (Quantale.GODEL, "[0, 1/2]"),
        (Quantale.LUKASIEWICZ, "[0, 3/4]"),
        (Quantale.LAWVERE, "[1/4, 1]"),
    ],
)
def test_a_triangle_is_a_category(quantale: Quantale, answer: str) -> None:
    solution = certified(triangle(quantale, HALF))
    assert solution.set_text == answer
    assert solution.truth is False
    assert solution.is_complete


def test_a_boolean_relation_holds_where_its_entries_are_zero_or_one() -> None:
    boolean = matrix(Quantale.BOOLEAN, [[1, P, 0], [0, 1, 1], [0, 0, 1]])
    solution = certified(is_category(boolean))
    assert solution.set_text == "{0}"
    assert solution.text_of(Status.UNDEFINED) == "(0, 1)"
    assert solution.text_of(Status.FAILS) == "{1}"
    assert solution.counterexample is not None
    assert solution.counterexample.lower == 1


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (plus(power(P, 2), P), 1, "[0, (sqrt(5) - 1)/2]"),
        (power(P, 3), HALF, "[0, (1/2)^(1/3)]"),
        (plus(power(P, 4), power(P, 2)), 1, "[0, sqrt((sqrt(5) - 1)/2)]"),
        (power(minus(P, Fraction(1, 3)), 2), 0, "{1/3}"),
        (power(minus(power(P, 2), HALF), 2), 0, "{sqrt(2)/2}"),
        (
            polynomial((-3, 10, -11, 4)),
            0,
            "[0, 3/4] ∪ {1}",
        ),
        (
            times(times(minus(P, Fraction(1, 3)), minus(P, HALF)), minus(P, Fraction(3, 4))),
            0,
            "[0, 1/3] ∪ [1/2, 3/4]",
        ),
        (1, 0, "∅"),
        (
            plus(power(P, 5), P),
            1,
            "[0, r1]; r1 = 0.754877666246…, the root of p^3 + p^2 - 1",
        ),
        (times(power(P, 2), 8), plus(times(4, P), 1), "[0, (1 + sqrt(3))/4]"),
        (minus(times(2, P), power(P, 2)), HALF, "[0, (2 - sqrt(2))/2]"),
    ],
)
def test_inequalities_of_polynomials(left: Entry, right: Entry, answer: str) -> None:
    formula = And((at_most(left, right), at_most(0, P)))
    assert certified(formula).set_text == answer


def test_strict_inequalities_leave_their_ends_out() -> None:
    assert certified(less(power(P, 2), HALF)).set_text == "[0, sqrt(2)/2)"
    assert certified(Not(less(power(P, 2), HALF))).set_text == "[sqrt(2)/2, 1]"
    assert certified(And((less(0, P), less(P, 1)))).set_text == "(0, 1)"


def test_a_disjoint_union_with_an_isolated_point() -> None:
    formula = Or((less(P, Fraction(1, 4)), at_most(power(minus(P, HALF), 2), 0), less(Fraction(3, 4), P)))
    solution = certified(formula)
    assert solution.set_text == "[0, 1/4) ∪ {1/2} ∪ (3/4, 1]"
    assert solution.text_of(Status.FAILS) == "[1/4, 1/2) ∪ (1/2, 3/4]"


def test_everywhere_is_proved_and_nowhere_refuted() -> None:
    everywhere = certified(at_most(power(P, 2), P))
    assert (everywhere.truth, everywhere.set_text, everywhere.counterexample) == (True, "[0, 1]", None)
    nowhere = certified(less(P, times(P, P)))
    assert (nowhere.truth, nowhere.set_text) == (False, "∅")


def test_within_a_tolerance_that_is_the_parameter() -> None:
    cycle = matrix(Quantale.PRODUCT, [[1, Fraction(9, 10)], [Fraction(8, 10), 1]])
    chain = matrix(Quantale.PRODUCT, [[1, Fraction(9, 10), HALF], [0, 1, Fraction(8, 10)], [0, 0, 1]])
    assert certified(is_category(cycle, P)).set_text == "[0, 1]"
    assert certified(is_category(chain, P)).set_text == "[11/50, 1]"


@pytest.mark.parametrize("quantale", [Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ])
def test_a_weight_is_represented_within_a_tolerance(quantale: Quantale) -> None:
    relation = matrix(quantale, [[1, P], [P, 1]])
    weight = matrix(quantale, [[1], [Fraction(3, 10)]])
    # The first column is (1, p): within 1/10 where |p - 3/10| is. The second is (p, 1): never.
    assert certified(at_most(Gap(relation, weight), Fraction(1, 10))).set_text == "[1/5, 2/5]"


def test_distances_of_lawvere_with_an_infinite_entry() -> None:
    relation = matrix(Quantale.LAWVERE, [[0, P], [INFINITY, 0]])
    weight = matrix(Quantale.LAWVERE, [[0], [INFINITY]])
    assert certified(at_most(Gap(relation, weight), 0)).set_text == "[0, 1]"
    other = matrix(Quantale.LAWVERE, [[times(2, P)], [0]])
    assert certified(at_most(Gap(relation, other), Fraction(1, 4))).set_text == "[0, 1/4]"


def test_counts() -> None:
    rows = matrix(Quantale.GODEL, [[P, 0], [HALF, 0], [1, 0]])
    classes = at_most(Classes(rows, Fraction(1, 8)), 2)
    assert certified(classes).set_text == "[3/8, 5/8] ∪ [7/8, 1]"
    square = matrix(Quantale.GODEL, [[P, HALF], [HALF, P]])
    assert certified(at_most(Rank(square, Fraction(0)), 1)).set_text == "{1/2}"
    target = matrix(Quantale.GODEL, [[1], [1]])
    prompts = PromptNumber(matrix(Quantale.GODEL, [[1, P], [P, 1]]), target, Fraction(1, 10))
    assert certified(at_most(prompts, 1)).set_text == "[9/10, 1]"


def test_repairs_where_they_are_rational_functions() -> None:
    godel = matrix(Quantale.GODEL, [[1, P, 0], [0, 1, P], [0, 0, 1]])
    assert certified(at_most(Repair(godel), Fraction(1, 4))).set_text == "[0, 1/2]"
    product = matrix(Quantale.PRODUCT, [[1, P, 0], [0, 1, P], [0, 0, 1]])
    solution = certified(at_most(Repair(product), Fraction(1, 4)))
    assert solution.text_of(Status.UNKNOWN) == "[0, 1]"
    assert "no rational function" in solution.reason


def test_what_is_not_certified_with_a_parameter_is_unknown_but_the_rest_may_decide() -> None:
    features = matrix(Quantale.PRODUCT, [[P], [1]], "X")
    task = matrix(Quantale.PRODUCT, [[1], [0]], "T")
    soft = SoftPrompt(features, task, Fraction(1))
    solution = certified(And((at_most(P, HALF), soft)))
    assert solution.text_of(Status.FAILS) == "(1/2, 1]"
    assert solution.text_of(Status.UNKNOWN) == "[0, 1/2]"
    known = SoftPrompt(matrix(Quantale.PRODUCT, [[0], [1]]), task, Fraction(1))
    assert certified(And((known, at_most(P, HALF)))).set_text == "[0, 1/2]"


def test_division_by_zero_is_undefined_and_neither_holds_nor_fails() -> None:
    solution = certified(at_most(over(1, minus(P, HALF)), 3))
    assert solution.set_text == "[0, 1/2) ∪ [5/6, 1]"
    assert solution.text_of(Status.UNDEFINED) == "{1/2}"
    assert certified(at_most(over(1, minus(P, HALF)), 9)).truth is False
    always = certified(at_most(over(0, minus(P, HALF)), 9))
    assert always.truth is None
    assert not always.is_complete


def test_an_entry_outside_of_the_quantale_is_undefined_and_neither_holds_nor_fails() -> None:
    relation = matrix(Quantale.PRODUCT, [[1, times(2, P)], [0, 1]])
    solution = certified(is_category(relation))
    assert solution.set_text == "[0, 1/2]"
    assert solution.text_of(Status.UNDEFINED) == "(1/2, 1]"
    assert solution.truth is None
    assert "not in the quantale `product`" in solution.reason


def test_irrational_constants_leave_a_sliver_undecided() -> None:
    solution = certified(at_most(times(root(2), P), 1))
    assert solution.truth is False
    sliver = [piece for piece in solution.pieces if piece.status is Status.UNKNOWN]
    assert len(sliver) == 1
    assert sliver[0].upper.upper - sliver[0].lower.lower < Fraction(1, 1 << 50)
    assert sliver[0].lower.lower ** 2 < HALF < sliver[0].upper.upper ** 2
    assert certified(at_most(times(root(2), P), 2)).set_text == "[0, 1]"
    exponential = Applied(Operation.EXP, (number(-1),))
    assert certified(And((at_most(P, HALF), at_most(exponential, HALF)))).set_text == "[0, 1/2]"


def test_arithmetic_of_quantities() -> None:
    left = matrix(Quantale.GODEL, [[P, 0]])
    right = matrix(Quantale.GODEL, [[HALF, P]])
    difference = Combined("abs", (Combined("-", (Distance(left, right), Constant(number(HALF)))),))
    # The distance is max(|p - 1/2|, p).
    assert certified(at_most(difference, 0)).set_text == "{0} ∪ {1/2}"
    product = Combined("*", (Distance(left, right), Constant(P)))
    assert certified(at_most(product, HALF)).set_text == "[0, sqrt(2)/2]"


def test_ranges_of_one_number_and_with_irrational_neighbours() -> None:
    point = Unknown("p", HALF, HALF)
    assert certified(at_most(times(point, point), Fraction(1, 4))).set_text == "{1/2}"
    wide = Unknown("q", Fraction(-3), Fraction(2))
    square = times(wide, wide)
    assert certified(at_most(square, 2)).set_text == "[-sqrt(2), sqrt(2)]"
    both = And((at_most(square, 2), at_most(polynomial((-1, -2, 1), wide), 0)))
    assert certified(both).set_text == "[1 - sqrt(2), sqrt(2)]"


def test_a_claim_has_one_parameter() -> None:
    other = Unknown("q", Fraction(0), Fraction(1))
    with pytest.raises(NotOneParameter) as several:
        solve(at_most(P, other))
    assert several.value.names == ("p", "q")
    with pytest.raises(NotOneParameter) as none:
        solve(at_most(1, 2))
    assert none.value.names == ()


def test_a_spent_budget_is_unknown() -> None:
    spent = solve(triangle(Quantale.PRODUCT, HALF), Limits(steps=5))
    assert spent.text_of(Status.UNKNOWN) == "[0, 1]"
    assert spent.truth is None
    assert "steps" in spent.reason
    for steps in range(1000, 80000, 4000):
        partial = solve(triangle(Quantale.PRODUCT, HALF), Limits(steps=steps))
        assert partial.truth is not True
        for cell in partial.decomposition.cells:
            if cell.truth != "unknown" and cell.sample.lower == cell.sample.upper:
                assert (cell.truth == "true") == (cell.sample.lower**2 <= HALF)


def expression_of_degree(degree: int, digits: int) -> Expression:
    return polynomial([-(10**digits), *([0] * (degree - 1)), 10**digits + 7])


@pytest.mark.parametrize(("degree", "digits"), [(30, 1), (30, 60), (2, 400)])
def test_high_degrees_and_long_coefficients(degree: int, digits: int) -> None:
    solution = certified(at_most(expression_of_degree(degree, digits), 0))
    assert [cell.truth for cell in solution.decomposition.cells] == ["true", "true", "true", "false", "false"]
    end = solution.decomposition.cells[2].sample
    value = Fraction(10**digits, 10**digits + 7)
    assert end.lower**degree <= value <= end.upper**degree


def test_too_much_is_unknown_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    tall = solve(at_most(power(P, 4000), HALF))
    assert tall.text_of(Status.UNKNOWN) == "(0, 1)"
    assert tall.set_text == "{0}"
    assert "degree" in tall.reason
    deep: Expression = P
    for _ in range(20_000):
        deep = plus(deep, Fraction(1, 20_000))
    assert solve(at_most(deep, Fraction(3, 2))).set_text == "[0, 1/2]"
    points = Or(tuple(at_most(power(minus(P, Fraction(n, 40)), 2), 0) for n in range(1, 40)))
    monkeypatch.setattr("formal.solve.decomposition._MOST_CELLS", 20)
    many = solve(points)
    assert many.text_of(Status.UNKNOWN) != "∅"
    assert many.reason == "more than 20 cells"
    assert many.truth in (None, False)


def test_an_altered_answer_is_rejected() -> None:
    formula = triangle(Quantale.PRODUCT, HALF)
    solution, claim = solve(formula), write_enriched_claim(formula)
    cells = solution.decomposition.cells
    other = {"true": "false", "false": "true"}

    def is_accepted(altered: Sequence[Cell]) -> bool:
        try:
            check(claim, write_enriched_certificate(claim, "solved", cells=Decomposition("p", tuple(altered))))
        except Rejected:
            return False
        return True

    assert is_accepted(cells)
    for i, cell in enumerate(cells):
        assert not is_accepted([*cells[:i], replace(cell, truth=other[cell.truth]), *cells[i + 1 :]])
        assert is_accepted([*cells[:i], replace(cell, truth="unknown"), *cells[i + 1 :]])
    end = solve(at_most(power(P, 2), Fraction(499, 1000))).decomposition.cells[2].sample
    moved = [replace(cell, lower=end if cell.lower == cells[2].lower else cell.lower) for cell in cells]
    moved = [replace(cell, upper=end if cell.upper == cells[2].upper else cell.upper) for cell in moved]
    assert not is_accepted([replace(c, sample=end) if c.lower == c.upper == end else c for c in moved])
    assert not is_accepted([cells[0], replace(cells[1], upper=cells[4].upper), cells[4]])
