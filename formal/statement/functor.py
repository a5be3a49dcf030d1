"""Functors between interpreted categories.

A functor that is given or constructed is a table: for each shape of objects, and for each shape of arrows, the value in
terms of the variables of that shape.
"""

from __future__ import annotations

# ruff: noqa: D102  (what overrides is documented where it is declared)
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from formal.logic.theory import Term, Variable
from formal.statement.category import (
    ArrowCase,
    ArrowOf,
    Category,
    Comma,
    Elements,
    Subcategory,
    opposite,
    turned_arrow,
)
from formal.statement.point import Case, Point, Tuple, match_point, solve_point, substitute


class Functor(ABC):
    """A functor between two categories."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How reports call it."""

    @property
    @abstractmethod
    def dom(self) -> Category:
        """Where its arguments are."""

    @property
    @abstractmethod
    def cod(self) -> Category:
        """Where its values are."""

    @abstractmethod
    def on_object(self, at: Point) -> Point:
        """F(X)."""

    @abstractmethod
    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        """F(f): F(X) -> F(Y)."""

    def preimage(self, value: Point) -> Point | None:
        """The X for which the value is F(X) letter by letter, if there is one."""
        return None


@dataclass(frozen=True, slots=True)
class Identity(Functor):
    """The identity functor."""

    category: Category

    @property
    def name(self) -> str:
        return f"id({self.category.name})"

    @property
    def dom(self) -> Category:
        return self.category

    @property
    def cod(self) -> Category:
        return self.category

    def on_object(self, at: Point) -> Point:
        return at

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return arrow

    def preimage(self, value: Point) -> Point | None:
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Table(Functor):
    """A functor by its values; two are the same only if they are the same object.

    Args:
        objects: each shape of objects with its value.
        arrows: each shape of arrows with its value.
    """

    title: str
    source: Category
    target: Category
    objects: tuple[tuple[Case, Point], ...]
    arrows: tuple[tuple[ArrowCase, Point], ...]

    @property
    def name(self) -> str:
        return self.title

    @property
    def dom(self) -> Category:
        return self.source

    @property
    def cod(self) -> Category:
        return self.target

    def on_object(self, at: Point) -> Point:
        for case, value in self.objects:
            found: dict[Variable, Term] = {}
            if match_point(case.point, at, frozenset(case.variables), found):
                return substitute(value, found)
        raise AssertionError(self.title)

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        for case, value in self.arrows:
            found: dict[Variable, Term] = {}
            if match_arrow(case, arrow, found):
                dom, cod = self.on_object(arrow.dom), self.on_object(arrow.cod)
                return ArrowOf(self.target, dom, cod, substitute(value, found))
        raise AssertionError(self.title)

    def preimage(self, value: Point) -> Point | None:
        for case, pattern in self.objects:
            found: dict[Variable, Term] = {}
            if solve_point(pattern, value, frozenset(case.variables), found) and len(found) == len(case.variables):
                return substitute(case.point, found)
        return None


def match_arrow(case: ArrowCase, arrow: ArrowOf, found: dict[Variable, Term]) -> bool:
    """Whether an arrow has the shape of a case; finds the values of its variables."""
    free = frozenset(case.variables)
    return all(
        match_point(pattern, point, free, found)
        for pattern, point in (
            (case.arrow.point, arrow.point),
            (case.arrow.dom, arrow.dom),
            (case.arrow.cod, arrow.cod),
        )
    )


@dataclass(frozen=True, slots=True)
class Composite(Functor):
    """At least two functors, one after the other, none of them a composite or an identity. Built by ``compose``."""

    factors: tuple[Functor, ...]

    @property
    def name(self) -> str:
        return " >> ".join(factor.name for factor in self.factors)

    @property
    def dom(self) -> Category:
        return self.factors[0].dom

    @property
    def cod(self) -> Category:
        return self.factors[-1].cod

    def on_object(self, at: Point) -> Point:
        for factor in self.factors:
            at = factor.on_object(at)
        return at

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        for factor in self.factors:
            arrow = factor.on_arrow(arrow)
        return arrow

    def preimage(self, value: Point) -> Point | None:
        at: Point | None = value
        for factor in reversed(self.factors):
            at = None if at is None else factor.preimage(at)
        return at


def factors_of(functor: Functor) -> tuple[Functor, ...]:
    """What a functor is composed of: nothing for an identity."""
    match functor:
        case Identity():
            return ()
        case Composite(factors):
            return factors
        case _:
            return (functor,)


def compose(first: Functor, second: Functor) -> Functor:
    """First one functor, then another."""
    factors = (*factors_of(first), *factors_of(second))
    return Composite(factors) if len(factors) > 1 else factors[0] if factors else first


def after(prefix: Functor, functor: Functor) -> Functor | None:
    """The G for which the functor is ``prefix >> G``, letter by letter, if there is one."""
    start, factors = factors_of(prefix), factors_of(functor)
    if factors[: len(start)] != start:
        return None
    rest = factors[len(start) :]
    return Composite(rest) if len(rest) > 1 else rest[0] if rest else Identity(functor.cod)


@dataclass(frozen=True, slots=True)
class OppositeFunctor(Functor):
    """The same functor between the opposite categories. Built by ``opposite_functor``."""

    of: Functor

    @property
    def name(self) -> str:
        return f"op({self.of.name})"

    @property
    def dom(self) -> Category:
        return opposite(self.of.dom)

    @property
    def cod(self) -> Category:
        return opposite(self.of.cod)

    def on_object(self, at: Point) -> Point:
        return self.of.on_object(at)

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return turned_arrow(self.of.on_arrow(turned_arrow(arrow)))

    def preimage(self, value: Point) -> Point | None:
        return self.of.preimage(value)


def opposite_functor(functor: Functor) -> Functor:
    """The opposite functor; twice, the functor itself."""
    match functor:
        case OppositeFunctor(of):
            return of
        case Identity(category):
            return Identity(opposite(category))
        case Composite(factors):
            return Composite(tuple(opposite_functor(factor) for factor in factors))
        case _:
            return OppositeFunctor(functor)


@dataclass(frozen=True, slots=True)
class Constant(Functor):
    """The functor with one value."""

    source: Category
    target: Category
    value: Point
    shown: str = field(compare=False)

    @property
    def name(self) -> str:
        return f"constant({self.shown}, {self.source.name})"

    @property
    def dom(self) -> Category:
        return self.source

    @property
    def cod(self) -> Category:
        return self.target

    def on_object(self, at: Point) -> Point:
        return self.value

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return self.target.identity_arrow(self.value)


@dataclass(frozen=True, slots=True)
class Forgetful(Functor):
    """(X, t) |-> X, from a category of elements."""

    elements: Elements

    @property
    def name(self) -> str:
        return f"forgetful({self.elements.functor.name})"

    @property
    def dom(self) -> Category:
        return self.elements

    @property
    def cod(self) -> Category:
        return self.elements.functor.category

    def on_object(self, at: Point) -> Point:
        assert isinstance(at, Tuple)
        return at.parts[0]

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return self.elements.below(arrow)


@dataclass(frozen=True, slots=True)
class Side(Functor):
    """(a, b, h) |-> a (0) or b (1), from a comma category."""

    comma: Comma
    side: int

    @property
    def name(self) -> str:
        return f"{'right' if self.side else 'left'}({self.comma.name})"

    @property
    def dom(self) -> Category:
        return self.comma

    @property
    def cod(self) -> Category:
        return (self.comma.right if self.side else self.comma.left).dom

    def on_object(self, at: Point) -> Point:
        assert isinstance(at, Tuple)
        return at.parts[self.side]

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return self.comma.sides(arrow)[self.side]


@dataclass(frozen=True, slots=True)
class Inclusion(Functor):
    """A full subcategory in its category: objects and arrows are what they are."""

    subcategory: Subcategory

    @property
    def name(self) -> str:
        return f"inclusion({', '.join((self.subcategory.of.name, *self.subcategory.shown))})"

    @property
    def dom(self) -> Category:
        return self.subcategory

    @property
    def cod(self) -> Category:
        return self.subcategory.of

    def on_object(self, at: Point) -> Point:
        return at

    def on_arrow(self, arrow: ArrowOf) -> ArrowOf:
        return self.subcategory.below(arrow)
