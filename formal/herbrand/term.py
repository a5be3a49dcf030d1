"""Terms, each stored once, and their types: what fits letter by letter, and the guards for what need not fit.

A term is a number; equal terms have equal numbers, so that a term that is large when written out is compared in one
step. The type of an application is computed from those of its arguments: an implicit argument is an index in the
type of an explicit one. Where a parameter's type has an index that is determined otherwise, the argument fits if the
two indices are equal: if they are not so letter by letter, their equation is a *guard*.

Source: Cartmell, Generalised algebraic theories and contextual categories (1986), section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formal.herbrand.problem import Function, Type
from formal.herbrand.reading import Ledger, Rejected, demand

Guard = tuple[int, int]
"""The equation of two terms; ``(t, t)`` says that the term t denotes."""

Telescope = tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Typing:
    """The type of a term, and the guards of its outermost symbol: they and those of its arguments make it denote."""

    kind: str
    owner: str
    indices: tuple[int, ...] = ()
    guards: tuple[Guard, ...] = ()

    def is_same_type(self, other: Typing) -> bool:
        """Letter by letter."""
        return (self.kind, self.owner, self.indices) == (other.kind, other.owner, other.indices)


def explicit_names(telescope: Telescope) -> tuple[str, ...]:
    """The variables of a telescope that are not an index in the type of another."""
    implicit = {index for _, type_ in telescope for index in type_.indices}
    return tuple(variable for variable, _ in telescope if variable not in implicit)


class Terms:
    """A store of terms over some function symbols, which may grow."""

    def __init__(self, functions: Mapping[str, Function], ledger: Ledger) -> None:
        self.functions, self.ledger = functions, ledger
        self.symbols: list[str] = []
        self.arguments: list[tuple[int, ...]] = []
        self._numbers: dict[tuple[str, tuple[int, ...]], int] = {}
        self._typings: dict[int, Typing] = {}

    def variable(self, typing: Typing) -> int:
        """A new variable."""
        self.symbols.append("")
        self.arguments.append(())
        self._typings[len(self.symbols) - 1] = typing
        return len(self.symbols) - 1

    def read(self, term: Any, scope: Mapping[str, int]) -> int:
        """The number of a term: the name of a variable in scope, or a symbol with its explicit arguments."""
        values: list[int] = []
        stack: list[tuple[Any, bool]] = [(term, False)]
        while stack:
            part, ready = stack.pop()
            self.ledger.spend()
            if type(part) is str:
                demand(part in scope, "typing", "a variable that is not in scope")
                values.append(scope[part])
            elif ready:
                count = len(part) - 1
                arguments = tuple(values[len(values) - count :])
                del values[len(values) - count :]
                values.append(self._number(part[0], arguments))
            else:
                holds = type(part) in (list, tuple) and part and type(part[0]) is str and part[0] in self.functions
                demand(bool(holds), "typing", "neither a variable nor a function symbol with arguments")
                holds = len(part) - 1 == len(self.functions[part[0]].explicit)
                demand(holds, "typing", "a function symbol with too few or too many arguments")
                stack.append((part, True))
                stack.extend((argument, False) for argument in reversed(part[1:]))
        return values[0]

    def typing(self, term: int) -> Typing:
        """The type of a term, and its guards."""
        stack = [term]
        while stack:
            missing = [argument for argument in self.arguments[stack[-1]] if argument not in self._typings]
            if missing:
                stack.extend(missing)
                continue
            t = stack.pop()
            if t not in self._typings:
                function = self.functions[self.symbols[t]]
                scope, guards = self.fit(function.parameters, function.explicit, self.arguments[t])
                indices = tuple(self.read(index, scope) for index in function.result.indices)
                guards = guards if function.defined else (*guards, (t, t))
                self._typings[t] = Typing(function.result.kind, function.result.owner, indices, guards)
        return self._typings[term]

    def fit(
        self, telescope: Telescope, explicit: Sequence[str], arguments: Sequence[int]
    ) -> tuple[dict[str, int], tuple[Guard, ...]]:
        """Arguments put for the explicit variables of a telescope: the values of all, and the guards.

        Raises:
            Rejected: an argument is of another sort.
        """
        scope = dict(zip(explicit, arguments, strict=True))
        declared = [(type_, self.typing(scope[variable])) for variable, type_ in telescope if variable in scope]
        for type_, typing in declared:
            self.ledger.spend()
            if (type_.kind, type_.owner) != (typing.kind, typing.owner):
                raise Rejected("typing", "an argument of another sort")
            for index, value in zip(type_.indices, typing.indices, strict=True):
                if type(index) is str:
                    scope.setdefault(index, value)
        guards: dict[Guard, None] = {}
        for type_, typing in declared:
            for index, value in zip(type_.indices, typing.indices, strict=True):
                expected = self.read(index, scope)
                if expected != value:
                    guards[min(expected, value), max(expected, value)] = None
        return scope, tuple(guards)

    def guards(self, terms: Sequence[int]) -> dict[Guard, None]:
        """The guards of some terms and of all their subterms."""
        found: dict[Guard, None] = {}
        seen: set[int] = set()
        stack = list(reversed(terms))
        while stack:
            term = stack.pop()
            if term not in seen:
                seen.add(term)
                self.ledger.spend()
                found |= dict.fromkeys(self.typing(term).guards)
                stack.extend(reversed(self.arguments[term]))
        return found

    def _number(self, symbol: str, arguments: tuple[int, ...]) -> int:
        key = symbol, arguments
        if key not in self._numbers:
            self._numbers[key] = len(self.symbols)
            self.symbols.append(symbol)
            self.arguments.append(arguments)
        return self._numbers[key]
