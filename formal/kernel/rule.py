"""The rules for evidence about atoms: each is given the atom's structures and the evidence's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from formal.kernel.atom import component_sizes, components_of, free_on, is_equivalence, is_isomorphism
from formal.kernel.category import Category
from formal.kernel.functor import SetFunctor, check_functor, check_natural
from formal.kernel.reading import array, demand, number, numbers

Near = Iterator[tuple[int, tuple[int, ...]]]
"""Things, each with one fact about its surroundings."""


def frozen(value: Any, step: str) -> Any:
    """A value of the certificate as a tuple, or a pair of tuples."""
    return tuple(tuple(item) if isinstance(item, list) else item for item in array(value, step))


def forest(t: SetFunctor, count: int, exact: bool, roots: Any, parent: Any, generator: Any) -> None:
    """Rule `forest`: covered by at most ``count`` elements; or, exactly, a coproduct of ``count`` representables.

    Following parents leads to a root from every element, so the maps f |-> T(f)(root) are jointly surjective. Where
    there are equally many arrows as elements over each object they are jointly bijective.
    """
    numbers(roots, 0, t.size, "forest")
    numbers(parent, 0, t.size, "forest", t.size)
    numbers(generator, -1, len(t.acts), "forest", t.size)
    given = [e for e, g in enumerate(generator) if g < 0]
    demand(sorted(roots) == given, "evidence", "forest", "the roots are not the elements without generator")
    demand(len(roots) == count if exact else len(roots) <= count, "evidence", "forest", "the wrong number of roots")
    children: list[list[int]] = [[] for _ in parent]
    for e, (q, g) in enumerate(zip(parent, generator, strict=True)):
        if g >= 0:
            holds = t.base[q] == t.source[g] and t.act(g, q) == e
            demand(holds, "evidence", "forest", "a generator does not lead from the parent")
            children[q].append(e)
    reached = list(roots)
    for e in reached:
        reached.extend(children[e])
    demand(len(reached) == t.size, "evidence", "forest", "the parents go round in a circle")
    sizes = [len(t.at(x)) for x in range(t.category.p)]
    demand(not exact or free_on(t, sizes, roots), "evidence", "forest", "elements and arrows differ in number")


def separated(t: SetFunctor, count: int, exact: bool, label: Any, sets: Any) -> None:
    """Rule `separated`: more disjoint non-empty sets than ``count``, into none of which anything outside it acts.

    Whatever leads to a member is a member: each set contains a root.
    """
    numbers(label, -1, number(sets, count + 1, t.size + 1, "separated"), "separated", t.size)
    demand(len(set(label) - {-1}) == sets, "evidence", "separated", "a set is empty")
    holds = all(label[u] < 0 or label[e] == label[u] for _, e, u in t.edges())
    demand(holds, "evidence", "separated", "something outside a set acts into it")


def few_components(t: SetFunctor, count: int, exact: bool) -> None:
    """Rule `few-components`: a coproduct of n representables has n components, for each representable has one."""
    holds = exact and len(set(components_of(t))) < count
    demand(holds, "evidence", "few-components", "there are enough components")


def bad_component(t: SetFunctor, count: int, exact: bool, member: Any, sources: Any, misfit: Any) -> None:
    """Rule `bad-component`: one component is not representable.

    Nothing outside the non-empty set of sources acts into it, so it contains the root of a component that would be
    representable by the object Q below the root. For each such Q some object has the wrong number of elements.
    """
    numbers(member, 0, 2, "bad-component", t.size)
    numbers(sources, 0, 2, "bad-component", t.size)
    demand(exact and 1 in sources, "evidence", "bad-component", "no possible roots, or not about a coproduct")
    component = components_of(t)
    first = component[sources.index(1)]
    holds = all((k == first) == m and m >= s for k, m, s in zip(component, member, sources, strict=True))
    demand(holds, "evidence", "bad-component", "the members are not the component of the sources")
    holds = all(sources[e] >= sources[u] for _, e, u in t.edges())
    demand(holds, "evidence", "bad-component", "something else acts into the sources")
    sizes = component_sizes(t, [e for e, m in enumerate(member) if m])
    pairs = [numbers(item, 0, t.category.p, "bad-component", 2) for item in array(misfit, "evidence")]
    wrong = {pair[0]: pair[1] for pair in pairs}
    holds = all(
        t.base[e] in wrong and sizes[wrong[t.base[e]]] != t.arrows_between(wrong[t.base[e]], t.base[e])
        for e, s in enumerate(sources)
        if s
    )
    demand(holds, "evidence", "bad-component", "a possible root's object has the right number of arrows")


def isomorphism(s: SetFunctor, t: SetFunctor, value: Any) -> None:
    """Rule `isomorphism`: a natural transformation that is bijective over each object."""
    value = frozen(value, "evidence")
    check_natural(s, t, value, "evidence")
    demand(len(set(value)) == s.size == t.size, "evidence", "isomorphism", "not bijective")


def category_isomorphism(c: Category, d: Category, value: Any) -> None:
    """Rule `isomorphism` for categories: a functor that is bijective on objects and arrows."""
    value = frozen(value, "evidence")
    check_functor(c, d, value, "evidence")
    demand(is_isomorphism(c, d, value), "evidence", "isomorphism", "not bijective")


def equivalence(c: Category, d: Category, value: Any) -> None:
    """Rule `equivalence`: a functor that is full, faithful and essentially surjective."""
    value = frozen(value, "evidence")
    check_functor(c, d, value, "evidence")
    demand(is_equivalence(c, d, value), "evidence", "equivalence", "not full, faithful and essentially surjective")


def invariant(s: SetFunctor, t: SetFunctor, rounds: Any) -> None:
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
        for f in range(b.n):
            for g in (g for y in range(b.p) for g in b.arrows(b.cod[f], y)):
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
    ("isomorphism", "isomorphic-categories"): (True, 1, lambda b, _, value: category_isomorphism(b.c, b.d, value)),
    ("equivalence", "equivalent"): (True, 1, lambda b, _, value: equivalence(b.c, b.d, value)),
    ("invariant", "isomorphic"): (False, 1, lambda b, _, rounds: invariant(b.s, b.t, rounds)),
    ("invariant", "isomorphic-categories"): (False, 1, lambda b, _, rounds: category_invariant(b.c, b.d, rounds)),
}
"""By evidence and atom: the truth value that the evidence is for, how many fields it has, and the rule."""
