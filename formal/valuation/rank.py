"""The number of singular values greater than e: exact ranks by minors, numerical ones by subspaces and factors.

Floats only propose the minor, subspace and factors; all inequalities are checked with rational numbers.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from formal.enriched.evidence import RankBounds
from formal.valuation.domain import INFINITE, Interval
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, divided, exact, floats, is_integral, is_rational, kinds, objects
from formal.valuation.limit import Budget
from formal.valuation.linear import PRIMES, pivots_modulo, positive_eigenvalues, solve_integers
from formal.valuation.linear import rank as field_rank

_DIGITS = 30
"""Binary digits of proposed vectors."""
_KERNEL_PRIME = (1 << 61) - 1
"""Modulo this prime a minor is easily seen not to be zero."""
_SMALL = 40
"""The number of rows or columns up to which inertia is computed where nothing shorter is found."""


def rank(of: Grid, within: Fraction, budget: Budget) -> tuple[Interval, RankBounds | None]:
    """How many singular values are greater than e, and why where that can be said shortly."""
    if type(INFINITE) in kinds(of.lower) or type(INFINITE) in kinds(of.upper):
        raise Undefined("the rank of a matrix with infinite entries")
    smaller = min(of.shape)
    if not is_rational(of.lower, of.upper):
        if not of.is_exact or within != 0:
            raise Undefined("singular values of a matrix with a parameter")
        budget.spend(of.lower.size * smaller + 1)
        return Interval.point(Fraction(field_rank(of.lower))), None
    if smaller == 0:
        return Interval.point(Fraction(0)), None
    if of.is_exact and within == 0:
        return _exact(of, budget)
    middle, radius = _middle(of)
    found = _numerical(middle, radius, within, budget) if within > radius else None
    if found is not None:
        return found
    if smaller > _SMALL:
        return Interval(Fraction(0), Fraction(smaller)), None
    low = Fraction(_by_inertia(middle, within + radius, budget))
    if radius == 0:
        return Interval.point(low), None
    high = Fraction(smaller) if within < radius else Fraction(_by_inertia(middle, within - radius, budget))
    return Interval(low, low if high == low else high), None


def _middle(of: Grid) -> tuple[Grid, Fraction]:
    """The matrix in the middle of the boxes, and a bound on its distance from those in them, in Frobenius' norm.

    Singular values of two matrices differ by no more than that (Weyl).
    """
    if of.is_exact:
        return of, Fraction(0)
    middle = exact(of.lower + of.upper, 2 * of.denominator, of.quantale)
    widths = (of.upper - of.lower).ravel().tolist()
    square = Fraction(sum(width * width for width in widths)) / (2 * of.denominator) ** 2
    if square == 0:
        return middle, Fraction(0)
    digits = 64 + max(0, square.denominator.bit_length() - square.numerator.bit_length())
    root = math.isqrt(math.ceil(square * (1 << 2 * digits)))
    return middle, Fraction(root + 1, 1 << digits)


# --- exactly --------------------------------------------------------------------------------------


def _exact(of: Grid, budget: Budget) -> tuple[Interval, RankBounds | None]:
    values = of.lower
    if not is_integral(values):
        budget.spend(values.size * min(of.shape) + 1)
        return Interval.point(Fraction(field_rank(values))), None
    least = 0
    for prime in PRIMES:
        budget.spend(values.size * min(of.shape) + 1)
        rows, columns = pivots_modulo(values, prime)
        size = least = max(least, len(rows))
        left = _combinations(values, rows, columns, budget)
        if left is not None:
            evidence = RankBounds((tuple(rows), tuple(columns)), None, left, ())
            minor = values[np.ix_(rows, columns)]
            budget.spend(30 * size**3)
            is_short = len(pivots_modulo_large(minor)) == size
            return Interval.point(Fraction(size)), evidence if is_short else None
    budget.spend(values.size * min(of.shape) + 1)
    return Interval.point(Fraction(field_rank(values))), None


def pivots_modulo_large(minor: Array) -> list[int]:
    """The pivots of a square matrix modulo the prime of the kernel: all of them when it is regular."""
    rows = [[value % _KERNEL_PRIME for value in row] for row in minor.tolist()]
    pivots = []
    while rows:
        pivot = next((i for i, row in enumerate(rows) if row[0]), None)
        if pivot is None:
            break
        head, *tail = rows.pop(pivot)
        pivots.append(head)
        inverse = pow(head, -1, _KERNEL_PRIME)
        rows = [
            [(b - row[0] * inverse * a) % _KERNEL_PRIME for a, b in zip(tail, row[1:], strict=True)] for row in rows
        ]
    return pivots


def _combinations(
    values: Array, rows: list[int], columns: list[int], budget: Budget
) -> tuple[tuple[Fraction, ...], ...] | None:
    """Each row as a combination of some rows; None when a row is none."""
    size = len(rows)
    places = {row: i for i, row in enumerate(rows)}
    others = [x for x in range(len(values)) if x not in places]
    units = [tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)]
    combined: dict[int, tuple[Fraction, ...]] = {}
    if others and size:
        budget.spend(10 * size**2 * (size + len(others)) + 10 * size * values[others].size)
        solved = solve_integers(values[np.ix_(rows, columns)].T, values[np.ix_(others, columns)].T)
        if solved is None:
            return None
        numerators, determinant = solved
        if not bool(np.asarray(numerators.T.dot(values[rows]) == determinant * values[others], dtype=bool).all()):
            return None
        for place, x in enumerate(others):
            combined[x] = tuple(Fraction(int(value), int(determinant)) for value in numerators[:, place].tolist())
    elif others:
        if values[others].any():
            return None
        combined = dict.fromkeys(others, ())
    return tuple(units[places[x]] if x in places else combined[x] for x in range(len(values)))


# --- within a tolerance ---------------------------------------------------------------------------


def singular_values(of: Grid) -> tuple[float, ...]:
    """The singular values, greatest first, as floats: for people to look at."""
    approximate = floats(of.lower, of.denominator)
    if approximate is None or not approximate.size:
        return ()
    return tuple(float(value) for value in np.linalg.svd(approximate, compute_uv=False))


def _numerical(of: Grid, radius: Fraction, within: Fraction, budget: Budget) -> tuple[Interval, RankBounds] | None:
    """A space that the matrix stretches by more than e + radius and factors within e - radius, if floats find such."""
    approximate = floats(of.lower, of.denominator)
    if approximate is None:
        return None
    u, s, v = np.linalg.svd(approximate, full_matrices=False)
    size = int((s > float(within)).sum())
    height, width = of.shape
    budget.spend(60 * (height * width * (2 * size + 1) + size**2 * (height + width + size)))
    subspace, left = _dyadic(v[:size]), _dyadic(u[:, :size] * s[:size])
    # In integers: entries over the denominator, those of vectors over 2^30.
    one, denominator = 1 << _DIGITS, of.denominator
    rest = of.lower * one**2 - left.dot(subspace) * denominator if size else of.lower * one**2
    if sum(value * value for value in rest.ravel().tolist()) > ((within - radius) * denominator * one**2) ** 2:
        return None
    if size:
        images = subspace.dot(of.lower.T)
        bound = ((within + radius) * denominator) ** 2
        gram = images.dot(images.T) * bound.denominator - subspace.dot(subspace.T) * bound.numerator
        if positive_eigenvalues(gram) != size:
            return None
    vectors, factors = _tuples(subspace), _tuples(left)
    return Interval.point(Fraction(size)), RankBounds(None, vectors, factors, vectors)


def _dyadic(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Array:
    """Integers over ``2 ** _DIGITS``."""
    return objects([round(float(x) * (1 << _DIGITS)) for x in values.ravel()], values.shape)


def _tuples(values: Array) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Fraction(value, 1 << _DIGITS) for value in row) for row in values.tolist())


def _by_inertia(of: Grid, within: Fraction, budget: Budget) -> int:
    """The positive eigenvalues of ``M M^T - e^2``."""
    matrix = objects([divided(value, of.denominator) for value in of.lower.ravel().tolist()], of.shape)
    if matrix.shape[0] > matrix.shape[1]:
        matrix = matrix.T
    smaller, larger = matrix.shape
    budget.spend(40 * smaller**2 * (larger + smaller**2))
    gram = matrix.dot(matrix.T)
    gram[np.diag_indices(smaller)] -= within * within
    return positive_eigenvalues(gram)
