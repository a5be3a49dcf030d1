"""Every quantity is what its definition says, exactly; and within bounds, contains what it is inside them."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.formula import (
    AtLeast,
    Classes,
    Closure,
    Combined,
    Composite,
    Defect,
    Distance,
    Entry,
    Excess,
    Gap,
    Matrix,
    Metric,
    Opposite,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
)
from formal.quantale import Number, Quantale
from tests.lawvere import reference
from tests.lawvere.example import boxes, given, inside, interval, number, rows

EXAMPLES = settings(max_examples=10, deadline=None)
QUANTALES = pytest.mark.parametrize("q", list(Quantale))


def entries(of: Matrix, height: int, width: int) -> list[list[Number]]:
    """The matrix that the kernel computes; all entries are known."""
    found = [[interval(Entry(of, x, y)) for y in range(width)] for x in range(height)]
    assert all(low == high for row in found for low, high in row)
    return [[low for low, _ in row] for row in found]


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_composites_and_residuals(q: Quantale, data: st.DataObject) -> None:
    a, b = data.draw(rows(q, 2, 3)), data.draw(rows(q, 3, 2))
    assert entries(Composite(given(q, a), given(q, b)), 2, 2) == reference.compose(q, a, b, 2)
    c = data.draw(rows(q, 2, 2))
    assert entries(Residual(given(q, a), given(q, c)), 3, 2) == reference.residual(q, a, c, 3, 2)


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_closures(q: Quantale, data: st.DataObject) -> None:
    a = data.draw(rows(q, 4, 4))
    assert entries(Closure(given(q, a)), 4, 4) == reference.closure(q, a)


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_restrictions_opposites_and_levels(q: Quantale, data: st.DataObject) -> None:
    a, level = data.draw(rows(q, 3, 2)), data.draw(st.sampled_from([Fraction(1, 3), Fraction(1, 2), Fraction(1)]))
    of = Restriction(Opposite(given(q, a)), (1, 0, 1), (2, 2))
    assert entries(of, 3, 2) == [[a[2][y]] * 2 for y in (1, 0, 1)]
    assert entries(AtLeast(given(q, a), level), 3, 2) == [[int(q.below(level, entry)) for entry in row] for row in a]


def test_empty_matrices() -> None:
    q = Quantale.LAWVERE
    nothing, wide = given(q, [[], []]), given(q, [], 2)
    assert entries(Composite(nothing, wide), 2, 2) == [[inf, inf], [inf, inf]]
    assert entries(Residual(wide, wide), 2, 2) == [[0, 0], [0, 0]]
    assert interval(Gap(nothing, given(q, [[1], [2]]))) == (inf, inf)
    assert interval(Distance(wide, wide)) == (0, 0)
    assert interval(Defect(given(q, [], 0))) == (0, 0)
    assert interval(Rank(wide, Fraction(0))) == (0, 0)


Case = tuple[Quantity, Any, list[tuple[int, int]]]


def cases(q: Quantale, data: st.DataObject) -> list[tuple[Any, Any, list[tuple[int, int]]]]:
    """A quantity of matrices of some shapes, and its definition."""
    metric = data.draw(st.sampled_from(list(Metric)))
    e = data.draw(st.sampled_from([Fraction(0), Fraction(1, 6), Fraction(1, 4), Fraction(1, 2), Fraction(1)]))
    return [
        (lambda a, b: Distance(a, b, metric), lambda a, b: reference.distance(a, b, metric), [(2, 3), (2, 3)]),
        (lambda a, b: Distance(a, b, metric), lambda a, b: reference.distance(a, b, metric), [(3, 1), (3, 1)]),
        (lambda a, b: Excess(a, b), lambda a, b: reference.excess(q, a, b), [(2, 2), (2, 2)]),
        (
            lambda a, b: Excess(Composite(a, b), b),
            lambda a, b: reference.excess(q, reference.compose(q, a, b, 1), b),
            [(3, 3), (3, 1)],
        ),
        (
            lambda a, b: Excess(Composite(b, a), b),
            lambda a, b: reference.excess(q, reference.compose(q, b, a, 3), b),
            [(3, 3), (1, 3)],
        ),
        (lambda a: Defect(a), lambda a: reference.defect(q, a), [(3, 3)]),
        (lambda a, b: Gap(a, b, metric), lambda a, b: reference.gap(a, [x for [x] in b], metric), [(3, 2), (3, 1)]),
        (
            lambda a, b: Gap(a, b, metric),
            lambda a, b: reference.gap([list(c) for c in zip(*a, strict=True)], b[0], metric),
            [(2, 3), (1, 3)],
        ),
        (lambda a: Classes(a, e, metric), lambda a: reference.classes(a, e, metric), [(4, 2)]),
        (
            lambda a, b: PromptNumber(a, b, e),
            lambda a, b: reference.prompt_number(q, a, [x for [x] in b], e, 3),
            [(3, 3), (3, 1)],
        ),
    ]


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_quantities_are_what_their_definitions_say(q: Quantale, data: st.DataObject) -> None:
    for build, define, shapes in cases(q, data):
        tables = [data.draw(rows(q, *shape)) for shape in shapes]
        low, high = interval(build(*(given(q, table) for table in tables)))
        assert low == high == define(*tables)


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_quantities_of_boxes_contain_all_values(q: Quantale, data: st.DataObject) -> None:
    for build, define, shapes in cases(q, data):
        tables = [data.draw(boxes(q, *shape)) for shape in shapes]
        low, high = interval(build(*(given(q, table) for table in tables)))
        for _ in range(3):
            assert low <= define(*(inside(data.draw, q, table) for table in tables)) <= high


@QUANTALES
@EXAMPLES
@for_all(st.data())
def test_matrices_of_boxes_contain_all_values(q: Quantale, data: st.DataObject) -> None:
    a, b = data.draw(boxes(q, 2, 2)), data.draw(boxes(q, 2, 2))
    c, d = inside(data.draw, q, a), inside(data.draw, q, b)
    level = Fraction(1, 2)
    for of, exact in [
        (Composite(given(q, a), given(q, b)), reference.compose(q, c, d, 2)),
        (Residual(given(q, a), given(q, b)), reference.residual(q, c, d, 2, 2)),
        (Closure(given(q, a)), reference.closure(q, c)),
        (AtLeast(given(q, a), level), [[int(q.below(level, entry)) for entry in row] for row in c]),
    ]:
        for x in range(2):
            for y in range(2):
                low, high = interval(Entry(of, x, y))
                assert low <= exact[x][y] <= high


@pytest.mark.parametrize("q", [q for q in Quantale if q is not Quantale.PRODUCT])
@EXAMPLES
@for_all(st.data())
def test_repairs(q: Quantale, data: st.DataObject) -> None:
    a = data.draw(rows(q, 3, 3))
    low, high = interval(Repair(given(q, a)))
    assert low == high
    if low == inf:
        assert not reference.is_repaired(q, a, Fraction(1000))
        return
    assert reference.is_repaired(q, a, Fraction(low))
    assert low == 0 or not reference.is_repaired(q, a, Fraction(low) - Fraction(1, 10**6))


@pytest.mark.parametrize("q", [q for q in Quantale if q is not Quantale.PRODUCT])
@EXAMPLES
@for_all(st.data())
def test_repairs_of_boxes(q: Quantale, data: st.DataObject) -> None:
    a = data.draw(boxes(q, 3, 3))
    low, high = interval(Repair(given(q, a)))
    inner, _ = interval(Repair(given(q, inside(data.draw, q, a))))
    assert low <= inner <= high


SMALL = st.integers(-3, 3).map(Fraction) | st.sampled_from([Fraction(1, 2), Fraction(-5, 3)])


@EXAMPLES
@for_all(st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=1, max_size=4))
def test_ranks_are_those_over_the_rational_numbers(a: list[list[Fraction]]) -> None:
    assert interval(Rank(given(Quantale.PRODUCT, a), Fraction(0))) == (reference.solve(a),) * 2


@EXAMPLES
@for_all(
    st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=1, max_size=4),
    st.sampled_from([Fraction(1, 10), Fraction(1, 2), Fraction(7, 3)]),
)
def test_ranks_count_singular_values(a: list[list[Fraction]], e: Fraction) -> None:
    import numpy as np

    values = np.linalg.svd(np.array(a, dtype=float), compute_uv=False)
    if min(abs(values - float(e))) > 1e-6:
        assert interval(Rank(given(Quantale.PRODUCT, a), e)) == (int((values > float(e)).sum()),) * 2


@EXAMPLES
@for_all(st.data())
def test_ranks_of_boxes(data: st.DataObject) -> None:
    q, e = Quantale.GODEL, data.draw(st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1)]))
    a = data.draw(boxes(q, 3, 2))
    low, high = interval(Rank(given(q, a), e))
    inner = interval(Rank(given(q, inside(data.draw, q, a)), e))
    assert low <= inner[0] == inner[1] <= high


def test_arithmetic() -> None:
    two, minus = number(2), number("-1/3")
    for operation, operands, value in [
        ("+", (two, minus, two), Fraction(11, 3)),
        ("-", (two, minus), Fraction(7, 3)),
        ("*", (two, minus), Fraction(-2, 3)),
        ("/", (two, minus), Fraction(-6)),
        ("negate", (two,), Fraction(-2)),
        ("min", (two, minus), Fraction(-1, 3)),
        ("max", (two, minus), Fraction(2)),
        ("abs", (minus,), Fraction(1, 3)),
    ]:
        assert interval(Combined(operation, operands)) == (value, value)
