"""Small categories, functors and set-valued functors to try the constructions on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as tuples

from hypothesis import strategies as st

from formal.construct.group import cyclic, dihedral, monoid_from_table, symmetric
from formal.construct.hom import corepresentable, representable
from formal.construct.order import chain, codiscrete, discrete, poset
from formal.construct.presheaf import constant, empty, sum_of
from formal.construct.product import coproduct, product
from formal.construct.union_find import quotient
from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation

SQUARE = poset(["a", "b", "c", "d"], [(0, 1), (1, 3), (0, 2), (2, 3)])
COSPAN = poset(["a", "b", "c"], [(0, 2), (1, 2)])
TRIANGLE = dihedral(3)
LEFT_ZERO = monoid_from_table(["e", "a", "b"], [[0, 1, 2], [1, 1, 1], [2, 2, 2]])
GRAPH, _ = build_category(
    "Graph",
    ["E", "V"],
    [(0, 0), (1, 1), (0, 1), (0, 1)],
    lambda f, g: max(f, g),
    [0, 1],
    [("source", 2), ("target", 3)],
)

CATEGORIES = (
    chain(0),
    chain(1),
    chain(3),
    SQUARE,
    COSPAN,
    GRAPH,
    LEFT_ZERO,
    discrete(["x", "y"]),
    codiscrete(["p", "q", "r"]),
    cyclic(1),
    cyclic(4),
    dihedral(1),
    TRIANGLE,
    symmetric(3),
    product(chain(2), cyclic(2)),
    product(COSPAN, chain(2)),
    coproduct(LEFT_ZERO, chain(2)),
    coproduct(chain(2), chain(2)),
)


def is_category(category: Category) -> bool:
    """Whether the axioms hold, and the names can tell objects, generators and arrows apart."""
    names = [g.name for g in category.generators]
    labels = list(category.arrow_labels)
    return (
        not list(category.failures())
        and len(set(category.objects)) == category.object_count
        and len(set(names)) == len(names)
        and len(labels) == category.arrow_count
        and len(set(labels)) == len(labels)
    )


def is_functor(functor: Functor) -> bool:
    """Whether images have the right ends and composites are kept."""
    ends = all(
        functor.cod.source(f) == functor.objects[g.dom] and functor.cod.target(f) == functor.objects[g.cod]
        for f, g in zip(functor.generators, functor.dom.generators, strict=True)
    )
    return ends and not list(functor.failures())


def is_set_functor(functor: SetFunctor) -> bool:
    """Whether the tables fit, words that are one arrow act alike, and labels are different within a set."""
    category = functor.category
    for index, row in enumerate(functor.action):
        source, target = functor.ends(index)
        if len(row) != len(functor.elements[source]) or not all(0 <= t < len(functor.elements[target]) for t in row):
            return False
    if any(len(set(labels)) != len(labels) for labels in functor.elements):
        return False
    for f in range(category.arrow_count):
        for g in category.leaving[category.target(f)]:
            word, arrow = (*category.word(f), g), category.step(f, g)
            start = category.target(arrow) if functor.contravariant else category.source(arrow)
            for t in functor.at(start):
                if functor.act_word(word, t) != functor.act_arrow(arrow, t):
                    return False
    return True


def all_transformations(dom: SetFunctor, cod: SetFunctor) -> Iterator[tuple[int, ...]]:
    """Every natural transformation, by trying every family of maps."""
    for images in tuples(*(cod.at(x) for x in dom.base)):
        if not list(Transformation("phi", dom, cod, images).failures()):
            yield images


@st.composite
def set_functors(
    draw: st.DrawFn, category: Category, *, contravariant: bool, most: int = 2, relations: int = 2
) -> SetFunctor:
    """A quotient of a sum of a few (co)representables: any small functor can come out."""
    objects = range(category.object_count)
    hom = representable if contravariant else corepresentable
    free = empty(category, contravariant=contravariant)
    if category.object_count:
        for p in draw(st.lists(st.sampled_from(objects), max_size=most)):
            free = sum_of(free, hom(category, p))
    pairs = [
        draw(st.tuples(st.sampled_from(free.at(x)), st.sampled_from(free.at(x))))
        for x in (draw(st.lists(st.sampled_from(objects), max_size=relations)) if category.object_count else [])
        if free.at(x)
    ]
    acting = [[g for g in range(len(category.generators)) if free.ends(g)[0] == x] for x in objects]
    successors = [[free.act(g, t) for g in acting[free.base[t]]] for t in range(free.size)]
    representatives, class_of = quotient(free.size, pairs, successors)
    fibres: list[list[int]] = [[] for _ in objects]
    for c, t in enumerate(representatives):
        fibres[free.base[t]].append(c)
    place = {c: i for fibre in fibres for i, c in enumerate(fibre)}
    return SetFunctor(
        "T",
        category,
        contravariant,
        tuple(tuple(f"t{c}" for c in fibre) for fibre in fibres),
        tuple(
            tuple(place[class_of[free.act(g, representatives[c])]] for c in fibres[free.ends(g)[0]])
            for g in range(len(category.generators))
        ),
    )


def point(category: Category, *, contravariant: bool) -> SetFunctor:
    """The constant functor with one element."""
    return constant(["*"], category, contravariant=contravariant)


FUNCTORS = (
    Functor("corner", chain(2), SQUARE, (0, 3), (SQUARE.hom(0, 3)[0],)),
    Functor("wings", discrete(["x", "y"]), SQUARE, (1, 2), ()),
    Functor("collapse", COSPAN, chain(2), (0, 0, 1), (2, 2)),
    Functor("ends", chain(2), GRAPH, (0, 1), (2,)),
    Functor("double", cyclic(2), cyclic(4), (0,), (cyclic(4).trace(0, (0, 0)),)),
    Functor("reflection", cyclic(2), TRIANGLE, (0,), (TRIANGLE.trace(0, (0, 1)),)),
    Functor("turn", chain(2), TRIANGLE, (0, 0), (TRIANGLE.trace(0, (0, 1)),)),
    Functor("sign", TRIANGLE, cyclic(2), (0,), (0, 1)),
    Functor("point", chain(1), LEFT_ZERO, (0,), ()),
    Functor("forget", LEFT_ZERO, chain(1), (0,), (0, 0)),
)
