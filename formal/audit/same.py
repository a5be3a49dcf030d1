"""Whether two formulas are the same up to the names of bound variables, with predicates unfolded."""

from __future__ import annotations

from typing import assert_never

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Application,
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
    SortKind,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)

Key = tuple[object, ...]
"""A formula without the names of its bound variables; equal keys, same formula."""


def conjuncts(formula: Formula) -> tuple[Formula, ...]:
    """The parts of a conjunction, of conjunctions in it, predicates unfolded."""
    result: list[Formula] = []
    stack = [formula]
    while stack:
        match stack.pop():
            case Named(body=body):
                stack.append(body)
            case And(parts):
                stack += reversed(parts)
            case Truth(True):
                pass
            case part:
                result.append(part)
    return tuple(result)


def key(formula: Formula) -> Key:
    """What formulas are compared by."""
    return _formula(formula, {})


def _formula(formula: Formula, depth: dict[object, int]) -> Key:
    match formula:
        case Truth(value):
            return "truth", value
        case Named(body=body):
            return _formula(body, depth)
        case Equal(left, right):
            return "=", *sorted((_term(left, depth), _term(right, depth)), key=repr)
        case Not(body):
            return "not", _formula(body, depth)
        case And():
            return "and", *(_formula(part, depth) for part in conjuncts(formula))
        case Or(parts):
            return "or", *(_formula(part, depth) for part in parts)
        case Implies(premise, conclusion):
            return "implies", _formula(premise, depth), _formula(conclusion, depth)
        case Iff(left, right):
            return "iff", _formula(left, depth), _formula(right, depth)
        case Quantified(Quantifier.EXISTS_UNIQUE, variables, body):
            types, inner = _telescope(variables, depth)
            return "exists!", types, _formula(body, inner)
        case Quantified(quantifier, variables, body):
            while isinstance(body := _unfolded(body), Quantified) and body.quantifier is quantifier:
                variables, body = (*variables, *body.variables), body.body
            types, inner = _block(variables, depth)
            return quantifier.value, types, _formula(body, inner)
        case FunctionQuantified(quantifier, functions, body):
            inner = dict(depth)
            signatures: list[Key] = []
            for function in functions:
                signatures.append(_signature(function, inner))
                inner[function] = len(inner)
            return f"{quantifier.value} functions", tuple(signatures), _formula(body, inner)
        case Equinumerous(left_sum, right_sum):
            sides = [tuple(_telescope(case, depth)[0] for case in side) for side in (left_sum, right_sum)]
            return "equinumerous", *sides
        case Connected(left_tuple, right_tuple, joined):
            types, inner = _telescope(left_tuple, depth)
            others, inner = _telescope(right_tuple, inner)
            return "connected", types, others, _formula(joined, inner)
        case Finite(category):
            return "finite", category
        case _:
            assert_never(formula)


def _unfolded(formula: Formula) -> Formula:
    while isinstance(formula, Named):
        formula = formula.body
    return formula


def _block(variables: Telescope, depth: dict[object, int]) -> tuple[tuple[Key, ...], dict[object, int]]:
    """Variables in a row under one quantifier: objects in the order in which the types of the others mention them."""
    inner = dict(depth)
    objects = {variable for variable in variables if variable.type.sort.kind is SortKind.OBJECT}
    mentioned = [index for variable in variables for index in variable.type.indices]
    while mentioned:
        term = mentioned.pop(0)
        if isinstance(term, Application):
            mentioned[:0] = term.arguments
        elif term in objects:
            inner.setdefault(term, len(inner))
    for variable in variables:
        if variable in objects:
            inner.setdefault(variable, len(inner))
    kept = tuple(variable for variable in variables if variable not in objects)
    ordered = sorted(objects, key=lambda variable: inner[variable])
    owners = tuple(variable.type.sort.owner for variable in ordered)
    types, inner = _telescope(kept, inner)
    return (owners, *types), inner


def _telescope(variables: Telescope, depth: dict[object, int]) -> tuple[tuple[Key, ...], dict[object, int]]:
    inner = dict(depth)
    types: list[Key] = []
    for variable in variables:
        types.append(_type(variable.type, inner))
        inner[variable] = len(inner)
    return tuple(types), inner


def _signature(function: Function, depth: dict[object, int]) -> Key:
    parameters, inner = _telescope(function.parameters, depth)
    return (*parameters, _type(function.result, inner))


def _type(of: Type, depth: dict[object, int]) -> Key:
    return of.sort.kind.value, of.sort.owner, *(_term(index, depth) for index in of.indices)


def _term(term: Term, depth: dict[object, int]) -> Key:
    if isinstance(term, Variable):
        return "bound", depth.get(term, -1)
    name = depth.get(term.function, term.function.name)
    return name, *(_term(argument, depth) for argument in term.arguments)
