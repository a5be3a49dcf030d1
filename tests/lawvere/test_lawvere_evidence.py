"""Evidence for what would have to be searched for: accepted when it is right, rejected when it is nearly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from formal.enriched.evidence import (
    Branch,
    HullWeights,
    Multipliers,
    Point,
    PromptCover,
    RankBounds,
    RepairBounds,
    Separation,
)
from formal.enriched.formula import (
    Compare,
    Formula,
    InHull,
    Not,
    Order,
    PromptNumber,
    Rank,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.lawvere import Rejected
from formal.quantale import Box, Number, Quantale
from tests.lawvere import reference
from tests.lawvere.example import boxes, given, inside, interval, number, rows, verdict

EXAMPLES = settings(max_examples=15, deadline=None)
ANY = Quantale.PRODUCT
half, third = Fraction(1, 2), Fraction(1, 3)


def rejected(formula: Formula, says: str, path: tuple[int, ...], evidence: Any) -> str:
    """The rule that a certificate fails."""
    with pytest.raises(Rejected) as found:
        verdict(formula, says, ((path, evidence),))
    return found.value.rule


# --- prompt numbers -------------------------------------------------------------------------------


def covering(q: Quantale, a: list[list[Number]], target: list[Number], e: Fraction) -> tuple[list[set[int]], set[int]]:
    """The rows that each column covers, and those that the bottom does not reach."""
    covers = []
    for column in zip(*a, strict=True):
        fits = all(q.excess(x, t) <= e for x, t in zip(column, target, strict=True))
        covers.append({x for x, t in enumerate(target) if fits and q.excess(t, column[x]) <= e})
    return covers, {x for x, t in enumerate(target) if q.excess(t, q.bottom) > e}


def refuting(covers: list[set[int]], needed: set[int], most: int) -> Branch:
    """A tree that refutes ``most`` columns."""
    row = min(needed)
    children = [(p, refuting(covers, needed - rows, most - 1)) for p, rows in enumerate(covers) if row in rows and most]
    return Branch(row, tuple(children))


@pytest.mark.parametrize("q", list(Quantale))
@EXAMPLES
@for_all(st.data())
def test_covers(q: Quantale, data: st.DataObject) -> None:
    a, target = data.draw(rows(q, 4, 4)), data.draw(rows(q, 4, 1))
    e = Fraction(1, 6)
    vector = [x for [x] in target]
    expected = reference.prompt_number(q, a, vector, e, 4)
    covers, needed = covering(q, a, vector, e)
    quantity = PromptNumber(given(q, a), given(q, target), e)
    if expected == inf:
        row = min(x for x in needed if not any(x in rows_ for rows_ in covers))
        evidence = PromptCover(None, Branch(row, ()))
    else:
        from itertools import combinations

        chosen = next(c for c in combinations(range(4), int(expected)) if needed <= {x for p in c for x in covers[p]})
        if not all(covers[p] for p in chosen):
            return
        evidence = PromptCover(chosen, refuting(covers, needed, int(expected) - 1) if expected else None)
        if expected:
            with pytest.raises(Rejected):
                interval(quantity, (((), PromptCover(chosen[1:], evidence.fewer)),))
            with pytest.raises(Rejected):
                interval(quantity, (((), PromptCover((*chosen, chosen[0]), evidence.fewer)),))
    assert interval(quantity, (((), evidence),)) == (expected, expected)


def test_a_tree_that_leaves_a_column_out() -> None:
    a, target = given(ANY, [[1, 0], [0, 1]]), given(ANY, [[1], [1]])
    formula = Compare(PromptNumber(a, target, Fraction(0)), Order.EQUAL, number(2))
    tree = Branch(0, ((0, Branch(1, ())),))
    assert verdict(formula, "proved", (((0,), PromptCover((0, 1), tree)),)).verdict == "proved"
    for forged in (
        PromptCover((0, 1), Branch(0, ())),
        PromptCover((0, 1), Branch(0, ((0, Branch(0, ())),))),
        PromptCover((0, 1), Branch(0, ((1, Branch(1, ())),))),
        PromptCover((0, 1), None),
        PromptCover((0,), None),
        PromptCover(None, Branch(0, ())),
    ):
        assert rejected(formula, "proved", (0,), forged) in ("evidence", "format")


@EXAMPLES
@for_all(st.data())
def test_covers_of_boxes_hold_for_all_matrices(data: st.DataObject) -> None:
    q = Quantale.GODEL
    a, target = data.draw(boxes(q, 3, 3)), data.draw(boxes(q, 3, 1))
    quantity = PromptNumber(given(q, a), given(q, target), Fraction(1, 6))
    evidence = PromptCover(tuple(data.draw(st.lists(st.integers(0, 2), max_size=2))), None)
    try:
        low, high = interval(quantity, (((), evidence),))
    except Rejected:
        return
    inner, vector = inside(data.draw, q, a), inside(data.draw, q, target)
    assert low <= reference.prompt_number(q, inner, [x for [x] in vector], Fraction(1, 6), 3) <= high


# --- repairs --------------------------------------------------------------------------------------


def test_repairs_with_evidence() -> None:
    chain = given(ANY, [[1, Fraction(9, 10), half], [0, 1, Fraction(9, 10)], [0, 0, 1]])
    low, high = Fraction(11, 100), Fraction(12, 100)
    path = ((0,), RepairBounds(low, high, (0, 1, 2)))
    assert verdict(Compare(Repair(chain), Order.AT_MOST, number(high)), "proved", (path,)).verdict == "proved"
    assert verdict(Compare(number(low), Order.AT_MOST, Repair(chain)), "proved", (((1,), path[1]),)).verdict == "proved"
    identity = given(ANY, [[half]])
    exact = Compare(Repair(identity), Order.EQUAL, number(half))
    assert verdict(exact, "proved", (((0,), RepairBounds(half, half, (0,))),)).verdict == "proved"
    for forged in (
        RepairBounds(Fraction(11, 100), Fraction(11, 100), (0, 1, 2)),
        RepairBounds(Fraction(12, 100), Fraction(12, 100), (0, 1, 2)),
        RepairBounds(low, high, None),
        RepairBounds(low, high, (0, 2)),
        RepairBounds(low, high, ()),
        RepairBounds(high, low, (0, 1, 2)),
    ):
        assert rejected(Compare(Repair(chain), Order.AT_MOST, number(1)), "proved", (0,), forged) == "evidence"
    with pytest.raises(Rejected, match="evidence"):
        verdict(Compare(Repair(chain), Order.AT_MOST, number(1)))


@pytest.mark.parametrize("q", [q for q in Quantale if q is not Quantale.BOOLEAN])
@EXAMPLES
@for_all(st.data())
def test_bounds_of_repairs_are_sound(q: Quantale, data: st.DataObject) -> None:
    a = data.draw(boxes(q, 3, 3))
    bounds = st.sampled_from([Fraction(n, 12) for n in range(14)])
    path = data.draw(st.none() | st.lists(st.integers(0, 2), min_size=1, max_size=4).map(tuple))
    lower, upper = sorted((data.draw(bounds), data.draw(bounds)))
    evidence = RepairBounds(Fraction(0) if path is None else lower, upper, path)
    try:
        low, high = interval(Repair(given(q, a)), (((), evidence),))
    except Rejected:
        return
    inner = inside(data.draw, q, a)
    assert reference.is_repaired(q, inner, Fraction(high))
    assert low == 0 or not reference.is_repaired(q, inner, Fraction(low) - Fraction(1, 10**6))


def test_an_infinite_path_over_an_infinite_entry_bounds_nothing() -> None:
    a = given(Quantale.LAWVERE, [[0, inf, inf], [inf, 0, inf], [inf, inf, 0]])
    formula = Compare(Repair(a), Order.EQUAL, number(0))
    assert verdict(formula).verdict == "proved"
    assert rejected(formula, "refuted", (0,), RepairBounds(Fraction(1), Fraction(2), (0, 1, 2))) == "evidence"


# --- ranks ----------------------------------------------------------------------------------------

TABLE = [[1, 2, 3], [2, 4, 6], [1, 0, 1]]


def columns_of(*listed: Any) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Fraction(x) for x in row) for row in listed)


def test_ranks_with_evidence() -> None:
    of = given(ANY, TABLE)
    formula = Compare(Rank(of, Fraction(0)), Order.EQUAL, number(2))
    bounds = RankBounds(((0, 2), (0, 1)), None, columns_of([1, 0], [2, 0], [0, 1]), ())
    assert verdict(formula, "proved", (((0,), bounds),)).verdict == "proved"
    for forged in (
        replace(bounds, minor=((0, 1), (0, 1))),
        replace(bounds, left=columns_of([1, 0], [2, 0], [1, 1])),
        RankBounds(((0,), (0,)), None, columns_of([1], [2], [1]), ()),
    ):
        assert rejected(formula, "proved", (0,), forged) == "evidence"
    # singular values are about 8.43 and .99
    several = Compare(Rank(of, Fraction(2)), Order.EQUAL, number(1))
    first = RankBounds(None, columns_of([1, 2, 3]), columns_of([1], [2], [Fraction(3, 10)]), columns_of([1, 2, 3]))
    assert verdict(several, "proved", (((0,), first),)).verdict == "proved"
    none = RankBounds(None, (), columns_of([], [], []), ())
    assert rejected(several, "refuted", (0,), none) == "evidence"
    two = RankBounds(
        None, columns_of([1, 2, 3], [2, 4, 6]), columns_of([1, 0], [2, 0], [0, 1]), columns_of([1, 2, 3], [1, 0, 1])
    )
    assert rejected(several, "refuted", (0,), two) == "evidence"


# --- linear arithmetic ----------------------------------------------------------------------------

CORNERS = given(ANY, [[0, 0], [1, 0], [0, 1], [1, 1]])


def test_soft_prompts() -> None:
    conjunction, exclusive = given(ANY, [[0], [0], [0], [1]]), given(ANY, [[0], [1], [1], [0]])
    for threshold, point in [(None, (2, 2, 3)), (Fraction(3), (2, 2))]:
        formula = SoftPrompt(CORNERS, conjunction, Fraction(1), threshold)
        found = Point(tuple(map(Fraction, point)))
        assert verdict(formula, "proved", (((), found),)).verdict == "proved"
        assert verdict(Not(formula), "refuted", (((0,), found),)).verdict == "refuted"
        assert rejected(formula, "proved", (), Point(tuple(map(Fraction, (1, *point[1:]))))) == "evidence"
        assert rejected(formula, "proved", (), Point(found.coordinates[:-1])) == "format"
    for threshold in (None, half):
        formula = SoftPrompt(CORNERS, exclusive, Fraction(1), threshold)
        ones = Multipliers(tuple((x, Fraction(1)) for x in range(4)))
        assert verdict(formula, "refuted", (((), ones),)).verdict == "refuted"
        assert rejected(formula, "refuted", (), Multipliers(ones.multiples[:-1])) == "evidence"
        assert rejected(formula, "refuted", (), Multipliers(())) == "evidence"
        assert rejected(formula, "refuted", (), Multipliers(tuple((x, Fraction(-1)) for x in range(4)))) == "evidence"
        assert rejected(formula, "proved", (), ones) == "verdict"
    with pytest.raises(Rejected, match="evidence"):
        verdict(SoftPrompt(CORNERS, exclusive, Fraction(1)))


def test_soft_prompts_of_boxes() -> None:
    loose = given(ANY, [[Box(Fraction(0), Fraction(1, 4)), 0], [1, 0], [0, 1], [1, 1]])
    formula = SoftPrompt(loose, given(ANY, [[0], [0], [0], [1]]), Fraction(1))
    assert verdict(formula, "proved", (((), Point((Fraction(4), Fraction(4), Fraction(5)))),)).verdict == "proved"
    exclusive = SoftPrompt(loose, given(ANY, [[0], [1], [1], [0]]), Fraction(1))
    assert rejected(exclusive, "refuted", (), Multipliers(tuple((x, Fraction(1)) for x in range(4)))) == "evidence"
    unknown = SoftPrompt(CORNERS, given(ANY, [[0], [0], [0], [Box(0, 1)]]), Fraction(1))
    assert rejected(unknown, "proved", (), Point((Fraction(2), Fraction(2), Fraction(3)))) == "carrier"


def test_soft_weights() -> None:
    formula = SoftWeight(CORNERS, given(ANY, [[0], [1], [1], [Fraction(3, 2)]]), Fraction(1, 4))
    point = Point((Fraction(5, 6), Fraction(5, 6)))
    assert verdict(formula, "proved", (((), point),)).verdict == "proved"
    assert rejected(formula, "proved", (), Point((Fraction(1), Fraction(1)))) == "evidence"
    tight = replace_within(formula, Fraction(1, 10))
    # x + y <= 1.6, x >= .9, y >= .9
    contradiction = Multipliers(((7, Fraction(1)), (2, Fraction(1)), (4, Fraction(1))))
    assert verdict(tight, "refuted", (((), contradiction),)).verdict == "refuted"
    assert rejected(formula, "refuted", (), contradiction) == "evidence"
    assert rejected(tight, "refuted", (), Multipliers(((2, Fraction(1)), (3, Fraction(1))))) == "evidence"


def replace_within(of: SoftWeight, within: Fraction) -> SoftWeight:
    return SoftWeight(of.features, of.target, within)


def test_hulls() -> None:
    first, second = given(ANY, [[0, 0], [0, 0]]), given(ANY, [[1, 0], [0, 1]])
    points = given(ANY, [[half, 0], [0, third]])
    formula = InHull(points, (first, second), Fraction(0), False)
    weights = HullWeights(columns_of([half, half], [Fraction(2, 3), third]))
    assert verdict(formula, "proved", (((), weights),)).verdict == "proved"
    for forged in (
        HullWeights(columns_of([half, half])),
        HullWeights(columns_of([half, half], [half, half])),
        HullWeights(columns_of([half, third], [Fraction(2, 3), third])),
        HullWeights(columns_of([half, half], [Fraction(5, 3), Fraction(-2, 3)])),
    ):
        assert rejected(formula, "proved", (), forged) in ("evidence", "format")
    outside = InHull(given(ANY, [[half, half]]), (CORNERS_OF_A_TRIANGLE,), Fraction(1, 10), True)
    far = Separation(0, (Fraction(1), Fraction(1)))
    assert verdict(outside, "refuted", (((), far),)).verdict == "refuted"
    near = InHull(outside.points, outside.vertices, Fraction(1, 4), True)
    assert rejected(near, "refuted", (), far) == "evidence"
    assert rejected(outside, "refuted", (), Separation(0, (Fraction(1), Fraction(0)))) == "evidence"
    assert rejected(outside, "refuted", (), Separation(1, (Fraction(1), Fraction(1)))) == "format"


CORNERS_OF_A_TRIANGLE = given(ANY, [[0, 0], [half, 0], [0, half]])


def test_evidence_for_something_else() -> None:
    formula = Compare(Rank(given(ANY, TABLE), Fraction(0)), Order.EQUAL, number(2))
    assert rejected(formula, "proved", (0,), Point(())) == "evidence"
    assert rejected(formula, "proved", (), Point(())) == "evidence"
    assert rejected(formula, "proved", (2,), Point(())) == "format"
