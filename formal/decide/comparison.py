"""Connected categories; isomorphic set-valued functors and categories; equivalent categories.

Source: Mac Lane, I.4, IV.4; McKay, Piperno 2014 (colour refinement).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from formal.certificate.evidence import Equivalence, Evaluate, Evidence, Invariant, Isomorphism
from formal.core import search
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.decide.graph import Graph
from formal.decide.table import CompositionRows, composition_rows
from formal.text import Bug

Neighbour = tuple[int, int, int, int]
"""(thing, how, other, another): the next colour of a thing is also made of ``how`` and the colours of two others."""


def connected(category: Category) -> bool:
    """Whether the category has an object and any two are joined by a zigzag of arrows."""
    tail = np.array([g.dom for g in category.generators], dtype=np.int32)
    head = np.array([g.cod for g in category.generators], dtype=np.int32)
    components = Graph(category.object_count, tail, head).weak_components()
    return category.object_count > 0 and int(components.max()) == 0


def isomorphic(left: SetFunctor | Category, right: SetFunctor | Category, *, nodes: int) -> tuple[bool, Evidence]:
    """Whether two set-valued functors on one category, or two categories, are isomorphic.

    Args:
        nodes: the most nodes to search.
    Returns:
        The truth value with an ``Isomorphism``, or with an ``Invariant`` where refinement tells the two apart; where
        it does not, the kernel has to search by itself.
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    match left, right:
        case SetFunctor(), SetFunctor():
            images = search.set_isomorphism(left, right, limit=nodes)
            if images is not None:
                return True, Isomorphism(images)
        case Category(), Category():
            found = search.isomorphism(left, right, limit=nodes)
            if found is not None:
                return True, Isomorphism((found.objects, found.generators))
        case _:
            raise Bug("only structures of one kind are compared")
    rounds = distinguishing_rounds(left, right)
    return False, Evaluate() if rounds is None else Invariant(rounds)


def equivalent(left: Category, right: Category, *, nodes: int) -> tuple[bool, Evidence]:
    """Whether there is a full, faithful and essentially surjective functor from one category to the other.

    Args:
        nodes: the most nodes to search.
    Returns:
        The truth value with an ``Equivalence``; when there is none, the kernel has to search by itself.
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    found = search.equivalence(left, right, limit=nodes)
    return (False, Evaluate()) if found is None else (True, Equivalence((found.objects, found.generators)))


def distinguishing_rounds(left: SetFunctor | Category, right: SetFunctor | Category) -> int | None:
    """The least number of rounds of colour refinement after which the colours are not equally frequent; None if never.

    An element's first colour is its object. Its next one is made of its colour, those of what the generators take it
    to, and those of what they take to it, each with the generator. An arrow's first colour says whether it is an
    identity. Its next one is made of its colour and, for each composite that it is a factor of, which factor it is,
    the other factor's colour and the composite's.

    Isomorphisms preserve all colours. None also for categories with too many composites to list.
    """
    colours = [_first_colours(left), _first_colours(right)]
    if Counter(colours[0]) != Counter(colours[1]):
        return 0
    one, other = _neighbours(left), _neighbours(right)
    if one is None or other is None:
        return None
    kinds = rounds = 0
    while Counter(colours[0]) == Counter(colours[1]):
        if len(set(colours[0])) == kinds:
            return None
        kinds = len(set(colours[0]))
        rounds += 1
        names: dict[object, int] = {}
        colours = [_refined(colours[0], one, names), _refined(colours[1], other, names)]
    return rounds


def _first_colours(structure: SetFunctor | Category) -> list[int]:
    if isinstance(structure, SetFunctor):
        return list(structure.base)
    return [int(f >= structure.object_count) for f in range(structure.arrow_count)]


def _neighbours(structure: SetFunctor | Category) -> list[Neighbour] | None:
    """All neighbours of elements or arrows; None for categories with too many composites."""
    if isinstance(structure, SetFunctor):
        return list(_actions(structure))
    rows = composition_rows(structure)
    return None if rows is None else list(_composites(rows))


def _actions(functor: SetFunctor) -> Iterator[Neighbour]:
    for g in range(len(functor.action)):
        for s in functor.at(functor.ends(g)[0]):
            t = functor.act(g, s)
            yield s, 2 * g, t, t
            yield t, 2 * g + 1, s, s


def _composites(rows: CompositionRows) -> Iterator[Neighbour]:
    for f in range(rows.category.arrow_count):
        for g, h in rows[f].items():
            yield f, 0, g, h
            yield g, 1, f, h


def _refined(colours: list[int], neighbours: list[Neighbour], names: dict[object, int]) -> list[int]:
    """The next colours; ``names`` numbers those of both structures alike."""
    around: list[list[tuple[int, int, int]]] = [[] for _ in colours]
    for thing, how, other, another in neighbours:
        around[thing].append((how, colours[other], colours[another]))
    keys = ((colour, *sorted(row)) for colour, row in zip(colours, around, strict=True))
    return [names.setdefault(key, len(names)) for key in keys]
