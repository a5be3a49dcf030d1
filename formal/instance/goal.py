"""What is refuted, as a claim about the counter-model."""

from __future__ import annotations

from typing import assert_never

from formal.instance.place import Inexpressible
from formal.instance.world import World
from formal.statement.model import Obligation, Purpose
from formal.syntax import ast
from formal.syntax.printer import print_expression


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
            if isinstance(clause, ast.LetClause) and isinstance(clause.value, ast.Description):
                return _unique(world, clause.value)
        case Purpose.COCONE:
            pass
        case _:
            assert_never(obligation.purpose)
    raise Inexpressible(f"what is to be shown, `{obligation.name}`")


def _unique(world: World, value: ast.Description) -> str:
    """There is exactly one of what a description describes."""
    quantified = ast.Quantified(value.span, "exists!", (value.binder,), value.body)
    return world.text(quantified)


def _functoriality(world: World, clause: ast.LetClause) -> str:
    """The laws of a functor, with its rules written out."""
    raise Inexpressible(f"that `{print_expression(clause.name)}` is no functor")
