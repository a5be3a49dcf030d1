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

from formal.core.category import IntArray
from formal.core.functor import SetFunctor
from formal.report.evaluate import arrows_between


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


Failure = Missed | Identified


@dataclass(frozen=True, eq=False)
class Orbits:
    """Which element generates which.

    Args:
        sources: the members of each source, in increasing order; sources ordered by their least members.
        successors: for each element those that one generator leads to.
    """

    functor: SetFunctor
    sources: tuple[tuple[int, ...], ...]
    successors: tuple[tuple[int, ...], ...]

    def generated(self, root: int) -> set[int]:
        """The elements T(f)(root)."""
        seen = {root}
        queue = [root]
        for s in queue:
            for t in self.successors[s]:
                if t not in seen:
                    seen.add(t)
                    queue.append(t)
        return seen


def orbits(functor: SetFunctor) -> Orbits:
    """The sources of a set-valued functor with s elements and a actions of generators on them, in O(s + a)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    tails, heads = _edges(functor)
    size = functor.size
    graph = coo_matrix((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(size, size)).tocsr()
    count, label = connected_components(graph, directed=True, connection="strong") if size else (0, np.zeros(0, int))
    entered = np.zeros(count, dtype=bool)
    crossing = label[tails] != label[heads]
    entered[label[heads[crossing]]] = True
    members: dict[int, list[int]] = {}
    for element in np.flatnonzero(~entered[label]).tolist():
        members.setdefault(int(label[element]), []).append(element)
    successors: list[list[int]] = [[] for _ in range(size)]
    for tail, head in zip(tails.tolist(), heads.tolist(), strict=True):
        successors[tail].append(head)
    return Orbits(functor, tuple(map(tuple, members.values())), tuple(map(tuple, successors)))


def _edges(functor: SetFunctor) -> tuple[IntArray, IntArray]:
    tails: list[IntArray] = [np.zeros(0, dtype=np.int32)]
    heads: list[IntArray] = [np.zeros(0, dtype=np.int32)]
    for generator, action in enumerate(functor.action):
        source, target = functor.ends(generator)
        tails.append(np.arange(functor.start[source], functor.start[source + 1], dtype=np.int32))
        heads.append(np.array(action, dtype=np.int32) + functor.start[target])
    return np.concatenate(tails), np.concatenate(heads)


def failure(functor: SetFunctor, root: int, generated: set[int]) -> Failure | None:
    """What keeps an element from being universal; None when it is."""
    missed = next((t for t in range(functor.size) if t not in generated), None)
    if missed is not None:
        return Missed(root, missed)
    return identified(functor, root, generated)


def identified(functor: SetFunctor, root: int, generated: set[int]) -> Identified | None:
    """Two arrows with one image, ending at an object with as few elements as possible; None when there are none.

    The number of arrows between X and the root's object is compared with the number of generated elements over X;
    where it is larger, two of the first arrows must have one image.
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
    for f in arrows:
        image = functor.act_arrow(f, root)
        if image in seen:
            return Identified(root, seen[image], f, image)
        seen[image] = f
    return None


def universal_elements(found: Orbits) -> tuple[int, ...]:
    """All universal elements, in increasing order; those of one functor lie over isomorphic objects."""
    if len(found.sources) != 1:
        return ()
    functor = found.functor
    everything = set(range(functor.size))
    return tuple(u for u in found.sources[0] if identified(functor, u, everything) is None)


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
