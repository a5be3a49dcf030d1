"""Plausible falsehoods with their least counter-models, and truths without."""

from __future__ import annotations

import pytest

from formal.logic.theory import Truth
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.refute.search import search
from formal.statement.model import Statement
from tests.statement.theorem import statement

FALSEHOODS = {
    "monomorphisms are epimorphisms": (
        4,
        "given category C, object X, Y in C, arrow f: X -> Y assume mono(f) show epi(f)",
    ),
    "idempotents split": (
        2,
        """given category C, object X in C, arrow e: X -> X assume e >> e = e
           show exists Y in C, r: X -> Y, s: Y -> X. r >> s = e and s >> r = id(Y)""",
    ),
    "products give a terminal object, the empty category included": (
        0,
        "given category C assume has(C, products) show has(C, terminal)",
    ),
    "products give a terminal object where there is an object": (
        5,
        "given category C, object X in C assume has(C, products) show has(C, terminal)",
    ),
    "epimorphisms are stable under pullback": (
        5,
        """given category C, object P, X, Y, Z in C, arrow p: P -> X, q: P -> Y, f: X -> Z, g: Y -> Z
           assume pullback(p, q, f, g) assume epi(f) show epi(q)""",
    ),
    "mono and epi are iso": (
        3,
        "given category C, object X, Y in C, arrow f: X -> Y assume mono(f) assume epi(f) show iso(f)",
    ),
    "arrows both ways make isomorphic": (
        5,
        "given category C, object X, Y in C, arrow f: X -> Y, g: Y -> X show isomorphic(X, Y)",
    ),
    "the last factor of a mono is mono": (
        4,
        """given category C, object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z
           assume mono(f >> g) show mono(g)""",
    ),
    "faithful functors are injective on objects": (
        3,
        "given category C, D, functor F: C -> D assume faithful(F) show forall X, Y in C. F(X) = F(Y) implies X = Y",
    ),
    "functors are full": (3, "given category C, D, functor F: C -> D, object X in C show full(F)"),
    "functors are faithful": (3, "given category C, D, functor F: C -> D show faithful(F)"),
    "cancellative monoids are groups: there is no finite counter-model": (
        None,
        """given category C, object X in C assume forall Y in C. Y = X
           assume forall f: X -> X. mono(f) show groupoid(C)""",
    ),
    "pointwise solutions are enough": (
        4,
        """given category C, presheaf T on C, object P in C
           assume forall X in C. equinumerous(T(X), hom(X, P)) show representable(T, by: P)""",
    ),
    "functors that agree on objects are isomorphic": (
        4,
        """given category C, D, functor F, G: C -> D assume forall X in C. isomorphic(F(X), G(X))
           show isomorphic(F, G)""",
    ),
    "connected categories have initial or terminal objects": (
        2,
        "given category C assume connected(C) show has(C, initial) or has(C, terminal)",
    ),
}
"""Each with the size of its least counter-model."""


@pytest.mark.parametrize("name", FALSEHOODS)
def test_least_counter_model(name: str) -> None:
    size, clauses = FALSEHOODS[name]
    found = searched(statement(clauses), 6)
    if size is None:
        assert isinstance(found, Searched)
        assert (found.size, found.exhausted) == (6, False)
    else:
        assert isinstance(found, CounterModel)
        assert (found.size, found.smallest) == (size, True)


def searched(theorem: Statement, size: int) -> CounterModel | Searched:
    return search(theorem, theorem.obligations[-1], SearchLimits(max_size=size))


@pytest.mark.parametrize(
    "clauses",
    [
        "given category C, object X, Y in C, arrow f: X -> Y assume iso(f) show mono(f)",
        """given category C, presheaf T on C, object P in C assume representable(T, by: P)
           show forall X in C. equinumerous(T(X), hom(X, P))""",
        "given category C, D, functor F: C -> D, G: D -> C assume adjoint(F, G) show has_right_adjoint(F)",
    ],
)
def test_truths_have_no_counter_model(clauses: str) -> None:
    found = searched(statement(clauses), 5)
    assert isinstance(found, Searched)
    assert (found.size, found.exhausted) == (5, False)


def test_the_empty_category_is_a_model() -> None:
    found = searched(statement("given category C show exists X in C. X = X"), 3)
    assert found == CounterModel({"C": found.categories["C"]}, {}, {}, size=0, smallest=True, resources=found.resources)
    assert found.categories["C"].objects == 0


def test_one_object_two_arrows() -> None:
    """The walking idempotent, entry by entry."""
    found = searched(statement(FALSEHOODS["idempotents split"][1]), 3)
    assert isinstance(found, CounterModel)
    assert found.categories["C"].composite == {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1}
    assert found.functions == {"X": {(): 0}, "e": {(): 1}}


def test_the_same_search_finds_the_same() -> None:
    theorem = statement(FALSEHOODS["epimorphisms are stable under pullback"][1])
    assert searched(theorem, 6) == searched(theorem, 6)


# --- what is asked --------------------------------------------------------------------------------

UNITAL = """given category C, object X in C, arrow f, g: X -> X
            assume left: f >> g = id(X) assume right: g >> f = id(X) show f = g"""


def test_without_a_hypothesis() -> None:
    theorem = statement("given category C, object X, Y in C, arrow f: X -> Y assume only: iso(f) show mono(f)")
    show = theorem.obligations[-1]
    limits = SearchLimits(max_size=4)
    assert isinstance(search(theorem, show, limits), Searched)
    found = search(theorem, show, limits, without=frozenset({"only"}))
    assert isinstance(found, CounterModel)
    assert found.size == 2


def test_another_goal() -> None:
    theorem = statement(UNITAL)
    show = theorem.obligations[-1]
    assert isinstance(search(theorem, show, SearchLimits(max_size=4), goal=Truth(True)), Searched)
    found = search(theorem, show, SearchLimits(max_size=4), goal=Truth(False))
    assert isinstance(found, CounterModel)
    assert found.size == 1


def test_satisfiable_hypotheses() -> None:
    theorem = statement(UNITAL)
    show = theorem.obligations[-1]
    found = search(theorem, show, SearchLimits(max_size=4), satisfy=True)
    assert isinstance(found, CounterModel)
    assert found.size == 1
    found = search(theorem, show, SearchLimits(max_size=4), satisfy=True, nondegenerate=True)
    assert isinstance(found, CounterModel)
    assert found.size == 2


def test_nondegenerate_structures_have_elements() -> None:
    theorem = statement("given category C, presheaf T on C show true")
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=4), satisfy=True, nondegenerate=True)
    assert isinstance(found, CounterModel)
    assert found.size == 3
    assert len(found.set_functors["T"].at) == 1
    assert len(found.categories["C"].dom) == 2


def test_unsatisfiable_hypotheses() -> None:
    theorem = statement("given category C, object X in C assume forall Y in C. Y != X show X = X")
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=5), satisfy=True)
    assert isinstance(found, Searched)
    assert not found.exhausted


def test_steps_shown_before_are_not_required() -> None:
    """A wrong step does not hide the counter-model of the goal."""
    theorem = statement("given category C, object X, Y in C, arrow f: X -> Y have wrong: X = Y show mono(f)")
    found = searched(theorem, 4)
    assert isinstance(found, CounterModel)


# --- limits ---------------------------------------------------------------------------------------


def test_a_small_budget_is_spent() -> None:
    theorem = statement("given category C, object X, Y in C, arrow f: X -> Y assume iso(f) show mono(f)")
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=8, budget=2000))
    assert isinstance(found, Searched)
    assert found.exhausted
    assert 0 <= found.size < 8
    assert "2000" in found.reason
    assert found.resources == 2000


def test_what_is_cut_off_is_not_counted_as_searched() -> None:
    theorem = statement("given category C, object X, Y in C, arrow f: X -> Y assume iso(f) show mono(f)")
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=6, max_objects=2))
    assert isinstance(found, Searched)
    assert found.size == 2
    assert not found.exhausted


def test_a_model_beyond_a_cut_is_not_called_smallest() -> None:
    theorem = statement(FALSEHOODS["mono and epi are iso"][1])
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=6, max_objects=1))
    assert isinstance(found, Searched)
    found = search(theorem, theorem.obligations[-1], SearchLimits(max_size=6, max_arrows=1))
    assert isinstance(found, CounterModel)
    assert not found.smallest
