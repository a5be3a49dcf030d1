"""Full subcategories of the presheaves on a finite category, and the Yoneda embedding into them.

Source: Kashiwara, Schapira, Categories and Sheaves, 1.4; Mac Lane, Categories for the Working Mathematician, III.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from formal.construct.hom import element_map, hom_arrows, representables
from formal.construct.presheaf import generating_elements
from formal.core.budget import BudgetExceeded
from formal.core.build import DEFAULT_LIMIT, TooLarge, build_category, check_size, distinct, generating_arrows
from formal.core.category import Category, Generator
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.core.set_search import transformations


@dataclass(frozen=True, eq=False)
class PresheafCategory:
    """The full subcategory of C^∧ on the representables and some presheaves.

    Args:
        base: C, with p objects.
        category: its first p objects are y(X) for the objects X of C, then come the presheaves.
        presheaves: for each object of ``category`` the presheaf that it is.
        images: for each arrow of ``category`` the natural transformation that it is, by the images of the elements.
    """

    base: Category
    category: Category
    presheaves: tuple[SetFunctor, ...]
    images: tuple[tuple[int, ...], ...]

    def transformation(self, arrow: int) -> Transformation:
        """The natural transformation that an arrow is."""
        dom, cod = self.category.source(arrow), self.category.target(arrow)
        return Transformation(
            self.category.arrow_labels[arrow], self.presheaves[dom], self.presheaves[cod], self.images[arrow]
        )

    @cached_property
    def numbers(self) -> dict[tuple[int, int, tuple[int, ...]], int]:
        """The arrow that a natural transformation is, by (dom, cod, images)."""
        category = self.category
        return {(category.source(f), category.target(f), images): f for f, images in enumerate(self.images)}

    def arrow(self, dom: int, cod: int, images: tuple[int, ...]) -> int | None:
        """The arrow between two objects that is this transformation; None when it is not natural."""
        return self.numbers.get((dom, cod, images))


def presheaf_category(
    category: Category, presheaves: Sequence[SetFunctor] = (), *, limit: int = DEFAULT_LIMIT
) -> PresheafCategory:
    """The full subcategory of C^∧ on y(X) for all X, called ``y(X)``, and the presheaves, called by their names.

    Its arrows are the natural transformations: out of y(X) into S one for each element of S(X) (Yoneda), found by
    search otherwise. ``y(f)`` is that of an arrow f, ``t: y(X) -> S`` that of an element, ``phi1: S -> T`` … the rest.

    Args:
        category: C.
        presheaves: on C.
        limit: the most arrows, the most images of all arrows together, and the most steps of one search.
    Raises:
        TooLarge: more than ``limit``.
    """
    for presheaf in presheaves:
        if presheaf.category is not category or not presheaf.contravariant:
            raise ValueError(f"{presheaf.name} is not a presheaf on {category.name}")
    p = category.object_count
    objects = (*representables(category), *presheaves)
    names = distinct(s.name for s in objects)

    ends: list[tuple[int, int]] = []
    images: list[tuple[int, ...]] = []
    labels: list[str] = []
    spent = 0

    def add(dom: int, cod: int, values: tuple[int, ...], label: str) -> None:
        nonlocal spent
        spent += max(1, len(values))
        check_size(spent, limit)
        ends.append((dom, cod))
        images.append(values)
        labels.append(label)

    for x in range(p):
        for cod, target in enumerate(objects):
            for t in target.at(x):
                if cod < p:
                    arrow = hom_arrows(target)[t]
                    label = f"y({category.arrow_labels[arrow]})" if arrow >= p else f"id({names[x]})"
                else:
                    label = f"{target.labels[t]}: {names[x]} -> {names[cod]}"
                add(x, cod, element_map(objects[x], target, x, t), label)
    for dom in range(p, len(objects)):
        for cod, target in enumerate(objects):
            found = 0
            try:
                for values in transformations(objects[dom], target, limit=limit):
                    found += 1
                    unmoved = dom == cod and values == tuple(range(target.size))
                    label = f"id({names[dom]})" if unmoved else f"phi{found}: {names[dom]} -> {names[cod]}"
                    add(dom, cod, values, label)
            except BudgetExceeded as exceeded:
                raise TooLarge(limit) from exceeded

    number = {(dom, cod, values): f for f, ((dom, cod), values) in enumerate(zip(ends, images, strict=True))}

    def compose(f: int, g: int) -> int:
        then = images[g]
        return number[ends[f][0], ends[g][1], tuple(then[t] for t in images[f])]

    identity = [number[x, x, tuple(range(s.size))] for x, s in enumerate(objects)]
    of_arrow = [number[g.dom, g.cod, _yoneda(objects, g)] for g in category.generators]
    generating = [
        number[x, cod, element_map(objects[x], s, x, t)]
        for cod, s in enumerate(presheaves, start=p)
        for t in generating_elements(s)
        for x in [s.base[t]]
    ]
    rest = [f for f, (dom, _) in enumerate(ends) if dom >= p]
    chosen = generating_arrows(
        [dom for dom, _ in ends],
        [cod for _, cod in ends],
        identity,
        compose,
        candidates=[*of_arrow, *generating, *rest],
    )
    generators = tuple(zip(distinct(labels[f] for f in chosen), chosen, strict=True))
    arguments = ", ".join([category.name, *names[p:]])
    result, numbering = build_category(
        f"presheaves({arguments})", names, ends, compose, identity, generators, distinct(labels), limit=limit
    )
    ordered: list[tuple[int, ...]] = [()] * len(numbering)
    for f, k in enumerate(numbering):
        ordered[k] = images[f]
    return PresheafCategory(category, result, objects, tuple(ordered))


def yoneda_functor(presheaves: PresheafCategory) -> Functor:
    """The Yoneda embedding C -> presheaves(C, …), X |-> y(X); full and faithful."""
    base, objects = presheaves.base, presheaves.presheaves
    arrows = tuple(presheaves.numbers[g.dom, g.cod, _yoneda(objects, g)] for g in base.generators)
    return Functor(f"yoneda({base.name})", base, presheaves.category, tuple(range(base.object_count)), arrows)


def _yoneda(objects: Sequence[SetFunctor], g: Generator) -> tuple[int, ...]:
    """y(g): y(X) => y(Y) for g: X -> Y."""
    cod = objects[g.cod]
    return element_map(objects[g.dom], cod, g.dom, cod.of_arrow[g.arrow])
