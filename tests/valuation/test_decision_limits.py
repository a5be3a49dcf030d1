"""Truth of formulas: connectives, symbolic numbers, what is left unknown and why, other ordered fields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import (
    And,
    Classes,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Entry,
    Formula,
    Gap,
    Given,
    Metric,
    Not,
    Or,
    Order,
    PromptNumber,
    Rank,
    Repair,
    Residual,
    SoftPrompt,
    SoftWeight,
    Symbol,
)
from formal.lawvere import check
from formal.quantale import INFINITY, Box, Quantale
from formal.valuation import HasParameter, Limits, decide, parameters
from formal.valuation.domain import Interval
from formal.valuation.evaluate import Evaluator
from formal.valuation.limit import Budget
from tests.valuation.oracle import given

ROOT = Applied(Operation.SQRT, (Rational(Fraction(2)),))
HALF_ROOT = Applied(Operation.DIVIDE, (ROOT, Rational(Fraction(2))))


def number(value: Fraction | int | Expression) -> Constant:
    return Constant(Rational(Fraction(value)) if isinstance(value, (Fraction, int)) else value)


def less(a: Fraction | int | Expression, b: Fraction | int | Expression) -> Formula:
    return Compare(number(a), Order.LESS, number(b))


def with_symbol(matrix: Given, row: int, column: int, value: Expression) -> Given:
    return Given(matrix.name, matrix.quantale, matrix.rows, matrix.columns, matrix.table, (Symbol(row, column, value),))


TRUE, FALSE = less(0, 1), less(1, 0)
BOX = given(Quantale.GODEL, [[Box(Fraction(1, 4), Fraction(3, 4))]])
OPEN = Compare(Entry(BOX, 0, 0), Order.LESS, number(Fraction(1, 2)))
TINY = Fraction(1, 10**30)


@pytest.mark.parametrize(
    ("formula", "truth"),
    [
        (And(()), True),
        (Or(()), False),
        (OPEN, None),
        (Not(OPEN), None),
        (And((TRUE, OPEN)), None),
        (And((OPEN, FALSE)), False),
        (Or((OPEN, TRUE)), True),
        (Or((OPEN, FALSE)), None),
        (Not(And((Not(FALSE), Or((FALSE, TRUE))))), False),
    ],
)
def test_connectives_are_those_of_kleene(formula: Formula, truth: bool | None) -> None:
    decision = decide(formula)
    assert decision.truth is truth
    assert bool(decision.reason) is (truth is None)


def test_deep_formulas_do_not_overflow_the_stack() -> None:
    formula, deep = TRUE, number(1)
    quantity: Any = deep
    for _ in range(3_000):
        formula = Not(formula)
        quantity = Combined("negate", (quantity,))
    assert decide(And((formula, Compare(quantity, Order.EQUAL, deep)))).truth is True


def test_symbolic_numbers_are_enclosed_until_they_are_decided() -> None:
    close = Fraction(14142135623730950488016887242096980785696718753769, 10**49)
    assert decide(less(ROOT, close)).truth is False
    assert decide(less(close, ROOT)).bits == 256
    assert decide(less(close, ROOT)).truth is True
    assert decide(Compare(number(ROOT), Order.EQUAL, number(close))).truth is False


def test_equal_symbolic_numbers_stay_unknown() -> None:
    square = Applied(Operation.MULTIPLY, (ROOT, ROOT))
    decision = decide(Compare(number(square), Order.AT_MOST, number(2)))
    assert decision.truth is None
    assert decision.reason
    assert decision.bits == 1024


def test_numbers_that_do_not_exist_are_unknown_with_the_reason() -> None:
    negative = Applied(Operation.SQRT, (Rational(Fraction(-1)),))
    assert "square root" in decide(less(negative, 1)).reason
    assert "zero" in decide(Compare(Combined("/", (number(1), number(0))), Order.LESS, number(1))).reason
    assert decide(Or((less(negative, 1), TRUE))).truth is True


def test_parameters_are_refused_by_name() -> None:
    p = Unknown("p", Fraction(0), Fraction(1))
    formula = Compare(Defect(with_symbol(given(Quantale.GODEL, [[1]]), 0, 0, p)), Order.LESS, number(1))
    assert parameters(formula) == (p,)
    with pytest.raises(HasParameter, match="`p`"):
        decide(formula)


def test_a_spent_budget_is_unknown_and_the_same_every_time() -> None:
    matrix = given(Quantale.PRODUCT, [[Fraction(x + y, 40) for x in range(20)] for y in range(20)])
    formula = Compare(Defect(matrix), Order.AT_MOST, number(1))
    first, second = (decide(formula, Limits(steps=1000)) for _ in range(2))
    assert first.truth is None
    assert "1000 steps" in first.reason
    assert (first.steps, first.reason) == (second.steps, second.reason)
    assert decide(formula).truth is True
    assert decide(Or((TRUE, formula)), Limits(steps=10)).truth is True


def test_a_tree_that_is_too_large_leaves_bounds() -> None:
    # Objects are pairs from 9 things, columns things: of 9 things 8 are needed to meet all pairs.
    pairs = [(x, y) for x in range(9) for y in range(x)]
    matrix = given(Quantale.BOOLEAN, [[int(thing in pair) for thing in range(9)] for pair in pairs])
    target = given(Quantale.BOOLEAN, [[1]] * len(pairs))
    quantity = PromptNumber(matrix, target, Fraction(0))
    whole = decide(Compare(quantity, Order.EQUAL, number(8)))
    assert whole.truth is True
    assert len(whole.evidence) == 1
    cut = decide(Compare(quantity, Order.EQUAL, number(8)), Limits(branches=20))
    assert cut.truth is None
    box = dict(cut.values)[0,]
    assert 1 < box.lower < 8 == box.upper
    # The bounds have evidence, and what follows from them is decided.
    some = Compare(quantity, Order.AT_MOST, number(8))
    bounded = decide(some, Limits(branches=20))
    claim = write_enriched_claim(some)
    certificate = write_enriched_certificate(claim, "proved", bounded.evidence)
    assert check(claim, certificate).verdict == "proved"


# --- another ordered field ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Surd:
    """``a + b sqrt(2)`` with rational a, b: exact where boxes are not."""

    a: Fraction
    b: Fraction

    @property
    def sign(self) -> int:
        a, b = self.a, self.b
        if a >= 0 and b >= 0:
            return int(a > 0 or b > 0)
        if a <= 0 and b <= 0:
            return -1
        return (1 if a > 0 else -1) if a * a > 2 * b * b else (1 if b > 0 else -1)

    def _with(self, other: object) -> Surd | None:
        if isinstance(other, Surd):
            return other
        return Surd(Fraction(other), Fraction(0)) if isinstance(other, (int, Fraction)) else None

    def __neg__(self) -> Surd:
        return Surd(-self.a, -self.b)

    def __abs__(self) -> Surd:
        return -self if self.sign < 0 else self

    def __add__(self, other: object) -> Any:
        x = self._with(other)
        return NotImplemented if x is None else Surd(self.a + x.a, self.b + x.b)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        x = self._with(other)
        return NotImplemented if x is None else Surd(self.a - x.a, self.b - x.b)

    def __rsub__(self, other: object) -> Any:
        return -self + other

    def __mul__(self, other: object) -> Any:
        x = self._with(other)
        return NotImplemented if x is None else Surd(self.a * x.a + 2 * self.b * x.b, self.a * x.b + self.b * x.a)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Any:
        x = self._with(other)
        if x is None:
            return NotImplemented
        norm = x.a * x.a - 2 * x.b * x.b
        return self * Surd(x.a / norm, -x.b / norm)

    def __rtruediv__(self, other: object) -> Any:
        x = self._with(other)
        return NotImplemented if x is None else x / self

    def _difference(self, other: object) -> int | None:
        x = self._with(other)
        return None if x is None else Surd(self.a - x.a, self.b - x.b).sign

    def __eq__(self, other: object) -> Any:
        d = self._difference(other)
        return NotImplemented if d is None else d == 0

    def __hash__(self) -> int:
        return hash((self.a, self.b))

    def __lt__(self, other: object) -> Any:
        d = self._difference(other)
        return NotImplemented if d is None else d < 0

    def __le__(self, other: object) -> Any:
        d = self._difference(other)
        return NotImplemented if d is None else d <= 0

    def __gt__(self, other: object) -> Any:
        d = self._difference(other)
        return NotImplemented if d is None else d > 0

    def __ge__(self, other: object) -> Any:
        d = self._difference(other)
        return NotImplemented if d is None else d >= 0


class Surds:
    """The domain of these numbers."""

    bits = 64

    def interval(self, expression: Expression) -> Interval:
        match expression:
            case Rational(value):
                return Interval.point(value)
            case Applied(Operation.SQRT, (Rational(Fraction(numerator=2, denominator=1)),)):
                return Interval.point(Surd(Fraction(0), Fraction(1)))
            case Applied(Operation.DIVIDE, (a, b)):
                return Interval.point(self.interval(a).lower / self.interval(b).lower)
            case _:
                raise AssertionError(expression)


def surely(formula: Formula) -> bool | None:
    return Evaluator(Surds(), Limits(), Budget(10**7)).truth(formula)


def is_equal(quantity: Any, value: Fraction | int | Expression) -> Formula:
    return Compare(quantity, Order.EQUAL, number(value))


@pytest.mark.parametrize("quantale", [q for q in Quantale if q is not Quantale.BOOLEAN])
def test_all_quantities_over_another_field(quantale: Quantale) -> None:
    zero = 0 if quantale is Quantale.LAWVERE else 1
    near = Fraction(1, 2)
    matrix = with_symbol(given(quantale, [[zero, 0, near], [near, zero, 0], [near, near, zero]]), 0, 1, HALF_ROOT)
    column = with_symbol(given(quantale, [[0], [near], [near]]), 0, 0, HALF_ROOT)
    quantities: list[Any] = [
        Entry(Closure(matrix), 0, 2),
        Entry(Composite(matrix, matrix), 0, 2),
        Entry(Residual(matrix, column), 1, 0),
        Defect(matrix),
        Gap(matrix, column),
        Gap(matrix, column, Metric.TV),
        PromptNumber(matrix, column, Fraction(1, 3)),
        Classes(matrix, Fraction(1, 4)),
    ]
    if quantale is not Quantale.PRODUCT:
        quantities.append(Repair(matrix))
    for quantity in quantities:
        box = dict(decide(Compare(quantity, Order.LESS, number(0)), Limits(precisions=(200,))).values)[0,]
        if box.lower == INFINITY:
            assert surely(Compare(number(10**9), Order.LESS, quantity)), quantity
            continue
        above = Compare(number(Fraction(box.lower) - TINY), Order.LESS, quantity)
        below = Compare(quantity, Order.LESS, number(Fraction(box.upper) + TINY))
        assert surely(And((above, below))), quantity


def test_linear_claims_over_another_field() -> None:
    features = with_symbol(given(Quantale.LAWVERE, [[0, 1], [2, 2]]), 0, 0, ROOT)
    target = with_symbol(given(Quantale.LAWVERE, [[0], [0]]), 0, 0, ROOT)
    assert surely(SoftWeight(features, target, Fraction(0))) is True
    singular = Given(
        "M", Quantale.LAWVERE, ("a", "b"), ("x", "y"), given(Quantale.LAWVERE, [[0, 2], [1, 0]]).table,
        (Symbol(0, 0, ROOT), Symbol(1, 1, ROOT)),
    )  # fmt: skip
    assert surely(SoftWeight(singular, target, Fraction(0))) is False
    assert surely(is_equal(Rank(singular, Fraction(0)), 1)) is True
    assert surely(is_equal(Rank(features, Fraction(0)), 2)) is True
    task = given(Quantale.BOOLEAN, [[1], [0]])
    assert surely(SoftPrompt(features, task, Fraction(1), None)) is True


def test_what_has_no_value_over_another_field_is_unknown() -> None:
    matrix = with_symbol(given(Quantale.PRODUCT, [[1, 0], [Fraction(1, 2), 1]]), 0, 1, HALF_ROOT)
    assert surely(Compare(Repair(matrix), Order.AT_MOST, number(1))) is None
