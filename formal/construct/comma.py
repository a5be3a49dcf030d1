"""Comma categories and arrow categories.

Source: Mac Lane, Categories for the Working Mathematician, II.6.
"""

from __future__ import annotations

from collections.abc import Sequence

from formal.construct.functor import identity_functor
from formal.construct.label import pair
from formal.core.build import DEFAULT_LIMIT, LazyLabels, check_size, distinct, number_arrows
from formal.core.category import Category
from formal.core.functor import Functor


def comma_category(left: Functor, right: Functor, *, limit: int = DEFAULT_LIMIT) -> Category:
    """F ↓ G for F: A -> E and G: B -> E: objects ``(a, b, h)`` with h: F(a) -> G(b).

    The arrows (a, b, h) -> (a', b', h') are the pairs (u: a -> a', v: b -> b') with F(u) >> h' = h >> G(v).
    The generators are those with an identity and a generator: every (u, v) is (id, v) and then (u, id).

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    return comma_projections(left, right, limit=limit)[0].dom


def comma_projections(left: Functor, right: Functor, *, limit: int = DEFAULT_LIMIT) -> tuple[Functor, Functor]:
    """The functors (a, b, h) |-> a and (a, b, h) |-> b from ``comma_category(F, G)``, which is their ``dom``."""
    a, b, e = left.dom.objects, right.dom.objects, left.cod
    hs = _objects(left, right, limit)
    labels = [pair(a[x], b[y], e.arrow_labels[h]) for x, y, h in hs]
    return _comma(f"comma({left.name}, {right.name})", left, right, hs, labels, limit)


def arrow_category(category: Category, *, limit: int = DEFAULT_LIMIT) -> Category:
    """C^(0 -> 1): the arrows of C, and between them commutative squares. Raises ``TooLarge``."""
    return arrow_category_ends(category, limit=limit)[0].dom


def arrow_category_ends(category: Category, *, limit: int = DEFAULT_LIMIT) -> tuple[Functor, Functor]:
    """The functors f |-> dom f and f |-> cod f from ``arrow_category(C)``, which is their ``dom``."""
    identity = identity_functor(category)
    hs = _objects(identity, identity, limit)
    labels = [category.arrow_labels[h] for _, _, h in hs]
    return _comma(f"arrow_category({category.name})", identity, identity, hs, labels, limit)


def _objects(left: Functor, right: Functor, limit: int) -> list[tuple[int, int, int]]:
    result = []
    for a, x in enumerate(left.objects):
        for b, y in enumerate(right.objects):
            result += [(a, b, h) for h in left.cod.hom(x, y)]
        check_size(len(result), limit)
    return result


def _comma(
    name: str, left: Functor, right: Functor, objects: list[tuple[int, int, int]], labels: Sequence[str], limit: int
) -> tuple[Functor, Functor]:
    """The projections of a comma category whose objects (a, b, h) have these labels.

    The sets of all h form a functor, contravariant in a and covariant in b; the arrows are numbered by quadruples
    (object, v, u, object').
    """
    category_a, category_b, category_e = left.dom, right.dom, left.cod
    number = {triple: i for i, triple in enumerate(objects)}

    # after[i][v] is the object (a, b', h >> G(v)) for object i = (a, b, h) and an arrow v: b -> b'.
    from_b: list[list[int]] = [[] for _ in category_b.objects]
    for v in range(category_b.arrow_count):
        from_b[category_b.source(v)].append(v)
    check_size(sum(len(from_b[b]) for _, b, _ in objects), limit)
    after: list[dict[int, int]] = []
    for a, b, h in objects:
        row: dict[int, int] = {}
        for v in from_b[b]:
            last = int(category_b.last[v])
            if last < 0:
                row[v] = h
            else:
                row[v] = category_e.compose(row[int(category_b.parent[v])], right.generators[last])
        after.append({v: number[a, category_b.target(v), k] for v, k in row.items()})

    # before[i] lists (u, object') with F(u) >> h' = h: the arrows (u, id(b)) out of object i.
    into_a: list[list[int]] = [[] for _ in category_a.objects]
    for u in range(category_a.arrow_count):
        into_a[category_a.target(u)].append(u)
    check_size(sum(len(into_a[a]) for a, _, _ in objects), limit)
    before: list[list[tuple[int, int]]] = [[] for _ in objects]
    generators_before: list[list[tuple[int, int]]] = [[] for _ in objects]
    for j, (a, b, h) in enumerate(objects):
        for u in into_a[a]:
            i = number[category_a.source(u), b, category_e.compose(left.arrows[u], h)]
            before[i].append((u, j))
        for index, g in enumerate(category_a.generators):
            if g.cod == a:
                generators_before[number[g.dom, b, category_e.compose(left.generators[index], h)]].append((index, j))

    arrows: dict[tuple[int, int, int, int], int] = {}
    for i, row in enumerate(after):
        for v, k in row.items():
            for u, j in before[k]:
                arrows[i, v, u, j] = len(arrows)
        check_size(len(arrows), limit)

    def arrow_name(v: str, u: str, i: int, j: int) -> str:
        return f"{pair(u, v)}: {titles[i]} -> {titles[j]}"

    titles = distinct(labels)
    generators: list[tuple[str, int]] = []
    of_a: list[int] = []
    of_b: list[int] = []
    for i, (a, b, _) in enumerate(objects):
        for index in category_b.leaving[b]:
            v = category_b.generators[index].arrow
            j = after[i][v]
            u_name = f"id({category_a.objects[a]})"
            generators.append((arrow_name(category_b.generators[index].name, u_name, i, j), arrows[i, v, a, j]))
            of_a.append(a)
            of_b.append(v)
    for i, (_, b, _) in enumerate(objects):
        for index, j in generators_before[i]:
            u = category_a.generators[index].arrow
            v_name = f"id({category_b.objects[b]})"
            generators.append((arrow_name(v_name, category_a.generators[index].name, i, j), arrows[i, b, u, j]))
            of_a.append(u)
            of_b.append(b)

    steps: list[int] = []
    for i, v, u, j in arrows:
        for index in category_b.leaving[objects[j][1]]:
            w = category_b.generators[index].arrow
            steps.append(arrows[i, category_b.step(v, index), u, after[j][w]])
        steps += [arrows[i, v, category_a.step(u, index), k] for index, k in generators_before[j]]

    quadruples = list(arrows)

    def arrow_label(f: int) -> str:
        i, v, u, j = quadruples[f]
        if i == j and u < category_a.object_count and v < category_b.object_count:
            return f"id({titles[i]})"
        return arrow_name(category_b.arrow_labels[v], category_a.arrow_labels[u], i, j)

    result, _ = number_arrows(
        name,
        titles,
        dom=[i for i, _, _, _ in quadruples],
        cod=[j for _, _, _, j in quadruples],
        identity=[arrows[i, b, a, i] for i, (a, b, _) in enumerate(objects)],
        generators=tuple(zip(distinct(label for label, _ in generators), (f for _, f in generators), strict=True)),
        steps=steps,
        labels=LazyLabels(len(quadruples), arrow_label),
    )
    return (
        Functor("first", result, category_a, tuple(a for a, _, _ in objects), tuple(of_a)),
        Functor("second", result, category_b, tuple(b for _, b, _ in objects), tuple(of_b)),
    )
