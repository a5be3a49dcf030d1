"""Which elements generate a set-valued functor, freely or not: representability in linear time.

Let T be a set-valued functor and draw an edge ``s -> T(g)(s)`` for every generator g that acts on an element s: the
action graph. Paths from u are the actions of arrows on u, so t is T(f)(u) for some f exactly when a path leads from
u to t. That is all the algorithms need, for presheaves and copresheaves alike:

*Prompt number.* Call a strongly connected component a source when no edge enters it from outside. Going backwards
along edges from any t ends in a source component, so one element of each generates T; and no element outside a source
component leads into it, so fewer do not. The least number of generating elements is the number of source components.

*Universal elements.* If u is universal it generates T, so there is exactly one source component and u lies in it.
Conversely let u in T(P) lie in the only source component. Then f |-> T(f)(u) is surjective onto each T(X), from the
arrows between X and P: arrows into P for a presheaf, out of P for a copresheaf. A surjection between finite sets is
bijective when they have equally many elements, and as no fibre can have more elements than arrows, the sums over all
X may be compared: u is universal if and only if T has as many elements as there are arrows into (out of) P.

*Coproducts.* Representables are connected and non-empty, so T is a coproduct of n of them if and only if the category
of elements has n components and each has a universal element of its own. Different elements of one source component
may lie over objects with different numbers of arrows; none has fewer than the component has elements.

Source: Mac Lane III.1, III.2 (universal elements); Kashiwara, Schapira, Categories and Sheaves, 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from formal.certificate.evidence import BadComponent, Evidence, FewComponents, Forest, Separated
from formal.core.category import IntArray
from formal.core.functor import SetFunctor
from formal.decide.graph import Graph
from formal.text import Bug


@dataclass(frozen=True, eq=False)
class ActionGraph:
    """The action graph of a set-valued functor with s elements, and its strong components.

    Args:
        graph: s vertices, one edge for each entry of the action.
        generator: for each edge the generator that acts.
        component: shape (s,), the strongly connected component of each element.
        sources: the components that no edge enters from outside.
    """

    functor: SetFunctor
    graph: Graph
    generator: IntArray
    component: IntArray
    sources: IntArray

    def least(self, candidates: IntArray | None = None) -> tuple[int, ...]:
        """One element of each source component, in increasing order.

        Args:
            candidates: the elements to take the first of; None for all.
        """
        elements = np.arange(self.graph.size, dtype=np.int32) if candidates is None else candidates
        number = np.full(int(self.component.max(initial=-1)) + 1, -1, dtype=np.int32)
        # Written backwards: the first candidate of each component is written last.
        number[self.component[elements[::-1]]] = elements[::-1]
        return tuple(sorted(number[self.sources].tolist()))

    def forest(self, roots: tuple[int, ...]) -> Forest:
        """How every element comes from roots, one in each source component."""
        edge = self.graph.forest(roots)
        grown = edge >= 0
        parent = np.arange(self.graph.size, dtype=np.int32)
        parent[grown] = self.graph.tail[edge[grown]]
        generator = np.where(grown, self.generator[edge] if len(self.generator) else -1, -1)
        if int(grown.sum()) + len(roots) != self.graph.size:
            raise Bug("the roots do not generate the functor")
        return Forest(roots, tuple(parent.tolist()), tuple(generator.tolist()))

    def separated(self) -> Separated:
        """The source components, each of which needs a root of its own."""
        number = np.full(int(self.component.max(initial=-1)) + 1, -1, dtype=np.int32)
        number[self.sources] = np.arange(len(self.sources), dtype=np.int32)
        return Separated(tuple(number[self.component].tolist()), len(self.sources))


def action_graph(functor: SetFunctor) -> ActionGraph:
    """Draw the action graph of a set-valued functor and find its strong components, in linear time."""
    start = functor.start
    lengths = np.array([len(row) for row in functor.action], dtype=np.int64)
    edges = int(lengths.sum())
    ends = np.array([functor.ends(g) for g in range(len(lengths))], dtype=np.int64).reshape(-1, 2)
    first = np.array(start, dtype=np.int64)
    before = np.cumsum(lengths) - lengths
    tail = np.arange(edges) + np.repeat(first[ends[:, 0]] - before, lengths)
    head = np.fromiter(chain.from_iterable(functor.action), np.int32, edges) + np.repeat(first[ends[:, 1]], lengths)
    generator = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    graph = Graph(functor.size, tail.astype(np.int32), head.astype(np.int32))
    component = graph.strong_components()
    return ActionGraph(functor, graph, generator, component, graph.sources(component))


def prompt_number(functor: SetFunctor) -> int:
    """The least number of elements that generate the functor: that of source components."""
    return len(action_graph(functor).sources)


def covered(functor: SetFunctor, count: int) -> tuple[bool, Evidence]:
    """Whether ``count`` elements, or fewer, generate the functor.

    Returns:
        The truth value with a ``Forest``, or with a ``Separated``.
    """
    graph = action_graph(functor)
    if len(graph.sources) > count:
        return False, graph.separated()
    return True, graph.forest(graph.least())


def coproduct_of_representables(functor: SetFunctor, count: int) -> tuple[bool, Evidence]:
    """Whether the functor is isomorphic to a coproduct of ``count`` representables.

    Returns:
        The truth value with a ``Forest`` of universal elements, or with the obstruction: ``Separated``,
        ``FewComponents`` or ``BadComponent``.
    """
    graph = action_graph(functor)
    if len(graph.sources) > count:
        return False, graph.separated()
    # With one source component everything is connected to it.
    connected = np.zeros(graph.graph.size, dtype=np.int32) if len(graph.sources) == 1 else graph.graph.weak_components()
    components = int(connected.max(initial=-1)) + 1
    if components < count:
        return False, FewComponents()
    # Now each component has exactly one source component, as no component is without.
    universal = _universal(graph, connected)
    sizes = np.bincount(connected[universal], minlength=components)
    if components and sizes.min() == 0:
        return False, _bad_component(graph, connected, int(sizes.argmin()))
    return True, graph.forest(graph.least(universal))


def universal_elements(functor: SetFunctor) -> tuple[tuple[int, int], ...]:
    """All universal elements, as pairs (P, u) with u in T(P); none when the functor is not representable.

    Any two of them differ by a unique isomorphism of the representing objects.
    """
    graph = action_graph(functor)
    if len(graph.sources) != 1:
        return ()
    universal = _universal(graph, np.zeros(graph.graph.size, dtype=np.int32))
    base = functor.base
    return tuple((base[u], u) for u in universal.tolist())


def _arrows_at(functor: SetFunctor) -> NDArray[np.int64]:
    """For each object P the number of arrows into P (presheaf) or out of P (copresheaf)."""
    category = functor.category
    ends = category.cod if functor.contravariant else category.dom
    result: NDArray[np.int64] = np.bincount(ends, minlength=category.object_count)
    return result


def _bases(functor: SetFunctor) -> NDArray[np.int64]:
    """For each element its object."""
    result: NDArray[np.int64] = np.repeat(np.arange(len(functor.elements)), np.diff(np.array(functor.start)))
    return result


def _universal(graph: ActionGraph, connected: IntArray) -> IntArray:
    """The elements of source components that freely generate their component, in increasing order.

    Args:
        connected: for each element its (weak) component, each with one source component only.
    """
    is_source = np.zeros(int(graph.component.max(initial=-1)) + 1, dtype=bool)
    is_source[graph.sources] = True
    candidates = np.flatnonzero(is_source[graph.component])
    arrows = _arrows_at(graph.functor)[_bases(graph.functor)[candidates]]
    elements = np.bincount(connected)[connected[candidates]]
    return np.asarray(candidates[arrows == elements], dtype=np.int32)


def _bad_component(graph: ActionGraph, connected: IntArray, bad: int) -> BadComponent:
    """The obstruction in a component none of whose generating elements is universal."""
    functor, category = graph.functor, graph.functor.category
    objects = category.object_count
    member = connected == bad
    sources = member & np.isin(graph.component, graph.sources)
    bases = _bases(functor)
    due = np.bincount(bases[member], minlength=objects)
    homes = np.unique(bases[sources])
    near, far = (category.cod, category.dom) if functor.contravariant else (category.dom, category.cod)
    chosen = np.isin(near, homes)
    pairs, arrows = np.unique(near[chosen].astype(np.int64) * objects + far[chosen], return_counts=True)
    # Every fibre has at most as many elements as arrows, so the object that differs is among these pairs.
    wrong = pairs[arrows != due[pairs % objects]]
    homes_wrong, position = np.unique(wrong // objects, return_index=True)
    if len(homes_wrong) != len(homes):
        raise Bug(f"{functor.name} is not a functor")
    misfit = zip(homes_wrong.tolist(), (wrong[position] % objects).tolist(), strict=True)
    return BadComponent(tuple(member.tolist()), tuple(sources.tolist()), tuple(misfit))
