"""Substitution in formulas: terms for variables, and terms with parameters for functions.

Bound variables are made anew, so that nothing is captured and a formula may be used twice in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

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
    SetSum,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
    arguments_of,
    substitute_term,
)

Values = Mapping[Variable, Term]
Bodies = Mapping[Function, Term]
"""For a function, a term in which its parameters are free."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Terms for free variables, and bodies for function symbols."""

    values: Values
    bodies: Bodies

    def term(self, term: Term) -> Term:
        """A term with everything replaced."""
        if isinstance(term, Variable):
            return self.values.get(term, term)
        body = self.bodies.get(term.function)
        if body is None:
            return Application(term.function, tuple(map(self.term, term.arguments)))
        return substitute_term(body, {p: self.term(value) for p, value in arguments_of(term).items()})

    def type(self, type_: Type) -> Type:
        """A type with everything replaced."""
        return Type(type_.sort, tuple(map(self.term, type_.indices)))

    def telescope(self, variables: Telescope) -> tuple[Telescope, Replacement]:
        """Fresh variables for bound ones, and the replacement inside."""
        values = dict(self.values)
        inner = Replacement(values, self.bodies)
        fresh: list[Variable] = []
        for variable in variables:
            fresh.append(Variable(variable.name, inner.type(variable.type)))
            values[variable] = fresh[-1]
        return tuple(fresh), inner

    def function(self, function: Function) -> tuple[Function, Term]:
        """A fresh symbol for a bound function, and the body that stands for the old one."""
        parameters, inner = self.telescope(function.parameters)
        fresh = Function(function.name, parameters, inner.type(function.result), function.role)
        back = dict(zip(parameters, function.parameters, strict=True))
        return fresh, fresh(*(back[parameter] for parameter in fresh.explicit))

    def set_sum(self, summands: SetSum) -> SetSum:
        """A sum of sets of tuples with everything replaced."""
        return tuple(self.telescope(telescope)[0] for telescope in summands)

    def formula(self, formula: Formula) -> Formula:
        """A formula with everything replaced."""
        match formula:
            case Truth() | Finite():
                return formula
            case Equal(left, right):
                return Equal(self.term(left), self.term(right))
            case Not(body):
                return Not(self.formula(body))
            case And(parts):
                return And(tuple(map(self.formula, parts)))
            case Or(parts):
                return Or(tuple(map(self.formula, parts)))
            case Implies(premise, conclusion):
                return Implies(self.formula(premise), self.formula(conclusion))
            case Iff(left, right):
                return Iff(self.formula(left), self.formula(right))
            case Quantified(quantifier, variables, body):
                fresh, inner = self.telescope(variables)
                return Quantified(quantifier, fresh, inner.formula(body))
            case FunctionQuantified(quantifier, functions, body):
                inner, symbols = self, []
                for function in functions:
                    symbol, term = inner.function(function)
                    symbols.append(symbol)
                    inner = Replacement(inner.values, {**inner.bodies, function: term})
                return FunctionQuantified(quantifier, tuple(symbols), inner.formula(body))
            case Equinumerous(left, right):
                return Equinumerous(self.set_sum(left), self.set_sum(right))
            case Connected(left, right, joined):
                first, inner = self.telescope(left)
                second, inner = inner.telescope(right)
                return Connected(first, second, inner.formula(joined))
            case Named(predicate, text, body):
                return Named(predicate, text, self.formula(body))
            case _:
                assert_never(formula)


def substitute(formula: Formula, values: Values, bodies: Bodies | None = None) -> Formula:
    """A formula with terms for some of its free variables, and bodies for some function symbols."""
    return Replacement(values, bodies or {}).formula(formula)


def parts_of(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly within a formula."""
    match formula:
        case And(parts) | Or(parts):
            return parts
        case Implies(left, right) | Iff(left, right):
            return left, right
        case Not(body) | Named(body=body) | Quantified(body=body) | FunctionQuantified(body=body):
            return (body,)
        case Connected(joined=joined):
            return (joined,)
        case Truth() | Finite() | Equal() | Equinumerous():
            return ()
        case _:
            assert_never(formula)


def subformulas(formula: Formula) -> Iterator[Formula]:
    """A formula and all formulas within, outermost first."""
    stack = [formula]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(parts_of(current)))


def is_first_order(formula: Formula) -> bool:
    """Whether nothing second-order occurs."""
    return not any(
        isinstance(part, FunctionQuantified | Equinumerous | Connected | Finite) for part in subformulas(formula)
    )
