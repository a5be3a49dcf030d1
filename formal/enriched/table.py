"""A table of exact numbers, or of boxes, over one common denominator: the values of a relation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.quantale import INFINITY, Box, Number

Integers = NDArray[np.object_]
"""Python integers of any size; INFINITY may stand among them in the quantale of Lawvere."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The numbers ``lower / denominator`` up to ``upper / denominator``, entry by entry.

    Args:
        lower, upper: Python integers (or INFINITY), shape (rows, columns), lower <= upper; the same object when
            every entry is known exactly.
        denominator: positive; common to all entries.
    """

    lower: Integers
    upper: Integers
    denominator: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.lower.shape
        return int(rows), int(columns)

    @property
    def is_exact(self) -> bool:
        """Whether every entry is a single number."""
        return self.lower is self.upper or bool((self.lower == self.upper).all())

    def box(self, row: int, column: int) -> Box:
        """One entry."""
        return Box(self._number(self.lower[row, column]), self._number(self.upper[row, column]))

    def _number(self, numerator: Any) -> Number:
        return INFINITY if numerator == INFINITY else Fraction(int(numerator), self.denominator)


def table_of(rows: Iterable[Iterable[Number | Box]], shape: tuple[int, int]) -> Table:
    """The table of numbers and boxes given row by row.

    Raises:
        ValueError: there are not as many as the shape says.
    """
    entries = [entry for row in rows for entry in row]
    if len(entries) != shape[0] * shape[1]:
        raise ValueError(f"{len(entries)} entries do not make {shape[0]} rows of {shape[1]}")
    boxes = [entry if isinstance(entry, Box) else Box.point(entry) for entry in entries]
    ends = [end for box in boxes for end in (box.lower, box.upper)]
    denominator = math.lcm(1, *(Fraction(end).denominator for end in ends if end != INFINITY))
    lower = _numerators((box.lower for box in boxes), denominator, shape)
    if all(box.is_point for box in boxes):
        return Table(lower, lower, denominator)
    return Table(lower, _numerators((box.upper for box in boxes), denominator, shape), denominator)


def _numerators(values: Iterable[Number], denominator: int, shape: tuple[int, int]) -> Integers:
    integers = np.empty(shape[0] * shape[1], dtype=object)
    integers[:] = [INFINITY if value == INFINITY else int(Fraction(value) * denominator) for value in values]
    return integers.reshape(shape)


def table_of_floats(
    values: NDArray[np.floating[Any]], *, slope: Fraction = Fraction(1), offset: Fraction = Fraction(0)
) -> Table:
    """Floats as the dyadic rationals that they are, mapped by ``slope * value + offset``.

    Args:
        values: shape (rows, columns); finite.
    Raises:
        ValueError: an entry is not finite.
    """
    if not np.isfinite(values).all():
        raise ValueError("an entry is no number")
    mantissas, exponents = np.frexp(values.astype(np.float64))
    integers = np.ldexp(mantissas, 53).astype(np.int64).astype(object)
    powers = exponents.astype(np.int64) - 53
    least = min(0, int(powers.min(initial=0)))
    return _affine(integers * (1 << (powers - least).astype(object)), 1 << -least, slope, offset)


def table_of_integers(
    values: NDArray[np.integer[Any]] | NDArray[np.bool_],
    *,
    slope: Fraction = Fraction(1),
    offset: Fraction = Fraction(0),
) -> Table:
    """Integers mapped by ``slope * value + offset``, exactly. Shape (rows, columns)."""
    return _affine(values.astype(np.int64).astype(object), 1, slope, offset)


def _affine(integers: Integers, denominator: int, slope: Fraction, offset: Fraction) -> Table:
    common = math.lcm(denominator * slope.denominator, offset.denominator)
    factor = slope.numerator * (common // (denominator * slope.denominator))
    shifted = integers * factor + offset.numerator * (common // offset.denominator)
    divisor = math.gcd(common, *(abs(int(value)) for value in shifted.ravel()))
    reduced = shifted // divisor
    return Table(reduced, reduced, common // divisor)


def rows_of(table: Table) -> Sequence[Sequence[Box]]:
    """The entries as boxes, row by row: for small tables."""
    rows, columns = table.shape
    return [[table.box(i, j) for j in range(columns)] for i in range(rows)]
