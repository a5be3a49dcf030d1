"""What a formula is like, before it is compiled: what is free in it, how heavy it is, how deep its terms are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from formal.logic.theory import (
    And,
    Connected,
    Equal,
    Equinumerous,
    Finite,
    Formula,
    Function,
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    Role,
    Telescope,
    Term,
    Truth,
    Variable,
)


def weight(formula: Formula) -> int:
    """How many quantifiers are nested in a formula: what is light is written first, as it excludes shapes soonest."""
    match formula:
        case Truth() | Equal() | Finite() | Equinumerous():
            return 0
        case Not(body) | Named(_, _, body):
            return weight(body)
        case And(parts) | Or(parts):
            return max(map(weight, parts), default=0)
        case Implies(left, right) | Iff(left, right):
            return max(weight(left), weight(right))
        case Quantified(_, variables, body):
            return len(variables) + weight(body)
        case FunctionQuantified(_, _, body):
            return 20 + weight(body)
        case Connected(left_points, _, joined):
            return 2 * len(left_points) + weight(joined)
    assert_never(formula)


def conjuncts(formula: Formula) -> Iterator[Formula]:
    """The parts of a conjunction, light ones first."""
    if isinstance(formula, And):
        for part in sorted(formula.parts, key=weight):
            yield from conjuncts(part)
    elif isinstance(formula, Named) and isinstance(formula.body, And):
        yield from conjuncts(formula.body)
    else:
        yield formula


def depth(term: Term) -> int:
    """How many function symbols are nested in a term; an identity is the object itself."""
    if isinstance(term, Variable):
        return 0
    below = max(map(depth, term.arguments), default=0)
    return below if term.function.role is Role.IDENTITY else below + 1


def free_symbols(formula: Formula) -> set[Variable | Function]:
    """The free variables and the free functions of a formula."""
    things: set[Variable | Function] = set()
    _free(formula, things)
    return things


def _free_term(term: Term, things: set[Variable | Function]) -> None:
    if isinstance(term, Variable):
        things.add(term)
        return
    if term.function.role is not Role.IDENTITY:
        things.add(term.function)
    for argument in term.arguments:
        _free_term(argument, things)


def _free_telescope(telescope: Telescope, things: set[Variable | Function]) -> None:
    for variable in telescope:
        for index in variable.type.indices:
            _free_term(index, things)


def _free(formula: Formula, things: set[Variable | Function]) -> None:
    match formula:
        case Truth() | Finite():
            return
        case Equal(left, right):
            _free_term(left, things)
            _free_term(right, things)
        case Not(body) | Named(_, _, body):
            _free(body, things)
        case And(parts) | Or(parts):
            for part in parts:
                _free(part, things)
        case Implies(left_part, right_part) | Iff(left_part, right_part):
            _free(left_part, things)
            _free(right_part, things)
        case Quantified(_, variables, body):
            inner: set[Variable | Function] = set()
            _free(body, inner)
            _free_telescope(variables, inner)
            things |= inner.difference(variables)
        case FunctionQuantified(_, functions, body):
            inner = set()
            _free(body, inner)
            for function in functions:
                signature: set[Variable | Function] = set()
                _free_telescope(function.parameters, signature)
                for index in function.result.indices:
                    _free_term(index, signature)
                inner |= signature.difference(function.parameters)
            things |= inner.difference(functions)
        case Equinumerous(left_sum, right_sum):
            for telescope in (*left_sum, *right_sum):
                inner = set()
                _free_telescope(telescope, inner)
                things |= inner.difference(telescope)
        case Connected(left_points, right_points, joined):
            inner = set()
            _free(joined, inner)
            _free_telescope(left_points, inner)
            _free_telescope(right_points, inner)
            things |= inner.difference(left_points, right_points)
        case _:
            assert_never(formula)
