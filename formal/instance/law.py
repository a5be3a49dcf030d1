"""What is given by a universal property: its parts declared, its laws as claims.

The model is finite, so a law about all cones over a diagram is written out leg by leg.

Source: Mac Lane, Categories for the Working Mathematician, III.4, IV.1, X.3, X.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formal.instance.declare import declare_functor, declare_transformation
from formal.instance.name import Names, quoted
from formal.instance.place import NOWHERE, Inexpressible, generator_key
from formal.instance.world import Route, World
from formal.syntax import ast
from formal.syntax.printer import print_expression

Claim = tuple[str, str]
"""A name and a formula."""


def laws(world: World, given: ast.UniversalGiven) -> Iterator[Claim]:
    """Declare the parts of a larger given; yields its laws as named claims.

    Raises:
        Inexpressible: claims have no words for it.
    """
    roles = {role.role.text: role.name.text for role in given.roles}
    match given:
        case ast.UniversalGiven(kind="adjunction", left=left, right=right) if left is not None and right is not None:
            yield from _adjunction(world, left, right, roles)
        case ast.UniversalGiven(kind="limit", names=(name,), of=of) if of is not None:
            yield from _limit(world, name.text, of, roles["cone"], is_limit=True)
        case ast.UniversalGiven(kind="colimit", names=(name,), of=of) if of is not None:
            yield from _limit(world, name.text, of, roles["cocone"], is_limit=False)
        case ast.UniversalGiven(names=(name,), of=of, along=along) if of is not None and along is not None:
            kind = given.kind.removeprefix("pointwise_")
            is_left = kind == "left_kan"
            unit = roles["unit" if is_left else "counit"]
            kan = _declared_extension(world, name, of, along, unit, is_left=is_left)
            yield from _pointwise(kan) if kind != given.kind else [_extension(kan)]
        case _:
            raise Inexpressible(f"the {given.kind.replace('_', ' ')}")


def _route(world: World, expr: ast.Expr) -> Route:
    route = world.route(world.written(expr))
    if route is None:
        raise Inexpressible(f"the functor `{print_expression(expr)}`")
    return route


# --- adjunctions ----------------------------------------------------------------------------------


def _adjunction(world: World, left: ast.Expr, right: ast.Expr, roles: dict[str, str]) -> Iterator[Claim]:
    """F -| G, by what is given of unit and counit; by itself where these are not mentioned."""
    start = _route(world, left)
    c, d = world.expression(start.dom), world.expression(start.cod)
    f, g = world.applied(left), world.applied(right)
    name = f"{_word(left)}_is_left_adjoint"
    unit, counit = roles.get("unit"), roles.get("counit")
    if unit is not None:
        declare_transformation(world, unit, "transformation", _identity(c), ast.Compose(NOWHERE, left, right))
    if counit is not None:
        declare_transformation(world, counit, "transformation", ast.Compose(NOWHERE, right, left), _identity(d))
    names = world.names.scope()
    x, y, h, k = names.object(), names.object(), names.arrow(), names.arrow()
    over_c, over_d = f"{x} in {print_expression(c)}", f"{y} in {print_expression(d)}"
    if unit is not None and counit is not None:
        yield name, f"forall {over_c}. {f}({unit}({x})) >> {counit}({f}({x})) = id({f}({x}))"
        yield name, f"forall {over_d}. {unit}({g}({y})) >> {g}({counit}({y})) = id({g}({y}))"
    elif unit is not None:
        yield (
            name,
            f"forall {over_c}, {over_d}, {h}: {x} -> {g}({y}). exists! {k}: {f}({x}) -> {y}. "
            f"{unit}({x}) >> {g}({k}) = {h}",
        )
    elif counit is not None:
        yield (
            name,
            f"forall {over_c}, {over_d}, {k}: {f}({x}) -> {y}. exists! {h}: {x} -> {g}({y}). "
            f"{f}({h}) >> {counit}({y}) = {k}",
        )
    else:
        yield name, f"adjoint({world.text(left)}, {world.text(right)})"


def _identity(category: ast.Expr) -> ast.Expr:
    return ast.Call(NOWHERE, ast.Name(NOWHERE, "id"), (category,))


def _word(expr: ast.Expr) -> str:
    return expr.text if isinstance(expr, ast.Name) else "the_first"


# --- limits ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Leg:
    """One arrow of a cone: the variable for that of any cone, its foot, and that of the cone in question."""

    variable: str
    foot: str
    arrow: str


def _universal(names: Names, over: str, vertex: str, legs: Sequence[_Leg], premises: Sequence[str], into: bool) -> str:
    """Every cone (arrows into the feet; for cocones out of them) factors in exactly one way."""
    apex, between = names.object(), names.arrow()
    binders = [f"{apex} in {over}"]
    binders += [
        f"{leg.variable}: {apex} -> {leg.foot}" if into else f"{leg.variable}: {leg.foot} -> {apex}" for leg in legs
    ]
    ends = f"{apex} -> {vertex}" if into else f"{vertex} -> {apex}"
    factors = [
        f"{between} >> {leg.arrow} = {leg.variable}" if into else f"{leg.arrow} >> {between} = {leg.variable}"
        for leg in legs
    ]
    unique = f"exists! {between}: {ends}. {' and '.join(factors) or 'true'}"
    premise = f"{' and '.join(premises)} implies " if premises else ""
    return f"forall {', '.join(binders)}. {premise}{unique}"


def _limit(world: World, name: str, of: ast.Expr, cone: str, *, is_limit: bool) -> Iterator[Claim]:
    """A limit or a colimit of a functor, with its cone."""
    diagram = _route(world, of)
    shape = diagram.dom
    vertex = world.text(ast.Name(NOWHERE, name))
    constant = ast.Call(NOWHERE, ast.Name(NOWHERE, "constant"), (ast.Name(NOWHERE, name), world.expression(shape)))
    ends = (constant, of)
    declare_transformation(world, cone, "transformation", *(ends if is_limit else ends[::-1]))
    d = world.applied(of)
    labels = [quoted(label) for label in shape.category.objects]
    names = world.names.scope()
    legs = [_Leg(names.arrow(), f"{d}({j})", f"{cone}({j})") for j in labels]
    premises = []
    for index, generator in enumerate(shape.category.generators):
        first, second = legs[generator.dom].variable, legs[generator.cod].variable
        moved = f"{d}({generator_key(shape.category, index)})"
        premises.append(f"{first} >> {moved} = {second}" if is_limit else f"{moved} >> {second} = {first}")
    over = print_expression(world.expression(diagram.cod))
    kind = "limit" if is_limit else "colimit"
    yield f"{name}_is_{kind}", _universal(names, over, vertex, legs, premises, is_limit)


# --- Kan extensions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kan:
    """An extension of ``of`` along ``along``, all of them functors, with its unit or counit."""

    world: World
    name: str
    of: ast.Expr
    along: ast.Expr
    unit: str
    is_left: bool


def _declared_extension(
    world: World, name: ast.Name, of: ast.Expr, along: ast.Expr, unit: str, *, is_left: bool
) -> _Kan:
    inner, outer = _route(world, along), _route(world, of)
    declare_functor(world, name.text, world.expression(inner.cod), world.expression(outer.cod))
    composite = ast.Compose(NOWHERE, along, name)
    ends = (of, composite) if is_left else (composite, of)
    declare_transformation(world, unit, "transformation", *ends)
    return _Kan(world, name.text, of, along, unit, is_left)


def _extension(kan: _Kan) -> Claim:
    """Initial (terminal) among all functors with a transformation from (to) F."""
    world = kan.world
    inner, outer = _route(world, kan.along), _route(world, kan.of)
    c, e, d = (print_expression(world.expression(p)) for p in (inner.dom, inner.cod, outer.cod))
    names = world.names.scope()
    other, gamma, alpha = names.like("G"), names.like("gamma"), names.like("alpha")
    x, k, f = names.object(), world.text(kan.along), world.text(kan.of)
    at = f"{world.applied(kan.along)}({x})"
    if kan.is_left:
        given, sought = f"{gamma}: {f} => {k} >> {other}", f"{alpha}: {kan.name} => {other}"
        triangle = f"{kan.unit}({x}) >> {alpha}({at}) = {gamma}({x})"
    else:
        given, sought = f"{gamma}: {k} >> {other} => {f}", f"{alpha}: {other} => {kan.name}"
        triangle = f"{alpha}({at}) >> {kan.unit}({x}) = {gamma}({x})"
    formula = f"forall functor {other}: {e} -> {d}. forall {given}. exists! {sought}. forall {x} in {c}. {triangle}"
    return f"{kan.name}_is_{'left' if kan.is_left else 'right'}_kan", formula


def _pointwise(kan: _Kan) -> Iterator[Claim]:
    """At every object e the colimit of F over the arrows K(c) -> e, or the limit over the arrows e -> K(c)."""
    world = kan.world
    inner, outer = _route(world, kan.along), _route(world, kan.of)
    source, target = inner.dom.category, inner.cod.category
    k, f = inner.functor, world.applied(kan.of)
    for e, label in enumerate(target.objects):
        shape = [
            (c, h)
            for c, image in enumerate(k.objects)
            for h in (target.hom(image, e) if kan.is_left else target.hom(e, image))
        ]
        names = world.names.scope()
        legs = {}
        for c, h in shape:
            at, moved = quoted(source.objects[c]), f"{kan.name}({print_expression(inner.cod.arrow(h))})"
            unit = f"{kan.unit}({at})"
            arrow = f"{unit} >> {moved}" if kan.is_left else f"{moved} >> {unit}"
            legs[c, h] = _Leg(names.arrow(), f"{f}({at})", arrow)
        premises = []
        for g, generator in enumerate(source.generators):
            moved = f"{f}({generator_key(source, g)})"
            image = k.generators[g]
            for c, h in shape:
                if kan.is_left and c == generator.cod:
                    first, second = legs[generator.dom, target.compose(image, h)], legs[c, h]
                    premises.append(f"{moved} >> {second.variable} = {first.variable}")
                elif not kan.is_left and c == generator.dom:
                    first, second = legs[c, h], legs[generator.cod, target.compose(h, image)]
                    premises.append(f"{first.variable} >> {moved} = {second.variable}")
        over = print_expression(world.expression(outer.cod))
        vertex = f"{kan.name}({quoted(label)})"
        formula = _universal(names, over, vertex, list(legs.values()), premises, not kan.is_left)
        yield f"{kan.name}_is_{'colimit' if kan.is_left else 'limit'}_{e + 1}", formula
