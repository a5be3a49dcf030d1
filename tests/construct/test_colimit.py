from __future__ import annotations

from itertools import product as tuples

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.construct.colimit import cocones, colimit_of, cones, limit_of, universal_element
from formal.construct.functor import compose_functors, identity_functor
from formal.construct.hom import corepresentable, representable
from formal.construct.order import chain, discrete, poset
from formal.construct.presheaf import empty
from formal.construct.yoneda import presheaf_category, yoneda_functor
from formal.core.build import TooLarge
from formal.core.functor import Functor, SetFunctor
from tests.construct.construct_samples import (
    CATEGORIES,
    COSPAN,
    FUNCTORS,
    LEFT_ZERO,
    SQUARE,
    is_set_functor,
    point,
    set_functors,
)

PAIR = discrete(["x", "y"])
ONE = point(PAIR, contravariant=True)
CO_ONE = point(PAIR, contravariant=False)


def all_cocones(functor: Functor, weight: SetFunctor, d: int) -> list[tuple[int, ...]]:
    """The compatible families of arrows F(X) -> d, by trying all families."""
    target, category = functor.cod, functor.dom
    return [
        legs
        for legs in tuples(*(target.hom(functor.objects[x], d) for x in weight.base))
        if all(
            legs[weight.act(index, w)] == target.compose(functor.generators[index], legs[w])
            for index, g in enumerate(category.generators)
            for w in weight.at(g.cod)
        )
    ]


@pytest.mark.parametrize("functor", FUNCTORS, ids=lambda f: f.name)
@settings(max_examples=15)
@given(st.data())
def test_cocones_are_compatible_families(functor: Functor, data: st.DataObject) -> None:
    weight = data.draw(set_functors(functor.dom, contravariant=True, most=1))
    found = cocones(functor, weight)
    assert is_set_functor(found.functor)
    for d in range(functor.cod.object_count):
        assert sorted(found.legs[t] for t in found.functor.at(d)) == sorted(all_cocones(functor, weight, d))
    for index, g in enumerate(functor.cod.generators):
        for t in found.functor.at(g.dom):
            expected = tuple(functor.cod.step(leg, index) for leg in found.legs[t])
            assert found.legs[found.functor.act(index, t)] == expected


@pytest.mark.parametrize("functor", FUNCTORS, ids=lambda f: f.name)
@settings(max_examples=15)
@given(st.data())
def test_universal_elements_by_definition(functor: Functor, data: st.DataObject) -> None:
    contravariant = data.draw(st.booleans())
    category = functor.cod
    t = data.draw(set_functors(category, contravariant=contravariant))
    universal = [
        u
        for u in range(t.size)
        if sorted(
            t.act_arrow(f, u)
            for f in range(category.arrow_count)
            if (category.target(f) if contravariant else category.source(f)) == t.base[u]
        )
        == list(range(t.size))
    ]
    found = universal_element(t)
    assert (found in universal) if universal else found is None


def test_joins_and_meets_are_colimits_and_limits() -> None:
    wings = Functor("wings", PAIR, SQUARE, (1, 2), ())
    join, meet = colimit_of(wings, ONE), limit_of(wings, CO_ONE)
    assert join is not None
    assert meet is not None
    assert (SQUARE.objects[join.object], SQUARE.objects[meet.object]) == ("d", "a")
    assert [SQUARE.arrow_labels[f] for f in join.legs] == ["(b -> d)", "(c -> d)"]
    assert [SQUARE.arrow_labels[f] for f in meet.legs] == ["(a -> b)", "(a -> c)"]


def test_a_discrete_category_lacks_coproducts_and_an_initial_object() -> None:
    answers = identity_functor(PAIR)
    assert colimit_of(answers, ONE) is None
    assert colimit_of(answers, empty(PAIR, contravariant=True)) is None
    assert limit_of(answers, CO_ONE) is None


@pytest.mark.parametrize("functor", FUNCTORS, ids=lambda f: f.name)
def test_colimit_weighted_by_a_representable_is_the_value(functor: Functor) -> None:
    for x, value in enumerate(functor.objects):
        found = colimit_of(functor, representable(functor.dom, x))
        assert found is not None
        assert any(functor.cod.inverse(f) is not None for f in functor.cod.hom(found.object, value))
        dual = limit_of(functor, corepresentable(functor.dom, x))
        assert dual is not None
        assert any(functor.cod.inverse(f) is not None for f in functor.cod.hom(dual.object, value))


def test_cones_are_cocones_turned_round() -> None:
    bottom = poset(["a", "b", "c"], [(2, 0), (2, 1)])
    wings = Functor("wings", PAIR, bottom, (0, 1), ())
    assert [len(labels) for labels in cones(wings, CO_ONE).functor.elements] == [0, 0, 1]
    assert [len(labels) for labels in cocones(Functor("wings", PAIR, COSPAN, (0, 1), ()), ONE).functor.elements] == [
        0,
        0,
        1,
    ]


@settings(max_examples=20)
@given(st.data())
def test_every_presheaf_is_the_colimit_of_its_representables(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([chain(2), COSPAN, LEFT_ZERO, PAIR]))
    weight = data.draw(set_functors(category, contravariant=True, most=1))
    presheaves = presheaf_category(category, [weight])
    found = colimit_of(yoneda_functor(presheaves), weight)
    assert found is not None
    assert any(
        presheaves.category.inverse(f) is not None for f in presheaves.category.hom(found.object, category.object_count)
    )


def test_wrong_variance_is_an_error() -> None:
    wings = Functor("wings", PAIR, SQUARE, (1, 2), ())
    with pytest.raises(ValueError, match="not a presheaf"):
        cocones(wings, CO_ONE)
    with pytest.raises(ValueError, match="not a copresheaf"):
        cones(wings, ONE)


def test_cocones_are_limited() -> None:
    monoid = identity_functor(LEFT_ZERO)
    two = discrete(["x", "y"])
    pair = Functor("pair", two, LEFT_ZERO, (0, 0), ())
    with pytest.raises(TooLarge):
        cocones(compose_functors(pair, monoid), point(two, contravariant=True), limit=8)


def test_samples_cover_both_answers() -> None:
    representable_ones = [universal_element(point(c, contravariant=True)) is not None for c in CATEGORIES]
    assert True in representable_ones
    assert False in representable_ones
