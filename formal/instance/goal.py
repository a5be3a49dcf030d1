"""What is refuted, as a claim about the counter-model."""

from __future__ import annotations

from typing import assert_never

from formal.instance.place import NOWHERE, Inexpressible
from formal.instance.substitute import Values, substitute
from formal.instance.world import World
from formal.statement.model import Obligation, Purpose
from formal.syntax import ast


def goal_text(world: World, clause: ast.Clause, obligation: Obligation) -> str:
    """The goal of an obligation, about the model.

    Args:
        clause: the one that the obligation comes from.
    Raises:
        Inexpressible: claims have no words for it.
    """
    match obligation.purpose:
        case Purpose.SHOW | Purpose.HAVE:
            if isinstance(clause, ast.ShowClause | ast.HaveClause):
                return world.text(clause.formula)
        case Purpose.NATURALITY:
            if isinstance(clause, ast.LetClause):
                return f"natural({clause.name.text})"
        case Purpose.FUNCTORIALITY:
            if isinstance(clause, ast.LetClause):
                return _functoriality(world, clause)
        case Purpose.EXISTENCE:
            match clause:
                case ast.LetClause():
                    return _existence(world, clause)
                case ast.ObtainClause(source=source):
                    return world.text(source)
                case _:
                    pass
        case Purpose.COCONE:
            match clause:
                case ast.ObtainClause(source=ast.Call(arguments=(_, ast.Name() as cone))):
                    return f"natural({world.text(cone)})"
                case _:
                    pass
        case _:
            assert_never(obligation.purpose)
    raise Inexpressible(f"what is to be shown, `{obligation.name}`")


def _existence(world: World, clause: ast.LetClause) -> str:
    """There is exactly one of what is described, for every argument of a rule."""
    match clause:
        case ast.LetClause(value=ast.Description() as described):
            return world.text(_unique(described))
        case ast.LetClause(rules=(ast.Rule(value=ast.Description() as described, variable=name, typing=None),)):
            if clause.kind in ("transformation", "family") and clause.dom is not None:
                route = world.route(world.written(clause.dom))
                if route is not None:
                    over = world.expression(route.dom)
                    every = ast.Membership(name.span, (name,), over)
                    return world.text(ast.Quantified(name.span, "forall", (every,), _unique(described)))
        case _:
            pass
    raise Inexpressible(f"that `{clause.name.text}` exists")


def _unique(value: ast.Description) -> ast.Expr:
    return ast.Quantified(value.span, "exists!", (value.binder,), value.body)


def _functoriality(world: World, clause: ast.LetClause) -> str:
    """The laws of a functor, with its rules written out: it is none, so it cannot be declared."""
    match clause.rules:
        case (ast.Rule(variable=at, typing=None, value=on_object), ast.Rule(typing=typing, value=on_arrow)):
            if typing is None or clause.dom is None or isinstance(on_object, ast.Description):
                raise Inexpressible(f"that `{clause.name.text}` is a functor")
            if isinstance(on_arrow, ast.Description):
                raise Inexpressible(f"that `{clause.name.text}` is a functor")
            return _laws(world, clause.dom, at, on_object, typing, on_arrow)
        case _:
            raise Inexpressible(f"that `{clause.name.text}` is a functor")


def _laws(
    world: World, dom: ast.Expr, at: ast.Name, on_object: ast.Expr, typing: ast.Typing, on_arrow: ast.Expr
) -> str:
    """Identities and composites are preserved."""
    names = world.names.scope()
    x, y, z = (_name(names.object()) for _ in range(3))
    f, g = (_name(names.arrow()) for _ in range(2))

    def image(arrow: ast.Expr, start: ast.Expr, end: ast.Expr) -> ast.Expr:
        put_in = {typing.names[0].text: arrow}
        for side, value in ((typing.dom, start), (typing.cod, end)):
            if isinstance(side, ast.Name):
                put_in[side.text] = value
        return substitute(on_arrow, Values(put_in))

    def identity(of: ast.Expr) -> ast.Expr:
        return ast.Call(NOWHERE, _name("id"), (of,))

    here = substitute(on_object, Values({at.text: x}))
    units = ast.Comparison(NOWHERE, "=", image(identity(x), x, x), identity(here))
    both = ast.Compose(NOWHERE, image(f, x, y), image(g, y, z))
    composites = ast.Comparison(NOWHERE, "=", image(ast.Compose(NOWHERE, f, g), x, z), both)
    objects = ast.Membership(NOWHERE, (x, y, z), dom)
    arrows = (ast.Typing(NOWHERE, "arrow", (f,), x, y), ast.Typing(NOWHERE, "arrow", (g,), y, z))
    first = ast.Quantified(NOWHERE, "forall", (ast.Membership(NOWHERE, (x,), dom),), units)
    second = ast.Quantified(NOWHERE, "forall", (objects, *arrows), composites)
    return world.text(ast.Connective(NOWHERE, "and", first, second))


def _name(text: str) -> ast.Name:
    return ast.Name(NOWHERE, text)
