"""SMT-LIB text about the closed terms of a problem: sorts without indices, functions of explicit arguments.

Names are made up (``f7``, ``q3``), so that nothing in a script has to be escaped.

Source: Barrett, Fontaine, Tinelli, The SMT-LIB Standard, version 2.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from formal.herbrand.problem import Matrix, Problem, Term
from formal.prove.term import Sort, arguments, sort_of


@dataclass(frozen=True, slots=True)
class Symbols:
    """Names for the sorts and functions of a problem."""

    problem: Problem
    functions: dict[str, str] = field(init=False)
    sorts: dict[Sort, str] = field(init=False)
    _written: dict[Term, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        functions = {name: f"f{number}" for number, name in enumerate(self.problem.functions)}
        types = [
            type_
            for function in self.problem.functions.values()
            for type_ in (*(t for _, t in function.parameters), function.result)
        ]
        types += [type_ for axiom in self.problem.axioms.values() for _, type_ in axiom.variables]
        sorts = {sort: f"S{number}" for number, sort in enumerate(dict.fromkeys(map(sort_of, types)))}
        object.__setattr__(self, "functions", functions)
        object.__setattr__(self, "sorts", sorts)

    def declarations(self) -> Iterator[str]:
        """Declarations of all sorts and functions, and of ``defined`` for those that need not denote."""
        for sort in self.sorts.values():
            yield f"(declare-sort {sort} 0)"
        for name, function in self.problem.functions.items():
            types = dict(function.parameters)
            domain = " ".join(self.sorts[sort_of(types[p])] for p in function.explicit)
            yield f"(declare-fun {self.functions[name]} ({domain}) {self.sorts[sort_of(function.result)]})"
            if not function.defined:
                yield f"(declare-fun d{self.functions[name]} ({domain}) Bool)"

    def term(self, term: Term) -> str:
        """A term; variables by their names."""
        if isinstance(term, str):
            return term
        written = self._written.get(term)
        if written is None:
            parts = [self.term(argument) for argument in arguments(term)]
            written = self._written[term] = _application(self.functions[str(term[0])], parts)
        return written

    def defined(self, term: Term) -> str:
        """That an application of a function that need not denote does."""
        return _application(f"d{self.functions[str(term[0])]}", [self.term(argument) for argument in arguments(term)])

    def matrix(self, matrix: Matrix) -> str:
        """A matrix, or a condition."""
        parts: tuple[Any, ...] = matrix[1:]
        match matrix[0]:
            case "and":
                return conjunction(map(self.matrix, parts))
            case "or":
                return disjunction(map(self.matrix, parts))
            case "=":
                return f"(= {self.term(parts[0])} {self.term(parts[1])})"
            case "!=":
                return f"(not (= {self.term(parts[0])} {self.term(parts[1])}))"
            case "defined":
                return self.defined(parts[0])
            case "undefined":
                return f"(not {self.defined(parts[0])})"
        raise AssertionError(matrix)


def conjunction(parts: Iterable[str]) -> str:
    """The conjunction of formulas; of none: true."""
    return _joined("and", "true", parts)


def disjunction(parts: Iterable[str]) -> str:
    """The disjunction of formulas; of none: false."""
    return _joined("or", "false", parts)


def implication(premises: Iterable[str], conclusion: str) -> str:
    """That premises imply a conclusion."""
    joined = conjunction(premises)
    return conclusion if joined == "true" else f"(=> {joined} {conclusion})"


def _application(head: str, parts: list[str]) -> str:
    return f"({head} {' '.join(parts)})" if parts else head


def _joined(head: str, empty: str, parts: Iterable[str]) -> str:
    found = list(dict.fromkeys(parts))
    if len(found) > 1:
        return f"({head} {' '.join(found)})"
    return found[0] if found else empty
