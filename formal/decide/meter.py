"""A budget of steps: a deterministic count, so that a decision never depends on the machine's speed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work a decision may be.

    Args:
        steps: the most instances of quantifiers, weighted by the size of their bodies.
        nodes: the most nodes of one search for transformations, functors or isomorphisms.
        evaluate: the most steps that the evidence leaves to the kernel at one place.
    """

    steps: int = 50_000_000
    nodes: int = 5_000_000
    evaluate: int = 20_000


class Exhausted(Exception):
    """The budget was spent before the formula was decided: nothing is known of its truth value."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Meter:
    """Counts steps up to a limit."""

    __slots__ = ("limit", "steps")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.steps = 0

    def spend(self, steps: int) -> None:
        """Count some steps; raises ``Exhausted`` beyond the limit."""
        self.steps += steps
        if self.steps > self.limit:
            raise Exhausted(f"more than {self.limit} steps")
