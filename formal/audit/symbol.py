"""The function symbols of a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from formal.logic.theory import (
    Application,
    Formula,
    Function,
    Named,
    Role,
    SortKind,
    Variable,
    arguments_of,
    substitute_type,
    type_of,
)


def symbols_in(formula: Formula) -> frozenset[str]:
    """Their names."""
    return frozenset(part.function.name for part in _parts(formula) if isinstance(part, Application))


def is_well_typed(formula: Formula) -> bool:
    """Whether every argument has the type of its parameter, letter by letter."""
    for part in _parts(formula):
        if isinstance(part, Application):
            bound = arguments_of(part)
            for parameter, argument in zip(part.function.explicit, part.arguments, strict=True):
                if substitute_type(parameter.type, bound) != type_of(argument):
                    return False
    return True


def closed_arrows(formula: Formula) -> tuple[Application, ...]:
    """The largest terms that are one arrow whatever the variables are, but for identities."""
    found: dict[Application, None] = {}
    for part in _parts(formula, into=lambda node: not is_closed_arrow(node)):
        if is_closed_arrow(part):
            assert isinstance(part, Application)
            found[part] = None
    return tuple(found)


def is_closed_arrow(part: object) -> bool:
    """Whether a term is an arrow, no identity, and free of variables."""
    if not isinstance(part, Application) or part.function.result.sort.kind is not SortKind.ARROW:
        return False
    if part.function.role is Role.IDENTITY:
        return False
    return not any(isinstance(inner, Variable) for inner in _parts(part))


def texts_in(formula: Formula) -> tuple[str, ...]:
    """The predicates of a formula, as the author applied them."""
    return tuple(part.text for part in _parts(formula) if isinstance(part, Named))


def _parts(root: object, into: Callable[[object], bool] = lambda _: True) -> Iterator[object]:
    """All formulas, terms and types in a formula or a term, each variable once.

    Args:
        into: whether to look inside a part.
    """
    seen: set[int] = set()
    stack: list[object] = [root]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack += part[::-1]
            continue
        if not is_dataclass(part) or isinstance(part, Function):
            continue
        if isinstance(part, Variable):
            if id(part) in seen:
                continue
            seen.add(id(part))
        yield part
        if into(part):
            stack += [getattr(part, entry.name) for entry in reversed(fields(part)) if entry.name != "function"]
