"""Exact numbers, rounded for a table: the same text on every platform.

Four digits after the point, or three that count where a number is smaller; no zero before the point. What only rounds
to an integer is written as nearly that.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

_PLACES = 4
_COUNT = 3


def exact(text: str | None) -> Fraction | None:
    """A number of a report; None where it has none, which stands for infinity."""
    return None if text is None else Fraction(text)


def rounded(value: Fraction) -> str:
    """The number, to the nearest.

    >>> [rounded(Fraction(x)) for x in ("1/3", "7", "-0.05", "0.00004218", "0.99999", "0.0304198")]
    ['.3333', '7', '-.05', '4.22e-5', '≈ 1', '.0304']
    """
    if value.denominator == 1:
        return str(value.numerator)
    places = _PLACES
    while abs(value) * 10**places < 10 ** (_COUNT - 1):
        places += 1
    digits = round(value * 10**places)
    if digits % 10**places == 0:
        return f"≈ {digits // 10**places}"
    if places > 2 * _COUNT:
        return f"{_decimal(digits, len(str(abs(digits))) - 1)}e-{places - len(str(abs(digits))) + 1}"
    return _decimal(digits, places)


def outward(lower: Fraction, upper: Fraction) -> str:
    """An interval that contains the given one.

    >>> outward(Fraction("0.87667"), Fraction("0.93568"))
    '[.876, .936]'
    """
    scale = 10**_COUNT
    return f"[{_decimal(floor(lower * scale), _COUNT)}, {_decimal(ceil(upper * scale), _COUNT)}]"


def between(lower: Fraction | None, upper: Fraction | None) -> str:
    """A value that is known to lie between two ends; one number where they round to the same."""
    if lower is None or upper is None:
        return "∞" if lower is None else f"≥ {rounded(lower)}"
    return rounded(lower) if rounded(lower) == rounded(upper) else outward(lower, upper)


def percent(value: Fraction) -> str:
    """A share of a hundred, exactly.

    >>> percent(Fraction(1999, 2000))
    '99.95 %'
    """
    share = value * 100
    return f"{share.numerator if share.denominator == 1 else float(share)} %"


def _decimal(digits: int, places: int) -> str:
    """``digits`` with the point before the last ``places``, without zeros that say nothing."""
    whole, part = divmod(abs(digits), 10**places)
    text = f"{part:0{places}}".rstrip("0") if places else ""
    sign = "-" if digits < 0 else ""
    return f"{sign}{whole}" if not text else f"{sign}{whole or ''}.{text}"
