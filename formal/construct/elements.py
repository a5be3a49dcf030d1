"""The category of elements of a set-valued functor; slices, coslices and action categories, which are such.

Source: Mac Lane, Moerdijk, Sheaves in Geometry and Logic, I.5; Kashiwara, Schapira, Categories and Sheaves, 1.4, 3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from formal.construct.hom import corepresentable, representable
from formal.construct.label import pair
from formal.construct.opposite import opposite
from formal.core.build import DEFAULT_LIMIT, LazyLabels, check_size, distinct, number_arrows
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor


@dataclass(frozen=True, slots=True, eq=False)
class Elements:
    """A category of elements, or a slice, with its forgetful functor.

    Args:
        category: its objects are numbered like the elements of T.
        forgetful: (X, t) |-> X.
    """

    category: Category
    forgetful: Functor


def elements_category(functor: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Elements:
    """The category of elements of T: pairs ``(X, t)`` with t in T(X).

    For a presheaf the arrows (X, s) -> (Y, t) are the f: X -> Y with T(f)(t) = s, for a copresheaf those with
    T(f)(s) = t. The arrow is called ``(f, t)`` or ``(f, s)``, after the element that T(f) is applied to.

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    objects = functor.category.objects
    labels = [pair(objects[x], t) for x, t in zip(functor.base, functor.labels, strict=True)]
    return _elements(f"elements({functor.name})", functor, labels, limit)


def slice_category(category: Category, x: int, *, limit: int = DEFAULT_LIMIT) -> Elements:
    """C/X: arrows into X, and between them h: a -> b with h >> b = a, called ``(h, b)``. Raises ``TooLarge``."""
    functor = representable(category, x)
    return _elements(f"slice({category.name}, {category.objects[x]})", functor, functor.labels, limit)


def coslice_category(category: Category, x: int, *, limit: int = DEFAULT_LIMIT) -> Elements:
    """X/C: arrows out of X, and between them h: a -> b with a >> h = b, called ``(h, a)``. Raises ``TooLarge``."""
    functor = corepresentable(category, x)
    return _elements(f"coslice({category.name}, {category.objects[x]})", functor, functor.labels, limit)


def action_category(functor: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Category:
    """The action category of a one-object category G on T; a groupoid when G is a group.

    Its objects are the elements of T, its arrows s -> t the g in G with T(g)(s) = t, called ``(g, s)``. For a
    copresheaf it is the category of elements, for a presheaf the opposite of that.

    Raises:
        TooLarge: more than ``limit`` arrows.
        ValueError: G has not exactly one object.
    """
    if functor.category.object_count != 1:
        raise ValueError(f"{functor.name} is not on a category with one object")
    name = f"action({functor.category.name}, {functor.name})"
    elements = _elements(name, functor, functor.labels, limit).category
    return replace(opposite(elements), name=name) if functor.contravariant else elements


def _elements(name: str, functor: SetFunctor, labels: Sequence[str], limit: int) -> Elements:
    """The category of elements whose objects have these labels.

    Its arrows are the pairs (f, t) with t in the set that T(f) starts from, in lexicographic order.
    """
    category, start = functor.category, functor.start
    bases = category.cod.tolist() if functor.contravariant else category.dom.tolist()
    first = [0]
    for x in bases:
        first.append(first[-1] + start[x + 1] - start[x])
    check_size(first[-1], limit)

    # image[f] lists T(f)(t); the parent's is known, f = parent >> last.
    image: list[list[int]] = [list(functor.at(x)) for x in range(category.object_count)]
    for f in range(category.object_count, category.arrow_count):
        parent, last = int(category.parent[f]), int(category.last[f])
        if functor.contravariant:
            before = image[parent]
            shift = start[category.target(parent)]
            image.append([before[functor.act(last, t) - shift] for t in functor.at(bases[f])])
        else:
            image.append([functor.act(last, t) for t in image[parent]])

    names, generators = [], []
    for index, g in enumerate(category.generators):
        for i, t in enumerate(functor.at(functor.ends(index)[0])):
            names.append(pair(g.name, functor.labels[t]))
            generators.append(first[g.arrow] + i)
    if functor.contravariant:
        # (f, t) is followed by (g, u) with T(g)(u) = t.
        above: list[list[tuple[int, int]]] = [[] for _ in range(functor.size)]
        for index in range(len(category.generators)):
            for i, u in enumerate(functor.at(functor.ends(index)[0])):
                above[functor.act(index, u)].append((index, i))
        steps = [
            first[category.step(f, index)] + i
            for f in range(category.arrow_count)
            for t in functor.at(bases[f])
            for index, i in above[t]
        ]
    else:
        steps = [
            first[category.step(f, index)] + i
            for f in range(category.arrow_count)
            for i in range(len(image[f]))
            for index in category.leaving[category.target(f)]
        ]
    near = [t for f in range(category.arrow_count) for t in functor.at(bases[f])]
    far = [t for row in image for t in row]
    arrow_of = [f for f in range(category.arrow_count) for _ in functor.at(bases[f])]
    objects = distinct(labels)

    def arrow_label(k: int) -> str:
        f = arrow_of[k]
        if f < category.object_count:
            return f"id({objects[near[k]]})"
        return pair(category.arrow_labels[f], functor.labels[near[k]])

    result, _ = number_arrows(
        name,
        objects,
        dom=far if functor.contravariant else near,
        cod=near if functor.contravariant else far,
        identity=range(functor.size),
        generators=tuple(zip(distinct(names), generators, strict=True)),
        steps=steps,
        labels=LazyLabels(len(near), arrow_label),
    )
    lifts = tuple(g.arrow for index, g in enumerate(category.generators) for _ in functor.at(functor.ends(index)[0]))
    return Elements(result, Functor("forgetful", result, category, functor.base, lifts))
