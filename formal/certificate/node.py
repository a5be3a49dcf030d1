"""Formulas as numbered nodes: every structure, term and part once, each after what it refers to.

The kinds of nodes are listed in ``formal/kernel/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory
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
    Range,
    SetTerm,
    Term,
    Transformations,
    Truth,
    Universal,
    Variable,
)
from formal.text import Bug

Item = Formula | Term | SetTerm | Range | FunctorComposite | Functor | Transformation | FunctorTransformation
"""What becomes a node."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A field of a node that is the number of another node."""

    item: Item


class Numbering:
    """The nodes of a closed formula, and the categories and set-valued functors that they refer to by number.

    The formula is walked without recursion; equal nodes are numbered once, variables by identity.
    """

    def __init__(self, formula: Formula) -> None:
        self.categories: list[Category | InfiniteCategory] = []
        self.set_functors: list[SetFunctor] = []
        self.nodes: list[tuple[Any, ...]] = []
        self._structures: dict[int, int] = {}
        numbers: dict[int, int] = {}
        known: dict[tuple[Any, ...], int] = {}
        stack: list[tuple[Item, tuple[Any, ...] | None]] = [(formula, None)]
        kept: list[Any] = []  # items made on the way must live as long as their identities are used
        while stack:
            item, shape = stack.pop()
            if id(item) in numbers:
                continue
            if shape is None:
                shape = self._shape(item)
                kept.append(shape)
                stack.append((item, shape))
                stack.extend((field.item, None) for field in reversed(shape) if isinstance(field, Ref))
                continue
            node = tuple(numbers[id(field.item)] if isinstance(field, Ref) else field for field in shape)
            key = (*node, id(item)) if isinstance(item, Variable) else node
            if key not in known:
                known[key] = len(self.nodes)
                self.nodes.append(node)
            numbers[id(item)] = known[key]

    def category(self, category: Category | InfiniteCategory) -> int:
        """The number of a category."""
        return self._structure(category, self.categories)

    def set_functor(self, functor: SetFunctor) -> int:
        """The number of a set-valued functor."""
        self.category(functor.category)
        return self._structure(functor, self.set_functors)

    def arrow(self, category: Category, f: int) -> int | tuple[int, ...]:
        """An arrow as the claim writes it: its number, or the path (dom, generators …) in a presented category."""
        return f if category.presentation is None else (category.source(f), *category.word(f))

    def arrows(self, category: Category, arrows: Iterable[int]) -> tuple[int | tuple[int, ...], ...]:
        """Arrows as the claim writes them."""
        return tuple(arrows) if category.presentation is None else tuple(self.arrow(category, f) for f in arrows)

    def _structure(self, item: Any, items: list[Any]) -> int:
        if id(item) not in self._structures:
            self._structures[id(item)] = len(items)
            items.append(item)
        return self._structures[id(item)]

    def _shape(self, item: Item) -> tuple[Any, ...]:
        """The kind and the fields of a node."""
        match item:
            case Objects() | Arrows() | Elements() | Transformations() | Functors() | FunctorTransformations():
                return self._range(item)
            case Fibre(functor, at):
                return "fibre", self.set_functor(functor), Ref(at)
            case Hom(_, dom, cod):
                return "hom", Ref(dom), Ref(cod)
            case FiniteSet(labels):
                return "finite-set", labels
            case (
                Truth()
                | Equal()
                | Equinumerous()
                | Universal()
                | Covered()
                | CoproductOfRepresentables()
                | Connected()
                | Isomorphic()
                | Equivalent()
                | Finite()
            ):
                return self._atom(item)
            case Not() | And() | Or() | Implies() | Iff() | Quantified() | Instances() | Named():
                return _connective(item)
            case _:
                return self._term(item)

    def _range(self, item: Range) -> tuple[Any, ...]:
        match item:
            case Objects(category):
                return "objects", self.category(category)
            case Arrows(category, dom, cod):
                ends = (None if end is None else Ref(end) for end in (dom, cod))
                return "arrows", self.category(category), *ends
            case Elements(functor, at):
                return "elements", self.set_functor(functor), Ref(at)
            case Transformations(s, t):
                return "transformations", self.set_functor(s), self.set_functor(t)
            case Functors(c, d):
                return "functors", self.category(c), self.category(d)
            case FunctorTransformations(f, g):
                return "families", Ref(f), Ref(g)
            case _:
                assert_never(item)

    def _term(
        self, item: Term | FunctorComposite | Functor | Transformation | FunctorTransformation
    ) -> tuple[Any, ...]:
        match item:
            case Variable(name, range_):
                return "variable", name, Ref(range_)
            case ObjectConstant(category, value):
                return "object", self.category(category), value
            case ArrowConstant(category, value):
                return "arrow", self.category(category), self.arrow(category, value)
            case ElementConstant(functor, value):
                return "element", self.set_functor(functor), value
            case Functor():
                images = self.arrows(item.cod, item.generators)
                return "functor", item.name, self.category(item.dom), self.category(item.cod), item.objects, images
            case Transformation():
                ends = self.set_functor(item.dom), self.set_functor(item.cod)
                return "transformation", item.name, *ends, item.images, _none(item.failures())
            case FunctorTransformation():
                images = self.arrows(item.dom.cod, item.components)
                return "family", item.name, Ref(item.dom), Ref(item.cod), images, _none(item.failures())
            case FunctorComposite(first, second):
                return "functor-composite", Ref(first), Ref(second)
            case Dom(arrow):
                return "dom", Ref(arrow)
            case Cod(arrow):
                return "cod", Ref(arrow)
            case ObjectImage(functor, at):
                return "object-image", Ref(functor), Ref(at)
            case ArrowImage(functor, arrow):
                return "arrow-image", Ref(functor), Ref(arrow)
            case Identity(_, at):
                return "identity", Ref(at)
            case Composite(_, first, second):
                return "composite", Ref(first), Ref(second)
            case Component(transformation, at):
                return "component", Ref(transformation), Ref(at)
            case ArrowOfElement(_, element):
                return "arrow-of-element", Ref(element)
            case ElementOfArrow(functor, arrow):
                return "element-of-arrow", self.set_functor(functor), Ref(arrow)
            case Action(_, arrow, element):
                return "action", Ref(arrow), Ref(element)
            case Apply(transformation, element):
                return "apply", Ref(transformation), Ref(element)
            case _:
                assert_never(item)

    def _atom(
        self,
        item: Truth
        | Equal
        | Equinumerous
        | Universal
        | Covered
        | CoproductOfRepresentables
        | Connected
        | Isomorphic
        | Equivalent
        | Finite,
    ) -> tuple[Any, ...]:
        match item:
            case Truth(value, reason):
                return "truth", value, reason
            case Equal(left, right):
                return "equal", Ref(left), Ref(right)
            case Equinumerous(left, right):
                return "equinumerous", Ref(left), Ref(right)
            case Universal(_, element):
                return "universal", Ref(element)
            case Covered(functor, count):
                return "covered", self.set_functor(functor), count
            case CoproductOfRepresentables(functor, count):
                return "coproduct", self.set_functor(functor), count
            case Connected(category):
                return "connected", self.category(category)
            case Isomorphic(SetFunctor() as left, SetFunctor() as right):
                return "isomorphic", self.set_functor(left), self.set_functor(right)
            case Isomorphic(Category() as left, Category() as right):
                return "isomorphic-categories", self.category(left), self.category(right)
            case Isomorphic():
                raise Bug("a category compared with a set-valued functor")
            case Equivalent(left, right):
                return "equivalent", self.category(left), self.category(right)
            case Finite(presented):
                return "finite", self.category(presented)
            case _:
                assert_never(item)


def _connective(item: Not | And | Or | Implies | Iff | Quantified | Instances | Named) -> tuple[Any, ...]:
    match item:
        case Not(body):
            return "not", Ref(body)
        case And(parts):
            return "and", *map(Ref, parts)
        case Or(parts):
            return "or", *map(Ref, parts)
        case Implies(premise, conclusion):
            return "implies", Ref(premise), Ref(conclusion)
        case Iff(left, right):
            return "iff", Ref(left), Ref(right)
        case Quantified(quantifier, variable, body):
            return str(quantifier), Ref(variable), Ref(body)
        case Instances(quantifier, name, labels, parts):
            return "instances", str(quantifier), name, labels, *map(Ref, parts)
        case Named(predicate, text, _, body):
            return "named", predicate, text, Ref(body)
        case _:
            assert_never(item)


def _none(failures: Iterable[object]) -> bool:
    return next(iter(failures), None) is None
