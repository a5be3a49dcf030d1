"""The opposite category, by way of the left Cayley graph.

Source: Mac Lane, Categories for the Working Mathematician, II.2.
"""

from __future__ import annotations

from formal.construct.label import turned
from formal.core.build import LazyLabels, number_arrows
from formal.core.category import Category
from formal.core.functor import Functor


def entering(category: Category) -> list[list[int]]:
    """For each object the generators that end there, in increasing order."""
    result: list[list[int]] = [[] for _ in category.objects]
    for index, generator in enumerate(category.generators):
        result[generator.cod].append(index)
    return result


def left_action(category: Category) -> list[list[int]]:
    """The left Cayley graph: for each arrow f the arrows ``g >> f`` for g in ``entering(category)[dom f]``.

    Linear in its own size, for ``g >> (f >> h) = (g >> f) >> h``.
    """
    rows = [[category.generators[g].arrow for g in row] for row in entering(category)]
    for parent, last in zip(category.parent.tolist(), category.last.tolist(), strict=True):
        if parent >= 0:
            rows.append([category.step(f, last) for f in rows[parent]])
    return rows


def opposite(category: Category) -> Category:
    """C^op: the arrows of C turned round, ``f >> g`` there being ``g >> f`` in C.

    Objects and generators keep their numbers and, but for names like ``(a -> b)``, their names; arrows are renumbered
    (``opposite_arrow``). Linear in the steps of C.
    """

    ends = category.objects
    labels = category.labels
    result, _ = number_arrows(
        f"op({category.name})",
        category.objects,
        dom=category.cod.tolist(),
        cod=category.dom.tolist(),
        identity=range(category.object_count),
        generators=[(turned(g.name, ends[g.dom], ends[g.cod]), g.arrow) for g in category.generators],
        steps=[h for row in left_action(category) for h in row],
        labels=None
        if labels is None
        else LazyLabels(len(labels), lambda f: turned(labels[f], ends[category.source(f)], ends[category.target(f)])),
    )
    return result


def opposite_arrow(category: Category, opposite_category: Category, f: int) -> int:
    """The number in ``opposite(category)`` of an arrow of ``category``."""
    return opposite_category.trace(category.target(f), category.word(f)[::-1])


def opposite_functor(functor: Functor, dom: Category, cod: Category) -> Functor:
    """F^op: C^op -> D^op, for F: C -> D and the given opposites of C and D."""
    images = tuple(opposite_arrow(functor.cod, cod, f) for f in functor.generators)
    return Functor(f"op({functor.name})", dom, cod, functor.objects, images)
