"""The structure of categories and of set-valued functors, and its laws, in the notation of claims.

Composition is diagrammatic. For f: x -> y a presheaf acts El(y) -> El(x), a copresheaf El(x) -> El(y).

Source: Mac Lane, Categories for the Working Mathematician, I.1 and I.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Named = tuple[str, Any]


def category_symbols(category: str) -> tuple[list[Any], list[Any]]:
    """Identities and composition: [name, parameters, result type] each."""
    x, y, z, f, g = _arrows(category)
    identity = [f"id.{category}", [x], ["Hom", category, "x", "x"]]
    return identity, [f"comp.{category}", [x, y, z, f, g], ["Hom", category, "x", "z"]]


def action_symbol(functor: str, category: str, contravariant: bool) -> list[Any]:
    """The action of arrows on elements: [name, parameters, result type]."""
    x, y, _, f, _ = _arrows(category)
    source, target = ("y", "x") if contravariant else ("x", "y")
    return [f"act.{functor}", [x, y, f, ["t", ["El", functor, source]]], ["El", functor, target]]


def category_laws(category: str) -> Sequence[Named]:
    """Unit laws and associativity: (name, formula) each."""
    x, y, z, f, g = _arrows(category)
    w, h = ["w", ["Ob", category]], ["h", ["Hom", category, "z", "w"]]
    identity, comp = f"id.{category}", f"comp.{category}"
    grouped = [comp, [comp, "f", "g"], "h"], [comp, "f", [comp, "g", "h"]]
    return (
        (f"{category}.left_identity", ["forall", [x, y, f], ["=", [comp, [identity, "x"], "f"], "f"]]),
        (f"{category}.right_identity", ["forall", [x, y, f], ["=", [comp, "f", [identity, "y"]], "f"]]),
        (f"{category}.associativity", ["forall", [x, y, z, w, f, g, h], ["=", *grouped]]),
    )


def action_laws(functor: str, category: str, contravariant: bool) -> Sequence[Named]:
    """Functoriality: (name, formula) each."""
    x, y, z, f, g = _arrows(category)
    act, along = f"act.{functor}", [f"comp.{category}", "f", "g"]
    stepwise = [act, "f", [act, "g", "t"]] if contravariant else [act, "g", [act, "f", "t"]]
    here, start = ["t", ["El", functor, "x"]], ["t", ["El", functor, "z" if contravariant else "x"]]
    still = ["=", [act, [f"id.{category}", "x"], "t"], "t"]
    return (
        (f"{functor}.identity", ["forall", [x, here], still]),
        (f"{functor}.composition", ["forall", [x, y, z, f, g, start], ["=", [act, along, "t"], stepwise]]),
    )


def _arrows(category: str) -> list[list[Any]]:
    """Objects x, y, z and arrows f: x -> y and g: y -> z."""
    objects = [[variable, ["Ob", category]] for variable in "xyz"]
    return [*objects, ["f", ["Hom", category, "x", "y"]], ["g", ["Hom", category, "y", "z"]]]
