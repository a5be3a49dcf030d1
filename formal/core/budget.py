"""Budgets for searches: counted in steps of the search, so that the same input always ends the same way."""

from __future__ import annotations


class BudgetExceeded(Exception):
    """A search visited more nodes than it was allowed to; nothing is known of what it was looking for.

    Args:
        limit: the number of nodes that it was allowed.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"more than {limit} nodes searched")


class Budget:
    """A number of nodes that the parts of one search share.

    Args:
        limit: how many nodes may be visited.
    """

    __slots__ = ("limit", "visited")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.visited = 0

    def spend(self, nodes: int = 1) -> None:
        """Count some nodes; raises ``BudgetExceeded`` beyond the limit."""
        self.visited += nodes
        if self.visited > self.limit:
            raise BudgetExceeded(self.limit)
