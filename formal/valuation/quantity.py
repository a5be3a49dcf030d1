"""Quantities that are computed from grids without a search, end by end: distances, excesses, gaps, arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from formal.enriched.formula import Metric
from formal.quantale import Quantale
from formal.valuation import operation
from formal.valuation.composition import compose
from formal.valuation.domain import INFINITE, Interval, Scalar
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, aligned, divided, exact, filled
from formal.valuation.limit import Budget, Exhausted

MOST_BITS = 1 << 20
"""Of a denominator: products of products double their length each time."""
ZERO = Interval.point(Fraction(0))


def interval(lower: Scalar, upper: Scalar, denominator: int) -> Interval:
    """Numerators as numbers."""
    low = divided(lower, denominator)
    return Interval(low, low if lower is upper else divided(upper, denominator))


def apart(a: Grid, b: Grid) -> tuple[Array, Array]:
    """Least and greatest distances, entry by entry, of grids over one denominator and broadcast."""
    if a.is_exact and b.is_exact:
        same = operation.apart(a.lower, b.lower)
        return same, same
    least = np.maximum(operation.beyond(a.lower, b.upper), operation.beyond(b.lower, a.upper))
    most = np.maximum(operation.beyond(a.upper, b.lower), operation.beyond(b.upper, a.lower))
    return least, most


def totals(distances: Array, metric: Metric, axis: int) -> Array:
    """Distances of entries put together along an axis; in total variation, twice that."""
    if metric is Metric.SUP:
        found: Array = operation.greatest(distances, axis)
        return found
    return np.asarray(np.add.reduce(distances, axis=axis, initial=0), dtype=object)


def distance(a: Grid, b: Grid, metric: Metric, budget: Budget) -> Interval:
    """The greatest distance of rows of grids of one shape; a vector counts as one row."""
    a, b = aligned(a, b)
    budget.spend(4 * a.lower.size + 1)
    axis = 0 if a.shape[1] == 1 else 1
    low, high = (operation.greatest(totals(each, metric, axis)) for each in apart(a, b))
    is_exact = a.is_exact and b.is_exact
    return interval(low, low if is_exact else high, a.denominator * (2 if metric is Metric.TV else 1))


def excess(a: Grid, b: Grid, budget: Budget) -> Interval:
    """By how much a fails to be at most b at some entry."""
    a, b = aligned(a, b)
    budget.spend(3 * a.lower.size + 1)
    low, high = (operation.greatest(each) for each in excesses(a, b))
    return interval(low, low if a.is_exact and b.is_exact else high, a.denominator)


def excesses(a: Grid, b: Grid) -> tuple[Array, Array]:
    """The least and greatest excesses, entry by entry, of grids over one denominator."""
    if a.quantale is Quantale.LAWVERE:
        low, high = operation.beyond(b.lower, a.upper), operation.beyond(b.upper, a.lower)
    else:
        low, high = operation.beyond(a.lower, b.upper), operation.beyond(a.upper, b.lower)
    return low, low if a.is_exact and b.is_exact else high


def defect(of: Grid, budget: Budget) -> Interval:
    """The least e within which a square grid is a category: identities and composites, moved by e."""
    unit = operation.unit(of.quantale, of.denominator)
    diagonal = Grid(*_diagonals(of), of.denominator, of.quantale)
    identities = excess(exact(filled(diagonal.shape, unit), of.denominator, of.quantale), diagonal, budget)
    if of.is_exact:
        return greatest([identities, excess(composed(of, of, budget), of, budget)])
    # Of x, x, z nothing is to be said, the entry at (x, x) being at most the unit.
    proper = without_diagonal(of)
    return greatest([identities, excess(composed(proper, proper, budget), of, budget)])


def composed(a: Grid, b: Grid, budget: Budget) -> Grid:
    """``join over y of a(x, y) (x) b(y, z)``."""
    quantale = a.quantale
    if quantale is Quantale.PRODUCT:
        bits = a.denominator.bit_length() + b.denominator.bit_length()
        if bits > MOST_BITS:
            raise Exhausted(f"numbers of more than {MOST_BITS} binary digits")
        denominator = a.denominator * b.denominator
    else:
        a, b = aligned(a, b)
        denominator = a.denominator
    lower = compose(quantale, a.lower, b.lower, a.denominator, budget)
    if a.is_exact and b.is_exact:
        return exact(lower, denominator, quantale)
    return Grid(lower, compose(quantale, a.upper, b.upper, a.denominator, budget), denominator, quantale)


def without_diagonal(of: Grid) -> Grid:
    """A square grid with the bottom along its diagonal."""
    bottom = operation.bottom(of.quantale)
    lower = of.lower.copy()
    np.fill_diagonal(lower, bottom)
    if of.is_exact:
        return exact(lower, of.denominator, of.quantale)
    upper = of.upper.copy()
    np.fill_diagonal(upper, bottom)
    return Grid(lower, upper, of.denominator, of.quantale)


def _diagonals(of: Grid) -> tuple[Array, Array]:
    lower = np.diagonal(of.lower)[:, None]
    return lower, lower if of.is_exact else np.diagonal(of.upper)[:, None]


def gaps(of: Grid, target: Grid, metric: Metric, budget: Budget) -> list[Interval]:
    """The distance of a target with one column from each column."""
    of, target = aligned(of, target)
    budget.spend(4 * of.lower.size + 1)
    least, most = (totals(each, metric, 0).tolist() for each in apart(of, target))
    denominator = of.denominator * (2 if metric is Metric.TV else 1)
    is_exact = of.is_exact and target.is_exact
    return [interval(a, a if is_exact else b, denominator) for a, b in zip(least, most, strict=True)]


def gap(of: Grid, target: Grid, metric: Metric, budget: Budget) -> Interval:
    """The least distance of a target with one column from a column; infinity when there is none."""
    found = gaps(of, target, metric, budget)
    if not found:
        return Interval.point(INFINITE)
    low = min(each.lower for each in found)
    is_exact = of.is_exact and target.is_exact
    return Interval(low, low if is_exact else min(each.upper for each in found))


# --- arithmetic -----------------------------------------------------------------------------------


def greatest(intervals: Sequence[Interval]) -> Interval:
    """The greatest of numbers."""
    low = max(each.lower for each in intervals)
    return Interval(low, low if all(each.is_point for each in intervals) else max(each.upper for each in intervals))


def combine(operation_name: str, operands: Sequence[Interval]) -> Interval:
    """An operation of arithmetic on numbers that lie in intervals.

    Raises:
        Undefined: a division by what may be zero, or a difference of infinities.
    """
    if all(each.is_point for each in operands):
        return Interval.point(_apply(operation_name, [each.lower for each in operands]))
    a = operands[0]
    match operation_name:
        case "min":
            return Interval(min(each.lower for each in operands), min(each.upper for each in operands))
        case "max":
            return Interval(max(each.lower for each in operands), max(each.upper for each in operands))
        case "negate":
            return Interval(_apply("negate", [a.upper]), _apply("negate", [a.lower]))
        case "abs":
            if a.lower >= 0:
                return a
            negated = combine("negate", [a])
            return negated if a.upper <= 0 else Interval(0 * a.upper, max(a.upper, negated.upper))
        case "+":
            total = a
            for b in operands[1:]:
                total = Interval(_apply("+", [total.lower, b.lower]), _apply("+", [total.upper, b.upper]))
            return total
        case "-":
            b = operands[1]
            return Interval(_apply("-", [a.lower, b.upper]), _apply("-", [a.upper, b.lower]))
        case "*" | "/":
            total = a
            for b in operands[1:]:
                if operation_name == "/" and b.lower <= 0 <= b.upper:
                    raise Undefined("division by what may be zero")
                corners = [
                    _apply(operation_name, [x, y]) for x in (total.lower, total.upper) for y in (b.lower, b.upper)
                ]
                total = Interval(min(corners), max(corners))
            return total
        case _:
            raise ValueError(f"no operation {operation_name}")


def _apply(name: str, values: Sequence[Scalar]) -> Scalar:
    """An operation on numbers; infinity only where the result does not depend on what it is the limit of."""
    match name:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "abs":
            return abs(values[0])
    is_infinite = [value is INFINITE for value in values]
    if any(is_infinite) and not (name == "+" or (name == "-" and not any(is_infinite[1:]))):
        raise Undefined("an operation on an infinite number")
    if name == "negate":
        return -values[0]
    result: Any = values[0]
    for value in values[1:]:
        match name:
            case "+":
                result = result + value
            case "-":
                result = result - value
            case "*":
                result = result * value
            case "/":
                if value == 0:
                    raise Undefined("division by zero")
                result = Fraction(result) / value if isinstance(result, int) else result / value
            case _:
                raise ValueError(f"no operation {name}")
    return result
