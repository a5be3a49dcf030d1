"""Finite categories as right Cayley graphs, with equations that provably define them.

A category is a table ``f >> g`` for arrows f and generators g, and a list of equations between words such that the
arrows are exactly the paths modulo these equations: whoever respects the equations respects the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, groupby
from typing import Any

from formal.kernel.reading import Ledger, array, demand, labels, number, numbers, typed

Word = tuple[int, ...]
Equation = tuple[int, Word, Word]
"""The object that both words start from, and the two words."""
MANY = 64
"""From so many equal letters on, words are followed by squaring: at most so many look-ups of each thing."""


class Graph:
    """Objects 0 … p - 1 and generators, each from ``start`` to ``end``."""

    def __init__(self, name: Any, objects: Any, generators: Any, step: str) -> None:
        self.name, self.step, self.p = typed(name, str, step), step, len(labels(objects, step))
        self.start: list[int] = []
        self.end: list[int] = []
        self.slot: list[int] = []
        self.leaving: list[list[int]] = [[] for _ in range(self.p)]
        for g, item in enumerate(array(generators, step)):
            label, start, end = array(item, step, 3)
            typed(label, str, step)
            self.start.append(number(start, 0, self.p, step))
            self.end.append(number(end, 0, self.p, step))
            self.slot.append(len(self.leaving[start]))
            self.leaving[start].append(g)

    def path(self, start: int, letters: Any) -> tuple[Word, int]:
        """A word of generators that is a path from ``start``, and where it ends."""
        for g in numbers(letters, 0, len(self.start), self.step):
            demand(self.start[g] == start, self.step, "path", "a word is no path")
            start = self.end[g]
        return tuple(letters), start

    def equation(self, start: Any, left: Any, right: Any) -> Equation:
        """Two words that are parallel paths."""
        number(start, 0, self.p, self.step)
        (one, end), (other, same) = self.path(start, left), self.path(start, right)
        demand(end == same, self.step, "path", "the two sides end in different objects")
        return start, one, other


def smaller(left: Word, right: Word) -> bool:
    """Whether left comes before right in the shortlex order."""
    return (len(left), left) < (len(right), right)


def walk(word: Word, things: Any, a: Any) -> list[int]:
    """Apply the letters of a word to all of these things: a category's arrows, or a set-valued functor's elements."""
    for g, run in groupby(word):
        n = len([*run])
        if n < MANY:
            things = a.follow((g,) * n, things)
            continue
        power = a.table(g)
        a.ledger.spend(MANY * len(power))
        while n:
            things = [power[t] for t in things] if n % 2 else things
            power, n = {t: power[u] for t, u in power.items()}, n // 2
    return list(things)


def check_equations(a: Any, equations: list[tuple[Any, Word, Word]] | None, step: str, rule: str) -> None:
    """Reject unless both sides of each equation lead from these things to the same; trust what takes too long."""
    a.ledger.rules[rule] += 1
    cost = sum(len(x) * min(len([*run]), MANY) for x, *sides in equations or () for w in sides for _, run in groupby(w))
    if equations is None or (cost > a.ledger.limits.axioms and rule != "enumerate"):
        a.ledger.trusted[f"the axioms of {step} are not re-checked: too large"] = None
        return
    for things, left, right in equations:
        demand(walk(left, things, a) == walk(right, things, a), step, rule, "an equation does not hold everywhere")


class Category:
    """A table: n arrows, identities first, each other one its parent followed by its last generator."""

    def __init__(self, graph: Graph, parent: Any, last: Any, steps: Any, ledger: Ledger) -> None:
        step, p = graph.step, graph.p
        self.graph, self.ledger, self.p, self.n = graph, ledger, p, len(array(parent, step))
        self.parent = parent = numbers(parent, -1, self.n, step)
        self.last = last = numbers(last, -1, len(graph.start), step, self.n)
        demand(self.n >= p and (set(parent[:p]) | set(last[:p])) <= {-1}, step, "table", "identities come first")
        self.dom, self.cod, self.depth = list(range(p)), list(range(p)), [0] * p
        for f in range(p, self.n):
            q, g = parent[f], last[f]
            demand(0 <= q < f and g >= 0 and graph.start[g] == self.cod[q], step, "table", "an arrow without parent")
            self.dom.append(self.dom[q])
            self.cod.append(graph.end[g])
            self.depth.append(self.depth[q] + 1)
        self.offset = list(accumulate((len(graph.leaving[y]) for y in self.cod), initial=0))
        self.steps = numbers(steps, 0, self.n, step, self.offset[-1])
        ledger.spend(self.n + len(self.steps))
        holds = all(self.dom[h] == self.dom[f] and self.cod[h] == graph.end[g] for f, g, h in self.edges(range(self.n)))
        demand(holds, step, "table", "a composite has the wrong ends")
        holds = all(self.after(parent[f], last[f]) == f for f in range(p, self.n))
        demand(holds, step, "table", "an arrow is not its parent followed by its last generator")
        self.into: list[list[int]] = [[] for _ in range(p)]
        for f, y in enumerate(self.cod):
            self.into[y].append(f)
        self.count = Counter(zip(self.dom, self.cod, strict=True))
        self.arriving, self.departing = Counter(self.cod), Counter(self.dom)
        self.homs: dict[tuple[int, int], list[int]] = {}
        self.equations: list[Equation] | None = None
        self.presented = False

    def edges(self, arrows: Iterable[int]) -> Iterator[tuple[int, int, int]]:
        """All (f, g, f >> g) for these arrows f and the generators g that can follow."""
        for f in arrows:
            for step, g in enumerate(self.graph.leaving[self.cod[f]], self.offset[f]):
                yield f, g, self.steps[step]

    def relations(self) -> Iterator[tuple[int, int, int]]:
        """The edges (f, g, h) such that h is not introduced as f followed by g, shortest words first."""
        for f, g, h in self.edges(sorted(range(self.n), key=self.depth.__getitem__)):
            if self.parent[h] != f or self.last[h] != g:
                yield f, g, h

    def after(self, f: int, g: int) -> int:
        """``f >> g`` for a generator g that can follow."""
        return self.steps[self.offset[f] + self.graph.slot[g]]

    def backwards(self, f: int) -> Iterator[int]:
        """The generators whose composite f is, last to first."""
        while self.parent[f] >= 0:
            yield self.last[f]
            f = self.parent[f]

    def word(self, f: int) -> Word:
        """The generators whose composite f is."""
        self.ledger.spend(self.depth[f] + 1)
        return tuple(self.backwards(f))[::-1]

    def follow(self, word: Word, arrows: list[int]) -> list[int]:
        """Each of these arrows, which end where the word starts, followed by the word."""
        steps, offset = self.steps, self.offset
        self.ledger.spend((len(arrows) + 1) * len(word))
        for g in word:
            slot = self.graph.slot[g]
            arrows = [steps[offset[f] + slot] for f in arrows]
        return arrows

    def compose(self, f: int, g: int) -> int:
        """``f >> g``; rejected when g does not start where f ends."""
        demand(self.cod[f] == self.dom[g], self.graph.step, "composite", "an arrow cannot follow another")
        return self.follow(self.word(g), [f])[0] if self.depth[f] else g

    def arrows(self, x: int | None, y: int | None) -> range | list[int]:
        """The arrows from x to y; None leaves an end free."""
        if x is None or y is None:
            self.ledger.spend(self.n)
            return [f for f in range(self.n) if self.dom[f] == x or self.cod[f] == y or x is y]
        if not self.homs:
            for f, ends in enumerate(zip(self.dom, self.cod, strict=True)):
                self.homs.setdefault(ends, []).append(f)
        return self.homs.get((x, y), [])

    def isomorphic(self, x: int, y: int) -> bool:
        """Whether some arrow from x to y has an inverse."""
        pairs = ((f, g) for f in self.arrows(x, y) for g in self.arrows(y, x))
        return any(self.compose(f, g) == x and self.compose(g, f) == y for f, g in pairs)

    def arrow(self, value: Any, step: str) -> int:
        """An arrow of the claim: its number, or, for a presented category, the path [dom, generators …]."""
        if not self.presented:
            return number(value, 0, self.n, step)
        start = number((array(value, step) or [-1])[0], 0, self.p, step)
        return self.follow(self.graph.path(start, value[1:])[0], [start])[0]

    def images(self, values: Any) -> tuple[int, ...]:
        """Arrows of the claim."""
        return tuple(self.arrow(value, self.graph.step) for value in array(values, self.graph.step))

    def table(self, g: int) -> dict[int, int]:
        """Each arrow that ends where a generator starts, followed by the generator."""
        return {f: self.after(f, g) for f in self.into[self.graph.start[g]]}

    def satisfies(self, equations: list[Equation] | None, rule: str) -> None:
        """Reject unless both sides lead to the same arrow after every arrow that ends where they start."""
        after = None if equations is None else [(self.into[x], left, right) for x, left, right in equations]
        check_equations(self, after, self.graph.step, rule)


def constructed(graph: Graph, parent: Any, last: Any, steps: Any, ledger: Ledger) -> Category:
    """Rule `associative`: the table of a constructed category is that of a category.

    Each edge (f, g) outside the tree says that word(f) + g equals word(f >> g). If these equations hold after every
    arrow, the arrows are the paths modulo them. Where they shrink words in shortlex order, those among them whose left
    side ends with no other left side are enough.
    """
    category = Category(graph, parent, last, steps, ledger)
    category.equations = own_equations(category, least=True) or own_equations(category, least=False)
    category.satisfies(category.equations, "associative")
    return category


def own_equations(category: Category, least: bool) -> list[Equation] | None:
    """What the edges outside the tree say: all of it, or the least part; None when too long, or not shrinking."""
    suffixes = Suffixes(category.ledger)
    result: list[Equation] = []
    room = category.ledger.limits.axioms
    for f, g, h in category.relations():
        if not least or suffixes.find(chain([g], category.backwards(f))) < 0:
            left, right = (*category.word(f), g), category.word(h)
            room -= len(left) + len(right)
            if room < 0 or (least and not smaller(right, left)):
                return None
            suffixes.add(left, len(result))
            result.append((category.dom[f], left, right))
    return result


class Suffixes:
    """Left sides of rules, to be recognised at the end of a word."""

    def __init__(self, ledger: Ledger, rules: Iterable[Equation] = ()) -> None:
        self.root: dict[int, Any] = {}
        self.ledger = ledger
        for index, (_, left, _) in enumerate(rules):
            self.add(left, index)

    def add(self, left: Word, rule: int) -> None:
        """Remember the left side of a rule."""
        node = self.root
        for g in reversed(left):
            node = node.setdefault(g, {})
        node.setdefault(-1, rule)

    def find(self, backwards: Iterable[int]) -> int:
        """A rule whose left side ends the word, given last letter first; or -1."""
        node: dict[int, Any] = self.root
        for g in backwards:
            self.ledger.spend(1)
            if g not in node:
                return -1
            node = node[g]
            if -1 in node:
                return int(node[-1])
        return -1
