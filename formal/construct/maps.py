"""Maps from a varying set into a fixed one: X |-> S^{T(X)}.

Precomposition turns the variance round: for a copresheaf T it is a presheaf, and conversely. With T the pixels of an
image and S its colours it is the set of all images.

Source: Mac Lane, Categories for the Working Mathematician, II.2 (contravariant powers).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from formal.construct.label import pair
from formal.core.build import DEFAULT_LIMIT, check_size
from formal.core.functor import SetFunctor


def maps(functor: SetFunctor, labels: Sequence[str], *, limit: int = DEFAULT_LIMIT) -> SetFunctor:
    """All maps from T(X) to a set of k labels, written as the tuple of their values.

    Raises:
        TooLarge: more than ``limit`` maps.
    """
    sizes = [len(fibre) for fibre in functor.elements]
    total = 0
    for size in sizes:
        check_size(size * max(len(labels) - 1, 0).bit_length(), 64)
        total += len(labels) ** size
        check_size(total, limit)
    values = [list(product(range(len(labels)), repeat=size)) for size in sizes]
    place = [{value: i for i, value in enumerate(row)} for row in values]
    tables: list[tuple[int, ...]] = []
    for generator, table in enumerate(functor.action):
        source, target = functor.ends(generator)
        tables.append(tuple(place[source][tuple(value[t] for t in table)] for value in values[target]))
    return SetFunctor(
        f"maps({functor.name}, {{{', '.join(labels)}}})",
        functor.category,
        not functor.contravariant,
        tuple(tuple(pair(*(labels[v] for v in value)) for value in row) for row in values),
        tuple(tables),
    )
