"""A formula read in the opposite categories.

A theorem with all its hypotheses turned round holds exactly if the theorem does (the duality principle), so there is
nothing to ask about that. What can be asked is whether the goal, read in the opposite categories, follows from the
hypotheses *as they stand*: whether a category that has products must have coproducts, whether a functor with a left
adjoint has a right one. That is information about the theorem, never a fault of it.

Source: Mac Lane, Categories for the Working Mathematician, II.1.
"""

from __future__ import annotations

import re

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
    SortKind,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)

_ON_ARROWS = re.compile(r"\.ar(\.\d+)?\Z")
"""How the symbols of functors on arrows are called."""


class NotApplicable(Exception):
    """The formula cannot be read in the opposite categories; says why."""


def opposite(formula: Formula) -> Formula:
    """The formula with all arrows turned round: ends of hom-sets exchanged, compositions reversed.

    Objects and functors stay: a functor between categories is one between their opposites.

    Raises:
        NotApplicable: it speaks of a given arrow or transformation, which would go the other way in the opposite
            category, or of a set-valued functor, whose variance would change.
    """
    return _formula(formula, {})


_Changed = dict[Variable, Variable]


def _formula(formula: Formula, changed: _Changed) -> Formula:
    match formula:
        case Truth() | Finite():
            return formula
        case Named(predicate, text, body):
            return Named(predicate, text, _formula(body, changed))
        case Equal(left, right):
            return Equal(_term(left, changed), _term(right, changed))
        case Not(body):
            return Not(_formula(body, changed))
        case And(parts):
            return And(tuple(_formula(part, changed) for part in parts))
        case Or(parts):
            return Or(tuple(_formula(part, changed) for part in parts))
        case Implies(premise, conclusion):
            return Implies(_formula(premise, changed), _formula(conclusion, changed))
        case Iff(left_side, right_side):
            return Iff(_formula(left_side, changed), _formula(right_side, changed))
        case Quantified(quantifier, variables, body):
            turned, inner = _telescope(variables, changed)
            return Quantified(quantifier, turned, _formula(body, inner))
        case Equinumerous(first, second):
            return Equinumerous(
                tuple(_telescope(case, changed)[0] for case in first),
                tuple(_telescope(case, changed)[0] for case in second),
            )
        case Connected(first_tuple, second_tuple, joined):
            one, inner = _telescope(first_tuple, changed)
            two, inner = _telescope(second_tuple, inner)
            return Connected(one, two, _formula(joined, inner))
        case FunctionQuantified():
            raise NotApplicable("it is about all functors or transformations of a kind")


def _telescope(variables: Telescope, changed: _Changed) -> tuple[Telescope, _Changed]:
    inner = dict(changed)
    result = []
    for variable in variables:
        inner[variable] = Variable(variable.name, _type(variable.type, inner))
        result.append(inner[variable])
    return tuple(result), inner


def _type(of: Type, changed: _Changed) -> Type:
    indices = tuple(_term(index, changed) for index in of.indices)
    match of.sort.kind:
        case SortKind.OBJECT:
            return of
        case SortKind.ARROW:
            return Type(of.sort, indices[::-1])
        case SortKind.ELEMENT:
            raise NotApplicable(f"it is about elements of `{of.sort.owner}`")


def _term(term: Term, changed: _Changed) -> Term:
    if isinstance(term, Variable):
        return changed.get(term, term)
    function = term.function
    arguments = tuple(_term(argument, changed) for argument in term.arguments)
    if function.role is Role.COMPOSITION:
        return Application(function, arguments[::-1])
    _require_two_sided(function)
    return Application(function, arguments)


def _require_two_sided(function: Function) -> None:
    """Objects, identities, and the values of functors are the same in the opposite category."""
    kind = function.result.sort.kind
    if kind is SortKind.ELEMENT or function.role is Role.ACTION:
        raise NotApplicable(f"it is about elements of `{function.result.sort.owner}`")
    of_functor = _ON_ARROWS.search(function.name) is not None
    if kind is SortKind.ARROW and function.role is not Role.IDENTITY and not of_functor:
        raise NotApplicable(f"`{function.name}` goes the other way there")
