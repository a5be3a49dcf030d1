"""Which categories need no arrows."""

from __future__ import annotations

import pytest

from formal.refute.discrete import categories_without_arrows
from formal.refute.limit import SearchLimits
from formal.refute.problem import problem_of
from formal.refute.result import CounterModel
from formal.refute.search import search
from tests.statement.theorem import statement


def bare(clauses: str) -> set[str]:
    theorem = statement(clauses)
    problem = problem_of(theorem, theorem.obligations[-1], frozenset(), None, False, False)
    names = [category.name for category in problem.categories]
    return set(categories_without_arrows(names, problem.functions, problem.required))


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("given category C show exists X in C. X = X", {"C"}),
        ("given category C, D, functor F: C -> D show forall X, Y in C. F(X) = F(Y) implies X = Y", {"C", "D"}),
        ("given category C, D, functor F: C -> D assume faithful(F) show forall X in C. F(X) = F(X)", {"C", "D"}),
        ("given category C, D, functor F: C -> D assume full(F) show forall X, Y in C. F(X) = F(Y)", set()),
        ("given category C, D, functor F: C -> D, object X in C, arrow f: X -> X show X = X", set()),
        ("given category C, D, functor F: C -> D, object X in D, arrow f: X -> X show X = X", {"C"}),
        ("given category C show thin(C)", set()),
        ("given category C assume thin(C) show exists X in C. X = X", {"C"}),
        ("given category C show groupoid(C)", set()),
        ("given category C, presheaf T on C show forall X in C, t, s in T(X). s = t", {"C"}),
        ("given category C show forall X in C. equinumerous(hom(X, X), hom(X, X))", set()),
        ("given category C show connected(C)", {"C"}),
        ("given category C assume connected(C) show exists X in C. X = X", set()),
    ],
)
def test_categories_used_as_sets(clauses: str, expected: set[str]) -> None:
    assert bare(clauses) == expected


def test_a_relation_that_does_not_compose() -> None:
    """Two categories used as sets, with 2 + 3 elements: without the reduction this is far away."""
    theorem = statement(
        """given category Points, Pairs, functor left, right: Pairs -> Points
           assume forall p in Pairs. left(p) != right(p)
           assume forall p in Pairs. exists q in Pairs. left(q) = right(p)
           show forall p in Pairs. exists q in Pairs. left(q) = right(p) and right(q) = left(p)"""
    )
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=8))
    assert isinstance(found, CounterModel)
    assert (found.size, found.smallest) == (6, True)
    assert [category.objects for category in found.categories.values()] == [3, 3]
