"""Real algebraic numbers and unions of intervals as text: radicals where they are simple, else names with decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

from formal.enriched.evidence import Algebraic
from formal.solve.polynomial import Polynomial, sign_at

_DECIMALS = 12
_MORE_DECIMALS = (24, 48, 96)
"""Tried when numbers look alike."""
_LARGEST_PRIME = 1000
"""Squares of larger primes are left under roots."""
_LONG = 24
"""A polynomial or fraction that takes more characters is not written out."""


@dataclass(slots=True)
class Names:
    """Names for numbers that are too long to be written where they stand: ``r1``, ``r2``, … as they are met.

    Args:
        variable: what polynomials are in.
    """

    variable: str
    known: dict[Algebraic, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def text(self, number: Algebraic) -> str:
        """A number, or its name."""
        if number.lower == number.upper:
            if len(str(number.lower)) <= _LONG:
                return str(number.lower)
        elif (found := radical(number)) is not None:
            return found
        name = self.known.setdefault(number, f"r{len(self.known) + 1}")
        self._used.add(name)
        return name

    def explained(self, text: str) -> str:
        """A text followed by what the names in it stand for, those that ``text`` gave since the last time."""
        used, self._used = self._used, set()
        if not used:
            return text
        numbers = list(self.known)
        shown = [decimal(number) for number in numbers]
        for digits in _MORE_DECIMALS:
            if len(set(shown)) == len(shown):
                break
            shown = [decimal(number, digits) for number in numbers]
        stated = [
            f"; {name} = {decimals}{self._origin(number)}"
            for (number, name), decimals in zip(self.known.items(), shown, strict=True)
            if name in used
        ]
        return "".join([text, *stated])

    def _origin(self, number: Algebraic) -> str:
        if number.lower == number.upper:
            return ""
        shown = polynomial_text(number.polynomial, self.variable)
        degree = len(number.polynomial) - 1
        return f", the root of {shown if len(shown) <= 4 * _LONG else f'a polynomial of degree {degree}'}"


def show_pieces(pieces: Sequence[tuple[Algebraic, Algebraic, bool, bool]], names: Names) -> str:
    """A union of intervals: for each its ends, and whether they belong to it."""
    if not pieces:
        return "∅"
    return " ∪ ".join(_interval(*piece, names) for piece in pieces)


def _interval(lower: Algebraic, upper: Algebraic, has_lower: bool, has_upper: bool, names: Names) -> str:
    if lower == upper:
        return f"{{{names.text(lower)}}}"
    left, right = "[" if has_lower else "(", "]" if has_upper else ")"
    return f"{left}{names.text(lower)}, {names.text(upper)}{right}"


# --- numbers --------------------------------------------------------------------------------------


def decimal(number: Algebraic, digits: int = _DECIMALS) -> str:
    """The number to so many decimals, with an ellipsis where there are more."""
    number = refined(number, Fraction(1, 10 ** (digits + 2)))
    middle = (number.lower + number.upper) / 2
    scaled = abs(middle) * 10**digits
    whole = str(int(scaled)).rjust(digits + 1, "0")
    text = f"{'-' if middle < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"
    if number.lower == number.upper and scaled.denominator == 1:
        return text.rstrip("0").rstrip(".")
    return f"{text}…"


def refined(number: Algebraic, width: Fraction) -> Algebraic:
    """The same number in an interval that is no longer than this."""
    polynomial, lower, upper = number.polynomial, number.lower, number.upper
    while upper - lower > width:
        middle = (lower + upper) / 2
        sign = sign_at(polynomial, middle)
        if not sign:
            lower = upper = middle
        elif sign == sign_at(polynomial, lower):
            lower = middle
        else:
            upper = middle
    return Algebraic(polynomial, lower, upper)


def polynomial_text(polynomial: Polynomial, variable: str) -> str:
    """A polynomial, highest power first: ``2 p^3 + p - 1``."""
    terms: list[str] = []
    for power in reversed(range(len(polynomial))):
        coefficient = polynomial[power]
        if not coefficient:
            continue
        size = "" if abs(coefficient) == 1 and power else str(abs(coefficient))
        letter = "" if not power else variable if power == 1 else f"{variable}^{power}"
        sign = (" - " if coefficient < 0 else " + ") if terms else "-" if coefficient < 0 else ""
        terms.append(sign + f"{size} {letter}".strip())
    return "".join(terms) or "0"


# --- radicals -------------------------------------------------------------------------------------


def radical(number: Algebraic) -> str | None:
    """An irrational number by roots, where a single one or two nested ones do; None otherwise."""
    polynomial = number.polynomial
    degree = len(polynomial) - 1
    if any(abs(c) >= 10**12 for c in polynomial):
        return None
    if degree == 2:
        return _of_quadratic(polynomial, _is_greater(number, polynomial, squared=False))
    if degree > 2 and not any(polynomial[1:-1]):
        size = f"({Fraction(abs(polynomial[0]), abs(polynomial[-1]))})^(1/{degree})"
        return size if number.upper > 0 else f"-{size}"
    if degree == 4 and not polynomial[1] and not polynomial[3]:
        inner = (polynomial[0], polynomial[2], polynomial[4])
        text = _of_quadratic(inner, _is_greater(number, inner, squared=True))
        if text is not None:
            return f"{'' if number.upper > 0 else '-'}sqrt({text})"
    return None


def _is_greater(number: Algebraic, quadratic: Polynomial, *, squared: bool) -> bool:
    """Whether a number, or its square, is the greater one of the two irrational roots of a quadratic polynomial."""
    vertex = Fraction(-quadratic[1], 2 * quadratic[2])
    while True:
        low, high = number.lower, number.upper
        if not squared or low * high > 0:
            if squared:
                low, high = sorted((low * low, high * high))
            if low >= vertex:
                return True
            if high <= vertex:
                return False
        number = refined(number, (number.upper - number.lower) / 2)


def _of_quadratic(polynomial: Polynomial, is_greater: bool) -> str | None:
    """``(-b + s sqrt(d)) / (2 a)`` with as little under the root as is easy to find."""
    c, b, a = polynomial if polynomial[2] > 0 else tuple(-x for x in polynomial)
    inside, outside = b * b - 4 * a * c, 1
    for prime in range(2, _LARGEST_PRIME):
        while inside % (prime * prime) == 0:
            inside, outside = inside // (prime * prime), outside * prime
    divisor = gcd(b, outside, 2 * a)
    rational, factor, below = -b // divisor, outside // divisor, 2 * a // divisor
    root = f"sqrt({inside})" if factor == 1 else f"{factor}*sqrt({inside})"
    if not rational:
        text = root if is_greater else f"-{root}"
    else:
        if is_greater:
            text = f"{root} - {-rational}" if rational < 0 else f"{rational} + {root}"
        else:
            text = f"{rational} - {root}"
        text = f"({text})" if below > 1 else text
    return text if below == 1 else f"{text}/{below}"
