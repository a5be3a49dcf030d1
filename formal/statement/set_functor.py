"""Presheaves and copresheaves on interpreted categories.

The elements of T(X) are a sum of telescopes: one element of an unknown T, an arrow for Hom(-, P), an element of S or
one of T for S + T, one of each for S * T.
"""

from __future__ import annotations

# ruff: noqa: D102  (what overrides is documented where it is declared)
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace

from formal.logic.theory import Application, SetFunctorSymbol, Type, Variable
from formal.statement.category import (
    ArrowOf,
    Category,
    Unknown,
    opposite,
    product_of_cases,
    sum_of_cases,
    turned_arrow,
)
from formal.statement.functor import Functor, Identity, compose
from formal.statement.point import TRUE, Atom, Case, Cases, In, Point, Tuple


class SetFunctor(ABC):
    """A presheaf (``contravariant``) or a copresheaf."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How reports call it."""

    @property
    @abstractmethod
    def category(self) -> Category:
        """The category it lives on."""

    @property
    @abstractmethod
    def contravariant(self) -> bool:
        """Whether f: X -> Y acts T(Y) -> T(X)."""

    @abstractmethod
    def fibre(self, at: Point, name: str = "t") -> Cases:
        """The elements of T(X), by fresh variables."""

    @abstractmethod
    def act(self, arrow: ArrowOf, element: Point) -> Point:
        """T(f)(t)."""

    @property
    def has_normal_forms(self) -> bool:
        """Whether elements are without conditions, or those that fail one can be taken for others."""
        return True

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        """The functor with the variance that is wanted: itself, or the other reading of what is constant."""
        return self if self.contravariant == contravariant else None

    def as_arrow(self, at: Point, element: Point) -> ArrowOf | None:
        """The arrow that an element of T(X) is, if it is one."""
        return None

    def place_of(self, arrow: ArrowOf) -> Point | None:
        """The X for which an arrow is an element of T(X), if there is one."""
        return None

    def reduced(self, at: Point) -> tuple[SetFunctor, Point]:
        """What T(X) is a fibre of, after restrictions have been carried out: for X |-> T(F(X)), T at F(X)."""
        return self, at

    def lifted(self, functor: SetFunctor, at: Point) -> Point | None:
        """The X for which T(X) is another fibre, after restrictions have been carried out, if there is one."""
        return at if functor == self else None

    def source(self, arrow: ArrowOf) -> Point:
        """The X whose elements T(f) is applied to."""
        return arrow.cod if self.contravariant else arrow.dom

    def target(self, arrow: ArrowOf) -> Point:
        """The X in whose set T(f) has its values."""
        return arrow.dom if self.contravariant else arrow.cod


@dataclass(frozen=True, slots=True)
class UnknownSet(SetFunctor):
    """A set-valued functor that is given."""

    symbol: SetFunctorSymbol

    @property
    def name(self) -> str:
        return self.symbol.name

    @property
    def category(self) -> Category:
        return Unknown(self.symbol.category)

    @property
    def contravariant(self) -> bool:
        return self.symbol.contravariant

    def fibre(self, at: Point, name: str = "t") -> Cases:
        assert isinstance(at, Variable | Application)
        t = Variable(name, Type(self.symbol.elements, (at,)))
        return (Case((t,), TRUE, t),)

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        assert isinstance(arrow.point, Variable | Application)
        assert isinstance(element, Variable | Application)
        return self.symbol.action(arrow.point, element)


@dataclass(frozen=True, slots=True)
class Hom(SetFunctor):
    """Hom(-, P), contravariant, or Hom(P, -)."""

    base: Category
    at: Point
    is_presheaf: bool
    shown: str = field(compare=False)

    @property
    def name(self) -> str:
        return f"y({self.shown})" if self.is_presheaf else f"hom({self.shown}, -)"

    @property
    def category(self) -> Category:
        return self.base

    @property
    def contravariant(self) -> bool:
        return self.is_presheaf

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return self.base.hom(at, self.at, name) if self.is_presheaf else self.base.hom(self.at, at, name)

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        if self.is_presheaf:
            return self.base.compose(arrow, self._arrow(arrow.cod, element))
        return self.base.compose(self._arrow(arrow.dom, element), arrow)

    @property
    def has_normal_forms(self) -> bool:
        return self.base.has_normal_forms

    def as_arrow(self, at: Point, element: Point) -> ArrowOf | None:
        return self._arrow(at, element)

    def place_of(self, arrow: ArrowOf) -> Point | None:
        end, at = (arrow.cod, arrow.dom) if self.is_presheaf else (arrow.dom, arrow.cod)
        return at if arrow.category == self.base and end == self.at else None

    def _arrow(self, at: Point, element: Point) -> ArrowOf:
        dom, cod = (at, self.at) if self.is_presheaf else (self.at, at)
        return ArrowOf(self.base, dom, cod, element)


@dataclass(frozen=True, slots=True)
class SumSet(SetFunctor):
    """The disjoint union, object by object, of two of one variance."""

    left: SetFunctor
    right: SetFunctor

    @property
    def name(self) -> str:
        return f"{self.left.name} + {self.right.name}"

    @property
    def category(self) -> Category:
        return self.left.category

    @property
    def contravariant(self) -> bool:
        return self.left.contravariant

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return sum_of_cases(self.left.fibre(at, name), self.right.fibre(at, name))

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        assert isinstance(element, In)
        return In(element.side, (self.right if element.side else self.left).act(arrow, element.point))

    @property
    def has_normal_forms(self) -> bool:
        return self.left.has_normal_forms and self.right.has_normal_forms

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        left, right = self.left.adapted(contravariant), self.right.adapted(contravariant)
        return SumSet(left, right) if left is not None and right is not None else None


@dataclass(frozen=True, slots=True)
class ProductSet(SetFunctor):
    """The product, object by object, of two of one variance."""

    left: SetFunctor
    right: SetFunctor

    @property
    def name(self) -> str:
        return f"{self.left.name} * {self.right.name}"

    @property
    def category(self) -> Category:
        return self.left.category

    @property
    def contravariant(self) -> bool:
        return self.left.contravariant

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return product_of_cases(self.left.fibre(at, f"{name}.1"), self.right.fibre(at, f"{name}.2"))

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        assert isinstance(element, Tuple)
        first, second = element.parts
        return Tuple((self.left.act(arrow, first), self.right.act(arrow, second)))

    @property
    def has_normal_forms(self) -> bool:
        return self.left.has_normal_forms and self.right.has_normal_forms

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        left, right = self.left.adapted(contravariant), self.right.adapted(contravariant)
        return ProductSet(left, right) if left is not None and right is not None else None


@dataclass(frozen=True, slots=True)
class ConstantSet(SetFunctor):
    """One set everywhere, of either variance."""

    labels: tuple[str, ...]
    base: Category
    is_presheaf: bool = False

    @property
    def name(self) -> str:
        return (
            f"constant({{{', '.join(self.labels)}}}, {self.base.name})" if self.labels else f"empty({self.base.name})"
        )

    @property
    def category(self) -> Category:
        return self.base

    @property
    def contravariant(self) -> bool:
        return self.is_presheaf

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return tuple(Case((), TRUE, Atom(number, label)) for number, label in enumerate(self.labels))

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        return element

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        return replace(self, is_presheaf=contravariant)


@dataclass(frozen=True, slots=True)
class Restricted(SetFunctor):
    """X |-> T(F(X)). Built by ``restrict``."""

    along: Functor
    of: SetFunctor

    @property
    def name(self) -> str:
        return f"restrict({self.along.name}, {self.of.name})"

    @property
    def category(self) -> Category:
        return self.along.dom

    @property
    def contravariant(self) -> bool:
        return self.of.contravariant

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return self.of.fibre(self.along.on_object(at), name)

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        return self.of.act(self.along.on_arrow(arrow), element)

    @property
    def has_normal_forms(self) -> bool:
        return self.of.has_normal_forms

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        adapted = self.of.adapted(contravariant)
        return None if adapted is None else Restricted(self.along, adapted)

    def as_arrow(self, at: Point, element: Point) -> ArrowOf | None:
        return self.of.as_arrow(self.along.on_object(at), element)

    def place_of(self, arrow: ArrowOf) -> Point | None:
        value = self.of.place_of(arrow)
        return None if value is None else self.along.preimage(value)

    def reduced(self, at: Point) -> tuple[SetFunctor, Point]:
        return self.of.reduced(self.along.on_object(at))

    def lifted(self, functor: SetFunctor, at: Point) -> Point | None:
        value = self.of.lifted(functor, at)
        return None if value is None else self.along.preimage(value)


def restrict(functor: Functor, of: SetFunctor) -> SetFunctor:
    """The restriction of T along F."""
    if isinstance(functor, Identity):
        return of
    if isinstance(of, Restricted):
        return Restricted(compose(functor, of.along), of.of)
    return Restricted(functor, of)


@dataclass(frozen=True, slots=True)
class Turned(SetFunctor):
    """A presheaf on C as a copresheaf on op(C), or the other way round. Built by ``turn``."""

    of: SetFunctor

    @property
    def name(self) -> str:
        return f"op({self.of.name})"

    @property
    def category(self) -> Category:
        return opposite(self.of.category)

    @property
    def contravariant(self) -> bool:
        return not self.of.contravariant

    def fibre(self, at: Point, name: str = "t") -> Cases:
        return self.of.fibre(at, name)

    def act(self, arrow: ArrowOf, element: Point) -> Point:
        return self.of.act(turned_arrow(arrow), element)

    @property
    def has_normal_forms(self) -> bool:
        return self.of.has_normal_forms

    def adapted(self, contravariant: bool) -> SetFunctor | None:
        adapted = self.of.adapted(not contravariant)
        return None if adapted is None else turn(adapted)

    def as_arrow(self, at: Point, element: Point) -> ArrowOf | None:
        return self.of.as_arrow(at, element)

    def place_of(self, arrow: ArrowOf) -> Point | None:
        return self.of.place_of(arrow)

    def reduced(self, at: Point) -> tuple[SetFunctor, Point]:
        return self.of.reduced(at)

    def lifted(self, functor: SetFunctor, at: Point) -> Point | None:
        return self.of.lifted(functor, at)


def turn(functor: SetFunctor) -> SetFunctor:
    """op(T); twice, T itself."""
    return functor.of if isinstance(functor, Turned) else Turned(functor)
