"""How much a decision may cost, counted in elementary operations, so that it ends alike on every machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a decision may use.

    Args:
        steps: elementary operations on numbers, and nodes of searches.
        branches: the most nodes of one tree that refutes a number of prompts.
        precisions: bits to which symbolic numbers and irrational quantities are enclosed, one after the other until
            the formula is decided.
    """

    steps: int = 4_000_000_000
    branches: int = 20_000
    precisions: tuple[int, ...] = (64, 256, 1024)


class Exhausted(Exception):
    """The budget is spent."""


class Budget:
    """The steps that are left."""

    def __init__(self, steps: int) -> None:
        self._limit = steps
        self.spent = 0

    def spend(self, steps: int) -> None:
        """Account for work that is about to be done.

        Raises:
            Exhausted: it is more than what is left.
        """
        if self.spent + steps > self._limit:
            raise Exhausted(f"more than {self._limit} steps")
        self.spent += steps
