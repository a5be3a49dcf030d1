"""Full subcategories.

Source: Mac Lane, Categories for the Working Mathematician, I.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formal.core.build import DEFAULT_LIMIT, build_category, check_size, distinct, generating_arrows
from formal.core.category import Category
from formal.core.functor import Functor


@dataclass(frozen=True, slots=True, eq=False)
class Subcategory:
    """A full subcategory with its inclusion, a full and faithful functor."""

    category: Category
    inclusion: Functor


def subcategory(category: Category, objects: Sequence[int], *, limit: int = DEFAULT_LIMIT) -> Subcategory:
    """The full subcategory on some objects, all different, in this order.

    Its generators are an irredundant choice among the arrows, shorter words of C preferred; generators of C among
    them keep their names.

    Raises:
        TooLarge: more than ``limit`` arrows.
    """
    place = {x: i for i, x in enumerate(objects)}
    arrows = [f for f in range(category.arrow_count) if category.source(f) in place and category.target(f) in place]
    check_size(len(arrows), limit)
    number = {f: i for i, f in enumerate(arrows)}
    ends = [(place[category.source(f)], place[category.target(f)]) for f in arrows]

    def compose(f: int, g: int) -> int:
        return number[category.compose(arrows[f], arrows[g])]

    identity = [number[x] for x in objects]
    chosen = generating_arrows([x for x, _ in ends], [y for _, y in ends], identity, compose)
    own_names = {g.arrow: g.name for g in reversed(category.generators)}
    labels = [category.arrow_labels[f] for f in arrows]
    names = distinct(own_names.get(arrows[f], labels[f]) for f in chosen)
    result, numbering = build_category(
        f"subcategory({', '.join([category.name, *(category.objects[x] for x in objects)])})",
        [category.objects[x] for x in objects],
        ends,
        compose,
        identity,
        tuple(zip(names, chosen, strict=True)),
        labels,
        limit=limit,
    )
    given = {k: f for f, k in zip(arrows, numbering, strict=True)}
    inclusion = Functor("inclusion", result, category, tuple(objects), tuple(given[g.arrow] for g in result.generators))
    return Subcategory(result, inclusion)
