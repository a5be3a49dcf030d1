"""Atoms about generation: universal elements, prompt numbers, coproducts of representables, connectedness.

Each atom and each negation is written as the existence of something that the solver has to find, linear in the tables:

- *u generates K*: every element of K is a root or comes by one generator from an element that is earlier in some order.
  Any order is sound, as it has no cycles; one found by graph search makes it complete.
- *u does not generate K*: a set closed under the action, with u in it and not all of K.
- *no element generates K*: two such sets that together contain every candidate. (If one element m generates K, take
  all elements that do not lead to m; if none does, the last two reachability sets of a depth-first search.)
- *u misses or identifies*: the numbers of arrows and of elements over some object differ.
- *more than n roots are needed*: n + 1 elements no two of which come from one element.

A generating element is universal exactly when over each object there are as many elements as arrows, as a surjection
between finite sets of the same size is a bijection. T is a coproduct of n representables exactly when its category of
elements has n components and in each of them there is a universal element.

Source: Mac Lane, Categories for the Working Mathematician, III.1, III.2; Tarjan 1972.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from formal.certificate.evidence import BadComponent, Evaluate, Evidence, FewComponents, Forest, Separated
from formal.core.functor import SetFunctor
from formal.logic.formula import Connected, CoproductOfRepresentables, Covered
from formal.smt.problem import Clauses, Decided, Model


@dataclass(frozen=True, slots=True, eq=False)
class _Action:
    """The category of elements of T, by its generating arrows.

    Args:
        successors: for each element s the pairs (T(g)(s), g).
        predecessors: for each element t the pairs (s, g) with T(g)(s) = t.
        component: for each element the number of its connected component, from 0.
        component_count: how many components there are.
        order: all elements, a depth-first search's finishing order reversed: sources of the graph come early.
    """

    functor: SetFunctor
    successors: list[list[tuple[int, int]]]
    predecessors: list[list[tuple[int, int]]]
    component: list[int]
    component_count: int
    order: list[int]


class Generation:
    """Writes the clauses of these atoms; keeps the graphs that several of them share."""

    def __init__(self, clauses: Clauses) -> None:
        self.clauses = clauses
        self._actions: dict[int, _Action] = {}
        self._arrow_counts: dict[tuple[int, bool], list[dict[int, int]]] = {}
        self._element_counts: dict[tuple[int, int | None], dict[int, int]] = {}
        self._fit: dict[tuple[int, int | None, int], int] = {}

    # --- atoms ------------------------------------------------------------------------------------

    def universal(self, guard: int, functor: SetFunctor, element: int, *, sign: bool) -> None:
        """The element is universal, or not."""
        action = self._action(functor)
        everything = range(functor.size)
        fits = self._fits(action, everything, None, functor.base[element])
        if sign:
            self.clauses.add(-guard, fits)
            if self.clauses.known(fits):
                self._generated(guard, action, [element])
        elif self.clauses.known(fits):
            closed = self._closed_set(guard, action, everything)
            self.clauses.add(-guard, closed[element])
        else:
            self.clauses.add(-guard, -fits)

    def covered(self, guard: int, atom: Covered, *, sign: bool) -> Decided:
        """Every element comes from one of ``count`` roots, or not."""
        action = self._action(atom.functor)
        starts = _starts(action)
        if sign == (len(starts) > atom.count):
            # No order has fewer starts, and no more than these elements are separated: nothing to be found.
            self.clauses.add(-guard)
            return Decided(lambda _: Evaluate())
        if sign:
            earlier = self._generated(guard, action, starts)
            return Decided(lambda model: _forest(action, starts, earlier, model))
        separated = starts[: atom.count + 1]
        labels = self._separated(guard, action, separated)
        return Decided(lambda model: Separated(_read_labels(labels, model), len(separated)))

    def coproduct(self, guard: int, atom: CoproductOfRepresentables, *, sign: bool) -> Decided:
        """The functor is a coproduct of ``count`` representables, or not."""
        action = self._action(atom.functor)
        clauses = self.clauses
        right_count = clauses.fact(("components", id(atom.functor), atom.count), action.component_count == atom.count)
        if not clauses.known(right_count):
            clauses.add(-guard, right_count if sign else -right_count)
            return Decided(lambda _: _wrong_count(action, atom.count))
        members: list[list[int]] = [[] for _ in range(action.component_count)]
        for element in action.order:
            members[action.component[element]].append(element)
        if sign:
            starts = [self._candidate(action, component) for component in members]
            for component, start in zip(members, starts, strict=True):
                number = action.component[start]
                clauses.add(-guard, self._fits(action, component, number, action.functor.base[start]))
            earlier = self._generated(guard, action, starts)
            return Decided(lambda model: _forest(action, starts, earlier, model))
        bad = clauses.fresh_block(len(members))
        clauses.add(-guard, *bad)
        sets = [
            self._not_representable(literal, action, component) for literal, component in zip(bad, members, strict=True)
        ]

        def read(model: Model) -> Evidence:
            number = next(i for i, literal in enumerate(bad) if model[literal])
            return self._read_failure(action, number, members[number], sets[number], model)

        return Decided(read)

    def connected(self, guard: int, atom: Connected, *, sign: bool) -> Decided:
        """The category is connected, or not."""
        category, clauses = atom.category, self.clauses
        evaluate = Decided(lambda _: Evaluate())
        if not category.object_count:
            if sign:
                clauses.add(-guard)
            return evaluate
        neighbours: list[list[int]] = [[] for _ in category.objects]
        for g in category.generators:
            neighbours[g.dom].append(g.cod)
            neighbours[g.cod].append(g.dom)
        variables = clauses.fresh_block(category.object_count)
        if not sign:
            clauses.add(-guard, variables[0])
            clauses.add(-guard, *(-variable for variable in variables))
            for x, row in enumerate(neighbours):
                for y in row:
                    clauses.add(-variables[x], variables[y])
            return evaluate
        place = [-1] * category.object_count
        place[0] = 0
        queue = [0]
        for x in queue:
            for y in neighbours[x]:
                if place[y] < 0:
                    place[y] = len(queue)
                    queue.append(y)
        for x, row in enumerate(neighbours):
            clauses.add(-guard, variables[x])
            if x:
                clauses.add(-variables[x], *(variables[y] for y in row if 0 <= place[y] < place[x]))
        return evaluate

    # --- generation -------------------------------------------------------------------------------

    def _generated(self, guard: int, action: _Action, starts: Sequence[int]) -> list[list[tuple[int, int, int]]]:
        """Under the guard every element comes from a start.

        Returns:
            For each element the possible last steps: (variable of the element before, that element, generator).
        """
        clauses = self.clauses
        size = action.functor.size
        place = [size] * size
        queue = list(starts)
        for position, start in enumerate(queue):
            place[start] = position
        for s in queue:
            for t, _ in action.successors[s]:
                if place[t] == size:
                    place[t] = len(queue)
                    queue.append(t)
        hit = clauses.fresh_block(size)
        earlier: list[list[tuple[int, int, int]]] = [[] for _ in range(size)]
        roots = set(starts)
        for t in range(size):
            clauses.add(-guard, hit[t])
            if t not in roots:
                earlier[t] = [(hit[s], s, g) for s, g in action.predecessors[t] if place[s] < place[t]]
                clauses.add(-hit[t], *(literal for literal, _, _ in earlier[t]))
        return earlier

    def _closed_set(self, guard: int, action: _Action, elements: Sequence[int]) -> dict[int, int]:
        """A set closed under the action, not all of ``elements`` under the guard: for each of them its variable."""
        clauses = self.clauses
        inside = dict(zip(elements, clauses.fresh_block(len(elements)), strict=True))
        clauses.add(-guard, *(-variable for variable in inside.values()))
        for s in elements:
            for t, _ in action.successors[s]:
                if s != t:
                    clauses.add(-inside[s], inside[t])
        return inside

    def _not_representable(
        self, guard: int, action: _Action, component: Sequence[int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """No element of a component is universal in it: each is in one of two proper closed sets, or does not fit."""
        clauses, base = self.clauses, action.functor.base
        first = self._closed_set(guard, action, component)
        second = self._closed_set(guard, action, component)
        number = action.component[component[0]]
        for u in component:
            clauses.add(-guard, first[u], second[u], -self._fits(action, component, number, base[u]))
        return first, second

    def _separated(self, guard: int, action: _Action, roots: Sequence[int]) -> tuple[range, list[range]]:
        """No element leads to two of the roots: whoever leads to one carries its number, in binary."""
        clauses = self.clauses
        width = max(1, (len(roots) - 1).bit_length())
        leads = clauses.fresh_block(action.functor.size)
        bits = [clauses.fresh_block(action.functor.size) for _ in range(width)]
        for number, root in enumerate(roots):
            clauses.add(-guard, leads[root])
            for place, bit in enumerate(bits):
                clauses.add(-guard, bit[root] if number >> place & 1 else -bit[root])
        for s, row in enumerate(action.successors):
            for t, _ in row:
                if s != t:
                    clauses.add(-leads[t], leads[s])
                    for bit in bits:
                        clauses.add(-leads[t], -bit[t], bit[s])
                        clauses.add(-leads[t], bit[t], -bit[s])
        return leads, bits

    def _candidate(self, action: _Action, component: Sequence[int]) -> int:
        """An element that generates the component, and fits if one does; any element when none generates it."""
        # The first in the order generates the component if any element does; so do those that lead to it.
        queue = [component[0]]
        seen = set(queue)
        number = action.component[component[0]]
        for t in queue:
            if self.clauses.known(self._fits(action, component, number, action.functor.base[t])):
                return t
            for s, _ in action.predecessors[t]:
                if s not in seen:
                    seen.add(s)
                    queue.append(s)
        return component[0]

    def _fits(self, action: _Action, elements: Sequence[int], component: int | None, at: int) -> int:
        """The fact that over each object there are as many of the elements as arrows to (from) the object ``at``.

        Args:
            component: the number of the component that the elements are; None for all elements.
        """
        key = (id(action.functor), component, at)
        known = self._fit.get(key)
        if known is None:
            counts = self._counts(action, elements, component)
            arrows = self._arrows(action.functor)[at]
            known = self._fit[key] = self.clauses.fact(("fits", *key), counts == arrows)
        return known

    # --- tables -----------------------------------------------------------------------------------

    def _counts(self, action: _Action, elements: Sequence[int], component: int | None) -> dict[int, int]:
        """For each object the number of the elements over it, where there are any."""
        key = (id(action.functor), component)
        counts = self._element_counts.get(key)
        if counts is None:
            counts = self._element_counts[key] = dict(Counter(map(action.functor.base.__getitem__, elements)))
        return counts

    def _arrows(self, functor: SetFunctor) -> list[dict[int, int]]:
        """For each object P and object X the number of arrows X -> P; for a copresheaf, P -> X."""
        category = functor.category
        key = (id(category), functor.contravariant)
        counts = self._arrow_counts.get(key)
        if counts is None:
            counts = self._arrow_counts[key] = [{} for _ in category.objects]
            near, far = (category.cod, category.dom) if functor.contravariant else (category.dom, category.cod)
            for (p, x), count in Counter(zip(near.tolist(), far.tolist(), strict=True)).items():
                counts[p][x] = count
        return counts

    def _action(self, functor: SetFunctor) -> _Action:
        action = self._actions.get(id(functor))
        if action is None:
            action = self._actions[id(functor)] = _action_graph(functor)
            self.clauses.reserve(sum(map(len, action.successors)))
        return action

    def _read_failure(
        self,
        action: _Action,
        number: int,
        component: Sequence[int],
        sets: tuple[dict[int, int], dict[int, int]],
        model: Model,
    ) -> Evidence:
        """Why one component has no universal element: two parts that need a root each, or no root fits."""
        first, second = sets
        outside = [u for u in component if not model[first[u]] and not model[second[u]]]
        if not outside:
            # Complements of closed sets: nothing outside acts into them. They are disjoint, and all other components
            # need roots of their own.
            label = list(action.component)
            for u in component:
                label[u] = -1 if model[first[u]] and model[second[u]] else number if model[second[u]] else -2
            return Separated(
                tuple(action.component_count if value == -2 else value for value in label), action.component_count + 1
            )
        member = [False] * action.functor.size
        for u in component:
            member[u] = True
        sources = [False] * action.functor.size
        for u in outside:
            sources[u] = True
        counts = self._counts(action, component, number)
        arrows = self._arrows(action.functor)
        misfit = []
        for q in sorted({action.functor.base[u] for u in outside}):
            objects = sorted(counts.keys() | arrows[q].keys())
            misfit.append((q, next(x for x in objects if counts.get(x, 0) != arrows[q].get(x, 0))))
        return BadComponent(tuple(member), tuple(sources), tuple(misfit))


def _action_graph(functor: SetFunctor) -> _Action:
    size = functor.size
    successors: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    predecessors: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for g in range(len(functor.category.generators)):
        source, target = functor.ends(g)
        first, start = functor.start[source], functor.start[target]
        for position, image in enumerate(functor.action[g]):
            successors[first + position].append((start + image, g))
            predecessors[start + image].append((first + position, g))
    component = [-1] * size
    count = 0
    for root in range(size):
        if component[root] >= 0:
            continue
        component[root] = count
        queue = [root]
        while queue:
            s = queue.pop()
            for row in (successors[s], predecessors[s]):
                for t, _ in row:
                    if component[t] < 0:
                        component[t] = count
                        queue.append(t)
        count += 1
    return _Action(functor, successors, predecessors, component, count, _reversed_finishing_order(successors))


def _reversed_finishing_order(successors: list[list[tuple[int, int]]]) -> list[int]:
    finished: list[int] = []
    seen = [False] * len(successors)
    for root in range(len(successors)):
        if seen[root]:
            continue
        seen[root] = True
        stack = [(root, iter(successors[root]))]
        while stack:
            s, rest = stack[-1]
            for t, _ in rest:
                if not seen[t]:
                    seen[t] = True
                    stack.append((t, iter(successors[t])))
                    break
            else:
                finished.append(s)
                stack.pop()
    finished.reverse()
    return finished


def _starts(action: _Action) -> list[int]:
    """Elements, as few as possible, from which all others come: one of each source of the graph of components."""
    seen = [False] * action.functor.size
    starts: list[int] = []
    for root in action.order:
        if seen[root]:
            continue
        starts.append(root)
        seen[root] = True
        queue = [root]
        while queue:
            for t, _ in action.successors[queue.pop()]:
                if not seen[t]:
                    seen[t] = True
                    queue.append(t)
    return starts


def _wrong_count(action: _Action, count: int) -> Evidence:
    if action.component_count < count:
        return FewComponents()
    return Separated(tuple(action.component), action.component_count)


def _forest(
    action: _Action, starts: Sequence[int], earlier: list[list[tuple[int, int, int]]], model: Model
) -> Evidence:
    parent = list(range(action.functor.size))
    generator = [-1] * action.functor.size
    for t, steps in enumerate(earlier):
        for literal, s, g in steps:
            if model[literal]:
                parent[t], generator[t] = s, g
                break
    return Forest(tuple(starts), tuple(parent), tuple(generator))


def _read_labels(labels: tuple[range, list[range]], model: Model) -> tuple[int, ...]:
    leads, bits = labels
    return tuple(
        sum(model[bit[s]] << place for place, bit in enumerate(bits)) if model[leads[s]] else -1
        for s in range(len(leads))
    )
