"""By how much tensors exceed entries, in about twice the precision of doubles, for where rounding hides the greatest.

Sums and products of two doubles are a double and an exactly known remainder.

Source: Dekker 1971, A floating-point technique for extending the available precision; Knuth, TAOCP 2, 4.2.2.
"""

from __future__ import annotations

from formal.bulk.semiring import Floats, tensor
from formal.quantale import Quantale

RELATIVE, ABSOLUTE = 2.0**-48, 2.0**-1000
"""Bounds on the error of ``excess`` where the exact excess is positive: both together, with room to spare."""

UNDERFLOW = 2.0**-900
"""Products below it lose digits: only of them an excess that is computed as 0 may be positive."""

_SPLITTER = 2.0**27 + 1


def excess(quantale: Quantale, a: Floats, b: Floats, c: Floats) -> Floats:
    """How much ``a (x) b`` exceeds c, entry by entry; at most 0 where it does not.

    Args:
        a, b, c: finite, or the bottom; of shapes that numpy broadcasts.
    """
    match quantale:
        case Quantale.PRODUCT:
            product, rest = _product(a, b)
            return (product - c) + rest
        case Quantale.LUKASIEWICZ:
            total, rest = _sum(a, b)
            return ((total - 1) - c) + rest
        case Quantale.LAWVERE:
            total, rest = _sum(a, b)
            return (c - total) - rest
        case _:
            return tensor(quantale, a, b) - c


def _sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The rounded sum, and what rounding took from it."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The rounded product, and what rounding took from it."""
    product = a * b
    high_a, high_b = _high(a), _high(b)
    low_a, low_b = a - high_a, b - high_b
    return product, ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b


def _high(a: Floats) -> Floats:
    """The upper half of the digits."""
    scaled = _SPLITTER * a
    return scaled - (scaled - a)
