"""Polynomials in one parameter, real algebraic numbers, and quotients of polynomials ordered on a cell.

A polynomial is the tuple of its integer coefficients, constant term first, the last one not zero; the zero polynomial
is empty. Roots are counted by Sturm's theorem: for V(x) the changes of sign in the Sturm sequence at x, there are
V(a) - V(b) different roots x with a < x <= b.

Source: Basu, Pollack, Roy, Algorithms in Real Algebraic Geometry (2006), chapters 2 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, zip_longest
from math import gcd, lcm
from typing import Any

from formal.lawvere.number import LARGEST, weight_of
from formal.lawvere.reading import Ledger, Rejected, Undecided, array, demand, integer, rational

Polynomial = tuple[int, ...]


def trimmed(coefficients: list[int]) -> Polynomial:
    """Without leading zeros."""
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return tuple(coefficients)


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    """a + b."""
    return trimmed([x + y for x, y in zip_longest(a, b, fillvalue=0)])


def scaled(a: Polynomial, factor: int) -> Polynomial:
    """A multiple."""
    return trimmed([factor * x for x in a])


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """a b."""
    if not a or not b:
        return ()
    product = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            product[i + j] += x * y
    return tuple(product)


def primitive(a: Polynomial) -> Polynomial:
    """Divided by a positive number, so that the coefficients have no common factor."""
    divisor = gcd(*a)
    return tuple(x // divisor for x in a) if divisor > 1 else a


def remainder(a: Polynomial, b: Polynomial) -> Polynomial:
    """A positive multiple of the remainder of a divided by b."""
    rest = list(a)
    sign = 1 if b[-1] > 0 else -1
    while len(rest) >= len(b):
        factor, shift = sign * rest[-1], len(rest) - len(b)
        rest = [abs(b[-1]) * x for x in rest]
        for i, y in enumerate(b):
            rest[shift + i] -= factor * y
        rest = list(primitive(trimmed(rest)))
    return tuple(rest)


def common_divisor(a: Polynomial, b: Polynomial) -> Polynomial:
    """The greatest common divisor, up to a factor."""
    while b:
        a, b = b, remainder(a, b)
    return a


def derivative(a: Polynomial) -> Polynomial:
    """The derivative."""
    return tuple(i * x for i, x in enumerate(a))[1:]


def square_free(a: Polynomial) -> Polynomial:
    """A polynomial with the same roots, each of them once."""
    divisor = primitive(common_divisor(a, derivative(a)))
    rest, quotient = list(a), [0] * (len(a) - len(divisor) + 1)
    for shift in reversed(range(len(quotient))):
        quotient[shift] = rest[shift + len(divisor) - 1] // divisor[-1]
        for i, y in enumerate(divisor):
            rest[shift + i] -= quotient[shift] * y
    return primitive(tuple(quotient))


def sturm(a: Polynomial) -> list[Polynomial]:
    """The Sturm sequence of a square-free polynomial."""
    sequence = [a, derivative(a)]
    while sequence[-1]:
        sequence.append(scaled(remainder(sequence[-2], sequence[-1]), -1))
    return sequence[:-1]


def sign_at(a: Polynomial, x: Fraction) -> int:
    """The sign of a(x)."""
    value, denominator = 0, 1
    for coefficient in reversed(a):
        value = value * x.numerator + coefficient * denominator
        denominator *= x.denominator
    return (value > 0) - (value < 0)


def roots(sequence: list[Polynomial], low: Fraction, high: Fraction) -> int:
    """How many different roots x the first of a Sturm sequence has with low < x <= high."""
    return _changes(sequence, low) - _changes(sequence, high)


def _changes(sequence: list[Polynomial], x: Fraction) -> int:
    signs = [sign for sign in (sign_at(a, x) for a in sequence) if sign]
    return sum(one != other for one, other in pairwise(signs))


def _cost(size: int, bits: int) -> int:
    """Elementary steps for a Sturm sequence, or common divisors, of polynomials with so many coefficients."""
    return 100 + 4 * size**2 * weight_of(size * bits)


@dataclass(frozen=True, slots=True)
class Algebraic:
    """The only root x of a square-free polynomial with ``lower <= x <= upper``; equal ends for a rational number."""

    polynomial: Polynomial
    lower: Fraction
    upper: Fraction

    def refined(self) -> Algebraic:
        """With an interval of half the length."""
        middle = (self.lower + self.upper) / 2
        at_lower, at_middle = sign_at(self.polynomial, self.lower), sign_at(self.polynomial, middle)
        if not at_middle or not at_lower:
            middle = self.lower if not at_lower else middle
            return Algebraic(self.polynomial, middle, middle)
        ends = (self.lower, middle) if at_lower != at_middle else (middle, self.upper)
        return Algebraic(self.polynomial, *ends)


def read_algebraic(value: Any, ledger: Ledger) -> Algebraic:
    """Three fields: coefficients, lower end, upper end; the root is there, and is the only one."""
    fields = array(value, 3)
    polynomial = tuple(map(integer, array(fields[0])))
    demand(
        1 < len(polynomial) <= ledger.limits.degree and polynomial[-1] != 0, "format", "not a polynomial with a root"
    )
    ledger.spend(_cost(len(polynomial), max(map(int.bit_length, polynomial))))
    number = Algebraic(polynomial, rational(fields[1]), rational(fields[2]))
    sequence = sturm(polynomial)
    count = roots(sequence, number.lower, number.upper) + (sign_at(polynomial, number.lower) == 0)
    demand(len(sequence[-1]) == 1, "algebraic", "a polynomial that is not square-free")
    demand(number.lower <= number.upper and count == 1, "algebraic", "not exactly one root in the interval")
    return number


class Split(Exception):
    """A polynomial has a root inside a cell."""

    def __init__(self, polynomial: Polynomial) -> None:
        self.polynomial = polynomial
        super().__init__("a polynomial has a root inside a cell")


@dataclass(slots=True)
class Cell:
    """One number, or all numbers strictly between two; signs of polynomials on it.

    Args:
        lower, upper: the same object for one number; else their intervals lie on either side of the sample.
        sample: a rational number of the cell; not used for one number.
        signs: of polynomials without a root inside; they hold on every part of the cell.
    """

    lower: Algebraic
    upper: Algebraic
    sample: Fraction
    ledger: Ledger
    signs: dict[Polynomial, int]

    def sign(self, polynomial: Polynomial) -> int:
        """The sign that a polynomial has all over the cell.

        Raises:
            Split: it has a root inside.
        """
        if len(polynomial) < 2:
            return 0 if not polynomial else 1 if polynomial[0] > 0 else -1
        if polynomial not in self.signs:
            self._spend(polynomial)
            self.signs[polynomial] = self._sign(polynomial)
        return self.signs[polynomial]

    def _sign(self, polynomial: Polynomial) -> int:
        if self.lower is self.upper:
            apart = self._apart(self.lower, polynomial)
            return 0 if apart is None else sign_at(polynomial, apart.lower)
        if self._roots(polynomial):
            raise Split(polynomial)
        return sign_at(polynomial, self.sample)

    def split(self, polynomial: Polynomial) -> list[Cell]:
        """The roots of a polynomial in an open cell, and the open cells around them."""
        found = self._roots(polynomial)
        ends = [self.lower, *found, self.upper]
        points = [Cell(root, root, root.lower, self.ledger, dict(self.signs)) for root in found]
        return points + [Cell(a, b, (a.upper + b.lower) / 2, self.ledger, dict(self.signs)) for a, b in pairwise(ends)]

    def _roots(self, polynomial: Polynomial) -> list[Algebraic]:
        """The roots of a polynomial in an open cell, in order; their intervals lie apart from the ends."""
        sequence = sturm(square_free(polynomial))
        self.lower, self.upper = self._around(self.lower, sequence), self._around(self.upper, sequence)
        first, last = self.lower.upper, self.upper.lower
        found, stack = [], [(first, last)]
        while stack:
            low, high = stack.pop()
            ends = sum(not sign_at(polynomial, end) for end in (low, high))
            count = roots(sequence, low, high) - (not sign_at(polynomial, high))
            if count == 1 and not ends and first < low and high < last:
                found.append(Algebraic(sequence[0], low, high))
            elif count:
                self._spend(polynomial)
                middle = (low + high) / 2
                while not sign_at(polynomial, middle):
                    middle = (low + middle) / 2
                stack += [(middle, high), (low, middle)]
        return found

    def _apart(self, number: Algebraic, polynomial: Polynomial) -> Algebraic | None:
        """The number with no root of a polynomial in its interval; None when it is a root itself."""
        if number.lower == number.upper:
            return number if sign_at(polynomial, number.lower) else None
        divisor = common_divisor(number.polynomial, polynomial)
        if len(divisor) > 1 and (
            not sign_at(divisor, number.lower) or roots(sturm(divisor), number.lower, number.upper)
        ):
            return None
        sequence = sturm(square_free(polynomial))
        while not sign_at(polynomial, number.lower) or roots(sequence, number.lower, number.upper):
            number = number.refined()
            self._spend(polynomial)
        return number

    def _around(self, number: Algebraic, sequence: list[Polynomial]) -> Algebraic:
        """An end with no other root of a polynomial in its interval than itself."""
        polynomial = sequence[0]
        is_root = self._apart(number, polynomial) is None
        while number.lower < number.upper:
            count = roots(sequence, number.lower, number.upper) + (not sign_at(polynomial, number.lower))
            if count == is_root:
                break
            number = number.refined()
            self._spend(polynomial)
        return number

    def _spend(self, polynomial: Polynomial) -> None:
        size = max(len(polynomial), len(self.lower.polynomial), len(self.upper.polynomial))
        ends = (end.denominator.bit_length() for end in (self.lower.lower, self.upper.upper, self.sample))
        bits = max(*map(int.bit_length, polynomial), *ends)
        self.ledger.spend(_cost(size, bits))


def read_cells(value: Any, low: Fraction, high: Fraction, ledger: Ledger) -> Iterator[tuple[Cell, str]]:
    """Points and open intervals by turns, without a gap, from ``low`` to ``high``, and what is claimed of each."""
    listed = array(value)
    demand(len(listed) % 2 == 1, "cell", "not points and intervals by turns")
    before: Any = None
    for number, item in enumerate(listed):
        left, right, middle, truth = array(item, 4)
        lower = read_algebraic(left, ledger)
        if number % 2 == 0:
            demand(left == right and before in (None, left), "cell", "a gap, or not one number")
            outer = [end for end, index in ((low, 0), (high, len(listed) - 1)) if index == number]
            demand(
                all(lower.lower == lower.upper == end for end in outer), "cell", "the ends are not those of the range"
            )
            cell = Cell(lower, lower, lower.lower, ledger, {})
        else:
            upper, sample = read_algebraic(right, ledger), read_algebraic(middle, ledger)
            demand(before == left and sample.lower == sample.upper, "cell", "a gap, or a sample that is not rational")
            lower, upper = (_aside(end, sample.lower, ledger) for end in (lower, upper))
            demand(lower.upper < sample.lower < upper.lower, "cell", "a sample outside of its cell")
            cell = Cell(lower, upper, sample.lower, ledger, {})
        before = right
        yield cell, truth


def _aside(number: Algebraic, x: Fraction, ledger: Ledger) -> Algebraic:
    """The number with an interval that x is not in, unless x is the number."""
    while number.lower <= x <= number.upper and sign_at(number.polynomial, x):
        ledger.spend(100 + len(number.polynomial) ** 2)
        number = number.refined()
    return number


class Value:
    """A quotient of polynomials whose denominator is positive on a cell: a number, as ``number`` has it."""

    __slots__ = ("cell", "denominator", "numerator", "weight")

    def __init__(self, cell: Cell, numerator: Polynomial, denominator: Polynomial = (1,)) -> None:
        divisor = gcd(*numerator, *denominator)
        if divisor > 1:
            numerator = tuple(x // divisor for x in numerator)
            denominator = tuple(x // divisor for x in denominator)
        bits = max(map(int.bit_length, (*numerator, *denominator)))
        if max(len(numerator), len(denominator)) > cell.ledger.limits.degree or bits > LARGEST:
            raise Rejected("limit", "a polynomial of too high a degree, or too large coefficients")
        self.weight = weight_of(bits) * (20 + 4 * len(numerator) * len(denominator))
        cell.ledger.spend(self.weight)
        self.cell, self.numerator, self.denominator = cell, numerator, denominator

    def _other(self, other: Any) -> Value | None:
        if isinstance(other, Value):
            return other
        if type(other) not in (int, Fraction):
            return None
        return Value(self.cell, trimmed([other.numerator]), (other.denominator,))

    def _sum(self, other: Any, sign: int) -> Any:
        b = self._other(other)
        if b is None:
            return NotImplemented
        if self.denominator == b.denominator:
            return Value(self.cell, plus(self.numerator, scaled(b.numerator, sign)), self.denominator)
        if len(self.denominator) == len(b.denominator) == 1:
            common = lcm(self.denominator[0], b.denominator[0])
            left = scaled(self.numerator, common // self.denominator[0])
            return Value(self.cell, plus(left, scaled(b.numerator, sign * common // b.denominator[0])), (common,))
        left, right = times(self.numerator, b.denominator), times(b.numerator, self.denominator)
        return Value(self.cell, plus(left, scaled(right, sign)), times(self.denominator, b.denominator))

    def __add__(self, other: Any) -> Any:
        return self._sum(other, 1)

    def __sub__(self, other: Any) -> Any:
        return self._sum(other, -1)

    def __rsub__(self, other: Any) -> Any:
        return (-self)._sum(other, 1)

    def __neg__(self) -> Value:
        return Value(self.cell, scaled(self.numerator, -1), self.denominator)

    def __mul__(self, other: Any) -> Any:
        b = self._other(other)
        if b is None:
            return NotImplemented
        return Value(self.cell, times(self.numerator, b.numerator), times(self.denominator, b.denominator))

    def __truediv__(self, other: Any) -> Any:
        b = self._other(other)
        return NotImplemented if b is None else self * b._inverse()

    def __rtruediv__(self, other: Any) -> Any:
        return other * self._inverse()

    def _inverse(self) -> Value:
        sign = self.cell.sign(self.numerator)
        if not sign:
            raise Undecided("domain", "a division by zero")
        return Value(self.cell, scaled(self.denominator, sign), scaled(self.numerator, sign))

    def __pow__(self, exponent: int) -> Any:
        result: Any = Value(self.cell, (1,))
        for _ in range(exponent):
            result = result * self
        return result

    def __abs__(self) -> Any:
        return self if self.sign() >= 0 else -self

    def sign(self) -> int:
        """-1, 0 or 1, all over the cell."""
        return self.cell.sign(primitive(self.numerator))

    def _compared(self, other: Any) -> Any:
        difference = self - other
        return difference.sign()

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if self._other(other) is None else self._compared(other) < 0

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if self._other(other) is None else self._compared(other) > 0

    def __le__(self, other: Any) -> bool:
        return NotImplemented if self._other(other) is None else self._compared(other) <= 0

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if self._other(other) is None else self._compared(other) >= 0

    def __eq__(self, other: object) -> bool:
        return NotImplemented if self._other(other) is None else bool(self._compared(other) == 0)

    __hash__ = None  # type: ignore[assignment]
    __radd__ = __add__
    __rmul__ = __mul__
