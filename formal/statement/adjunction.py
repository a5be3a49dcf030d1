"""Adjunctions, as formulas: by unit and counit, by a universal unit or counit, by transposes.

Source: Mac Lane, Categories for the Working Mathematician, IV.1, theorem 2.
"""

from __future__ import annotations

from collections.abc import Callable

from formal.logic.formula import Quantifier
from formal.logic.theory import Formula, Term, Variable
from formal.statement.category import ArrowOf, Category, ObjectOf
from formal.statement.functor import Functor
from formal.statement.law import for_all, forall, over_cases
from formal.statement.point import TRUE, NotExpressible, Point, conjunction, equal, implication, match_point, substitute
from formal.statement.transformation import Transformation
from formal.statement.unknown import Law, Symbols
from formal.statement.value import Schema


def triangle_at_left(left: Functor, eta: Transformation, epsilon: Transformation) -> Formula:
    """F(eta(X)) >> epsilon(F(X)) = id(F(X)) for all X."""

    def at(x: Point) -> Formula:
        first = left.on_arrow(eta.component(x))
        second = epsilon.component(left.on_object(x))
        return equal(left.cod.compose(first, second), left.cod.identity(left.on_object(x)))

    return for_all(left.dom.objects("X"), at)


def triangle_at_right(right: Functor, eta: Transformation, epsilon: Transformation) -> Formula:
    """eta(G(Y)) >> G(epsilon(Y)) = id(G(Y)) for all Y."""

    def at(y: Point) -> Formula:
        first = eta.component(right.on_object(y))
        second = right.on_arrow(epsilon.component(y))
        return equal(right.cod.compose(first, second), right.cod.identity(right.on_object(y)))

    return for_all(right.dom.objects("Y"), at)


def unit_is_universal(left: Functor, right: Functor, eta: Transformation) -> Formula:
    """For every h: X -> G(Y) there is exactly one k: F(X) -> Y with eta(X) >> G(k) = h."""
    dom, cod = left.dom, left.cod

    def at(x: Point, y: Point, h: Point) -> Formula:
        def equation(k: Point) -> Formula:
            image = right.on_arrow(ArrowOf(cod, left.on_object(x), y, k))
            return equal(dom.compose(eta.component(x), image), h)

        return over_cases(Quantifier.EXISTS_UNIQUE, cod.hom(left.on_object(x), y, "k"), equation)

    return _over_adjuncts(dom, cod, lambda x, y: (x, right.on_object(y)), dom, at)


def counit_is_universal(left: Functor, right: Functor, epsilon: Transformation) -> Formula:
    """For every h: F(X) -> Y there is exactly one k: X -> G(Y) with F(k) >> epsilon(Y) = h."""
    dom, cod = left.dom, left.cod

    def at(x: Point, y: Point, h: Point) -> Formula:
        def equation(k: Point) -> Formula:
            image = left.on_arrow(ArrowOf(dom, x, right.on_object(y), k))
            return equal(cod.compose(image, epsilon.component(y)), h)

        return over_cases(Quantifier.EXISTS_UNIQUE, dom.hom(x, right.on_object(y), "k"), equation)

    return _over_adjuncts(dom, cod, lambda x, y: (left.on_object(x), y), cod, at)


def _over_adjuncts(
    dom: Category,
    cod: Category,
    ends: Callable[[Point, Point], tuple[Point, Point]],
    where: Category,
    body: Callable[[Point, Point, Point], Formula],
) -> Formula:
    return for_all(
        dom.objects("X"),
        lambda x: for_all(cod.objects("Y"), lambda y: for_all(where.hom(*ends(x, y), "h"), lambda h: body(x, y, h))),
    )


# --- transposes -----------------------------------------------------------------------------------


def transposition(
    there: Symbols, back: Symbols, sharp: str, flat: str, left: Functor, right: Functor
) -> tuple[Schema, Schema, list[Law]]:
    """Bijections between Hom(F(X), Y) and Hom(X, G(Y)), natural in X and in Y.

    The laws, with their whole names: each undoes the other, ``SHARP.inverse`` and ``FLAT.inverse``; and
    ``SHARP.natural_in_domain``, ``SHARP.natural_in_codomain``.
    """
    dom, cod = left.dom, left.cod

    def lower(x: Point, y: Point) -> tuple[Point, Point]:
        return left.on_object(x), y

    def upper(x: Point, y: Point) -> tuple[Point, Point]:
        return x, right.on_object(y)

    up = _transpose(there, sharp, dom, cod, (cod, lower), (dom, upper))
    down = _transpose(back, flat, dom, cod, (dom, upper), (cod, lower))
    laws = [
        (f"{sharp}.inverse", _over_adjuncts(dom, cod, lower, cod, lambda x, y, h: equal(down(x, y, up(x, y, h)), h))),
        (f"{flat}.inverse", _over_adjuncts(dom, cod, upper, dom, lambda x, y, k: equal(up(x, y, down(x, y, k)), k))),
        (f"{sharp}.natural_in_domain", _in_domain(left, right, up)),
        (f"{sharp}.natural_in_codomain", _in_codomain(left, right, up)),
    ]
    return up.schema, down.schema, laws


class _Transpose:
    """A family of maps between sets of arrows, as a symbol."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __call__(self, x: Point, y: Point, h: Point) -> Point:
        found: dict[Variable, Term] = {}
        free = frozenset(self.schema.variables)
        for pattern, point in zip(self.schema.arguments, (x, y, h), strict=True):
            matches = match_point(pattern.point, point, free, found)
            assert matches
        return substitute(self.schema.result.point, found)


_Homs = tuple[Category, Callable[[Point, Point], tuple[Point, Point]]]


def _transpose(symbols: Symbols, name: str, dom: Category, cod: Category, source: _Homs, target: _Homs) -> _Transpose:
    xs, ys = dom.objects("X"), cod.objects("Y")
    if len(xs) != 1 or len(ys) != 1:
        raise NotExpressible("the objects are of several shapes")
    x, y = xs[0], ys[0]
    ends = source[1](x.point, y.point)
    hs = source[0].hom(*ends, "h")
    if len(hs) != 1 or any(case.condition != TRUE for case in (x, y, *hs)):
        raise NotExpressible("the arrows are of several shapes, or subject to a condition")
    h = hs[0]
    variables = (*x.variables, *y.variables, *h.variables)
    values = target[1](x.point, y.point)
    point, condition = symbols.point(name, variables, target[0].hom(*values, name))
    if condition != TRUE:
        raise NotExpressible("the arrows are subject to a condition")
    arguments = (ObjectOf(dom, x.point), ObjectOf(cod, y.point), ArrowOf(source[0], *ends, h.point))
    return _Transpose(Schema(name, variables, arguments, 1, ArrowOf(target[0], *values, point)))


def _in_domain(left: Functor, right: Functor, up: _Transpose) -> Formula:
    """sharp(F(a) >> h) = a >> sharp(h) for a: X' -> X."""
    dom, cod = left.dom, left.cod
    parts = []
    for case in dom.arrows():
        a = case.arrow
        image = left.on_arrow(a)

        def square(y: Point, h: Point, a: ArrowOf = a, image: ArrowOf = image) -> Formula:
            first = up(a.dom, y, cod.compose(image, ArrowOf(cod, image.cod, y, h)))
            second = ArrowOf(dom, a.cod, right.on_object(y), up(a.cod, y, h))
            return equal(first, dom.compose(a, second))

        squares = for_all(
            cod.objects("Y"),
            lambda y, image=image, square=square: for_all(  # type: ignore[misc]
                cod.hom(image.cod, y, "h"), lambda h: square(y, h)
            ),
        )
        parts.append(forall(case.variables, implication(case.condition, squares)))
    return conjunction(parts)


def _in_codomain(left: Functor, right: Functor, up: _Transpose) -> Formula:
    """sharp(h >> b) = sharp(h) >> G(b) for b: Y -> Y'."""
    dom, cod = left.dom, left.cod
    parts = []
    for case in cod.arrows():
        b = case.arrow
        image = right.on_arrow(b)

        def square(x: Point, h: Point, b: ArrowOf = b, image: ArrowOf = image) -> Formula:
            first = up(x, b.cod, cod.compose(ArrowOf(cod, left.on_object(x), b.dom, h), b))
            second = ArrowOf(dom, x, image.dom, up(x, b.dom, h))
            return equal(first, dom.compose(second, image))

        squares = for_all(
            dom.objects("X"),
            lambda x, b=b, square=square: for_all(  # type: ignore[misc]
                cod.hom(left.on_object(x), b.dom, "h"), lambda h: square(x, h)
            ),
        )
        parts.append(forall(case.variables, implication(case.condition, squares)))
    return conjunction(parts)
