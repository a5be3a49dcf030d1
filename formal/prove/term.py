"""Terms in the kernel's notation: their types, and under which conditions they denote.

A term is closed here: a tuple of a function's name and its explicit arguments. Its type is read off the telescope of
the function; where an argument has not, letter by letter, the type that the telescope asks for, the equation between
the indices is a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formal.herbrand.problem import Axiom, Function, Matrix, Problem, Term, Type

Condition = Matrix
"""An equation between indices, or ``defined`` of a term."""
Sort = tuple[str, str]
"""``Ob``, ``Hom`` or ``El``, and the category or set-valued functor."""


class IllSorted(Exception):
    """An argument is not even of the right sort: an object for an arrow, or an arrow of another category."""


def sort_of(type_: Type) -> Sort:
    """A type without its indices."""
    return type_.kind, type_.owner


def substitute(term: Term, values: Mapping[str, Term]) -> Term:
    """A term with values for some variables."""
    if isinstance(term, str):
        return values.get(term, term)
    return (term[0], *(substitute(argument, values) for argument in arguments(term)))


def arguments(term: Term) -> tuple[Term, ...]:
    """The explicit arguments of an application; none of a variable."""
    return () if isinstance(term, str) else term[1:]  # type: ignore[return-value]


def subterms(term: Term) -> Iterator[Term]:
    """A term and all terms within, outermost first."""
    stack = [term]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(arguments(current)))


def depth(term: Term) -> int:
    """0 for a variable or a constant, else one more than the deepest argument."""
    return max((1 + depth(argument) for argument in arguments(term)), default=0)


def size(term: Term) -> int:
    """How many symbols there are."""
    return sum(1 for _ in subterms(term))


def substitute_matrix(matrix: Matrix, values: Mapping[str, Term]) -> Matrix:
    """A matrix with values for some variables."""
    match matrix[0]:
        case "and" | "or":
            return (matrix[0], *(substitute_matrix(part, values) for part in matrix[1:]))  # type: ignore[arg-type]
        case _:
            return (matrix[0], *(substitute(term, values) for term in matrix[1:]))  # type: ignore[arg-type]


def terms_of(matrix: Matrix) -> Iterator[Term]:
    """The terms of the literals of a matrix, from left to right."""
    stack: list[Matrix] = [matrix]
    while stack:
        current = stack.pop()
        if current[0] in ("and", "or"):
            stack.extend(reversed(current[1:]))  # type: ignore[arg-type]
        else:
            yield from current[1:]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Typing:
    """Types and conditions of the closed terms of a problem."""

    functions: Mapping[str, Function]
    _types: dict[Term, Type] = field(default_factory=dict)
    _own: dict[Term, tuple[Condition, ...]] = field(default_factory=dict)
    _unconditional: set[Term] = field(default_factory=set)

    def type_of(self, term: Term) -> Type:
        """The type of a closed term, provided that its conditions hold.

        Raises:
            IllSorted: some argument has the wrong sort, or the function does not exist.
        """
        known = self._types.get(term)
        if known is None:
            if isinstance(term, str) or term[0] not in self.functions:
                raise IllSorted(str(term))
            function = self.functions[str(term[0])]
            values, _ = self.bind(function.parameters, function.explicit, arguments(term))
            result = function.result
            known = Type(result.kind, result.owner, tuple(substitute(i, values) for i in result.indices))
            self._types[term] = known
        return known

    def bind(
        self, telescope: tuple[tuple[str, Type], ...], explicit: tuple[str, ...], terms: Iterable[Term]
    ) -> tuple[dict[str, Term], list[Condition]]:
        """Values for all variables of a telescope, from terms for the explicit ones.

        Returns:
            The values, and the equations that have to hold between indices because they do not letter by letter.
        Raises:
            IllSorted: a term has the wrong sort, or there are too few or too many.
        """
        given = tuple(terms)
        if len(given) != len(explicit):
            raise IllSorted(f"{len(given)} terms for {len(explicit)} variables")
        values: dict[str, Term] = dict(zip(explicit, given, strict=True))
        expected: list[tuple[Term, Term]] = []
        for name, type_ in telescope:
            if name not in explicit:
                continue
            actual = self.type_of(values[name])
            if sort_of(actual) != sort_of(type_):
                raise IllSorted(f"{actual} for {type_}")
            for index, value in zip(type_.indices, actual.indices, strict=True):
                if isinstance(index, str):
                    values.setdefault(index, value)
                expected.append((index, value))
        equations = ((substitute(index, values), value) for index, value in expected)
        return values, [("=", left, right) for left, right in equations if left != right]

    def conditions(self, terms: Iterable[Term]) -> list[Condition]:
        """What has to hold for closed terms to denote something of the type that they are said to have."""
        pending = [term for term in terms if term not in self._unconditional]
        found: dict[Condition, None] = {}
        seen: set[Term] = set()
        stack = pending[:]
        while stack:
            term = stack.pop()
            if term in seen or isinstance(term, str):
                continue
            seen.add(term)
            found.update(dict.fromkeys(self._own_conditions(term)))
            stack.extend(arguments(term))
        if not found:
            self._unconditional.update(pending)
        return list(found)

    def _own_conditions(self, term: Term) -> tuple[Condition, ...]:
        """What has to hold for an application to denote, if its arguments do."""
        known = self._own.get(term)
        if known is None:
            function = self.functions[str(term[0])]
            equations = self.bind(function.parameters, function.explicit, arguments(term))[1]
            known = self._own[term] = (*equations, *(() if function.defined else (("defined", term),)))
        return known

    def instance(self, axiom: Axiom, terms: tuple[Term, ...]) -> tuple[list[Condition], Matrix]:
        """The ground formula of an instance: if the conditions hold, then the matrix does.

        Raises:
            IllSorted: a term has the wrong sort.
        """
        values, equations = self.bind(axiom.variables, axiom.explicit, terms)
        found = dict.fromkeys([*self.conditions(terms), *equations])
        return list(found), substitute_matrix(axiom.matrix, values)


def typing_of(problem: Problem) -> Typing:
    """The typing of a problem's terms."""
    return Typing(problem.functions)
