"""Numbers, infinite ones too, and intervals of them.

A number is an integer, a ``Fraction``, a function of a parameter on a cell (``polynomial.Value``), or infinite. All of
them have the operations and the order of an ordered field, so what is computed from them does not ask which they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from formal.lawvere.reading import Ledger, Rejected, Undecided

Number = Any
Interval = tuple[Number, Number]
"""All numbers between two, both included; the same object twice for a number that is known."""


class Infinite:
    """oo or -oo. What has no meaning is undecided, except that oo - oo = 0: a distance."""

    __slots__ = ("sign",)

    def __init__(self, sign: int) -> None:
        self.sign = sign

    def __lt__(self, other: Number) -> bool:
        return self.sign < (other.sign if type(other) is Infinite else 0)

    def __gt__(self, other: Number) -> bool:
        return self.sign > (other.sign if type(other) is Infinite else 0)

    def __eq__(self, other: object) -> bool:
        return type(other) is Infinite and other.sign == self.sign

    def __le__(self, other: Number) -> bool:
        return not self > other

    def __ge__(self, other: Number) -> bool:
        return not self < other

    def __hash__(self) -> int:
        return self.sign

    def __neg__(self) -> Infinite:
        return Infinite(-self.sign)

    def __abs__(self) -> Infinite:
        return INFINITY

    def __add__(self, other: Number) -> Infinite:
        if type(other) is Infinite and other.sign != self.sign:
            raise Undecided("infinite", "oo - oo")
        return self

    def __sub__(self, other: Number) -> Number:
        return 0 if self == other else self

    def __rsub__(self, other: Number) -> Infinite:
        return -self

    def __mul__(self, other: Number) -> Number:
        if other == 0:
            raise Undecided("infinite", "0 oo")
        return self if other > 0 else -self

    def __truediv__(self, other: Number) -> Number:
        return self * other

    def __rtruediv__(self, other: Number) -> int:
        return 0

    __radd__ = __add__
    __rmul__ = __mul__


INFINITY = Infinite(1)


def ratio(numerator: Number, denominator: Number) -> Number:
    """An exact quotient."""
    if type(numerator) is int:
        numerator = Fraction(numerator)
    return numerator / denominator


LARGEST = 1 << 18
"""The most bits of a number that is computed."""


def weight_of(bits: int) -> int:
    """How many elementary steps an operation on numbers of so many bits counts."""
    return 1 + (bits >> 8) + (bits >> 10) ** 2


def bits(number: Number) -> int:
    """The size of a finite number; of a function of a parameter, how much its degree grows."""
    if type(number) is int or type(number) is Fraction:
        return max(number.numerator.bit_length(), number.denominator.bit_length())
    return int(number.weight)


def weight(number: Number) -> int:
    """How many elementary steps an operation on a number counts."""
    if type(number) not in (int, Fraction):
        return 1 if type(number) is Infinite else int(number.weight)
    size = bits(number)
    if size > LARGEST:
        raise Rejected("limit", "a number with too many bits")
    return weight_of(size) if type(number) is int else 8 * weight_of(size)


def heaviest(numbers: Sequence[Number]) -> int:
    """The greatest weight of some numbers; of integers it is that of the one furthest from zero."""
    return weight(max(map(abs, numbers))) if set(map(type, numbers)) == {int} else max(map(weight, numbers), default=1)


def dot(a: Sequence[Number], b: Sequence[Number], ledger: Ledger) -> Number:
    """The sum of products."""
    total: Number = 0
    for x, y in zip(a, b, strict=True):
        total = total + x * y
        ledger.spend(weight(total))
    return total


# --- intervals ------------------------------------------------------------------------------------


def point(number: Number) -> Interval:
    """The interval of one number."""
    return number, number


def is_point(a: Interval) -> bool:
    """Whether a number is known."""
    return a[0] is a[1] or bool(a[0] == a[1])


def negate(a: Interval) -> Interval:
    """-a."""
    return point(-a[0]) if a[0] is a[1] else (-a[1], -a[0])


def add(a: Interval, b: Interval) -> Interval:
    """a + b."""
    low = a[0] + b[0]
    return point(low) if a[0] is a[1] and b[0] is b[1] else (low, a[1] + b[1])


def multiply(a: Interval, b: Interval) -> Interval:
    """a b."""
    if a[0] is a[1] and b[0] is b[1]:
        return point(a[0] * b[0])
    products = [x * y for x in a for y in b]
    return min(products), max(products)


def divide(a: Interval, b: Interval) -> Interval:
    """a / b."""
    if b[0] <= 0 <= b[1]:
        raise Undecided("domain", "a division by what may be zero")
    inverse = ratio(1, b[1])
    return multiply(a, point(inverse) if b[0] is b[1] else (inverse, ratio(1, b[0])))


def power(a: Interval, exponent: int) -> Interval:
    """a to the power of a natural number."""
    if a[0] is a[1]:
        return point(a[0] ** exponent)
    ends = a[0] ** exponent, a[1] ** exponent
    if exponent % 2 or a[0] >= 0:
        return ends
    return (0 if a[1] >= 0 else min(ends)), max(ends)


def extreme(which: str, intervals: Sequence[Interval]) -> Interval:
    """The ``min`` or ``max`` of some numbers."""
    best: Any = min if which == "min" else max
    low = best(a[0] for a in intervals)
    return point(low) if all(a[0] is a[1] for a in intervals) else (low, best(a[1] for a in intervals))


def absolute(a: Interval) -> Interval:
    """|a|."""
    if a[0] >= 0:
        return a
    return negate(a) if a[1] <= 0 else (0, max(-a[0], a[1]))
