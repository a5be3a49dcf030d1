"""What a sample says of a population: intervals for rates, corrected for choice and for shared objects, as rationals.

A verdict is a fact about one matrix and needs none of this. Who speaks of the population that objects were drawn from
does: a rate comes with an interval that contains the population's rate with a confidence. Bounds are rounded outwards,
so an interval is never narrower than what it is called.

Source: Clopper and Pearson 1934 (exact binomial bounds); Hoeffding 1963, theorem 2 (bounded variables) and section 5
(averages over tuples that share objects); Bonferroni's inequality (choice among candidates).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

DIGITS = 9
"""Decimals that bounds are rounded to, outwards."""
CONFIDENCE = Fraction(19, 20)
"""Where none is asked for."""
WIDEST = Fraction(1, 2)
"""An interval for a rate that is wider says too little to agree with anything."""
_GRID = 10**DIGITS
_ROUNDING = 1e-12
"""Of the incomplete beta function's inverse, relative to 1, with a margin of three digits."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``lower`` to ``upper``, both included.

    Raises:
        ValueError: the ends are the wrong way round.
    """

    lower: Fraction
    upper: Fraction

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(f"no number lies between {self.lower} and {self.upper}")

    @classmethod
    def point(cls, value: Fraction) -> Interval:
        """The interval of one number."""
        return cls(value, value)

    @property
    def width(self) -> Fraction:
        """``upper - lower``."""
        return self.upper - self.lower

    def __contains__(self, value: Fraction) -> bool:
        return self.lower <= value <= self.upper


def clopper_pearson(successes: int, trials: int, confidence: Fraction = CONFIDENCE) -> Interval:
    """The two-sided interval for the rate of independent trials: each side errs with half of the probability.

    >>> clopper_pearson(0, 132)
    Interval(lower=Fraction(0, 1), upper=Fraction(13779589, 500000000))

    Raises:
        ValueError: there are more successes than trials, or the confidence is not between 0 and 1.
    """
    _require_confidence(confidence)
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} trials make no sense")
    if trials == 0:
        return Interval(Fraction(0), Fraction(1))
    from scipy.special import betaincinv

    tail = float((1 - confidence) / 2)
    lower = 0.0 if successes == 0 else float(betaincinv(successes, trials - successes + 1, tail))
    upper = 1.0 if successes == trials else 1.0 - float(betaincinv(trials - successes, successes + 1, tail))
    return _outwards(lower, upper, _ROUNDING)


def hoeffding(mean: Fraction, independent: int, confidence: Fraction = CONFIDENCE) -> Interval:
    """The interval for the expectation of an average of numbers between 0 and 1.

    Args:
        mean: the average, over independent numbers, or over all tuples of objects.
        independent: how many of them are independent; for r-tuples of N objects ``disjoint_tuples(N, r)``.
    Raises:
        ValueError: the mean is not between 0 and 1, nothing is independent, or the confidence is no confidence.
    """
    if not 0 <= mean <= 1:
        raise ValueError(f"the mean {mean} is not between 0 and 1")
    radius = hoeffding_radius(independent, confidence=confidence)
    return Interval(max(Fraction(0), mean - radius), min(Fraction(1), mean + radius))


def hoeffding_radius(samples: int, entries: int = 1, confidence: Fraction = CONFIDENCE) -> Fraction:
    """How far the averages of several entries may be from their expectations, all of them at once.

    ``sqrt(log(2 entries / (1 - confidence)) / (2 samples))``, rounded up.

    >>> hoeffding_radius(20_000, 35, Fraction(99, 100))
    Fraction(2975511, 200000000)

    Args:
        samples: independent ones, for each entry; values between 0 and 1.
        entries: that are estimated; they need not be independent of each other.
    Raises:
        ValueError: there are no samples or entries, or the confidence is not between 0 and 1.
    """
    _require_confidence(confidence)
    if samples < 1 or entries < 1:
        raise ValueError(f"{samples} samples for {entries} entries make no sense")
    ratio = Fraction(2 * entries) / (1 - confidence)
    # Of integers of any size, so that no confidence is too near 1.
    logarithm = math.log(ratio.numerator) - math.log(ratio.denominator)
    return _up(math.sqrt(logarithm / (2 * samples)) * (1 + _ROUNDING))


def hoeffding_boxes(
    counts: Sequence[Sequence[int]], samples: Sequence[int], confidence: Fraction = CONFIDENCE
) -> tuple[tuple[Interval, ...], ...]:
    """Boxes for a matrix of rates that were estimated by sampling, which contain all true rates at once.

    The confidence is shared equally among all entries, so each row's radius is that of its own number of samples.

    Args:
        counts: shape (rows, columns): how often the column was seen from the row.
        samples: how many were drawn from each row.
    Raises:
        ValueError: a count is not between 0 and its number of samples, or there are not as many rows as numbers.
    """
    entries = sum(len(row) for row in counts)
    found = []
    for row, drawn in zip(counts, samples, strict=True):
        if not all(0 <= count <= drawn for count in row):
            raise ValueError(f"a count is not between 0 and {drawn}")
        radius = hoeffding_radius(drawn, entries, confidence)
        rates = [Fraction(count, drawn) for count in row]
        found.append(tuple(Interval(max(Fraction(0), p - radius), min(Fraction(1), p + radius)) for p in rates))
    return tuple(found)


def bonferroni(confidence: Fraction, candidates: int) -> Fraction:
    """The confidence that each of several intervals needs, for all of them to hold at once with the given one.

    >>> bonferroni(Fraction(19, 20), 10)
    Fraction(199, 200)

    Raises:
        ValueError: there are no candidates, or the confidence is not between 0 and 1.
    """
    _require_confidence(confidence)
    if candidates < 1:
        raise ValueError("there are no candidates")
    return 1 - (1 - confidence) / candidates


def disjoint_tuples(objects: int, arity: int) -> int:
    """How many disjoint tuples of some length there are: those that share objects are not independent.

    >>> disjoint_tuples(397, 3)
    132
    """
    return objects // arity


def rate(correct: int, count: int, trials: int, confidence: Fraction = CONFIDENCE) -> Interval:
    """The interval for a rate in the population that the objects were drawn from.

    When all that was counted is independent the bounds are exact. An average over tuples that share objects is
    bounded as if there were as many tuples as are disjoint.

    Args:
        correct, count: of the objects or tuples that were looked at.
        trials: how many of them are independent.
    Raises:
        ValueError: nothing is independent, or the numbers make no sense.
    """
    if trials >= count:
        return clopper_pearson(correct, count, confidence)
    return hoeffding(Fraction(correct, count), trials, confidence)


# --- rounding -------------------------------------------------------------------------------------


def _require_confidence(confidence: Fraction) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")


def _outwards(lower: float, upper: float, slack: float) -> Interval:
    bottom, top = Fraction(lower) - Fraction(slack), Fraction(upper) + Fraction(slack)
    down = Fraction(math.floor(bottom * _GRID), _GRID) if lower > 0 else Fraction(0)
    return Interval(max(Fraction(0), down), min(Fraction(1), Fraction(math.ceil(top * _GRID), _GRID)))


def _up(value: float) -> Fraction:
    return Fraction(math.ceil(Fraction(value) * _GRID), _GRID)
