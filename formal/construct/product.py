"""Products and coproducts of categories.

Source: Mac Lane, Categories for the Working Mathematician, II.3, III.3.
"""

from __future__ import annotations

from formal.construct.label import atom, disjoint, pair, the_arrow
from formal.core.build import DEFAULT_LIMIT, LazyLabels, check_size, distinct, number_arrows
from formal.core.category import Category
from formal.core.functor import Functor


def product(left: Category, right: Category, *, limit: int = DEFAULT_LIMIT) -> Category:
    """C * D: pairs of objects and pairs of arrows.

    With p, q objects and g, h generators: object (x, y) is number x * q + y; generator (a, id(y)) is number a * q + y,
    and (id(x), b) is number g * q + x * h + b. Arrow (f, g) is given by ``product_arrow``.

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    n, m = left.arrow_count, right.arrow_count
    check_size(n * m, limit)
    q = right.object_count
    after_left, after_right = _rows(left), _rows(right)
    left_ends, right_ends = left.dom.tolist(), right.dom.tolist()
    left_cods, right_cods = left.cod.tolist(), right.cod.tolist()
    generators = [
        (pair(a.name, f"id({y})"), a.arrow * m + j) for a in left.generators for j, y in enumerate(right.objects)
    ]
    generators += [
        (pair(f"id({x})", b.name), i * m + b.arrow) for i, x in enumerate(left.objects) for b in right.generators
    ]
    steps: list[int] = []
    for f, row in enumerate(after_left):
        first = f * m
        starts = [h * m for h in row]
        for g, others in enumerate(after_right):
            steps += [start + g for start in starts]
            steps += [first + h for h in others]
    category, _ = number_arrows(
        f"{atom(left.name)} * {atom(right.name)}",
        distinct(pair(x, y) for x in left.objects for y in right.objects),
        dom=[x * q + y for x in left_ends for y in right_ends],
        cod=[x * q + y for x in left_cods for y in right_cods],
        identity=[x * m + y for x in range(left.object_count) for y in range(q)],
        generators=tuple(zip(distinct(name for name, _ in generators), (f for _, f in generators), strict=True)),
        steps=steps,
        labels=LazyLabels(n * m, lambda f: pair(left.arrow_labels[f // m], right.arrow_labels[f % m])),
    )
    return category


def _rows(category: Category) -> list[list[int]]:
    """For each arrow f the arrows ``f >> g`` for the generators g that can follow."""
    steps, offset = category.steps.tolist(), category.offset.tolist()
    return [steps[offset[f] : offset[f + 1]] for f in range(category.arrow_count)]


def product_arrow(product_category: Category, left: Category, right: Category, f: int, g: int) -> int:
    """The number of (f, g) in ``product(left, right)``."""
    p, q, h = len(left.generators), right.object_count, len(right.generators)
    x, y, z = left.target(f), right.source(g), left.source(f)
    word = [a * q + y for a in left.word(f)] + [p * q + x * h + b for b in right.word(g)]
    return product_category.trace(z * q + y, word)


def projections(product_category: Category, left: Category, right: Category) -> tuple[Functor, Functor]:
    """The functors C * D -> C and C * D -> D, for ``product_category = product(left, right)``."""
    p, q = left.object_count, right.object_count
    first = Functor(
        "first",
        product_category,
        left,
        tuple(x for x in range(p) for _ in range(q)),
        (
            *(a.arrow for a in left.generators for _ in range(q)),
            *(x for x in range(p) for _ in right.generators),
        ),
    )
    second = Functor(
        "second",
        product_category,
        right,
        tuple(range(q)) * p,
        (
            *(y for _ in left.generators for y in range(q)),
            *(b.arrow for _ in range(p) for b in right.generators),
        ),
    )
    return first, second


def coproduct(left: Category, right: Category, *, limit: int = DEFAULT_LIMIT) -> Category:
    """C + D: both categories next to each other, objects and generators of C first.

    Where an object or a generator of one is called like one of the other, all names become ``inl(…)`` and ``inr(…)``.

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    n, p = left.arrow_count, left.object_count
    check_size(n + right.arrow_count, limit)
    apart = disjoint(left.objects, right.objects) and disjoint(
        (g.name for g in left.generators), (g.name for g in right.generators)
    )

    def name(side: str, label: str) -> str:
        return label if apart else f"{side}({label})"

    def renamed(side: str, label: str, x: str, y: str) -> str:
        """The name of an arrow x -> y."""
        return the_arrow(name(side, x), name(side, y)) if label == the_arrow(x, y) else name(side, label)

    def generators(category: Category, side: str, first: int) -> list[tuple[str, int]]:
        ends = category.objects
        return [(renamed(side, g.name, ends[g.dom], ends[g.cod]), first + g.arrow) for g in category.generators]

    def arrow_label(f: int) -> str:
        category, side, f = (left, "inl", f) if f < n else (right, "inr", f - n)
        x, y = category.objects[category.source(f)], category.objects[category.target(f)]
        if f < category.object_count:
            return f"id({name(side, x)})"
        return renamed(side, category.arrow_labels[f], x, y)

    category, _ = number_arrows(
        f"{atom(left.name)} + {atom(right.name)}",
        [name("inl", x) for x in left.objects] + [name("inr", y) for y in right.objects],
        dom=left.dom.tolist() + (right.dom + p).tolist(),
        cod=left.cod.tolist() + (right.cod + p).tolist(),
        identity=[*range(p), *range(n, n + right.object_count)],
        generators=generators(left, "inl", 0) + generators(right, "inr", n),
        steps=left.steps.tolist() + (right.steps + n).tolist(),
        labels=None if left.labels is None and right.labels is None else LazyLabels(n + right.arrow_count, arrow_label),
    )
    return category


def injections(coproduct_category: Category, left: Category, right: Category) -> tuple[Functor, Functor]:
    """The functors C -> C + D and D -> C + D, for ``coproduct_category = coproduct(left, right)``."""
    arrows = tuple(g.arrow for g in coproduct_category.generators)
    p, g = left.object_count, len(left.generators)
    return (
        Functor("inl", left, coproduct_category, tuple(range(p)), arrows[:g]),
        Functor("inr", right, coproduct_category, tuple(range(p, p + right.object_count)), arrows[g:]),
    )
