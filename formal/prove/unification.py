"""Functions that fit a type: candidates for the instances of quantifiers over functions.

A candidate for a function f(x, y) is a term in which its parameters are free: a parameter itself, or a known function
applied to them in order, its other arguments being determined by types or left open: f |-> T(f)(u), for any u.

Source: Robinson, A machine-oriented logic based on the resolution principle (1965), for unification.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from formal.logic.theory import Application, Function, Telescope, Term, Type, Variable, substitute_term, substitute_type

Unifier = dict[Variable, Term]


@dataclass(frozen=True, slots=True)
class Fit:
    """A body for a function.

    Args:
        values: those of flexible variables under which it fits.
        open: variables in the body that may have any value.
    """

    body: Term
    values: Unifier
    open: Telescope = ()


def unify_types(left: Type, right: Type, flexible: frozenset[Variable], values: Unifier) -> Unifier | None:
    """Values for flexible variables that make two types equal, beside those that there are; None: no such values."""
    if left.sort != right.sort:
        return None
    found = dict(values)
    stack = list(zip(left.indices, right.indices, strict=True))
    while stack:
        first, second = (_resolved(term, found) for term in stack.pop())
        if first == second:
            continue
        if isinstance(second, Variable) and second in flexible:
            first, second = second, first
        if isinstance(first, Variable) and first in flexible:
            if _occurs(first, second, found):
                return None
            found[first] = second
        elif isinstance(first, Application) and isinstance(second, Application):
            if first.function is not second.function:
                return None
            stack += zip(first.arguments, second.arguments, strict=True)
        else:
            return None
    return found


def apply(term: Term, values: Unifier) -> Term:
    """A term with all values put in, also within values."""
    if isinstance(term, Variable):
        return apply(values[term], values) if term in values else term
    return Application(term.function, tuple(apply(argument, values) for argument in term.arguments))


def variables_of(term: Term) -> Iterator[Variable]:
    """The variables of a term."""
    stack = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, Variable):
            yield current
        else:
            stack.extend(current.arguments)


def fits(wanted: Function, flexible: frozenset[Variable], known: Sequence[Function]) -> Iterator[Fit]:
    """Bodies for a function.

    Args:
        wanted: its type may mention flexible variables, for which values are found that do not mention parameters.
        known: functions that may be applied.
    """
    for parameter in wanted.explicit:
        values = unify_types(parameter.type, wanted.result, flexible, {})
        if values is not None:
            yield from _checked(wanted, flexible, parameter, values, ())
    for function in known:
        if function.result.sort == wanted.result.sort:
            yield from _applications(wanted, flexible, function)


def _applications(wanted: Function, flexible: frozenset[Variable], function: Function) -> Iterator[Fit]:
    copies: dict[Variable, Variable] = {}
    for parameter in function.parameters:
        copies[parameter] = Variable(parameter.name, substitute_type(parameter.type, copies))
    explicit = [copies[parameter] for parameter in function.explicit]
    result = substitute_type(function.result, copies)
    loose = flexible | frozenset(copies.values())
    for places in combinations(explicit, len(wanted.explicit)):
        values: Unifier | None = {}
        for target, parameter in zip(places, wanted.explicit, strict=True):
            if values is not None:
                values = unify_types(target.type, parameter.type, loose, values)
            if values is not None and apply(target, values) not in (target, parameter):
                values = None
            if values is not None:
                values[target] = parameter
        if values is not None:
            values = unify_types(result, wanted.result, loose, values)
        if values is not None:
            rest = tuple(copy for copy in copies.values() if copy not in values)
            yield from _checked(wanted, flexible, Application(function, tuple(explicit)), values, rest)


def _checked(
    wanted: Function, flexible: frozenset[Variable], body: Term, values: Unifier, rest: Telescope
) -> Iterator[Fit]:
    """The fit, unless a flexible or an open variable would depend on a parameter."""
    renamed: Unifier = dict(values)
    opened: list[Variable] = []
    for variable in rest:
        indices = tuple(apply(index, renamed) for index in variable.type.indices)
        opened.append(Variable(variable.name, Type(variable.type.sort, indices)))
        renamed[variable] = opened[-1]
    resolved = {variable: apply(variable, renamed) for variable in values if variable in flexible}
    bound = frozenset(wanted.parameters)
    outside = [*resolved.values(), *(index for variable in opened for index in variable.type.indices)]
    if any(bound & frozenset(variables_of(term)) for term in outside):
        return
    term = apply(body, renamed)
    if frozenset(variables_of(term)) - bound - flexible - frozenset(opened) <= frozenset(_outside(wanted)):
        yield Fit(term, resolved, tuple(opened))


def _outside(wanted: Function) -> Iterator[Variable]:
    for type_ in (*(p.type for p in wanted.parameters), wanted.result):
        for index in type_.indices:
            yield from variables_of(index)


def _resolved(term: Term, values: Unifier) -> Term:
    while isinstance(term, Variable) and term in values:
        term = values[term]
    return substitute_term(term, values) if isinstance(term, Application) else term


def _occurs(variable: Variable, term: Term, values: Unifier) -> bool:
    return any(v is variable for v in variables_of(apply(term, values)))
