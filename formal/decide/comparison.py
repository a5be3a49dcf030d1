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
from formal.text import Bug


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
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    match left, right:
        case SetFunctor(), SetFunctor():
            images = search.set_isomorphism(left, right, limit=nodes)
            if images is not None:
                return True, Isomorphism(images)
            rounds = distinguishing_rounds(left, right)
            return False, Evaluate() if rounds is None else Invariant(rounds)
        case Category(), Category():
            found = search.isomorphism(left, right, limit=nodes)
            return (False, Evaluate()) if found is None else (True, Isomorphism((found.objects, found.generators)))
        case _:
            raise Bug("only structures of one kind are compared")


def distinguishing_rounds(left: SetFunctor, right: SetFunctor) -> int | None:
    """The least number of rounds of colour refinement after which the colours are not equally frequent; None if never.

    An element's first colour is its object. Its next one is made of its colour, those of what the generators take it
    to, and those of what they take to it, each with the generator.
    """
    edges = [[(s, g, functor.act(g, s)) for g, s in _acting(functor)] for functor in (left, right)]
    colours: list[list[int]] = [list(left.base), list(right.base)]
    kinds = rounds = 0
    while Counter(colours[0]) == Counter(colours[1]):
        if len(set(colours[0])) == kinds:
            return None
        kinds = len(set(colours[0]))
        rounds += 1
        names: dict[object, int] = {}
        colours = [_refined(colour, row, names) for colour, row in zip(colours, edges, strict=True)]
    return rounds


def _acting(functor: SetFunctor) -> Iterator[tuple[int, int]]:
    """Each generator with each element that it acts on."""
    for g in range(len(functor.action)):
        for s in functor.at(functor.ends(g)[0]):
            yield g, s


def _refined(colours: list[int], edges: list[tuple[int, int, int]], names: dict[object, int]) -> list[int]:
    """The next colours; ``names`` numbers those of both functors alike."""
    around: list[list[tuple[bool, int, int]]] = [[] for _ in colours]
    for s, g, t in edges:
        around[s].append((False, g, colours[t]))
        around[t].append((True, g, colours[s]))
    keys = ((colour, *sorted(row)) for colour, row in zip(colours, around, strict=True))
    return [names.setdefault(key, len(names)) for key in keys]


def equivalent(left: Category, right: Category, *, nodes: int) -> tuple[bool, Evidence]:
    """Whether there is a full, faithful and essentially surjective functor from one category to the other.

    Args:
        nodes: the most nodes to search.
    Raises:
        BudgetExceeded: more nodes were searched.
    """
    found = search.equivalence(left, right, limit=nodes)
    return (False, Evaluate()) if found is None else (True, Equivalence((found.objects, found.generators)))
