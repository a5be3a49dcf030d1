"""Transformations, between functors and between set-valued functors; families are those that need not be natural."""

from __future__ import annotations

# ruff: noqa: D102  (what overrides is documented where it is declared)
from abc import ABC, abstractmethod
from dataclasses import dataclass

from formal.logic.theory import Term, Variable
from formal.statement.category import ArrowOf
from formal.statement.functor import Functor
from formal.statement.point import Case, Point, match_point, substitute
from formal.statement.set_functor import SetFunctor


class Transformation(ABC):
    """An arrow F(X) -> G(X) for every X, for two functors between two categories."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How reports call it."""

    @property
    @abstractmethod
    def dom(self) -> Functor:
        """F."""

    @property
    @abstractmethod
    def cod(self) -> Functor:
        """G."""

    @abstractmethod
    def component(self, at: Point) -> ArrowOf:
        """phi(X)."""

    def inverse(self) -> Transformation | None:
        """The inverse, of what is declared as an isomorphism."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Components(Transformation):
    """A transformation by its components; two are the same only if they are the same object.

    Args:
        cases: each shape of objects with the component there.
        backward: the inverse of what is declared as an isomorphism.
    """

    title: str
    source: Functor
    target: Functor
    cases: tuple[tuple[Case, Point], ...]
    backward: Components | None = None

    @property
    def name(self) -> str:
        return self.title

    @property
    def dom(self) -> Functor:
        return self.source

    @property
    def cod(self) -> Functor:
        return self.target

    def component(self, at: Point) -> ArrowOf:
        for case, value in self.cases:
            found: dict[Variable, Term] = {}
            if match_point(case.point, at, frozenset(case.variables), found):
                dom, cod = self.source.on_object(at), self.target.on_object(at)
                return ArrowOf(self.target.cod, dom, cod, substitute(value, found))
        raise AssertionError(self.title)

    def inverse(self) -> Transformation | None:
        return self.backward


@dataclass(frozen=True, slots=True)
class IdentityTransformation(Transformation):
    """The identity of a functor."""

    functor: Functor

    @property
    def name(self) -> str:
        return f"id({self.functor.name})"

    @property
    def dom(self) -> Functor:
        return self.functor

    @property
    def cod(self) -> Functor:
        return self.functor

    def component(self, at: Point) -> ArrowOf:
        return self.functor.cod.identity_arrow(self.functor.on_object(at))

    def inverse(self) -> Transformation | None:
        return self


@dataclass(frozen=True, slots=True)
class Vertical(Transformation):
    """First one transformation, then another."""

    first: Transformation
    second: Transformation

    @property
    def name(self) -> str:
        return f"{self.first.name} >> {self.second.name}"

    @property
    def dom(self) -> Functor:
        return self.first.dom

    @property
    def cod(self) -> Functor:
        return self.second.cod

    def component(self, at: Point) -> ArrowOf:
        return self.cod.cod.composite(self.first.component(at), self.second.component(at))

    def inverse(self) -> Transformation | None:
        one, two = self.first.inverse(), self.second.inverse()
        return None if one is None or two is None else Vertical(two, one)


# --- between set-valued functors ------------------------------------------------------------------


class SetTransformation(ABC):
    """A map S(X) -> T(X) for every X, for two set-valued functors on one category and of one variance."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How reports call it."""

    @property
    @abstractmethod
    def dom(self) -> SetFunctor:
        """S."""

    @property
    @abstractmethod
    def cod(self) -> SetFunctor:
        """T."""

    @abstractmethod
    def apply(self, at: Point, element: Point) -> Point:
        """phi(s) for s in S(X)."""

    def inverse(self) -> SetTransformation | None:
        """The inverse, of what is declared as an isomorphism."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Maps(SetTransformation):
    """A transformation by its values; two are the same only if they are the same object.

    Args:
        cases: each shape of objects and of elements over them, with the value there.
        backward: the inverse of what is declared as an isomorphism.
    """

    title: str
    source: SetFunctor
    target: SetFunctor
    cases: tuple[tuple[Case, Case, Point], ...]
    backward: Maps | None = None

    @property
    def name(self) -> str:
        return self.title

    @property
    def dom(self) -> SetFunctor:
        return self.source

    @property
    def cod(self) -> SetFunctor:
        return self.target

    def apply(self, at: Point, element: Point) -> Point:
        for x, s, value in self.cases:
            found: dict[Variable, Term] = {}
            free = frozenset((*x.variables, *s.variables))
            if match_point(x.point, at, free, found) and match_point(s.point, element, free, found):
                return substitute(value, found)
        raise AssertionError(self.title)

    def inverse(self) -> SetTransformation | None:
        return self.backward


@dataclass(frozen=True, slots=True)
class IdentityMaps(SetTransformation):
    """The identity of a set-valued functor."""

    functor: SetFunctor

    @property
    def name(self) -> str:
        return f"id({self.functor.name})"

    @property
    def dom(self) -> SetFunctor:
        return self.functor

    @property
    def cod(self) -> SetFunctor:
        return self.functor

    def apply(self, at: Point, element: Point) -> Point:
        return element

    def inverse(self) -> SetTransformation | None:
        return self


@dataclass(frozen=True, slots=True)
class VerticalMaps(SetTransformation):
    """First one transformation, then another."""

    first: SetTransformation
    second: SetTransformation

    @property
    def name(self) -> str:
        return f"{self.first.name} >> {self.second.name}"

    @property
    def dom(self) -> SetFunctor:
        return self.first.dom

    @property
    def cod(self) -> SetFunctor:
        return self.second.cod

    def apply(self, at: Point, element: Point) -> Point:
        return self.second.apply(at, self.first.apply(at, element))

    def inverse(self) -> SetTransformation | None:
        one, two = self.first.inverse(), self.second.inverse()
        return None if one is None or two is None else VerticalMaps(two, one)
