"""Textbook theorems as sequents, written by hand."""

from __future__ import annotations

from collections.abc import Callable

from formal.logic.theory import Equal, Iff, Implies, Not, Type
from formal.prove.result import Sequent
from tests.prove.theory_builder import (
    FunctorSymbol,
    Theory,
    both,
    el,
    epi,
    equalizer,
    exists,
    faithful,
    forall,
    full,
    hom,
    inverse,
    iso,
    isomorphic,
    mono,
    ob,
    product,
    pullback,
    split_mono,
    terminal,
    unique,
    universal,
)

Goal = Callable[[], Sequent]


def monos_compose() -> Sequent:
    t = Theory()
    c = t.category()
    x, y, z = (t.object(c, n) for n in "XYZ")
    f, g = t.arrow(c, "f", x, y), t.arrow(c, "g", y, z)
    t.assume("f_mono", mono(c, f))
    t.assume("g_mono", mono(c, g))
    return t.sequent(mono(c, c.composition(f, g)))


def first_factor_of_mono() -> Sequent:
    t = Theory()
    c = t.category()
    x, y, z = (t.object(c, n) for n in "XYZ")
    f, g = t.arrow(c, "f", x, y), t.arrow(c, "g", y, z)
    t.assume("composite_mono", mono(c, c.composition(f, g)))
    return t.sequent(mono(c, f))


def split_monos_are_mono() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = t.arrow(c, "f", x, y)
    t.assume("split", split_mono(c, f))
    return t.sequent(mono(c, f))


def split_mono_and_epi_is_iso() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = t.arrow(c, "f", x, y)
    t.assume("split", split_mono(c, f))
    t.assume("epi", epi(c, f))
    return t.sequent(iso(c, f))


def isos_compose() -> Sequent:
    t = Theory()
    c = t.category()
    x, y, z = (t.object(c, n) for n in "XYZ")
    f, g = t.arrow(c, "f", x, y), t.arrow(c, "g", y, z)
    t.assume("f_iso", iso(c, f))
    t.assume("g_iso", iso(c, g))
    return t.sequent(iso(c, c.composition(f, g)))


def inverses_are_unique() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    f, g, h = t.arrow(c, "f", x, y), t.arrow(c, "g", y, x), t.arrow(c, "h", y, x)
    t.assume("g_inverse", inverse(c, f, g))
    t.assume("h_inverse", inverse(c, f, h))
    return t.sequent(Equal(g, h))


def terminal_objects_are_isomorphic() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    t.assume("X_terminal", terminal(c, x))
    t.assume("Y_terminal", terminal(c, y))
    return t.sequent(isomorphic(c, x, y))


def terminal_objects_are_isomorphic_uniquely() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    t.assume("X_terminal", terminal(c, x))
    t.assume("Y_terminal", terminal(c, y))
    f = hom(c, x, y)
    return t.sequent(unique(f, iso(c, f)))


def isomorphic_to_terminal_is_terminal() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    t.assume("X_terminal", terminal(c, x))
    t.assume("same", isomorphic(c, x, y))
    return t.sequent(terminal(c, y))


def equalizers_are_mono() -> Sequent:
    t = Theory()
    c = t.category()
    x, y, e = (t.object(c, n) for n in "XYE")
    f, g, m = t.arrow(c, "f", x, y), t.arrow(c, "g", x, y), t.arrow(c, "m", e, x)
    t.assume("equalizer", equalizer(c, m, f, g))
    return t.sequent(mono(c, m))


def products_are_isomorphic() -> Sequent:
    t = Theory()
    c = t.category()
    a, b, p, q = (t.object(c, n) for n in "ABPQ")
    t.assume("P_product", product(c, t.arrow(c, "p", p, a), t.arrow(c, "p'", p, b)))
    t.assume("Q_product", product(c, t.arrow(c, "q", q, a), t.arrow(c, "q'", q, b)))
    return t.sequent(isomorphic(c, p, q))


def monos_are_stable_under_pullback() -> Sequent:
    t = Theory()
    c = t.category()
    a, b, d, p = (t.object(c, n) for n in "ABDP")
    f, g = t.arrow(c, "f", a, d), t.arrow(c, "g", b, d)
    h, k = t.arrow(c, "h", p, a), t.arrow(c, "k", p, b)
    t.assume("pullback", pullback(c, h, k, f, g))
    t.assume("mono", mono(c, f))
    return t.sequent(mono(c, k))


def _two_squares() -> tuple[Theory, tuple[object, ...]]:
    t = Theory()
    c = t.category()
    a, b, d, a2, b2, d2 = (t.object(c, n) for n in ("A", "B", "D", "A'", "B'", "D'"))
    f, g = t.arrow(c, "f", a, b), t.arrow(c, "g", b, d)
    f2, g2 = t.arrow(c, "f'", a2, b2), t.arrow(c, "g'", b2, d2)
    u, v, w = t.arrow(c, "u", a, a2), t.arrow(c, "v", b, b2), t.arrow(c, "w", d, d2)
    return t, (c, f, g, f2, g2, u, v, w)


def pullbacks_paste() -> Sequent:
    t, (c, f, g, f2, g2, u, v, w) = _two_squares()
    t.assume("left", pullback(c, f, u, v, f2))
    t.assume("right", pullback(c, g, v, w, g2))
    return t.sequent(pullback(c, c.composition(f, g), u, w, c.composition(f2, g2)))


def pullbacks_cancel() -> Sequent:
    t, (c, f, g, f2, g2, u, v, w) = _two_squares()
    t.assume("commutes", Equal(c.composition(f, v), c.composition(u, f2)))
    t.assume("right", pullback(c, g, v, w, g2))
    t.assume("whole", pullback(c, c.composition(f, g), u, w, c.composition(f2, g2)))
    return t.sequent(pullback(c, f, u, v, f2))


def functors_preserve_isos() -> Sequent:
    t = Theory()
    c, d = t.category("C"), t.category("D")
    functor = t.functor("F", c, d)
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = t.arrow(c, "f", x, y)
    t.assume("iso", iso(c, f))
    return t.sequent(iso(d, functor.ar(f)))


def fully_faithful_reflects_isos() -> Sequent:
    t = Theory()
    c, d = t.category("C"), t.category("D")
    functor = t.functor("F", c, d)
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = t.arrow(c, "f", x, y)
    t.assume("full", full(functor))
    t.assume("faithful", faithful(functor))
    t.assume("iso", iso(d, functor.ar(f)))
    return t.sequent(iso(c, f))


def fully_faithful_reflects_isomorphic() -> Sequent:
    t = Theory()
    c, d = t.category("C"), t.category("D")
    functor = t.functor("F", c, d)
    x, y = t.object(c, "X"), t.object(c, "Y")
    t.assume("full", full(functor))
    t.assume("faithful", faithful(functor))
    t.assume("iso", isomorphic(d, functor.ob(x), functor.ob(y)))
    return t.sequent(isomorphic(c, x, y))


def faithful_reflects_monos() -> Sequent:
    t = Theory()
    c, d = t.category("C"), t.category("D")
    functor = t.functor("F", c, d)
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = t.arrow(c, "f", x, y)
    t.assume("faithful", faithful(functor))
    t.assume("mono", mono(d, functor.ar(f)))
    return t.sequent(mono(c, f))


def composite_of_full_functors() -> Sequent:
    t = Theory()
    c, d, e = (t.category(n) for n in "CDE")
    first, second = t.functor("F", c, d), t.functor("G", d, e)
    t.assume("F_full", full(first))
    t.assume("G_full", full(second))
    x, y = ob(c, "x"), ob(c, "y")
    g = hom(e, second.ob(first.ob(x)), second.ob(first.ob(y)), "g")
    h = hom(c, x, y, "h")
    return t.sequent(forall(x, y, g, exists(h, Equal(second.ar(first.ar(h)), g))))


def yoneda_determined_by_identity() -> Sequent:
    """A natural transformation phi: y(P) => T is f |-> T(f)(phi(id))."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p = t.object(c, "P")
    x, y = ob(c, "x"), ob(c, "y")
    f = hom(c, x, p)
    phi = t.function("phi", x, f, result=Type(s.elements, (x,)))
    g = hom(c, y, x, "g")
    t.assume("natural", forall(x, y, f, g, Equal(phi(c.composition(g, f)), s.action(g, phi(f)))))
    z = ob(c, "z")
    h = hom(c, z, p, "h")
    return t.sequent(forall(z, h, Equal(phi(h), s.action(h, phi(c.identity(p))))))


def yoneda_is_natural() -> Sequent:
    """f |-> T(f)(u) is natural, and takes the identity to u."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p = t.object(c, "P")
    u = t.element(s, "u", p)
    x, y = ob(c, "x"), ob(c, "y")
    f, g = hom(c, x, p), hom(c, y, x, "g")
    psi = t.function("psi", x, f, result=Type(s.elements, (x,)))
    t.assume("psi", forall(x, f, Equal(psi(f), s.action(f, u))))
    natural = forall(x, y, f, g, Equal(psi(c.composition(g, f)), s.action(g, psi(f))))
    return t.sequent(both(natural, Equal(psi(c.identity(p)), u)))


def solution_is_universal_element() -> Sequent:
    """An isomorphism phi: y(P) => T gives a universal element phi(id)."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p = t.object(c, "P")
    x, y = ob(c, "x"), ob(c, "y")
    f, g = hom(c, x, p), hom(c, y, x, "g")
    e = el(s, x)
    phi = t.function("phi", x, f, result=Type(s.elements, (x,)))
    psi = t.function("psi", x, e, result=Type(c.arrows, (x, p)))
    t.assume("natural", forall(x, y, f, g, Equal(phi(c.composition(g, f)), s.action(g, phi(f)))))
    t.assume("left", forall(x, f, Equal(psi(phi(f)), f)))
    t.assume("right", forall(x, e, Equal(phi(psi(e)), e)))
    return t.sequent(universal(s, phi(c.identity(p))))


def universal_elements_are_isomorphic() -> Sequent:
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p, q = t.object(c, "P"), t.object(c, "Q")
    u, v = t.element(s, "u", p), t.element(s, "v", q)
    t.assume("u_universal", universal(s, u))
    t.assume("v_universal", universal(s, v))
    f, g = hom(c, p, q), hom(c, q, p, "g")
    return t.sequent(exists(f, g, both(inverse(c, f, g), Equal(s.action(f, v), u))))


def universal_elements_are_isomorphic_uniquely() -> Sequent:
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p, q = t.object(c, "P"), t.object(c, "Q")
    u, v = t.element(s, "u", p), t.element(s, "v", q)
    t.assume("u_universal", universal(s, u))
    t.assume("v_universal", universal(s, v))
    f = hom(c, p, q)
    return t.sequent(unique(f, both(iso(c, f), Equal(s.action(f, v), u))))


def universal_element_is_terminal() -> Sequent:
    """(P, u) is universal exactly if it is terminal among the elements of T."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    p = t.object(c, "P")
    u = t.element(s, "u", p)
    x = ob(c, "x")
    e = el(s, x)
    f = hom(c, x, p)
    return t.sequent(Iff(universal(s, u), forall(x, e, unique(f, Equal(s.action(f, u), e)))))


def _adjunction() -> tuple[Theory, FunctorSymbol, FunctorSymbol, tuple[object, ...]]:
    """F ⊣ G by unit and counit."""
    t = Theory()
    c, d = t.category("C"), t.category("D")
    left, right = t.functor("F", c, d), t.functor("G", d, c)
    x, x2 = ob(c, "x"), ob(c, "x'")
    y, y2 = ob(d, "y"), ob(d, "y'")
    unit = t.function("eta", x, result=Type(c.arrows, (x, right.ob(left.ob(x)))))
    counit = t.function("eps", y, result=Type(d.arrows, (left.ob(right.ob(y)), y)))
    f, g = hom(c, x, x2, "f"), hom(d, y, y2, "g")
    t.assume(
        "eta.natural",
        forall(x, x2, f, Equal(c.composition(f, unit(x2)), c.composition(unit(x), right.ar(left.ar(f))))),
    )
    t.assume(
        "eps.natural",
        forall(y, y2, g, Equal(d.composition(left.ar(right.ar(g)), counit(y2)), d.composition(counit(y), g))),
    )
    t.assume("triangle", forall(x, Equal(d.composition(left.ar(unit(x)), counit(left.ob(x))), d.identity(left.ob(x)))))
    t.assume(
        "triangle'", forall(y, Equal(c.composition(unit(right.ob(y)), right.ar(counit(y))), c.identity(right.ob(y))))
    )
    return t, left, right, (c, d, unit, counit)


def right_adjoints_preserve_terminal() -> Sequent:
    t, _, right, (c, d, _, _) = _adjunction()
    y = t.object(d, "Y")
    t.assume("terminal", terminal(d, y))
    return t.sequent(terminal(c, right.ob(y)))


def right_adjoints_preserve_monos() -> Sequent:
    t, _, right, (c, d, _, _) = _adjunction()
    y, z = t.object(d, "Y"), t.object(d, "Z")
    m = t.arrow(d, "m", y, z)
    t.assume("mono", mono(d, m))
    return t.sequent(mono(c, right.ar(m)))


def right_adjoints_preserve_products() -> Sequent:
    t, _, right, (c, d, _, _) = _adjunction()
    a, b, p = (t.object(d, n) for n in "ABP")
    p1, p2 = t.arrow(d, "p", p, a), t.arrow(d, "q", p, b)
    t.assume("product", product(d, p1, p2))
    return t.sequent(product(c, right.ar(p1), right.ar(p2)))


def right_adjoints_preserve_equalizers() -> Sequent:
    t, _, right, (c, d, _, _) = _adjunction()
    a, b, e = (t.object(d, n) for n in "ABE")
    f, g, m = t.arrow(d, "f", a, b), t.arrow(d, "g", a, b), t.arrow(d, "m", e, a)
    t.assume("equalizer", equalizer(d, m, f, g))
    return t.sequent(equalizer(c, right.ar(m), right.ar(f), right.ar(g)))


def right_adjoints_preserve_pullbacks() -> Sequent:
    t, _, right, (c, d, _, _) = _adjunction()
    a, b, e, p = (t.object(d, n) for n in "ABEP")
    f, g = t.arrow(d, "f", a, e), t.arrow(d, "g", b, e)
    h, k = t.arrow(d, "h", p, a), t.arrow(d, "k", p, b)
    t.assume("pullback", pullback(d, h, k, f, g))
    return t.sequent(pullback(c, right.ar(h), right.ar(k), right.ar(f), right.ar(g)))


def adjunct_is_universal() -> Sequent:
    """Each f: X -> G(Y) is eta >> G(g) for exactly one g: F(X) -> Y."""
    t, left, right, (c, d, unit, _) = _adjunction()
    x, y = ob(c), ob(d, "Y")
    f, g = hom(c, x, right.ob(y)), hom(d, left.ob(x), y, "g")
    return t.sequent(forall(x, y, f, unique(g, Equal(c.composition(unit(x), right.ar(g)), f))))


def products_and_terminal_make_pullbacks_products() -> Sequent:
    """A pullback over a terminal object is a product."""
    t = Theory()
    c = t.category()
    a, b, one, p = (t.object(c, n) for n in ("A", "B", "I", "P"))
    f, g = t.arrow(c, "f", a, one), t.arrow(c, "g", b, one)
    h, k = t.arrow(c, "h", p, a), t.arrow(c, "k", p, b)
    t.assume("terminal", terminal(c, one))
    t.assume("pullback", pullback(c, h, k, f, g))
    return t.sequent(product(c, h, k))


def retract_of_idempotent() -> Sequent:
    """A split idempotent is the equaliser of itself and the identity."""
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    r, s = t.arrow(c, "r", x, y), t.arrow(c, "s", y, x)
    t.assume("retract", Equal(c.composition(s, r), c.identity(y)))
    return t.sequent(equalizer(c, s, c.composition(r, s), c.identity(x)))


PROVABLE: tuple[Goal, ...] = (
    monos_compose,
    first_factor_of_mono,
    split_monos_are_mono,
    split_mono_and_epi_is_iso,
    isos_compose,
    inverses_are_unique,
    terminal_objects_are_isomorphic,
    terminal_objects_are_isomorphic_uniquely,
    isomorphic_to_terminal_is_terminal,
    equalizers_are_mono,
    products_are_isomorphic,
    monos_are_stable_under_pullback,
    pullbacks_paste,
    pullbacks_cancel,
    functors_preserve_isos,
    fully_faithful_reflects_isos,
    fully_faithful_reflects_isomorphic,
    faithful_reflects_monos,
    composite_of_full_functors,
    yoneda_determined_by_identity,
    yoneda_is_natural,
    solution_is_universal_element,
    universal_elements_are_isomorphic,
    universal_elements_are_isomorphic_uniquely,
    universal_element_is_terminal,
    right_adjoints_preserve_terminal,
    right_adjoints_preserve_monos,
    right_adjoints_preserve_products,
    right_adjoints_preserve_equalizers,
    right_adjoints_preserve_pullbacks,
    adjunct_is_universal,
    products_and_terminal_make_pullbacks_products,
    retract_of_idempotent,
)


# --- what does not hold ----------------------------------------------------------------------------


def second_factor_of_mono() -> Sequent:
    t = Theory()
    c = t.category()
    x, y, z = (t.object(c, n) for n in "XYZ")
    f, g = t.arrow(c, "f", x, y), t.arrow(c, "g", y, z)
    t.assume("composite_mono", mono(c, c.composition(f, g)))
    return t.sequent(mono(c, g))


def something_exists() -> Sequent:
    """A category may be empty."""
    t = Theory()
    c = t.category()
    return t.sequent(exists(ob(c), both()))


def an_element_exists() -> Sequent:
    """A presheaf may be empty, though the category has an object."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    x = t.object(c, "X")
    return t.sequent(exists(el(s, x), both()))


def an_arrow_exists() -> Sequent:
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    return t.sequent(exists(hom(c, x, y), both()))


def elements_from_arrows() -> Sequent:
    """Where an arrow X -> Y gives an element over X there need be none: there need be no such arrow."""
    t = Theory()
    c = t.category()
    s = t.presheaf(c)
    x, y = t.object(c, "X"), t.object(c, "Y")
    t.function("a", hom(c, x, y), result=Type(s.elements, (x,)))
    return t.sequent(exists(el(s, x), both()))


def partial_choice() -> Sequent:
    """From `A or there is an arrow` there need not be one."""
    t = Theory()
    c = t.category()
    x, y = t.object(c, "X"), t.object(c, "Y")
    f = hom(c, x, y)
    t.assume("maybe", Implies(Not(Equal(x, y)), exists(f, both())))
    return t.sequent(forall(ob(c, "Z"), exists(hom(c, y, x), both())))


UNPROVABLE: tuple[Goal, ...] = (
    second_factor_of_mono,
    something_exists,
    an_element_exists,
    an_arrow_exists,
    elements_from_arrows,
    partial_choice,
)
