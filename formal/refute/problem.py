"""What a search looks for: unknown structures, symbols, and formulas that have to hold or to fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formal.logic.theory import (
    And,
    Application,
    CategorySymbol,
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
    SetFunctorSymbol,
    Telescope,
    Truth,
    Type,
    Variable,
)
from formal.statement.model import Obligation, Origin, Statement

_BUILT_IN = frozenset({Role.IDENTITY, Role.COMPOSITION, Role.ACTION})


@dataclass(frozen=True, slots=True)
class Problem:
    """Structures are sought that satisfy the requirements.

    Args:
        functions: symbols other than identities, compositions and actions; each only mentions those before it.
        required: formulas, each with whether it has to hold or to fail.
        nondegenerate: some category has an arrow that is no identity, and some set-valued functor, if there are any,
            an element.
    """

    categories: tuple[CategorySymbol, ...]
    set_functors: tuple[SetFunctorSymbol, ...]
    functions: tuple[Function, ...]
    required: tuple[tuple[Formula, bool], ...]
    nondegenerate: bool = False


def problem_of(
    statement: Statement,
    obligation: Obligation,
    without: frozenset[str],
    goal: Formula | None,
    satisfy: bool,
    nondegenerate: bool,
) -> Problem:
    """The problem to find a counter-model of an obligation.

    Steps that were shown before are no requirements: they follow from the others.
    """
    laws = {law.name for c in statement.categories for law in c.laws}
    laws.update(law.name for t in statement.set_functors for law in t.laws)
    required = [
        (hypothesis.formula, True)
        for hypothesis in statement.available(obligation)
        if hypothesis.origin is not Origin.HAVE and hypothesis.name not in without and hypothesis.name not in laws
    ]
    if not satisfy:
        required.append((obligation.formula if goal is None else goal, False))
    mentioned: set[str] = set()
    for formula, _ in required:
        for symbol in symbols(formula):
            if isinstance(symbol, Function):
                mentioned.add(symbol.name)
    given = [f for g in statement.givens for f in g.functions]
    made = [f for c in statement.constructed for f in c.functions]
    for function in reversed(made):
        if function.name in mentioned:
            mentioned.update(s.name for s in signature_symbols(function) if isinstance(s, Function))
    functions = [*given, *(function for function in made if function.name in mentioned)]
    return Problem(statement.categories, statement.set_functors, tuple(functions), tuple(required), nondegenerate)


def part_of(problem: Problem, category: CategorySymbol) -> Problem:
    """What the problem says about one category with its set-valued functors, and nothing else."""
    set_functors = tuple(t for t in problem.set_functors if t.category.name == category.name)
    owners = {category.name, *(t.name for t in set_functors)}
    functions: list[Function] = []
    inside: set[str] = set()
    for function in problem.functions:
        if _is_inside(signature_symbols(function), owners, inside):
            functions.append(function)
            inside.add(function.name)
    required = tuple(
        (formula, holds) for formula, holds in problem.required if _is_inside(symbols(formula), owners, inside)
    )
    return Problem((category,), set_functors, tuple(functions), required)


def _is_inside(found: Iterator[Function | str], owners: set[str], inside: set[str]) -> bool:
    return all(
        symbol in owners if isinstance(symbol, str) else symbol.role in _BUILT_IN or symbol.name in inside
        for symbol in found
    )


def signature_symbols(function: Function) -> Iterator[Function | str]:
    """The function symbols, and the names of the categories and set-valued functors, in the types of a function."""
    for variable in function.parameters:
        yield from _in_type(variable.type)
    yield from _in_type(function.result)


def symbols(formula: Formula) -> Iterator[Function | str]:
    """The function symbols, and the names of the categories and set-valued functors, that a formula mentions.

    Symbols that it binds are left out.
    """
    pending: list[tuple[Formula, frozenset[str]]] = [(formula, frozenset())]
    while pending:
        current, bound = pending.pop()
        children, things = _layer(current)
        if isinstance(current, FunctionQuantified):
            bound |= {function.name for function in current.functions}
        pending.extend((child, bound) for child in children)
        for thing in things:
            if isinstance(thing, str) or thing.name not in bound:
                yield thing


def _layer(formula: Formula) -> tuple[Sequence[Formula], list[Function | str]]:
    """The formulas right below, and the symbols on top."""
    match formula:
        case Truth():
            return (), []
        case Finite(category):
            return (), [category]
        case Equal(left, right):
            return (), [*_in_term(left), *_in_term(right)]
        case Not(body) | Named(_, _, body):
            return (body,), []
        case And(parts) | Or(parts):
            return parts, []
        case Implies(one, other) | Iff(one, other):
            return (one, other), []
        case Quantified(_, variables, body):
            return (body,), list(_in_telescope(variables))
        case FunctionQuantified(_, functions, body):
            return (body,), [symbol for function in functions for symbol in signature_symbols(function)]
        case Equinumerous(left_sum, right_sum):
            return (), [symbol for telescope in (*left_sum, *right_sum) for symbol in _in_telescope(telescope)]
        case Connected(left_points, right_points, joined):
            return (joined,), [*_in_telescope(left_points), *_in_telescope(right_points)]


def _in_telescope(telescope: Telescope) -> Iterator[Function | str]:
    for variable in telescope:
        yield from _in_type(variable.type)


def _in_type(type_: Type) -> Iterator[Function | str]:
    yield type_.sort.owner
    yield type_.sort.base
    for index in type_.indices:
        yield from _in_term(index)


def _in_term(term: Variable | Application) -> Iterator[Function | str]:
    pending = [term]
    while pending:
        current = pending.pop()
        if isinstance(current, Application):
            yield current.function
            yield current.function.result.sort.base
            pending.extend(current.arguments)
