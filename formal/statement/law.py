"""The laws of functors and transformations, as formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from formal.logic.formula import Quantifier
from formal.logic.theory import Formula, Not, Quantified, Telescope
from formal.statement.category import ArrowOf, Category
from formal.statement.functor import Functor
from formal.statement.point import (
    FALSE,
    TRUE,
    Case,
    Point,
    conjunction,
    disjunction,
    equal,
    implication,
)
from formal.statement.set_functor import SetFunctor
from formal.statement.transformation import SetTransformation, Transformation


def forall(variables: Telescope, body: Formula) -> Formula:
    """For all; one quantifier where the body begins with another."""
    if not variables or body == TRUE:
        return body
    match body:
        case Quantified(Quantifier.FORALL, more, inner):
            return Quantified(Quantifier.FORALL, (*variables, *more), inner)
        case _:
            return Quantified(Quantifier.FORALL, variables, body)


def exists(variables: Telescope, body: Formula) -> Formula:
    """There are; one quantifier where the body begins with another."""
    if not variables or body == FALSE:
        return body
    match body:
        case Quantified(Quantifier.EXISTS, more, inner):
            return Quantified(Quantifier.EXISTS, (*variables, *more), inner)
        case _:
            return Quantified(Quantifier.EXISTS, variables, body)


def exactly_one(cases: Iterable[tuple[Telescope, Formula]]) -> Formula:
    """Of all the tuples of all the cases, just one makes its formula true."""
    found = list(cases)
    unique = [Quantified(Quantifier.EXISTS_UNIQUE, variables, body) if variables else body for variables, body in found]
    if len(found) == 1:
        return unique[0]
    none = [negation(exists(variables, body)) for variables, body in found]
    return disjunction([conjunction([one, *(n for j, n in enumerate(none) if j != i)]) for i, one in enumerate(unique)])


def negation(body: Formula) -> Formula:
    """Not; computed for truth values."""
    return FALSE if body == TRUE else TRUE if body == FALSE else Not(body)


def over_cases(quantifier: Quantifier, cases: Iterable[Case], body: Callable[[Point], Formula]) -> Formula:
    """A quantifier over the points of some cases; of those that cannot be, nothing is asked."""
    parts = [(case, body(case.point)) for case in cases if case.condition != FALSE]
    match quantifier:
        case Quantifier.FORALL:
            return conjunction([forall(c.variables, implication(c.condition, part)) for c, part in parts])
        case Quantifier.EXISTS:
            return disjunction([exists(c.variables, conjunction([c.condition, part])) for c, part in parts])
        case Quantifier.EXISTS_UNIQUE:
            return exactly_one((c.variables, conjunction([c.condition, part])) for c, part in parts)


def for_all(cases: Iterable[Case], body: Callable[[Point], Formula]) -> Formula:
    """For all points of some cases."""
    return over_cases(Quantifier.FORALL, cases, body)


# --- functors -------------------------------------------------------------------------------------


def is_identity(arrow: ArrowOf) -> bool:
    """Whether an arrow is an identity, letter by letter."""
    return arrow.dom == arrow.cod and arrow.point == arrow.category.identity(arrow.dom)


def same(left: Point, right: Point) -> Formula:
    """Two points are the same; true where they are it letter by letter."""
    return TRUE if left == right else equal(left, right)


def then(category: Category, first: ArrowOf, second: ArrowOf) -> Point:
    """The composite, where an identity of one of the two is left out."""
    return (
        second.point if is_identity(first) else first.point if is_identity(second) else category.compose(first, second)
    )


def preserves_identities(functor: Functor) -> Formula:
    """F(id(X)) = id(F(X)) for all X."""

    def at(x: Point) -> Formula:
        image = functor.on_arrow(functor.dom.identity_arrow(x))
        return same(image.point, functor.cod.identity(functor.on_object(x)))

    return for_all(functor.dom.objects("X"), at)


def preserves_composites(functor: Functor) -> Formula:
    """F(f >> g) = F(f) >> F(g) for all f and g."""
    parts = []
    for case in functor.dom.pairs():
        whole = functor.on_arrow(functor.dom.composite(case.first, case.second))
        steps = then(functor.cod, functor.on_arrow(case.first), functor.on_arrow(case.second))
        parts.append(forall(case.variables, implication(case.condition, same(whole.point, steps))))
    return conjunction(parts)


# --- transformations ------------------------------------------------------------------------------


def is_natural(phi: Transformation) -> Formula:
    """F(f) >> phi(Y) = phi(X) >> G(f) for all f: X -> Y."""
    category = phi.dom.cod
    parts = []
    for case in phi.dom.dom.arrows():
        f = case.arrow
        first = then(category, phi.dom.on_arrow(f), phi.component(f.cod))
        second = then(category, phi.component(f.dom), phi.cod.on_arrow(f))
        parts.append(forall(case.variables, implication(case.condition, same(first, second))))
    return conjunction(parts)


def is_natural_map(phi: SetTransformation) -> Formula:
    """phi(S(f)(s)) = T(f)(phi(s)) for all f and s."""
    parts = []
    for case in phi.dom.category.arrows():
        f = case.arrow
        here, there = phi.dom.source(f), phi.dom.target(f)

        def square(s: Point, f: ArrowOf = f, here: Point = here, there: Point = there) -> Formula:
            return same(phi.apply(there, phi.dom.act(f, s)), phi.cod.act(f, phi.apply(here, s)))

        squares = for_all(phi.dom.fibre(here, "s"), square)
        parts.append(forall(case.variables, implication(case.condition, squares)))
    return conjunction(parts)


def natural(phi: Transformation | SetTransformation) -> Formula:
    """Naturality, of either kind."""
    return is_natural(phi) if isinstance(phi, Transformation) else is_natural_map(phi)


def undoes(phi: Transformation | SetTransformation, psi: Transformation | SetTransformation) -> Formula:
    """First phi, then psi, is the identity."""
    match phi, psi:
        case Transformation(), Transformation():
            category = phi.dom.cod

            def component(x: Point) -> Formula:
                both = category.compose(phi.component(x), psi.component(x))
                return equal(both, category.identity(phi.dom.on_object(x)))

            return for_all(phi.dom.dom.objects("X"), component)
        case SetTransformation(), SetTransformation():
            return over_elements(phi.dom, "s", lambda x, s: equal(psi.apply(x, phi.apply(x, s)), s))
        case _:
            raise AssertionError


def same_transformation(phi: Transformation | SetTransformation, psi: Transformation | SetTransformation) -> Formula:
    """The two agree everywhere."""
    match phi, psi:
        case Transformation(), Transformation():
            objects = phi.dom.dom.objects("X")
            return for_all(objects, lambda x: equal(phi.component(x).point, psi.component(x).point))
        case SetTransformation(), SetTransformation():
            return over_elements(phi.dom, "s", lambda x, s: equal(phi.apply(x, s), psi.apply(x, s)))
        case _:
            raise AssertionError


def over_elements(functor: SetFunctor, name: str, body: Callable[[Point, Point], Formula]) -> Formula:
    """For all X and all elements of T(X)."""
    return for_all(functor.category.objects("X"), lambda x: for_all(functor.fibre(x, name), lambda t: body(x, t)))


def is_bijective(phi: SetTransformation) -> Formula:
    """Every element of T(X) is phi(s) for exactly one s: with naturality, phi is an isomorphism."""

    def at(x: Point, t: Point) -> Formula:
        cases = phi.dom.fibre(x, "s")
        return over_cases(Quantifier.EXISTS_UNIQUE, cases, lambda s: equal(phi.apply(x, s), t))

    return over_elements(phi.cod, "t", at)


def is_componentwise_iso(phi: Transformation) -> Formula:
    """Every component has an inverse."""
    return for_all(phi.dom.dom.objects("X"), lambda x: is_iso(phi.component(x)))


def is_iso(arrow: ArrowOf) -> Formula:
    """There is an inverse."""
    category = arrow.category

    def inverse(g: Point) -> Formula:
        back = ArrowOf(category, arrow.cod, arrow.dom, g)
        return conjunction(list(inverse_laws(arrow, back)))

    return over_cases(Quantifier.EXISTS, category.hom(arrow.cod, arrow.dom, "g"), inverse)


def inverse_laws(arrow: ArrowOf, back: ArrowOf) -> tuple[Formula, Formula]:
    """f >> g = id and g >> f = id."""
    category: Category = arrow.category
    return (
        equal(category.compose(arrow, back), category.identity(arrow.dom)),
        equal(category.compose(back, arrow), category.identity(arrow.cod)),
    )


# --- universal elements ---------------------------------------------------------------------------


def is_universal(functor: SetFunctor, at: Point, element: Point) -> Formula:
    """Every t in T(X) is T(f)(u) for exactly one f: X -> P (for a copresheaf f: P -> X)."""

    def reached(x: Point, t: Point) -> Formula:
        return over_cases(
            Quantifier.EXISTS_UNIQUE, _to(functor, x, at), lambda f: equal(_moved(functor, x, at, f, element), t)
        )

    return over_elements(functor, "t", reached)


def with_elements(functor: SetFunctor, count: int, body: Callable[[list[tuple[Point, Point]]], Formula]) -> Formula:
    """There are ``count`` objects with an element over each for which the body holds."""

    def choose(chosen: list[tuple[Point, Point]]) -> Formula:
        if len(chosen) == count:
            return body(chosen)
        number = str(len(chosen) + 1) if count > 1 else ""
        return over_cases(
            Quantifier.EXISTS,
            functor.category.objects(f"P{number}"),
            lambda p: over_cases(
                Quantifier.EXISTS, functor.fibre(p, f"u{number}"), lambda u: choose([*chosen, (p, u)])
            ),
        )

    return choose([])


def is_sum_of_representables(functor: SetFunctor, count: int) -> Formula:
    """There are elements u_1, …, u_count such that every element is T(f)(u_i) for exactly one i and f."""

    def free(chosen: list[tuple[Point, Point]]) -> Formula:
        return over_elements(
            functor,
            "t",
            lambda x, t: (
                exactly_one(
                    (case.variables, conjunction([case.condition, equal(_moved(functor, x, p, case.point, u), t)]))
                    for p, u in chosen
                    for case in _to(functor, x, p)
                )
                if chosen
                else FALSE
            ),
        )

    return with_elements(functor, count, free)


def is_covered(functor: SetFunctor, count: int) -> Formula:
    """There are elements u_1, …, u_m, m <= count, such that every element is T(f)(u_i) for some i and f."""
    empty = over_elements(functor, "t", lambda x, t: FALSE)
    if count == 0:
        return empty

    def covered(chosen: list[tuple[Point, Point]]) -> Formula:
        return over_elements(
            functor,
            "t",
            lambda x, t: disjunction(
                [
                    over_cases(
                        Quantifier.EXISTS,
                        _to(functor, x, p),
                        lambda f, p=p, u=u: equal(_moved(functor, x, p, f, u), t),  # type: ignore[misc]
                    )
                    for p, u in chosen
                ]
            ),
        )

    return disjunction([empty, with_elements(functor, count, covered)])


def _to(functor: SetFunctor, x: Point, at: Point) -> tuple[Case, ...]:
    """The arrows along which an element over ``at`` comes to lie over ``x``."""
    return functor.category.hom(x, at) if functor.contravariant else functor.category.hom(at, x)


def _moved(functor: SetFunctor, x: Point, at: Point, f: Point, element: Point) -> Point:
    dom, cod = (x, at) if functor.contravariant else (at, x)
    return functor.act(ArrowOf(functor.category, dom, cod, f), element)
