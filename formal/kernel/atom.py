"""Atoms: those decided outright, and the rules for evidence about the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from operator import ge
from typing import Any

from formal.kernel import search
from formal.kernel.category import Category
from formal.kernel.functor import FunctorValue, SetFunctor, check_functor, check_natural, frozen
from formal.kernel.reading import array, demand, number, numbers

Good = Callable[[Category, Category, FunctorValue], bool]
Near = Iterator[tuple[int, tuple[int, ...]]]
"""Things, each with one fact about its surroundings."""


def classes(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each of ``size`` things the least thing joined to it by these pairs."""
    leader = list(range(size))
    for pair in pairs:
        roots = []
        for x in pair:
            while leader[x] != x:
                leader[x] = x = leader[leader[x]]
            roots.append(x)
        leader[max(roots)] = min(roots)
    for x in range(size):
        leader[x] = leader[leader[x]]
    return leader


def components(t: SetFunctor) -> list[int]:
    """For each element the least element of its component."""
    t.ledger.spend(t.size + t.edge_count)
    return classes(t.size, ((e, u) for _, e, u in t.edges()))


def connected(c: Category) -> bool:
    """Whether there is exactly one component of objects."""
    c.ledger.spend(c.p + len(c.graph.start))
    return len(set(classes(c.p, zip(c.graph.start, c.graph.end, strict=True)))) == 1


def balanced(t: SetFunctor, members: int, roots: list[int]) -> bool:
    """Whether a map onto so many members from the arrows between all objects and the roots' objects is injective.

    No object has more members than arrows: it is enough to compare the sums.
    """
    arrows = t.category.arriving if t.contravariant else t.category.departing
    t.ledger.spend(len(roots))
    return sum(arrows[t.base[u]] for u in roots) == members


def universal(t: SetFunctor, u: int, members: Collection[int] | None = None) -> bool:
    """Rule `universal`: u leads to every element (of a component), and these are as many as the arrows."""
    everything = range(t.size) if members is None else members
    return balanced(t, len(everything), [u]) and len(search.grow(t, [u])) == len(everything)


def coproduct(t: SetFunctor, count: int) -> bool:
    """Whether there are ``count`` components, each with an element that generates it freely."""
    members: dict[int, list[int]] = {}
    for e, k in enumerate(components(t)):
        members.setdefault(k, []).append(e)
    return len(members) == count and all(any(universal(t, u, m) for u in m) for m in members.values())


def isomorphic(s: SetFunctor, t: SetFunctor) -> bool:
    """Whether some transformation is bijective."""
    return any(len(set(phi)) == s.size == t.size for phi in search.transformations(s, t))


def arrow_images(c: Category, d: Category, value: FunctorValue) -> list[int]:
    """The images of all arrows under a functor."""
    result = list(value[0])
    for f in range(c.p, c.n):
        result.append(d.compose(result[c.parent[f]], value[1][c.last[f]]))
    return result


def is_isomorphism(c: Category, d: Category, value: FunctorValue) -> bool:
    """Whether a functor is bijective on objects and on arrows."""
    c.ledger.spend(c.n)
    return c.p == d.p == len(set(value[0])) and c.n == d.n == len(set(arrow_images(c, d, value)))


def is_equivalence(c: Category, d: Category, value: FunctorValue) -> bool:
    """Whether a functor is faithful, full and essentially surjective."""
    objects, image = value[0], set(value[0])
    c.ledger.spend(c.n + c.p * (c.p + d.p))
    faithful = len(set(zip(c.dom, c.cod, arrow_images(c, d, value), strict=True))) == c.n
    pairs = ((x, y) for x in range(c.p) for y in range(c.p))
    full = faithful and all(c.count[x, y] == d.count[objects[x], objects[y]] for x, y in pairs)
    return full and all(y in image or any(d.isomorphic(x, y) for x in image) for y in range(d.p))


def some(c: Category, d: Category, good: Good) -> bool:
    """Whether some functor is good."""
    return any(good(c, d, value) for value in search.functors(c, d))


def forest(t: SetFunctor, count: int, exact: bool, roots: Any, parent: Any, generator: Any) -> None:
    """Rule `forest`: covered by at most ``count`` elements; or, exactly, a coproduct of ``count`` representables.

    Following parents leads to a root from every element, so the maps f |-> T(f)(root) are jointly surjective. Where
    there are equally many arrows as elements over each object they are jointly bijective.
    """
    numbers(parent, 0, t.size, "forest", t.size)
    given = [e for e, g in enumerate(numbers(generator, -1, len(t.acts), "forest", t.size)) if g < 0]
    t.ledger.spend(2 * t.size)
    demand(sorted(numbers(roots, 0, t.size, "forest")) == given, "evidence", "forest", "other roots than stated")
    demand(len(given) == count if exact else len(given) <= count, "evidence", "forest", "the wrong number of roots")
    children: list[list[int]] = [[] for _ in parent]
    for e, (q, g) in enumerate(zip(parent, generator, strict=True)):
        if g >= 0:
            demand(t.base[q] == t.source[g] and t.act(g, q) == e, "evidence", "forest", "no generator from the parent")
            children[q].append(e)
    for e in given:
        given.extend(children[e])
    demand(len(given) == t.size, "evidence", "forest", "the parents go round in a circle")
    demand(not exact or balanced(t, t.size, roots), "evidence", "forest", "elements and arrows differ in number")


def separated(t: SetFunctor, count: int, _: bool, label: Any, sets: Any) -> None:
    """Rule `separated`: more disjoint non-empty sets than ``count``, into none of which anything outside it acts.

    Whatever leads to a member is a member: each set contains a root.
    """
    numbers(label, -1, number(sets, count + 1, t.size + 1, "separated"), "separated", t.size)
    t.ledger.spend(t.size + t.edge_count)
    demand(len(set(label) - {-1}) == sets, "evidence", "separated", "a set is empty")
    demand(all(label[u] < 0 or label[e] == label[u] for _, e, u in t.edges()), "evidence", "separated", "a set is open")


def few_components(t: SetFunctor, count: int, exact: bool) -> None:
    """Rule `few-components`: a coproduct of n representables has n components, for each representable has one."""
    demand(exact and len(set(components(t))) < count, "evidence", "few-components", "there are enough components")


def bad_component(t: SetFunctor, _: int, exact: bool, member: Any, sources: Any, misfit: Any) -> None:
    """Rule `bad-component`: one component is not representable.

    Nothing outside the non-empty set of sources acts into it, so it contains the root of a component that would be
    representable by the object Q below the root. For each such Q some object has the wrong number of elements.
    """
    numbers(member, 0, 2, "bad-component", t.size)
    numbers(sources, 0, 2, "bad-component", t.size)
    demand(exact and 1 in sources, "evidence", "bad-component", "no possible roots, or not about a coproduct")
    joined = components(t)
    holds = [int(k == joined[sources.index(1)]) for k in joined] == member and all(map(ge, member, sources))
    demand(holds, "evidence", "bad-component", "the members are not the component of the sources")
    demand(all(sources[e] >= sources[u] for _, e, u in t.edges()), "evidence", "bad-component", "the sources are open")
    sizes = Counter(t.base[e] for e, m in enumerate(member) if m)
    wrong = set()
    for item in array(misfit, "evidence"):
        q, x = numbers(item, 0, t.category.p, "bad-component", 2)
        demand(sizes[x] != t.arrows_between(x, q), "evidence", "bad-component", "as many elements as arrows")
        wrong.add(q)
    holds = all(t.base[e] in wrong for e, s in enumerate(sources) if s)
    demand(holds, "evidence", "bad-component", "nothing is said of some possible root's object")


def isomorphism(s: SetFunctor, t: SetFunctor, value: Any) -> None:
    """Rule `isomorphism`: a natural transformation that is bijective over each object."""
    images = check_natural(s, t, frozen(value, "evidence"), "evidence")
    demand(len(set(images)) == s.size == t.size, "evidence", "isomorphism", "not bijective")


def good_functor(c: Category, d: Category, good: Good, value: Any) -> None:
    """Rules `isomorphism` and `equivalence` for categories: a functor, and it is one."""
    functor = check_functor(c, d, frozen(value, "evidence"), "evidence")
    demand(good(c, d, functor), "evidence", "functor", "not an isomorphism, or not an equivalence")


def set_invariant(s: SetFunctor, t: SetFunctor, rounds: Any) -> None:
    """Rule `invariant`: colours that every isomorphism preserves are not equally frequent.

    An element's first colour is its object; the next is made of its colour, and for each generator of the colours of
    what it goes to and of what goes to it.
    """

    def near(u: SetFunctor, colour: list[int]) -> Near:
        u.ledger.spend(2 * u.edge_count + u.size + 1)
        for g, e, f in u.edges():
            yield e, (g, 0, colour[f])
            yield f, (g, 1, colour[e])

    refine([s.base, t.base], [partial(near, s), partial(near, t)], rounds)


def category_invariant(c: Category, d: Category, rounds: Any) -> None:
    """Rule `invariant` for categories: an arrow's first colour says whether it is an identity.

    The next is made of its colour and, for each composite f >> g, the colours of the other factor and of the composite.
    """

    def near(b: Category, colour: list[int]) -> Near:
        b.ledger.spend(b.n + 1)
        for f in range(b.n):
            for g in b.arrows(b.cod[f], None):
                h = b.compose(f, g)
                yield f, (0, colour[g], colour[h])
                yield g, (1, colour[f], colour[h])

    refine([[int(f >= b.p) for f in range(b.n)] for b in (c, d)], [partial(near, c), partial(near, d)], rounds)


def refine(colours: list[list[int]], near: list[Callable[[list[int]], Near]], rounds: Any) -> None:
    """Refine two colourings together; reject when in the end all colours are equally frequent."""
    for _ in range(number(rounds, 0, 1 << 31, "invariant")):
        names: dict[Any, int] = {}
        for i, colour in enumerate(colours):
            around: list[list[tuple[int, ...]]] = [[] for _ in colour]
            for e, key in near[i](colour):
                around[e].append(key)
            colours[i] = [names.setdefault((c, *sorted(k)), len(names)) for c, k in zip(colour, around, strict=True)]
    demand(Counter(colours[0]) != Counter(colours[1]), "evidence", "invariant", "the colours are equally frequent")


RULES: dict[tuple[Any, Any], tuple[bool, int, Callable[..., None]]] = {
    (rule, tag): (value, arity, lambda b, node, *fields, f=function: f(b.s, node[2], node[0] == "coproduct", *fields))
    for rule, value, arity, function in (
        ("forest", True, 3, forest),
        ("separated", False, 2, separated),
        ("few-components", False, 0, few_components),
        ("bad-component", False, 3, bad_component),
    )
    for tag in ("covered", "coproduct")
} | {
    ("isomorphism", "isomorphic"): (True, 1, lambda b, _, value: isomorphism(b.s, b.t, value)),
    ("isomorphism", "isomorphic-categories"): (True, 1, lambda b, _, v: good_functor(b.c, b.d, is_isomorphism, v)),
    ("equivalence", "equivalent"): (True, 1, lambda b, _, value: good_functor(b.c, b.d, is_equivalence, value)),
    ("invariant", "isomorphic"): (False, 1, lambda b, _, rounds: set_invariant(b.s, b.t, rounds)),
    ("invariant", "isomorphic-categories"): (False, 1, lambda b, _, rounds: category_invariant(b.c, b.d, rounds)),
}
"""By evidence and atom: the truth value that the evidence is for, how many fields it has, and the rule."""
