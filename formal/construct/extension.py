"""The Yoneda extension of a copresheaf: tensor products of a presheaf with a copresheaf.

Source: Kashiwara, Schapira, Categories and Sheaves, 2.7.1; Mac Lane, Moerdijk, Sheaves in Geometry and Logic, VII.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formal.construct.label import pair
from formal.construct.presheaf import generating_elements
from formal.construct.union_find import quotient
from formal.core.build import DEFAULT_LIMIT, check_size, distinct
from formal.core.functor import SetFunctor, Transformation


@dataclass(frozen=True, slots=True, eq=False)
class Extension:
    """(h†F)(W), the colimit of F over the elements of W.

    Args:
        labels: of its elements, all different; an element is a class of pairs ``(x, w)``, x in F(X), w in W(X).
        copresheaf: F.
        presheaf: W.
        representatives: for each element one of its pairs, as element numbers.
        first: shape (p + 1,): where the pairs over each object begin, in lexicographic order.
        position: for each pair its class.
    """

    labels: tuple[str, ...]
    copresheaf: SetFunctor
    presheaf: SetFunctor
    representatives: tuple[tuple[int, int], ...]
    first: tuple[int, ...]
    position: tuple[int, ...]

    def class_of(self, x: int, w: int) -> int:
        """The element that the pair (x, w) belongs to; numbered elements of F and W over the same object."""
        f, v = self.copresheaf, self.presheaf
        base = f.base[x]
        return self.position[self.first[base] + (x - f.start[base]) * len(v.elements[base]) + w - v.start[base]]


def extension(copresheaf: SetFunctor, presheaf: SetFunctor, *, limit: int = DEFAULT_LIMIT) -> Extension:
    """The value (h†F)(W) of the Yoneda extension of F at W: pairs (x, w) modulo (F(g)(x), w) ~ (x, W(g)(w)).

    An element is labelled by one of its pairs, if possible one whose w is among the fewest elements that generate W;
    for W = Hom(-, X) by (x, id(X)), which shows the isomorphism with F(X).

    Args:
        copresheaf: F on C.
        presheaf: W on C.
        limit: the most pairs.
    Raises:
        TooLarge: more than ``limit`` pairs.
    """
    if copresheaf.category is not presheaf.category or copresheaf.contravariant or not presheaf.contravariant:
        raise ValueError(f"{copresheaf.name} and {presheaf.name} are not a copresheaf and a presheaf on one category")
    first = [0]
    for xs, ws in zip(copresheaf.elements, presheaf.elements, strict=True):
        first.append(first[-1] + len(xs) * len(ws))
    check_size(first[-1], limit)

    def pairs() -> Iterator[tuple[int, int]]:
        for index, g in enumerate(copresheaf.category.generators):
            width, far_width = len(presheaf.elements[g.dom]), len(presheaf.elements[g.cod])
            for i, y in enumerate(copresheaf.action[index]):
                for j, w in enumerate(presheaf.action[index]):
                    yield first[g.cod] + y * far_width + j, first[g.dom] + i * width + w

    representatives, position = quotient(first[-1], pairs())
    listed = [(x, w) for y in range(len(first) - 1) for x in copresheaf.at(y) for w in presheaf.at(y)]
    # A pair whose w generates W says most: at W = y(X) these are (x, id(X)), x in F(X).
    objects = range(copresheaf.category.object_count)
    generating = {w for w, f in enumerate(presheaf.arrows or ()) if f in objects} or set(generating_elements(presheaf))
    chosen = [listed[n] for n in representatives]
    preferred = [False] * len(chosen)
    for (x, w), c in zip(listed, position, strict=True):
        if w in generating and not preferred[c]:
            preferred[c] = True
            chosen[c] = x, w
    labels = distinct(pair(copresheaf.labels[x], presheaf.labels[w]) for x, w in chosen)
    return Extension(labels, copresheaf, presheaf, tuple(chosen), tuple(first), tuple(position))


def extension_map(source: Extension, target: Extension, transformation: Transformation) -> tuple[int, ...]:
    """(h†F)(phi): (h†F)(V) -> (h†F)(W) for phi: V => W: the class of (x, v) goes to that of (x, phi(v)).

    Returns:
        For each element of ``source`` the element of ``target``.
    """
    return tuple(target.class_of(x, transformation.images[v]) for x, v in source.representatives)
