"""Matrices with values in a quantale, end by end: what an entry is at least, and what it is at most.

In all five quantales composition grows with both of its matrices, and the residual with the right one, while it falls
with the left one: as numbers, whichever way the order of the quantale goes. So both ends of what is computed are
computed from ends. Entries are numerators over one denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, le, mul, sub
from typing import Any

from formal.lawvere.number import INFINITY, Interval, Number, heaviest, ratio, weight
from formal.lawvere.reading import Ledger, Rejected, Undecided

Vector = Sequence[Number]
Rows = Sequence[Vector]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Entries between ``lower / denominator`` and ``upper / denominator``.

    Args:
        quantale: its word.
        width: the number of columns; rows say their number.
        lower, upper: rows; the same object when all entries are known.
        weight: how many elementary steps an operation on an entry counts.
    """

    quantale: str
    width: int
    lower: Rows
    upper: Rows
    denominator: int
    weight: int

    @property
    def is_exact(self) -> bool:
        """Whether all entries are known."""
        return self.lower is self.upper

    @property
    def size(self) -> int:
        """What one operation on every entry costs."""
        return (1 + len(self.lower) * self.width) * self.weight

    @property
    def unit(self) -> int:
        """The numerator of the neutral element, which is the greatest in the order of the quantale."""
        return 0 if self.quantale == "lawvere" else self.denominator

    @property
    def ends(self) -> tuple[Rows, Rows]:
        """What is least and what is greatest in the order of the quantale."""
        return (self.upper, self.lower) if self.quantale == "lawvere" else (self.lower, self.upper)

    def entry(self, row: int, column: int) -> Interval:
        """One entry."""
        low = ratio(self.lower[row][column], self.denominator)
        return low, low if self.is_exact else ratio(self.upper[row][column], self.denominator)

    def map(self, function: Callable[[Rows], Rows], width: int, ledger: Ledger) -> Matrix:
        """Other rows, from both ends by a growing function."""
        lower = function(self.lower)
        upper = lower if self.is_exact else function(self.upper)
        return matrix(self.quantale, width, lower, upper, self.denominator, ledger)


def matrix(quantale: str, width: int, lower: Rows, upper: Rows, denominator: int, ledger: Ledger) -> Matrix:
    """A matrix, its entries weighed."""
    most = max([weight(denominator), *map(heaviest, lower if lower is upper else [*lower, *upper])])
    found = Matrix(quantale, width, lower, upper, denominator, most)
    ledger.spend(found.size)
    return found


def columns(rows: Rows, width: int) -> Rows:
    """Rows and columns exchanged."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def opposite(of: Matrix, ledger: Ledger) -> Matrix:
    """``of(y, x)``."""
    return of.map(lambda rows: columns(rows, of.width), len(of.lower), ledger)


def restriction(of: Matrix, rows: Sequence[int], chosen: Sequence[int], ledger: Ledger) -> Matrix:
    """Some rows and columns."""
    ledger.spend(len(rows) * len(chosen))
    return of.map(lambda all_rows: [[all_rows[x][y] for y in chosen] for x in rows], len(chosen), ledger)


def aligned(a: Matrix, b: Matrix, ledger: Ledger) -> tuple[Matrix, Matrix]:
    """Two matrices over the same denominator."""
    if a.denominator == b.denominator:
        return a, b
    return _over(a, b.denominator, ledger), _over(b, a.denominator, ledger)


def _over(of: Matrix, factor: int, ledger: Ledger) -> Matrix:
    ledger.spend(of.size * weight(factor))
    rows = of.map(lambda all_rows: [[factor * entry for entry in row] for row in all_rows], of.width, ledger)
    return Matrix(of.quantale, of.width, rows.lower, rows.upper, of.denominator * factor, rows.weight)


def at_least(of: Matrix, level: Number, ledger: Ledger) -> Matrix:
    """The Boolean matrix of the entries that are at least a level, in the order of the quantale."""
    bound = level * of.denominator
    turned = of.quantale == "lawvere"

    def truth(rows: Rows) -> Rows:
        return [[int(entry <= bound if turned else entry >= bound) for entry in row] for row in rows]

    ledger.spend(of.size * weight(bound))
    least, most = of.ends
    lower = truth(least)
    return matrix("boolean", of.width, lower, lower if of.is_exact else truth(most), 1, ledger)


# --- composition ----------------------------------------------------------------------------------

Pairing = Callable[[Vector, Vector, int], Number]
"""From a row and a column, or two columns, and the denominator."""

JOIN_OF_TENSORS: dict[str, Pairing] = {
    "boolean": lambda row, column, d: max(map(min, row, column), default=0),
    "godel": lambda row, column, d: max(map(min, row, column), default=0),
    "product": lambda row, column, d: max(map(mul, row, column), default=0),
    "lukasiewicz": lambda row, column, d: max(0, max(map(add, row, column), default=0) - d),
    "lawvere": lambda row, column, d: min(map(add, row, column), default=INFINITY),
}
"""``join over y of row(y) (x) column(y)``; for the product over the square of the denominator."""


def _quotient(a: Vector, b: Vector, d: int) -> Number:
    numerator, denominator = 1, 1
    for x, y in zip(a, b, strict=True):
        if y * denominator < numerator * x:
            numerator, denominator = y, x
    return ratio(numerator, denominator)


MEET_OF_RESIDUALS: dict[str, Pairing] = {
    "boolean": lambda a, b, d: min((y for x, y in zip(a, b, strict=True) if x > y), default=d),
    "godel": lambda a, b, d: min((y for x, y in zip(a, b, strict=True) if x > y), default=d),
    "product": _quotient,
    "lukasiewicz": lambda a, b, d: min(d, d + min(map(sub, b, a), default=0)),
    "lawvere": lambda a, b, d: max((y - x for x, y in zip(a, b, strict=True) if y > x), default=0),
}
"""``meet over x of [a(x), b(x)]``; for the product over the denominator one."""


def composite(left: Matrix, right: Matrix, ledger: Ledger) -> Matrix:
    """``join over y of left(x, y) (x) right(y, z)``."""
    quantale = left.quantale
    if quantale == "product":
        denominator = left.denominator * right.denominator
    else:
        left, right = aligned(left, right, ledger)
        denominator = left.denominator
    ledger.spend(len(left.lower) * len(right.lower) * right.width * max(left.weight, right.weight))
    pair, width = JOIN_OF_TENSORS[quantale], right.width

    def ends(rows: Rows, others: Rows) -> Rows:
        across = columns(others, width)
        return [[pair(row, column, denominator) for column in across] for row in rows]

    lower = ends(left.lower, right.lower)
    exact = left.is_exact and right.is_exact
    return matrix(quantale, width, lower, lower if exact else ends(left.upper, right.upper), denominator, ledger)


def residual(left: Matrix, right: Matrix, ledger: Ledger) -> Matrix:
    """``meet over x of [left(x, y), right(x, z)]``."""
    left, right = aligned(left, right, ledger)
    ledger.spend(2 * left.width * len(right.lower) * right.width * max(left.weight, right.weight))
    pair, denominator = MEET_OF_RESIDUALS[left.quantale], left.denominator

    def ends(rows: Rows, others: Rows) -> Rows:
        across = columns(others, right.width)
        return [[pair(a, b, denominator) for b in across] for a in columns(rows, left.width)]

    lower = ends(left.upper, right.lower)
    upper = lower if left.is_exact and right.is_exact else ends(left.lower, right.upper)
    one = 1 if left.quantale == "product" else denominator
    return matrix(left.quantale, right.width, lower, upper, one, ledger)


def closure(of: Matrix, ledger: Ledger) -> Matrix:
    """The free category, by Floyd and Warshall: the unit being the greatest value, paths without circles do."""
    size = len(of.lower)
    fractions = of.quantale == "product" and of.denominator > 1
    if fractions and of.is_exact and _is_category(of, ledger):
        return of
    ledger.spend(size**3 * of.weight * (4 + size // 16 if fractions else 1))
    denominator = 1 if fractions else of.denominator

    def close(rows: Rows) -> Rows:
        return _closed([[ratio(x, of.denominator) for x in row] if fractions else list(row) for row in rows], of)

    lower = close(of.lower)
    upper = lower if of.is_exact else close(of.upper)
    return matrix(of.quantale, size, lower, upper, denominator, ledger)


def _is_category(of: Matrix, ledger: Ledger) -> bool:
    """Whether a matrix over the product is its own closure: at least the identity, and at least its own square."""
    d, rows = of.denominator, of.lower
    ledger.spend(len(rows) ** 3 * of.weight)
    across = columns(rows, of.width)
    pair = JOIN_OF_TENSORS["product"]
    return all(row[x] == d for x, row in enumerate(rows)) and all(
        pair(row, column, d * d) <= d * entry for row in rows for entry, column in zip(row, across, strict=True)
    )


def _closed(rows: list[list[Any]], of: Matrix) -> Rows:
    d, quantale = of.denominator, of.quantale
    unit, bottom = (0, INFINITY) if quantale == "lawvere" else (1 if quantale == "product" else d, 0)
    better: Any = min if quantale == "lawvere" else max
    for x, row in enumerate(rows):
        row[x] = unit
    for y in range(len(rows)):
        through = rows[y]
        for x, row in enumerate(rows):
            first = row[y]
            if first == bottom or x == y:
                continue
            match quantale:
                case "product":
                    onwards = [first * entry for entry in through]
                case "lukasiewicz":
                    onwards = [first + entry - d for entry in through]
                case "lawvere":
                    onwards = [first + entry for entry in through]
                case _:
                    onwards = [min(first, entry) for entry in through]
            rows[x] = list(map(better, row, onwards))
    return rows


def without_diagonal(of: Matrix) -> Matrix:
    """A square matrix with the bottom along its diagonal."""
    bottom = INFINITY if of.quantale == "lawvere" else 0

    def cut(rows: Rows) -> Rows:
        return [[*row[:x], bottom, *row[x + 1 :]] for x, row in enumerate(rows)]

    lower = cut(of.lower)
    upper = lower if of.is_exact else cut(of.upper)
    return Matrix(of.quantale, of.width, lower, upper, of.denominator, of.weight)


# --- what values a matrix may have ----------------------------------------------------------------


def demand_carrier(of: Matrix, ledger: Ledger) -> Matrix:
    """The matrix, once all its entries are known to be in the carrier of its quantale."""
    ledger.spend(of.size)
    for low, high in zip(of.lower, of.upper, strict=True):
        match of.quantale:
            case "lawvere":
                holds = all(entry >= 0 for entry in low)
            case "boolean":
                holds = all(entry == 0 or entry == of.denominator for row in (low, high) for entry in row)
            case _:
                holds = min(low, default=0) >= 0 and max(high, default=0) <= of.denominator
        if not holds:
            raise Rejected("carrier", "a value that is not in the quantale, or not known to be")
    return of


def demand_finite(of: Matrix, ledger: Ledger) -> Matrix:
    """The matrix, once it is known to have no infinite entries."""
    ledger.spend(of.size)
    if any(entry in (INFINITY, -INFINITY) for row in of.upper for entry in row):
        raise Undecided("infinite", "an infinite number")
    return of


def is_between(of: Matrix) -> bool:
    """Whether every lower end is at most the upper one."""
    return of.is_exact or all(all(map(le, low, high)) for low, high in zip(of.lower, of.upper, strict=True))
