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

Shelf = dict[int, list[tuple[Term, tuple[Term, ...]]]]
"""By weight, terms with the indices of their types."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Weights of a number of terms, one after another, that are ``total`` together; no term weighs more than
    ``heaviest``."""

    total: int
    heaviest: int

    def choices(self, so_far: int, others: int, type_: Type) -> range:
        """What a term may weigh when those before it weigh ``so_far``, and others follow."""
        left = self.total - so_far
        return range(max(1, left - others * self.heaviest), left - others + 1)

    def together(self, so_far: int, weight: int, type_: Type) -> int:
        """What the terms so far weigh, with one more."""
        return so_far + weight


@dataclass(frozen=True, slots=True)
class Maximum:
    """Weights of a number of terms, one after another, the largest of them being ``most``.

    Args:
        discount: how much less an object counts.
    """

    most: int
    discount: int

    def choices(self, so_far: int, others: int, type_: Type) -> range:
        """What a term may weigh when the heaviest before it weighs ``so_far``, and others follow."""
        top = self.most + (self.discount if type_.kind == "Ob" else 0)
        return range(1 if others or so_far == self.most else top, top + 1)

    def together(self, so_far: int, weight: int, type_: Type) -> int:
        """What the heaviest term so far weighs, with one more."""
        return max(so_far, weight - (self.discount if type_.kind == "Ob" else 0))


@dataclass(frozen=True, slots=True)
class Step:
    """A variable that is given a value, and what this says about types.

    Args:
        others: how many variables follow.
        known: positions of indices whose values are known before, with these indices.
        read: positions of indices that are variables; the value's type gives them their values.
        late: indices of this and earlier variables, with their positions, whose values are only known now.
    """

    name: str
    type: Type
    others: int
    known: tuple[tuple[int, Term], ...]
    read: tuple[tuple[int, str], ...]
    late: tuple[tuple[str, int, Term], ...]


def steps_of(telescope: Telescope, chosen: Sequence[str]) -> tuple[Step, ...]:
    """In which order some explicit variables of a telescope are given values: arrows and elements first, for they
    determine objects."""
    types = dict(telescope)
    order = sorted(chosen, key=lambda name: not types[name].indices)
    bound: set[str] = set()
    waiting: list[tuple[str, int, Term]] = []
    steps: list[Step] = []
    for number, name in enumerate(order):
        indices = list(enumerate(types[name].indices))
        known = tuple((p, index) for p, index in indices if _variables(index) <= bound)
        read = tuple((p, index) for p, index in indices if isinstance(index, str) and index not in bound)
        waiting += [(name, p, i) for p, i in indices if not isinstance(i, str) and not _variables(i) <= bound]
        bound |= {name, *(index for _, index in read)}
        late = tuple(entry for entry in waiting if _variables(entry[2]) <= bound)
        waiting = [entry for entry in waiting if entry not in late]
        steps.append(Step(name, types[name], len(order) - number - 1, known, read, late))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Universe:
    """Closed terms with their weights, light ones first, found by sort and by each index of their type."""

    typing: Typing
    terms: dict[Term, int] = field(default_factory=dict)
    _by_sort: dict[Sort, Shelf] = field(default_factory=dict)
    _by_index: dict[tuple[Sort, int, Term], Shelf] = field(default_factory=dict)

    def add(self, term: Term, weight: int) -> None:
        """Add a term that is not there, and at least as heavy as those that are."""
        type_ = self.typing.type_of(term)
        sort = sort_of(type_)
        self.terms[term] = weight
        entry = term, type_.indices
        self._by_sort.setdefault(sort, {}).setdefault(weight, []).append(entry)
        for position, index in enumerate(type_.indices):
            self._by_index.setdefault((sort, position, index), {}).setdefault(weight, []).append(entry)

    def tuples(self, steps: Sequence[Step], weights: Sum | Maximum) -> Iterator[dict[str, Term]]:
        """Values for the variables of some steps, and for their indices, such that types agree letter by letter."""
        stack: list[Iterator[tuple[dict[str, Term], int]]] = [iter([({}, 0)])]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif len(stack) <= len(steps):
                stack.append(self._extensions(steps[len(stack) - 1], *found, weights))
            else:
                yield found[0]

    def _extensions(
        self, step: Step, values: dict[str, Term], so_far: int, weights: Sum | Maximum
    ) -> Iterator[tuple[dict[str, Term], int]]:
        """Values with one for a further variable, and for the variables that are its indices."""
        wanted = [(position, substitute(index, values)) for position, index in step.known]
        shelf = self._shelf(sort_of(step.type), wanted)
        for weight in weights.choices(so_far, step.others, step.type):
            together = weights.together(so_far, weight, step.type)
            for term, indices in shelf.get(weight, ()):
                extended = {**values, step.name: term}
                if (
                    all(indices[position] == index for position, index in wanted)
                    and all(extended.setdefault(name, indices[p]) == indices[p] for p, name in step.read)
                    and all(self._fits(entry, extended) for entry in step.late)
                ):
                    yield extended, together

    def _shelf(self, sort: Sort, wanted: Sequence[tuple[int, Term]]) -> Shelf:
        """Terms of a sort, all those with certain indices at certain positions among them: the fewest there are."""
        shelves = [self._by_index.get((sort, position, index), {}) for position, index in wanted]
        return min(shelves, key=lambda shelf: sum(map(len, shelf.values())), default=self._by_sort.get(sort, {}))

    def _fits(self, entry: tuple[str, int, Term], values: Mapping[str, Term]) -> bool:
        name, position, index = entry
        return substitute(index, values) == self.typing.type_of(values[name]).indices[position]


def universe_of(problem: Problem, *, limit: int, heaviest: int = 12) -> Universe:
    """The typed closed terms of at most a weight, light ones first; no more than ``limit``, constants aside."""
    universe = Universe(typing_of(problem))
    equations = Equations(universe, [axiom for axiom in problem.axioms.values() if axiom.matrix[0] == "="])
    functions = problem.functions.values()
    for function in functions:
        if not function.explicit:
            universe.add((function.name,), 1)
    steps = {f.name: steps_of(f.parameters, f.explicit) for f in functions}
    onto_objects = [f for f in functions if f.explicit and f.result.kind == "Ob"]
    others = [f for f in functions if f.explicit and f.result.kind != "Ob"]
    for weight in range(1, heaviest + 1):
        # Objects first: others may weigh as much as their objects. No term has parts that come with it.
        for some in (onto_objects, others):
            for function in some:
                for values in universe.tuples(steps[function.name], _parts(function, weight)):
                    if len(universe.terms) >= limit:
                        return universe
                    term: Term = (function.name, *(values[name] for name in function.explicit))
                    if not equations.identify(term):
                        universe.add(term, weight)
    return universe


def _parts(function: Function, weight: int) -> Sum | Maximum:
    """What the arguments weigh of an application that weighs so much."""
    if function.name.startswith(("comp.", "act.")):
        return Sum(weight - 1, weight)
    return Maximum(weight - 1, 0 if function.result.kind == "Ob" else 1)


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
    steps = steps_of(axiom.variables, [name for name in axiom.explicit if name not in known])
    heaviest = max(universe.terms.values(), default=0)
    for total in range(len(steps), len(steps) * heaviest + 1):
        for values in universe.tuples(steps, Sum(total, heaviest)):
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


def _variables(term: Term) -> set[str]:
    return {part for part in subterms(term) if isinstance(part, str)}


def _mentions(term: Term, names: set[str]) -> bool:
    stack = [term]
    while stack:
        current = stack.pop()
        if current[0] in names:
            return True
        stack.extend(arguments(current))
    return False


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
