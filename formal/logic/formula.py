"""Typed formulas about finite categories, functors and set-valued functors.

Values are numbers: an object, an arrow, an element (numbered through all the sets of its functor); a
transformation is the tuple of images of its elements (or, between functors into a category, of its
components); a functor is the pair (images of objects, images of generators). A formula is closed when every
variable is bound. Everything about predicates is in their unfolding: ``Named`` only remembers the word that the
author used, so that a shorter route may be taken; its meaning is its body.

Source: Mac Lane, Categories for the Working Mathematician; many-sorted first-order logic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory

# --- ranges: what a variable runs over ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a category."""

    category: Category


@dataclass(frozen=True, slots=True)
class Arrows:
    """The arrows from ``dom`` to ``cod``; None leaves an end free."""

    category: Category
    dom: Term | None = None
    cod: Term | None = None


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of T(X)."""

    functor: SetFunctor
    at: Term


@dataclass(frozen=True, slots=True)
class Transformations:
    """The natural transformations between two set-valued functors."""

    dom: SetFunctor
    cod: SetFunctor


@dataclass(frozen=True, slots=True)
class Functors:
    """The functors from one finite category to another."""

    dom: Category
    cod: Category


@dataclass(frozen=True, slots=True)
class FunctorTransformations:
    """The natural transformations between two functors."""

    dom: FunctorTerm
    cod: FunctorTerm


Range = Objects | Arrows | Elements | Transformations | Functors | FunctorTransformations


# --- terms ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A bound variable; the same variable is the same object."""

    name: str
    range: Range


@dataclass(frozen=True, slots=True)
class ObjectConstant:
    """A declared object."""

    category: Category
    value: int


@dataclass(frozen=True, slots=True)
class Dom:
    """The object that an arrow starts from."""

    arrow: Term


@dataclass(frozen=True, slots=True)
class Cod:
    """The object that an arrow ends in."""

    arrow: Term


@dataclass(frozen=True, slots=True)
class ObjectImage:
    """F(X)."""

    functor: FunctorTerm
    object: Term


@dataclass(frozen=True, slots=True)
class ArrowConstant:
    """A declared arrow, or one computed from declared arrows."""

    category: Category
    value: int


@dataclass(frozen=True, slots=True)
class Identity:
    """id(X)."""

    category: Category
    object: Term


@dataclass(frozen=True, slots=True)
class Composite:
    """f >> g: first f, then g."""

    category: Category
    first: Term
    second: Term


@dataclass(frozen=True, slots=True)
class ArrowImage:
    """F(f)."""

    functor: FunctorTerm
    arrow: Term


@dataclass(frozen=True, slots=True)
class Component:
    """phi(X), an arrow of the codomain, for a transformation between functors."""

    transformation: FunctorTransformation | Variable
    at: Term


@dataclass(frozen=True, slots=True)
class ArrowOfElement:
    """An element of Hom(-, P) or Hom(P, -), as the arrow that it is."""

    functor: SetFunctor
    element: Term


@dataclass(frozen=True, slots=True)
class ElementConstant:
    """A declared element, by its number."""

    functor: SetFunctor
    value: int


@dataclass(frozen=True, slots=True)
class ElementOfArrow:
    """An arrow, as an element of Hom(-, P) or Hom(P, -)."""

    functor: SetFunctor
    arrow: Term


@dataclass(frozen=True, slots=True)
class Action:
    """T(f)(t)."""

    functor: SetFunctor
    arrow: Term
    element: Term


@dataclass(frozen=True, slots=True)
class Apply:
    """phi(t)."""

    transformation: Transformation | Variable
    element: Term


Term = (
    Variable
    | ObjectConstant
    | Dom
    | Cod
    | ObjectImage
    | ArrowConstant
    | Identity
    | Composite
    | ArrowImage
    | Component
    | ArrowOfElement
    | ElementConstant
    | ElementOfArrow
    | Action
    | Apply
)


@dataclass(frozen=True, slots=True)
class FunctorComposite:
    """F >> G, where at least one of the two is a variable."""

    first: FunctorTerm
    second: FunctorTerm


FunctorTerm = Functor | Variable | FunctorComposite


# --- sets, for counting ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fibre:
    """The set T(X)."""

    functor: SetFunctor
    at: Term


@dataclass(frozen=True, slots=True)
class Hom:
    """The set Hom(X, Y)."""

    category: Category
    dom: Term
    cod: Term


@dataclass(frozen=True, slots=True)
class FiniteSet:
    """A set given by its labels, such as the value of a Yoneda extension.

    Args:
        name: how it was written, such as ``nat(S, T)``; empty for a set that was written out.
    """

    labels: tuple[str, ...]
    name: str = field(default="", compare=False)


SetTerm = Fibre | Hom | FiniteSet


# --- formulas -------------------------------------------------------------------------------------


class Quantifier(StrEnum):
    """For all, there is, there is exactly one."""

    FORALL = "forall"
    EXISTS = "exists"
    EXISTS_UNIQUE = "exists!"


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false, known by construction; ``reason`` says why in words."""

    value: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Equal:
    """Two objects, two arrows or two elements are the same."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Equinumerous:
    """Two finite sets have equally many elements."""

    left: SetTerm
    right: SetTerm


@dataclass(frozen=True, slots=True)
class Universal:
    """u in T(P) is a universal element: every t in T(X) is T(f)(u) for exactly one f.

    f: X -> P for a presheaf (T is represented by P), f: P -> X for a copresheaf (corepresented).
    """

    functor: SetFunctor
    element: Term


@dataclass(frozen=True, slots=True)
class Covered:
    """There are elements u_1, …, u_m, m <= count, such that every element is T(f)(u_i) for some f and i.

    The least such count is the prompt number of T.
    """

    functor: SetFunctor
    count: int


@dataclass(frozen=True, slots=True)
class CoproductOfRepresentables:
    """T is isomorphic to a coproduct of ``count`` representables; 1 says that T is representable.

    Equivalently: elements u_1, …, u_count such that every element is T(f)(u_i) for exactly one (f, i).
    """

    functor: SetFunctor
    count: int


@dataclass(frozen=True, slots=True)
class Connected:
    """The category has an object, and any two are joined by a zigzag of arrows."""

    category: Category


@dataclass(frozen=True, slots=True)
class Isomorphic:
    """Two set-valued functors on one category (and of one variance), or two categories, are isomorphic.

    For categories: as categories, not merely equivalent.
    """

    left: SetFunctor | Category
    right: SetFunctor | Category


@dataclass(frozen=True, slots=True)
class Equivalent:
    """There is a full, faithful and essentially surjective functor from one category to the other."""

    left: Category
    right: Category


@dataclass(frozen=True, slots=True)
class Finite:
    """A presented category has finitely many arrows; those built from finite ones have anyway."""

    presented: Category | InfiniteCategory


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction; of nothing: true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction; of nothing: false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """Implication."""

    premise: Formula
    conclusion: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Equivalence."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Quantified:
    """A quantifier over a variable's range."""

    quantifier: Quantifier
    variable: Variable
    body: Formula


@dataclass(frozen=True, slots=True)
class Instances:
    """A quantifier already expanded, because its body speaks of structures that depend on the variable.

    Args:
        name: the variable's name.
        labels: for each instance the label of the value.
        parts: for each instance the body.
    """

    quantifier: Quantifier
    name: str
    labels: tuple[str, ...]
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A predicate applied: the word and the arguments as written, and its unfolding.

    Args:
        predicate: such as ``mono``.
        text: the application as the author wrote it, such as ``mono(f)``.
        arguments: structures and terms, for routes that know the predicate.
    """

    predicate: str
    text: str
    arguments: tuple[object, ...]
    body: Formula


Formula = (
    Truth
    | Equal
    | Equinumerous
    | Universal
    | Covered
    | CoproductOfRepresentables
    | Connected
    | Isomorphic
    | Equivalent
    | Finite
    | Not
    | And
    | Or
    | Implies
    | Iff
    | Quantified
    | Instances
    | Named
)
