"""Syntax trees as trees: children, equality and depth, without recursion, for chains of any length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from formal.syntax import ast
from formal.text import Span

T = TypeVar("T")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.type not in ("Span", "Source"))


def parts_of(node: object) -> tuple[Any, ...]:
    """The values of all fields of a node but the places; the items of a tuple; nothing else has parts."""
    if isinstance(node, tuple):
        return node
    if is_dataclass(node) and not isinstance(node, type):
        return tuple(getattr(node, name) for name in _field_names(type(node)))
    return ()


def same_up_to_spans(left: object, right: object) -> bool:
    """Whether two syntax trees, or tuples of them, differ in places at most."""
    pairs: list[tuple[Any, Any]] = [(left, right)]
    while pairs:
        first, second = pairs.pop()
        if type(first) is not type(second):
            return False
        if isinstance(first, tuple) or is_dataclass(first):
            ours, theirs = parts_of(first), parts_of(second)
            if len(ours) != len(theirs):
                return False
            pairs.extend(zip(ours, theirs, strict=True))
        elif first != second:
            return False
    return True


def names_in(root: object) -> frozenset[str]:
    """All names that a syntax tree mentions."""
    names: set[str] = set()
    stack: list[object] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            names.add(node.text)
        stack.extend(parts_of(node))
    return frozenset(names)


def renamed(root: T, names: Mapping[str, ast.Name]) -> T:
    """The tree with some names replaced, quoted ones and words before a colon aside; places stay as they are.

    A quantifier's own variables stay, too: whoever renames sees to it that none has a name that is replaced.
    """
    done: list[Any] = []
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, is_rebuilt = stack.pop()
        if isinstance(node, ast.Name):
            found = None if node.quoted else names.get(node.text)
            done.append(node if found is None else replace(found, span=node.span))
        elif not isinstance(node, tuple) and not is_dataclass(node):
            done.append(node)
        elif not is_rebuilt:
            stack.append((node, True))
            stack += [(part, False) for part in reversed(parts_of(node))]
        else:
            count = len(parts_of(node))
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(tuple(parts) if isinstance(node, tuple) else _rebuilt(node, parts))
    return cast(T, done[0])


def _rebuilt(node: Any, parts: list[Any]) -> Any:
    """A node with new parts, but for what it calls its arguments or variables."""
    kind: type = type(node)
    fields_ = dict(zip(_field_names(kind), parts, strict=True))
    if isinstance(node, ast.Keyword):
        del fields_["name"]
    elif isinstance(node, ast.Membership | ast.Typing):
        del fields_["names"]
    return replace(node, **fields_)


def operands(chain: ast.Connective | ast.Sum | ast.Product) -> list[ast.Expr]:
    """The operands of a left-nested chain of one operation, in order: a, b and c of ``a and b and c``."""
    found: list[ast.Expr] = [chain.right]
    node = chain.left
    while isinstance(node, ast.Connective | ast.Sum | ast.Product) and _repeats(node, chain):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _repeats(node: ast.Expr, chain: ast.Expr) -> bool:
    if isinstance(node, ast.Connective):
        return isinstance(chain, ast.Connective) and node.operator == chain.operator
    return type(node) is type(chain)


def factors_of(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The factors of a composite, however it is bracketed, first to last; of anything else itself."""
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Compose):
            stack += [node.second, node.first]
        else:
            yield node


def _continues(parent: object, child: object) -> bool:
    """Whether a left-nested chain such as ``a >> b >> c`` goes on: then it counts as one level."""
    match parent:
        case ast.Compose():
            left = parent.second if parent.applicative else parent.first
            return child is left and type(child) is ast.Compose and child.applicative == parent.applicative
        case ast.Connective():
            repeats = type(child) is ast.Connective and child.operator == parent.operator
            return repeats and child is parent.left and parent.operator != "implies"
        case ast.Sum() | ast.Difference():
            return child is parent.left and type(child) in (ast.Sum, ast.Difference)
        case ast.Product() | ast.Quotient():
            return child is parent.left and type(child) in (ast.Product, ast.Quotient)
    return False


def levels(root: Any) -> Iterator[tuple[Span, int]]:
    """The span of every node and how many nodes it lies within, a chain of one operator counting as one."""
    stack: list[tuple[Any, int]] = [(root, 0)]
    while stack:
        node, level = stack.pop()
        if not isinstance(node, tuple):
            yield node.span, level
        for part in reversed(parts_of(node)):
            if isinstance(part, tuple):
                stack.append((part, level))
            elif is_dataclass(part):
                stack.append((part, level if _continues(node, part) else level + 1))
