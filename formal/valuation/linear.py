"""Exact linear algebra: systems of equations, ranks, and systems with non-negative unknowns by the simplex method.

Source: Bareiss 1968, Sylvester's identity and multistep integer-preserving Gaussian elimination; Bland 1977, New
finite pivoting rules for the simplex method; Farkas 1902.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from formal.valuation.domain import Scalar
from formal.valuation.grid import Array, objects
from formal.valuation.limit import Budget

PRIMES = (2147483647, 2147483629, 2147483587, 2147483579)
"""Below 2^31, so that products fit 64 bits."""

_FRACTION = 1000
"""Steps for one operation on fractions that grow with each pivot."""


def pivots_modulo(matrix: Array, prime: int) -> tuple[list[int], list[int]]:
    """Rows and columns of a minor of greatest size that is not zero modulo a prime, hence not zero.

    Args:
        matrix: integers.
    """
    residues = np.array([value % prime for value in matrix.ravel().tolist()], dtype=np.int64).reshape(matrix.shape)
    order = list(range(matrix.shape[0]))
    rows: list[int] = []
    columns: list[int] = []
    for column in range(matrix.shape[1]):
        done = len(rows)
        places = np.nonzero(residues[done:, column])[0]
        if not len(places):
            continue
        place = done + int(places[0])
        residues[[done, place]] = residues[[place, done]]
        order[done], order[place] = order[place], order[done]
        rows.append(order[done])
        columns.append(column)
        inverse = pow(int(residues[done, column]), -1, prime)
        head = residues[done] * inverse % prime
        below = residues[done + 1 :]
        below[:] = (below - below[:, column, None] * head[None, :] % prime) % prime
        if len(rows) == matrix.shape[0]:
            break
    return rows, columns


def solve_integers(a: Array, b: Array) -> tuple[Array, int] | None:
    """``X`` and ``d`` with ``a X = d b``, d the determinant of a; None if that is zero.

    Args:
        a: integers, shape (r, r).
        b: integers, shape (r, k).
    """
    size = len(a)
    work = np.concatenate([a, b], axis=1)
    previous = 1
    for k in range(size):
        pivot = next((i for i in range(k, size) if work[i, k] != 0), None)
        if pivot is None:
            return None
        if pivot != k:
            work[[k, pivot]] = work[[pivot, k]]
            work[k] = -work[k]
        head = work[k].copy()
        work = (head[k] * work - work[:, k, None] * head[None, :]) // previous
        work[k] = head
        previous = head[k]
    return work[:, size:], previous


def integral_rows(matrix: Array) -> Array:
    """Rows of rational numbers, each times what makes them integers."""
    rows: list[int] = []
    for row in matrix.tolist():
        common = math.lcm(1, *(Fraction(value).denominator for value in row))
        rows.extend(int(value * common) for value in row)
    return objects(rows, matrix.shape)


def rank(matrix: Array) -> int:
    """The rank over any field, by elimination."""
    rows = [list(row) for row in matrix.tolist()]
    found = 0
    while rows and rows[0]:
        place = next((i for i, row in enumerate(rows) if row[0] != 0), None)
        if place is None:
            rows = [row[1:] for row in rows]
            continue
        head = rows.pop(place)
        found += 1
        rows = [
            [
                b - a * (Fraction(row[0]) if isinstance(row[0], int) else row[0]) / head[0] if row[0] != 0 else b
                for a, b in zip(head[1:], row[1:], strict=True)
            ]
            for row in rows
        ]
    return found


def positive_eigenvalues(gram: Array) -> int:
    """How many eigenvalues of a symmetric matrix of rational numbers are positive, by congruence (Sylvester)."""
    rows = [[Fraction(value) for value in row] for row in gram.tolist()]
    count = 0
    while rows:
        pivot = next((x for x, row in enumerate(rows) if row[x] != 0), None)
        if pivot is None:
            pair = next(((x, y) for x, row in enumerate(rows) for y, value in enumerate(row) if value != 0), None)
            if pair is None:
                break
            pivot, other = pair
            rows[pivot] = [a + b for a, b in zip(rows[pivot], rows[other], strict=True)]
            for row in rows:
                row[pivot] += row[other]
        head = rows.pop(pivot)
        corner = head.pop(pivot)
        count += corner > 0
        for row in rows:
            factor = row.pop(pivot) / corner
            if factor:
                row[:] = [a - factor * b for a, b in zip(row, head, strict=True)]
    return count


# --- unknowns that are at least 0 -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Solution:
    """``A x = b`` with ``x >= 0``: the entries of x that are not 0, by their numbers."""

    entries: dict[int, Scalar]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``y A <= 0`` and ``y b > 0``, so that no ``x >= 0`` has ``A x = b``."""

    y: tuple[Scalar, ...]


def solve_nonnegative(
    a: Array, b: Sequence[Scalar], candidates: Sequence[int], budget: Budget
) -> Solution | Contradiction:
    """Solve ``A x = b`` with ``x >= 0`` over any ordered field, by the first phase of the revised simplex method.

    Args:
        a: shape (m, n).
        candidates: columns that enter first: those which a solution in floats uses.
    Raises:
        Exhausted: it takes too many pivots.
    """
    size, width = a.shape
    one = Fraction(1)
    signs = [-1 if value < 0 else 1 for value in b]
    inverse = objects([one * signs[i] if i == j else 0 * one for i in range(size) for j in range(size)], (size, size))
    values = [sign * value * one for sign, value in zip(signs, b, strict=True)]
    # Numbers from width on are those of artificial unknowns.
    basis = list(range(width, width + size))
    first = list(dict.fromkeys(candidates))
    listed = set(first)
    rest = [j for j in range(width) if j not in listed]
    order = {j: position for position, j in enumerate([*first, *rest])}
    order.update({width + i: width + i for i in range(size)})
    while True:
        artificial = [i for i, j in enumerate(basis) if j >= width]
        if all(values[i] == 0 for i in artificial):
            return Solution({j: values[i] for i, j in enumerate(basis) if j < width and values[i] != 0})
        y = inverse[artificial].sum(axis=0)
        budget.spend(_FRACTION * size * (size + len(first)) + 1)
        entering = _entering(y, a, first)
        if entering is None:
            budget.spend(_FRACTION * size * len(rest) + 1)
            entering = _entering(y, a, rest)
        if entering is None:
            return Contradiction(tuple(y.tolist()))
        direction = inverse.dot(a[:, entering])
        leaving = _leaving(direction.tolist(), values, basis, order)
        pivot = direction[leaving]
        inverse[leaving] = inverse[leaving] / pivot
        values[leaving] = values[leaving] / pivot
        for i, factor in enumerate(direction.tolist()):
            if i != leaving and factor != 0:
                inverse[i] = inverse[i] - factor * inverse[leaving]
                values[i] = values[i] - factor * values[leaving]
        basis[leaving] = entering


def _entering(y: Array, a: Array, columns: Sequence[int]) -> int | None:
    """The first column that lessens what artificial unknowns add up to."""
    if not columns:
        return None
    prices = y.dot(a[:, list(columns)])
    return next((j for j, price in zip(columns, prices.tolist(), strict=True) if price > 0), None)


def _leaving(direction: list[Scalar], values: list[Scalar], basis: list[int], order: dict[int, int]) -> int:
    """The row of the least ratio, of equal ones that of the first unknown. It exists, the sum being bounded below."""
    best: int | None = None
    for i, step in enumerate(direction):
        if not step > 0:
            continue
        if best is None:
            best = i
            continue
        mine, theirs = values[i] * direction[best], values[best] * step
        if mine < theirs or (mine == theirs and order[basis[i]] < order[basis[best]]):
            best = i
    if best is None:
        raise ArithmeticError("an unbounded sum of non-negative numbers")
    return best
