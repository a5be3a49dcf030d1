"""Terms and instances over a problem."""

from __future__ import annotations

from itertools import product

import pytest

from formal import herbrand
from formal.certificate.theorem import write_theorem_claim
from formal.herbrand.problem import Problem
from formal.prove.result import Sequent
from formal.prove.term import IllSorted, arguments, typing_of
from formal.prove.universe import inhabited, instances_over, reachable, solved, universe_of
from tests.prove import textbook


def problem(sequent: Sequent) -> Problem:
    return herbrand.read(write_theorem_claim(sequent))


X, Y, F = ("X",), ("Y",), ("f",)


def test_types_and_conditions_of_terms() -> None:
    typing = typing_of(problem(textbook.split_monos_are_mono()))
    composite = ("comp.C", F, ("id.C", Y))
    assert typing.type_of(composite).indices == (X, Y)
    assert typing.conditions([composite]) == []
    assert typing.conditions([("comp.C", F, F)]) == [("=", Y, X)]
    with pytest.raises(IllSorted):
        typing.type_of(("comp.C", X, F))


def test_terms_are_typed_and_no_two_equal_by_a_law() -> None:
    universe = universe_of(problem(textbook.inverses_are_unique()), limit=100)
    f, g, h = ("f",), ("g",), ("h",)
    assert universe.typing.conditions(universe.terms) == []
    assert set(universe.terms) >= {f, g, h, ("id.C", X), ("id.C", Y)}
    assert ("comp.C", f, ("id.C", Y)) not in universe.terms
    # f has two inverses, so there is nothing else to say of f, g and h.
    assert len(universe.terms) == 7


def test_terms_come_by_weight() -> None:
    universe = universe_of(problem(textbook.right_adjoints_preserve_terminal()), limit=80)
    weights = list(universe.terms.values())
    assert len(weights) == 80
    assert weights == sorted(weights)


def test_instances_have_no_conditions_but_those_of_their_terms() -> None:
    found = problem(textbook.pullbacks_paste())
    universe = universe_of(found, limit=30)
    instances = instances_over(universe, found, limit=200)
    assert len(set(instances)) == len(instances) == 200
    for name, terms in instances:
        if not solved(found.axioms[name]):
            conditions, _ = universe.typing.instance(found.axioms[name], terms)
            assert all(condition[0] == "defined" for condition in conditions)


@pytest.mark.parametrize(
    "goal", [textbook.split_monos_are_mono, textbook.right_adjoints_preserve_terminal, textbook.products_are_isomorphic]
)
def test_nothing_that_fits_is_left_out(goal: textbook.Goal) -> None:
    found = problem(goal())
    universe = universe_of(found, limit=18)
    listed = instances_over(universe, found, limit=100_000)
    assert len(set(listed)) == len(listed)
    for axiom in found.axioms.values():
        if solved(axiom) or len(axiom.explicit) > 3:
            continue
        fitting = set()
        for terms in product(universe.terms, repeat=len(axiom.explicit)):
            try:
                if not universe.typing.bind(axiom.variables, axiom.explicit, terms)[1]:
                    fitting.add(terms)
            except IllSorted:
                continue
        own = [terms for name, terms in listed if name == axiom.name]
        assert set(own) == fitting
        weights = [sum(universe.terms[term] for term in terms) for terms in own]
        assert weights == sorted(weights)


def test_terms_weigh_what_is_said() -> None:
    universe = universe_of(problem(textbook.right_adjoints_preserve_terminal()), limit=300)
    for term, weight in universe.terms.items():
        parts = [(universe.terms[part], universe.typing.type_of(part).kind == "Ob") for part in arguments(term)]
        if str(term[0]).startswith("comp."):
            assert weight == 1 + sum(part for part, _ in parts)
        else:
            free = universe.typing.type_of(term).kind != "Ob"
            assert weight == 1 + max((part - (free and is_object) for part, is_object in parts), default=0)


def test_every_axiom_has_its_share() -> None:
    found = problem(textbook.right_adjoints_preserve_monos())
    instances = instances_over(universe_of(found, limit=60), found, limit=250)
    assert {name for name, _ in instances} == set(found.axioms)


def test_variables_that_a_premise_determines() -> None:
    found = problem(textbook.products_are_isomorphic())
    existence, uniqueness = found.axioms["P_product"], found.axioms["P_product#3"]
    assert solved(existence) == {}
    (other,) = set(uniqueness.explicit) - set(solved(uniqueness))
    assert set(solved(uniqueness).values()) == {("comp.C", other, ("p",)), ("comp.C", other, ("p'",))}


def test_sorts_without_terms() -> None:
    empty = problem(textbook.something_exists())
    assert reachable(empty) == frozenset()
    bare = problem(textbook.an_element_exists())
    assert reachable(bare) == {("Ob", "C"), ("Hom", "C")}
    untyped = problem(textbook.elements_from_arrows())
    assert ("El", "T") in reachable(untyped)
    assert ("El", "T") not in inhabited(universe_of(untyped, limit=50))
