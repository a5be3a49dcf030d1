"""Elements of ``restrict(F, y(Z))``: they are the arrows F(X) -> Z, and may be written as such.

The logic knows elements of Hom(-, P) and Hom(P, -) as arrows, but not those of a restriction. An equation in which one
of them stands for an arrow, or an arrow for one of them, becomes a distinction of cases: which of the finitely many
elements it is. Everything that is said stays a formula of the logic.

Source: Mac Lane, Categories for the Working Mathematician, III.2 (hom-functors), X.3 (restriction along a functor).
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.elaborate.value import ArrowOf, ElementOf, cod_of, dom_of, object_image
from formal.logic import formula as logic
from formal.text import Bug


@dataclass(frozen=True, slots=True)
class RestrictedHom:
    """Hom(F -, Z), or Hom(Z, F -), as a set-valued functor.

    Args:
        functor: of s elements.
        along: F.
        category: where the arrows are.
        vertex: Z.
        arrows: shape (s,), the arrow that each element is.
    """

    functor: SetFunctor
    along: logic.FunctorTerm
    category: Category
    vertex: int
    arrows: tuple[int, ...]

    def arrow(self, element: ElementOf) -> ArrowOf:
        """An element as an arrow."""
        near, far = object_image(self.along, element.at), logic.ObjectConstant(self.category, self.vertex)
        dom, cod = (near, far) if self.functor.contravariant else (far, near)
        term: logic.Term = logic.ArrowOfElement(self.functor, element.term)
        if isinstance(element.term, logic.ElementConstant):
            term = logic.ArrowConstant(self.category, self.arrows[element.term.value])
        return ArrowOf(self.category, term, dom, cod)

    def place(self, arrow: ArrowOf) -> logic.Term | None:
        """The X for which an arrow is an element over X, read off its ends; None when they do not tell."""
        near, far = (arrow.dom, arrow.cod) if self.functor.contravariant else (arrow.cod, arrow.dom)
        if arrow.category is not self.category or far != logic.ObjectConstant(self.category, self.vertex):
            return None
        at: logic.Term | None = near
        for factor in reversed(factors(self.along)):
            at = _preimage(factor, at)
        return at

    def element(self, arrow: logic.Term, at: logic.Term) -> logic.Term | None:
        """An arrow as an element over X; None when X cannot be read off the term."""
        if isinstance(arrow, logic.ArrowConstant) and isinstance(at, logic.ObjectConstant):
            over = self.functor.at(at.value)
            return logic.ElementConstant(self.functor, next(t for t in over if self.arrows[t] == arrow.value))
        return logic.ElementOfArrow(self.functor, arrow) if self.place_of(arrow) == at else None

    def place_of(self, arrow: logic.Term) -> logic.Term | None:
        """The X over which an arrow term lies, read off the term."""
        return self.place(ArrowOf(self.category, arrow, dom_of(arrow), cod_of(arrow)))


def factors(functor: logic.FunctorTerm) -> tuple[logic.FunctorTerm, ...]:
    """What a functor is composed of, first to last; nothing for an identity."""
    match functor:
        case logic.FunctorComposite(first, second):
            return (*factors(first), *factors(second))
        case Functor(is_identity=True):
            return ()
        case _:
            return (functor,)


def _preimage(functor: logic.FunctorTerm, at: logic.Term | None) -> logic.Term | None:
    match at:
        case logic.ObjectImage(applied, argument) if applied is functor:
            return argument
        case logic.ObjectConstant(_, value) if isinstance(functor, Functor) and functor.objects.count(value) == 1:
            return logic.ObjectConstant(functor.dom, functor.objects.index(value))
        case _:
            return None


# --- distinction of cases -------------------------------------------------------------------------

Homs = dict[SetFunctor, RestrictedHom]


def spelled_out(equation: logic.Equal, homs: Homs) -> logic.Formula:
    """The equation, with a case for each element that stands for an arrow and each arrow that stands for an element."""
    found = _innermost(equation, homs) if homs else None
    if found is None:
        return equation
    hom = homs[found.functor]
    cases: list[logic.Formula] = []
    for t, x in enumerate(hom.functor.base):
        element, arrow = logic.ElementConstant(hom.functor, t), logic.ArrowConstant(hom.category, hom.arrows[t])
        value: logic.Term
        if isinstance(found, logic.ArrowOfElement):
            value, conditions = arrow, [logic.Equal(found.element, element)]
        else:
            value, conditions = element, _is_arrow(hom, found.arrow, arrow, x)
        changed = logic.Equal(_replaced(equation.left, found, value), _replaced(equation.right, found, value))
        cases.append(logic.And((*conditions, spelled_out(changed, homs))))
    return logic.Or(tuple(cases))


def _is_arrow(hom: RestrictedHom, term: logic.Term, arrow: logic.Term, x: int) -> list[logic.Equal]:
    """That an arrow term, as an element over some X, is an arrow as an element over x."""
    at, here = hom.place_of(term), logic.ObjectConstant(hom.functor.category, x)
    if at is None:
        raise Bug(f"an element of {hom.functor.name} has lost its place")
    same = [logic.Equal(term, arrow)]
    return same if at == here else [logic.Equal(at, here), *same]


_Crossing = logic.ArrowOfElement | logic.ElementOfArrow


def _innermost(equation: logic.Equal, homs: Homs) -> _Crossing | None:
    """A term that is read in the other way, and in which no other one is."""
    found: _Crossing | None = None
    stack: list[object] = [equation.left, equation.right]
    while stack:
        term = stack.pop()
        if isinstance(term, _Crossing) and term.functor in homs:
            found = term
            stack = [term.element if isinstance(term, logic.ArrowOfElement) else term.arrow]
        else:
            stack += _parts(term)
    return found


def _parts(term: object) -> list[object]:
    """The terms that a term is made of."""
    match term:
        case logic.Dom(inner) | logic.Cod(inner) | logic.Identity(_, inner):
            return [inner]
        case logic.ObjectImage(_, inner) | logic.ArrowImage(_, inner) | logic.Component(_, inner):
            return [inner]
        case logic.Apply(_, inner) | logic.ArrowOfElement(_, inner) | logic.ElementOfArrow(_, inner):
            return [inner]
        case logic.Composite(_, first, second) | logic.Action(_, first, second):
            return [first, second]
        case _:
            return []


def _replaced(term: logic.Term, old: _Crossing, new: logic.Term) -> logic.Term:
    """The term with another one in place of all occurrences of one in it."""
    if term == old:
        return new

    def inside(part: logic.Term) -> logic.Term:
        return _replaced(part, old, new)

    match term:
        case logic.Dom(arrow):
            return logic.Dom(inside(arrow))
        case logic.Cod(arrow):
            return logic.Cod(inside(arrow))
        case logic.Identity(category, at):
            return logic.Identity(category, inside(at))
        case logic.ObjectImage(functor, at):
            return logic.ObjectImage(functor, inside(at))
        case logic.ArrowImage(functor, arrow):
            return logic.ArrowImage(functor, inside(arrow))
        case logic.Component(family, at):
            return logic.Component(family, inside(at))
        case logic.Apply(family, element):
            return logic.Apply(family, inside(element))
        case logic.ArrowOfElement(functor, element):
            return logic.ArrowOfElement(functor, inside(element))
        case logic.ElementOfArrow(functor, arrow):
            return logic.ElementOfArrow(functor, inside(arrow))
        case logic.Composite(category, first, second):
            return logic.Composite(category, inside(first), inside(second))
        case logic.Action(functor, arrow, element):
            return logic.Action(functor, inside(arrow), inside(element))
        case _:
            return term
