"""Instances of universal formulas: guards imply the matrix.

The guards say that the terms put for the variables denote, and have the types of the variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from formal.herbrand.problem import Matrix, Problem
from formal.herbrand.reading import Ledger, demand
from formal.herbrand.term import Terms

# A ground formula is like a matrix, with the numbers of terms for terms.
Ground = tuple[Any, ...]


class Instances:
    """The instances of the axioms of one problem."""

    def __init__(self, problem: Problem, ledger: Ledger) -> None:
        self.problem, self.ledger = problem, ledger
        self.terms = Terms(problem.functions, ledger)

    def formula(self, axiom: str, terms: Sequence[Any]) -> Ground:
        """The instance of an axiom for ground terms, one for each explicit variable.

        Raises:
            Rejected: there is no such axiom; a term is not built from symbols of the problem, or of another sort.
        """
        demand(axiom in self.problem.axioms, "instance", "an axiom that is not in the claim")
        found = self.problem.axioms[axiom]
        demand(len(terms) == len(found.explicit), "instance", "too few or too many terms for an axiom")
        numbers = [self.terms.read(term, {}) for term in terms]
        scope, fitting = self.terms.fit(found.variables, found.explicit, numbers)
        unless = [
            ("undefined", a) if a == b else ("!=", a, b) for a, b in self.terms.guards(numbers) | dict.fromkeys(fitting)
        ]
        matrix = self._ground(found.matrix, scope)
        return ("or", *unless, matrix) if unless else matrix

    def _ground(self, matrix: Matrix, scope: dict[str, int]) -> Ground:
        """A matrix with values for its variables; the stack is as deep as the claim's brackets."""
        kind, *parts = matrix
        if kind in ("and", "or"):
            return (kind, *(self._ground(part, scope) for part in parts))  # type: ignore[arg-type]
        return (kind, *(self.terms.read(term, scope) for term in parts))
