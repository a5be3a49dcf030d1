"""What is shown of a decision is so: worst places, few objects, representatives, and what a bracket determines."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TypeVar

import pytest

from formal.enriched.expression import Rational
from formal.enriched.formula import (
    Classes,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Excess,
    Formula,
    Gap,
    InHull,
    Metric,
    Not,
    Opposite,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    SoftWeight,
)
from formal.quantale import Box, Quantale
from formal.valuation import decide
from formal.valuation.explain import (
    Conflict,
    CriticalPath,
    Detail,
    Mixture,
    NearestPrompt,
    NoPrompt,
    Outside,
    Prompts,
    Representatives,
    SingularValues,
    WorstEntry,
    WorstTriple,
    determined,
    explain,
)
from tests.valuation.oracle import given, vector_distance

Kind = TypeVar("Kind", bound=Detail)
MATRIX = [[Fraction(v, 10) for v in row] for row in ([10, 9, 2, 4], [9, 10, 8, 4], [2, 8, 10, 5], [4, 4, 5, 10])]


def shown(formula: Formula, kind: type[Kind]) -> Kind:
    (found,) = (detail for _, detail in explain(formula, decide(formula)) if isinstance(detail, kind))
    return found


def at_most(quantity: Quantity, bound: Fraction | int = 0) -> Formula:
    return Compare(quantity, Order.AT_MOST, Constant(Rational(Fraction(bound))))


def test_the_worst_triple() -> None:
    detail = shown(at_most(Defect(given(Quantale.PRODUCT, MATRIX))), WorstTriple)
    x, y, z = detail.objects
    assert detail.composite == Box.point(MATRIX[x][y] * MATRIX[y][z])
    assert detail.entry == Box.point(MATRIX[x][z])
    assert detail.amount == Box.point(Fraction(52, 100)) == Box.point(MATRIX[x][y] * MATRIX[y][z] - MATRIX[x][z])


def test_a_missing_identity() -> None:
    detail = shown(at_most(Defect(given(Quantale.GODEL, [[1, 0], [0, Fraction(1, 3)]]))), WorstTriple)
    assert detail.objects == (1, 1, 1)
    assert detail.amount == Box.point(Fraction(2, 3))


@pytest.mark.parametrize("metric", Metric)
def test_the_nearest_prompt_and_few_objects_that_refute_a_smaller_gap(metric: Metric) -> None:
    source = random.Random(3)
    rows = [[Fraction(source.randint(0, 100), 100) for _ in range(30)] for _ in range(40)]
    target = [[Fraction(source.randint(0, 100), 100)] for _ in range(40)]
    vector = [value for (value,) in target]
    columns = [list(column) for column in zip(*rows, strict=True)]
    bound = Fraction(1, 4) if metric is Metric.SUP else Fraction(2)
    formula = Not(at_most(Gap(given(Quantale.PRODUCT, rows), given(Quantale.PRODUCT, target), metric), bound))
    assert decide(formula).truth is True
    nearest = shown(formula, NearestPrompt)
    distances = [vector_distance(column, vector, metric) for column in columns]
    assert nearest.distance == Box.point(min(distances)) == Box.point(distances[nearest.prompt])
    worst = [abs(a - b) for a, b in zip(columns[nearest.prompt], vector, strict=True)]
    assert worst[nearest.object] == max(worst)
    few = shown(formula, NoPrompt)
    assert few.bound == bound
    # In total variation each object adds at most half of 1, and half of 1/3 on average.
    assert len(few.objects) <= (3 if metric is Metric.SUP else 15)
    assert set(few.by) <= set(few.objects)
    for column in columns:
        assert vector_distance([column[x] for x in few.objects], [vector[x] for x in few.objects], metric) > bound
    # Coweights are explained alike.
    turned = Gap(Opposite(given(Quantale.PRODUCT, rows)), Opposite(given(Quantale.PRODUCT, target)), metric)
    assert shown(Not(at_most(turned, bound)), NoPrompt) == few


def test_two_objects_refute_all_prompts() -> None:
    # Two orbits: whatever is related to one object is not related to the other.
    rows = [[int(x // 3 == y // 3) for y in range(6)] for x in range(6)]
    every = [[1]] * 6
    formula = at_most(Gap(given(Quantale.BOOLEAN, rows), given(Quantale.BOOLEAN, every)))
    few = shown(formula, NoPrompt)
    assert len(few.objects) == 2
    assert few.objects[0] // 3 != few.objects[1] // 3
    assert all(rows[x][p] == 0 for p, x in enumerate(few.by))


def test_the_worst_entry_of_a_presheaf_with_the_object_between() -> None:
    weight = [[Fraction(1, 10)], [Fraction(1, 2)], [Fraction(1)], [Fraction(1)]]
    matrix, task = given(Quantale.PRODUCT, MATRIX), given(Quantale.PRODUCT, weight)
    detail = shown(at_most(Excess(Composite(matrix, task), task)), WorstEntry)
    assert detail.column == 0
    assert detail.middle is not None
    assert detail.left == Box.point(MATRIX[detail.row][detail.middle] * weight[detail.middle][0])
    assert detail.amount == Box.point(Fraction(35, 100))


def test_distances() -> None:
    a, b = given(Quantale.GODEL, [[0, 1], [0, 0]]), given(Quantale.GODEL, [[0, Fraction(1, 2)], [Fraction(2, 5), 1]])
    entry = shown(at_most(Distance(a, b)), WorstEntry)
    assert (entry.row, entry.column, entry.amount) == (1, 1, Box.point(Fraction(1)))
    row = shown(at_most(Distance(a, b, Metric.TV)), WorstEntry)
    assert (row.row, row.column, row.amount) == (1, None, Box.point(Fraction(7, 10)))
    assert determined(a, b) == ((0, 0),)


def test_searches() -> None:
    boolean = given(Quantale.BOOLEAN, [[1, 0], [0, 1], [0, 0]])
    covered = given(Quantale.BOOLEAN, [[1], [1], [0]])
    everything = given(Quantale.BOOLEAN, [[1], [1], [1]])
    assert shown(at_most(PromptNumber(boolean, covered, Fraction(0))), Prompts) == Prompts((0, 1), None)
    assert shown(at_most(PromptNumber(boolean, everything, Fraction(0))), Prompts) == Prompts(None, 2)
    path = shown(at_most(Repair(given(Quantale.GODEL, MATRIX))), CriticalPath)
    assert path.objects == (0, 1, 2)
    assert path.least == Box.point(Fraction(3, 10))
    classes = given(Quantale.GODEL, [[0, 1], [1, 1], [0, 1]])
    assert shown(at_most(Classes(classes, Fraction(0))), Representatives).classes == ((0, 2), (1,))
    values = shown(at_most(Rank(given(Quantale.LAWVERE, [[3, 0], [0, 4]]), Fraction(0))), SingularValues)
    assert values.values == pytest.approx((4.0, 3.0))
    assert values.minor is not None


def test_linear_claims() -> None:
    features, target = given(Quantale.LAWVERE, [[1], [1], [5]]), given(Quantale.LAWVERE, [[0], [2], [5]])
    conflict = shown(SoftWeight(features, target, Fraction(1, 2)), Conflict)
    assert sorted(conflict.objects) == [0, 1]
    corners = given(Quantale.LAWVERE, [[0, 0], [2, 0], [0, 9]])
    inside, outside = given(Quantale.LAWVERE, [[1, 0]]), given(Quantale.LAWVERE, [[1, 0], [3, 0]])
    mixture = shown(InHull(inside, (corners,), Fraction(0), shared=True), Mixture)
    assert mixture.weights == (((0, Fraction(1, 2)), (1, Fraction(1, 2))),)
    assert shown(InHull(outside, (corners,), Fraction(0), shared=True), Outside).row == 1
