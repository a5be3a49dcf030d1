"""The constructions of the language in theorems: ``op(C)``, ``elements(T)``, ``y(P)`` and the others."""

from __future__ import annotations

from collections.abc import Callable

from formal.elaborate.constructor import labels
from formal.elaborate.scope import reject
from formal.statement.category import Comma, Elements, Karoubi, ObjectOf, Subcategory, opposite
from formal.statement.expression import Elaborator
from formal.statement.functor import Constant, Forgetful, Functor, Identity, Inclusion, Side, opposite_functor
from formal.statement.set_functor import ConstantSet, Hom, SetFunctor, restrict, turn
from formal.statement.show import show_point
from formal.statement.value import ElementOf, HomOf, Value, describe
from formal.syntax import ast
from formal.text import Code

Constructor = Callable[[Elaborator, ast.Call], Value]
"""Builds a structure from an application such as ``op(C)``."""


def _op(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    match value:
        case Functor():
            return opposite_functor(value)
        case SetFunctor():
            return turn(value)
        case _:
            return opposite(elaborator.category(argument))


def _finite(elaborator: Elaborator, call: ast.Call) -> Value:
    return elaborator.written_out(call)


def _sliced(is_slice: bool) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        base, at = elaborator.arguments(call, 2)
        category = elaborator.category(base)
        point = elaborator.object(at, category).point
        return Elements(Hom(category, point, is_slice, show_point(point)))

    return build


def _arrow_category(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    category = elaborator.category(argument)
    return Comma(Identity(category), Identity(category), f"arrow_category({category.name})")


def _karoubi(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return Karoubi(elaborator.category(argument))


def subcategory(elaborator: Elaborator, call: ast.Call) -> Subcategory:
    """The full subcategory on some objects; finite categories are built as claims build them."""
    if not call.arguments:
        raise reject(Code.WRONG_ARGUMENTS, "a subcategory is one of a category", call.span)
    base, *rest = elaborator.arguments(call, len(call.arguments))
    category = elaborator.category(base)
    chosen = [elaborator.object(argument, category).point for argument in rest]
    return Subcategory(category, tuple(chosen), tuple(show_point(point) for point in chosen))


def _inclusion(elaborator: Elaborator, call: ast.Call) -> Value:
    return Inclusion(subcategory(elaborator, call))


def _elements(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return Elements(elaborator.set_functor(argument))


def _forgetful(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return Forgetful(Elements(elaborator.set_functor(argument)))


def comma(elaborator: Elaborator, call: ast.Call) -> Comma:
    """F ↓ G."""
    first, second = elaborator.arguments(call, 2)
    left, right = elaborator.functor(first), elaborator.functor(second)
    elaborator.require_category(right.cod, left.cod, second)
    return Comma(left, right)


def _side(side: int) -> Constructor:
    return lambda elaborator, call: Side(comma(elaborator, call), side)


def _y(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    at = elaborator.object(argument)
    return Hom(at.category, at.point, True, show_point(at.point))


def _hom(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    match first, second:
        case ast.Placeholder(), ast.Placeholder():
            raise reject(Code.WRONG_ARGUMENTS, "`hom(-, -)` needs an object on one side", call.span)
        case ast.Placeholder(), _:
            at = elaborator.object(second)
            return Hom(at.category, at.point, True, show_point(at.point))
        case _, ast.Placeholder():
            at = elaborator.object(first)
            return Hom(at.category, at.point, False, show_point(at.point))
    dom, cod = elaborator.ends(first, second)
    return HomOf(dom.category, dom.point, cod.point)


def _constant(elaborator: Elaborator, call: ast.Call) -> Value:
    """``constant({a, b}, C)``, a set everywhere, or ``constant(Z, J)``, an object everywhere."""
    first, second = elaborator.arguments(call, 2)
    if isinstance(first, ast.SetLiteral):
        names = tuple(label.text for label in labels(first.elements))
        return ConstantSet(names, elaborator.category(second))
    at = elaborator.object(first)
    return Constant(elaborator.category(second), at.category, at.point, show_point(at.point))


def _empty(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return ConstantSet((), elaborator.category(argument))


def _restrict(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    functor, target = elaborator.functor(first), elaborator.set_functor(second)
    elaborator.require_category(target.category, functor.cod, second)
    return restrict(functor, target)


def _base(elaborator: Elaborator, call: ast.Call) -> Value:
    """The category that T lives on, or that X belongs to."""
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    match value:
        case SetFunctor() | ObjectOf():
            return value.category
        case ElementOf(functor, at, _):
            return ObjectOf(functor.category, at)
        case _:
            raise reject(Code.WRONG_KIND, f"{describe(value)} has no base category", argument.span)


_MAPS = "is of second order: its members are families of values, natural ones"
_PRESHEAVES = "is of second order: its arrows are natural families of values"
_BY_MODEL = "belongs to a model", "declare it in the script, and claim something of it"

UNAVAILABLE = {
    "free": (
        "has paths of any length for arrows, which no formula of first order can list",
        "give the category, and say `assume` what its arrows do",
    ),
    "action": ("is written for one-object categories that are written out", "use `elements(T)`"),
    "presheaves": (_PRESHEAVES, "speak of presheaves on C; by Yoneda an arrow from y(X) to T is an element of T(X)"),
    "yoneda": (_PRESHEAVES, "speak of `y(X)`; by Yoneda an arrow from y(X) to y(Y) is one from X to Y"),
    "maps": ("is of second order: its elements are all maps between two sets", "speak of the elements themselves"),
    "lan": (
        "is a quotient by zigzags of any length, which no formula of first order can describe",
        "between categories: `given left_kan L of F along K with unit eta`; for sets give L and "
        "`transformation eta: T => restrict(K, L)`, and assume what is used of it",
    ),
    "ran": (
        _MAPS,
        "between categories: `given right_kan R of F along K with counit epsilon`; for sets give R and "
        "`transformation epsilon: restrict(K, R) => T`, and assume what is used of it",
    ),
    "extension": (
        "is a quotient by zigzags of any length, which no formula of first order can describe",
        "for F: C -> D say `given colimit L of forgetful(W) >> F with cocone i`",
    ),
    "nat": (
        _MAPS,
        "quantify over them, `forall phi: S => T. …`: models are searched for all, a proof uses what is given or "
        "constructed; by Yoneda `nat(y(X), T)` is `T(X)`",
    ),
    "category_of": _BY_MODEL,
    "task": _BY_MODEL,
}
"""Constructions of claims that theorems do not have: why, and what to write instead."""


def _unavailable(word: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        reason, instead = UNAVAILABLE[word]
        raise elaborator.unavailable(call.span, f"`{word}` {reason}", help=(instead,))

    return build


CONSTRUCTORS: dict[str, Constructor] = {
    "op": _op,
    **dict.fromkeys(("chain", "cyclic", "symmetric", "dihedral", "discrete", "codiscrete"), _finite),
    "slice": _sliced(True),
    "coslice": _sliced(False),
    "arrow_category": _arrow_category,
    "karoubi": _karoubi,
    "subcategory": subcategory,
    "inclusion": _inclusion,
    "elements": _elements,
    "forgetful": _forgetful,
    "comma": comma,
    "left": _side(0),
    "right": _side(1),
    "y": _y,
    "hom": _hom,
    "constant": _constant,
    "empty": _empty,
    "restrict": _restrict,
    "base": _base,
    **{word: _unavailable(word) for word in UNAVAILABLE},
}
"""All constructions by their words."""
