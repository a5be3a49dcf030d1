"""The function symbols of a formula."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from formal.logic.theory import Application, Formula, Function, Variable


def symbols_in(formula: Formula) -> frozenset[str]:
    """Their names."""
    return frozenset(function.name for function in functions_in(formula))


def functions_in(formula: Formula) -> frozenset[Function]:
    """The function symbols that a formula applies, in types of bound variables, too."""
    found: set[Function] = set()
    seen: set[int] = set()
    stack: list[object] = [formula]
    while stack:
        match stack.pop():
            case Application(function, arguments):
                found.add(function)
                stack += arguments
            case Variable() as variable:
                if id(variable) not in seen:
                    seen.add(id(variable))
                    stack.append(variable.type)
            case Function():
                pass
            case tuple() as items:
                stack += items
            case node if is_dataclass(node):
                stack += [getattr(node, part.name) for part in fields(node)]
    return frozenset(found)
