"""Functions of a parameter, ordered on a cell of its range: quotients of polynomials as numbers for the evaluator.

On a cell, one number or all numbers strictly between two, the comparison of two functions has an answer when their
difference has no root inside; else the cell is to be split at the roots, which is raised. So a formula that is
evaluated without a split has the same truth value, by the same comparisons, all over the cell: a cylindrical
decomposition of the line that is only as fine as the formula asks for.

Source: Collins 1975, Quantifier elimination for real closed fields by cylindrical algebraic decomposition.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import Any

from formal.solve.line import Line, Root, is_less
from formal.solve.polynomial import (
    Polynomial,
    Spend,
    add,
    bits,
    common_divisor,
    multiply,
    primitive,
    quotient,
    scale,
    sign_at,
    subtract,
    trimmed,
)
from formal.valuation.enclosure import Undefined
from formal.valuation.limit import Exhausted

_DEGREE = 200
_BITS = 1 << 16
"""Functions of a higher degree or with longer coefficients are given up."""
_COST = 192
"""Of an operation on a coefficient, in the steps of operations on machine numbers."""


class Split(Exception):
    """A comparison is not the same all over the cell. Carries the numbers inside at which it may change, in order."""

    def __init__(self, roots: tuple[Root, ...]) -> None:
        self.roots = roots
        super().__init__("a comparison changes inside the cell")


class Region:
    """A cell while a formula is being evaluated on it.

    Args:
        lower, upper: the same object for one number.
        sample: a rational number of the cell; None for one number that is not known to be rational.
    """

    def __init__(self, line: Line, lower: Root, upper: Root, spend: Spend) -> None:
        self.line = line
        self.lower = lower
        self.upper = upper
        self.spend = spend
        self.sample = line.between(lower, upper) if lower is not upper else lower.lower if lower.is_rational else None
        self._signs: dict[Polynomial, int] = {}

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.lower is self.upper

    def sign(self, polynomial: Polynomial) -> int:
        """The sign that a polynomial has all over the cell.

        Raises:
            Split: it has roots inside.
        """
        if len(polynomial) < 2:
            return 0 if not polynomial else 1 if polynomial[0] > 0 else -1
        found = self._signs.get(polynomial)
        if found is None:
            found = self._signs[polynomial] = self._sign(polynomial)
        return found

    def _sign(self, polynomial: Polynomial) -> int:
        if self.is_point:
            return self.line.sign_at(polynomial, self.lower)
        roots = self.line.roots_of(polynomial)
        inside = tuple(root for root in roots if is_less(self.lower, root) and is_less(root, self.upper))
        if inside:
            raise Split(inside)
        # The ends of an open cell may have come closer, never its sample.
        return 0 if self.sample is None else sign_at(polynomial, self.sample)

    def parameter(self) -> Value | Fraction:
        """The parameter itself, as a number on this cell."""
        if self.is_point and self.sample is not None:
            return self.sample
        return Value(self, (0, 1), (1,))


class Value:
    """A quotient of polynomials, its denominator positive on the cell: a number as ``valuation.domain`` has it."""

    __slots__ = ("denominator", "numerator", "region")

    def __init__(self, region: Region, numerator: Polynomial, denominator: Polynomial) -> None:
        if len(denominator) > 1 and len(numerator) > 1:
            common = common_divisor(numerator, denominator, region.spend)
            if len(common) > 1:
                numerator, denominator = quotient(numerator, common), quotient(denominator, common)
                if region.sign(common) < 0:
                    numerator, denominator = scale(numerator, -1), scale(denominator, -1)
        if not numerator:
            denominator = (1,)
        divisor = gcd(*numerator, *denominator)
        if divisor > 1:
            numerator = tuple(x // divisor for x in numerator)
            denominator = tuple(x // divisor for x in denominator)
        size = bits(numerator) + bits(denominator)
        if max(len(numerator), len(denominator)) > _DEGREE or size > _BITS:
            raise Exhausted(f"a polynomial of a degree beyond {_DEGREE}, or with coefficients beyond {_BITS} bits")
        region.spend(_COST * (1 + (size >> 6)) * (len(numerator) + len(denominator)))
        self.region, self.numerator, self.denominator = region, numerator, denominator

    def _other(self, other: Any) -> Value | None:
        if isinstance(other, Value):
            return other
        if isinstance(other, int | Fraction):
            return Value(self.region, trimmed((other.numerator,)), (other.denominator,))
        return None

    def _plus(self, b: Value, sign: int) -> Value:
        if self.denominator == b.denominator:
            return Value(self.region, add(self.numerator, scale(b.numerator, sign)), self.denominator)
        if len(self.denominator) == len(b.denominator) == 1:
            common = lcm(self.denominator[0], b.denominator[0])
            left = scale(self.numerator, common // self.denominator[0])
            return Value(self.region, add(left, scale(b.numerator, sign * common // b.denominator[0])), (common,))
        return Value(
            self.region,
            add(multiply(self.numerator, b.denominator), scale(multiply(b.numerator, self.denominator), sign)),
            multiply(self.denominator, b.denominator),
        )

    def __add__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else self._plus(b, 1)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else self._plus(b, -1)

    def __rsub__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else b._plus(self, -1)

    def __mul__(self, other: Any) -> Any:
        b = self._other(other)
        if b is None:
            return NotImplemented
        return Value(self.region, multiply(self.numerator, b.numerator), multiply(self.denominator, b.denominator))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else self * b._inverse()

    def __rtruediv__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else b * self._inverse()

    def _inverse(self) -> Value:
        sign = self.sign()
        if not sign:
            raise Undefined("division by zero")
        return Value(self.region, scale(self.denominator, sign), scale(self.numerator, sign))

    def __pow__(self, exponent: int) -> Any:
        if exponent * max(len(self.numerator) - 1, bits(self.numerator) >> 4) > max(_DEGREE, _BITS):
            raise Exhausted("a power of too high a degree")
        result, square = Value(self.region, (1,), (1,)), self
        while exponent:
            if exponent & 1:
                result = result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return result

    def __neg__(self) -> Value:
        return Value(self.region, scale(self.numerator, -1), self.denominator)

    def __abs__(self) -> Value:
        return self if self.sign() >= 0 else -self

    def sign(self) -> int:
        """-1, 0 or 1, all over the cell."""
        return self.region.sign(primitive(self.numerator))

    def _order(self, other: Any) -> int | None:
        """The sign of the difference; None when the other side is to answer."""
        if isinstance(other, Value):
            if self.denominator == other.denominator:
                difference = subtract(self.numerator, other.numerator)
            else:
                left = multiply(self.numerator, other.denominator)
                difference = subtract(left, multiply(other.numerator, self.denominator))
        elif isinstance(other, int | Fraction):
            left = scale(self.numerator, other.denominator)
            difference = subtract(left, scale(self.denominator, other.numerator))
        else:
            return None
        self.region.spend(_COST * len(difference) * (1 + (bits(difference) >> 6)))
        return self.region.sign(primitive(difference))

    def __lt__(self, other: Any) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order < 0

    def __le__(self, other: Any) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order <= 0

    def __gt__(self, other: Any) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order > 0

    def __ge__(self, other: Any) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order >= 0

    def __eq__(self, other: object) -> bool:
        order = self._order(other)
        return NotImplemented if order is None else order == 0

    __hash__ = None  # type: ignore[assignment]
