"""A commutative quantale: a complete lattice with a commutative tensor that keeps joins, and its residual.

Five are at hand, each a chain of numbers, so that joins and meets of finitely many are greatest and least ones:

============= ============ ============== ======= ======================= =========================
quantale      carrier      a <= b means   unit    a (x) b                 [a, b]
============= ============ ============== ======= ======================= =========================
boolean       {0, 1}       a <= b         1       min(a, b)               1 if a <= b else b
product       [0, 1]       a <= b         1       a b                     1 if a <= b else b / a
godel         [0, 1]       a <= b         1       min(a, b)               1 if a <= b else b
lukasiewicz   [0, 1]       a <= b         1       max(0, a + b - 1)       min(1, 1 - a + b)
lawvere       [0, oo]      a >= b         0       a + b                   max(b - a, 0)
============= ============ ============== ======= ======================= =========================

In the quantale of Lawvere the order is that of the numbers turned around: the join of distances is the least one.

Source: Lawvere 1973, Metric spaces, generalized logic, and closed categories; Hajek 1998 for the t-norms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

INFINITY = math.inf
"""The only float among exact numbers; it occurs in the quantale of Lawvere alone."""

Number = Fraction | int | float
"""An exact rational number, or INFINITY."""


class Quantale(Enum):
    """One of the five; its value is the word of the language."""

    BOOLEAN = "boolean"
    PRODUCT = "product"
    GODEL = "godel"
    LUKASIEWICZ = "lukasiewicz"
    LAWVERE = "lawvere"

    @property
    def unit(self) -> int:
        """The neutral element of the tensor; the greatest element in all five."""
        return 0 if self is Quantale.LAWVERE else 1

    @property
    def bottom(self) -> Number:
        """The least element: the join of nothing."""
        return INFINITY if self is Quantale.LAWVERE else 0

    def contains(self, a: Number) -> bool:
        """Whether a number belongs to the carrier."""
        match self:
            case Quantale.BOOLEAN:
                return a in (0, 1)
            case Quantale.LAWVERE:
                return a >= 0
            case _:
                return 0 <= a <= 1

    def below(self, a: Number, b: Number) -> bool:
        """Whether a <= b in the order of the quantale."""
        return a >= b if self is Quantale.LAWVERE else a <= b

    def tensor(self, a: Number, b: Number) -> Number:
        """a (x) b."""
        match self:
            case Quantale.PRODUCT:
                return a * b
            case Quantale.LUKASIEWICZ:
                return max(0, a + b - 1)
            case Quantale.LAWVERE:
                return a + b
            case _:
                return min(a, b)

    def residual(self, a: Number, b: Number) -> Number:
        """[a, b], the greatest c with c (x) a <= b."""
        if self.below(a, b):
            return self.unit
        match self:
            case Quantale.PRODUCT:
                return Fraction(b) / Fraction(a)
            case Quantale.LUKASIEWICZ:
                return 1 - a + b
            case Quantale.LAWVERE:
                return b - a
            case _:
                return b

    def join(self, values: Iterable[Number]) -> Number:
        """The least upper bound; the bottom for no values."""
        return min(values, default=self.bottom) if self is Quantale.LAWVERE else max(values, default=self.bottom)

    def meet(self, values: Iterable[Number]) -> Number:
        """The greatest lower bound; the unit, which is the top, for no values."""
        return max(values, default=self.unit) if self is Quantale.LAWVERE else min(values, default=self.unit)

    def excess(self, a: Number, b: Number) -> Number:
        """By how much a fails to be <= b: the least number e >= 0 such that a is at most b moved up by e."""
        if self.below(a, b):
            return 0
        return b - a if self is Quantale.LAWVERE else a - b
