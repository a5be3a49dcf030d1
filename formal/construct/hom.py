"""The set-valued functors Hom(-, P) and Hom(P, -).

Source: Mac Lane, Categories for the Working Mathematician, II.2, III.2.
"""

from __future__ import annotations

from formal.construct.opposite import entering, left_action
from formal.core.category import Category
from formal.core.functor import SetFunctor


def representables(category: Category) -> list[SetFunctor]:
    """y(P) = Hom(-, P) for every object P, one pass over the left Cayley graph for all of them."""
    rows = left_action(category)
    slot = {g: i for row in entering(category) for i, g in enumerate(row)}
    return [_representable(category, p, rows, slot) for p in range(category.object_count)]


def representable(category: Category, p: int) -> SetFunctor:
    """y(P) = Hom(-, P): a presheaf, whose elements are labelled like the arrows; g acts by f |-> g >> f."""
    slot = {g: i for row in entering(category) for i, g in enumerate(row)}
    return _representable(category, p, left_action(category), slot)


def _representable(category: Category, p: int, rows: list[list[int]], slot: dict[int, int]) -> SetFunctor:
    fibres = [category.hom(x, p) for x in range(category.object_count)]
    place = {f: i for fibre in fibres for i, f in enumerate(fibre)}
    return SetFunctor(
        f"y({category.objects[p]})",
        category,
        True,
        tuple(tuple(category.arrow_labels[f] for f in fibre) for fibre in fibres),
        tuple(tuple(place[rows[f][slot[index]]] for f in fibres[g.cod]) for index, g in enumerate(category.generators)),
        tuple(f for fibre in fibres for f in fibre),
    )


def corepresentable(category: Category, p: int) -> SetFunctor:
    """hom(P, -): a copresheaf, whose elements are labelled like the arrows; g acts by f |-> f >> g."""
    fibres = [category.hom(p, x) for x in range(category.object_count)]
    place = {f: i for fibre in fibres for i, f in enumerate(fibre)}
    return SetFunctor(
        f"hom({category.objects[p]}, -)",
        category,
        False,
        tuple(tuple(category.arrow_labels[f] for f in fibre) for fibre in fibres),
        tuple(
            tuple(place[category.step(f, index)] for f in fibres[g.dom]) for index, g in enumerate(category.generators)
        ),
        tuple(f for fibre in fibres for f in fibre),
    )


def hom_arrows(functor: SetFunctor) -> tuple[int, ...]:
    """For Hom(-, P) and Hom(P, -) the arrow that each element is; raises ``ValueError`` for any other functor."""
    if functor.arrows is None:
        raise ValueError(f"{functor.name} is not a functor of arrows")
    return functor.arrows


def element_map(dom: SetFunctor, cod: SetFunctor, p: int, t: int) -> tuple[int, ...]:
    """The natural transformation Hom(-, P) => T, or Hom(P, -) => T, that sends id(P) to t in T(P): the Yoneda lemma.

    Args:
        dom: Hom(-, P) or Hom(P, -), with s elements.
        p: P.
    Returns:
        The images of the s elements: f |-> T(f)(t).
    """
    images = [-1] * dom.size
    root = dom.of_arrow[p]
    images[root] = t
    acting: list[list[int]] = [[] for _ in dom.category.objects]
    for g in range(len(dom.category.generators)):
        acting[dom.ends(g)[0]].append(g)
    queue = [root]
    for f in queue:  # grows while it is read
        for g in acting[dom.base[f]]:
            h = dom.act(g, f)
            if images[h] < 0:
                images[h] = cod.act(g, images[f])
                queue.append(h)
    return tuple(images)
