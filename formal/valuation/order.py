"""Truth values that may be unknown: comparisons of intervals, and Kleene's connectives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from formal.enriched.formula import Order
from formal.valuation.domain import Interval

Truth = bool | None
"""None where neither is known."""


def compare(left: Interval, order: Order, right: Interval) -> Truth:
    """Whether two numbers compare so, when that is the same for all numbers of their intervals."""
    match order:
        case Order.AT_MOST:
            if left.upper <= right.lower:
                return True
            return False if left.lower > right.upper else None
        case Order.LESS:
            if left.upper < right.lower:
                return True
            return False if left.lower >= right.upper else None
        case Order.EQUAL:
            if left.is_point and right.is_point:
                return bool(left.lower == right.lower)
            return False if left.upper < right.lower or right.upper < left.lower else None
        case _:
            assert_never(order)


def negation(truth: Truth) -> Truth:
    """The opposite."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Whether all hold."""
    found = tuple(truths)
    if False in found:
        return False
    return None if None in found else True


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Whether some holds."""
    return negation(conjunction(negation(truth) for truth in truths))
