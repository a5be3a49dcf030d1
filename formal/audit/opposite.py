"""A formula read in the opposite categories.

A theorem with all its hypotheses turned round holds exactly if the theorem does (the duality principle), so there is
nothing to ask about that. What can be asked is whether the goal, read in the opposite categories, follows from the
hypotheses *as they stand*: whether a category that has products must have coproducts, whether a functor with a left
adjoint has a right one. That is information about the theorem, never a fault of it.

Source: Mac Lane, Categories for the Working Mathematician, II.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from formal.audit.symbol import closed_arrows, is_closed_arrow, is_well_typed, texts_in
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
    type_of,
)

_WORD = re.compile(r"[\w']+")
_ON_ARROWS = re.compile(r"\.ar(\.\d+)?\Z")
"""How the symbols of functors on arrows are called."""


class NotApplicable(Exception):
    """The formula cannot be read in the opposite categories; says why."""


def opposite(formula: Formula) -> Formula:
    """The formula with all arrows turned round: ends of hom-sets exchanged, compositions reversed.

    Objects and functors stay: a functor between categories is one between their opposites. An arrow that is given,
    f: X -> Y, goes from Y to X there: what is said of its domain is then said of Y, and the other way round.

    Raises:
        NotApplicable: the formula speaks of given arrows that share an end, of an object for its own sake that is an
            end of one, of a transformation, or of a set-valued functor, whose variance would change.
    """
    turned = _formula(formula, _Reading({}, _exchange(formula)))
    if is_well_typed(formula) and not is_well_typed(turned):
        raise NotApplicable("it is about arrows that are given between values")
    return turned


@dataclass(frozen=True, slots=True)
class _Reading:
    """What stands for what.

    Args:
        variables: bound ones, with their types turned round.
        ends: the ends of given arrows, exchanged.
    """

    variables: dict[Variable, Variable]
    ends: dict[Term, Term]


def _exchange(formula: Formula) -> dict[Term, Term]:
    """The other end, for each end of an arrow that is given or composed of given ones."""
    ends: dict[Term, Term] = {}
    for term in closed_arrows(formula):
        dom, cod = type_of(term).indices
        for one, other in ((dom, cod), (cod, dom)):
            if ends.setdefault(one, other) != other:
                raise NotApplicable("it is about several given arrows")
    names = {end.function.name for end in ends if isinstance(end, Application)}
    for text in texts_in(formula):
        if names & set(_WORD.findall(text)):
            raise NotApplicable("it is about a given arrow and its ends")
    return ends


def _formula(formula: Formula, reading: _Reading) -> Formula:
    match formula:
        case Truth() | Finite():
            return formula
        case Named(predicate, text, body):
            return Named(predicate, text, _formula(body, reading))
        case Equal(left, right):
            return Equal(_term(left, reading), _term(right, reading))
        case Not(body):
            return Not(_formula(body, reading))
        case And(parts):
            return And(tuple(_formula(part, reading) for part in parts))
        case Or(parts):
            return Or(tuple(_formula(part, reading) for part in parts))
        case Implies(premise, conclusion):
            return Implies(_formula(premise, reading), _formula(conclusion, reading))
        case Iff(left_side, right_side):
            return Iff(_formula(left_side, reading), _formula(right_side, reading))
        case Quantified(quantifier, variables, body):
            turned, inner = _telescope(variables, reading)
            return Quantified(quantifier, turned, _formula(body, inner))
        case Equinumerous(first, second):
            return Equinumerous(
                tuple(_telescope(case, reading)[0] for case in first),
                tuple(_telescope(case, reading)[0] for case in second),
            )
        case Connected(first_tuple, second_tuple, joined):
            one, inner = _telescope(first_tuple, reading)
            two, inner = _telescope(second_tuple, inner)
            return Connected(one, two, _formula(joined, inner))
        case FunctionQuantified():
            raise NotApplicable("it is about all functors or transformations of a kind")


def _telescope(variables: Telescope, reading: _Reading) -> tuple[Telescope, _Reading]:
    inner = _Reading(dict(reading.variables), reading.ends)
    result = []
    for variable in variables:
        turned = Variable(variable.name, _type(variable.type, inner))
        inner.variables[variable] = turned
        result.append(turned)
    return tuple(result), inner


def _type(of: Type, reading: _Reading) -> Type:
    match of.sort.kind:
        case SortKind.OBJECT:
            return of
        case SortKind.ARROW:
            return Type(of.sort, tuple(_term(index, reading) for index in reversed(of.indices)))
        case SortKind.ELEMENT:
            raise NotApplicable(f"it is about elements of `{of.sort.owner}`")


def _term(term: Term, reading: _Reading) -> Term:
    if isinstance(term, Variable):
        return reading.variables.get(term, term)
    if term in reading.ends:
        return reading.ends[term]
    if is_closed_arrow(term):
        return term
    function = term.function
    arguments = tuple(_term(argument, reading) for argument in term.arguments)
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
