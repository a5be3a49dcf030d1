"""All transformations and all functors, by backtracking; the fewest roots of a set-valued functor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from formal.kernel.category import Category, Equation
from formal.kernel.functor import FunctorValue as Value
from formal.kernel.functor import SetFunctor, check_components, check_functor, check_natural, commutes, image
from formal.kernel.reading import Ledger, demand


@dataclass(slots=True)
class Family:
    """A set too large to list: membership is checked (rejected, never denied), iteration searches all.

    ``values[i]`` is one of ``candidates(i)`` such that ``fits(i)``, both given those before; ``nodes`` bounds the tree.
    """

    ledger: Ledger
    check: Callable[[Any], object]
    values: list[int]
    candidates: Callable[[int], Iterable[int]]
    fits: Callable[[int], bool]
    result: Callable[[], Any]
    nodes: int = field(default=1 << 62)

    def __contains__(self, value: Any) -> bool:
        self.check(value)
        return True

    def __iter__(self) -> Iterator[Any]:
        values, left = self.values, self.nodes
        choices = [iter(self.candidates(0))] if values else []
        if not values:
            yield self.result()
        while choices:
            i = len(choices) - 1
            for values[i] in choices[-1]:
                left -= 1
                self.ledger.spend(1)
                demand(left >= 0, "search", "limit", "the search tree is larger than stated")
                if self.fits(i):
                    break
            else:
                choices.pop()
                continue
            if i + 1 == len(values):
                yield self.result()
            else:
                choices.append(iter(self.candidates(i + 1)))


def grow(t: SetFunctor, starts: Iterable[int]) -> list[tuple[int, int, int]]:
    """A forest of all that the action reaches from these starts: (element, parent, generator), (root, -1, -1).

    Parents come first; a start already reached is left out.
    """
    t.ledger.spend(t.size + t.edge_count)
    forest: list[tuple[int, int, int]] = []
    seen = [False] * t.size
    for root in starts:
        position = len(forest)
        if not seen[root]:
            seen[root] = True
            forest.append((root, -1, -1))
        while position < len(forest):
            e = forest[position][0]
            position += 1
            for g in t.acting[t.base[e]]:
                u = t.act(g, e)
                if not seen[u]:
                    seen[u] = True
                    forest.append((u, e, g))
    return forest


def roots(t: SetFunctor) -> list[int]:
    """The fewest elements that lead to all: none of them leads to another.

    Whatever leads to a root of a first forest is in the tree of that root or of a later one; so growing again from the
    roots in reverse order leaves out each root that an element of another strongly connected component leads to.
    """
    first = [e for e, parent, _ in grow(t, range(t.size)) if parent < 0]
    return [e for e, parent, _ in grow(t, reversed(first)) if parent < 0]


def transformations(s: SetFunctor, t: SetFunctor) -> Family:
    """The natural transformations: images of roots are free, all others are forced."""
    forest, values = grow(s, roots(s)), [0] * s.size
    place = dict(zip((e for e, _, _ in forest), range(s.size), strict=True))
    squares: list[list[tuple[int, int, int]]] = [[] for _ in forest]
    for g, e, u in s.edges():
        squares[max(place[e], place[u])].append((place[e], g, place[u]))

    def candidates(i: int) -> Iterable[int]:
        e, parent, g = forest[i]
        return t.at(s.base[e]) if parent < 0 else (t.act(g, values[place[parent]]),)

    def fits(i: int) -> bool:
        s.ledger.spend(len(squares[i]))
        return all(t.act(g, values[e]) == values[u] for e, g, u in squares[i])

    check = partial(check_natural, s, t, step="evidence")
    return Family(s.ledger, check, values, candidates, fits, lambda: tuple(values[place[e]] for e in range(s.size)))


def functors(c: Category, d: Category) -> Family:
    """The functors: an object's image, then the images of the generators between it and earlier objects."""
    start, end, ledger = c.graph.start, c.graph.end, c.ledger
    demand(c.equations is not None, "search", "limit", "a category is too large to search for functors from it")
    order = sorted([(x, -1) for x in range(c.p)] + [(x, g) for g, x in enumerate(map(max, start, end))])
    values, place = [0] * len(order), {item: i for i, (_, item) in enumerate(order) if item >= 0}
    objects = [i for i, (_, g) in enumerate(order) if g < 0]
    due: list[list[Equation]] = [[] for _ in order]
    ledger.spend(len(order))
    for x, left, right in c.equations or ():
        ledger.spend(len(left) + len(right) + 1)
        due[max([objects[x], *(place[g] for g in left + right)])].append((x, left, right))

    def result() -> Value:
        ledger.spend(len(order))
        return tuple(values[i] for i in objects), tuple(values[place[g]] for g in range(len(start)))

    def candidates(i: int) -> Iterable[int]:
        _, g = order[i]
        return range(d.p) if g < 0 else d.arrows(values[objects[start[g]]], values[objects[end[g]]])

    def fits(i: int) -> bool:
        chosen = result() if due[i] else ((), ())
        return all(image(d, chosen, x, left) == image(d, chosen, x, right) for x, left, right in due[i])

    check = partial(check_functor, c, d, step="evidence")
    return Family(ledger, check, values, candidates, fits, result)


def components(c: Category, d: Category, f: Value, g: Value) -> Family:
    """The natural transformations between two functors from c to d."""
    due: list[list[int]] = [[] for _ in range(c.p)]
    for h, (x, y) in enumerate(zip(c.graph.start, c.graph.end, strict=True)):
        due[max(x, y)].append(h)
    values = [0] * c.p

    def fits(x: int) -> bool:
        return all(commutes(c, d, f, g, values, h) for h in due[x])

    check = partial(check_components, c, d, f, g, step="evidence")
    return Family(c.ledger, check, values, lambda x: d.arrows(f[0][x], g[0][x]), fits, lambda: tuple(values))
