"""Quantities have the values that their definitions say, over all quantales."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given as sample
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.evidence import PromptCover, RepairBounds
from formal.enriched.expression import Rational
from formal.enriched.formula import (
    AtLeast,
    Classes,
    Closure,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Gap,
    Matrix,
    Metric,
    Opposite,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
)
from formal.quantale import INFINITY, Box, Number, Quantale
from formal.valuation import Decision, decide
from tests.valuation import oracle
from tests.valuation.choices import QUANTALES, matrices, squares
from tests.valuation.oracle import Rows, given


def decision(quantity: Quantity) -> Decision:
    return decide(Compare(quantity, Order.AT_MOST, Constant(Rational(Fraction(0)))))


def value(quantity: Quantity) -> Box:
    """The box of a quantity."""
    return dict(decision(quantity).values)[0,]


def exact(quantity: Quantity) -> Number:
    box = value(quantity)
    assert box.is_point
    return box.lower


def entries(matrix: Matrix, rows: int, columns: int) -> Rows:
    return [[exact(Entry(matrix, x, y)) for y in range(columns)] for x in range(rows)]


@sample(st.data())
@settings(max_examples=60, deadline=None)
def test_composites_and_residuals(data: st.DataObject) -> None:
    q = data.draw(QUANTALES)
    n, m, k = (data.draw(st.integers(1, 3)) for _ in range(3))
    a, b, c = (data.draw(matrices(q, *shape)) for shape in ((n, m), (m, k), (n, k)))
    assert entries(Composite(given(q, a), given(q, b)), n, k) == oracle.compose(q, a, b)
    assert entries(Residual(given(q, a), given(q, c)), m, k) == oracle.residual(q, a, c)
    assert entries(Opposite(given(q, a)), m, n) == oracle.turned(a)
    chosen = Restriction(given(q, a), (0, n - 1), (m - 1,))
    assert entries(chosen, 2, 1) == [[a[0][m - 1]], [a[n - 1][m - 1]]]
    level = Fraction(1, 2)
    assert entries(AtLeast(given(q, a), level), n, m) == [[int(q.below(level, v)) for v in row] for row in a]


@sample(squares())
@settings(max_examples=60, deadline=None)
def test_closures_and_defects(drawn: tuple[Quantale, Rows]) -> None:
    q, rows = drawn
    assert entries(Closure(given(q, rows)), len(rows), len(rows)) == oracle.closure(q, rows)
    assert exact(Defect(given(q, rows))) == oracle.defect(q, rows)


@sample(st.data())
@settings(max_examples=60, deadline=None)
def test_distances_excesses_and_gaps(data: st.DataObject) -> None:
    q, metric = data.draw(QUANTALES), data.draw(st.sampled_from(Metric))
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    a, b, t = (data.draw(matrices(q, *shape)) for shape in ((n, m), (n, m), (n, 1)))
    assert exact(Distance(given(q, a), given(q, b), metric)) == oracle.distance(a, b, metric)
    assert exact(Excess(given(q, a), given(q, b))) == oracle.excess(q, a, b)
    assert exact(Gap(given(q, a), given(q, t), metric)) == oracle.gap(a, t, metric)
    turned = Gap(given(q, oracle.turned(a)), given(q, oracle.turned(t)), metric)
    if n != 1 and m != n:
        assert exact(turned) == oracle.gap(a, t, metric)


@sample(st.data())
@settings(max_examples=60, deadline=None)
def test_classes(data: st.DataObject) -> None:
    q, metric = data.draw(QUANTALES), data.draw(st.sampled_from(Metric))
    a = data.draw(matrices(q, data.draw(st.integers(1, 6)), 2))
    within = data.draw(st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1, 3), Fraction(1)]))
    assert exact(Classes(given(q, a), within, metric)) == oracle.classes(a, within, metric)


@sample(st.data())
@settings(max_examples=80, deadline=None)
def test_prompt_numbers(data: st.DataObject) -> None:
    q = data.draw(QUANTALES)
    n, m = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    a, t = data.draw(matrices(q, n, m)), data.draw(matrices(q, n, 1))
    within = data.draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2)]))
    found = decision(PromptNumber(given(q, a), given(q, t), within))
    expected = oracle.prompt_number(q, a, t, within)
    assert dict(found.values)[0,] == Box.point(expected)
    ((path, cover),) = found.evidence
    assert path == (0,)
    assert isinstance(cover, PromptCover)
    if cover.columns is None:
        assert expected == INFINITY
    else:
        assert len(cover.columns) == expected
        joined = [[q.join(row[p] for p in cover.columns)] for row in a]
        assert oracle.distance(joined, t, Metric.SUP) <= within
        assert (cover.fewer is None) == (expected == 0)


@sample(squares())
@settings(max_examples=100, deadline=None)
def test_repairs(drawn: tuple[Quantale, Rows]) -> None:
    q, rows = drawn
    found = decision(Repair(given(q, rows)))
    box = dict(found.values)[0,]
    if box.lower == INFINITY:
        assert q is Quantale.LAWVERE
        assert not oracle.is_repaired(q, rows, Fraction(10**9))
        return
    assert oracle.is_repaired(q, rows, Fraction(box.upper))
    assert 0 <= box.upper - box.lower <= Fraction(1, 1 << 60)
    assert q is Quantale.PRODUCT or box.is_point
    if box.lower > 0:
        assert not oracle.is_repaired(q, rows, Fraction(box.lower) * (1 - Fraction(1, 1 << 70)))
    if q is Quantale.BOOLEAN:
        return
    ((_, bounds),) = found.evidence
    assert isinstance(bounds, RepairBounds)
    if bounds.path is not None:
        x, z = bounds.path[0], bounds.path[-1]
        composite = oracle.along(q, rows, bounds.path, bounds.lower)
        end = rows[x][z] - bounds.lower if q is Quantale.LAWVERE else rows[x][z] + bounds.lower
        assert q.below(end, composite)


def test_the_repair_of_a_product_is_found_among_many_objects() -> None:
    size = 14
    rows = [
        [Fraction(1) if x == y else Fraction((7 * x + 11 * y + x * y) % 31, 32) for y in range(size)]
        for x in range(size)
    ]
    found = decision(Repair(given(Quantale.PRODUCT, rows)))
    box = dict(found.values)[0,]
    ((_, bounds),) = found.evidence
    assert isinstance(bounds, RepairBounds)
    assert bounds.path is not None
    assert 0 < box.lower < box.upper < box.lower + Fraction(1, 1 << 60)
    lowered = [[max(Fraction(0), v - box.upper) for v in row] for row in rows]
    closed = Closure(given(Quantale.PRODUCT, lowered))
    raised = given(Quantale.PRODUCT, [[v + box.upper for v in row] for row in rows])
    assert exact(Excess(closed, raised)) == 0


@sample(st.data())
@settings(max_examples=40, deadline=None)
def test_ranks(data: st.DataObject) -> None:
    sympy = pytest.importorskip("sympy")
    n, m, r = (data.draw(st.integers(1, 4)) for _ in range(3))
    small = st.integers(-3, 3).map(Fraction)
    a = data.draw(st.lists(st.lists(small, min_size=r, max_size=r), min_size=n, max_size=n))
    b = data.draw(st.lists(st.lists(small, min_size=m, max_size=m), min_size=r, max_size=r))
    product = [
        [sum((x * y for x, y in zip(row, column, strict=True)), Fraction(0)) for column in zip(*b, strict=True)]
        for row in a
    ]
    matrix = given(Quantale.LAWVERE, product)
    assert exact(Rank(matrix, Fraction(0))) == sympy.Matrix(product).rank()
    within = data.draw(st.sampled_from([Fraction(1, 2), Fraction(5, 3), Fraction(7)]))
    gram = sympy.Matrix(product) * sympy.Matrix(product).T
    squares_ = gram.charpoly().all_roots() if n < 3 else None
    if squares_ is not None:
        assert exact(Rank(matrix, within)) == sum(bool(root > sympy.Rational(within) ** 2) for root in squares_)


@sample(squares(3), st.fractions(0, Fraction(1, 3), max_denominator=9), st.lists(st.booleans(), min_size=9, max_size=9))
@settings(max_examples=60, deadline=None)
def test_boxes_contain_the_values_of_the_matrices_in_them(
    drawn: tuple[Quantale, Rows], width: Fraction, sides: list[bool]
) -> None:
    q, rows = drawn
    if q is Quantale.BOOLEAN:
        return
    top = INFINITY if q is Quantale.LAWVERE else Fraction(1)
    size = len(rows)
    boxes = [[Box(v, min(v + width, top)) for v in row] for row in rows]
    corner = [[boxes[x][y].lower if sides[3 * x + y] else boxes[x][y].upper for y in range(size)] for x in range(size)]
    loose, tight = given(q, boxes), given(q, corner)
    target = given(q, [[row[0]] for row in boxes])
    inside = given(q, [[row[0]] for row in corner])

    def contains(outer: Quantity, inner: Quantity) -> None:
        box, point = value(outer), value(inner)
        assert box.lower <= point.lower
        assert point.upper <= box.upper + Fraction(1, 1 << 55)

    contains(Defect(loose), Defect(tight))
    contains(Repair(loose), Repair(tight))
    contains(Gap(Closure(loose), target, Metric.TV), Gap(Closure(tight), inside, Metric.TV))
    contains(Distance(Residual(loose, loose), loose), Distance(Residual(tight, tight), tight))
    contains(Excess(Composite(loose, target), target), Excess(Composite(tight, inside), inside))
    contains(PromptNumber(loose, target, Fraction(1, 4)), PromptNumber(tight, inside, Fraction(1, 4)))
    contains(Classes(loose, Fraction(1, 5)), Classes(tight, Fraction(1, 5)))


def test_infinite_values_stay_apart_from_numbers() -> None:
    a = given(Quantale.LAWVERE, [[0, INFINITY], [Fraction(10**400), 0]])
    assert exact(Distance(a, a)) == 0
    assert exact(Entry(Composite(a, a), 0, 1)) == INFINITY
    assert exact(Repair(a)) == 0
    b = given(Quantale.LAWVERE, [[0, 0], [Fraction(10**400), 0]])
    assert exact(Distance(a, b)) == INFINITY
    assert exact(Excess(a, b)) == 0
    assert exact(Excess(b, a)) == math.inf
