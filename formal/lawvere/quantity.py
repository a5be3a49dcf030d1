"""Quantities that are computed from matrices without a search: intervals that contain them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import sub

from formal.lawvere.matrix import (
    Matrix,
    Rows,
    Vector,
    aligned,
    closure,
    composite,
    opposite,
    without_diagonal,
)
from formal.lawvere.number import INFINITY, Interval, Number, extreme, point, ratio
from formal.lawvere.reading import Ledger, Undecided

Ends = tuple[Vector, Vector]
"""A vector of intervals: the same object twice when all are known."""


def ends(of: Matrix) -> list[Ends]:
    """The rows of a matrix."""
    return [(row, row) for row in of.lower] if of.is_exact else list(zip(of.lower, of.upper, strict=True))


def apart(a: Ends, b: Ends, metric: str) -> Interval:
    """The distance of two vectors; in total variation, twice that."""
    total = sum if metric == "tv" else _greatest
    if a[0] is a[1] and b[0] is b[1]:
        return point(total(list(map(abs, map(sub, a[0], b[0])))))
    below, above = list(map(sub, a[0], b[1])), list(map(sub, b[0], a[1]))
    least = [max(0, x, y) for x, y in zip(below, above, strict=True)]
    most = list(map(max, map(sub, a[1], b[0]), map(sub, b[1], a[0])))
    return total(least), total(most)


def _greatest(values: Sequence[Number]) -> Number:
    return max(values, default=0)


def _in_units(found: Interval, denominator: int, metric: str) -> Interval:
    unit = 2 * denominator if metric == "tv" else denominator
    return point(ratio(found[0], unit)) if found[0] is found[1] else (ratio(found[0], unit), ratio(found[1], unit))


def distance(left: Matrix, right: Matrix, metric: str, ledger: Ledger) -> Interval:
    """The greatest distance of rows; a vector counts as one row."""
    if left is right:
        return point(0)
    left, right = aligned(left, right, ledger)
    ledger.spend(3 * (left.size + right.size))
    if left.width == 1:
        left, right = opposite(left, ledger), opposite(right, ledger)
    found = [apart(a, b, metric) for a, b in zip(ends(left), ends(right), strict=True)]
    exact = left.is_exact and right.is_exact
    greatest = _greatest([low for low, _ in found])
    return _in_units(
        point(greatest) if exact else (greatest, _greatest([h for _, h in found])), left.denominator, metric
    )


def gap(of: Matrix, target: Matrix, metric: str, ledger: Ledger) -> Interval:
    """The least distance from a target, a matrix with one column, to a column; oo if there is none."""
    of, target = aligned(of, target, ledger)
    ledger.spend(3 * of.size)
    (vector,) = ends(opposite(target, ledger))
    found = [apart(column, vector, metric) for column in ends(opposite(of, ledger))]
    low, high = (min((interval[end] for interval in found), default=INFINITY) for end in (0, 1))
    return _in_units(point(low) if of.is_exact and target.is_exact else (low, high), of.denominator, metric)


def excess(left: Matrix, right: Matrix, ledger: Ledger) -> Interval:
    """By how much left fails to be at most right, somewhere, in the order of the quantale."""
    if left is right:
        return point(0)
    left, right = aligned(left, right, ledger)
    ledger.spend(2 * (left.size + right.size))
    if left.quantale == "lawvere":
        left, right = right, left
    low = _most_beyond(left.lower, right.upper)
    if left.is_exact and right.is_exact:
        return point(ratio(low, left.denominator))
    return ratio(low, left.denominator), ratio(_most_beyond(left.upper, right.lower), left.denominator)


def _most_beyond(rows: Rows, others: Rows) -> Number:
    """How far an entry is greater than another one, as numbers; 0 when none is."""
    return max([0, *(max(map(sub, row, other), default=0) for row, other in zip(rows, others, strict=True))])


def defect(of: Matrix, ledger: Ledger) -> Interval:
    """The least e within which ``unit <= C(x, x)`` and ``C C <= C``.

    As C(x, x) is at most the unit, composites through an end of their own say nothing, but would widen intervals.
    """
    proper = without_diagonal(of)
    return extreme("max", [identity_excess(of, ledger), excess(composite(proper, proper, ledger), of, ledger)])


def identity_excess(of: Matrix, ledger: Ledger) -> Interval:
    """By how much the unit exceeds an entry of the diagonal."""
    diagonals = [[row[x] for x, row in enumerate(rows)] for rows in (of.lower, of.upper)]
    vectors = [Matrix(of.quantale, len(d), [d], [d], of.denominator, of.weight) for d in diagonals]
    unit = [of.unit] * of.width
    units = Matrix(of.quantale, of.width, [unit], [unit], of.denominator, of.weight)
    found = [excess(units, vector, ledger)[0] for vector in vectors]
    return point(found[0]) if of.is_exact else (min(found), max(found))


def repair(of: Matrix, ledger: Ledger) -> Interval:
    """The least e within which some category lies, where it is rational: in all quantales but the product.

    A category within e is at least the matrix moved down by e, hence at least the composites of that; these must be at
    most the matrix moved up. In the Boolean quantale the defect, 0 or 1, says it. A path of k entries that compose to
    c over an entry b makes e at least (c - b) / 2 in the quantale of Goedel, whatever k is, and (c - b) / (k + 1) in
    those of Lukasiewicz and Lawvere; the empty path, which is not moved, c - b.
    """
    if of.quantale == "boolean":
        return defect(of, ledger)
    if of.quantale == "product":
        raise Undecided("evidence", "a repair in the product quantale without evidence")
    found = [identity_excess(of, ledger)]
    if of.quantale == "godel":
        found.append(_divided(excess(closure(of, ledger), _with_units(of), ledger), 2))
        return extreme("max", found)
    proper = walks = without_diagonal(of)
    for k in range(2, len(of.lower)):
        walks = composite(walks, proper, ledger)
        found.append(_divided(excess(walks, of, ledger), k + 1))
    return extreme("max", found)


def _with_units(of: Matrix) -> Matrix:
    """The matrix with the unit along its diagonal."""

    def put(rows: Rows) -> Rows:
        return [[*row[:x], of.unit, *row[x + 1 :]] for x, row in enumerate(rows)]

    lower = put(of.lower)
    return Matrix(of.quantale, of.width, lower, lower if of.is_exact else put(of.upper), of.denominator, of.weight)


def _divided(a: Interval, divisor: int) -> Interval:
    return point(ratio(a[0], divisor)) if a[0] is a[1] else (ratio(a[0], divisor), ratio(a[1], divisor))


def classes(of: Matrix, within: Fraction, metric: str, ledger: Ledger) -> Interval:
    """The number of classes of rows, those within a distance of each other being together."""
    if of.is_exact and within == 0 and all(type(entry) is int for row in of.lower for entry in row):
        ledger.spend(of.size)
        return point(len(set(map(tuple, of.lower))))
    rows = ends(of)
    bound = within * of.denominator * (2 if metric == "tv" else 1)
    surely, possibly = list(range(len(rows))), list(range(len(rows)))
    for x, row in enumerate(rows):
        ledger.spend(3 * x * (1 + of.width) * of.weight)
        for y in range(x):
            if _root(possibly, x) == _root(possibly, y) and _root(surely, x) == _root(surely, y):
                continue
            low, high = apart(row, rows[y], metric)
            if low <= bound:
                possibly[_root(possibly, x)] = _root(possibly, y)
            if high <= bound:
                surely[_root(surely, x)] = _root(surely, y)
    few, many = (sum(x == y for x, y in enumerate(parents)) for parents in (possibly, surely))
    return point(few) if few == many else (few, many)


def _root(parents: list[int], x: int) -> int:
    while parents[x] != x:
        parents[x] = x = parents[parents[x]]
    return x
