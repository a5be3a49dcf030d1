"""Set-valued functors from others: constants, sums, products, restriction, and the smallest generating sets.

Source: Mac Lane, Moerdijk, Sheaves in Geometry and Logic, I.1; Kashiwara, Schapira, Categories and Sheaves, 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence

from formal.construct.label import atom, disjoint, pair
from formal.core.build import distinct
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor


def constant(labels: Sequence[str], category: Category, *, contravariant: bool) -> SetFunctor:
    """The functor with one and the same set everywhere, labels all different, on which every arrow acts trivially."""
    fibre = tuple(labels)
    identity = tuple(range(len(fibre)))
    return SetFunctor(
        f"constant({{{', '.join(fibre)}}}, {category.name})",
        category,
        contravariant,
        (fibre,) * category.object_count,
        (identity,) * len(category.generators),
    )


def empty(category: Category, *, contravariant: bool) -> SetFunctor:
    """The functor without elements."""
    return SetFunctor(
        f"empty({category.name})",
        category,
        contravariant,
        ((),) * category.object_count,
        ((),) * len(category.generators),
    )


def _require_alike(left: SetFunctor, right: SetFunctor) -> None:
    if left.category is not right.category or left.contravariant != right.contravariant:
        raise ValueError(f"{left.name} and {right.name} are not on one category and of one variance")


def sum_of(left: SetFunctor, right: SetFunctor) -> SetFunctor:
    """S + T: at each object the elements of S, then those of T.

    Where they share a label anywhere, all labels become ``inl(…)`` and ``inr(…)``.
    """
    _require_alike(left, right)
    if not all(disjoint(s, t) for s, t in zip(left.elements, right.elements, strict=True)):
        left_elements = tuple(tuple(f"inl({label})" for label in labels) for labels in left.elements)
        right_elements = tuple(tuple(f"inr({label})" for label in labels) for labels in right.elements)
    else:
        left_elements, right_elements = left.elements, right.elements
    action = []
    for g, (first, second) in enumerate(zip(left.action, right.action, strict=True)):
        shift = len(left.elements[left.ends(g)[1]])
        action.append(first + tuple(shift + t for t in second))
    return SetFunctor(
        f"{atom(left.name)} + {atom(right.name)}",
        left.category,
        left.contravariant,
        tuple(s + t for s, t in zip(left_elements, right_elements, strict=True)),
        tuple(action),
    )


def product_of(left: SetFunctor, right: SetFunctor) -> SetFunctor:
    """S * T: at each object the pairs ``(s, t)``, in lexicographic order."""
    _require_alike(left, right)
    action = []
    for g, (first, second) in enumerate(zip(left.action, right.action, strict=True)):
        width = len(right.elements[right.ends(g)[1]])
        action.append(tuple(s * width + t for s in first for t in second))
    return SetFunctor(
        f"{atom(left.name)} * {atom(right.name)}",
        left.category,
        left.contravariant,
        tuple(
            distinct(pair(s, t) for s in ss for t in ts) for ss, ts in zip(left.elements, right.elements, strict=True)
        ),
        tuple(action),
    )


def restrict(along: Functor, functor: SetFunctor) -> SetFunctor:
    """T restricted along F: C -> D, X |-> T(F(X)), for T on D; of the same variance as T."""
    if along.cod is not functor.category:
        raise ValueError(f"{functor.name} is not on the codomain of {along.name}")
    action = []
    for index, g in enumerate(along.dom.generators):
        word = along.cod.word(along.generators[index])
        source, target = (g.cod, g.dom) if functor.contravariant else (g.dom, g.cod)
        shift = functor.start[along.objects[target]]
        action.append(tuple(functor.act_word(word, t) - shift for t in functor.at(along.objects[source])))
    return SetFunctor(
        f"restrict({along.name}, {functor.name})",
        along.dom,
        functor.contravariant,
        tuple(functor.elements[y] for y in along.objects),
        tuple(action),
    )


def turn(functor: SetFunctor, opposite_category: Category) -> SetFunctor:
    """A presheaf on C as a copresheaf on ``opposite(C)``, or the other way round: the same sets and maps."""
    return SetFunctor(functor.name, opposite_category, not functor.contravariant, functor.elements, functor.action)


def generating_elements(functor: SetFunctor) -> tuple[int, ...]:
    """The fewest elements from which every element comes as T(f)(u); increasing.

    One of each strongly connected component of the graph t -> T(g)(t) into which nothing acts from outside. Linear.

    Source: Kosaraju, Sharir (the vertex that a depth-first search leaves last lies in such a component).
    """
    size = functor.size
    successors: list[list[int]] = [[] for _ in range(size)]
    for index in range(len(functor.category.generators)):
        for t in functor.at(functor.ends(index)[0]):
            successors[t].append(functor.act(index, t))
    finished: list[int] = []
    seen = [False] * size
    for first in range(size):
        if seen[first]:
            continue
        seen[first] = True
        stack = [(first, iter(successors[first]))]
        while stack:
            t, rest = stack[-1]
            for u in rest:
                if not seen[u]:
                    seen[u] = True
                    stack.append((u, iter(successors[u])))
                    break
            else:
                finished.append(t)
                stack.pop()
    reached = [False] * size
    roots = []
    for root in reversed(finished):
        if reached[root]:
            continue
        roots.append(root)
        reached[root] = True
        queue = [root]
        while queue:
            for u in successors[queue.pop()]:
                if not reached[u]:
                    reached[u] = True
                    queue.append(u)
    return tuple(sorted(roots))
