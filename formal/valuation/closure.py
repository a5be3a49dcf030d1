"""The free category on a square matrix: the join of composites along all paths, by Floyd and Warshall.

The unit is the greatest element in all five quantales, so circles never help and paths have distinct objects.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formal.quantale import Quantale
from formal.valuation import operation
from formal.valuation.composition import FAR, compose, ranked, unwords, words
from formal.valuation.grid import Array, divided, floats, is_rational, objects
from formal.valuation.limit import Budget

_MINIMAL = 20
"""The number of objects up to which nothing is gained by converting."""


def closure(quantale: Quantale, values: Array, denominator: int, budget: Budget) -> tuple[Array, int]:
    """The closure of a square array; for the product over the denominator 1, else over the same."""
    size = values.shape[0]
    budget.spend(size**3 + 1)
    if quantale is Quantale.PRODUCT:
        if is_category(values, denominator, budget):
            return _numbers(values, denominator), 1
        values, denominator = _numbers(values, denominator), 1
    start = values.copy()
    np.fill_diagonal(start, operation.unit(quantale, denominator))
    if size > _MINIMAL and is_rational(start):
        found = _product(start, budget) if quantale is Quantale.PRODUCT else _by_words(quantale, start, denominator)
        if found is not None:
            return found, denominator
    return _plain(quantale, start, denominator), denominator


def is_category(values: Array, denominator: int, budget: Budget) -> bool:
    """Whether a square array over the product is its own closure: at least the identity, and at least its square."""
    if not is_rational(values) or any(value != denominator for value in np.diagonal(values).tolist()):
        return False
    squares = compose(Quantale.PRODUCT, values, values, denominator, budget)
    return bool(np.asarray(squares <= values * denominator, dtype=bool).all())


def _numbers(values: Array, denominator: int) -> Array:
    if denominator == 1:
        return values
    return objects([divided(value, denominator) for value in values.ravel().tolist()], values.shape)


def _plain(quantale: Quantale, start: Array, denominator: int) -> Array:
    join = operation.better(quantale)
    result = start.copy()
    for y in range(len(result)):
        join(result, operation.tensor(quantale, result[:, y, None], result[None, y, :], denominator), out=result)
    return result


def _by_words(quantale: Quantale, start: Array, denominator: int) -> Array | None:
    """By machine words: ranks where only the order matters, else numerators that are short enough."""
    if quantale in (Quantale.BOOLEAN, Quantale.GODEL):
        values, (ranks,) = ranked(start)
        for y in range(len(ranks)):
            np.maximum(ranks, np.minimum(ranks[:, y, None], ranks[None, y, :]), out=ranks)
        result: Array = values[ranks]
        return result
    held = words(start, FAR // 4)
    if held is None or denominator >= FAR // 4:
        return None
    for y in range(len(held)):
        step = held[:, y, None] + held[None, y, :]
        if quantale is Quantale.LAWVERE:
            np.minimum(held, step, out=held)
        else:
            np.maximum(held, step - denominator, out=held)
    return unwords(held)


def _product(start: Array, budget: Budget) -> Array | None:
    """Floats propose paths; their exact products, improved until composing with the matrix improves nothing.

    What is left is at least the identity, at least closed under appending an entry, and a product along a path
    everywhere: the closure.
    """
    approximate = floats(start, 1)
    if approximate is None:
        return None
    before = predecessors(Quantale.PRODUCT, approximate)
    found = along(start, before)
    while True:
        improved = np.maximum(found, compose(Quantale.PRODUCT, found, start, 1, budget))
        if bool((improved == found).all()):
            return found
        found = improved


def predecessors(quantale: Quantale, values: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each pair (x, z) of objects the last object before z on a path that floats find best; x for the entry itself.

    Args:
        values: the unit along the diagonal; lawvere for sums that are to be least, product for products.
    """
    size = len(values)
    best = values.copy()
    before = np.repeat(np.arange(size, dtype=np.intp)[:, None], size, axis=1)
    for y in range(size):
        if quantale is Quantale.LAWVERE:
            step = best[:, y, None] + best[None, y, :]
            is_better = step < best
        else:
            step = best[:, y, None] * best[None, y, :]
            is_better = step > best
        best[is_better] = step[is_better]
        before[is_better] = np.broadcast_to(before[y][None, :], before.shape)[is_better]
    return before


def path(before: NDArray[np.intp], first: int, last: int) -> tuple[int, ...]:
    """The objects on the way that predecessors give, first and last included; the direct one if rounding led astray."""
    way = [last]
    while way[-1] != first:
        if len(way) > len(before):
            return (first, last)
        way.append(int(before[first, way[-1]]))
    return tuple(reversed(way))


def along(start: Array, before: NDArray[np.intp]) -> Array:
    """Products of entries along the proposed paths."""
    size = len(start)
    result = start.copy()
    for x in range(size):
        is_known = [before[x, z] == x or x == z for z in range(size)]
        for z in range(size):
            way = [z]
            while not is_known[way[-1]] and len(way) <= size:
                way.append(int(before[x, way[-1]]))
            if not is_known[way[-1]]:
                continue
            for y, w in zip(reversed(way), reversed(way[:-1]), strict=False):
                result[x, w] = result[x, y] * start[y, w]
                is_known[w] = True
    return result
