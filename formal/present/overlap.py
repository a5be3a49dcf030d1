"""Critical pairs: where two rules rewrite overlapping parts of one word, shortest words first.

Source: Knuth, Bendix 1970; Book, Otto, String-Rewriting Systems, 2.3; Kapur, Musser, Narendran 1988 (pairs that need
no look because a third rule rewrites the inside of the word).
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from formal.present.limit import Meter
from formal.present.system import System

_UNEXPANDED = -1

_STEPS_TO_LIST = 8
"""What a listed overlap counts: it takes as much room as a word of many letters, and there may be millions."""


class Overlaps:
    """The critical pairs of a growing system that have not been looked at.

    A rule's overlaps with the rules before it are listed when their words come up by length, not earlier.
    """

    def __init__(self, system: System, meter: Meter) -> None:
        self._system = system
        self._meter = meter
        self._seen = 0
        self._heap: list[tuple[int, int, int, int]] = []
        self._by_prefix: dict[str, list[int]] = {}
        self._by_suffix: dict[str, list[int]] = {}

    def resolve(self, quantum: int) -> bool:
        """Add the equations of critical pairs that do not join to the system, shortest first.

        Args:
            quantum: how many steps to take, about.
        Returns:
            Whether any are left.
        """
        system, history = self._system, self._system.history
        stop = self._meter.steps + quantum
        while self._meter.steps < stop:
            for number in range(self._seen, len(history)):
                heappush(self._heap, (len(history[number].left) + 1, number, _UNEXPANDED, 0))
            self._seen = len(history)
            if not self._heap:
                return False
            _, first, second, shared = heappop(self._heap)
            if not history[first].active:
                continue
            if second == _UNEXPANDED:
                self._expand(first)
            elif history[second].active:
                resolve_pair(system, first, second, shared)
        return True

    def _expand(self, number: int) -> None:
        """List the overlaps of a rule with itself and with the expanded ones."""
        history = self._system.history
        left = history[number].left
        size = len(left)
        before = len(self._heap)
        self._meter.spend(size + size * size // 16)
        for shared in range(1, size):
            self._by_prefix.setdefault(left[:shared], []).append(number)
        for shared in range(1, size):
            # The others that begin as this one ends; itself included.
            for other in self._by_prefix.get(left[-shared:], ()):
                if history[other].active:
                    heappush(self._heap, (size + len(history[other].left) - shared, number, other, shared))
            for other in self._by_suffix.get(left[:shared], ()):
                if history[other].active:
                    heappush(self._heap, (size + len(history[other].left) - shared, other, number, shared))
        self._meter.spend(_STEPS_TO_LIST * (len(self._heap) - before))
        for shared in range(1, size):
            self._by_suffix.setdefault(left[-shared:], []).append(number)


def resolve_pair(system: System, first: int, second: int, shared: int) -> bool:
    """Make a critical pair join, by a new rule if it does not.

    Args:
        first, second: rules; the left side of the one ends with the first letters of the other's.
        shared: how many letters.
    Returns:
        Whether it joined already.
    """
    one, two = system.history[first], system.history[second]
    begin, end = one.left[:-shared], two.left[shared:]
    left, right = one.right + end, begin + two.right
    if left == right or system.reduce(left) == system.reduce(right):
        return True
    steps = ((0, system.equation(first), False), (len(begin), system.equation(second), True))
    system.add(left, right, steps)
    return False


def overlaps(lefts: list[str]) -> Iterator[tuple[int, int, int]]:
    """All overlaps (i, j, shared): left side i ends with the first letters of left side j, properly in both."""
    by_prefix: dict[str, list[int]] = {}
    for j, left in enumerate(lefts):
        for shared in range(1, len(left)):
            by_prefix.setdefault(left[:shared], []).append(j)
    for i, left in enumerate(lefts):
        for shared in range(1, len(left)):
            for j in by_prefix.get(left[-shared:], ()):
                yield i, j, shared
