"""Why a set-valued functor is not representable: for each possible universal element what it misses or identifies.

u in T(P) *misses* t when t is T(f)(u) for no arrow f, and *identifies* two arrows f, g when T(f)(u) = T(g)(u). It is
universal when it does neither. Elements generate each other within a strongly connected component of the graph
``s -> T(g)(s)``; a component into which nothing acts from outside is a *source*, and needs a root of its own, so
that the prompt number of T is the number of sources.

Source: Mac Lane, Categories for the Working Mathematician, III.1, III.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from formal.core.functor import SetFunctor
from formal.decide.representable import ActionGraph, action_graph
from formal.explain.evaluate import arrows_between


@dataclass(frozen=True, slots=True)
class Missed:
    """``element`` is T(f)(root) for no f."""

    root: int
    element: int


@dataclass(frozen=True, slots=True)
class Identified:
    """T(first)(root) = T(second)(root) = image, for two different arrows."""

    root: int
    first: int
    second: int
    image: int


@dataclass(frozen=True, slots=True)
class Crowded:
    """More arrows go between ``object`` and the root's object than there are elements over it: two have one image."""

    root: int
    object: int
    arrows: int
    elements: int


Failure = Missed | Identified | Crowded

_STEPS = 1_000_000


@dataclass(frozen=True, eq=False)
class Orbits:
    """Which element generates which.

    Args:
        graph: the edges ``s -> T(g)(s)``.
        sources: the members of each source, in increasing order; sources ordered by their least members.
    """

    graph: ActionGraph
    sources: tuple[tuple[int, ...], ...]

    @property
    def functor(self) -> SetFunctor:
        """T."""
        return self.graph.functor

    def generated(self, root: int) -> set[int]:
        """The elements T(f)(root)."""
        reached: list[int] = np.flatnonzero(self.graph.graph.forest((root,)) >= 0).tolist()
        return {root, *reached}


def orbits(functor: SetFunctor) -> Orbits:
    """The sources of a set-valued functor, in time linear in its elements and the actions of generators on them."""
    graph = action_graph(functor)
    members: dict[int, list[int]] = {}
    for element in np.flatnonzero(np.isin(graph.component, graph.sources)).tolist():
        members.setdefault(int(graph.component[element]), []).append(element)
    return Orbits(graph, tuple(map(tuple, members.values())))


def failure(functor: SetFunctor, root: int, generated: set[int]) -> Failure | None:
    """What keeps an element from being universal; None when it is."""
    missed = next((t for t in range(functor.size) if t not in generated), None)
    if missed is not None:
        return Missed(root, missed)
    return identified(functor, root, generated)


def identified(functor: SetFunctor, root: int, generated: set[int]) -> Identified | Crowded | None:
    """Two arrows with one image, over an object X with as few elements as possible; None when there are none.

    The number of arrows between X and the root's object is compared with the number of generated elements over X;
    where it is larger, two of the first arrows must have one image. They are not looked for where their paths are long.
    """
    category, p = functor.category, functor.base[root]
    near, far = (category.cod, category.dom) if functor.contravariant else (category.dom, category.cod)
    arrows_to = np.bincount(far[near == p], minlength=category.object_count)
    reached = np.zeros(category.object_count, dtype=np.int64)
    for t in generated:
        reached[functor.base[t]] += 1
    crowded = [int(x) for x in np.flatnonzero(arrows_to > reached)]
    if not crowded:
        return None
    x = min(crowded, key=lambda y: (int(reached[y]), y))
    arrows = arrows_between(category, x, p) if functor.contravariant else arrows_between(category, p, x)
    seen: dict[int, int] = {}
    steps = 0
    for f in arrows:
        word = category.word(f)
        steps += len(word) + 1
        if steps > _STEPS:
            break
        image = functor.act_word(word, root)
        if image in seen:
            return Identified(root, seen[image], f, image)
        seen[image] = f
    return Crowded(root, x, len(arrows), int(reached[x]))


def failures(found: Orbits) -> Iterator[tuple[int, Failure]]:
    """For one candidate of each source, and when there is one source for one over each object: what is wrong."""
    functor = found.functor
    for number, source in enumerate(found.sources):
        seen: set[int] = set()
        for root in source:
            if functor.base[root] in seen:
                continue
            seen.add(functor.base[root])
            generated = found.generated(root)
            wrong = failure(functor, root, generated)
            if wrong is not None:
                yield number, wrong
            if len(found.sources) > 1:
                break
