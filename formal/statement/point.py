"""Points: what the objects, arrows and elements of interpreted structures are made of.

A point is a tree whose leaves are terms: an object of C * D is a pair of terms, an element of (S + T)(X) is one of
S(X) or one of T(X), an object of a finite category a constant. The points of one kind form a finite sum of cases, each
a telescope with a condition.
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
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    Telescope,
    Term,
    Truth,
    Variable,
    substitute_term,
    substitute_type,
    type_of,
)

TRUE = Truth(True)
FALSE = Truth(False)


@dataclass(frozen=True, slots=True)
class Atom:
    """An object or an arrow of a finite category, or an element of a set that is written out, by its number."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Tuple:
    """Points of several structures together."""

    parts: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class In:
    """A point of the left (0) or the right (1) summand."""

    side: int
    point: Point


Point = Variable | Application | Atom | Tuple | In


@dataclass(frozen=True, slots=True)
class Case:
    """All points of one shape: ``point`` for the values of the variables under which the condition holds."""

    variables: Telescope
    condition: Formula
    point: Point


Cases = tuple[Case, ...]

Values = Mapping[Variable, Term]


class NotExpressible(Exception):
    """The thing has no form in the sorts of the theory; says why."""


def terms_of(point: Point) -> Iterator[Term]:
    """The leaves, from left to right."""
    match point:
        case Variable() | Application():
            yield point
        case Atom():
            return
        case Tuple(parts):
            for part in parts:
                yield from terms_of(part)
        case In(_, inner):
            yield from terms_of(inner)


def nodes_of(point: Point) -> Iterator[Term]:
    """The terms of which a point is made, and their parts."""
    stack = list(terms_of(point))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Application):
            stack += node.arguments


def variables_of(point: Point) -> Iterator[Variable]:
    """The variables that occur in a point."""
    return (node for node in nodes_of(point) if isinstance(node, Variable))


def substitute(point: Point, values: Values) -> Point:
    """A point with values for some variables."""
    match point:
        case Variable() | Application():
            return substitute_term(point, values)
        case Atom():
            return point
        case Tuple(parts):
            return Tuple(tuple(substitute(part, values) for part in parts))
        case In(side, inner):
            return In(side, substitute(inner, values))


def substitute_formula(formula: Formula, values: Values) -> Formula:
    """A formula with values for some of its free variables; bound variables with changed types are new."""
    match formula:
        case Truth() | Finite():
            return formula
        case Equal(left, right):
            return Equal(substitute_term(left, values), substitute_term(right, values))
        case Not(body):
            return Not(substitute_formula(body, values))
        case And(parts):
            return And(tuple(substitute_formula(part, values) for part in parts))
        case Or(parts):
            return Or(tuple(substitute_formula(part, values) for part in parts))
        case Implies(premise, conclusion):
            return Implies(substitute_formula(premise, values), substitute_formula(conclusion, values))
        case Iff(one, other):
            return Iff(substitute_formula(one, values), substitute_formula(other, values))
        case Quantified(quantifier, variables, body):
            renamed, inner = _renamed(variables, values)
            return Quantified(quantifier, renamed, substitute_formula(body, inner))
        case FunctionQuantified():
            raise NotExpressible("it is of second order")
        case Equinumerous(one_set, other_set):
            return Equinumerous(
                tuple(_renamed(case, values)[0] for case in one_set),
                tuple(_renamed(case, values)[0] for case in other_set),
            )
        case Connected(start, end, joined):
            first, inner = _renamed(start, values)
            second, inner = _renamed(end, inner)
            return Connected(first, second, substitute_formula(joined, inner))
        case Named(predicate, text, body):
            return Named(predicate, text, substitute_formula(body, values))
        case _:
            assert_never(formula)


def _renamed(variables: Telescope, values: Values) -> tuple[Telescope, Values]:
    inner = dict(values)
    result = []
    for variable in variables:
        type_ = substitute_type(variable.type, inner)
        renamed = variable if type_ == variable.type else Variable(variable.name, type_)
        inner[variable] = renamed
        result.append(renamed)
    return tuple(result), inner


def match_point(pattern: Point, point: Point, free: frozenset[Variable], found: dict[Variable, Term]) -> bool:
    """Whether a point has the shape of a pattern; finds the values of its free variables.

    What the pattern computes (an application) is not compared: it follows from the rest.
    """
    match pattern, point:
        case Variable(), (Variable() | Application()):
            if pattern in free:
                found.setdefault(pattern, point)
                return True
            return pattern is point
        case Application(), (Variable() | Application()):
            return True
        case Atom(), Atom():
            return pattern == point
        case Tuple(parts), Tuple(others):
            return all(match_point(p, q, free, found) for p, q in zip(parts, others, strict=True))
        case In(side, inner), In(other, outer):
            return side == other and match_point(inner, outer, free, found)
        case _:
            return False


def solve_point(pattern: Point, point: Point, free: frozenset[Variable], found: dict[Variable, Term]) -> bool:
    """Whether a point is a pattern for some values of its free variables, letter by letter; finds them."""
    match pattern, point:
        case Variable(), (Variable() | Application()) if pattern in free:
            return found.setdefault(pattern, point) == point
        case Application(function, arguments), Application(other, values):
            return function is other and all(
                solve_point(p, q, free, found) for p, q in zip(arguments, values, strict=True)
            )
        case Tuple(parts), Tuple(others):
            return all(solve_point(p, q, free, found) for p, q in zip(parts, others, strict=True))
        case In(side, inner), In(side_of, outer):
            return side == side_of and solve_point(inner, outer, free, found)
        case _:
            return pattern == point


# --- formulas -------------------------------------------------------------------------------------


def conjunction(parts: Iterator[Formula] | tuple[Formula, ...] | list[Formula]) -> Formula:
    """All of them; true ones are left out."""
    kept = tuple(part for part in parts if part != TRUE)
    if FALSE in kept:
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else And(kept)


def disjunction(parts: Iterator[Formula] | tuple[Formula, ...] | list[Formula]) -> Formula:
    """Some of them; false ones are left out."""
    kept = tuple(part for part in parts if part != FALSE)
    if TRUE in kept:
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else Or(kept)


def implication(premise: Formula, conclusion: Formula) -> Formula:
    """The conclusion under the premise."""
    return conclusion if premise == TRUE else Implies(premise, conclusion)


def equal(left: Point, right: Point) -> Formula:
    """Two points of one structure are the same: leaf by leaf."""
    match left, right:
        case ((Variable() | Application()), (Variable() | Application())):
            return Equal(left, right)
        case Atom(), Atom():
            return Truth(left == right)
        case Tuple(parts), Tuple(others):
            return conjunction([equal(p, q) for p, q in zip(parts, others, strict=True)])
        case In(side, inner), In(other, outer):
            return equal(inner, outer) if side == other else FALSE
        case _:
            return FALSE


def is_comparable(left: Point, right: Point) -> bool:
    """Whether the equation of two points is well typed: over objects that are equal letter by letter.

    An object of a category of elements is an object with an element over it; two of them can be compared only over
    one object.
    """
    match left, right:
        case ((Variable() | Application()), (Variable() | Application())):
            return type_of(left) == type_of(right)
        case Tuple(parts), Tuple(others):
            return all(is_comparable(p, q) for p, q in zip(parts, others, strict=True))
        case In(side, inner), In(other, outer):
            return side != other or is_comparable(inner, outer)
        case _:
            return True
