"""Machine numbers give the same as the definitions: by ranks, by words, by floats that integers decide after."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.expression import Rational
from formal.enriched.formula import Closure, Compare, Composite, Constant, Defect, Distance, Metric, Order, Repair
from formal.lawvere import check
from formal.quantale import INFINITY, Number, Quantale
from formal.valuation import composition, decide, operation
from formal.valuation.classes import partitions
from formal.valuation.closure import closure
from formal.valuation.domain import Rationals
from formal.valuation.grid import Array
from formal.valuation.limit import Budget
from formal.valuation.matrix import Grids
from tests.valuation import oracle
from tests.valuation.oracle import given

BUDGET = 10**9


def short(quantale: Quantale, source: random.Random) -> Number:
    """Few values with short numerators, so that there are many ties."""
    if quantale is Quantale.BOOLEAN:
        return Fraction(source.randint(0, 1))
    if quantale is Quantale.LAWVERE:
        return INFINITY if source.random() < 0.2 else Fraction(source.randint(0, 40), 7)
    return Fraction(source.randint(0, 30), 30)


def long(quantale: Quantale, source: random.Random) -> Number:
    """Values that 64 bits do not hold, most of them far apart, some within the rounding of floats."""
    if quantale is Quantale.BOOLEAN:
        return Fraction(source.randint(0, 1))
    if quantale is Quantale.LAWVERE and source.random() < 0.2:
        return INFINITY
    value = Fraction(source.randint(0, 6), 6) if source.random() < 0.6 else Fraction(source.random())
    return min(Fraction(1), value + Fraction(source.randint(0, 3), 3**60))


def arrays(quantale: Quantale, kind: Callable[[Quantale, random.Random], Number], size: int) -> tuple[Array, int]:
    source = random.Random(f"{quantale} {kind.__name__}")
    rows = [[kind(quantale, source) for _ in range(size)] for _ in range(size)]
    grid = Grids(Rationals(64), Budget(BUDGET)).grid(given(quantale, rows))
    return grid.lower, grid.denominator


@pytest.mark.parametrize("kind", [short, long])
@pytest.mark.parametrize("quantale", Quantale)
def test_composites(quantale: Quantale, kind: Callable[[Quantale, random.Random], Number]) -> None:
    values, denominator = arrays(quantale, kind, 28)
    fast = composition.compose(quantale, values, values.T, denominator, Budget(BUDGET))
    slow = operation.compose(quantale, values, values.T, denominator)
    assert fast.tolist() == slow.tolist()


@pytest.mark.parametrize("quantale", [Quantale.PRODUCT, Quantale.LUKASIEWICZ, Quantale.LAWVERE])
def test_floats_alone_do_not_decide(quantale: Quantale) -> None:
    close = 3**50
    values = np.array([[close, close + 1], [close - 1, close]] * 16, dtype=object)
    if quantale is Quantale.LAWVERE:
        values = values - close + 1
    fast = composition._by_floats(quantale, values, values.T, close + 1)
    assert fast is not None
    assert fast.tolist() == operation.compose(quantale, values, values.T, close + 1).tolist()


@pytest.mark.parametrize("kind", [short, long])
@pytest.mark.parametrize("quantale", Quantale)
def test_closures(quantale: Quantale, kind: Callable[[Quantale, random.Random], Number]) -> None:
    values, denominator = arrays(quantale, kind, 24)
    closed, over = closure(quantale, values, denominator, Budget(BUDGET))
    assert over in (1, denominator)
    # It is the least category above: above, with identities, closed, and generated (its entries come from paths).
    start = (
        values.copy()
        if over == denominator
        else np.array([[Fraction(v, denominator) for v in row] for row in values.tolist()], dtype=object)
    )
    np.fill_diagonal(start, operation.unit(quantale, over))
    step = start
    for _ in range(5):
        step = operation.compose(quantale, step, step, over)
    assert closed.tolist() == step.tolist()


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("within", [Fraction(1, 30), Fraction(1, 5), Fraction(1, 3)])
def test_classes(metric: Metric, within: Fraction) -> None:
    source = random.Random(5)
    rows: list[list[Number]] = [[Fraction(source.randint(0, 9), 30) for _ in range(3)] for _ in range(40)]
    grid = Grids(Rationals(64), Budget(BUDGET)).grid(given(Quantale.GODEL, rows))
    coarse, fine = partitions(grid, within, metric, Budget(BUDGET))
    assert coarse is fine
    assert len(set(coarse)) == oracle.classes(rows, within, metric)


@pytest.mark.parametrize("quantale", [Quantale.LAWVERE, Quantale.LUKASIEWICZ, Quantale.GODEL])
def test_repairs_lie_between_half_and_all_of_the_distance_to_the_closure(quantale: Quantale) -> None:
    source = random.Random(11)
    rows = [
        [
            Fraction(0 if quantale is Quantale.LAWVERE else 1) if x == y else Fraction(source.randint(10, 90), 100)
            for y in range(25)
        ]
        for x in range(25)
    ]
    matrix = given(quantale, rows)
    zero = Constant(Rational(Fraction(0)))
    repaired, closed, failing = (
        dict(decide(Compare(quantity, Order.AT_MOST, zero)).values)[0,].lower
        for quantity in (Repair(matrix), Distance(Closure(matrix), matrix), Defect(matrix))
    )
    # The closure is a category, and a category within e has every composite of two entries within 3 e.
    assert 0 < failing / 3 <= repaired <= closed


def test_a_composite_with_nothing_between() -> None:
    empty = given(Quantale.LAWVERE, [[], []], 0)
    other = given(Quantale.LAWVERE, [], 3)
    grid = Grids(Rationals(64), Budget(BUDGET)).grid(Composite(empty, other))
    assert grid.shape == (2, 3)
    assert grid.entry(0, 0).box().lower == INFINITY


@pytest.mark.parametrize("lowered", [None, (0, 2), (5, 5)])
def test_what_is_a_category_is_its_own_closure_and_needs_no_repair(lowered: tuple[int, int] | None) -> None:
    size = 24
    rows = [[Fraction(1, 2 ** abs(x - z)) for z in range(size)] for x in range(size)]
    category = [list(row) for row in rows]
    if lowered is not None:
        rows[lowered[0]][lowered[1]] /= 2
    matrix, wanted = given(Quantale.PRODUCT, rows), given(Quantale.PRODUCT, category)
    zero = Constant(Rational(Fraction(0)))
    for formula, truth in (
        (Compare(Distance(Closure(matrix), wanted, Metric.SUP), Order.EQUAL, zero), True),
        (Compare(Distance(Closure(matrix), matrix, Metric.SUP), Order.EQUAL, zero), lowered is None),
        (Compare(Repair(matrix), Order.EQUAL, zero), lowered is None),
        (Compare(Defect(matrix), Order.EQUAL, zero), lowered is None),
    ):
        decision = decide(formula)
        assert decision.truth is truth
        claim, verdict = write_enriched_claim(formula), "proved" if truth else "refuted"
        assert check(claim, write_enriched_certificate(claim, verdict, decision.evidence)).verdict == verdict
