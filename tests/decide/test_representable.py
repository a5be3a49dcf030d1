"""Generating and universal elements agree with their definitions, and the evidence says what it should."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.evidence import BadComponent, FewComponents, Forest, Separated
from formal.core.functor import SetFunctor
from formal.decide.graph import Graph
from formal.decide.representable import (
    coproduct_of_representables,
    covered,
    prompt_number,
    universal_elements,
)
from formal.explain.candidate import Crowded, Identified, Missed, failure
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive
from tests.definition import generated
from tests.strategies import categories, concrete_category, hom_functor, set_functors

SMALL = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@st.composite
def any_set_functor(draw: st.DrawFn) -> SetFunctor:
    return draw(set_functors(draw(categories()), draw(st.booleans())))


@SMALL
@given(any_set_functor())
def test_prompt_number_is_the_least_number_that_covers(functor: SetFunctor) -> None:
    number = prompt_number(functor)
    assert exhaustive.holds(L.Covered(functor, number))
    assert number == 0 or not exhaustive.holds(L.Covered(functor, number - 1))


@SMALL
@given(any_set_functor())
def test_universal_elements_are_all_and_the_others_have_a_reason(functor: SetFunctor) -> None:
    universal = {
        (functor.base[u], u)
        for u in range(functor.size)
        if exhaustive.holds(L.Universal(functor, L.ElementConstant(functor, u)))
    }
    assert set(universal_elements(functor)) == universal
    for u in range(functor.size):
        images = generated(functor, [u])
        match failure(functor, u, set(images)):
            case Missed(_, element):
                assert element not in images
            case Identified(_, first, second, image):
                assert first != second
                assert functor.act_arrow(first, u) == functor.act_arrow(second, u) == image
                assert set(images) == set(range(functor.size))
            case Crowded():
                raise AssertionError("paths are short here")
            case None:
                assert (functor.base[u], u) in universal


@SMALL
@given(any_set_functor(), st.integers(0, 4))
def test_covered(functor: SetFunctor, count: int) -> None:
    value, evidence = covered(functor, count)
    assert value == exhaustive.holds(L.Covered(functor, count))
    if value:
        assert isinstance(evidence, Forest)
        assert len(evidence.roots) <= count
        check_forest(functor, evidence)
    else:
        assert isinstance(evidence, Separated)
        check_separated(functor, evidence, count)


@SMALL
@given(any_set_functor(), st.integers(0, 4))
def test_coproduct_of_representables(functor: SetFunctor, count: int) -> None:
    value, evidence = coproduct_of_representables(functor, count)
    assert value == exhaustive.holds(L.CoproductOfRepresentables(functor, count))
    match evidence:
        case Forest():
            assert value
            assert sorted(generated(functor, evidence.roots)) == list(range(functor.size))
            check_forest(functor, evidence)
        case Separated():
            assert not value
            check_separated(functor, evidence, count)
        case FewComponents():
            assert not value
        case BadComponent():
            assert not value
            check_bad_component(functor, evidence)
        case _:
            pytest.fail("no such evidence")


def edges(functor: SetFunctor) -> list[tuple[int, int, int]]:
    return [(s, g, functor.act(g, s)) for g in range(len(functor.action)) for s in functor.at(functor.ends(g)[0])]


def check_forest(functor: SetFunctor, forest: Forest) -> None:
    for t, (parent, g) in enumerate(zip(forest.parent, forest.generator, strict=True)):
        assert (parent, g) == (t, -1) if t in forest.roots else (parent, g, t) in edges(functor)
        for _ in range(functor.size):
            parent = forest.parent[parent]
        assert parent in forest.roots


def check_separated(functor: SetFunctor, evidence: Separated, count: int) -> None:
    assert evidence.count > count
    assert set(evidence.label) - {-1} == set(range(evidence.count))
    for s, _, t in edges(functor):
        assert evidence.label[t] in (-1, evidence.label[s])


def check_bad_component(functor: SetFunctor, evidence: BadComponent) -> None:
    member, sources = evidence.member, evidence.sources
    assert any(sources)
    for s, _, t in edges(functor):
        assert member[s] == member[t]
        assert sources[s] or not sources[t]
    possible = {functor.base[s] for s in range(functor.size) if sources[s]}
    assert [q for q, _ in evidence.misfit] == sorted(possible)
    for q, x in evidence.misfit:
        arrows = functor.category.hom(x, q) if functor.contravariant else functor.category.hom(q, x)
        assert len(arrows) != sum(member[t] for t in functor.at(x))


def test_a_component_that_no_element_generates_freely() -> None:
    """C = Z/4, one point: generated by its point, which four arrows identify."""
    category = concrete_category((4,), [(0, 0, (1, 2, 3, 0))])
    point = SetFunctor("T", category, True, (("*",),), ((0,),))
    value, evidence = coproduct_of_representables(point, 1)
    assert not value
    assert evidence == BadComponent((True,), (True,), ((0, 0),))
    assert prompt_number(point) == 1
    assert failure(point, 0, {0}) == Identified(0, 0, 1, 0)


def test_one_source_component_over_objects_of_different_size() -> None:
    """An idempotent split: x retracts onto y, and Hom(-, y) has a generating but not universal element over x."""
    category = concrete_category((2, 1), [(0, 1, (0, 0)), (1, 0, (0,))])
    functor = hom_functor(category, 1, True)
    assert universal_elements(functor) == ((1, functor.of_arrow[1]),)
    over_x = functor.at(0)[0]
    assert isinstance(failure(functor, over_x, set(generated(functor, [over_x]))), Identified)


@pytest.mark.parametrize("contravariant", [True, False])
def test_the_empty_functor(contravariant: bool) -> None:
    empty = SetFunctor("T", concrete_category((1,), []), contravariant, ((),), ())
    assert coproduct_of_representables(empty, 0) == (True, Forest((), (), ()))
    assert coproduct_of_representables(empty, 1) == (False, FewComponents())
    assert prompt_number(empty) == 0
    assert universal_elements(empty) == ()


@SMALL
@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30))
    )
)
def test_both_graph_implementations_agree(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    size, pairs = drawn
    tail, head = (np.array([pair[k] for pair in pairs], dtype=np.int32) for k in (0, 1))
    plain, large = Graph(size, tail, head, small=True), Graph(size, tail, head, small=False)
    for mine, theirs in (
        (plain.strong_components(), large.strong_components()),
        (plain.weak_components(), large.weak_components()),
    ):
        renaming = set(zip(mine.tolist(), theirs.tolist(), strict=True))
        assert len(renaming) == len(set(mine.tolist())) == len(set(theirs.tolist()))
    reached = [graph.forest([0]) for graph in (plain, large)]
    assert (reached[0] >= 0).tolist() == (reached[1] >= 0).tolist()
    for forest in reached:
        for t, edge in enumerate(forest.tolist()):
            assert edge < 0 or pairs[edge][1] == t
