"""Categories of elements, slices, commas, Karoubi envelopes."""

from __future__ import annotations

from itertools import product as tuples

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.comma import arrow_category, arrow_category_ends, comma_category, comma_projections
from formal.construct.elements import action_category, coslice_category, elements_category, slice_category
from formal.construct.functor import compose_functors, constant_functor, identity_functor
from formal.construct.group import cyclic
from formal.construct.hom import corepresentable, representable
from formal.construct.karoubi import karoubi, karoubi_embedding
from formal.construct.order import chain
from formal.construct.presheaf import constant, product_of
from formal.core.build import TooLarge
from formal.core.category import Category
from formal.core.functor import Functor
from tests.construct.construct_samples import (
    CATEGORIES,
    FUNCTORS,
    LEFT_ZERO,
    SQUARE,
    is_category,
    is_functor,
    set_functors,
)


@given(st.data())
def test_arrows_of_elements_are_actions(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(CATEGORIES))
    contravariant = data.draw(st.booleans())
    functor = data.draw(set_functors(category, contravariant=contravariant))
    result = elements_category(functor)
    assert is_category(result.category)
    assert is_functor(result.forgetful)
    assert result.forgetful.objects == functor.base
    for s, t in tuples(range(functor.size), repeat=2):
        if contravariant:
            expected = [f for f in category.hom(functor.base[s], functor.base[t]) if functor.act_arrow(f, t) == s]
        else:
            expected = [f for f in category.hom(functor.base[s], functor.base[t]) if functor.act_arrow(f, s) == t]
        assert sorted(result.forgetful.arrows[f] for f in result.category.hom(s, t)) == expected


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_elements_of_hom_have_a_terminal_or_initial_object(category: Category) -> None:
    for p in range(category.object_count):
        y = representable(category, p)
        below = elements_category(y).category
        assert all(len(below.hom(t, y.of_arrow[p])) == 1 for t in range(y.size))
        k = corepresentable(category, p)
        above = elements_category(k).category
        assert all(len(above.hom(k.of_arrow[p], t)) == 1 for t in range(k.size))


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_slices_and_coslices(category: Category) -> None:
    for x in range(category.object_count):
        over, under = slice_category(category, x), coslice_category(category, x)
        into = [f for f in range(category.arrow_count) if category.target(f) == x]
        out = [f for f in range(category.arrow_count) if category.source(f) == x]
        assert is_category(over.category)
        assert is_functor(over.forgetful)
        assert is_category(under.category)
        assert is_functor(under.forgetful)
        assert sorted(over.category.objects) == sorted(category.arrow_labels[f] for f in into)
        triangles = [
            (h, b) for b in into for h in range(category.arrow_count) if category.target(h) == category.source(b)
        ]
        assert over.category.arrow_count == len(triangles)
        triangles = [
            (a, h) for a in out for h in range(category.arrow_count) if category.source(h) == category.target(a)
        ]
        assert under.category.arrow_count == len(triangles)


def test_slice_of_a_square_under_its_top_is_the_square() -> None:
    over = slice_category(SQUARE, 3).category
    assert over.objects == ("(a -> d)", "(b -> d)", "(c -> d)", "id(d)")
    assert over.arrow_count == SQUARE.arrow_count
    assert "((a -> b), (b -> d))" in list(over.arrow_labels)


def test_action_of_a_cyclic_group_on_its_orbits() -> None:
    rotations = cyclic(4)
    regular = action_category(representable(rotations, 0))
    assert is_category(regular)
    assert all(len(regular.hom(s, t)) == 1 for s in range(4) for t in range(4))
    fixed = action_category(constant(["*"], rotations, contravariant=True))
    assert (fixed.object_count, fixed.arrow_count) == (1, 4)
    two_orbits = action_category(product_of(representable(rotations, 0), constant("ab", rotations, contravariant=True)))
    assert (two_orbits.object_count, two_orbits.arrow_count) == (8, 32)
    assert all(two_orbits.inverse(f) is not None for f in range(32))


@pytest.mark.parametrize("contravariant", [True, False])
def test_arrows_of_an_action_are_the_moves(contravariant: bool) -> None:
    hom = representable if contravariant else corepresentable
    functor = hom(LEFT_ZERO, 0)
    moves = action_category(functor)
    assert is_category(moves)
    for s, t in tuples(range(functor.size), repeat=2):
        expected = [g for g in range(LEFT_ZERO.arrow_count) if functor.act_arrow(g, s) == t]
        assert len(moves.hom(s, t)) == len(expected)
    move = list(moves.arrow_labels).index("(a, b)")
    a = list(LEFT_ZERO.arrow_labels).index("a")
    b = functor.labels.index("b")
    assert (moves.source(move), moves.target(move)) == (b, functor.act_arrow(a, b))


def test_actions_need_one_object() -> None:
    with pytest.raises(ValueError, match="one object"):
        action_category(representable(SQUARE, 0))


def squares(left: Functor, right: Functor) -> list[tuple[int, int, int, int]]:
    """All (h, u, v, h') with F(u) >> h' = h >> G(v), by trying everything."""
    a, b, e = left.dom, right.dom, left.cod
    return [
        (h, u, v, k)
        for u in range(a.arrow_count)
        for v in range(b.arrow_count)
        for h in e.hom(left.objects[a.source(u)], right.objects[b.source(v)])
        for k in e.hom(left.objects[a.target(u)], right.objects[b.target(v)])
        if e.compose(left.arrows[u], k) == e.compose(h, right.arrows[v])
    ]


@pytest.mark.parametrize("left", FUNCTORS, ids=lambda f: f.name)
@pytest.mark.parametrize("right", FUNCTORS, ids=lambda f: f.name)
def test_comma_categories(left: Functor, right: Functor) -> None:
    if left.cod is not right.cod:
        right = identity_functor(left.cod)
    first, second = comma_projections(left, right)
    category = first.dom
    assert second.dom is category
    assert is_category(category)
    assert is_functor(first)
    assert is_functor(second)
    assert category.arrow_count == len(squares(left, right))


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_arrow_category(category: Category) -> None:
    dom, cod = arrow_category_ends(category)
    assert is_category(dom.dom)
    assert is_functor(dom)
    assert is_functor(cod)
    identity = identity_functor(category)
    assert dom.dom.arrow_count == len(squares(identity, identity))
    assert sorted(dom.dom.objects) == sorted(category.arrow_labels)


def test_slice_is_a_comma_category() -> None:
    for x in range(SQUARE.object_count):
        point = constant_functor(chain(1), SQUARE, x)
        over = comma_category(identity_functor(SQUARE), point)
        assert over.arrow_count == slice_category(SQUARE, x).category.arrow_count


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_karoubi_envelope_splits_every_idempotent(category: Category) -> None:
    embedding = karoubi_embedding(category)
    envelope = embedding.cod
    assert is_category(envelope)
    assert is_functor(embedding)
    for x, y in tuples(range(category.object_count), repeat=2):
        assert sorted(embedding.arrows[f] for f in category.hom(x, y)) == list(envelope.hom(x, y))
    for e in range(envelope.arrow_count):
        x = envelope.source(e)
        if envelope.target(e) == x and envelope.compose(e, e) == e:
            assert any(
                envelope.compose(r, s) == e and envelope.compose(s, r) == y
                for y in range(envelope.object_count)
                for r in envelope.hom(x, y)
                for s in envelope.hom(y, x)
            )


def test_karoubi_envelope_of_a_left_zero_monoid() -> None:
    envelope = karoubi(LEFT_ZERO)
    assert envelope.objects == ("o", "a", "b")
    assert [len(envelope.hom(x, y)) for x in range(3) for y in range(3)] == [3, 2, 2, 1, 1, 1, 1, 1, 1]
    assert [g.name for g in envelope.generators][:2] == ["retraction(a)", "section(a)"]


def test_functors_compose() -> None:
    for functor in FUNCTORS:
        assert is_functor(functor)
        for composite in (
            compose_functors(identity_functor(functor.dom), functor),
            compose_functors(functor, identity_functor(functor.cod)),
        ):
            assert (composite.objects, composite.generators) == (functor.objects, functor.generators)


def test_limits() -> None:
    for build in (
        lambda: elements_category(representable(SQUARE, 3), limit=8),
        lambda: slice_category(SQUARE, 3, limit=8),
        lambda: arrow_category(SQUARE, limit=35),
        lambda: karoubi(LEFT_ZERO, limit=12),
    ):
        with pytest.raises(TooLarge):
            build()
