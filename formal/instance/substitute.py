"""Substitution of expressions for names in a formula of the author's, without capture.

A variable that a quantifier binds is no occurrence of a name outside; it is renamed where an expression that is put
in would be captured by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import assert_never

from formal.syntax import ast
from formal.syntax.tree import names_in
from formal.text import Source, Span


@dataclass(frozen=True, slots=True)
class Values:
    """What is put in.

    Args:
        names: what stands for a name; names that are missing stay as they are. What it mentions must not be bound
            where it stands; bound variables make way.
        inverses: what stands for the inverse ``phi^-1`` of something with a name.
        placed: for the label of an element an expression that tells what it is an element of; it is needed where
            two labels are compared.
    """

    names: Mapping[str, ast.Expr]
    inverses: Mapping[str, ast.Expr] = field(default_factory=dict)
    placed: Mapping[str, ast.Expr] = field(default_factory=dict)


_SHAPED = frozenset({"has", "preserves"})


def inverted(root: object) -> frozenset[str]:
    """The names whose inverse ``phi^-1`` occurs in a syntax tree."""
    found: set[str] = set()
    stack: list[object] = [root]
    while stack:
        match stack.pop():
            case ast.Power(base=ast.Name(text=name), exponent=-1):
                found.add(name)
            case tuple() as items:
                stack += items
            case Source() | Span():
                pass
            case node if is_dataclass(node):
                stack += [getattr(node, part.name) for part in fields(node)]
    return frozenset(found)


def substitute(expr: ast.Expr, values: Values) -> ast.Expr:
    """An expression with values for names."""
    match expr:
        case ast.Name(text=text, quoted=False):
            return values.names.get(text, expr)
        case ast.Quantified():
            return _quantified(expr, values)
        case ast.Call():
            return _call(expr, values)
        case ast.Compose() | ast.Sum() | ast.Product() | ast.Connective() | ast.Comparison():
            return _chain(expr, values)
        case ast.Power(base=ast.Name(text=name), exponent=-1) if name in values.inverses:
            return values.inverses[name]
        case ast.Power(base=base):
            return replace(expr, base=substitute(base, values))
        case ast.TheArrow(dom=dom, cod=cod):
            return replace(expr, dom=substitute(dom, values), cod=substitute(cod, values))
        case ast.Not(body=body):
            return replace(expr, body=substitute(body, values))
        case ast.Qualified(scope=scope):
            owner = values.names.get(scope.text, scope)
            return replace(expr, scope=owner) if isinstance(owner, ast.Name) else expr
        case (
            ast.Name()
            | ast.Placeholder()
            | ast.Decimal()
            | ast.SetLiteral()
            | ast.MapLiteral()
            | ast.Poset()
            | ast.Monoid()
            | ast.Difference()
            | ast.Quotient()
            | ast.Negative()
            | ast.Interval()
        ):
            return expr
        case _:
            assert_never(expr)


_Binary = ast.Compose | ast.Sum | ast.Product | ast.Connective | ast.Comparison


def _sides(expr: _Binary) -> tuple[ast.Expr, ast.Expr]:
    return (expr.first, expr.second) if isinstance(expr, ast.Compose) else (expr.left, expr.right)


def _with_sides(expr: _Binary, left: ast.Expr, right: ast.Expr) -> _Binary:
    if isinstance(expr, ast.Compose):
        return replace(expr, first=left, second=right)
    return replace(expr, left=left, right=right)


def _chain(expr: _Binary, values: Values) -> ast.Expr:
    """A chain such as ``f >> g >> h``, however long: the one side along which it grows is followed in a loop."""
    grows_right = isinstance(expr, ast.Compose) and expr.applicative
    links: list[_Binary] = []
    node: ast.Expr = expr
    while isinstance(node, _Binary):
        links.append(node)
        node = _sides(node)[1 if grows_right else 0]
    result = substitute(node, values)
    for link in reversed(links):
        other = substitute(_sides(link)[0 if grows_right else 1], values)
        if isinstance(link, ast.Comparison) and {_label(result), _label(other)} <= values.placed.keys():
            result = values.placed[_label(result)]
        result = _with_sides(link, other, result) if grows_right else _with_sides(link, result, other)
    return result


def _label(expr: ast.Expr) -> str:
    return expr.text if isinstance(expr, ast.Name) else ""


def _call(expr: ast.Call, values: Values) -> ast.Expr:
    function = substitute(expr.function, values)
    arguments = expr.arguments
    shaped = isinstance(expr.function, ast.Name) and expr.function.text in _SHAPED
    kept = arguments[1:] if shaped else ()
    first = arguments[: len(arguments) - len(kept)]
    keywords = tuple(replace(keyword, value=substitute(keyword.value, values)) for keyword in expr.keywords)
    return replace(
        expr, function=function, arguments=(*(substitute(a, values) for a in first), *kept), keywords=keywords
    )


def _quantified(expr: ast.Quantified, values: Values) -> ast.Expr:
    """The binders in order: each range is outside of its own variables and inside those before it."""
    current = dict(values.names)
    binders: list[ast.Binder] = []
    rest = names_in((expr.binders, expr.body))
    for binder in expr.binders:
        ranged = _ranges(binder, replace(values, names=current))
        names: list[ast.Name] = []
        for name in binder.names:
            current.pop(name.text, None)
            put_in = names_in(tuple(value for key, value in current.items() if key in rest))
            fresh = name
            if name.text in put_in:
                fresh = replace(name, text=_primed(name.text, put_in | rest))
                current[name.text] = fresh
            names.append(fresh)
        binders.append(replace(ranged, names=tuple(names)))
    return replace(expr, binders=tuple(binders), body=substitute(expr.body, replace(values, names=current)))


def _ranges(binder: ast.Binder, values: Values) -> ast.Binder:
    match binder:
        case ast.Membership():
            return replace(binder, range=substitute(binder.range, values))
        case ast.Typing():
            return replace(binder, dom=substitute(binder.dom, values), cod=substitute(binder.cod, values))
        case _:
            assert_never(binder)


def _primed(name: str, taken: Iterable[str]) -> str:
    avoided = set(taken)
    while name in avoided:
        name += "'"
    return name
