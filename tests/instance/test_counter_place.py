"""Categories of models in their shortest notation; whatever the notation, the category is the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from formal.construct.functor import identity_functor
from formal.core.category import Category
from formal.elaborate.module import Loader
from formal.instance.construction import comma_place, elements_place, opposite_place, product_place
from formal.instance.name import Names, quoted
from formal.instance.place import Place, category_text, fibration, place, set_functor_text
from formal.refute.result import FiniteCategory, FiniteSetFunctor
from formal.text import Source


def finite(objects: int, arrows: list[tuple[int, int]], compose: Callable[[int, int], int]) -> FiniteCategory:
    """A category whose further arrows have these ends; ``compose`` is asked for two of them, by their numbers."""
    ends = [(x, x) for x in range(objects)] + arrows
    table = {}
    for f, (_, y) in enumerate(ends):
        for g, (z, _) in enumerate(ends):
            if y == z:
                table[f, g] = g if f < objects else f if g < objects else compose(f, g)
    return FiniteCategory(objects, tuple(x for x, _ in ends), tuple(y for _, y in ends), table)


def impossible(f: int, g: int) -> int:
    raise AssertionError((f, g))


ARROW = finite(2, [(0, 1)], impossible)
CHAIN = finite(3, [(0, 1), (1, 2), (0, 2)], lambda f, g: 5)
ISOMORPHISM = finite(2, [(0, 1), (1, 0)], lambda f, g: 0 if f == 2 else 1)
PARALLEL = finite(2, [(0, 1), (0, 1)], impossible)
IDEMPOTENT = finite(1, [(0, 0)], lambda f, g: 1)
INVOLUTION = finite(1, [(0, 0)], lambda f, g: 0)
ROTATIONS = finite(1, [(0, 0), (0, 0), (0, 0)], lambda f, g: (f + g) % 4)
EMPTY = finite(0, [], impossible)
RETRACT = finite(
    2, [(0, 1), (1, 0), (1, 1)], lambda f, g: {(2, 3): 0, (3, 2): 4, (2, 4): 2, (4, 3): 3, (4, 4): 4}[f, g]
)

NOTATIONS = [
    (EMPTY, {}, {}, "category C = discrete()"),
    (finite(1, [], impossible), {0: "P"}, {}, "category C = discrete(P)"),
    (finite(2, [], impossible), {}, {}, "category C = discrete(A, B)"),
    (ARROW, {}, {}, "category C = chain(2)"),
    (ARROW, {1: "P"}, {}, "category C = poset(A < P)"),
    (ARROW, {0: "X", 1: "Y"}, {2: "m"}, "category C { objects X, Y arrows m: X -> Y }"),
    (CHAIN, {}, {}, "category C = chain(3)"),
    (CHAIN, {2: "T"}, {}, "category C = poset(A < B, B < T)"),
    (ISOMORPHISM, {}, {}, "category C = codiscrete(A, B)"),
    (PARALLEL, {}, {3: "g"}, "category C { objects A, B arrows g: A -> B, f: A -> B }"),
    (IDEMPOTENT, {0: "X"}, {1: "e"}, "category C { objects X arrows e: X -> X equations e^2 = e }"),
    (INVOLUTION, {}, {}, "category C { objects A arrows f: A -> A equations f^2 = id(A) }"),
    (ROTATIONS, {}, {}, "category C { objects A arrows f: A -> A equations f^4 = id(A) }"),
    (
        RETRACT,
        {0: "X", 1: "Y"},
        {4: "e"},
        "category C { objects X, Y arrows f: X -> Y, g: Y -> X equations f >> g = id(X) }",
    ),
]


def elaborated(text: str) -> Category:
    script = Loader(Path()).elaborate(Source("test", text))
    assert not script.diagnostics
    category = script.module.meanings["C"][1]
    assert isinstance(category, Category)
    return category


@pytest.mark.parametrize(("model", "objects", "arrows", "text"), NOTATIONS)
def test_a_category_is_declared_as_one_would(
    model: FiniteCategory, objects: dict[int, str], arrows: dict[int, str], text: str
) -> None:
    made = place("C", model, objects, arrows, Names("C"))
    assert category_text("C", made) == text
    assert_same(made, model)
    declared = elaborated(text)
    assert declared.objects == made.category.objects
    assert list(declared.arrow_labels) == list(made.category.arrow_labels)


def assert_same(made: Place, model: FiniteCategory) -> None:
    """The place has the composition of the model."""
    category = made.category
    assert sorted(made.arrows) == [(f,) for f in range(len(model.dom))]
    for f in range(category.arrow_count):
        assert made.arguments[f] == (model.dom[made.arrows[f][0]], model.cod[made.arrows[f][0]], made.arrows[f][0])
        for g in range(category.arrow_count):
            if category.target(f) == category.source(g):
                composite = made.arrows[category.compose(f, g)][0]
                assert composite == model.composite[made.arrows[f][0], made.arrows[g][0]]


@pytest.mark.parametrize("model", [ARROW, CHAIN, ISOMORPHISM, PARALLEL, IDEMPOTENT, RETRACT])
def test_constructions_keep_the_numbers(model: FiniteCategory) -> None:
    base = place("C", model, {}, {}, Names("C"))
    turned = opposite_place(base)
    for f in range(turned.category.arrow_count):
        (number,) = turned.arrows[f]
        x, y = turned.category.source(f), turned.category.target(f)
        assert (turned.objects[y], turned.objects[x]) == ((model.dom[number],), (model.cod[number],))
    both = product_place(base, turned)
    for f in range(both.category.arrow_count):
        one, two = both.arrows[f]
        assert both.objects[both.category.source(f)] == (model.dom[one], model.cod[two])
        assert both.arguments[f] == (model.dom[one], model.cod[one], one, model.dom[two], model.cod[two], two)
    identity = identity_functor(base.category)
    squares = comma_place(identity, identity, base, base, base)
    for k in range(squares.category.arrow_count):
        (a, b, h), (c, d, i) = (squares.objects[e] for e in (squares.category.source(k), squares.category.target(k)))
        u, v = squares.arrows[k]
        assert (model.dom[h], model.cod[h], model.dom[i], model.cod[i]) == (a, b, c, d)
        assert model.composite[u, i] == model.composite[h, v]
        assert squares.arguments[k] == (a, b, h, c, d, i, u, v)


def test_elements_know_what_they_lie_over() -> None:
    base = place("C", ARROW, {0: "X", 1: "Y"}, {2: "f"}, Names("CT"))
    table = {(0, 0): 0, (1, 1): 1, (1, 2): 2, (2, 1): 0, (2, 2): 0}
    made = fibration("T", FiniteSetFunctor((0, 1, 1), table), base, True, {2: "u"}, Names("CTXYf"))
    assert set_functor_text("T", made, "C") == ("presheaf T on C { X |-> {s}, Y |-> {t, u}, f |-> {t |-> s, u |-> s} }")
    over = elements_place(made)
    assert over.objects == ((0, 0), (1, 1), (1, 2))
    proper = {over.arguments[k] for k in range(over.category.object_count, over.category.arrow_count)}
    assert proper == {(0, 1, 2, 1), (0, 1, 2, 2)}


@pytest.mark.parametrize(
    ("label", "text"),
    [("P", "P"), ("0", "0"), ("*", "*"), ("f >> g", '"f >> g"'), ("in", '"in"'), ('a"b\\', '"a\\"b\\\\"')],
)
def test_labels_are_quoted_where_they_have_to_be(label: str, text: str) -> None:
    assert quoted(label) == text
