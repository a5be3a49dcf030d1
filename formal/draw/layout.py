"""Where the nodes of a graph go: in layers, so that edges point one way, or on a circle.

Layers by longest paths, then a few sweeps that put each node near the mean of its neighbours; edges over several
layers pass through a place of their own in each.

Source: Sugiyama, Tagawa, Toda 1981, Methods for visual understanding of hierarchical system structures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formal.draw.diagram import Diagram, Edge

_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Layered:
    """Nodes in layers.

    Args:
        layer: for each node its layer, from 0.
        place: for each node where it is in its layer: a number, different for different nodes of a layer.
        bends: for each edge the places that it passes through in the layers between its ends.
        heights: for each layer the number of places in it.
    """

    layer: tuple[int, ...]
    place: tuple[float, ...]
    bends: tuple[tuple[float, ...], ...]
    heights: tuple[int, ...]


def is_acyclic(diagram: Diagram) -> bool:
    """Whether there are no directed cycles, loops apart."""
    return len(_order(len(diagram.nodes), _proper(diagram.edges))) == len(diagram.nodes)


def _proper(edges: Sequence[Edge]) -> list[tuple[int, int]]:
    return [(edge.tail, edge.head) for edge in edges if edge.tail != edge.head]


def _order(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """The nodes, each after all that lead to it; without those on cycles, and behind them."""
    after: list[list[int]] = [[] for _ in range(count)]
    missing = [0] * count
    for tail, head in edges:
        after[tail].append(head)
        missing[head] += 1
    order = [node for node in range(count) if not missing[node]]
    for node in order:
        for head in after[node]:
            missing[head] -= 1
            if not missing[head]:
                order.append(head)
    return order


def _without_cycles(count: int, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The edges, those turned round that would close a cycle in a depth-first walk."""
    after: list[list[int]] = [[] for _ in range(count)]
    for index, (tail, _) in enumerate(edges):
        after[tail].append(index)
    state = [0] * count
    kept = list(edges)
    for start in range(count):
        if state[start]:
            continue
        state[start] = 1
        stack = [(start, iter(after[start]))]
        while stack:
            node, rest = stack[-1]
            index = next(rest, -1)
            if index < 0:
                state[node] = 2
                stack.pop()
                continue
            head = edges[index][1]
            if state[head] == 1:
                kept[index] = (head, node)
            elif not state[head]:
                state[head] = 1
                stack.append((head, iter(after[head])))
    return kept


def layers(diagram: Diagram) -> Layered:
    """Put a graph into layers; edges on cycles may point backwards, loops are left aside."""
    count = len(diagram.nodes)
    proper = [index for index, edge in enumerate(diagram.edges) if edge.tail != edge.head]
    forward = _without_cycles(count, [(diagram.edges[i].tail, diagram.edges[i].head) for i in proper])
    layer = _longest_paths(count, forward)
    # Every edge over several layers becomes a path of edges over one, through nodes of its own.
    levels = list(layer)
    links: list[tuple[int, int]] = []
    through: dict[int, list[int]] = {index: [] for index in range(len(diagram.edges))}
    for index, (tail, head) in zip(proper, forward, strict=True):
        previous = tail
        for level in range(layer[tail] + 1, layer[head]):
            levels.append(level)
            through[index].append(len(levels) - 1)
            links.append((previous, len(levels) - 1))
            previous = len(levels) - 1
        links.append((previous, head))
        if diagram.edges[index].tail != tail:
            through[index].reverse()
    place, heights = _places(levels, links)
    bends = tuple(tuple(place[node] for node in through[index]) for index in range(len(diagram.edges)))
    return Layered(tuple(layer), tuple(place[:count]), bends, heights)


def _longest_paths(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """For each node the number of edges of the longest path to it; then sources are moved next to what they lead to."""
    layer = [0] * count
    after: list[list[int]] = [[] for _ in range(count)]
    before = [0] * count
    for tail, head in edges:
        after[tail].append(head)
        before[head] += 1
    for node in _order(count, edges):
        for head in after[node]:
            layer[head] = max(layer[head], layer[node] + 1)
    for node in range(count):
        if not before[node] and after[node]:
            layer[node] = min(layer[head] for head in after[node]) - 1
    return layer


def _places(levels: list[int], links: list[tuple[int, int]]) -> tuple[list[float], tuple[int, ...]]:
    rows: list[list[int]] = [[] for _ in range(max(levels, default=-1) + 1)]
    for node, level in enumerate(levels):
        rows[level].append(node)
    before: list[list[int]] = [[] for _ in levels]
    after: list[list[int]] = [[] for _ in levels]
    for tail, head in links:
        after[tail].append(head)
        before[head].append(tail)
    place = [0.0] * len(levels)
    for row in rows:
        _spread(row, place)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = before if downwards else after
        for row in rows if downwards else rows[::-1]:
            mean = {
                node: sum(place[other] for other in neighbours[node]) / len(neighbours[node])
                if neighbours[node]
                else place[node]
                for node in row
            }
            row.sort(key=lambda node: (mean[node], node))
            _spread(row, place)
    return place, tuple(len(row) for row in rows)


def _spread(row: list[int], place: list[float]) -> None:
    """Give the nodes of a layer places one apart, around 0."""
    for index, node in enumerate(row):
        place[node] = index - (len(row) - 1) / 2


def grid(diagram: Diagram) -> tuple[tuple[int, int], ...]:
    """For each node a column and a row, both from 0, all pairs different.

    Layers are columns; rows are half as far apart where layers have different parities, so that squares look square.
    """
    if not diagram.nodes:
        return ()
    layered = layers(diagram)
    lowest = min(layered.place)
    rows = [round((place - lowest) * 2) for place in layered.place]
    if all(row % 2 == 0 for row in rows):
        rows = [row // 2 for row in rows]
    return tuple(zip(layered.layer, rows, strict=True))
