"""Strong components, weak components and spanning forests of finite directed graphs, in linear time.

Large graphs go to scipy, which is imported only then; small ones are done here, faster than scipy is loaded.

Source: Tarjan 1972, Depth-first search and linear graph algorithms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from formal.core.category import IntArray

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = 20_000
"""Up to this many vertices and edges, plain Python takes less time than importing scipy."""


@dataclass(frozen=True)
class Graph:
    """A directed graph with n vertices and e edges, parallel edges and loops allowed.

    Args:
        size: n.
        tail: shape (e,), where each edge starts.
        head: shape (e,), where it ends.
        small: whether to stay with plain Python; None decides by the size.
    """

    size: int
    tail: IntArray
    head: IntArray
    small: bool | None = None

    @property
    def plain(self) -> bool:
        """Whether plain Python is used."""
        return self.size + len(self.tail) <= SMALL if self.small is None else self.small

    @cached_property
    def rows(self) -> tuple[list[int], list[int]]:
        """The edges sorted by tail, and for each vertex (and the end) where its edges begin among them."""
        order = np.argsort(self.tail, kind="stable")
        first = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.tail, minlength=self.size), out=first[1:])
        return order.tolist(), first.tolist()

    def after(self) -> list[list[int]]:
        """For each vertex the heads of its edges."""
        result: list[list[int]] = [[] for _ in range(self.size)]
        for s, t in zip(self.tail.tolist(), self.head.tolist(), strict=True):
            result[s].append(t)
        return result

    def strong_components(self) -> IntArray:
        """For each vertex the number of its strongly connected component, from 0."""
        if self.plain:
            return np.array(_tarjan(self.after()), dtype=np.int32)
        return self._scipy_components("strong")

    def weak_components(self) -> IntArray:
        """For each vertex the number of its connected component, directions forgotten, from 0."""
        if self.plain:
            return np.array(_union_find(self.size, self.tail.tolist(), self.head.tolist()), dtype=np.int32)
        return self._scipy_components("weak")

    def sources(self, component: IntArray) -> IntArray:
        """The strongly connected components into which no edge leads from outside, in increasing order.

        Args:
            component: shape (n,), as ``strong_components`` gives.
        """
        tail, head = component[self.tail], component[self.head]
        free = np.ones(int(component.max(initial=-1)) + 1, dtype=bool)
        free[head[tail != head]] = False
        return np.flatnonzero(free).astype(np.int32)

    def forest(self, roots: Sequence[int]) -> IntArray:
        """For each vertex an edge by which it is reached: together breadth-first trees that grow from the roots.

        Returns:
            Shape (n,): edge numbers, -1 for the roots and for what they do not reach.
        """
        if self.plain:
            return np.array(self._breadth_first(roots), dtype=np.int32)
        return self._scipy_forest(roots)

    def _breadth_first(self, roots: Sequence[int]) -> list[int]:
        order, first = self.rows
        head = self.head.tolist()
        reached_by = [-1] * self.size
        seen = bytearray(self.size)
        for root in roots:
            seen[root] = 1
        queue = list(roots)
        for s in queue:  # grows while it is read
            for edge in order[first[s] : first[s + 1]]:
                t = head[edge]
                if not seen[t]:
                    seen[t] = 1
                    reached_by[t] = edge
                    queue.append(t)
        return reached_by

    def _matrix(self, tail: IntArray, head: IntArray, size: int) -> Any:  # scipy has no types
        from scipy.sparse import csr_matrix

        return csr_matrix((np.ones(len(tail)), (tail, head)), shape=(size, size))

    def _scipy_components(self, connection: str) -> IntArray:
        from scipy.sparse.csgraph import connected_components

        _, labels = connected_components(self._matrix(self.tail, self.head, self.size), connection=connection)
        return np.asarray(labels, dtype=np.int32)

    def _scipy_forest(self, roots: Sequence[int]) -> IntArray:
        from scipy.sparse.csgraph import breadth_first_order

        # One more vertex, from which an edge leads to every root.
        top = self.size
        tail = np.concatenate([self.tail, np.full(len(roots), top, dtype=np.int32)])
        head = np.concatenate([self.head, np.array(roots, dtype=np.int32)])
        _, parent = breadth_first_order(self._matrix(tail, head, top + 1), top, return_predecessors=True)
        used = np.flatnonzero(parent[self.head] == self.tail)
        result = np.full(self.size, -1, dtype=np.int32)
        result[self.head[used]] = used
        return result


def _tarjan(after: list[list[int]]) -> list[int]:
    index = [-1] * len(after)
    low = [0] * len(after)
    component = [-1] * len(after)
    pending: list[int] = []
    visited = components = 0
    for start in range(len(after)):
        if index[start] >= 0:
            continue
        path: list[tuple[int, Iterator[int]]] = []
        entering: int | None = start
        while entering is not None or path:
            if entering is not None:
                index[entering] = low[entering] = visited
                visited += 1
                pending.append(entering)
                path.append((entering, iter(after[entering])))
                entering = None
            s, rest = path[-1]
            for t in rest:
                if index[t] < 0:
                    entering = t
                    break
                if component[t] < 0 and index[t] < low[s]:
                    low[s] = index[t]
            if entering is not None:
                continue
            path.pop()
            if path and low[s] < low[path[-1][0]]:
                low[path[-1][0]] = low[s]
            if low[s] == index[s]:
                while component[s] < 0:
                    component[pending.pop()] = components
                components += 1
    return component


def _union_find(size: int, tail: list[int], head: list[int]) -> list[int]:
    leader = list(range(size))
    for s, t in zip(tail, head, strict=True):
        while leader[s] != s:
            leader[s] = s = leader[leader[s]]
        while leader[t] != t:
            leader[t] = t = leader[leader[t]]
        # The least vertex leads, so that numbering by leaders is numbering by first vertices.
        leader[max(s, t)] = min(s, t)
    number: dict[int, int] = {}
    result: list[int] = []
    for s in range(size):
        result.append(result[leader[s]] if leader[s] != s else number.setdefault(s, len(number)))
    return result
