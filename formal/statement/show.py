"""Terms and formulas of a statement as text, in the notation of the language: ``T(f)(t)``, ``f >> g``, ``F(X)``."""

from __future__ import annotations

import re
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
    Role,
    SetSum,
    SortKind,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)
from formal.statement.point import Atom, In, Point, Tuple

_ATOM, _NOT, _AND, _OR, _IMPLIES, _OPEN = range(6)
"""How loosely a formula binds; a quantifier reaches as far to the right as it can."""


def show_term(term: Term) -> str:
    """A term; functors are applied by their own names, without ``.ob`` and ``.ar``."""
    if isinstance(term, Variable):
        return term.name
    arguments = [show_term(argument) for argument in term.arguments]
    name = term.function.name
    match term.function.role:
        case Role.IDENTITY:
            return f"id({arguments[0]})"
        case Role.COMPOSITION:
            second = term.arguments[1]
            is_nested = isinstance(second, Application) and second.function.role is Role.COMPOSITION
            return f"{arguments[0]} >> {f'({arguments[1]})' if is_nested else arguments[1]}"
        case Role.ACTION:
            return f"{name.removeprefix('act.')}({arguments[0]})({arguments[1]})"
        case _:
            spelled = spelled_name(name)
            return f"{spelled}({', '.join(arguments)})" if arguments else spelled


def spelled_name(name: str) -> str:
    """The name of a symbol as one writes it: ``F`` for ``F.ob`` and for ``F.ar``."""
    return re.sub(r"\.(ob|ar)(?=$|[.#])", "", name)


def show_point(point: Point) -> str:
    """A point: pairs in parentheses, constants by their labels."""
    match point:
        case Variable() | Application():
            return show_term(point)
        case Atom(label=label):
            return label
        case Tuple(parts):
            return f"({', '.join(show_point(part) for part in parts)})"
        case In(side, inner):
            return f"{'inr' if side else 'inl'}({show_point(inner)})"


def show_type(type_: Type) -> str:
    """``in C`` for objects, ``: X -> Y`` for arrows, ``in T(X)`` for elements."""
    indices = [show_term(index) for index in type_.indices]
    match type_.sort.kind:
        case SortKind.OBJECT:
            return f" in {type_.sort.owner}"
        case SortKind.ARROW:
            return f": {indices[0]} -> {indices[1]}"
        case SortKind.ELEMENT:
            return f" in {type_.sort.owner}({indices[0]})"


def show_telescope(telescope: Telescope) -> str:
    """``X, Y in C, f: X -> Y``: variables of one type share it."""
    groups: list[tuple[list[str], str]] = []
    for variable in telescope:
        shown = show_type(variable.type)
        if groups and groups[-1][1] == shown:
            groups[-1][0].append(variable.name)
        else:
            groups.append(([variable.name], shown))
    return ", ".join(f"{', '.join(names)}{shown}" for names, shown in groups)


def show_function(function: Function) -> str:
    """A symbol with its type: ``q: X in C |-> L -> D(X)``."""
    name = spelled_name(function.name)
    result = show_type(function.result)
    if not function.parameters:
        return f"{name}{result}"
    return f"{name}: {show_telescope(function.parameters)} |->{result.removeprefix(':')}"


def show_formula(formula: Formula, *, unfold: bool = False) -> str:
    """A formula on one line.

    Args:
        unfold: show what predicates mean, instead of their names.
    """
    return _show(formula, _OPEN, unfold)


def _show(formula: Formula, most: int, unfold: bool) -> str:
    text, looseness = _pieces(formula, unfold)
    return f"({text})" if looseness > most else text


def _pieces(formula: Formula, unfold: bool) -> tuple[str, int]:
    match formula:
        case Truth(value):
            return ("true" if value else "false"), _ATOM
        case Equal(left, right):
            return f"{show_term(left)} = {show_term(right)}", _ATOM
        case Not(Equal(left, right)):
            return f"{show_term(left)} != {show_term(right)}", _ATOM
        case Not(body):
            return f"not {_show(body, _NOT, unfold)}", _NOT
        case And(parts):
            return (" and ".join(_show(part, _NOT, unfold) for part in parts), _AND) if parts else ("true", _ATOM)
        case Or(parts):
            return (" or ".join(_show(part, _AND, unfold) for part in parts), _OR) if parts else ("false", _ATOM)
        case Implies(premise, conclusion):
            return f"{_show(premise, _OR, unfold)} implies {_show(conclusion, _OPEN, unfold)}", _IMPLIES
        case Iff(left, right):
            return f"{_show(left, _OR, unfold)} iff {_show(right, _OR, unfold)}", _IMPLIES
        case Quantified(quantifier, variables, body):
            return f"{quantifier} {show_telescope(variables)}. {_show(body, _OPEN, unfold)}", _OPEN
        case FunctionQuantified(quantifier, functions, body):
            word = "for all functions" if quantifier is Quantifier.FORALL else "for some functions"
            shown = "; ".join(show_function(function) for function in functions)
            return f"{word} {shown}. {_show(body, _OPEN, unfold)}", _OPEN
        case Equinumerous(left_set, right_set):
            return f"equinumerous({_show_set(left_set)}, {_show_set(right_set)})", _ATOM
        case Connected(left_end, right_end, joined):
            ends = f"{show_telescope(left_end)}; {show_telescope(right_end)}"
            return f"connected({ends}. {_show(joined, _OPEN, unfold)})", _ATOM
        case Finite(category):
            return f"finite({category})", _ATOM
        case Named(text=text, body=body):
            return _pieces(body, unfold) if unfold else (text, _ATOM)
        case _:
            assert_never(formula)


def _show_set(cases: SetSum) -> str:
    return "{" + " | ".join(show_telescope(case) if case else "*" for case in cases) + "}"
