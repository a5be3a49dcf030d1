"""The closed terms of a problem up to a depth, and the instances of axioms over them.

All terms are typed letter by letter, so there are few: a composite has composable factors. Composites with identities
and composites bracketed to the left are left out, since laws make them equal to others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from formal.herbrand.problem import Axiom, Problem, Term, Type
from formal.prove.term import Sort, Typing, arguments, size, sort_of, substitute, typing_of

Telescope = tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Universe:
    """Closed terms, nearest first, found by sort and by each index of their type."""

    typing: Typing
    terms: dict[Term, None] = field(default_factory=dict)
    _by_sort: dict[Sort, list[Term]] = field(default_factory=dict)
    _by_index: dict[tuple[Sort, int, Term], list[Term]] = field(default_factory=dict)

    def add(self, term: Term) -> None:
        """Add a term that is not there."""
        type_ = self.typing.type_of(term)
        sort = sort_of(type_)
        self.terms[term] = None
        self._by_sort.setdefault(sort, []).append(term)
        for position, index in enumerate(type_.indices):
            self._by_index.setdefault((sort, position, index), []).append(term)

    def of_sort(self, sort: Sort) -> list[Term]:
        """The terms of a sort."""
        return self._by_sort.get(sort, [])

    def fitting(self, type_: Type, values: Mapping[str, Term]) -> list[Term]:
        """Terms that may be of a type in which some variables have values: all that are, and perhaps others."""
        sort = sort_of(type_)
        best = self.of_sort(sort)
        for position, index in enumerate(type_.indices):
            value = substitute(index, values)
            if _is_closed(value):
                found = self._by_index.get((sort, position, value), [])
                best = min(best, found, key=len)
        return best

    def tuples(self, telescope: Telescope, explicit: tuple[str, ...]) -> Iterator[dict[str, Term]]:
        """All values for a telescope such that types agree letter by letter."""
        types = dict(telescope)
        # Arrows and elements first: they determine objects.
        order = sorted(explicit, key=lambda name: not types[name].indices)
        stack: list[Iterator[dict[str, Term]]] = [iter([{}])]
        while stack:
            values = next(stack[-1], None)
            if values is None:
                stack.pop()
            elif len(stack) <= len(order):
                stack.append(self._extensions(order[len(stack) - 1], types, values))
            elif self._agree(telescope, explicit, values):
                yield values

    def _extensions(
        self, name: str, types: Mapping[str, Type], values: dict[str, Term]
    ) -> Iterator[dict[str, Term]]:
        """Values with one for a further variable, and for the variables that are its indices."""
        type_ = types[name]
        for term in self.fitting(type_, values):
            extended = {**values, name: term}
            actual = self.typing.type_of(term).indices
            if values.get(name, term) == term and all(
                not isinstance(index, str) or extended.setdefault(index, value) == value
                for index, value in zip(type_.indices, actual, strict=True)
            ):
                yield extended

    def _agree(self, telescope: Telescope, explicit: tuple[str, ...], values: Mapping[str, Term]) -> bool:
        return all(
            substitute(index, values) == actual
            for name, type_ in telescope
            if name in explicit
            for index, actual in zip(type_.indices, self.typing.type_of(values[name]).indices, strict=True)
        )


def universe_of(problem: Problem, *, depth: int, limit: int) -> Universe:
    """The typed closed terms of at most a depth, shallow ones first; no more than ``limit``, constants aside."""
    universe = Universe(typing_of(problem))
    functions = sorted(problem.functions.values(), key=lambda f: bool(f.explicit))
    for function in functions:
        if not function.explicit:
            universe.add((function.name,))
    for _ in range(depth):
        fresh: dict[Term, None] = {}
        for function in functions:
            if not function.explicit:
                continue
            for values in universe.tuples(function.parameters, function.explicit):
                term: Term = (function.name, *(values[name] for name in function.explicit))
                if term not in universe.terms and not _is_redundant(term):
                    fresh[term] = None
                if len(fresh) > 4 * limit:
                    break
        room = max(0, limit - len(universe.terms))
        for found in sorted(fresh, key=size)[:room]:
            universe.add(found)
    return universe


def instances_over(universe: Universe, axiom: Axiom, limit: int) -> Iterator[tuple[Term, ...]]:
    """Instances of an axiom over a universe, at most ``limit``."""
    found = universe.tuples(axiom.variables, axiom.explicit)
    return (tuple(values[name] for name in axiom.explicit) for values in islice(found, limit))


def inhabited(universe: Universe) -> frozenset[Sort]:
    """The sorts of which a term surely denotes something: typed, and without functions that need not."""
    functions = universe.typing.functions
    partial = {name for name, function in functions.items() if not function.defined}
    return frozenset(
        sort_of(universe.typing.type_of(term)) for term in universe.terms if not _mentions(term, partial)
    )


def reachable(problem: Problem) -> frozenset[Sort]:
    """The sorts of which there are closed terms, be they typed or not."""
    sorts: set[Sort] = set()
    while True:
        more = {
            sort_of(function.result)
            for function in problem.functions.values()
            if all(sort_of(type_) in sorts for name, type_ in function.parameters if name in function.explicit)
        }
        if more <= sorts:
            return frozenset(sorts)
        sorts |= more


def _is_closed(term: Term) -> bool:
    return not isinstance(term, str) and all(_is_closed(argument) for argument in arguments(term))


def _mentions(term: Term, names: set[str]) -> bool:
    stack = [term]
    while stack:
        current = stack.pop()
        if current[0] in names:
            return True
        stack.extend(arguments(current))
    return False


def _is_redundant(term: Term) -> bool:
    head, parts = str(term[0]), arguments(term)
    heads = [str(part[0]) for part in parts]
    if head.startswith("comp."):
        return heads[0].startswith(("id.", "comp.")) or heads[1].startswith("id.")
    return head.startswith("act.") and heads[0].startswith("id.")

