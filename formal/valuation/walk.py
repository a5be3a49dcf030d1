"""Expression trees and graphs in the order in which they are evaluated, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node")


def postorder(root: Node, children: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """All nodes reachable from a root, each object once, children before their parents, left to right."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, is_ready = stack.pop()
        if is_ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(tuple(children(node))))
