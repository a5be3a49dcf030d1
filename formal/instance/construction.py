"""Constructed categories and set-valued functors of a counter-model, such as ``op(C)`` and ``S * T``.

They are built by the constructions that the script will use, so that their labels agree.
"""

from __future__ import annotations

from collections.abc import Sequence

from formal.construct.comma import comma_projections
from formal.construct.elements import elements_category
from formal.construct.opposite import opposite, opposite_arrow
from formal.construct.presheaf import constant, product_of, restrict, sum_of, turn
from formal.construct.product import product, product_arrow
from formal.core.category import Category
from formal.core.functor import Functor
from formal.instance.place import Fibration, Numbers, Place


def opposite_place(of: Place) -> Place:
    """op(C): objects and arrows have the numbers that they have in C."""
    category = opposite(of.category)
    place = [opposite_arrow(of.category, category, f) for f in range(category.arrow_count)]
    order = sorted(range(category.arrow_count), key=lambda f: place[f])
    return Place(
        category,
        of.objects,
        tuple(of.arrows[f] for f in order),
        tuple(of.arguments[f] for f in order),
    )


def product_place(left: Place, right: Place) -> Place:
    """C * D: the numbers of a pair are those of its parts, one after the other."""
    category = product(left.category, right.category)
    pairs = {
        product_arrow(category, left.category, right.category, f, g): (f, g)
        for f in range(left.category.arrow_count)
        for g in range(right.category.arrow_count)
    }
    ordered = [pairs[k] for k in range(category.arrow_count)]
    return Place(
        category,
        tuple(x + y for x in left.objects for y in right.objects),
        tuple(left.arrows[f] + right.arrows[g] for f, g in ordered),
        tuple(left.arguments[f] + right.arguments[g] for f, g in ordered),
    )


def elements_place(of: Fibration) -> Place:
    """elements(T): an object is an object of the base with an element over it, an arrow is one of the base.

    A function symbol takes for an arrow the one of the base and the element that it acts on.
    """
    made = elements_category(of.functor)
    category, below = made.category, made.forgetful.arrows
    base, functor = of.base, of.functor
    arguments: list[Numbers] = []
    for k in range(category.arrow_count):
        element = category.target(k) if functor.contravariant else category.source(k)
        arguments.append(base.arguments[below[k]] + of.elements[element])
    objects = tuple(base.objects[functor.base[t]] + of.elements[t] for t in range(functor.size))
    return Place(category, objects, tuple(base.arrows[f] for f in below), tuple(arguments))


def comma_place(left: Functor, right: Functor, start: Place, end: Place, over: Place) -> Place:
    """comma(F, G): triples (a, b, h: F(a) -> G(b)), and pairs (u, v) between them.

    A function symbol takes for an arrow the two triples and the pair.

    Args:
        start, end, over: the places of the domain of F, the domain of G, and their common codomain.
    """
    first, second = comma_projections(left, right)
    category = first.dom
    hs = [h for x in left.objects for y in right.objects for h in over.category.hom(x, y)]
    objects = tuple(
        start.objects[a] + end.objects[b] + over.arrows[h]
        for a, b, h in zip(first.objects, second.objects, hs, strict=True)
    )
    us, vs = first.arrows, second.arrows
    arrows = tuple(start.arrows[u] + end.arrows[v] for u, v in zip(us, vs, strict=True))
    arguments = tuple(
        objects[category.source(k)] + objects[category.target(k)] + start.arrows[us[k]] + end.arrows[vs[k]]
        for k in range(category.arrow_count)
    )
    return Place(category, objects, arrows, arguments)


def finite_place(category: Category) -> Place:
    """A category that is written out in the theorem."""
    return Place(
        category, ((),) * category.object_count, ((),) * category.arrow_count, ((),) * category.arrow_count, True
    )


def restricted_fibration(along: Functor, start: Place, of: Fibration) -> Fibration:
    """restrict(F, T): the elements of T(F(X))."""
    moved = Functor(along.name, along.dom, of.functor.category, along.objects, along.generators)
    elements = [t for y in moved.objects for t in of.functor.at(y)]
    return Fibration(
        restrict(moved, of.functor),
        start,
        tuple(of.elements[t] for t in elements),
        tuple(of.shapes[t] for t in elements),
        of.shape_count,
    )


def product_fibration(left: Fibration, right: Fibration) -> Fibration:
    """S * T: the numbers of a pair are those of its parts."""
    pairs = [
        (s, t) for x in range(left.base.category.object_count) for s in left.functor.at(x) for t in right.functor.at(x)
    ]
    return Fibration(
        product_of(left.functor, right.functor),
        left.base,
        tuple(left.elements[s] + right.elements[t] for s, t in pairs),
        tuple(left.shapes[s] * right.shape_count + right.shapes[t] for s, t in pairs),
        left.shape_count * right.shape_count,
    )


def sum_fibration(left: Fibration, right: Fibration) -> Fibration:
    """S + T: an element of one of the two."""
    sides = [
        (side, t) for x in range(left.base.category.object_count) for side in (left, right) for t in side.functor.at(x)
    ]
    return Fibration(
        sum_of(left.functor, right.functor),
        left.base,
        tuple(side.elements[t] for side, t in sides),
        tuple(side.shapes[t] + (left.shape_count if side is right else 0) for side, t in sides),
        left.shape_count + right.shape_count,
    )


def constant_fibration(labels: Sequence[str], base: Place, *, contravariant: bool) -> Fibration:
    """constant({a, b}, C): a case for each label."""
    functor = constant(labels, base.category, contravariant=contravariant)
    count = base.category.object_count
    return Fibration(functor, base, ((),) * functor.size, tuple(range(len(labels))) * count, len(labels))


def turned_fibration(of: Fibration, base: Place) -> Fibration:
    """op(T), on the opposite place."""
    return Fibration(turn(of.functor, base.category), base, of.elements, of.shapes, of.shape_count)
