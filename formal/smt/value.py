"""Values of terms: known ones, read off the tables, and choices that the solver is to make.

A choice gives each possible value a literal; exactly one of them is true wherever the quantifier that made the choice
is in force. Functions on known values are lifted to choices point by point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.logic.formula import (
    Action,
    Apply,
    ArrowConstant,
    ArrowImage,
    ArrowOfElement,
    Arrows,
    Cod,
    Component,
    Composite,
    Dom,
    ElementConstant,
    ElementOfArrow,
    Fibre,
    FiniteSet,
    FunctorComposite,
    Functors,
    FunctorTerm,
    FunctorTransformations,
    Identity,
    ObjectConstant,
    ObjectImage,
    SetTerm,
    Term,
    Variable,
)
from formal.smt.problem import Clauses
from formal.text import Bug


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A value not known yet: for each possible one the literal that says so."""

    literals: dict[int, int]


Value = int | Choice


@dataclass(frozen=True, slots=True, eq=False)
class FunctorValue:
    """A functor, given or to be found: images of all objects and of all arrows.

    Args:
        known: the functor itself when it is given.
    """

    cod: Category
    objects: Sequence[Value]
    arrows: Sequence[Value]
    known: Functor | None = None

    @classmethod
    def of(cls, functor: Functor) -> FunctorValue:
        """A given functor."""
        return cls(functor.cod, functor.objects, functor.arrows, functor)


Binding = Value | Sequence[Value] | FunctorValue
"""What a variable stands for: a value; a transformation's images or components; a functor."""

Environment = dict[Variable, Binding]

Function = Callable[..., Value | None]
"""A function of known values; None where the arguments do not fit together, which they then never do in a model."""


class Terms:
    """Evaluates terms; writes the clauses that define values derived from choices."""

    def __init__(self, clauses: Clauses) -> None:
        self.clauses = clauses
        self._programs: dict[int, tuple[Term | SetTerm, list[_Instruction]]] = {}
        self._given: dict[int, tuple[Functor, FunctorValue]] = {}
        self._words: dict[tuple[int, int], tuple[int, ...]] = {}

    def value(self, term: Term, environment: Environment) -> Value:
        """The value of a term of object, arrow or element."""
        if isinstance(term, Variable):
            bound = environment[term]
            return bound if isinstance(bound, int) else _choice(bound)
        if isinstance(term, ObjectConstant | ArrowConstant | ElementConstant):
            return term.value
        entry = self._programs.get(id(term))
        if entry is None:
            entry = self._programs[id(term)] = (term, self._compile(term))
        stack: list[Value] = []
        for arity, function in entry[1]:
            if not arity:
                stack.append(function(environment))
            elif arity == 1:
                stack.append(function(environment, stack.pop()))
            else:
                second = stack.pop()
                stack.append(function(environment, stack.pop(), second))
        return stack.pop()

    def size(self, term: SetTerm, environment: Environment) -> Value:
        """How many elements a set has."""
        if isinstance(term, FiniteSet):
            return len(term.labels)
        if isinstance(term, Fibre):
            elements = term.functor.elements
            return self.lift(lambda x: len(elements[x]), self.value(term.at, environment))
        hom = term.category.hom
        ends = self.value(term.dom, environment), self.value(term.cod, environment)
        return self.lift(lambda x, y: len(hom(x, y)), *ends)

    def functor(self, term: FunctorTerm, environment: Environment) -> list[FunctorValue]:
        """The functors whose composite a term is, first to last."""
        result: list[FunctorValue] = []
        waiting: list[FunctorTerm] = [term]
        while waiting:
            part = waiting.pop()
            if isinstance(part, FunctorComposite):
                waiting += (part.second, part.first)
            elif isinstance(part, Functor):
                given = self._given.get(id(part))
                if given is None:
                    given = self._given[id(part)] = (part, FunctorValue.of(part))
                result.append(given[1])
            else:
                bound = environment[part]
                if not isinstance(bound, FunctorValue):
                    raise Bug(f"`{part.name}` is not bound to a functor")
                result.append(bound)
        return result

    def lift(self, function: Function, *arguments: Value) -> Value:
        """Apply a function to values that may be choices."""
        if all(isinstance(argument, int) for argument in arguments):
            result = function(*arguments)
            if result is None:
                raise Bug("a term is applied to a value of the wrong type")
            return result
        sides = [[(a, None)] if isinstance(a, int) else list(a.literals.items()) for a in arguments]
        reasons: dict[int, list[tuple[int, ...]]] = {}
        for combination in product(*sides):
            result = function(*(value for value, _ in combination))
            if result is None:
                continue
            because = tuple(literal for _, literal in combination if literal is not None)
            if isinstance(result, int):
                reasons.setdefault(result, []).append(because)
            else:
                for value, literal in result.literals.items():
                    reasons.setdefault(value, []).append((*because, literal))
        clauses = self.clauses
        return Choice(
            {
                value: clauses.disjunction([clauses.conjunction(conjuncts) for conjuncts in alternatives])
                for value, alternatives in sorted(reasons.items())
            }
        )

    def equal(self, left: Value, right: Value) -> int:
        """The literal that says that two values are the same."""
        clauses = self.clauses
        if isinstance(left, int) and isinstance(right, int):
            return clauses.fact(("=", left, right), left == right)
        if isinstance(left, int):
            return self._is(right, left)
        if isinstance(right, int):
            return self._is(left, right)
        result = clauses.fresh()
        for value, literal in left.literals.items():
            other = right.literals.get(value)
            if other is None:
                clauses.add(-result, -literal)
            else:
                clauses.add(-result, -literal, other)
                clauses.add(result, -literal, -other)
        return result

    def _is(self, choice: Value, value: int) -> int:
        literal = choice.literals.get(value) if isinstance(choice, Choice) else None
        return self.clauses.fact("false", False) if literal is None else literal

    # --- compilation ------------------------------------------------------------------------------

    def _compile(self, term: Term) -> list[_Instruction]:
        """The term in postfix order, so that deep terms need no deep calls."""
        backwards: list[_Instruction] = []
        waiting: list[Term] = [term]
        while waiting:
            part = waiting.pop()
            instruction, arguments = self._instruction(part)
            backwards.append((len(arguments), instruction))
            waiting += arguments
        backwards.reverse()
        return backwards

    def _instruction(self, term: Term) -> tuple[Callable[..., Value], tuple[Term, ...]]:
        """What to do for one term, given its arguments' values, and the arguments."""
        match term:
            case Variable():
                return (lambda environment: _choice(environment[term])), ()
            case ObjectConstant() | ArrowConstant() | ElementConstant():
                return (lambda _: term.value), ()
            case Dom():
                return self._pure(category_of(term.arrow).source, term.arrow)
            case Cod():
                return self._pure(category_of(term.arrow).target, term.arrow)
            case Identity():
                return (lambda _, x: x), (term.object,)
            case Composite():
                return self._pure(self._composition(term.category), term.first, term.second)
            case ObjectImage() | ArrowImage():
                of_objects = isinstance(term, ObjectImage)
                applied = term.functor

                def image(environment: Environment, value: Value) -> Value:
                    for functor in self.functor(applied, environment):
                        table = functor.objects if of_objects else functor.arrows
                        value = self.lift(table.__getitem__, value)
                    return value

                return image, (term.object if isinstance(term, ObjectImage) else term.arrow,)
            case Component() | Apply():
                family = term.transformation

                def member(environment: Environment, value: Value) -> Value:
                    return self.lift(_family(family, environment).__getitem__, value)

                return member, (term.at if isinstance(term, Component) else term.element,)
            case ArrowOfElement():
                arrows = term.functor.arrows
                if arrows is None:
                    raise Bug(f"the elements of {term.functor.name} are no arrows")
                return self._pure(arrows.__getitem__, term.element)
            case ElementOfArrow():
                return self._pure(term.functor.of_arrow.get, term.arrow)
            case Action():
                return self._pure(self._action(term.functor), term.arrow, term.element)

    def _pure(self, function: Function, *arguments: Term) -> tuple[Callable[..., Value], tuple[Term, ...]]:
        lift = self.lift
        return (lambda _, *values: lift(function, *values)), arguments

    def _word(self, category: Category, arrow: int) -> tuple[int, ...]:
        key = (id(category), arrow)
        word = self._words.get(key)
        if word is None:
            word = self._words[key] = category.word(arrow)
        return word

    def _composition(self, category: Category) -> Function:
        def compose(f: int, g: int) -> int | None:
            if category.target(f) != category.source(g):
                return None
            return category.trace(f, self._word(category, g))

        return compose

    def _action(self, functor: SetFunctor) -> Function:
        category, base = functor.category, functor.base
        start = category.target if functor.contravariant else category.source

        def act(arrow: int, element: int) -> int | None:
            if base[element] != start(arrow):
                return None
            return functor.act_word(self._word(category, arrow), element)

        return act


_Instruction = tuple[int, Callable[..., Value]]


def _choice(bound: Binding) -> Value:
    if not isinstance(bound, int | Choice):
        raise Bug("a structure stands where a value is due")
    return bound


def _family(family: Transformation | FunctorTransformation | Variable, environment: Environment) -> Sequence[Value]:
    match family:
        case Transformation():
            return family.images
        case FunctorTransformation():
            return family.components
        case Variable():
            bound = environment[family]
            if isinstance(bound, int | Choice | FunctorValue):
                raise Bug(f"`{family.name}` is not bound to a transformation")
            return bound


def functor_category(term: FunctorTerm) -> Category:
    """The codomain of a functor term."""
    while isinstance(term, FunctorComposite):
        term = term.second
    if isinstance(term, Functor):
        return term.cod
    if not isinstance(term.range, Functors):
        raise Bug(f"`{term.name}` is no functor")
    return term.range.cod


def category_of(term: Term) -> Category:
    """The category that an arrow-valued term lives in."""
    match term:
        case ArrowConstant() | Identity() | Composite():
            return term.category
        case ArrowImage():
            return functor_category(term.functor)
        case ArrowOfElement():
            return term.functor.category
        case Component():
            transformation = term.transformation
            if isinstance(transformation, FunctorTransformation):
                return transformation.dom.cod
            if isinstance(transformation.range, FunctorTransformations):
                return functor_category(transformation.range.cod)
        case Variable():
            if isinstance(term.range, Arrows):
                return term.range.category
        case _:
            pass
    raise Bug("a term that is no arrow has no ends")
