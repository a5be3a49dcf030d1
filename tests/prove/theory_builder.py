"""Sequents by hand: structures, and the textbook predicates about them."""

from __future__ import annotations

from dataclasses import dataclass, field

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Axiom,
    CategorySymbol,
    Equal,
    Formula,
    Function,
    Implies,
    Quantified,
    Role,
    SetFunctorSymbol,
    Term,
    Type,
    Variable,
    category_symbol,
    set_functor_symbol,
    type_of,
)
from formal.prove.result import Sequent


def ob(c: CategorySymbol, name: str = "X") -> Variable:
    return Variable(name, Type(c.objects))


def hom(c: CategorySymbol, x: Term, y: Term, name: str = "f") -> Variable:
    return Variable(name, Type(c.arrows, (x, y)))


def el(t: SetFunctorSymbol, x: Term, name: str = "t") -> Variable:
    return Variable(name, Type(t.elements, (x,)))


def forall(*parts: Variable | Formula) -> Formula:
    return _quantified(Quantifier.FORALL, parts)


def exists(*parts: Variable | Formula) -> Formula:
    return _quantified(Quantifier.EXISTS, parts)


def unique(*parts: Variable | Formula) -> Formula:
    return _quantified(Quantifier.EXISTS_UNIQUE, parts)


def _quantified(quantifier: Quantifier, parts: tuple[Variable | Formula, ...]) -> Formula:
    *variables, body = parts
    assert not isinstance(body, Variable)
    return Quantified(quantifier, tuple(v for v in variables if isinstance(v, Variable)), body)


def both(*parts: Formula) -> Formula:
    return And(parts)


@dataclass
class FunctorSymbol:
    dom: CategorySymbol
    cod: CategorySymbol
    ob: Function
    ar: Function


@dataclass
class Theory:
    """What is given and assumed."""

    name: str = "theorem"
    categories: list[CategorySymbol] = field(default_factory=list)
    set_functors: list[SetFunctorSymbol] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    axioms: list[Axiom] = field(default_factory=list)

    def category(self, name: str = "C") -> CategorySymbol:
        self.categories.append(category_symbol(name))
        return self.categories[-1]

    def presheaf(self, c: CategorySymbol, name: str = "T", contravariant: bool = True) -> SetFunctorSymbol:
        self.set_functors.append(set_functor_symbol(name, c, contravariant))
        return self.set_functors[-1]

    def function(self, name: str, *parameters: Variable, result: Type, role: Role = Role.GIVEN) -> Function:
        self.functions.append(Function(name, parameters, result, role))
        return self.functions[-1]

    def object(self, c: CategorySymbol, name: str) -> Term:
        return self.function(name, result=Type(c.objects))()

    def arrow(self, c: CategorySymbol, name: str, x: Term, y: Term) -> Term:
        return self.function(name, result=Type(c.arrows, (x, y)))()

    def element(self, t: SetFunctorSymbol, name: str, x: Term) -> Term:
        return self.function(name, result=Type(t.elements, (x,)))()

    def assume(self, name: str, formula: Formula) -> None:
        self.axioms.append(Axiom(name, formula))

    def functor(self, name: str, c: CategorySymbol, d: CategorySymbol) -> FunctorSymbol:
        x, y, z = (ob(c, n) for n in "xyz")
        on_objects = self.function(f"{name}.ob", x, result=Type(d.objects))
        f, g = hom(c, x, y, "f"), hom(c, y, z, "g")
        on_arrows = self.function(f"{name}.ar", x, y, f, result=Type(d.arrows, (on_objects(x), on_objects(y))))
        self.assume(f"{name}.identity", forall(x, Equal(on_arrows(c.identity(x)), d.identity(on_objects(x)))))
        composed = Equal(on_arrows(c.composition(f, g)), d.composition(on_arrows(f), on_arrows(g)))
        self.assume(f"{name}.composition", forall(x, y, z, f, g, composed))
        return FunctorSymbol(c, d, on_objects, on_arrows)

    def sequent(self, goal: Formula) -> Sequent:
        return Sequent(
            self.name,
            "show",
            tuple(c.name for c in self.categories),
            tuple((t.name, t.category.name, t.contravariant) for t in self.set_functors),
            tuple(self.functions),
            tuple(self.axioms),
            goal,
        )


def ends(f: Term) -> tuple[Term, Term]:
    x, y = type_of(f).indices
    return x, y


def mono(c: CategorySymbol, f: Term) -> Formula:
    x, _ = ends(f)
    w = ob(c, "W")
    g, h = hom(c, w, x, "g"), hom(c, w, x, "h")
    return forall(w, g, h, Implies(Equal(c.composition(g, f), c.composition(h, f)), Equal(g, h)))


def epi(c: CategorySymbol, f: Term) -> Formula:
    _, y = ends(f)
    w = ob(c, "W")
    g, h = hom(c, y, w, "g"), hom(c, y, w, "h")
    return forall(w, g, h, Implies(Equal(c.composition(f, g), c.composition(f, h)), Equal(g, h)))


def inverse(c: CategorySymbol, f: Term, g: Term) -> Formula:
    x, y = ends(f)
    return both(Equal(c.composition(f, g), c.identity(x)), Equal(c.composition(g, f), c.identity(y)))


def iso(c: CategorySymbol, f: Term) -> Formula:
    x, y = ends(f)
    g = hom(c, y, x, "g")
    return exists(g, inverse(c, f, g))


def isomorphic(c: CategorySymbol, x: Term, y: Term) -> Formula:
    f, g = hom(c, x, y, "f"), hom(c, y, x, "g")
    return exists(f, g, inverse(c, f, g))


def split_mono(c: CategorySymbol, f: Term) -> Formula:
    x, y = ends(f)
    r = hom(c, y, x, "r")
    return exists(r, Equal(c.composition(f, r), c.identity(x)))


def terminal(c: CategorySymbol, x: Term) -> Formula:
    w = ob(c, "W")
    return forall(w, unique(hom(c, w, x), both()))


def initial(c: CategorySymbol, x: Term) -> Formula:
    w = ob(c, "W")
    return forall(w, unique(hom(c, x, w), both()))


def product(c: CategorySymbol, p: Term, q: Term) -> Formula:
    x, a = ends(p)
    _, b = ends(q)
    w = ob(c, "W")
    f, g, m = hom(c, w, a, "f"), hom(c, w, b, "g"), hom(c, w, x, "m")
    return forall(w, f, g, unique(m, both(Equal(c.composition(m, p), f), Equal(c.composition(m, q), g))))


def equalizer(c: CategorySymbol, e: Term, f: Term, g: Term) -> Formula:
    x, a = ends(e)
    w = ob(c, "W")
    h, m = hom(c, w, a, "h"), hom(c, w, x, "m")
    there = unique(m, Equal(c.composition(m, e), h))
    equal = Equal(c.composition(h, f), c.composition(h, g))
    return both(Equal(c.composition(e, f), c.composition(e, g)), forall(w, h, Implies(equal, there)))


def pullback(c: CategorySymbol, p: Term, q: Term, f: Term, g: Term) -> Formula:
    x, a = ends(p)
    _, b = ends(q)
    w = ob(c, "W")
    h, k, m = hom(c, w, a, "h"), hom(c, w, b, "k"), hom(c, w, x, "m")
    there = unique(m, both(Equal(c.composition(m, p), h), Equal(c.composition(m, q), k)))
    equal = Equal(c.composition(h, f), c.composition(k, g))
    return both(Equal(c.composition(p, f), c.composition(q, g)), forall(w, h, k, Implies(equal, there)))


def universal(t: SetFunctorSymbol, u: Term) -> Formula:
    c = t.category
    (p,) = type_of(u).indices
    x = ob(c)
    e, f = el(t, x), hom(c, x, p)
    return forall(x, e, unique(f, Equal(t.action(f, u), e)))


def full(f: FunctorSymbol) -> Formula:
    x, y = ob(f.dom, "x"), ob(f.dom, "y")
    g, h = hom(f.cod, f.ob(x), f.ob(y), "g"), hom(f.dom, x, y, "h")
    return forall(x, y, g, exists(h, Equal(f.ar(h), g)))


def faithful(f: FunctorSymbol) -> Formula:
    x, y = ob(f.dom, "x"), ob(f.dom, "y")
    g, h = hom(f.dom, x, y, "g"), hom(f.dom, x, y, "h")
    return forall(x, y, g, h, Implies(Equal(f.ar(g), f.ar(h)), Equal(g, h)))
