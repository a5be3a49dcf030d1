"""The least repair: the least e such that some category has all entries within e of those of a matrix.

Such a category exists when the least candidate is one: the closure of the matrix moved down by e must nowhere be more
than the matrix moved up by e. So e is the greatest of the numbers that single paths force: for a path with k entries
from x to z, the e at which its composite, each entry moved down by e, equals the entry at (x, z) moved up by e.

- With min that is half the difference of the bottleneck and the entry.
- With sums (Lawvere's, and Lukasiewicz' after ``d = 1 - a``) it is ``(d(x, z) - sum) / (k + 1)``: the greatest ratio
  is found by Dinkelbach's iteration over shortest paths.
- With products it is the root of a polynomial of degree k, enclosed by bisection on the critical path.
- In the Boolean quantale a category within less than 1 is equal, so it is 0 or 1.

Source: Dinkelbach 1967, On nonlinear fractional programming; Karp, Orlin 1981, Parametric shortest path algorithms.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.enriched.evidence import RepairBounds
from formal.quantale import Quantale
from formal.valuation import operation
from formal.valuation.closure import closure, is_category, path, predecessors
from formal.valuation.composition import FAR, words
from formal.valuation.domain import INFINITE, Interval, Scalar
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, divided, floats, greatest, is_rational, objects
from formal.valuation.limit import Budget

Way = tuple[int, ...]


def repair(of: Grid, bits: int, budget: Budget) -> tuple[Interval, RepairBounds | None]:
    """The least e, in an interval when it is irrational or entries are boxes, and its evidence.

    There is no evidence when e is infinite, or no rational number; nor for Boolean matrices.
    """
    down, up = _weakest(of), _strongest(of)
    low, high, way = _solve(of.quantale, down, up, of.denominator, bits, budget)
    if not of.is_exact:
        _, high, _ = _solve(of.quantale, up, down, of.denominator, bits, budget)
    evidence = None
    is_rational_number = isinstance(low, Fraction) and isinstance(high, Fraction)
    if is_rational_number and of.quantale is not Quantale.BOOLEAN:
        evidence = RepairBounds(low, high, way if low > 0 else None)
    return Interval(low, low if high == low else high), evidence


def _weakest(of: Grid) -> Array:
    """The least entries in the order of the quantale."""
    return of.upper if of.quantale is Quantale.LAWVERE else of.lower


def _strongest(of: Grid) -> Array:
    return of.lower if of.quantale is Quantale.LAWVERE else of.upper


def _solve(
    quantale: Quantale, along: Array, entries: Array, denominator: int, bits: int, budget: Budget
) -> tuple[Scalar, Scalar, Way | None]:
    """The least e when composites are taken of one matrix and compared with another one."""
    if not len(along):
        return Fraction(0), Fraction(0), None
    match quantale:
        case Quantale.BOOLEAN | Quantale.GODEL:
            number, way = _bottleneck(along, entries, denominator, budget)
            if quantale is Quantale.BOOLEAN and number > 0:
                number = Fraction(1)
            return number, number, way
        case Quantale.LAWVERE:
            number, way = _ratio(along, entries, denominator, budget)
            return number, number, way
        case Quantale.LUKASIEWICZ:
            number, way = _ratio(denominator - along, denominator - entries, denominator, budget)
            return number, number, way
        case Quantale.PRODUCT:
            return _product(along, entries, denominator, bits, budget)


def _identities(lacks: Array) -> tuple[Scalar, Way]:
    """The greatest numerator by which an identity falls short, and where."""
    diagonal = np.diagonal(lacks).tolist()
    worst = max(range(len(diagonal)), key=lambda x: diagonal[x])
    return diagonal[worst], (worst,)


# --- minima ---------------------------------------------------------------------------------------


def _bottleneck(along: Array, entries: Array, denominator: int, budget: Budget) -> tuple[Scalar, Way | None]:
    size = len(along)
    budget.spend(2 * size**3)
    lack, way = _identities(denominator - entries)
    closed, _ = closure(Quantale.GODEL, along, denominator, budget)
    beyond = operation.beyond(closed, entries)
    np.fill_diagonal(beyond, 0)
    x, z = greatest(beyond)
    if beyond[x, z] > 2 * lack:
        return divided(beyond[x, z], 2 * denominator), _widest(along, closed[x, z], x, z)
    number = divided(lack, denominator)
    return number, way if number > 0 else None


def _widest(along: Array, level: Scalar, first: int, last: int) -> Way:
    """A shortest path along entries of at least a level, which exists."""
    before = {first: first}
    queue = [first]
    for x in queue:
        for y in range(len(along)):
            if y not in before and along[x, y] >= level:
                before[y] = x
                queue.append(y)
    way = [last]
    while way[-1] != first:
        way.append(before[way[-1]])
    return tuple(reversed(way))


# --- sums -----------------------------------------------------------------------------------------


def _ratio(along: Array, entries: Array, denominator: int, budget: Budget) -> tuple[Scalar, Way | None]:
    """Dinkelbach's iteration: the greatest ratio among the paths that are shortest for the last one."""
    size = len(along)
    lack, way = _identities(entries)
    if lack is INFINITE:
        return INFINITE, None
    number = divided(lack, denominator)
    critical: Way | None = way if number > 0 else None
    while True:
        budget.spend(3 * size**3)
        numerator, scale = _as_ratio(number)
        weights = (along * scale if scale != 1 else along) + numerator * denominator
        distances, before = _shortest(weights)
        best = number
        for x, z in _beyond_pairs(distances, entries * scale if scale != 1 else entries, numerator * denominator):
            if entries[x, z] is INFINITE:
                return INFINITE, None
            way = path(before, x, z)
            length = sum(along[a, b] for a, b in pairwise(way))
            forced = divided(entries[x, z] - length, denominator * len(way))
            if forced > best:
                best, critical = forced, way
        if not best > number:
            return number, critical
        number = best


def _as_ratio(number: Scalar) -> tuple[Scalar, int]:
    return (number.numerator, number.denominator) if isinstance(number, Fraction) else (number, 1)


def _shortest(weights: Array) -> tuple[Array | NDArray[np.int64], NDArray[np.intp]]:
    """Lengths of shortest paths with predecessors, exactly."""
    size = len(weights)
    held = words(weights, FAR // (2 * size + 2))
    best: Any = weights.copy() if held is None else held
    np.fill_diagonal(best, 0)
    before = np.repeat(np.arange(size, dtype=np.intp)[:, None], size, axis=1)
    for y in range(size):
        step = best[:, y, None] + best[None, y, :]
        is_better = np.asarray(step < best, dtype=bool)
        best[is_better] = step[is_better]
        before[is_better] = np.broadcast_to(before[y][None, :], before.shape)[is_better]
    return best, before


def _beyond_pairs(distances: Array | NDArray[np.int64], entries: Array, moved: Scalar) -> list[tuple[int, int]]:
    """The pairs of different objects whose distance is less than their entry moved by e."""
    pairs = []
    is_in_words = distances.dtype != np.dtype(object)
    for x, (row, bounds) in enumerate(zip(distances.tolist(), entries.tolist(), strict=True)):
        for z, (distance, bound) in enumerate(zip(row, bounds, strict=True)):
            if x == z or distance is INFINITE or (is_in_words and distance >= FAR):
                continue
            if distance + moved < bound:
                pairs.append((x, z))
    return pairs


# --- products -------------------------------------------------------------------------------------


def _product(
    along: Array, entries: Array, denominator: int, bits: int, budget: Budget
) -> tuple[Scalar, Scalar, Way | None]:
    """The root of the critical path, and a proof at its upper end that no other path forces more."""
    size = len(along)
    if not is_rational(along, entries):
        raise Undefined("the least repair of a product is no rational function of a parameter")
    lack, way = _identities(denominator - entries)
    low = high = divided(lack, denominator)
    critical: Way | None = way if low > 0 else None
    if low == 0 and bool(np.asarray(along <= entries, dtype=bool).all()) and is_category(along, denominator, budget):
        return low, high, None
    digits = bits + 4
    seen: set[Way] = set()
    approximate = (floats(along, denominator), floats(entries, denominator))
    is_rough = approximate[0] is not None and approximate[1] is not None
    while True:
        budget.spend(3 * size**3)
        if is_rough:
            violating = _violating_floats(approximate[0], approximate[1], float(low))
        else:
            violating = _violating(along, entries, denominator, high, digits)
        candidates = [w for w in violating if w not in seen]
        best: tuple[Fraction, Fraction, Way] | None = None
        for w in candidates:
            seen.add(w)
            root = _root(
                [divided(along[a, b], denominator) for a, b in pairwise(w)],
                divided(entries[w[0], w[-1]], denominator),
                digits,
            )
            if root[0] > low and (best is None or root[0] > best[0]):
                best = (*root, w)
        if best is not None:
            low, high, critical = best
        elif is_rough:
            is_rough = False
        elif not violating:
            return low, high, critical
        elif low == high:
            if _is_within(along, entries, denominator, high, budget):
                return low, high, critical
            high = low + Fraction(1, 1 << digits)
        else:
            high = high + Fraction(1, 1 << digits)


def _violating_floats(along: NDArray[np.float64] | None, entries: NDArray[np.float64] | None, e: float) -> list[Way]:
    """Paths along which composites seem to be too large: those of the worst pairs."""
    if along is None or entries is None:
        return []
    moved = np.maximum(along - e, 0.0)
    np.fill_diagonal(moved, 1.0)
    before = predecessors(Quantale.PRODUCT, moved)
    best = moved.copy()
    for y in range(len(best)):
        np.maximum(best, best[:, y, None] * best[None, y, :], out=best)
    beyond = best - entries - e
    np.fill_diagonal(beyond, 0.0)
    order = np.argsort(-beyond, axis=None, kind="stable")[:64]
    found = []
    for place in order.tolist():
        x, z = divmod(place, len(best))
        if beyond[x, z] > 0:
            found.append(path(before, x, z))
    return found


def _violating(along: Array, entries: Array, denominator: int, e: Scalar, digits: int) -> list[Way]:
    """Paths along which composites, rounded up, are more than the entry moved up; none is a proof.

    In fixed point with many more digits than those of e, so that rounding is not what makes one too large.
    """
    size = len(along)
    point = digits + 64 + size.bit_length()
    one = 1 << point

    def fixed(values: Array, moved: Fraction, *, up: bool) -> Array:
        rounding = math.ceil if up else math.floor
        listed = [rounding((divided(v, denominator) + moved) * one) for v in values.ravel().tolist()]
        return objects(listed, values.shape)

    best = np.maximum(fixed(along, -Fraction(e), up=True), 0)
    np.fill_diagonal(best, one)
    before = np.repeat(np.arange(size, dtype=np.intp)[:, None], size, axis=1)
    for y in range(size):
        step = -(-(best[:, y, None] * best[None, y, :]) // one)
        is_better = np.asarray(step > best, dtype=bool)
        is_better[y, :] = is_better[:, y] = False
        best[is_better] = step[is_better]
        before[is_better] = np.broadcast_to(before[y][None, :], before.shape)[is_better]
    bounds = fixed(entries, Fraction(e), up=False)
    np.fill_diagonal(bounds, one)
    pairs = np.argwhere(np.asarray(best > bounds, dtype=bool)).tolist()
    return [path(before, x, z) for x, z in pairs]


def _is_within(along: Array, entries: Array, denominator: int, e: Fraction, budget: Budget) -> bool:
    """Whether the closure of one matrix moved down is at most the other one moved up, exactly."""
    numbers = objects([divided(v, denominator) for v in along.ravel().tolist()], along.shape)
    closed, _ = closure(Quantale.PRODUCT, np.maximum(numbers - e, 0), 1, budget)
    bounds = objects([divided(v, denominator) for v in entries.ravel().tolist()], along.shape) + e
    np.fill_diagonal(closed, 0)
    return bool(np.asarray(closed <= bounds, dtype=bool).all()) and all(b >= 1 for b in np.diagonal(bounds).tolist())


def _root(factors: list[Scalar], entry: Scalar, digits: int) -> tuple[Fraction, Fraction]:
    """Bounds on the e with ``product of (factor - e) = entry + e`` below the least factor; 0, 0 if there is none."""
    if len(factors) == 2:
        total = factors[0] + factors[1] + 1
        square = total * total - 4 * (factors[0] * factors[1] - entry)
        numerator, denominator = math.isqrt(square.numerator), math.isqrt(square.denominator)
        if numerator**2 == square.numerator and denominator**2 == square.denominator:
            exact_root = max(Fraction(0), (total - Fraction(numerator, denominator)) / 2)
            return exact_root, exact_root
    one = 1 << digits
    low, high = 0, math.ceil(min(factors) * one)

    def is_beyond(numerator: int) -> bool:
        e = Fraction(numerator, one)
        return bool(math.prod((factor - e for factor in factors), start=Fraction(1)) >= entry + e)

    if not is_beyond(0):
        return Fraction(0), Fraction(0)
    while high - low > 1:
        middle = (low + high) // 2
        if is_beyond(middle):
            low = middle
        else:
            high = middle
    return Fraction(low, one), Fraction(low + 2, one)
