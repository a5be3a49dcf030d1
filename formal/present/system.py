"""A growing system of rewrite rules between paths, every rule with its derivation from the relations.

Paths are strings here, one character for each generator, which makes shortlex order ``(len(w), w)`` and the search
for factors the business of the interpreter. That generators have ends never matters to rewriting: equal sides are
parallel, and a word that contains a left side composes at it.

The left sides are kept interreduced: none is a factor of another. So at most one of them ends at any place of a word
all of whose rewriting is done from left to right.

Source: Book, Otto, String-Rewriting Systems, 2.2–2.4; Sims, Computation with Finitely Presented Groups, 2.5.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.core.presentation import Presentation, Word
from formal.present.limit import Meter, OutOfBudget
from formal.text import Bug

Step = tuple[int, int, bool]
"""A rewrite (position, equation, forward); equation i is relation i, or rule i - r of the system's history."""

Steps = tuple[Step, ...]

Trie = dict[str, "Trie | int"]
"""Left sides read backwards; where one is complete stands the number of its rule."""


_WORK_UNSPENT = 10_000
"""How many steps one reduction takes before it reports them."""


@dataclass(slots=True)
class HistoricalRule:
    """A rule that was derived once; no longer active when a later rule rewrites its left side."""

    left: str
    right: str
    steps: Steps
    active: bool = True


def spell(word: Word) -> str:
    """A word as a string."""
    return "".join(map(chr, word))


def generators_of(word: str) -> Word:
    """A string as a word."""
    return tuple(map(ord, word))


def reversed_steps(steps: Steps | list[Step]) -> Steps:
    """The way back: a replaced side starts where the side that replaced it starts."""
    return tuple((position, equation, not forward) for position, equation, forward in reversed(steps))


class System:
    """Rewrite rules that grow by equations.

    Args:
        presentation: r relations.
        meter: counts the letters read and written.
        rule_limit: the most rules ever derived.
    """

    def __init__(self, presentation: Presentation, meter: Meter, rule_limit: int) -> None:
        self.relations = [(spell(left.word), spell(right.word)) for left, right in presentation.relations]
        self.history: list[HistoricalRule] = []
        self._meter = meter
        self._rule_limit = rule_limit
        self._trie: Trie = {}
        self._shortest: dict[str, int] = {}
        self._by_length: dict[int, set[int]] = {}

    @property
    def active(self) -> list[int]:
        """The numbers of the rules in force, in the order of their derivation."""
        return sorted(number for numbers in self._by_length.values() for number in numbers)

    def equation(self, number: int) -> int:
        """How steps refer to a rule of the history."""
        return len(self.relations) + number

    def reduce(self, word: str, record: list[Step] | None = None) -> str:
        """The irreducible word that rewriting from left to right leads to.

        Args:
            record: where the rewrites are appended, if anywhere.
        """
        trie, shortest, history, offset = self._trie, self._shortest, self.history, len(self.relations)
        done: list[str] = []
        todo = list(word)
        todo.reverse()
        work = len(todo)
        while todo:
            letter = todo.pop()
            done.append(letter)
            length = len(done)
            if length < shortest.get(letter, length + 1):
                continue
            node: Trie | int | None = trie.get(letter)
            place = length - 1
            while place > 0 and isinstance(node, dict):
                place -= 1
                node = node.get(done[place])
            work += length - place
            if isinstance(node, int):
                del done[place:]
                right = history[node].right
                todo.extend(reversed(right))
                work += len(right)
                if work > _WORK_UNSPENT:
                    # A short word can have a very long way to go.
                    self._meter.spend(work)
                    work = 0
                if record is not None:
                    record.append((place, offset + node, True))
        self._meter.spend(work)
        return "".join(done)

    def add(self, left: str, right: str, steps: Steps) -> None:
        """Add an equation, and whatever becomes of the rules that its own rule rewrites.

        Args:
            steps: rewrites that lead from left to right.
        """
        equations = [(left, right, steps)]
        while equations:
            left, right, steps = equations.pop()
            before: list[Step] = []
            after: list[Step] = []
            left = self.reduce(left, before)
            right = self.reduce(right, after)
            if left == right:
                continue
            steps = (*reversed_steps(before), *steps, *after)
            if (len(left), left) < (len(right), right):
                left, right, steps = right, left, reversed_steps(steps)
            for number in self._containing(left):
                self._remove(number)
                rule = self.history[number]
                equations.append((rule.left, rule.right, ((0, self.equation(number), True),)))
            self._insert(HistoricalRule(left, right, steps))

    def _containing(self, factor: str) -> list[int]:
        """The active rules whose left sides have a proper factor."""
        longer = [number for length, numbers in self._by_length.items() if length > len(factor) for number in numbers]
        self._meter.spend(len(longer))
        return sorted(number for number in longer if factor in self.history[number].left)

    def _insert(self, rule: HistoricalRule) -> None:
        number = len(self.history)
        if number >= self._rule_limit:
            raise OutOfBudget(f"{self._rule_limit} rules")
        self.history.append(rule)
        left = rule.left
        self._by_length.setdefault(len(left), set()).add(number)
        self._shortest[left[-1]] = min(len(left), self._shortest.get(left[-1], len(left)))
        node = self._trie
        for letter in left[:0:-1]:
            below = node.setdefault(letter, {})
            if isinstance(below, int):
                raise Bug("a left side ends with another")
            node = below
        node[left[0]] = number

    def _remove(self, number: int) -> None:
        rule = self.history[number]
        rule.active = False
        self._by_length[len(rule.left)].discard(number)
        path: list[tuple[Trie, str]] = []
        node: Trie | int = self._trie
        for letter in reversed(rule.left):
            if isinstance(node, int):
                raise Bug("a left side ends with another")
            path.append((node, letter))
            node = node[letter]
        for parent, letter in reversed(path):
            del parent[letter]
            if parent:
                break
