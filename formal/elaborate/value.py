"""What an expression may mean: a structure, a typed term, a set, or a formula."""

from __future__ import annotations

from dataclasses import dataclass

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory
from formal.logic import formula as logic


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object of a category."""

    category: Category
    term: logic.Term


@dataclass(frozen=True, slots=True)
class ArrowOf:
    """An arrow of a category, with the terms of its ends."""

    category: Category
    term: logic.Term
    dom: logic.Term
    cod: logic.Term


@dataclass(frozen=True, slots=True)
class ElementOf:
    """An element of T(X); ``at`` is the term of X."""

    functor: SetFunctor
    term: logic.Term
    at: logic.Term


@dataclass(frozen=True, slots=True)
class FunctorOf:
    """A functor, declared or bound."""

    dom: Category
    cod: Category
    term: logic.FunctorTerm


@dataclass(frozen=True, slots=True)
class TransformationOf:
    """A natural transformation (or a mere family) between set-valued functors."""

    dom: SetFunctor
    cod: SetFunctor
    term: Transformation | logic.Variable


@dataclass(frozen=True, slots=True)
class FunctorTransformationOf:
    """A natural transformation between functors into a category."""

    dom: FunctorOf
    cod: FunctorOf
    term: FunctorTransformation | logic.Variable


@dataclass(frozen=True, slots=True)
class ActionOf:
    """T(f), waiting for its element."""

    functor: SetFunctor
    arrow: ArrowOf


@dataclass(frozen=True, slots=True)
class SetOf:
    """A finite set, good for counting and as the range of a variable."""

    term: logic.SetTerm


@dataclass(frozen=True, slots=True)
class FormulaOf:
    """A formula."""

    formula: logic.Formula


Value = (
    Category
    | InfiniteCategory
    | FunctorOf
    | SetFunctor
    | TransformationOf
    | FunctorTransformationOf
    | ObjectOf
    | ArrowOf
    | ElementOf
    | ActionOf
    | SetOf
    | FormulaOf
)


def describe(value: Value) -> str:
    """What kind of thing a value is, with its article, for diagnostics."""
    match value:
        case Category():
            return "a category"
        case InfiniteCategory():
            return "an infinite category"
        case FunctorOf():
            return "a functor"
        case SetFunctor(contravariant=True):
            return "a presheaf"
        case SetFunctor():
            return "a copresheaf"
        case TransformationOf() | FunctorTransformationOf():
            return "a transformation"
        case ObjectOf():
            return "an object"
        case ArrowOf():
            return "an arrow"
        case ElementOf():
            return "an element"
        case ActionOf():
            return "a map between sets"
        case SetOf():
            return "a set"
        case FormulaOf():
            return "a formula"


# --- terms in normal form -------------------------------------------------------------------------


def dom_of(term: logic.Term) -> logic.Term:
    """The domain of an arrow term, computed where it is known."""
    match term:
        case logic.ArrowConstant(category, value):
            return logic.ObjectConstant(category, category.source(value))
        case logic.Variable(range=logic.Arrows(dom=dom)) if dom is not None:
            return dom
        case logic.Identity(_, at):
            return at
        case logic.Composite(_, first, _):
            return dom_of(first)
        case logic.ArrowImage(functor, arrow):
            return object_image(functor, dom_of(arrow))
        case _:
            return logic.Dom(term)


def cod_of(term: logic.Term) -> logic.Term:
    """The codomain of an arrow term, computed where it is known."""
    match term:
        case logic.ArrowConstant(category, value):
            return logic.ObjectConstant(category, category.target(value))
        case logic.Variable(range=logic.Arrows(cod=cod)) if cod is not None:
            return cod
        case logic.Identity(_, at):
            return at
        case logic.Composite(_, _, second):
            return cod_of(second)
        case logic.ArrowImage(functor, arrow):
            return object_image(functor, cod_of(arrow))
        case _:
            return logic.Cod(term)


def object_image(functor: logic.FunctorTerm, at: logic.Term) -> logic.Term:
    """F(X), computed where both are known; composites are applied one after the other."""
    match functor, at:
        case logic.FunctorComposite(first, second), _:
            return object_image(second, object_image(first, at))
        case Functor(is_identity=True), _:
            return at
        case Functor(), logic.ObjectConstant(_, value):
            return logic.ObjectConstant(functor.cod, functor.objects[value])
        case _:
            return logic.ObjectImage(functor, at)


def arrow_image(functor: logic.FunctorTerm, arrow: logic.Term) -> logic.Term:
    """F(f), computed where both are known."""
    match functor, arrow:
        case logic.FunctorComposite(first, second), _:
            return arrow_image(second, arrow_image(first, arrow))
        case Functor(is_identity=True), _:
            return arrow
        case Functor(), logic.ArrowConstant(_, value):
            return logic.ArrowConstant(functor.cod, functor.arrows[value])
        case _:
            return logic.ArrowImage(functor, arrow)


def composite(category: Category, first: logic.Term, second: logic.Term) -> logic.Term:
    """f >> g, computed where both are known."""
    match first, second:
        case logic.ArrowConstant(_, f), logic.ArrowConstant(_, g):
            return logic.ArrowConstant(category, category.compose(f, g))
        case _:
            return logic.Composite(category, first, second)


def identity(category: Category, at: logic.Term) -> logic.Term:
    """id(X), computed where X is known."""
    match at:
        case logic.ObjectConstant(_, value):
            return logic.ArrowConstant(category, value)
        case _:
            return logic.Identity(category, at)


def action(functor: SetFunctor, arrow: logic.Term, element: logic.Term) -> logic.Term:
    """T(f)(t), computed where both are known."""
    match arrow, element:
        case logic.ArrowConstant(_, f), logic.ElementConstant(_, t):
            return logic.ElementConstant(functor, functor.act_arrow(f, t))
        case _:
            return logic.Action(functor, arrow, element)


def apply(transformation: Transformation | logic.Variable, cod: SetFunctor, element: logic.Term) -> logic.Term:
    """phi(t), computed where both are known."""
    match transformation, element:
        case Transformation(), logic.ElementConstant(_, t):
            return logic.ElementConstant(cod, transformation.images[t])
        case _:
            return logic.Apply(transformation, element)


def first_variable(term: logic.Term) -> logic.Variable | None:
    """Some variable on which the term depends, or None when it is closed."""
    stack: list[object] = [term]
    while stack:
        match stack.pop():
            case logic.Variable() as variable:
                return variable
            case logic.Dom(inner) | logic.Cod(inner):
                stack.append(inner)
            case logic.ObjectImage(functor, inner) | logic.ArrowImage(functor, inner):
                stack += [functor, inner]
            case logic.Identity(_, inner) | logic.ArrowOfElement(_, inner) | logic.ElementOfArrow(_, inner):
                stack.append(inner)
            case logic.Composite(_, first, second) | logic.FunctorComposite(first, second):
                stack += [first, second]
            case logic.Component(functor, inner) | logic.Apply(functor, inner):
                stack += [functor, inner]
            case logic.Action(_, arrow, element):
                stack += [arrow, element]
            case _:
                pass
    return None
