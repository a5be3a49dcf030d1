"""The range of a parameter with the real algebraic numbers on it that matter, in order and apart from each other.

Each number is known by a square-free polynomial and an interval in which that has no other root. All intervals on a
line are disjoint, so that two of its numbers compare as their intervals do, and no polynomial whose roots are on the
line changes its sign within the interval of another number.

Source: Basu, Pollack, Roy 2006, Algorithms in Real Algebraic Geometry, section 10.3.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from functools import cmp_to_key

from formal.enriched.evidence import Algebraic
from formal.solve.polynomial import (
    Polynomial,
    Spend,
    bits,
    common_divisor,
    isolate,
    primitive,
    sign_at,
    square_free,
)

_FACTORED_DEGREE = 12
_FACTORED_BITS = 256
"""Polynomials beyond these are left as they are: factors only serve readers."""
_RATIONAL_BITS = 1024
"""Roots of polynomials with a longer leading coefficient are not tried for being rational."""


class Root:
    """A real algebraic number, equal to no other one on its line.

    Args:
        polynomial: square-free.
        lower, upper: equal for a rational number; else the root is strictly between and the only one there, and the
            ends are none. They come closer as numbers are told apart.
    """

    __slots__ = ("lower", "polynomial", "upper")

    def __init__(self, polynomial: Polynomial, lower: Fraction, upper: Fraction) -> None:
        self.polynomial = polynomial
        self.lower = lower
        self.upper = upper

    @classmethod
    def rational(cls, value: Fraction) -> Root:
        """A rational number."""
        return cls((-value.numerator, value.denominator), value, value)

    @property
    def is_rational(self) -> bool:
        """Whether it is known to be rational."""
        return self.lower == self.upper

    def become(self, value: Fraction) -> None:
        """Be known as a rational number from now on."""
        self.polynomial, self.lower, self.upper = (-value.numerator, value.denominator), value, value

    def refine(self, spend: Spend) -> None:
        """Halve the interval."""
        if self.is_rational:
            return
        middle = (self.lower + self.upper) / 2
        spend(len(self.polynomial) * (8 + (bits(self.polynomial) + middle.denominator.bit_length() >> 5)))
        sign = sign_at(self.polynomial, middle)
        if not sign:
            self.become(middle)
        elif sign == sign_at(self.polynomial, self.lower):
            self.lower = middle
        else:
            self.upper = middle

    def algebraic(self) -> Algebraic:
        """The same as data."""
        return Algebraic(self.polynomial, self.lower, self.upper)


def is_less(a: Root, b: Root) -> bool:
    """Whether a < b, both being on one line."""
    return a.upper < b.lower


class Line:
    """All numbers from ``low`` to ``high``.

    Args:
        spend: accounts for the work; raises when it is too much.
    """

    def __init__(self, low: Fraction, high: Fraction, spend: Spend) -> None:
        self.low = Root.rational(low)
        self.high = self.low if low == high else Root.rational(high)
        self._spend = spend
        self._roots = [self.low] if low == high else [self.low, self.high]
        self._known: dict[Polynomial, tuple[Root, ...]] = {}

    def roots_of(self, polynomial: Polynomial) -> tuple[Root, ...]:
        """The roots of a polynomial that is not zero, strictly between the ends of the line, in order."""
        polynomial = primitive(polynomial)
        if polynomial not in self._known:
            self._known[polynomial] = self._find(polynomial)
        return self._known[polynomial]

    def between(self, a: Root, b: Root) -> Fraction:
        """A simple rational number strictly between two numbers on the line, the first being less."""
        return simplest_between(a.upper, b.lower)

    def sign_at(self, polynomial: Polynomial, at: Root) -> int:
        """The sign of a polynomial at a number on the line."""
        if not at.is_rational and at in self.roots_of(polynomial):
            return 0
        return sign_at(polynomial, at.lower)

    def _find(self, polynomial: Polynomial) -> tuple[Root, ...]:
        if len(polynomial) < 2 or self.low is self.high:
            return ()
        free = square_free(polynomial, self._spend)
        found = []
        for lower, upper in isolate(free, self.low.lower, self.high.lower, self._spend):
            root = Root(free, lower, upper)
            if root.is_rational:
                root.become(lower)
            else:
                self._simplify(root)
            found.append(self._place(root))
        return tuple(found)

    def _place(self, root: Root) -> Root:
        """The number on the line that equals a root, put there if it is new."""
        key = cmp_to_key(self._compare)
        position = bisect_left(self._roots, key(root), key=key)
        if position < len(self._roots) and self._compare(self._roots[position], root) == 0:
            return self._roots[position]
        self._roots.insert(position, root)
        return root

    def _compare(self, a: Root, b: Root) -> int:
        """The order of two numbers, whose intervals are disjoint afterwards unless they are equal."""
        if a is b:
            return 0
        is_new = True
        while not (a.upper < b.lower or b.upper < a.lower):
            if a.is_rational and b.is_rational:
                return 0
            if is_new and self._are_equal(a, b):
                return 0
            is_new = False
            a.refine(self._spend)
            b.refine(self._spend)
        return -1 if a.upper < b.lower else 1

    def _are_equal(self, a: Root, b: Root) -> bool:
        """Whether two numbers with overlapping intervals are equal; both are known to be rational then if one is."""
        if a.is_rational:
            a, b = b, a
        if b.is_rational:
            if a.lower < b.lower < a.upper and not sign_at(a.polynomial, b.lower):
                a.become(b.lower)
                return True
            return False
        low, high = max(a.lower, b.lower), min(a.upper, b.upper)
        if low >= high:
            return False
        common = common_divisor(a.polynomial, b.polynomial, self._spend)
        return len(common) > 1 and sign_at(common, low) != sign_at(common, high)

    def _simplify(self, root: Root) -> None:
        """Know a number as rational, or by a polynomial of least degree, where that is easy to find."""
        leading = abs(root.polynomial[-1])
        if leading.bit_length() <= _RATIONAL_BITS:
            # The numerator of a rational root over the leading coefficient is an integer.
            while (root.upper - root.lower) * leading >= 1 and not root.is_rational:
                root.refine(self._spend)
            candidate = Fraction(-(-(root.lower * leading).numerator // (root.lower * leading).denominator), leading)
            if root.lower < candidate < root.upper and not sign_at(root.polynomial, candidate):
                root.become(candidate)
        degree = len(root.polynomial) - 1
        if 4 <= degree <= _FACTORED_DEGREE and bits(root.polynomial) <= _FACTORED_BITS:
            for factor in factors(root.polynomial):
                if sign_at(factor, root.lower) != sign_at(factor, root.upper):
                    root.polynomial = factor


def factors(polynomial: Polynomial) -> list[Polynomial]:
    """The irreducible factors of a polynomial."""
    from sympy import Poly, Symbol

    _, found = Poly(list(reversed(polynomial)), Symbol("x")).factor_list()
    return [tuple(int(c) for c in reversed(factor.all_coeffs())) for factor, _ in found]


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The number with the least denominator, and then the least absolute numerator, strictly between two.

    Source: Graham, Knuth, Patashnik 1994, Concrete Mathematics, section 4.5 (the Stern-Brocot tree).
    """
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -simplest_between(-high, -low)
    whole: list[int] = []
    bounds: tuple[Fraction, Fraction | None] = (low, high)
    while True:
        # The continued fraction that both bounds begin with; None stands for infinity.
        lower, upper = bounds
        floor = lower.numerator // lower.denominator
        if upper is None or floor + 1 < upper:
            whole.append(floor + 1)
            break
        whole.append(floor)
        rest = lower - floor
        bounds = 1 / (upper - floor), None if rest == 0 else 1 / rest
    value = Fraction(whole.pop())
    while whole:
        value = whole.pop() + 1 / value
    return value
