"""Rational enclosures of symbolic numbers: sqrt, exp and log of rationals between dyadic bounds as close as asked for.

Each operation is evaluated on boxes with exact rational arithmetic and rounded outwards to a number of binary
digits. ``exp`` is Taylor's series after halving the argument, ``log`` that of the inverse hyperbolic tangent after
powers of two are taken out, each with a bound on what is left of the series.

Source: Brent, Zimmermann 2010, Modern Computer Arithmetic, chapter 4.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import assert_never

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.quantale import Box, Number
from formal.valuation.walk import postorder

LARGEST_EXPONENT = 1 << 16
"""The greatest absolute argument of ``exp``; beyond it the result has too many digits to be of use."""


class HasParameter(Exception):
    """A number is left open, so there is no single truth value. Carries the parameter's name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"`{name}` is a parameter")


class Undefined(Exception):
    """A number does not exist, or it cannot be told that it does: says why."""


def enclose(expression: Expression, bits: int) -> Box:
    """A box around the number that an expression stands for, with ends of about so many significant bits.

    Raises:
        HasParameter: a parameter occurs in it.
        Undefined: it divides by zero, or takes the root or logarithm of what is not known to have one.
    """
    values: dict[int, Box] = {}
    for node in postorder(expression, _operands):
        match node:
            case Rational(value):
                values[id(node)] = Box.point(value)
            case Unknown(name):
                raise HasParameter(name)
            case Applied(operation, operands):
                boxes = [values[id(operand)] for operand in operands]
                values[id(node)] = rounded(_apply(operation, boxes, bits), bits)
            case _:
                assert_never(node)
    return values[id(expression)]


def _operands(expression: Expression) -> tuple[Expression, ...]:
    return expression.operands if isinstance(expression, Applied) else ()


def _apply(operation: Operation, boxes: list[Box], bits: int) -> Box:
    a = boxes[0]
    match operation:
        case Operation.NEGATE:
            return Box(-a.lower, -a.upper) if a.is_point else Box(-a.upper, -a.lower)
        case Operation.SQRT:
            return _sqrt(a, bits)
        case Operation.EXP:
            return Box(_exp(_fraction(a.lower), bits).lower, _exp(_fraction(a.upper), bits).upper)
        case Operation.LOG:
            if a.lower <= 0:
                raise Undefined("the logarithm of a number that is not known to be positive")
            return Box(_log(_fraction(a.lower), bits).lower, _log(_fraction(a.upper), bits).upper)
        case Operation.POWER:
            return power(a, int(boxes[1].lower), bits)
        case Operation.ADD:
            return Box(a.lower + boxes[1].lower, a.upper + boxes[1].upper)
        case Operation.SUBTRACT:
            return Box(a.lower - boxes[1].upper, a.upper - boxes[1].lower)
        case Operation.MULTIPLY:
            return product(a, boxes[1])
        case Operation.DIVIDE:
            return product(a, _inverse(boxes[1]))
        case _:
            assert_never(operation)


def product(a: Box, b: Box) -> Box:
    """All products of numbers of two boxes with finite ends."""
    corners = [x * y for x in (a.lower, a.upper) for y in (b.lower, b.upper)]
    return Box(min(corners), max(corners))


def power(a: Box, exponent: int, bits: int) -> Box:
    """All powers of the numbers of a box, the exponent being a natural number; rounded on the way."""
    if exponent % 2 == 0 and a.lower < 0:
        a = Box(0 if a.upper > 0 else -a.upper, max(-a.lower, a.upper))
    result, square = Box.point(Fraction(1)), a
    while exponent:
        if exponent & 1:
            result = rounded(product(result, square), bits)
        exponent >>= 1
        if exponent:
            square = rounded(product(square, square), bits)
    return result


def _inverse(a: Box) -> Box:
    if a.lower <= 0 <= a.upper:
        raise Undefined("division by what may be zero")
    return Box(1 / _fraction(a.upper), 1 / _fraction(a.lower))


def _fraction(value: Number) -> Fraction:
    return Fraction(value)


# --- rounding -------------------------------------------------------------------------------------


def rounded(box: Box, bits: int) -> Box:
    """A box around another with dyadic ends of so many bits; a point with a short numerator and denominator stays."""
    if box.is_point and _fraction(box.lower).denominator.bit_length() <= bits:
        return box
    return Box(_round(_fraction(box.lower), bits, up=False), _round(_fraction(box.upper), bits, up=True))


def _round(value: Fraction, bits: int, *, up: bool) -> Fraction:
    if value == 0:
        return value
    shift = bits - (abs(value.numerator).bit_length() - value.denominator.bit_length())
    scaled = value * Fraction(2) ** shift
    return Fraction(math.ceil(scaled) if up else math.floor(scaled)) / Fraction(2) ** shift


# --- functions ------------------------------------------------------------------------------------


def _sqrt(a: Box, bits: int) -> Box:
    if a.lower < 0:
        raise Undefined("the square root of a number that is not known to be at least 0")
    return Box(_root(_fraction(a.lower), bits).lower, _root(_fraction(a.upper), bits).upper)


def _root(value: Fraction, bits: int) -> Box:
    """The square root of a number that is at least 0; exactly when it is rational."""
    numerator, denominator = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if numerator**2 == value.numerator and denominator**2 == value.denominator:
        return Box.point(Fraction(numerator, denominator))
    shift = max(0, bits + (value.denominator.bit_length() - value.numerator.bit_length()) // 2 + 2)
    scaled = math.isqrt((value.numerator << 2 * shift) // value.denominator)
    return Box(Fraction(scaled, 1 << shift), Fraction(scaled + 1, 1 << shift))


def _exp(value: Fraction, bits: int) -> Box:
    """e to a rational power, its relative error about two to the minus ``bits``."""
    if value == 0:
        return Box.point(Fraction(1))
    if abs(value) > LARGEST_EXPONENT:
        raise Undefined(f"exp of a number that is greater than {LARGEST_EXPONENT}")
    if value < 0:
        return _inverse(_exp(-value, bits))
    halvings = max(0, (value.numerator // value.denominator).bit_length() + 4)
    digits = bits + 2 * halvings + 16
    one = 1 << digits
    argument = value / (1 << halvings)
    low, high = math.floor(argument * one), math.ceil(argument * one)
    lower = upper = term_low = term_high = one
    n = 0
    while term_high > 1:
        n += 1
        term_low = term_low * low // (one * n)
        term_high = -(-term_high * high // (one * n))
        lower += term_low
        upper += term_high
        if n > digits:
            break
    upper += 2 * term_high  # The rest of the series: the argument is below 1/8, so each term halves at least.
    for _ in range(halvings):
        lower = lower * lower // one
        upper = -(-upper * upper // one)
    return Box(Fraction(lower, one), Fraction(upper, one))


def _log(value: Fraction, bits: int) -> Box:
    """The natural logarithm of a positive rational."""
    if value == 1:
        return Box.point(Fraction(0))
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    mantissa = value / Fraction(2) ** exponent
    if 3 * mantissa > 4:
        mantissa, exponent = mantissa / 2, exponent + 1
    # Close to 1 the logarithm is about the difference, so that many more digits keep the relative error small.
    difference = abs(mantissa - 1)
    extra = 0
    if exponent == 0 and difference:
        extra = max(0, difference.denominator.bit_length() - difference.numerator.bit_length())
    digits = bits + extra + abs(exponent).bit_length() + 8
    part = _double_artanh((mantissa - 1) / (mantissa + 1), digits)
    if exponent == 0:
        return part
    two = _double_artanh(Fraction(1, 3), digits)
    low, high = exponent * _fraction(two.lower), exponent * _fraction(two.upper)
    return Box(part.lower + min(low, high), part.upper + max(low, high))


def _double_artanh(z: Fraction, digits: int) -> Box:
    """``2 artanh z = log((1 + z) / (1 - z))`` for ``|z| <= 1/3``."""
    if z < 0:
        box = _double_artanh(-z, digits)
        return Box(-box.upper, -box.lower)
    one = 1 << digits
    low, high = math.floor(z * one), math.ceil(z * one)
    low_square, high_square = low * low // one, -(-high * high // one)
    lower = upper = 0
    n = 1
    while high > 1 and n <= 2 * digits:
        lower += low // n
        upper += -(-high // n)
        low = low * low_square // one
        high = -(-high * high_square // one)
        n += 2
    upper += 2 * high  # The rest: at most high / n times the sum of the powers of 1/9.
    return Box(Fraction(2 * lower, one), Fraction(2 * upper, one))
