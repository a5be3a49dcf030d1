"""Weighted cones and cocones, limits and colimits in a finite category.

Source: Mac Lane, Categories for the Working Mathematician, III.3, III.4; Kashiwara, Schapira, Categories and Sheaves,
2.1, 2.7.1 (the value of a Yoneda extension is the colimit of F over the elements of W).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formal.construct.hom import corepresentable, hom_arrows, representable
from formal.construct.label import pair
from formal.construct.opposite import entering, left_action
from formal.construct.presheaf import generating_elements, restrict
from formal.core.budget import BudgetExceeded
from formal.core.build import DEFAULT_LIMIT, TooLarge, check_size, distinct
from formal.core.functor import Functor, SetFunctor
from formal.core.set_search import transformations


@dataclass(frozen=True, slots=True, eq=False)
class Cones:
    """All cocones, or all cones, of a diagram with any vertex.

    Args:
        functor: for cocones a copresheaf on D, d |-> the cocones with vertex d; for cones a presheaf on D.
        weight: W, on whose elements the diagram lives.
        legs: for each element of ``functor`` and each element w of W over X the arrow of D between F(X) and d.
    """

    functor: SetFunctor
    weight: SetFunctor
    legs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Vertex:
    """A colimit, or a limit.

    Args:
        object: of D.
        legs: for each element w of W over X the arrow F(X) -> object (object -> F(X) for a limit).
    """

    object: int
    legs: tuple[int, ...]


def cocones(functor: Functor, weight: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Cones:
    """The cocones of ∫W -> C -> D for F: C -> D and a presheaf W on C, as a copresheaf on D.

    A cocone with vertex d is a natural transformation W => Hom(F-, d); it is called by its legs at the fewest elements
    that generate W.

    Args:
        limit: the most cocones at one vertex, and the most steps of the search for them.
    Raises:
        TooLarge: more than ``limit``.
    """
    if not weight.contravariant or weight.category is not functor.dom:
        raise ValueError(f"{weight.name} is not a presheaf on the domain of {functor.name}")
    return _cones(f"cocones({functor.name}, {weight.name})", functor, weight, limit)


def cones(functor: Functor, weight: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Cones:
    """The cones over ∫W -> C -> D for F: C -> D and a copresheaf W on C, as a presheaf on D.

    A cone with vertex d is a natural transformation W => Hom(d, F-). For a constant W with one element these are the
    cones over F.

    Args:
        limit: the most cones at one vertex, and the most steps of the search for them.
    Raises:
        TooLarge: more than ``limit``.
    """
    if weight.contravariant or weight.category is not functor.dom:
        raise ValueError(f"{weight.name} is not a copresheaf on the domain of {functor.name}")
    return _cones(f"cones({functor.name}, {weight.name})", functor, weight, limit)


def _cones(name: str, functor: Functor, weight: SetFunctor, limit: int) -> Cones:
    target = functor.cod
    hom = [
        representable(target, d) if weight.contravariant else corepresentable(target, d)
        for d in range(target.object_count)
    ]
    families: list[list[tuple[int, ...]]] = []
    for h in hom:
        values = restrict(functor, h)
        arrows = [hom_arrows(h)[t] for y in functor.objects for t in h.at(y)]
        found = []
        try:
            for images in transformations(weight, values, limit=limit):
                found.append(tuple(arrows[t] for t in images))
                check_size(len(found), limit)
        except BudgetExceeded as exceeded:
            raise TooLarge(limit) from exceeded
        families.append(found)
    number = [{legs: i for i, legs in enumerate(found)} for found in families]

    rows = None if weight.contravariant else left_action(target)
    slot = {g: i for row in entering(target) for i, g in enumerate(row)}
    action = []
    for index, g in enumerate(target.generators):
        # Cocones are followed by g, cones are preceded by it.
        near, far = (g.dom, g.cod) if weight.contravariant else (g.cod, g.dom)
        action.append(
            tuple(
                number[far][tuple(target.step(k, index) if rows is None else rows[k][slot[index]] for k in legs)]
                for legs in families[near]
            )
        )
    roots = generating_elements(weight)
    elements = tuple(
        distinct(_label([target.arrow_labels[legs[root]] for root in roots]) for legs in found) for found in families
    )
    result = SetFunctor(name, target, not weight.contravariant, elements, tuple(action))
    return Cones(result, weight, tuple(legs for found in families for legs in found))


def _label(legs: Sequence[str]) -> str:
    return legs[0] if len(legs) == 1 else pair(*legs)


def colimit_of(functor: Functor, weight: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Vertex | None:
    """The colimit of F over the elements of a presheaf W, which is (h†F)(W), in D; None when D has none.

    Of several isomorphic ones the first. Raises ``TooLarge`` as ``cocones`` does.
    """
    return _universal(cocones(functor, weight, limit=limit))


def limit_of(functor: Functor, weight: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Vertex | None:
    """The limit of F: C -> D over the elements of a copresheaf W, in D; None when D has none.

    Of several isomorphic ones the first. Raises ``TooLarge`` as ``cones`` does.
    """
    return _universal(cones(functor, weight, limit=limit))


def _universal(family: Cones) -> Vertex | None:
    """The first universal cone: one that gives every cone with vertex e through exactly one arrow."""
    element = universal_element(family.functor)
    return None if element is None else Vertex(family.functor.base[element], family.legs[element])


def universal_element(functor: SetFunctor) -> int | None:
    """The first u in T(P) such that every t in T(X) is T(f)(u) for exactly one f, or None.

    Such a u generates T, so it must reach the only generating element; and as many arrows as elements, all of them
    reached, leave no room for two arrows with one image.
    """
    roots = generating_elements(functor)
    if len(roots) != 1:
        return None
    category = functor.category
    predecessors: list[list[int]] = [[] for _ in range(functor.size)]
    for index in range(len(category.generators)):
        for t in functor.at(functor.ends(index)[0]):
            predecessors[functor.act(index, t)].append(t)
    generating = {roots[0]}
    queue = [roots[0]]
    while queue:
        for t in predecessors[queue.pop()]:
            if t not in generating:
                generating.add(t)
                queue.append(t)
    sizes = [len(labels) for labels in functor.elements]
    objects = range(category.object_count)
    for p in dict.fromkeys(functor.base[t] for t in sorted(generating)):
        degrees = [len(category.hom(x, p) if functor.contravariant else category.hom(p, x)) for x in objects]
        if degrees == sizes:
            return min(t for t in generating if functor.base[t] == p)
    return None
