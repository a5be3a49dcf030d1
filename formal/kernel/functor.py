"""Functors, set-valued functors and transformations, and their axioms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from formal.kernel.category import Category, Word, check_equations
from formal.kernel.reading import Ledger, array, demand, labels, numbers, record, typed

Images = tuple[int, ...]
FunctorValue = tuple[Images, Images]
"""The images of the objects, and of the generators (arrows)."""


class SetFunctor:
    """A presheaf or copresheaf: elements numbered through all the sets, ``acts[g]`` a table over the set it acts on."""

    def __init__(self, raw: Any, categories: Callable[[Any], Category], step: str, ledger: Ledger) -> None:
        fields = ("name", "category", "contravariant", "elements", "action", "arrows")
        name, self.index, contravariant, elements, action, arrows = record(raw, step, *fields)
        typed(name, str, step)
        self.category, self.contravariant = categories(self.index), typed(contravariant, bool, step)
        self.step, self.ledger, graph = step, ledger, self.category.graph
        sizes = [len(labels(item, step)) for item in array(elements, step, graph.p)]
        self.start = list(accumulate(sizes, initial=0))
        self.size = self.start[-1]
        self.base = [x for x, size in enumerate(sizes) for _ in range(size)]
        self.source, self.target = (graph.end, graph.start) if self.contravariant else (graph.start, graph.end)
        self.acts: list[list[int]] = []
        self.acting: list[list[int]] = [[] for _ in range(graph.p)]
        for g, table in enumerate(array(action, step, len(graph.start))):
            x, y = self.source[g], self.target[g]
            self.acts.append([self.start[y] + t for t in numbers(table, 0, sizes[y], step, sizes[x])])
            self.acting[x].append(g)
        self.edge_count = sum(map(len, self.acts))
        ledger.spend(self.size + self.edge_count)
        self._check_equations()
        self.arrows: list[int] = []
        if arrows is not None:
            self.arrows = [self.category.arrow(item, step) for item in array(arrows, step, self.size)]
        self.element = {arrow: element for element, arrow in enumerate(self.arrows)}
        if arrows is not None:
            self._check_arrows(self.arrows)

    def at(self, x: int) -> range:
        """The elements over an object."""
        return range(self.start[x], self.start[x + 1])

    def edges(self) -> Iterator[tuple[int, int, int]]:
        """All (g, t, T(g)(t))."""
        for g, table in enumerate(self.acts):
            for t, u in enumerate(table, self.start[self.source[g]]):
                yield g, t, u

    def act(self, g: int, t: int) -> int:
        """T(g)(t), for t over the object from which g acts."""
        return self.acts[g][t - self.start[self.source[g]]]

    def ordered(self, word: Word) -> Word:
        """The letters in the order in which they act: for a presheaf the last one first."""
        return word[::-1] if self.contravariant else word

    def follow(self, word: Word, elements: Sequence[int]) -> Sequence[int]:
        """Each of these elements, acted on by the letters, first to last."""
        self.ledger.spend((len(elements) + 1) * (len(word) + 1))
        for g in word:
            table, start = self.acts[g], self.start[self.source[g]]
            elements = [table[t - start] for t in elements]
        return elements

    def act_arrow(self, f: int, t: int) -> int:
        """T(f)(t); rejected when t is not over the right object."""
        near = self.category.cod if self.contravariant else self.category.dom
        demand(self.base[t] == near[f], self.step, "action", "an arrow does not act on an element")
        return self.follow(self.ordered(self.category.word(f)), [t])[0]

    def element_of(self, f: int) -> int:
        """The element that an arrow is."""
        demand(f in self.element, self.step, "hom", "an arrow is no element of the hom-functor")
        return self.element[f]

    def arrow_of(self, t: int) -> int:
        """The arrow that an element is."""
        demand(self.arrows != [], self.step, "hom", "the elements are no arrows")
        return self.arrows[t]

    def arrows_between(self, x: int, p: int) -> int:
        """How many arrows lead from x to p; for a copresheaf from p to x."""
        return self.category.count[(x, p) if self.contravariant else (p, x)]

    def table(self, g: int) -> dict[int, int]:
        """T(g)."""
        return dict(enumerate(self.acts[g], self.start[self.source[g]]))

    def _check_equations(self) -> None:
        """Rule `functorial`: both sides of each defining equation act alike on every element."""
        equations, end = self.category.equations, self.category.graph.end
        first = [end[left[-1]] if left and self.contravariant else x for x, left, _ in equations or ()]
        pairs = zip(first, equations or (), strict=True)
        acting = [(self.at(x), self.ordered(left), self.ordered(right)) for x, (_, left, right) in pairs]
        check_equations(self, None if equations is None else acting, self.step, "functorial")

    def _check_arrows(self, arrows: list[int]) -> None:
        """Rule `hom`: the elements are all arrows to (from) one object, once each, acted on by composition."""
        self.ledger.rules["hom"] += 1
        c, rule = self.category, "hom"
        near, far = (c.dom, c.cod) if self.contravariant else (c.cod, c.dom)
        ends = {far[f] for f in arrows}
        holds = len(ends) == 1 and len(self.element) == self.size == sum(y in ends for y in far)
        demand(holds, self.step, rule, "the elements are not all arrows to or from one object")
        holds = all(near[f] == x for f, x in zip(arrows, self.base, strict=True))
        demand(holds, self.step, rule, "an element lies over an object that is not the arrow's end")
        if self.contravariant and sum(c.depth[arrows[t]] for _, t, _ in self.edges()) > self.ledger.limits.axioms:
            self.ledger.trusted[f"the composition in {self.step} is not re-checked: too large"] = None
            return
        single = [c.after(x, g) for g, x in enumerate(c.graph.start)]
        for g, t, u in self.edges():
            composite = c.compose(single[g], arrows[t]) if self.contravariant else c.after(arrows[t], g)
            demand(arrows[u] == composite, self.step, rule, "a generator does not act by composition")


def frozen(value: Any, step: str) -> Any:
    """An array as a tuple, an array of arrays as a tuple of tuples."""
    return tuple(tuple(item) if isinstance(item, list) else item for item in array(value, step))


def in_range(images: Any, count: int, bound: int, ledger: Ledger) -> None:
    """Reject unless there are ``count`` images below ``bound``."""
    ledger.spend(count + 1)
    numbers(list(typed(images, tuple, "images")), 0, bound, "images", count)


def check_functor(c: Category, d: Category, value: Any, step: str) -> FunctorValue:
    """Rule `functor`: images have the right ends, and both sides of each defining equation have the same image."""
    c.ledger.rules["functor"] += 1
    demand(type(value) is tuple and len(value) == 2, step, "format", "not images of objects and of generators")
    objects, generators = value
    in_range(objects, c.p, d.p, c.ledger)
    in_range(generators, len(c.graph.start), d.n, c.ledger)
    ends = zip(generators, c.graph.start, c.graph.end, strict=True)
    holds = all(d.dom[f] == objects[x] and d.cod[f] == objects[y] for f, x, y in ends)
    demand(holds, step, "functor", "the image of a generator has the wrong ends")
    if c.equations is None:
        demand(step != "evidence", step, "limit", "a category is too large to check a functor from it")
        c.ledger.trusted[f"the axioms of {step} are not re-checked: too large"] = None
    for x, left, right in c.equations or ():
        demand(image(d, value, x, left) == image(d, value, x, right), step, "functor", "an equation is not respected")
    return objects, generators


def image(d: Category, value: FunctorValue, x: int, word: Iterable[int]) -> int:
    """The image in d of a path that starts at x."""
    f = value[0][x]
    for g in word:
        f = d.compose(f, value[1][g])
    return f


def compose_functors(d: Category, c: Category, first: FunctorValue, second: FunctorValue) -> FunctorValue:
    """First a functor into c, then one from c to d."""
    return tuple(second[0][x] for x in first[0]), tuple(image(d, second, c.dom[f], c.word(f)) for f in first[1])


def check_natural(s: SetFunctor, t: SetFunctor, images: Any, step: str, natural: bool = True) -> Images:
    """Rule `natural`: elements go to elements over the same object, and all squares of generators commute."""
    s.ledger.rules["natural"] += 1
    s.ledger.spend(s.edge_count)
    in_range(images, s.size, t.size, s.ledger)
    holds = all(t.base[u] == x for u, x in zip(images, s.base, strict=True))
    demand(holds, step, "natural", "the image of an element lies over another object")
    holds = not natural or all(t.act(g, images[e]) == images[u] for g, e, u in s.edges())
    demand(holds, step, "natural", "a square does not commute")
    return tuple(images)


def commutes(c: Category, d: Category, f: FunctorValue, g: FunctorValue, at: Sequence[int], generator: int) -> bool:
    """Whether F(h) >> phi(Y) = phi(X) >> G(h) for a generator h: X -> Y and components phi."""
    x, y = c.graph.start[generator], c.graph.end[generator]
    return d.compose(f[1][generator], at[y]) == d.compose(at[x], g[1][generator])


def check_components(
    c: Category, d: Category, f: FunctorValue, g: FunctorValue, at: Any, step: str, natural: bool = True
) -> Images:
    """Rule `natural` for functors into a category: components have the right ends, and all squares commute."""
    c.ledger.rules["natural"] += 1
    in_range(at, c.p, d.n, c.ledger)
    holds = all(d.dom[a] == x and d.cod[a] == y for a, x, y in zip(at, f[0], g[0], strict=True))
    demand(holds, step, "natural", "a component has the wrong ends")
    holds = not natural or all(commutes(c, d, f, g, at, h) for h in range(len(c.graph.start)))
    demand(holds, step, "natural", "a square does not commute")
    return tuple(at)
