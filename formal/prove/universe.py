"""The light closed terms of a problem, and the light instances of axioms over them.

A symbol weighs 1; a composite and an action also what its parts weigh together; another application also what its
heaviest argument weighs, objects in arrows and elements counting 1 less: ``m(F(h) >> eps(A), F(k) >> eps(B))`` weighs
5.

All terms are typed letter by letter, so there are few: a composite has composable factors. Arrows and elements that an
equation makes equal to others that are there are left out: composites with identities, brackets set otherwise, images
of composites, the other way round a square.

Source: Claessen, Smallbone, Johansson, QuickSpec (2010), for the terms of a theory by size up to equality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from formal.herbrand.problem import Axiom, Function, Matrix, Problem, Term, Type
from formal.prove.term import IllSorted, Sort, Typing, arguments, sort_of, substitute, subterms, typing_of

Telescope = tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Universe:
    """Closed terms with their weights, light ones first, found by sort and by each index of their type."""

    typing: Typing
    terms: dict[Term, int] = field(default_factory=dict)
    _by_sort: dict[Sort, list[Term]] = field(default_factory=dict)
    _by_index: dict[tuple[Sort, int, Term], list[Term]] = field(default_factory=dict)

    def add(self, term: Term) -> None:
        """Add a term that is not there, and at least as heavy as those that are."""
        type_ = self.typing.type_of(term)
        sort = sort_of(type_)
        self.terms[term] = self.weight(term)
        self._by_sort.setdefault(sort, []).append(term)
        for position, index in enumerate(type_.indices):
            self._by_index.setdefault((sort, position, index), []).append(term)

    def weight(self, term: Term) -> int:
        """How much a term weighs whose arguments are there."""
        weights = [self.terms[argument] for argument in arguments(term)]
        if _is_structure(str(term[0])):
            return 1 + sum(weights)
        if self.typing.type_of(term).kind == "Ob":
            return 1 + max(weights, default=0)
        kinds = (self.typing.type_of(argument).kind for argument in arguments(term))
        return 1 + max((w - (kind == "Ob") for w, kind in zip(weights, kinds, strict=True)), default=0)

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

    def tuples(
        self, telescope: Telescope, explicit: tuple[str, ...], most: int
    ) -> Iterator[tuple[dict[str, Term], int]]:
        """Values for a telescope such that types agree letter by letter, the given variables weighing at most ``most``
        together; with how much they weigh."""
        types = dict(telescope)
        # Arrows and elements first: they determine objects.
        order = sorted(explicit, key=lambda name: not types[name].indices)
        stack: list[Iterator[tuple[dict[str, Term], int]]] = [iter([({}, 0)])]
        while stack:
            values, weight = next(stack[-1], (None, 0))
            if values is None:
                stack.pop()
            elif len(stack) <= len(order):
                others = len(order) - len(stack)
                name = order[len(stack) - 1]
                stack.append(self._extensions(name, types[name], values, weight, most - others))
            elif self._agree(telescope, explicit, values):
                yield values, weight

    def _extensions(
        self, name: str, type_: Type, values: dict[str, Term], weight: int, most: int
    ) -> Iterator[tuple[dict[str, Term], int]]:
        """Values with one for a further variable, and for the variables that are its indices."""
        for term in self.fitting(type_, values):
            heavier = weight + self.terms[term]
            if heavier > most:
                return
            extended = {**values, name: term}
            actual = self.typing.type_of(term).indices
            if values.get(name, term) == term and all(
                not isinstance(index, str) or extended.setdefault(index, value) == value
                for index, value in zip(type_.indices, actual, strict=True)
            ):
                yield extended, heavier

    def _agree(self, telescope: Telescope, explicit: tuple[str, ...], values: Mapping[str, Term]) -> bool:
        return all(
            substitute(index, values) == actual
            for name, type_ in telescope
            if name in explicit
            for index, actual in zip(type_.indices, self.typing.type_of(values[name]).indices, strict=True)
        )


def universe_of(problem: Problem, *, limit: int, heaviest: int = 12) -> Universe:
    """The typed closed terms of at most a weight, light ones first; no more than ``limit``, constants aside."""
    universe = Universe(typing_of(problem))
    equations = Equations(universe, [axiom for axiom in problem.axioms.values() if axiom.matrix[0] == "="])
    functions = problem.functions.values()
    for function in functions:
        if not function.explicit:
            universe.add((function.name,))
    onto_objects = [f for f in functions if f.explicit and f.result.kind == "Ob"]
    others = [f for f in functions if f.explicit and f.result.kind != "Ob"]
    for weight in range(1, heaviest + 1):
        # Objects first: others may weigh as much as their objects.
        for some in (onto_objects, others):
            fresh = [term for function in some for term in _applications(universe, function, weight)]
            for term in fresh:
                if len(universe.terms) >= limit:
                    return universe
                if not equations.identify(term):
                    universe.add(term)
    return universe


def _applications(universe: Universe, function: Function, weight: int) -> Iterator[Term]:
    """The applications of a function that weigh so much and are not there."""
    arity = 1 if _is_structure(function.name) else len(function.explicit)
    for values, _ in universe.tuples(function.parameters, function.explicit, weight * arity):
        term: Term = (function.name, *(values[name] for name in function.explicit))
        if term not in universe.terms and universe.weight(term) == weight:
            yield term


@dataclass(frozen=True, slots=True)
class Equations:
    """Equations that hold for all values, by which new terms are identified with those of a universe."""

    universe: Universe
    axioms: Sequence[Axiom]
    _same: dict[Term, Term] = field(default_factory=dict)

    def identify(self, term: Term) -> bool:
        """Whether an arrow or an element equals, by one of the equations, one that is there."""
        if self.universe.typing.type_of(term).kind == "Ob":
            return False
        for axiom in self.axioms:
            left, right = cast(tuple[Term, Term], axiom.matrix[1:])
            for pattern, other in ((left, right), (right, left)):
                # A variable alone is equal to everything: what follows from that is for the solver to find out.
                values = None if isinstance(pattern, str) else self._values(axiom, pattern, term)
                if values is None:
                    continue
                found = self._canonical(substitute(other, values))
                if found in self.universe.terms:
                    self._same[term] = found
                    return True
        return False

    def _values(self, axiom: Axiom, pattern: Term, term: Term) -> Mapping[str, Term] | None:
        """Values for all variables of an equation under which one side is a term."""
        matched = _matched(pattern, term)
        if matched is None or any(name not in matched for name in axiom.explicit):
            return None
        try:
            values, conditions = self.universe.typing.bind(
                axiom.variables, axiom.explicit, [matched[name] for name in axiom.explicit]
            )
        except IllSorted:
            return None
        return None if conditions or matched.items() - values.items() else values

    def _canonical(self, term: Term) -> Term:
        """A term with its parts replaced by those of the universe that they were identified with."""
        if isinstance(term, str):
            return term
        inner = (term[0], *(self._canonical(argument) for argument in arguments(term)))
        return self._same.get(inner, inner)


def _matched(pattern: Term, term: Term) -> dict[str, Term] | None:
    """Values for the variables of a pattern that make it a term."""
    values: dict[str, Term] = {}
    stack = [(pattern, term)]
    while stack:
        wanted, found = stack.pop()
        if isinstance(wanted, str):
            if values.setdefault(wanted, found) != found:
                return None
        elif wanted[0] != found[0]:
            return None
        else:
            stack.extend(zip(arguments(wanted), arguments(found), strict=True))
    return values


def instances_over(universe: Universe, problem: Problem, *, limit: int) -> list[tuple[str, tuple[Term, ...]]]:
    """Instances of axioms over a universe: names of axioms with terms.

    Of each axiom there are equally many, the light ones, unless it has fewer; in all at most ``limit``.
    """
    found: list[tuple[str, tuple[Term, ...]]] = []
    pending = [(axiom.name, _light_instances(universe, axiom)) for axiom in problem.axioms.values()]
    while pending and len(found) < limit:
        each = max(1, (limit - len(found)) // len(pending))
        rest = []
        for name, instances in pending:
            some = list(islice(instances, min(each, limit - len(found))))
            found += [(name, terms) for terms in some]
            if len(some) == each:
                rest.append((name, instances))
        pending = rest
    return found


def _light_instances(universe: Universe, axiom: Axiom) -> Iterator[tuple[Term, ...]]:
    """The instances of an axiom, light ones first; terms for variables that a premise determines weigh nothing."""
    known = solved(axiom)
    free = tuple(name for name in axiom.explicit if name not in known)
    heaviest = len(free) * max(universe.terms.values(), default=0)
    for total in range(heaviest + 1):
        for values, weight in universe.tuples(axiom.variables, free, total):
            if weight == total:
                everything = {**values, **{name: substitute(term, values) for name, term in known.items()}}
                yield tuple(everything[name] for name in axiom.explicit)


def inhabited(universe: Universe) -> frozenset[Sort]:
    """The sorts of which a term surely denotes something: typed, and without functions that need not."""
    functions = universe.typing.functions
    partial = {name for name, function in functions.items() if not function.defined}
    return frozenset(sort_of(universe.typing.type_of(term)) for term in universe.terms if not _mentions(term, partial))


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


def _is_structure(function: str) -> bool:
    return function.startswith(("comp.", "act."))


def solved(axiom: Axiom, *, objects_known: bool = False) -> dict[str, Term]:
    """Terms for explicit variables that a premise ``variable = term`` determines, in the other variables.

    Solvers would put them in themselves, and not say so.

    Args:
        objects_known: whether implicit variables have values of their own; otherwise they are read off the types of
            the variables that are left.
    """
    found: dict[str, Term] = {}
    for literal in _disjuncts(axiom.matrix):
        if literal[0] != "!=":
            continue
        left, right = (substitute(cast(Term, side), found) for side in literal[1:])
        for variable, term in ((left, right), (right, left)):
            if not isinstance(variable, str) or variable not in axiom.explicit or variable in subterms(term):
                continue
            more = {name: substitute(value, {variable: term}) for name, value in found.items()} | {variable: term}
            implicit = {name for name, _ in axiom.variables if name not in axiom.explicit}
            if objects_known or implicit <= _known_objects(axiom, more):
                found = more
                break
    return found


def _disjuncts(matrix: Matrix) -> Iterator[Matrix]:
    stack = [matrix]
    while stack:
        current = stack.pop()
        if current[0] == "or":
            stack.extend(cast(tuple[Matrix, ...], current[:0:-1]))
        else:
            yield current


def _known_objects(axiom: Axiom, without: Mapping[str, Term]) -> set[Term]:
    """The variables that are indices in the types of explicit variables, some left out."""
    return {
        index
        for name, type_ in axiom.variables
        if name in axiom.explicit and name not in without
        for index in type_.indices
        if isinstance(index, str)
    }
