"""Limits, colimits and Kan extensions, as formulas.

Source: Mac Lane, Categories for the Working Mathematician, III and X.
"""

from __future__ import annotations

from collections.abc import Callable

from formal.logic.formula import Quantifier
from formal.logic.theory import Formula
from formal.statement.category import ArrowOf, Category, Elements
from formal.statement.functor import Constant, Forgetful, Functor, compose
from formal.statement.law import for_all, over_cases, same_transformation
from formal.statement.point import Point, Tuple, equal, implication
from formal.statement.set_functor import Hom, restrict
from formal.statement.show import show_point
from formal.statement.transformation import Components, Transformation
from formal.statement.unknown import quantify, unknown_functor, unknown_transformation


def _as_transformation(value: object) -> Transformation:
    assert isinstance(value, Transformation)
    return value


def factors_through(
    diagram: Functor, vertex: Point, legs: Transformation, cone: Transformation, is_colimit: bool
) -> Callable[[Point], Formula]:
    """For an arrow m between the two vertices: every leg of the cone is the leg of ``legs``, with m.

    i(X) >> m = q(X) for a colimit, m >> p(X) = q(X) for a limit.
    """
    category = diagram.cod
    apex = cone.cod if is_colimit else cone.dom
    assert isinstance(apex, Constant)
    ends = (vertex, apex.value) if is_colimit else (apex.value, vertex)

    def equations(m: Point) -> Formula:
        mediator = ArrowOf(category, *ends, m)

        def leg(x: Point) -> Formula:
            through = (
                category.compose(legs.component(x), mediator)
                if is_colimit
                else category.compose(mediator, legs.component(x))
            )
            return equal(through, cone.component(x).point)

        return for_all(diagram.dom.objects("X"), leg)

    return equations


def is_limiting(diagram: Functor, vertex: Point, legs: Transformation, is_colimit: bool) -> Formula:
    """Every cone (cocone) factors through the legs by exactly one arrow. Second-order, unless the shape is finite."""
    category, index = diagram.cod, diagram.dom

    def to(apex: Point) -> Formula:
        constant = Constant(index, category, apex, show_point(apex))
        ends = (diagram, constant) if is_colimit else (constant, diagram)
        hom = (vertex, apex) if is_colimit else (apex, vertex)

        def unique(cone: object) -> Formula:
            equations = factors_through(diagram, vertex, legs, _as_transformation(cone), is_colimit)
            return over_cases(Quantifier.EXISTS_UNIQUE, category.hom(*hom, "m"), equations)

        return quantify(Quantifier.FORALL, lambda symbols: unknown_transformation(symbols, "q", *ends), _never, unique)

    return for_all(category.objects("Z"), to)


def is_colimit(diagram: Functor, vertex: Point, cocone: Transformation) -> Formula:
    """A cocone is a colimit."""
    return is_limiting(diagram, vertex, cocone, True)


def _never(first: object, second: object) -> Formula:
    raise AssertionError


# --- Kan extensions -------------------------------------------------------------------------------


def mediates(
    along: Functor, unit: Transformation, gamma: Transformation, alpha: Transformation, is_left: bool
) -> Formula:
    """eta(X) >> alpha(K(X)) = gamma(X) for all X; for a right extension alpha(K(X)) >> epsilon(X) = gamma(X)."""
    category = unit.dom.cod

    def at(x: Point) -> Formula:
        step = alpha.component(along.on_object(x))
        pair = (unit.component(x), step) if is_left else (step, unit.component(x))
        return equal(category.compose(*pair), gamma.component(x).point)

    return for_all(along.dom.objects("X"), at)


def is_kan_extension(functor: Functor, along: Functor, of: Functor, unit: Transformation, is_left: bool) -> Formula:
    """The universal property among all functors: second-order."""

    def against(other: object) -> Formula:
        assert isinstance(other, Functor)
        whole = compose(along, other)
        ends = (of, whole) if is_left else (whole, of)

        def unique(gamma: object) -> Formula:
            def holds(alpha: object) -> Formula:
                return mediates(along, unit, _as_transformation(gamma), _as_transformation(alpha), is_left)

            mediator = (functor, other) if is_left else (other, functor)
            return quantify(
                Quantifier.EXISTS_UNIQUE,
                lambda symbols: unknown_transformation(symbols, "alpha", *mediator),
                lambda a, b: same_transformation(_as_transformation(a), _as_transformation(b)),
                holds,
            )

        return quantify(
            Quantifier.FORALL, lambda symbols: unknown_transformation(symbols, "gamma", *ends), _never, unique
        )

    return quantify(
        Quantifier.FORALL,
        lambda symbols: unknown_functor(symbols, "G", along.cod, of.cod),
        _never,
        against,
    )


def comma_diagram(along: Functor, of: Functor, at: Point, is_left: bool) -> Functor:
    """F over the comma category K ↓ E (left) or E ↓ K (right), which is one of elements."""
    hom = restrict(along, Hom(along.cod, at, is_left, show_point(at)))
    return compose(Forgetful(Elements(hom)), of)


def comma_legs(
    functor: Functor, along: Functor, of: Functor, unit: Transformation, at: Point, is_left: bool
) -> tuple[Functor, Components]:
    """The diagram whose (co)limit L(E) should be, and its legs: (X, h: K(X) -> E) |-> eta(X) >> L(h)."""
    diagram = comma_diagram(along, of, at, is_left)
    value = functor.on_object(at)
    category: Category = of.cod
    cases = []
    for case in diagram.dom.objects("X"):
        assert isinstance(case.point, Tuple)
        x, h = case.point.parts
        middle = along.on_object(x)
        ends = (middle, at) if is_left else (at, middle)
        image = functor.on_arrow(ArrowOf(along.cod, *ends, h))
        pair = (unit.component(x), image) if is_left else (image, unit.component(x))
        cases.append((case, category.compose(*pair)))
    constant = Constant(diagram.dom, category, value, show_point(value))
    source, target = (diagram, constant) if is_left else (constant, diagram)
    return diagram, Components("legs", source, target, tuple(cases))


def is_pointwise(functor: Functor, along: Functor, of: Functor, unit: Transformation, is_left: bool) -> Formula:
    """Every L(E) is the colimit of F over K ↓ E; for a right extension the limit over E ↓ K."""

    def at(e: Point) -> Formula:
        diagram, legs = comma_legs(functor, along, of, unit, e, is_left)
        return is_limiting(diagram, functor.on_object(e), legs, is_left)

    return for_all(along.cod.objects("E"), at)


def unique_mediator(
    equations: Callable[[Point], Formula], category: Category, ends: tuple[Point, Point], m: Point
) -> Formula:
    """Every arrow that satisfies the equations is m."""
    return for_all(category.hom(*ends, "n"), lambda n: implication(equations(n), equal(n, m)))
