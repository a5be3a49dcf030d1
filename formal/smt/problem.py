"""Propositional problems: clauses over numbered variables, and how to read a witness off a model.

A literal is a variable's number, from 1, or its negative. Clauses are written as in DIMACS files: literals, then 0.

Source: Biere et al., Handbook of Satisfiability, chapter 2 (definitional clausal form).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from formal.certificate.evidence import Evidence, Value

Model = bytes
"""For each variable whether it is true, 0 or 1; the byte at 0 is unused."""


class Exhausted(Exception):
    """The translation would be too large, or needs a search that is."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quantifier or disjunction: at least one of these literals is true, each for a value (of a part's number)."""

    options: tuple[tuple[int, Value], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A quantifier over structures: the value is spelled out by the model."""

    read: Callable[[Model], Value]


@dataclass(frozen=True, slots=True)
class Decided:
    """An atom: the model spells out evidence for it."""

    read: Callable[[Model], Evidence]


Step = Chosen | Found | Decided


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Is there an assignment that satisfies all clauses and makes the root literal true?

    Without the root literal there always is one: the clauses then only say how the variables hang together.

    Args:
        variable_count: n; variables are 1 … n.
        literals: the clauses, each ended by 0.
        root: the literal that implies the formula.
        steps: for a literal that implies a formula of the outermost existential block, the choices made for it.
    """

    variable_count: int
    literals: Sequence[int]
    root: int
    steps: dict[int, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def clause_count(self) -> int:
        """The number of clauses, the root included."""
        return self.literals.count(0) + 1

    def dimacs(self, *, with_root: bool = True) -> bytes:
        """The problem in DIMACS format; without its root it is satisfiable by construction."""
        root = f"\n{self.root} 0" if with_root else ""
        clauses = self.literals.count(0) + with_root
        return f"p cnf {self.variable_count} {clauses}\n{' '.join(map(str, self.literals))}{root}\n".encode()

    def satisfied_by(self, model: Model, *, with_root: bool = True) -> bool:
        """Whether an assignment satisfies every clause: evaluated here, by nothing of the solver's."""
        if len(model) != self.variable_count + 1:
            return False
        values = np.frombuffer(model, dtype=np.uint8).astype(bool)
        if with_root and values[abs(self.root)] != (self.root > 0):
            return False
        literals = np.asarray(self.literals, dtype=np.int64)
        if not len(literals):
            return True
        true = (values[np.abs(literals)] == (literals > 0)) & (literals != 0)
        ends = np.flatnonzero(literals == 0)
        starts = np.concatenate(([0], ends[:-1] + 1))
        return bool(np.logical_or.reduceat(true, starts).all())


class Clauses:
    """Clauses while they are written.

    Args:
        limit: the most literals to write; ``Exhausted`` is raised beyond it.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.variable_count = 0
        self.literals: list[int] = []
        self._facts: dict[Hashable, int] = {}
        self._values: dict[int, bool] = {}

    def fresh(self) -> int:
        """A new variable."""
        self.variable_count += 1
        return self.variable_count

    def fresh_block(self, count: int) -> range:
        """``count`` new variables in a row."""
        first = self.variable_count + 1
        self.variable_count += count
        return range(first, first + count)

    def add(self, *literals: int) -> None:
        """One clause."""
        self.literals.extend(literals)
        self.literals.append(0)
        if len(self.literals) > self.limit:
            self._exhausted()

    def extend(self, clauses: Iterable[int]) -> None:
        """Many clauses, each ended by 0."""
        self.literals.extend(clauses)
        if len(self.literals) > self.limit:
            self._exhausted()

    def reserve(self, literals: int) -> None:
        """Raise ``Exhausted`` now when so many literals are going to be too many."""
        if len(self.literals) + literals > self.limit:
            self._exhausted()

    def _exhausted(self) -> None:
        raise Exhausted(f"the translation has more than {self.limit} literals")

    def fact(self, key: Hashable, truth: bool) -> int:
        """The variable of a ground atom, fixed by a unit clause to what the tables say.

        Args:
            key: what the atom is; the same key has the same variable.
        """
        variable = self._facts.get(key)
        if variable is None:
            variable = self._facts[key] = self.fresh()
            self._values[variable] = truth
            self.add(variable if truth else -variable)
        return variable

    def known(self, literal: int) -> bool | None:
        """The truth value of a fact or its negation; None for every other literal."""
        value = self._values.get(abs(literal))
        return None if value is None else value == (literal > 0)

    def conjunction(self, literals: Sequence[int]) -> int:
        """A literal that is true exactly when all of these are."""
        if len(literals) == 1:
            return literals[0]
        result = self.fresh()
        for literal in literals:
            self.add(-result, literal)
        self.add(result, *(-literal for literal in literals))
        return result

    def disjunction(self, literals: Sequence[int]) -> int:
        """A literal that is true exactly when one of these is."""
        if len(literals) == 1:
            return literals[0]
        return -self.conjunction([-literal for literal in literals])

    def at_most_one(self, guard: int | None, literals: Sequence[int]) -> None:
        """Under the guard, if any, no two of these are true; linear in their number (Sinz 2005)."""
        guarded = () if guard is None else (-guard,)
        if len(literals) <= 5:
            for i, first in enumerate(literals):
                for second in literals[:i]:
                    self.add(*guarded, -first, -second)
            return
        before = self.fresh_block(len(literals) - 1)
        for i, literal in enumerate(literals):
            if i < len(before):
                self.add(-literal, before[i])
            if i:
                self.add(*guarded, -literal, -before[i - 1])
            if 0 < i < len(before):
                self.add(-before[i - 1], before[i])

    def at_least_two(self, guard: int, literals: Sequence[int]) -> None:
        """Under the guard some two of these are true; linear in their number."""
        if len(literals) < 2:
            self.add(-guard)
            return
        before = self.fresh_block(len(literals))
        second = self.fresh_block(len(literals))
        self.add(-before[0], literals[0])
        for i in range(1, len(literals)):
            self.add(-before[i], before[i - 1], literals[i])
            self.add(-second[i], literals[i])
            self.add(-second[i], before[i - 1])
        self.add(-guard, *second[1:])
