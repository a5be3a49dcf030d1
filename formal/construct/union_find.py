"""Equivalence relations, closed under maps.

Source: Tarjan 1975 (union–find); Downey, Sethi, Tarjan 1980 (congruence closure), for maps of one argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class UnionFind:
    """The smallest equivalence relation on 0 … n - 1 that contains some pairs; the least member represents a class."""

    __slots__ = ("_parent",)

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, x: int) -> int:
        """The least member of the class of x."""
        parent = self._parent
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def union(self, x: int, y: int) -> tuple[int, int] | None:
        """Put x and y into one class; the two former representatives, the new one first, or None for one class."""
        x, y = self.find(x), self.find(y)
        if x == y:
            return None
        if y < x:
            x, y = y, x
        self._parent[y] = x
        return x, y

    def classes(self) -> tuple[list[int], list[int]]:
        """The least members of all classes, increasing, and for each x the position of its class in that list."""
        representatives: list[int] = []
        position = [0] * len(self._parent)
        for x in range(len(position)):
            root = self.find(x)
            if root == x:
                position[x] = len(representatives)
                representatives.append(x)
            else:
                position[x] = position[root]
        return representatives, position


def quotient(
    size: int, pairs: Iterable[tuple[int, int]], successors: Sequence[Sequence[int]] | None = None
) -> tuple[list[int], list[int]]:
    """The quotient of 0 … size - 1 by the smallest equivalence that contains the pairs and respects the maps.

    Args:
        successors: for each member its images under the maps defined there; members in one class have images under
            the same maps, in the same order. None for no maps.
    Returns:
        The least members of all classes, increasing, and for each member the position of its class in that list.
    """
    relation = UnionFind(size)
    for pair in pairs:
        queue = [pair]
        while queue:
            merged = relation.union(*queue.pop())
            if merged is not None and successors is not None:
                queue.extend(zip(successors[merged[0]], successors[merged[1]], strict=True))
    return relation.classes()
