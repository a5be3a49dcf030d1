"""Formulas under an assignment of values to their variables, evaluated from the definition, to find what to show.

No verdict rests on this: the engines decide and the kernel checks. Here the one instance is looked up that a person
wants to see, and the search is given up when its budget is spent.

Source: Tarski's definition of truth, over finite ranges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

import numpy as np

from formal.certificate.evidence import Value
from formal.core.budget import Budget
from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.search import functor_transformations, functors
from formal.core.set_search import transformations
from formal.logic.formula import (
    Action,
    And,
    Apply,
    ArrowConstant,
    ArrowImage,
    ArrowOfElement,
    Arrows,
    Cod,
    Component,
    Composite,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Dom,
    ElementConstant,
    ElementOfArrow,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Fibre,
    Finite,
    FiniteSet,
    Formula,
    FunctorComposite,
    Functors,
    FunctorTerm,
    FunctorTransformations,
    Hom,
    Identity,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    ObjectConstant,
    ObjectImage,
    Objects,
    Or,
    Quantified,
    Quantifier,
    Range,
    SetTerm,
    Term,
    Transformations,
    Truth,
    Universal,
    Variable,
)

Assignment = Mapping[Variable, Value]
"""The values of the variables that are bound so far."""

_DEPTH = 120
_INDEXED = 20_000


class Unknown(Exception):
    """The truth value is not worth its price here."""


def values(over: Range, given: Assignment, budget: Budget) -> Iterator[Value]:
    """The values that a variable runs over, in increasing order.

    Raises:
        BudgetExceeded: a search for transformations or functors was given up.
    """
    match over:
        case Objects(category):
            return iter(range(category.object_count))
        case Arrows(category, dom, cod):
            x, y = (None if end is None else number(end, given) for end in (dom, cod))
            return iter(arrows_between(category, x, y))
        case Elements(functor, at):
            return iter(functor.at(number(at, given)))
        case Transformations(dom, cod):
            return transformations(dom, cod, limit=max(1, budget.limit - budget.visited))
        case Functors(source, target):
            found = functors(source, target, limit=max(1, budget.limit - budget.visited))
            return ((functor.objects, functor.generators) for functor in found)
        case FunctorTransformations(first, second):
            ends = functor_value(first, given), functor_value(second, given)
            return functor_transformations(*ends, limit=max(1, budget.limit - budget.visited))
        case _:
            assert_never(over)


def arrows_between(category: Category, dom: int | None, cod: int | None) -> tuple[int, ...]:
    """The arrows with the given ends, in increasing order; None leaves an end free."""
    if dom is not None and cod is not None and category.arrow_count <= _INDEXED:
        return category.hom(dom, cod)
    wanted = np.ones(category.arrow_count, dtype=bool)
    if dom is not None:
        wanted &= category.dom == dom
    if cod is not None:
        wanted &= category.cod == cod
    found: list[int] = np.flatnonzero(wanted).tolist()
    return tuple(found)


def number(term: Term, given: Assignment) -> int:
    """The object, arrow or element that a term stands for."""
    match term:
        case Variable():
            value = given[term]
            if not isinstance(value, int):
                raise Unknown
            return value
        case ObjectConstant(_, value) | ArrowConstant(_, value) | ElementConstant(_, value):
            return value
        case Dom(arrow):
            return category_of(arrow).source(number(arrow, given))
        case Cod(arrow):
            return category_of(arrow).target(number(arrow, given))
        case ObjectImage(functor, at):
            return object_image(functor, number(at, given), given)
        case Identity(_, at):
            return number(at, given)
        case Composite(category, first, second):
            return category.compose(number(first, given), number(second, given))
        case ArrowImage(functor, arrow):
            return arrow_image(functor, number(arrow, given), given)
        case Component(transformation, at):
            return _family(transformation, given)[number(at, given)]
        case ArrowOfElement(functor, element):
            return (functor.arrows or ())[number(element, given)]
        case ElementOfArrow(functor, arrow):
            return functor.of_arrow[number(arrow, given)]
        case Action(functor, arrow, element):
            return functor.act_arrow(number(arrow, given), number(element, given))
        case Apply(transformation, element):
            return _family(transformation, given)[number(element, given)]
        case _:
            assert_never(term)


def _family(transformation: Transformation | FunctorTransformation | Variable, given: Assignment) -> tuple[int, ...]:
    match transformation:
        case Transformation():
            return transformation.images
        case FunctorTransformation():
            return transformation.components
        case Variable():
            family = given[transformation]
            if not isinstance(family, tuple):
                raise Unknown
            return tuple(image for image in family if isinstance(image, int))
        case _:
            assert_never(transformation)


def category_of(term: Term) -> Category:
    """The category that an object or arrow term belongs to."""
    while True:
        match term:
            case ObjectConstant(category) | ArrowConstant(category) | Identity(category) | Composite(category):
                return category
            case Variable(range=Objects(category)) | Variable(range=Arrows(category)):
                return category
            case Dom(arrow) | Cod(arrow):
                term = arrow
            case ObjectImage(functor) | ArrowImage(functor):
                return ends_of(functor)[1]
            case ArrowOfElement(functor):
                return functor.category
            case Component(FunctorTransformation() as transformation):
                return transformation.cod.cod
            case Component(Variable(range=FunctorTransformations(dom=functor))):
                return ends_of(functor)[1]
            case _:
                raise Unknown


def set_functor_of(term: Term) -> SetFunctor:
    """The set-valued functor that an element term belongs to."""
    match term:
        case ElementConstant(functor) | ElementOfArrow(functor) | Action(functor):
            return functor
        case Variable(range=Elements(functor)):
            return functor
        case Apply(Transformation() as transformation):
            return transformation.cod
        case Apply(Variable(range=Transformations(cod=functor))):
            return functor
        case _:
            raise Unknown


def ends_of(functor: FunctorTerm) -> tuple[Category, Category]:
    """The categories that a functor goes between."""
    match functor:
        case Functor():
            return functor.dom, functor.cod
        case Variable(range=Functors(dom, cod)):
            return dom, cod
        case FunctorComposite(first, second):
            return ends_of(first)[0], ends_of(second)[1]
        case _:
            raise Unknown


def object_image(functor: FunctorTerm, x: int, given: Assignment) -> int:
    """F(X)."""
    match functor:
        case Functor():
            return functor.objects[x]
        case FunctorComposite(first, second):
            return object_image(second, object_image(first, x, given), given)
        case Variable():
            return _tables(functor, given)[0][x]
        case _:
            assert_never(functor)


def arrow_image(functor: FunctorTerm, f: int, given: Assignment) -> int:
    """F(f), composed from the images of the generators of f."""
    match functor:
        case Functor(dom=dom, cod=cod):
            objects, generators = functor.objects, functor.generators
        case FunctorComposite(first, second):
            return arrow_image(second, arrow_image(first, f, given), given)
        case Variable():
            dom, cod = ends_of(functor)
            objects, generators = _tables(functor, given)
        case _:
            assert_never(functor)
    image = objects[dom.source(f)]
    for generator in dom.word(f):
        image = cod.compose(image, generators[generator])
    return image


def functor_value(functor: FunctorTerm, given: Assignment) -> Functor:
    """The functor that a term stands for."""
    if isinstance(functor, Functor):
        return functor
    dom, cod = ends_of(functor)
    objects = tuple(object_image(functor, x, given) for x in range(dom.object_count))
    generators = tuple(arrow_image(functor, g.arrow, given) for g in dom.generators)
    return Functor("", dom, cod, objects, generators)


def _tables(functor: Variable, given: Assignment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    match given[functor]:
        case (tuple() as objects, tuple() as generators):
            return objects, generators
        case _:
            raise Unknown


def cardinality(of: SetTerm, given: Assignment) -> int:
    """How many elements a set has."""
    match of:
        case Fibre(functor, at):
            return len(functor.at(number(at, given)))
        case Hom(category, dom, cod):
            return len(arrows_between(category, number(dom, given), number(cod, given)))
        case FiniteSet(labels):
            return len(labels)
        case _:
            assert_never(of)


def truth(formula: Formula, given: Assignment, budget: Budget, depth: int = 0) -> bool:
    """Whether a formula holds under an assignment.

    Args:
        budget: instances, and steps of the search inside one.
        depth: how many connectives the formula stands under.
    Raises:
        Unknown: the formula is nested too deeply, or an atom about structures takes too many steps.
        BudgetExceeded: too many instances.
    """
    budget.spend()
    if depth > _DEPTH:
        raise Unknown

    def holds(part: Formula, assignment: Assignment = given) -> bool:
        return truth(part, assignment, budget, depth + 1)

    match formula:
        case Truth(value):
            return value
        case Named(body=body):
            return holds(body)
        case Not(body):
            return not holds(body)
        case And(parts):
            return all(holds(part) for part in parts)
        case Or(parts):
            return any(holds(part) for part in parts)
        case Implies(premise, conclusion):
            return not holds(premise) or holds(conclusion)
        case Iff(left, right):
            return holds(left) == holds(right)
        case Equal(left, right):
            return number(left, given) == number(right, given)
        case Equinumerous(left, right):
            return cardinality(left, given) == cardinality(right, given)
        case Quantified(quantifier, variable, body):
            answers = (holds(body, {**given, variable: value}) for value in values(variable.range, given, budget))
            return _quantify(quantifier, answers)
        case Instances(quantifier, _, _, parts):
            return _quantify(quantifier, (holds(part) for part in parts))
        case Universal(functor, element):
            return is_universal(functor, number(element, given), budget)
        case Covered() | CoproductOfRepresentables() | Connected() | Isomorphic() | Equivalent() | Finite():
            return _decided(formula, budget)
        case _:
            assert_never(formula)


def _decided(atom: Formula, budget: Budget) -> bool:
    """An atom about structures, which has no variables: as the direct route decides it."""
    from formal.decide.decision import Exhausted, Limits, decide

    try:
        decision = decide(atom, limits=Limits(steps=max(1, budget.limit - budget.visited)))
    except Exhausted as reason:
        raise Unknown from reason
    budget.spend(decision.steps)
    return decision.value


def _quantify(quantifier: Quantifier, answers: Iterator[bool]) -> bool:
    match quantifier:
        case Quantifier.FORALL:
            return all(answers)
        case Quantifier.EXISTS:
            return any(answers)
        case Quantifier.EXISTS_UNIQUE:
            return any(answers) and not any(answers)
        case _:
            assert_never(quantifier)


def is_universal(functor: SetFunctor, u: int, budget: Budget) -> bool:
    """Whether every element is T(f)(u) for exactly one arrow f."""
    p = functor.base[u]
    ends = (None, p) if functor.contravariant else (p, None)
    arrows = arrows_between(functor.category, *ends)
    budget.spend(len(arrows))
    if len(arrows) != functor.size:
        return False
    return len({functor.act_arrow(f, u) for f in arrows}) == functor.size
