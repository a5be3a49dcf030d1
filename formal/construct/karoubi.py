"""The Karoubi envelope, in which every idempotent splits.

Source: Borceux, Dejean 1986, Cauchy completion in category theory; Mac Lane, Categories, III.5, exercise (idempotents).
"""

from __future__ import annotations

from formal.core.build import DEFAULT_LIMIT, LazyLabels, check_size, distinct, number_arrows
from formal.core.category import Category
from formal.core.functor import Functor


def karoubi(category: Category, *, limit: int = DEFAULT_LIMIT) -> Category:
    """The idempotents of C, and between e and e' the arrows f with e >> f >> e' = f; the identity of e is e itself.

    The objects of C come first, as their identities. Generators: those of C that are no proper idempotents, and for
    each proper idempotent e: X -> X its splitting, ``retraction(e)``: X -> e and ``section(e)``: e -> X.

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    return karoubi_embedding(category, limit=limit).cod


def karoubi_embedding(category: Category, *, limit: int = DEFAULT_LIMIT) -> Functor:
    """The full and faithful functor C -> ``karoubi(C)``, which is its ``cod``."""
    p = category.object_count
    endomorphisms = (f for f in range(category.arrow_count) if category.source(f) == category.target(f))
    idempotents = [e for e in endomorphisms if category.compose(e, e) == e]
    check_size(len(idempotents), limit)
    number = {e: i for i, e in enumerate(idempotents)}
    over: list[list[int]] = [[] for _ in range(p)]
    for i, e in enumerate(idempotents):
        over[category.source(e)].append(i)

    # fixing_left[f] holds the idempotents e with e >> f = f, fixing_right[f] those with f >> e = f.
    fixing_left: list[list[int]] = [[] for _ in range(category.arrow_count)]
    fixing_right: list[list[int]] = [[] for _ in range(category.arrow_count)]
    into: list[list[int]] = [[] for _ in range(p)]
    for f in range(category.arrow_count):
        into[category.target(f)].append(f)
    for i, e in enumerate(idempotents):
        for f, ef in _multiples(category, e):
            if ef == f:
                fixing_left[f].append(i)
        for f in into[category.source(e)]:
            if category.compose(f, e) == f:
                fixing_right[f].append(i)
    check_size(sum(len(i) * len(j) for i, j in zip(fixing_left, fixing_right, strict=True)), limit)
    arrows: dict[tuple[int, int, int], int] = {}
    for f in range(category.arrow_count):
        for i in fixing_left[f]:
            for j in fixing_right[f]:
                arrows[i, f, j] = len(arrows)

    labels = distinct(category.objects[e] if e < p else category.arrow_labels[e] for e in idempotents)
    kept = [(index, g) for index, g in enumerate(category.generators) if g.arrow < p or g.arrow not in number]
    generators = [(g.name, arrows[g.dom, g.arrow, g.cod]) for _, g in kept]
    letters = [(g.dom, g.arrow, g.cod) for _, g in kept]
    for i, e in enumerate(idempotents[p:], start=p):
        x = category.source(e)
        generators += [(f"retraction({labels[i]})", arrows[x, e, i]), (f"section({labels[i]})", arrows[i, e, x])]
        letters += [(x, e, i), (i, e, x)]
    leaving: list[list[tuple[int, int]]] = [[] for _ in idempotents]
    for i, g, j in letters:
        leaving[i].append((g, j))
    triples = list(arrows)

    def arrow_label(k: int) -> str:
        i, f, j = triples[k]
        if i == j and f == idempotents[i]:
            return f"id({labels[i]})"
        implied = (i >= p and f == idempotents[i]) or (j >= p and f == idempotents[j])
        word = [] if implied else [category.arrow_labels[f]]
        return " >> ".join([f"section({labels[i]})"] * (i >= p) + word + [f"retraction({labels[j]})"] * (j >= p))

    result, numbering = number_arrows(
        f"karoubi({category.name})",
        labels,
        dom=[i for i, _, _ in arrows],
        cod=[j for _, _, j in arrows],
        identity=[arrows[i, e, i] for i, e in enumerate(idempotents)],
        generators=tuple(zip(distinct(name for name, _ in generators), (f for _, f in generators), strict=True)),
        steps=[arrows[i, category.compose(f, g), k] for i, f, j in arrows for g, k in leaving[j]],
        labels=LazyLabels(len(triples), arrow_label),
    )
    images = tuple(numbering[arrows[g.dom, g.arrow, g.cod]] for g in category.generators)
    return Functor("embedding", category, result, tuple(range(p)), images)


def _multiples(category: Category, e: int) -> list[tuple[int, int]]:
    """The pairs (f, e >> f) for the arrows f that can follow e, identities first."""
    start = category.target(e)
    multiple = {start: e}
    queue = [start]
    for f in queue:  # grows while it is read
        for g in category.leaving[category.target(f)]:
            h = category.step(f, g)
            if h not in multiple:
                multiple[h] = category.step(multiple[f], g)
                queue.append(h)
    return list(multiple.items())
