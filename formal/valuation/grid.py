"""A grid: the values of a matrix while it is being evaluated, as objects over one common denominator.

It is what ``Table`` is, for the numbers of any domain: entries are Python integers as long as nothing else is needed,
else fractions or the numbers of the domain, over a denominator that is an integer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.quantale import INFINITY, Quantale
from formal.valuation.domain import INFINITE, Infinite, Interval, Scalar

Array = NDArray[np.object_]
"""Scalars, all over one denominator."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The intervals ``lower / denominator`` to ``upper / denominator``, entry by entry.

    Args:
        lower, upper: shape (rows, columns); the same object when every entry is known exactly.
        denominator: positive.
        quantale: in which the entries are meant.
    """

    lower: Array
    upper: Array
    denominator: int
    quantale: Quantale

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.lower.shape
        return int(rows), int(columns)

    @property
    def is_exact(self) -> bool:
        """Whether every entry is known exactly, and known to be."""
        return self.lower is self.upper

    def entry(self, row: int, column: int) -> Interval:
        """One entry as a number."""
        return Interval(
            divided(self.lower[row, column], self.denominator), divided(self.upper[row, column], self.denominator)
        )

    def transposed(self) -> Grid:
        """Rows and columns exchanged."""
        if self.is_exact:
            turned = self.lower.T
            return Grid(turned, turned, self.denominator, self.quantale)
        return Grid(self.lower.T, self.upper.T, self.denominator, self.quantale)

    def restricted(self, rows: Sequence[int], columns: Sequence[int]) -> Grid:
        """Rows and columns by their numbers."""
        at = np.ix_(np.asarray(rows, dtype=np.intp), np.asarray(columns, dtype=np.intp))
        lower = self.lower[at]
        return Grid(lower, lower if self.is_exact else self.upper[at], self.denominator, self.quantale)


def exact(values: Array, denominator: int, quantale: Quantale) -> Grid:
    """The grid of numbers that are known."""
    return Grid(values, values, denominator, quantale)


def divided(value: Scalar, denominator: int) -> Scalar:
    """A numerator over the denominator, as a number."""
    if isinstance(value, Infinite):
        return value
    return Fraction(value, denominator) if isinstance(value, int) else value / denominator


def aligned(a: Grid, b: Grid) -> tuple[Grid, Grid]:
    """Two grids over the same denominator."""
    if a.denominator == b.denominator:
        return a, b
    common = math.lcm(a.denominator, b.denominator)
    return over(a, common), over(b, common)


def over(grid: Grid, denominator: int) -> Grid:
    """A grid over a multiple of its denominator."""
    factor = denominator // grid.denominator
    if factor == 1:
        return grid
    lower = grid.lower * factor
    return Grid(lower, lower if grid.is_exact else grid.upper * factor, denominator, grid.quantale)


def scaled(value: Scalar, denominator: int) -> Scalar:
    """A number as a numerator, an integer if it is one."""
    if isinstance(value, Infinite):
        return value
    product = value * denominator
    return product.numerator if isinstance(product, Fraction) and product.denominator == 1 else product


def objects(values: Sequence[Scalar], shape: tuple[int, ...]) -> Array:
    """An array of objects, in C order."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array.reshape(shape)


def filled(shape: tuple[int, int], value: Scalar) -> Array:
    """An array of one object."""
    array = np.empty(shape, dtype=object)
    array.fill(value)
    return array


def without_floats(values: Array) -> Array:
    """Numerators of a table with ``INFINITE`` for the float that a table has."""
    places = values == INFINITY
    if not places.any():
        return values
    copied = values.copy()
    copied[places] = INFINITE
    return copied


def kinds(values: Array) -> set[type]:
    """The types that occur."""
    return set(map(type, values.ravel().tolist()))


def is_integral(*arrays: Array) -> bool:
    """Whether all entries are Python integers."""
    return all(kinds(array) <= {int} for array in arrays)


def is_rational(*arrays: Array) -> bool:
    """Whether all entries are integers, fractions or infinite: whether floats can approximate them."""
    return all(kinds(array) <= {int, Fraction, Infinite} for array in arrays)


def floats(values: Array, denominator: int) -> NDArray[np.float64] | None:
    """The numbers as floats, each with a relative error of at most 2^-52; None when one is too large or too small.

    Integers and fractions are rounded once or twice; zero is exact. Only for rational entries.
    """
    try:
        listed = [
            math.inf if value is INFINITE else value / denominator if type(value) is int else float(value / denominator)
            for value in values.ravel().tolist()
        ]
    except OverflowError:
        return None
    result = np.array(listed, dtype=np.float64).reshape(values.shape)
    sizes = np.abs(result)
    is_zero = np.asarray(values == 0, dtype=bool)
    if ((sizes < 1e-100) & ~is_zero).any() or (np.isfinite(sizes) & (sizes > 1e100)).any():
        return None
    return result


def largest(values: Array) -> Any:
    """The greatest absolute value of finite integers; 0 when there are none."""
    return max((abs(value) for value in values.ravel().tolist()), default=0)


def greatest(values: Array) -> tuple[int, int]:
    """The row and the column of the greatest entry of a matrix, of the first when there are several."""
    listed = values.ravel().tolist()
    place = max(range(len(listed)), key=lambda i: listed[i])
    return place // values.shape[1], place % values.shape[1]
