"""Representables, sums, products, restriction; Kan and Yoneda extensions; presheaf categories."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.construct.extension import extension, extension_map
from formal.construct.group import cyclic
from formal.construct.hom import corepresentable, element_map, representable, representables
from formal.construct.kan import lan, left_kan, ran, right_kan
from formal.construct.opposite import opposite
from formal.construct.order import chain, discrete
from formal.construct.presheaf import constant, empty, generating_elements, product_of, restrict, sum_of, turn
from formal.construct.yoneda import presheaf_category, yoneda_functor
from formal.core.build import TooLarge
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.core.search import set_isomorphism, transformations
from tests.construct.construct_samples import (
    CATEGORIES,
    COSPAN,
    FUNCTORS,
    GRAPH,
    LEFT_ZERO,
    SQUARE,
    all_transformations,
    is_category,
    is_functor,
    is_set_functor,
    point,
    set_functors,
)

LIMIT = 100_000


def count(dom: SetFunctor, cod: SetFunctor) -> int:
    return sum(1 for _ in transformations(dom, cod, limit=LIMIT))


def isomorphic(left: SetFunctor, right: SetFunctor) -> bool:
    return set_isomorphism(left, right, limit=LIMIT) is not None


# --- representables -------------------------------------------------------------------------------


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_hom_functors_act_by_composition(category: Category) -> None:
    for p, shared in enumerate(representables(category)):
        y, k = representable(category, p), corepresentable(category, p)
        assert (shared.elements, shared.action, shared.arrows) == (y.elements, y.action, y.arrows)
        for functor in (y, k):
            assert is_set_functor(functor)
            assert functor.arrows is not None
            assert functor.labels == tuple(category.arrow_labels[f] for f in functor.arrows)
            for index, g in enumerate(category.generators):
                for t in functor.at(functor.ends(index)[0]):
                    f = functor.arrows[t]
                    expected = category.compose(g.arrow, f) if functor is y else category.compose(f, g.arrow)
                    assert functor.arrows[functor.act(index, t)] == expected


@given(st.data())
def test_yoneda_lemma(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([c for c in CATEGORIES if 0 < c.arrow_count <= 9]))
    contravariant = data.draw(st.booleans())
    functor = data.draw(set_functors(category, contravariant=contravariant))
    p = data.draw(st.sampled_from(range(category.object_count)))
    hom = (representable if contravariant else corepresentable)(category, p)
    maps = {element_map(hom, functor, p, t) for t in functor.at(p)}
    assert maps == set(transformations(hom, functor, limit=LIMIT))
    assert len(maps) == len(functor.at(p))


@given(st.data())
def test_generating_elements_are_the_fewest(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(CATEGORIES))
    functor = data.draw(set_functors(category, contravariant=data.draw(st.booleans()), most=3))

    def generated(t: int) -> frozenset[int]:
        x = functor.base[t]
        arrows = (category.target if functor.contravariant else category.source, range(category.arrow_count))
        return frozenset(functor.act_arrow(f, t) for f in arrows[1] if arrows[0](f) == x)

    roots = generating_elements(functor)
    sets = [generated(t) for t in range(functor.size)]
    assert frozenset[int]().union(*(sets[t] for t in roots)) == frozenset(range(functor.size))
    maximal = {s for s in sets if not any(s < other for other in sets)}
    assert Counter(sets[t] for t in roots) == Counter(maximal)


# --- sums, products, restriction ------------------------------------------------------------------


@given(st.data())
def test_sums_and_products_have_their_universal_properties(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([chain(2), COSPAN, LEFT_ZERO, cyclic(2)]))
    contravariant = data.draw(st.booleans())
    small = set_functors(category, contravariant=contravariant, most=1)
    s, t, r = data.draw(small), data.draw(small), data.draw(small)
    assert is_set_functor(sum_of(s, t))
    assert is_set_functor(product_of(s, t))
    assert count(sum_of(s, t), r) == count(s, r) * count(t, r)
    assert count(r, product_of(s, t)) == count(r, s) * count(r, t)
    nothing, one = empty(category, contravariant=contravariant), point(category, contravariant=contravariant)
    assert isomorphic(sum_of(s, nothing), s)
    assert isomorphic(product_of(s, one), s)
    assert (count(nothing, s), count(s, one)) == (1, 1)


def test_labels_of_sums_products_and_constants() -> None:
    pets = constant(["cat", "dog"], chain(2), contravariant=True)
    category = pets.category
    birds = constant(["wren"], category, contravariant=True)
    assert sum_of(pets, birds).elements == (("cat", "dog", "wren"),) * 2
    assert sum_of(pets, pets).elements == (("inl(cat)", "inl(dog)", "inr(cat)", "inr(dog)"),) * 2
    assert product_of(pets, birds).elements == (("(cat, wren)", "(dog, wren)"),) * 2
    assert (pets.name, sum_of(pets, birds).name) == (
        "constant({cat, dog}, chain(2))",
        "constant({cat, dog}, chain(2)) + constant({wren}, chain(2))",
    )


def test_functors_of_two_kinds_do_not_add() -> None:
    with pytest.raises(ValueError, match="variance"):
        sum_of(representable(SQUARE, 0), corepresentable(SQUARE, 0))


@pytest.mark.parametrize("along", FUNCTORS, ids=lambda f: f.name)
def test_restriction_is_composition(along: Functor) -> None:
    for p in range(along.cod.object_count):
        for functor in (representable(along.cod, p), corepresentable(along.cod, p)):
            restricted = restrict(along, functor)
            assert is_set_functor(restricted)
            assert restricted.elements == tuple(functor.elements[y] for y in along.objects)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_presheaves_are_copresheaves_on_the_opposite(category: Category) -> None:
    turned_round = opposite(category)
    for p in range(category.object_count):
        functor = turn(representable(category, p), turned_round)
        assert is_set_functor(functor)
        assert isomorphic(functor, corepresentable(turned_round, p))


# --- Kan extensions -------------------------------------------------------------------------------


@pytest.mark.parametrize("along", FUNCTORS, ids=lambda f: f.name)
@pytest.mark.parametrize("contravariant", [True, False])
@settings(max_examples=15)
@given(st.data())
def test_kan_extensions_are_adjoint_to_restriction(along: Functor, contravariant: bool, data: st.DataObject) -> None:
    f = data.draw(set_functors(along.dom, contravariant=contravariant))
    g = data.draw(set_functors(along.cod, contravariant=contravariant, most=1))
    left, right = left_kan(f, along), right_kan(f, along, limit=LIMIT)
    assert is_set_functor(left.functor)
    assert is_set_functor(right.functor)
    unit = Transformation("unit", f, restrict(along, left.functor), _over(along, left.functor, left.unit, f))
    assert not list(unit.failures())
    counit = Transformation("counit", restrict(along, right.functor), f, right.counit)
    assert not list(counit.failures())

    below = restrict(along, g)
    through_unit = {
        tuple(_restricted(along, left.functor, g, phi)[t] for t in unit.images)
        for phi in transformations(left.functor, g, limit=LIMIT)
    }
    assert len(through_unit) == count(left.functor, g)
    assert through_unit == set(transformations(f, below, limit=LIMIT))
    through_counit = {
        tuple(counit.images[t] for t in _restricted(along, g, right.functor, phi))
        for phi in transformations(g, right.functor, limit=LIMIT)
    }
    assert len(through_counit) == count(g, right.functor)
    assert through_counit == set(transformations(below, f, limit=LIMIT))


def _over(along: Functor, extended: SetFunctor, values: tuple[int, ...], f: SetFunctor) -> tuple[int, ...]:
    """Elements of L over K(c), as elements of restrict(K, L) over c."""
    below = restrict(along, extended)
    return tuple(
        below.start[c] + value - extended.start[along.objects[c]] for value, c in zip(values, f.base, strict=True)
    )


def _restricted(along: Functor, dom: SetFunctor, cod: SetFunctor, images: tuple[int, ...]) -> list[int]:
    """A transformation dom => cod, restricted along K, as images of elements."""
    below = restrict(along, cod)
    return [below.start[c] + images[t] - cod.start[d] for c, d in enumerate(along.objects) for t in dom.at(d)]


@pytest.mark.parametrize("along", FUNCTORS, ids=lambda f: f.name)
def test_left_kan_extension_of_a_representable_is_representable(along: Functor) -> None:
    for p, image in enumerate(along.objects):
        assert isomorphic(lan(representable(along.dom, p), along), representable(along.cod, image))
        assert isomorphic(lan(corepresentable(along.dom, p), along), corepresentable(along.cod, image))


def test_left_kan_extension_to_a_point_counts_components() -> None:
    edges = SetFunctor("G", GRAPH, False, (("p", "q"), ("1", "2", "3", "4")), ((0, 1), (1, 2)))
    point_category = chain(1)
    collapse = Functor("collapse", GRAPH, point_category, (0, 0), (0, 0))
    assert len(lan(edges, collapse).at(0)) == 2
    assert len(ran(edges, collapse).at(0)) == 0
    loop = SetFunctor("G", GRAPH, False, (("p",), ("1", "2")), ((0,), (0,)))
    assert ran(loop, collapse).elements == (("p",),)


def test_labels_of_kan_extensions() -> None:
    people = constant(["ann", "bob"], chain(1), contravariant=False)
    target = chain(2)
    at_the_start = Functor("start", people.category, target, (0,), ())
    assert lan(people, at_the_start).elements == (("ann", "bob"), ("(0 -> 1)(ann)", "(0 -> 1)(bob)"))
    at_the_end = Functor("end", people.category, target, (1,), ())
    assert lan(people, at_the_end).elements == ((), ("ann", "bob"))
    assert ran(people, at_the_end).elements == (("ann", "bob"), ("ann", "bob"))
    assert ran(people, at_the_start).elements == (("ann", "bob"), ("()",))
    both = constant(["x"], discrete(["1", "2"]), contravariant=False)
    merged = Functor("merge", both.category, chain(1), (0, 0), ())
    assert lan(both, merged).elements == (("(1, x)", "(2, x)"),)
    assert ran(both, merged).elements == (("(x, x)",),)


def test_kan_extensions_are_limited() -> None:
    along = FUNCTORS[0]
    with pytest.raises(TooLarge):
        lan(corepresentable(along.dom, 0), along, limit=1)
    many = constant(["0", "1", "2"], discrete(["x", "y"]), contravariant=False)
    with pytest.raises(TooLarge):
        ran(many, Functor("collapse", many.category, chain(1), (0, 0), ()), limit=8)


# --- the Yoneda extension -------------------------------------------------------------------------


@given(st.data())
def test_yoneda_extension_restricts_to_the_functor(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(CATEGORIES))
    functor = data.draw(set_functors(category, contravariant=False))
    for x in range(category.object_count):
        y = representable(category, x)
        value = extension(functor, y)
        assert sorted(value.class_of(t, y.of_arrow[x]) for t in functor.at(x)) == list(range(len(value.labels)))
        assert set(value.labels) == {f"({label}, {category.arrow_labels[x]})" for label in functor.elements[x]}


@given(st.data())
def test_yoneda_extension_is_symmetric_and_a_left_kan_extension(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([chain(2), COSPAN, LEFT_ZERO, GRAPH, cyclic(2)]))
    functor = data.draw(set_functors(category, contravariant=False))
    weight = data.draw(set_functors(category, contravariant=True))
    value = extension(functor, weight)
    turned_round = opposite(category)
    assert len(value.labels) == len(extension(turn(weight, turned_round), turn(functor, turned_round)).labels)
    for c, (x, w) in enumerate(value.representatives):
        assert value.class_of(x, w) == c
    # Lan along C -> 1 of F, and ⊗ with the constant presheaf, are both the colimit of F.
    collapse = Functor("!", category, chain(1), (0,) * category.object_count, (0,) * len(category.generators))
    assert len(lan(functor, collapse).at(0)) == len(extension(functor, point(category, contravariant=True)).labels)
    yoneda = yoneda_functor(presheaf_category(category, [weight], limit=LIMIT))
    assert len(lan(functor, yoneda).at(category.object_count)) == len(value.labels)


@given(st.data())
def test_yoneda_extension_is_a_functor(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([chain(2), COSPAN, LEFT_ZERO]))
    functor = data.draw(set_functors(category, contravariant=False))
    v, w = (data.draw(set_functors(category, contravariant=True, most=1)) for _ in range(2))
    at_v, at_w = extension(functor, v), extension(functor, w)
    for images in transformations(v, w, limit=LIMIT):
        moved = extension_map(at_v, at_w, Transformation("phi", v, w, images))
        for x in range(category.object_count):
            for t in functor.at(x):
                for s in v.at(x):
                    assert moved[at_v.class_of(t, s)] == at_w.class_of(t, images[s])


def test_components_of_the_constant_presheaf() -> None:
    one = point(COSPAN, contravariant=False)
    assert len(extension(one, point(COSPAN, contravariant=True)).labels) == 1
    two = discrete(["x", "y"])
    everywhere = extension(point(two, contravariant=False), point(two, contravariant=True))
    assert everywhere.labels == ("(*, *)", "(*, *)'")
    assert extension(one, empty(COSPAN, contravariant=True)).labels == ()


# --- presheaf categories --------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.data())
def test_arrows_of_a_presheaf_category_are_transformations(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from([c for c in CATEGORIES if c.arrow_count <= 6]))
    listed = [
        data.draw(set_functors(category, contravariant=True, most=1)) for _ in range(data.draw(st.integers(0, 2)))
    ]
    result = presheaf_category(category, listed, limit=LIMIT)
    assert is_category(result.category)
    for x, s in enumerate(result.presheaves):
        for y, t in enumerate(result.presheaves):
            arrows = result.category.hom(x, y)
            assert sorted(result.images[f] for f in arrows) == sorted(transformations(s, t, limit=LIMIT))
            for f in arrows:
                assert result.arrow(x, y, result.images[f]) == f
                assert not list(result.transformation(f).failures())
                for z in range(result.category.object_count):
                    for g in result.category.hom(y, z):
                        composite = tuple(result.images[g][i] for i in result.images[f])
                        assert result.images[result.category.compose(f, g)] == composite
    yoneda = yoneda_functor(result)
    assert is_functor(yoneda)
    for x in range(category.object_count):
        for y in range(category.object_count):
            assert sorted(yoneda.arrows[f] for f in category.hom(x, y)) == list(result.category.hom(x, y))


def test_names_in_a_presheaf_category() -> None:
    category = chain(2)
    pets = SetFunctor("Pets", category, True, (("cat", "dog"), ()), ((),))
    result = presheaf_category(category, [pets]).category
    assert result.objects == ("y(0)", "y(1)", "Pets")
    # The two pets are exchanged by a transformation, so one of them generates.
    assert [g.name for g in result.generators][:2] == ["y((0 -> 1))", "cat: y(0) -> Pets"]
    assert "dog: y(0) -> Pets" in list(result.arrow_labels)


def test_presheaf_categories_are_limited() -> None:
    category = discrete(["x"])
    many = constant([str(i) for i in range(6)], category, contravariant=True)
    with pytest.raises(TooLarge):
        presheaf_category(category, [many], limit=1000)


def test_brute_force_agrees_on_a_small_presheaf_category() -> None:
    category = chain(2)
    s = SetFunctor("S", category, True, (("a", "b"), ("u", "v", "w")), ((0, 0, 1),))
    result = presheaf_category(category, [s])
    endomorphisms = [result.images[f] for f in result.category.hom(2, 2)]
    assert sorted(endomorphisms) == sorted(all_transformations(s, s))
