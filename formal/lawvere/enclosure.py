"""Square roots, exponentials and logarithms of rational numbers, between two rational numbers.

Everything is computed in integers over a power of two, rounded down for lower and up for upper ends; so what is
enclosed is certain, and only how narrowly depends on the number of bits.

Source: Brent and Zimmermann, Modern Computer Arithmetic (2010), chapter 4.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from formal.lawvere.number import Interval, Number, is_point, point
from formal.lawvere.number import bits as bits_of
from formal.lawvere.reading import Ledger, Rejected, Undecided


def rounded(a: Interval, bits: int) -> Interval:
    """A multiple of 2^-bits below the lower end, and one above the upper end; what is known stays."""
    if is_point(a) or type(a[0]) not in (int, Fraction) or type(a[1]) not in (int, Fraction):
        return a
    return Fraction(_floor(a[0], bits), 1 << bits), Fraction(-_floor(-a[1], bits), 1 << bits)


def enclose(function: str, a: Interval, bits: int, ledger: Ledger) -> Interval:
    """``sqrt``, ``exp`` or ``log``, all of them increasing, of an interval."""
    if type(a[0]) not in (int, Fraction) or type(a[1]) not in (int, Fraction):
        raise Undecided("domain", f"{function} of what depends on a parameter, or is infinite")
    if (function == "sqrt" and a[0] < 0) or (function == "log" and a[0] <= 0):
        raise Undecided("domain", f"{function} of what may be negative or zero")
    if function == "exp" and max(map(abs, a)) > 4096:
        raise Rejected("limit", "exp of a number beyond 4096")
    found, digits = _FUNCTIONS[function], 3 * int(max(map(abs, a))) if function == "exp" else 0
    ledger.spend(1000 + (bits + digits + max(map(bits_of, a))) ** 2 // 64)
    low = found(Fraction(a[0]), bits)
    if is_point(a):
        return point(low[0]) if low[0] == low[1] else low
    return low[0], found(Fraction(a[1]), bits)[1]


def _floor(x: Number, bits: int) -> int:
    return int((x.numerator << bits) // x.denominator)


def _scaled(low: int, high: int, bits: int) -> Interval:
    return Fraction(low, 1 << bits), Fraction(high, 1 << bits)


def _sqrt(x: Fraction, bits: int) -> Interval:
    n, d = isqrt(x.numerator), isqrt(x.denominator)
    if (n * n, d * d) == (x.numerator, x.denominator):
        return point(Fraction(n, d))
    root = isqrt(_floor(x, 2 * bits))
    return _scaled(root, root + 1, bits)


def _exp(x: Fraction, bits: int) -> Interval:
    """Taylor's series of |x| / 2^k <= 1/2, squared k times; terms from some n on add up to at most twice that one."""
    if x == 0:
        return point(Fraction(1))
    k = max(0, int(abs(x)).bit_length() + 1)
    w = bits + k + 32 + 3 * int(abs(x))
    low = high = sum_low = sum_high = 1 << w
    y_low = _floor(abs(x) / 2**k, w)
    n = 0
    while high > 1:
        n += 1
        low, high = low * y_low // (n << w), -(-high * (y_low + 1) // (n << w))
        sum_low, sum_high = sum_low + low, sum_high + high
    sum_high += 2 * high
    for _ in range(k):
        sum_low, sum_high = sum_low * sum_low >> w, -(-sum_high * sum_high >> w)
    if x < 0:
        sum_low, sum_high = (1 << 2 * w) // sum_high, -(-(1 << 2 * w) // sum_low)
    return _scaled(sum_low, sum_high, w)


def _log(x: Fraction, bits: int) -> Interval:
    """``e log 2 + 2 artanh((m - 1) / (m + 1))`` for x = 2^e m with m from 2/3 to 4/3."""
    if x == 1:
        return point(Fraction(0))
    e = x.numerator.bit_length() - x.denominator.bit_length()
    m = x / Fraction(2) ** e
    while m > Fraction(4, 3):
        e, m = e + 1, m / 2
    while m < Fraction(2, 3):
        e, m = e - 1, m * 2
    w = bits + 32 + abs(e).bit_length()
    low, high = _artanh((m - 1) / (m + 1), w)
    two_low, two_high = _artanh(Fraction(1, 3), w)
    ends = (e * two_low, e * two_high)
    return _scaled(2 * (low + min(ends)), 2 * (high + max(ends)), w)


def _artanh(z: Fraction, w: int) -> tuple[int, int]:
    """``sum z^(2 n + 1) / (2 n + 1)``, over 2^w, for |z| <= 1/3: terms from some n on add up to at most twice that."""
    if z < 0:
        low, high = _artanh(-z, w)
        return -high, -low
    power_low = _floor(z, w)
    power_high = power_low + 1
    square_low = _floor(z * z, w)
    sum_low, sum_high, n = power_low, power_high, 1
    while power_high > 1:
        n += 2
        power_low, power_high = power_low * square_low >> w, -(-power_high * (square_low + 1) >> w)
        sum_low, sum_high = sum_low + power_low // n, sum_high - (-power_high // n)
    return sum_low, sum_high + 2 * power_high


_FUNCTIONS: dict[str, Callable[[Fraction, int], Interval]] = {"sqrt": _sqrt, "exp": _exp, "log": _log}
