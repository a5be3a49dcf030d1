"""Polynomials in one variable with integer coefficients: arithmetic, common divisors, isolation of real roots.

A polynomial is the tuple of its coefficients, constant term first, the last one not zero; zero is the empty tuple. A
function that is only concerned with roots or signs may multiply by a positive number, and says so.

Every step is accounted for, so that a budget ends what takes too long; that is why this is not left to a library of
computer algebra, as factorisation is (``formal.solve.line.factors``, within bounds).

Source: Basu, Pollack, Roy 2006, Algorithms in Real Algebraic Geometry, chapters 8 and 10; Collins, Akritas 1976.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, zip_longest
from math import gcd

Polynomial = tuple[int, ...]
Spend = Callable[[int], None]
"""Accounts for so many elementary steps, and raises when there are none left."""


def trimmed(coefficients: Sequence[int]) -> Polynomial:
    """Without leading zeros."""
    size = len(coefficients)
    while size and not coefficients[size - 1]:
        size -= 1
    return tuple(coefficients[:size])


def add(a: Polynomial, b: Polynomial) -> Polynomial:
    """a + b."""
    return trimmed([x + y for x, y in zip_longest(a, b, fillvalue=0)])


def subtract(a: Polynomial, b: Polynomial) -> Polynomial:
    """a - b."""
    return trimmed([x - y for x, y in zip_longest(a, b, fillvalue=0)])


def scale(a: Polynomial, factor: int) -> Polynomial:
    """A multiple."""
    return tuple(factor * x for x in a) if factor else ()


def multiply(a: Polynomial, b: Polynomial) -> Polynomial:
    """a b."""
    if not a or not b:
        return ()
    product = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                product[i + j] += x * y
    return tuple(product)


def primitive(a: Polynomial) -> Polynomial:
    """Divided by the greatest common divisor of the coefficients; signs stay."""
    divisor = gcd(*a)
    return tuple(x // divisor for x in a) if divisor > 1 else a


def derivative(a: Polynomial) -> Polynomial:
    """The derivative."""
    return tuple(i * x for i, x in enumerate(a))[1:]


def sign_at(a: Polynomial, x: Fraction) -> int:
    """The sign of a(x): -1, 0 or 1."""
    value, power = 0, 1
    for coefficient in reversed(a):
        value = value * x.numerator + coefficient * power
        power *= x.denominator
    return (value > 0) - (value < 0)


def bits(a: Polynomial) -> int:
    """Of the largest coefficient."""
    return max(map(int.bit_length, a), default=0)


# --- division -------------------------------------------------------------------------------------


def remainder(a: Polynomial, b: Polynomial, spend: Spend) -> Polynomial:
    """A multiple of the remainder of a divided by b, primitive; up to sign."""
    rest = list(a)
    while len(rest) >= len(b):
        top, shift = rest.pop(), len(rest) + 1 - len(b)
        if top:
            spend(len(b) * (4 + (top.bit_length() >> 6)))
            divisor = gcd(top, b[-1])
            up, down = b[-1] // divisor, top // divisor
            rest = [up * x for x in rest]
            for i, y in enumerate(b[:-1]):
                rest[shift + i] -= down * y
    return primitive(trimmed(rest))


def common_divisor(a: Polynomial, b: Polynomial, spend: Spend) -> Polynomial:
    """The greatest common divisor, primitive, its leading coefficient positive; 1 has degree 0."""
    a, b = primitive(a), primitive(b)
    while b:
        a, b = b, remainder(a, b, spend)
    return a if not a or a[-1] > 0 else scale(a, -1)


def quotient(a: Polynomial, b: Polynomial) -> Polynomial:
    """a / b for a primitive b that divides a."""
    rest, result = list(a), [0] * (len(a) - len(b) + 1)
    for shift in reversed(range(len(result))):
        result[shift] = rest[shift + len(b) - 1] // b[-1]
        for i, y in enumerate(b):
            rest[shift + i] -= result[shift] * y
    return tuple(result)


def square_free(a: Polynomial, spend: Spend) -> Polynomial:
    """The polynomial with the same roots, each once, primitive; its leading coefficient is positive."""
    a = primitive(a)
    divisor = common_divisor(a, derivative(a), spend)
    reduced = primitive(quotient(a, divisor))
    return reduced if reduced[-1] > 0 else scale(reduced, -1)


# --- real roots -----------------------------------------------------------------------------------


def isolate(a: Polynomial, low: Fraction, high: Fraction, spend: Spend) -> list[tuple[Fraction, Fraction]]:
    """The roots of a square-free polynomial strictly between two numbers, in order.

    Returns:
        For each an interval: (x, x) for a root that bisection met, else (x, y) with x < root < y, no other root in
        between, and neither x nor y a root.
    Source: Descartes' rule of signs after Moebius transformations (Collins, Akritas 1976).
    """
    found: list[tuple[Fraction, Fraction]] = []
    start = _onto(a, low, high)
    stack = [(start, low, high)]
    while stack:
        f, x, y = stack.pop()
        spend(len(f) * len(f) * (4 + (bits(f) >> 6)))
        if not f[0]:  # A root at x was found already.
            f = f[1:]
        count = _variations(f)
        if count == 0:
            continue
        if count == 1 and sign_at(a, x) and sign_at(a, y):
            found.append((x, y))
            continue
        middle = (x + y) / 2
        left = tuple(c << (len(f) - 1 - i) for i, c in enumerate(f))
        right = _shifted(left)
        stack.append((right, middle, y))
        if not right[0]:
            found.append((middle, middle))
        stack.append((left, x, middle))
    return sorted(found)


def _onto(a: Polynomial, low: Fraction, high: Fraction) -> Polynomial:
    """A positive multiple of ``a(low + (high - low) x)``: what is between low and high is between 0 and 1."""
    common = low.denominator * high.denominator
    start, step = int(low * common), int((high - low) * common)
    # Horner's scheme with polynomials, homogeneous in the denominator.
    result: Polynomial = ()
    power = 1
    for coefficient in reversed(a):
        result = add(multiply(result, (start, step)), (coefficient * power,))
        power *= common
    return primitive(result)


def _shifted(a: Polynomial) -> Polynomial:
    """``a(x + 1)``."""
    result = list(a)
    for i in range(len(a) - 1):
        for j in reversed(range(i, len(a) - 1)):
            result[j] += result[j + 1]
    return tuple(result)


def _variations(a: Polynomial) -> int:
    """Changes of sign of ``(1 + x)^n a(1 / (1 + x))``: as many as roots between 0 and 1, or more by an even number."""
    signs = [x > 0 for x in _shifted(tuple(reversed(a))) if x]
    return sum(one != other for one, other in pairwise(signs))
