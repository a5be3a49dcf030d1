"""What an expression of a theorem may mean: a structure, a typed point, a set, or a formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formal.logic.theory import Formula, Telescope, Term, Variable
from formal.statement.category import ArrowOf, Category, ObjectOf
from formal.statement.functor import Functor
from formal.statement.point import TRUE, Atom, Case, Cases, Point, substitute
from formal.statement.set_functor import SetFunctor
from formal.statement.transformation import SetTransformation, Transformation


@dataclass(frozen=True, slots=True)
class ElementOf:
    """An element of T(X); ``at`` is X."""

    functor: SetFunctor
    at: Point
    point: Point


@dataclass(frozen=True, slots=True)
class ActionOf:
    """T(f), waiting for its element."""

    functor: SetFunctor
    arrow: ArrowOf


@dataclass(frozen=True, slots=True)
class FibreOf:
    """The set T(X)."""

    functor: SetFunctor
    at: Point


@dataclass(frozen=True, slots=True)
class HomOf:
    """The set Hom(X, Y)."""

    category: Category
    dom: Point
    cod: Point


@dataclass(frozen=True, slots=True)
class LabelsOf:
    """A set that is written out."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormulaOf:
    """A formula."""

    formula: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """Something chosen for every value of some arguments, to be applied to them: ``G(Z)``, ``sharp(h)``.

    Args:
        variables: what the arguments and the result are written with.
        arguments: objects, arrows, elements made of these variables.
        required: how many of the last arguments have to be given at least: the others follow from their types.
    """

    name: str
    variables: Telescope
    arguments: tuple[ObjectOf | ArrowOf | ElementOf, ...]
    required: int
    result: ObjectOf | ArrowOf | ElementOf


SetValue = FibreOf | HomOf | LabelsOf
Typed = ObjectOf | ArrowOf | ElementOf

Value = (
    Category
    | Functor
    | SetFunctor
    | Transformation
    | SetTransformation
    | ObjectOf
    | ArrowOf
    | ElementOf
    | ActionOf
    | FibreOf
    | HomOf
    | LabelsOf
    | FormulaOf
    | Schema
)


def describe(value: Value) -> str:
    """What kind of thing a value is, with its article, for diagnostics."""
    match value:
        case Category():
            return "a category"
        case Functor():
            return "a functor"
        case SetFunctor():
            return "a presheaf" if value.contravariant else "a copresheaf"
        case Transformation() | SetTransformation():
            return "a transformation"
        case ObjectOf():
            return "an object"
        case ArrowOf():
            return "an arrow"
        case ElementOf():
            return "an element"
        case ActionOf():
            return "a map between sets"
        case FibreOf() | HomOf() | LabelsOf():
            return "a set"
        case FormulaOf():
            return "a formula"
        case Schema():
            return "something that depends on arguments"


def cases_of(value: SetValue, name: str = "t") -> Cases:
    """The elements of a set, by fresh variables."""
    match value:
        case FibreOf(functor, at):
            return functor.fibre(at, name)
        case HomOf(category, dom, cod):
            return category.hom(dom, cod, name)
        case LabelsOf(labels):
            return tuple(Case((), TRUE, Atom(number, label)) for number, label in enumerate(labels))


def substitute_typed(value: Typed, values: dict[Variable, Term]) -> Typed:
    """An object, arrow or element with values for some variables."""
    match value:
        case ObjectOf(category, point):
            return ObjectOf(category, substitute(point, values))
        case ArrowOf(category, dom, cod, point):
            return ArrowOf(category, substitute(dom, values), substitute(cod, values), substitute(point, values))
        case ElementOf(functor, at, point):
            return ElementOf(functor, substitute(at, values), substitute(point, values))


def points_of(value: Value) -> Iterator[Point]:
    """What the type of an object, arrow or element is made of, and then itself."""
    match value:
        case ObjectOf(_, point):
            yield point
        case ArrowOf(_, dom, cod, point):
            yield from (dom, cod, point)
        case ElementOf(_, at, point):
            yield from (at, point)
