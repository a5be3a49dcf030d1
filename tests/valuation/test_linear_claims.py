"""Soft prompts, soft weights and hulls: each verdict comes with evidence that holds by itself."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given as sample
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.evidence import HullWeights, Multipliers, Point, Separation
from formal.enriched.expression import Applied, Operation, Rational
from formal.enriched.formula import Given, InHull, SoftPrompt, SoftWeight, Symbol
from formal.quantale import Box, Quantale
from formal.valuation import decide
from tests.valuation.oracle import given

NUMBERS = st.one_of(st.integers(-3, 3).map(Fraction), st.fractions(-2, 2, max_denominator=5))
Vectors = list[list[Fraction]]


def dot(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def vectors(draw: st.DrawFn, count: int, width: int) -> Vectors:
    return draw(st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=count, max_size=count))


def check(system: list[tuple[list[Fraction], Fraction]], truth: bool | None, evidence: object) -> None:
    """A point satisfies all inequalities; multipliers add them up to a contradiction, using at most d + 1 of them."""
    if truth:
        assert isinstance(evidence, Point)
        assert all(dot(row, list(evidence.coordinates)) >= bound for row, bound in system)
        return
    assert truth is False
    assert isinstance(evidence, Multipliers)
    assert all(multiple > 0 for _, multiple in evidence.multiples)
    width = len(system[0][0])
    for y in range(width):
        assert sum(multiple * system[i][0][y] for i, multiple in evidence.multiples) == 0
    assert sum(multiple * system[i][1] for i, multiple in evidence.multiples) > 0
    assert len(evidence.multiples) <= width + 1


@st.composite
def soft_prompts(draw: st.DrawFn) -> tuple[Vectors, list[int], Fraction | None]:
    count, width = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    task = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    return vectors(draw, count, width), task, draw(st.one_of(st.none(), NUMBERS))


@sample(soft_prompts())
@settings(max_examples=60, deadline=None)
def test_soft_prompts(drawn: tuple[Vectors, list[int], Fraction | None]) -> None:
    features, task, threshold = drawn
    margin = Fraction(1, 2)
    formula = SoftPrompt(
        given(Quantale.LAWVERE, features), given(Quantale.BOOLEAN, [[v] for v in task]), margin, threshold
    )
    system = []
    for row, value in zip(features, task, strict=True):
        sign = 1 if value else -1
        last = [Fraction(-sign)] if threshold is None else []
        bound = (margin if value else Fraction(0)) + (0 if threshold is None else sign * threshold)
        system.append(([sign * v for v in row] + last, bound))
    decision = decide(formula)
    ((path, evidence),) = decision.evidence
    assert path == ()
    check(system, decision.truth, evidence)


@st.composite
def soft_weights(draw: st.DrawFn) -> tuple[Vectors, list[Fraction], Fraction]:
    count, width = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    targets = draw(st.lists(NUMBERS, min_size=count, max_size=count))
    return vectors(draw, count, width), targets, draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)]))


@sample(soft_weights())
@settings(max_examples=60, deadline=None)
def test_soft_weights(drawn: tuple[Vectors, list[Fraction], Fraction]) -> None:
    features, targets, within = drawn
    formula = SoftWeight(given(Quantale.LAWVERE, features), given(Quantale.LAWVERE, [[v] for v in targets]), within)
    system = []
    for row, target in zip(features, targets, strict=True):
        system += [(row, target - within), ([-v for v in row], -target - within)]
    decision = decide(formula)
    check(system, decision.truth, decision.evidence[0][1])


@st.composite
def hulls(draw: st.DrawFn) -> tuple[Vectors, list[Vectors], Fraction, bool]:
    rows, width, shared = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.booleans())
    count = draw(st.integers(1, 4))
    corners = [vectors(draw, count, width)] if shared else [vectors(draw, rows, width) for _ in range(count)]
    return (
        vectors(draw, rows, width),
        corners,
        draw(st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1)])),
        shared,
    )


@sample(hulls())
@settings(max_examples=60, deadline=None)
def test_hulls(drawn: tuple[Vectors, list[Vectors], Fraction, bool]) -> None:
    points, corners, within, shared = drawn
    formula = InHull(
        given(Quantale.LAWVERE, points), tuple(given(Quantale.LAWVERE, c) for c in corners), within, shared
    )
    decision = decide(formula)
    ((_, evidence),) = decision.evidence

    def vertices(x: int) -> Vectors:
        return corners[0] if shared else [c[x] for c in corners]

    if decision.truth:
        assert isinstance(evidence, HullWeights)
        for x, weights in enumerate(evidence.weights):
            assert min(weights) >= 0
            assert sum(weights) == 1
            for y, coordinate in enumerate(points[x]):
                mixed = dot(list(weights), [vertex[y] for vertex in vertices(x)])
                assert abs(mixed - coordinate) <= within
        return
    assert decision.truth is False
    assert isinstance(evidence, Separation)
    normal = list(evidence.normal)
    level = dot(normal, points[evidence.row]) - within * sum(map(abs, normal))
    assert all(level > dot(normal, vertex) for vertex in vertices(evidence.row))


def test_a_margin_that_only_just_exists_is_decided_exactly() -> None:
    tiny = Fraction(1, 10**40)
    task = given(Quantale.BOOLEAN, [[1], [0]])
    near = given(Quantale.LAWVERE, [[1 + tiny, 1], [1, 1]])
    alike = given(Quantale.LAWVERE, [[1, 1], [1, 1]])
    assert decide(SoftPrompt(near, task, Fraction(1), None)).truth is True
    assert decide(SoftPrompt(alike, task, Fraction(1), None)).truth is False


def test_a_point_on_the_hull_and_one_just_outside_are_told_apart() -> None:
    corner = given(Quantale.LAWVERE, [[Fraction(1, 3), 0], [0, Fraction(1, 7)], [0, 0]])
    on = given(Quantale.LAWVERE, [[Fraction(1, 6), Fraction(1, 14)]])
    off = given(Quantale.LAWVERE, [[Fraction(1, 6), Fraction(1, 14) + Fraction(1, 10**30)]])
    assert decide(InHull(on, (corner,), Fraction(0), shared=True)).truth is True
    assert decide(InHull(off, (corner,), Fraction(0), shared=True)).truth is False
    assert decide(InHull(off, (corner,), Fraction(1, 10**30), shared=True)).truth is True


def test_mixtures_of_many_columns_are_found_exactly() -> None:
    corners = [[Fraction((7 * x * y + 3 * x + y) % 101, 101) for y in range(60)] for x in range(5)]
    weights = [Fraction(w, 31) for w in (1, 2, 4, 8, 16)]
    mixed = [sum((w * row[y] for w, row in zip(weights, corners, strict=True)), Fraction(0)) for y in range(60)]
    hull = (given(Quantale.LAWVERE, corners),)
    for within in (Fraction(0), Fraction(1, 10**20)):
        assert decide(InHull(given(Quantale.LAWVERE, [mixed]), hull, within, shared=True)).truth is True
    moved = given(Quantale.LAWVERE, [[mixed[0] + Fraction(1, 10**19), *mixed[1:]]])
    assert decide(InHull(moved, hull, Fraction(0), shared=True)).truth is False


def test_a_contradiction_among_many_objects_is_found_by_its_support() -> None:
    features = [[Fraction((x * (y + 2) + x * x) % 37, 37) for y in range(8)] for x in range(60)]
    task = given(Quantale.BOOLEAN, [[x % 2] for x in range(60)])
    decision = decide(SoftPrompt(given(Quantale.LAWVERE, features), task, Fraction(1, 10), None))
    assert decision.truth is False
    ((_, evidence),) = decision.evidence
    assert isinstance(evidence, Multipliers)
    assert len(evidence.multiples) <= 10


def test_features_in_boxes() -> None:
    task = given(Quantale.BOOLEAN, [[1], [0]])
    wide = given(Quantale.LAWVERE, [[Box(1, 2)], [Box(-1, 0)]])
    assert decide(SoftPrompt(wide, task, Fraction(1), None)).truth is True
    overlapping = given(Quantale.LAWVERE, [[Box(0, 1)], [Box(0, 1)]])
    assert decide(SoftPrompt(overlapping, task, Fraction(1), None)).truth is None
    contradictory = given(Quantale.LAWVERE, [[1], [1], [Box(0, 5)]])
    assert decide(SoftPrompt(contradictory, given(Quantale.BOOLEAN, [[1], [0], [1]]), Fraction(1), None)).truth is False


def test_irrational_features() -> None:
    root = Applied(Operation.SQRT, (Rational(Fraction(2)),))
    features = given(Quantale.LAWVERE, [[Box(1, 2)], [1]])
    symbolic = Given("M", Quantale.LAWVERE, features.rows, features.columns, features.table, (Symbol(0, 0, root),))
    target = given(Quantale.LAWVERE, [[Fraction(7, 5)], [1]])
    assert decide(SoftWeight(symbolic, target, Fraction(1, 50))).truth is True
