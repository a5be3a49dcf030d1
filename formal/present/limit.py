"""What an enumeration may use, counted in steps of its own, so that the same input always ends the same way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one enumeration.

    Args:
        arrows: the most arrows of a category, identities included.
        rules: the most rewrite rules that are ever derived.
        steps: the most letters read, compared or written, over all parts of the enumeration.
    """

    arrows: int = 200_000
    rules: int = 20_000
    steps: int = 40_000_000


DEFAULT_LIMITS = Limits()


class OutOfBudget(Exception):
    """A budget is used up.

    Args:
        budget: which one, in words.
    """

    def __init__(self, budget: str) -> None:
        self.budget = budget
        super().__init__(budget)


class Meter:
    """The steps taken so far.

    Args:
        limit: the most steps.
    """

    __slots__ = ("limit", "steps")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Count some steps; raises ``OutOfBudget`` beyond the limit."""
        self.steps += steps
        if self.steps > self.limit:
            raise OutOfBudget(f"{self.limit} steps")
