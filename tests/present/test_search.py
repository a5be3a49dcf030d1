"""Searches for functors, transformations, isomorphisms and equivalences agree with trying everything."""

from __future__ import annotations

from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import Presentation
from formal.core.search import (
    BudgetExceeded,
    equivalence,
    functor_transformations,
    functors,
    isomorphism,
    set_isomorphism,
    skeleton,
    split_monomorphisms,
    transformations,
)
from formal.present import enumerate_category
from tests.present import known

ENOUGH = 200_000


def enumerated(presentation: Presentation) -> Category:
    category = enumerate_category(presentation)
    assert isinstance(category, Category)
    return category


def chain(n: int) -> Category:
    objects = [str(x) for x in range(n)]
    return enumerated(known.quiver(f"chain{n}", objects, [(f"f{x}", str(x), str(x + 1)) for x in range(n - 1)]))


SMALL = [
    enumerated(known.empty()),
    enumerated(known.points(2)),
    chain(2),
    chain(3),
    enumerated(known.cyclic(2)),
    enumerated(known.cyclic(3)),
    enumerated(known.split_idempotent()),
    enumerated(known.codiscrete(2)),
    enumerated(known.monoid("idempotent", "e", [("ee", "e")])),
    enumerated(known.quiver("cospan", "ABC", [("f", "A", "C"), ("g", "B", "C")])),
    enumerated(known.quiver("parallel", "AB", [("f", "A", "B"), ("g", "A", "B"), ("h", "A", "B")], [("g", "h")])),
]


def all_functors(dom: Category, cod: Category) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every assignment that is well-typed and functorial."""
    found = set()
    for objects in product(range(cod.object_count), repeat=dom.object_count):
        homs = [cod.hom(objects[g.dom], objects[g.cod]) for g in dom.generators]
        for generators in product(*homs):
            if not list(Functor("F", dom, cod, objects, generators).failures()):
                found.add((objects, generators))
    return found


@pytest.mark.parametrize("dom", SMALL, ids=lambda c: c.name)
@pytest.mark.parametrize("cod", SMALL, ids=lambda c: c.name)
def test_functors(dom: Category, cod: Category) -> None:
    found = [(F.objects, F.generators) for F in functors(dom, cod, limit=ENOUGH)]
    assert len(found) == len(set(found))
    assert set(found) == all_functors(dom, cod)


def test_functors_between_chains_are_monotone_maps() -> None:
    assert sum(1 for _ in functors(chain(3), chain(5), limit=ENOUGH)) == comb(7, 3)


def test_endomorphisms_of_the_symmetric_group() -> None:
    group = enumerated(known.coxeter_a(3))
    found = list(functors(group, group, limit=ENOUGH))
    assert len(found) == 58
    assert sum(len(set(F.arrows)) == 24 for F in found) == 24


@pytest.mark.parametrize("dom", SMALL, ids=lambda c: c.name)
@pytest.mark.parametrize("cod", SMALL[:8], ids=lambda c: c.name)
def test_functor_transformations(dom: Category, cod: Category) -> None:
    some = list(functors(dom, cod, limit=ENOUGH))[:4]
    for one, two in product(some, some):
        homs = [cod.hom(x, y) for x, y in zip(one.objects, two.objects, strict=True)]
        expected = [c for c in product(*homs) if not list(FunctorTransformation("t", one, two, c).failures())]
        assert sorted(functor_transformations(one, two, limit=ENOUGH)) == expected


@pytest.mark.parametrize("left", SMALL, ids=lambda c: c.name)
@pytest.mark.parametrize("right", SMALL, ids=lambda c: c.name)
def test_isomorphism_and_equivalence(left: Category, right: Category) -> None:
    every = [Functor("F", left, right, *images) for images in all_functors(left, right)]
    found = isomorphism(left, right, limit=ENOUGH)
    bijective = [F for F in every if sorted(F.arrows) == list(range(right.arrow_count))]
    assert (found is None) == (not bijective)
    if found is not None:
        assert not list(found.failures())
        assert sorted(found.arrows) == list(range(right.arrow_count))
    between = equivalence(left, right, limit=ENOUGH)
    assert (between is None) == (not any(is_equivalence(F) for F in every))
    if between is not None:
        assert not list(between.failures())
        assert is_equivalence(between)


def is_equivalence(functor: Functor) -> bool:
    dom, cod = functor.dom, functor.cod
    for x, y in product(range(dom.object_count), repeat=2):
        images = [functor.arrows[f] for f in dom.hom(x, y)]
        if sorted(images) != list(cod.hom(functor.objects[x], functor.objects[y])):
            return False
    return all(
        any(cod.inverse(f) is not None for x in functor.objects for f in cod.hom(x, y)) for y in range(cod.object_count)
    )


def test_isomorphism_between_presentations_of_one_group() -> None:
    symmetric = enumerated(known.coxeter_a(3))
    other = enumerated(known.monoid("S4", "ab", [("aa", ""), ("bbb", ""), ("abababab", "")]))
    found = isomorphism(symmetric, other, limit=ENOUGH)
    assert found is not None
    assert not list(found.failures())
    assert len(set(found.arrows)) == 24


def test_groups_with_different_orders_of_elements() -> None:
    assert isomorphism(enumerated(known.dihedral_4()), enumerated(known.quaternion()), limit=ENOUGH) is None
    assert isomorphism(enumerated(known.abelian(2, 2)), enumerated(known.cyclic(4)), limit=ENOUGH) is None


def test_skeleton_and_equivalence_of_a_groupoid() -> None:
    six, point = enumerated(known.codiscrete(6)), chain(1)
    assert skeleton(six) == (0,)
    for left, right in ((six, point), (point, six), (six, enumerated(known.codiscrete(3)))):
        found = equivalence(left, right, limit=ENOUGH)
        assert found is not None
        assert is_equivalence(found)


def test_skeleton_keeps_automorphisms() -> None:
    # Two isomorphic objects, each with a group of order 3.
    presentation = known.quiver(
        "Z3 twice", "XY", [("f", "X", "Y"), ("g", "Y", "X")], [("g f g f g f", "id Y"), ("f g f g f g", "id X")]
    )
    category = enumerated(presentation)
    assert category.arrow_count == 12
    assert skeleton(category) == (0,)
    found = equivalence(category, enumerated(known.cyclic(3)), limit=ENOUGH)
    assert found is not None
    assert not list(found.failures())
    assert is_equivalence(found)
    assert equivalence(category, enumerated(known.cyclic(2)), limit=ENOUGH) is None


@pytest.mark.parametrize("category", SMALL, ids=lambda c: c.name)
def test_split_monomorphisms(category: Category) -> None:
    expected = {
        f
        for f in range(category.arrow_count)
        if any(
            category.compose(f, g) == category.source(f) for g in category.hom(category.target(f), category.source(f))
        )
    }
    assert split_monomorphisms(category) == expected


@st.composite
def set_functors(draw: st.DrawFn, category: Category, contravariant: bool) -> SetFunctor:
    sizes = draw(st.tuples(*(st.integers(0, 2) for _ in category.objects)))
    action = []
    for g in category.generators:
        source, target = (g.cod, g.dom) if contravariant else (g.dom, g.cod)
        if sizes[source] and not sizes[target]:
            sizes = tuple(0 for _ in sizes)
    for g in category.generators:
        source, target = (g.cod, g.dom) if contravariant else (g.dom, g.cod)
        images = st.integers(0, max(0, sizes[target] - 1))
        action.append(draw(st.tuples(*(images for _ in range(sizes[source])))))
    elements = tuple(tuple(f"e{x}_{i}" for i in range(size)) for x, size in enumerate(sizes))
    return SetFunctor("T", category, contravariant, elements, tuple(action))


FREE = [
    chain(2),
    chain(3),
    enumerated(known.quiver("cospan", "ABC", [("f", "A", "C"), ("g", "B", "C")])),
    enumerated(known.quiver("pair", "AB", [("f", "A", "B"), ("g", "A", "B")])),
]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_transformations(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(FREE))
    contravariant = data.draw(st.booleans())
    one = data.draw(set_functors(category, contravariant))
    two = data.draw(set_functors(category, contravariant))
    found = list(transformations(one, two, limit=ENOUGH))
    choices = [two.at(x) for x in one.base]
    expected = [c for c in product(*choices) if not list(Transformation("t", one, two, c).failures())]
    assert sorted(found) == expected
    isomorphic = set_isomorphism(one, two, limit=ENOUGH)
    bijective = [c for c in expected if sorted(c) == list(range(two.size))]
    assert (isomorphic is None) == (not bijective)
    assert isomorphic is None or isomorphic in bijective


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_isomorphism_with_a_relabelled_copy(data: st.DataObject) -> None:
    group = enumerated(known.cyclic(6))
    cycles = data.draw(st.lists(st.sampled_from([1, 2, 3, 6]), max_size=4))
    action: list[int] = []
    for size in cycles:
        action += [len(action) + (i + 1) % size for i in range(size)]
    names = tuple(f"e{i}" for i in range(len(action)))
    new = data.draw(st.permutations(range(len(action))))
    renamed = [0] * len(action)
    for i, j in enumerate(action):
        renamed[new[i]] = new[j]
    one = SetFunctor("S", group, True, (names,), (tuple(action),))
    two = SetFunctor("T", group, True, (names,), (tuple(renamed),))
    found = set_isomorphism(one, two, limit=ENOUGH)
    assert found is not None
    assert sorted(found) == list(range(one.size))
    assert not list(Transformation("t", one, two, found).failures())


def test_isomorphism_of_many_alike_components_needs_no_backtracking() -> None:
    group = enumerated(known.cyclic(2))
    pairs = 200
    action = tuple(i ^ 1 for i in range(2 * pairs))
    names = tuple(f"e{i}" for i in range(2 * pairs))
    one = SetFunctor("S", group, True, (names,), (action,))
    assert set_isomorphism(one, one, limit=4 * pairs) is not None


def test_budgets_are_kept() -> None:
    category = enumerated(known.coxeter_a(3))
    with pytest.raises(BudgetExceeded):
        list(functors(category, category, limit=10))
    with pytest.raises(BudgetExceeded):
        isomorphism(category, category, limit=10)
    point = SetFunctor("S", chain(1), True, (tuple("abcdefgh"),), ())
    with pytest.raises(BudgetExceeded):
        list(transformations(point, point, limit=1000))
    identity = next(functors(chain(3), chain(3), limit=100))
    with pytest.raises(BudgetExceeded):
        list(functor_transformations(identity, identity, limit=1))
