"""All natural transformations between set-valued functors, and isomorphisms, by search.

A transformation is determined by the images of generating elements: one of each strongly connected component of
the graph ``s -> T(g)(s)`` into which nothing acts from outside. Each choice is propagated along the action at once.

Source: Kashiwara, Schapira, Categories and Sheaves, 1.4 (Yoneda: one generating element, one choice); McKay, Piperno
2014 (colour refinement).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from formal.core.budget import Budget
from formal.core.functor import SetFunctor

Edges = list[list[tuple[int, int]]]
"""For each element s the pairs (generator g, T(g)(s))."""


def transformations(dom: SetFunctor, cod: SetFunctor, *, limit: int) -> Iterator[tuple[int, ...]]:
    """Yield every natural transformation, as the images of the numbered elements of ``dom``.

    Args:
        dom: S, with s elements.
        cod: T, on the same category and of the same variance.
        limit: the most images, chosen or propagated, to be tried.
    Yields:
        tuples of length s, in an order that depends on S and T alone.
    Raises:
        BudgetExceeded: more than ``limit`` images were tried.
    """
    budget = Budget(limit)
    search = _Extension(_edges(dom), _edges(cod), budget)
    parts = _parts(search.edges)

    def candidates(root: int) -> Iterable[int]:
        return cod.at(dom.base[root])

    def solutions(part: int) -> Iterator[None]:
        return search.extensions(parts[part], candidates)

    attempt = _Extension(search.edges, search.targets, budget)
    if any(next(attempt.extensions(roots, candidates), False) is False for roots in parts):
        return
    stack: list[Iterator[None]] = []
    while True:
        while len(stack) < len(parts):
            stack.append(solutions(len(stack)))
            if next(stack[-1], False) is False:
                stack.pop()
                break
        else:
            yield tuple(search.images)
        while stack and next(stack[-1], False) is False:
            stack.pop()
        if not stack:
            return


def set_isomorphism(dom: SetFunctor, cod: SetFunctor, *, limit: int) -> tuple[int, ...] | None:
    """Find a natural isomorphism, as the images of the numbered elements of ``dom``.

    Connected components are matched one by one: which of several isomorphic ones is taken does not matter.

    Args:
        dom: S, with s elements.
        cod: T, on the same category and of the same variance.
        limit: the most images, chosen or propagated, to be tried.
    Returns:
        A tuple of length s, a permutation, or None when S and T are not isomorphic.
    Raises:
        BudgetExceeded: more than ``limit`` images were tried.
    """
    if any(len(left) != len(right) for left, right in zip(dom.elements, cod.elements, strict=True)):
        return None
    budget = Budget(limit)
    left, right = _edges(dom), _edges(cod)
    colours = stable_colours(chain(dom.base, cod.base), _union(left, right))
    left_colours, right_colours = colours[: dom.size], colours[dom.size :]
    if Counter(left_colours) != Counter(right_colours):
        return None
    by_colour: dict[int, deque[int]] = {}
    for element, colour in enumerate(right_colours):
        by_colour.setdefault(colour, deque()).append(element)
    search = _Extension(left, right, budget, injective=True)

    def candidates(root: int) -> Iterable[int]:
        return (t for t in by_colour[left_colours[root]] if t not in search.taken)

    for roots in _parts(left):
        for root in roots:
            rest = by_colour[left_colours[root]]
            while rest and rest[0] in search.taken:
                rest.popleft()
        # A solution is kept by abandoning the generator, which undoes its choices only when it is resumed.
        if next(search.extensions(roots, candidates), False) is False:
            return None
    return tuple(search.images)


class _Extension:
    """A partial transformation, extended and taken back.

    Args:
        edges: of the domain.
        targets: of the codomain.
        injective: whether different elements must have different images.
    """

    def __init__(self, edges: Edges, targets: Edges, budget: Budget, *, injective: bool = False) -> None:
        self.edges = edges
        self.targets = targets
        self.budget = budget
        self.images = [-1] * len(edges)
        self.injective = injective
        self.taken: set[int] = set()

    def extensions(self, roots: Sequence[int], candidates: Callable[[int], Iterable[int]]) -> Iterator[None]:
        """Extend to all that the roots generate, in every way; each is in place while the iterator waits."""
        choices: list[Iterator[int]] = []
        trails: list[list[int]] = []
        choices.append(iter(candidates(roots[0])))
        while choices:
            image = next(choices[-1], None)
            if image is None:
                choices.pop()
                if trails:
                    self._take_back(trails.pop())
                continue
            trail = self._propagate(roots[len(trails)], image)
            if trail is None:
                continue
            trails.append(trail)
            if len(trails) < len(roots):
                choices.append(iter(candidates(roots[len(trails)])))
            else:
                yield
                self._take_back(trails.pop())

    def _propagate(self, element: int, image: int) -> list[int] | None:
        """Give an element its image, and with it to all that it generates: these, or None on a contradiction."""
        edges, targets, images, taken = self.edges, self.targets, self.images, self.taken
        injective = self.injective
        trail: list[int] = []
        todo = [(element, image)]
        while todo:
            s, t = todo.pop()
            if images[s] == t:
                continue
            if images[s] >= 0 or (injective and t in taken):
                self._take_back(trail)
                self.budget.spend()
                return None
            self.budget.spend()
            images[s] = t
            trail.append(s)
            if injective:
                taken.add(t)
            todo.extend((a, b) for (_, a), (_, b) in zip(edges[s], targets[t], strict=True))
        return trail

    def _take_back(self, trail: list[int]) -> None:
        for s in trail:
            self.taken.discard(self.images[s])
            self.images[s] = -1


def _edges(functor: SetFunctor) -> Edges:
    """For each element the generators that act on it, in increasing order, with what they give."""
    edges: Edges = [[] for _ in range(functor.size)]
    for generator, action in enumerate(functor.action):
        source, target = functor.ends(generator)
        first, base = functor.start[source], functor.start[target]
        for position, image in enumerate(action):
            edges[first + position].append((generator, base + image))
    return edges


def _union(left: Edges, right: Edges) -> Edges:
    shift = len(left)
    return left + [[(generator, element + shift) for generator, element in row] for row in right]


def stable_colours(colours: Iterable[int], edges: Edges) -> list[int]:
    """The coarsest stable refinement of a colouring: equal colours act, and are acted upon, alike.

    Elements of different colours are in no bijection that respects the colours given and the action.

    Args:
        colours: one for each element.
        edges: for each element the pairs (generator, image).
    """
    current = _ranks(list(colours))
    count = len(set(current))
    while True:
        incoming: list[list[tuple[int, int]]] = [[] for _ in edges]
        for s, row in enumerate(edges):
            for generator, t in row:
                incoming[t].append((generator, current[s]))
        for row in incoming:
            row.sort()
        signatures = [
            (current[s], tuple((g, current[t]) for g, t in row), tuple(incoming[s])) for s, row in enumerate(edges)
        ]
        current = _ranks(signatures)
        if (finer := len(set(current))) == count:
            return current
        count = finer


def _ranks(values: Sequence[object]) -> list[int]:
    """Number the different values by first occurrence."""
    numbers: dict[object, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]


def _parts(edges: Edges) -> list[list[int]]:
    """For each connected component the generating elements, each but the first sharing something with earlier ones."""
    neighbours: list[list[int]] = [[] for _ in edges]
    for s, row in enumerate(edges):
        for _, t in row:
            neighbours[s].append(t)
            neighbours[t].append(s)
    generating = _sources(edges)
    wanted = set(generating)
    seen = [False] * len(edges)
    parts: list[list[int]] = []
    for start in generating:
        if seen[start]:
            continue
        seen[start] = True
        part: list[int] = []
        queue = [start]
        for s in queue:
            if s in wanted:
                part.append(s)
            for t in neighbours[s]:
                if not seen[t]:
                    seen[t] = True
                    queue.append(t)
        parts.append(part)
    return parts


def _sources(edges: Edges) -> list[int]:
    """The least element of every strongly connected component that no other one acts into."""
    component = _strong_components(edges)
    entered: set[int] = set()
    for s, row in enumerate(edges):
        entered.update(component[t] for _, t in row if component[t] != component[s])
    least: dict[int, int] = {}
    for s, number in enumerate(component):
        if number not in entered:
            least.setdefault(number, s)
    return sorted(least.values())


def _strong_components(edges: Edges) -> list[int]:
    """Tarjan's algorithm without recursion: for each element the number of its component."""
    unseen = -1
    index = [unseen] * len(edges)
    low = [0] * len(edges)
    component = [unseen] * len(edges)
    open_elements: list[int] = []
    counter = components = 0
    for start in range(len(edges)):
        if index[start] != unseen:
            continue
        path: list[tuple[int, Iterator[tuple[int, int]]]] = []
        entering: int | None = start
        while entering is not None or path:
            if entering is not None:
                index[entering] = low[entering] = counter
                counter += 1
                open_elements.append(entering)
                path.append((entering, iter(edges[entering])))
                entering = None
            s, rest = path[-1]
            for _, t in rest:
                if index[t] == unseen:
                    entering = t
                    break
                if component[t] == unseen:
                    low[s] = min(low[s], index[t])
            if entering is not None:
                continue
            path.pop()
            if path:
                low[path[-1][0]] = min(low[path[-1][0]], low[s])
            if low[s] == index[s]:
                while component[s] == unseen:
                    component[open_elements.pop()] = components
                components += 1
    return component
