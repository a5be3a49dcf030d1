"""Ordered numbers: what the evaluator asks of the numbers that it computes with; the rationals as a first example.

The evaluator computes with arrays of Python objects and knows no type. What it needs of a number x:

- ``+ - * /`` with numbers of its kind, and with ``int`` and ``Fraction`` on either side; unary ``-`` and ``abs``;
- ``== < <= > >=`` with the same, a total order that agrees with the arithmetic: an ordered field;
- for anything else, ``INFINITE`` among it, its methods give ``NotImplemented``, so that the other side answers.

A domain gives the numbers of expressions. That of the rationals encloses ``sqrt``, ``exp`` and ``log`` in boxes; one
of polynomials in a parameter, compared on a cell of its range, gives numbers that are known exactly, and its
comparisons may raise whatever splits the cell: nothing here catches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from formal.enriched.expression import Expression
from formal.quantale import INFINITY, Box, Number
from formal.valuation.enclosure import enclose

Scalar = Any
"""An ordered number as described above, or ``INFINITE``."""


class Infinite:
    """Infinity among exact numbers of any size, which a float would not tolerate; greater than all of them."""

    __slots__ = ()

    def __add__(self, other: Scalar) -> Infinite:
        return self

    __radd__ = __add__
    __sub__ = __add__
    __mul__ = __add__
    __rmul__ = __add__
    __truediv__ = __add__
    __floordiv__ = __add__

    def __abs__(self) -> Infinite:
        return self

    def __eq__(self, other: object) -> bool:
        return other is self

    def __hash__(self) -> int:
        return hash(INFINITY)

    def __lt__(self, other: Scalar) -> bool:
        return False

    def __le__(self, other: Scalar) -> bool:
        return other is self

    def __gt__(self, other: Scalar) -> bool:
        return other is not self

    def __ge__(self, other: Scalar) -> bool:
        return True

    def __repr__(self) -> str:
        return "oo"


INFINITE = Infinite()
"""The only one. Subtracting it from a number is an error: whoever may have to, asks first."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``lower`` to ``upper``; like ``Box``, for the numbers of any domain."""

    lower: Scalar
    upper: Scalar

    @classmethod
    def point(cls, value: Scalar) -> Interval:
        """The interval of one number."""
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether the number is known exactly."""
        return self.lower is self.upper or bool(self.lower == self.upper)

    def box(self) -> Box:
        """The same as a box of numbers; for rational ends."""
        return Box(number_of(self.lower), number_of(self.upper))


def number_of(value: Scalar) -> Number:
    """A rational of the evaluator as a number of ``formal.quantale``."""
    return INFINITY if value is INFINITE else Fraction(value)


class Domain(Protocol):
    """Where the numbers of expressions come from."""

    def interval(self, expression: Expression) -> Interval:
        """The number that an expression stands for, or an enclosure of it.

        Raises:
            HasParameter: it has a parameter that this domain has no number for.
            Undefined: it does not exist, or cannot be told to.
        """

    @property
    def bits(self) -> int:
        """How closely to enclose an irrational number that no expression stands for."""


@dataclass(frozen=True, slots=True)
class Rationals:
    """The rational numbers; expressions that are irrational are boxes with ends of so many bits."""

    bits: int

    def interval(self, expression: Expression) -> Interval:
        """See ``Domain``."""
        box = enclose(expression, self.bits)
        return Interval(box.lower, box.upper)
