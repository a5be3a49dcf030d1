"""Atoms: decided outright where that is cheap, and the rules for evidence about them where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from formal.kernel import search
from formal.kernel.category import Category
from formal.kernel.functor import FunctorValue, SetFunctor

EVIDENCE = "evidence"


def classes(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each of ``size`` things the least thing joined to it by these pairs."""
    leader = list(range(size))
    for pair in pairs:
        x, y = pair
        while leader[x] != x:
            leader[x] = x = leader[leader[x]]
        while leader[y] != y:
            leader[y] = y = leader[leader[y]]
        leader[max(x, y)] = min(x, y)
    for x in range(size):
        leader[x] = leader[leader[x]]
    return leader


def components_of(t: SetFunctor) -> list[int]:
    """For each element the least element of its component."""
    t.ledger.spend(t.size + t.edge_count)
    return classes(t.size, ((e, u) for _, e, u in t.edges()))


def connected(c: Category) -> bool:
    """Whether there is exactly one component of objects."""
    return len(set(classes(c.p, zip(c.graph.start, c.graph.end, strict=True)))) == 1


def free_on(t: SetFunctor, sizes: list[int], roots: list[int]) -> bool:
    """Whether over each object there are as many elements as arrows between it and the roots' objects."""
    count = Counter(t.base[u] for u in roots)
    t.ledger.spend(len(sizes) * len(count))
    return all(size == sum(m * t.arrows_between(x, p) for p, m in count.items()) for x, size in enumerate(sizes))


def universal(t: SetFunctor, u: int) -> bool:
    """Rule `universal`: u leads to every element, and these are as many as the arrows."""
    return len(search.grow(t, [u])) == t.size and free_on(t, [len(t.at(x)) for x in range(t.category.p)], [u])


def covered(t: SetFunctor, count: int) -> bool:
    """Whether the fewest roots are at most ``count``."""
    return sum(parent < 0 for _, parent, _ in search.cover(t)) <= count


def coproduct(t: SetFunctor, count: int) -> bool:
    """Whether there are ``count`` components, each generated freely by an element."""
    members: dict[int, list[int]] = {}
    for e, k in enumerate(components_of(t)):
        members.setdefault(k, []).append(e)
    return len(members) == count and all(free_component(t, m) for m in members.values())


def free_component(t: SetFunctor, members: list[int]) -> bool:
    """Whether some member leads to all members, which are as many as the arrows."""
    sizes = component_sizes(t, members)
    return any(free_on(t, sizes, [u]) and len(search.grow(t, [u])) == len(members) for u in members)


def component_sizes(t: SetFunctor, members: list[int]) -> list[int]:
    """How many of these elements lie over each object."""
    count = Counter(t.base[e] for e in members)
    return [count[x] for x in range(t.category.p)]


def isomorphic(s: SetFunctor, t: SetFunctor) -> bool:
    """Whether some transformation is bijective."""
    return s.size == t.size and any(len(set(phi)) == t.size for phi in search.transformations(s, t))


def arrow_images(c: Category, d: Category, value: FunctorValue) -> list[int]:
    """The images of all arrows under a functor."""
    result = list(value[0])
    for f in range(c.p, c.n):
        result.append(d.compose(result[c.parent[f]], value[1][c.last[f]]))
    return result


def is_isomorphism(c: Category, d: Category, value: FunctorValue) -> bool:
    """Whether a functor is bijective on objects and on arrows."""
    return c.p == d.p == len(set(value[0])) and c.n == d.n == len(set(arrow_images(c, d, value)))


def is_equivalence(c: Category, d: Category, value: FunctorValue) -> bool:
    """Whether a functor is faithful, full and essentially surjective."""
    objects = value[0]
    c.ledger.spend(c.n + c.p * c.p)
    faithful = len(set(zip(c.dom, c.cod, arrow_images(c, d, value), strict=True))) == c.n
    sizes = ((c.count[x, y], d.count[objects[x], objects[y]]) for x in range(c.p) for y in range(c.p))
    full = faithful and all(one == two for one, two in sizes)
    return full and all(any(d.isomorphic(x, y) for x in {y} & set(objects) or set(objects)) for y in range(d.p))


def some_functor(c: Category, d: Category, good: Callable[[Category, Category, FunctorValue], bool]) -> bool:
    """Whether some functor is good."""
    return any(good(c, d, value) for value in search.functors(c, d))
