"""How far a search for counter-models goes: sizes, and steps that are counted alike on every machine."""

from __future__ import annotations

from dataclasses import dataclass

CONFLICT_STEPS = 20
"""What a conflict of the SAT solver costs, in steps."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When a search ends without a counter-model.

    Args:
        max_size: objects, arrows that are no identities, and elements, in all structures together.
        max_objects, max_arrows: the most objects, and the most arrows that are no identities, of one category;
            None for any number.
        budget: steps: literals written, instances of quantifiers looked at, shapes tried, and ``CONFLICT_STEPS``
            for each conflict of the SAT solver. A million takes about a second.
    """

    max_size: int = 8
    max_objects: int | None = None
    max_arrows: int | None = None
    budget: int = 6_000_000


class OutOfBudget(Exception):
    """The steps are spent."""


class Meter:
    """Counts steps.

    Args:
        budget: the most steps.
    """

    __slots__ = ("budget", "spent")

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.spent = 0

    def spend(self, steps: int) -> None:
        """Count some steps.

        Raises:
            OutOfBudget: there were not that many left.
        """
        self.spent += steps
        if self.spent > self.budget:
            raise OutOfBudget

    def conflicts_left(self) -> int:
        """How many conflicts of the SAT solver the steps are good for, at least 1."""
        return max(1, (self.budget - self.spent) // CONFLICT_STEPS)
