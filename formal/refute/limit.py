"""How far a search for counter-models goes: sizes, and steps that are counted alike on every machine."""

from __future__ import annotations

from dataclasses import dataclass

PROPAGATIONS_A_STEP = 5
"""How many unit propagations of the SAT solver cost one step."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When a search ends without a counter-model.

    Args:
        max_size: objects, arrows that are no identities, and elements, in all structures together.
        max_objects, max_arrows: the most objects, and the most arrows that are no identities, of one category;
            None for any number.
        budget: steps: literals written, instances of quantifiers looked at, shapes tried, and unit
            propagations of the SAT solver, ``PROPAGATIONS_A_STEP`` to a step. A million takes about a second.
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

    def propagations_left(self) -> int:
        """How many unit propagations of the SAT solver the steps are good for, at least 1."""
        return max(1, (self.budget - self.spent) * PROPAGATIONS_A_STEP)
