"""Graphs as self-contained SVG pictures that can be read on light and on dark pages.

Graphs without directed cycles stand in layers from left to right, others on a circle. Arrows between the same two
nodes are bent apart, loops stand outside. Nothing is loaded, no script is run.

Source: W3C, Scalable Vector Graphics 2; CSS Media Queries 5 (prefers-color-scheme).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from formal.draw.diagram import Diagram, Edge
from formal.draw.layout import is_acyclic, layers
from formal.text.escape import html, visible, width

_FONT = 15
_CHARACTER = 8.1
_SMALL = 13
_SMALL_CHARACTER = 7.1
_ROW = 64.0
_GAP = 56.0
_MARGIN = 24.0
_LINE = 20.0
_NODE_HEIGHT = 26.0
_BEND = 34.0
_LOOP = 46.0

_STYLE = """
    svg { color-scheme: light dark; background: #ffffff }
    .paper { fill: #ffffff }
    text { font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1c2330 }
    .title { font-size: 14px; font-weight: 600 }
    .object { font-size: 15px }
    .label { font-size: 13px; fill: #2456a6 }
    .caption { font-size: 13px; fill: #5b6472 }
    .edge { fill: none; stroke: #5b6472; stroke-width: 1.4 }
    .head { fill: #5b6472 }
    @media (prefers-color-scheme: dark) {
      svg { background: #12161d }
      .paper { fill: #12161d }
      text { fill: #e6e9ef }
      .label { fill: #8ab4ff }
      .caption { fill: #a0a8b5 }
      .edge { stroke: #a0a8b5 }
      .head { fill: #a0a8b5 }
    }"""


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float

    def __add__(self, other: _Point) -> _Point:
        return _Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other: _Point) -> _Point:
        return _Point(self.x - other.x, self.y - other.y)

    def scaled(self, factor: float) -> _Point:
        return _Point(self.x * factor, self.y * factor)

    @property
    def length(self) -> float:
        return math.hypot(self.x, self.y)

    def unit(self) -> _Point:
        return self.scaled(1 / self.length) if self.length else _Point(1.0, 0.0)

    def normal(self) -> _Point:
        """The unit vector to the left of this direction, as one looks along it on the screen."""
        unit = self.unit()
        return _Point(unit.y, -unit.x)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A path through points, drawn smoothly, with its label at a point."""

    points: tuple[_Point, ...]
    label: str
    at: _Point
    control: tuple[_Point, ...] = ()


def svg(diagram: Diagram) -> str:
    """The graph as an SVG document."""
    centres = _layered(diagram) if is_acyclic(diagram) else _circle(diagram)
    curves = list(_curves(diagram, centres))
    return _document(diagram, centres.nodes, curves)


@dataclass(frozen=True, slots=True)
class _Places:
    """Centres of nodes; for each edge the points that it bends at; whether loops point away from a centre."""

    nodes: tuple[_Point, ...]
    bends: tuple[tuple[_Point, ...], ...]
    middle: _Point | None


def _node_width(label: str) -> float:
    return width(visible(label)) * _CHARACTER + 16


def _layered(diagram: Diagram) -> _Places:
    """Layers as columns; between two columns there is room for the labels of the edges."""
    layered = layers(diagram)
    count = max(layered.layer, default=-1) + 1
    columns = [0.0] * count
    for label, layer in zip(diagram.nodes, layered.layer, strict=True):
        columns[layer] = max(columns[layer], _node_width(label))
    gaps = [_GAP] * count
    for edge in diagram.edges:
        first, last = sorted((layered.layer[edge.tail], layered.layer[edge.head]))
        room = width(visible(edge.label)) * _SMALL_CHARACTER + 44 if edge.label else 0.0
        for layer in range(first, last):
            gaps[layer] = max(gaps[layer], room / (last - first))
    xs: list[float] = []
    x = 0.0
    for layer in range(count):
        xs.append(x + columns[layer] / 2)
        x += columns[layer] + gaps[layer]
    step = _ROW
    nodes = tuple(_Point(xs[layer], place * step) for layer, place in zip(layered.layer, layered.place, strict=True))
    bends = []
    for edge, places in zip(diagram.edges, layered.bends, strict=True):
        start = layered.layer[edge.tail]
        direction = 1 if layered.layer[edge.head] > start else -1
        bends.append(
            tuple(_Point(xs[start + direction * number], place * step) for number, place in enumerate(places, 1))
        )
    return _Places(nodes, tuple(bends), None)


def _circle(diagram: Diagram) -> _Places:
    """Nodes on a circle, clockwise from the left, wide enough for labels between neighbours."""
    count = len(diagram.nodes)
    edges = max((width(visible(edge.label)) * _SMALL_CHARACTER for edge in diagram.edges), default=0.0)
    room = max((_node_width(label) for label in diagram.nodes), default=0.0) + min(edges, 160.0) + 40
    radius = 0.0 if count < 2 else max(room / 2, room / (2 * math.sin(math.pi / count))) if count > 2 else room / 2
    nodes = tuple(
        _Point(-radius * math.cos(2 * math.pi * k / count), -radius * math.sin(2 * math.pi * k / count))
        for k in range(count)
    )
    return _Places(nodes, ((),) * len(diagram.edges), _Point(0.0, 0.0))


# --- edges ----------------------------------------------------------------------------------------


def _curves(diagram: Diagram, places: _Places) -> Iterator[_Curve]:
    total = Counter(frozenset((edge.tail, edge.head)) for edge in diagram.edges)
    seen: Counter[frozenset[int]] = Counter()
    for edge, bends in zip(diagram.edges, places.bends, strict=True):
        ends = frozenset((edge.tail, edge.head))
        number = seen[ends]
        seen[ends] += 1
        if edge.tail == edge.head:
            yield _loop(edge, number, diagram, places)
            continue
        # Offsets …, -1, 0, 1, … in units of the bend, measured from the lower-numbered node for both directions.
        offset = (number - (total[ends] - 1) / 2) * _BEND
        yield _path(edge, bends, offset if edge.tail < edge.head else -offset, diagram, places)


def _loop(edge: Edge, number: int, diagram: Diagram, places: _Places) -> _Curve:
    """A loop above or below its node, on a circle on the outer side; further ones on larger loops."""
    node = places.nodes[edge.tail]
    outwards, ring = _Point(0.0, -1.0 if number % 2 == 0 else 1.0), number // 2
    if places.middle is not None and (node - places.middle).length:
        outwards, ring = (node - places.middle).unit(), number
    reach = _LOOP + 26 * ring
    sideways = outwards.normal()
    half = _node_width(diagram.nodes[edge.tail]) / 2
    start, end = (
        node + _on_border(outwards.scaled(_NODE_HEIGHT) + sideways.scaled(side * 12), half) for side in (-1, 1)
    )
    control = tuple(
        foot + outwards.scaled(reach) + sideways.scaled(side * (16 + 8 * ring))
        for foot, side in ((start, -1), (end, 1))
    )
    top = (start + end).scaled(0.5) + outwards.scaled(reach * 0.75)
    return _Curve((start, end), edge.label, top, control)


def _on_border(direction: _Point, half: float) -> _Point:
    """Where a ray from the centre of a node leaves its box."""
    unit = direction.unit()
    across = half / abs(unit.x) if unit.x else math.inf
    down = _NODE_HEIGHT / 2 / abs(unit.y) if unit.y else math.inf
    return unit.scaled(min(across, down))


def _path(edge: Edge, bends: Sequence[_Point], offset: float, diagram: Diagram, places: _Places) -> _Curve:
    tail, head = places.nodes[edge.tail], places.nodes[edge.head]
    normal = (head - tail).normal()
    middles = [bend + normal.scaled(offset) for bend in bends]
    if not middles and offset:
        middles = [(tail + head).scaled(0.5) + normal.scaled(offset)]
    first = middles[0] if middles else head
    last = middles[-1] if middles else tail
    start = tail + _on_border(first - tail, _node_width(diagram.nodes[edge.tail]) / 2)
    end = head + _on_border(last - head, _node_width(diagram.nodes[edge.head]) / 2)
    points = (start, *middles, end)
    return _Curve(points, edge.label, _halfway(points))


def _halfway(points: Sequence[_Point]) -> _Point:
    """The point half way along a path."""
    lengths = [(b - a).length for a, b in pairwise(points)]
    rest = sum(lengths) / 2
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if rest <= length and length:
            return a + (b - a).scaled(rest / length)
        rest -= length
    return points[0]


# --- the document ---------------------------------------------------------------------------------


def _document(diagram: Diagram, nodes: Sequence[_Point], curves: Sequence[_Curve]) -> str:
    boxes = [
        (p.x, p.y, _node_width(label) / 2, _NODE_HEIGHT / 2) for p, label in zip(nodes, diagram.nodes, strict=True)
    ]
    for curve in curves:
        boxes.append((curve.at.x, curve.at.y, width(visible(curve.label)) * _SMALL_CHARACTER / 2 + 4, 10))
        boxes += [(p.x, p.y, 2, 2) for p in (*curve.points, *curve.control)]
    left = min((x - w for x, _, w, _ in boxes), default=0.0)
    right = max((x + w for x, _, w, _ in boxes), default=0.0)
    top = min((y - h for _, y, _, h in boxes), default=0.0)
    bottom = max((y + h for _, y, _, h in boxes), default=0.0)
    lines = [width(visible(line)) * _SMALL_CHARACTER for line in (diagram.title, *diagram.captions)]
    wide = max([right - left, *(line * 1.15 for line in lines)]) + 2 * _MARGIN
    head = _MARGIN + 30
    tall = head + (bottom - top) + (_LINE * len(diagram.captions) + 14 if diagram.captions else 0) + _MARGIN
    shift = _Point((wide - (right - left)) / 2 - left, head - top)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(wide)} {_n(tall)}" '
        f'width="{_n(wide)}" height="{_n(tall)}" role="img">',
        f"  <title>{html(diagram.title)}</title>",
        f"  <style>{_STYLE}\n  </style>",
        f'  <rect class="paper" width="{_n(wide)}" height="{_n(tall)}"/>',
        f'  <text class="title" x="{_n(_MARGIN)}" y="{_n(_MARGIN + 4)}">{html(diagram.title)}</text>',
        *_edges(curves, shift),
        *(
            f'  <text class="object" x="{_n(p.x + shift.x)}" y="{_n(p.y + shift.y + 5)}" text-anchor="middle">'
            f"{html(label)}</text>"
            for p, label in zip(nodes, diagram.nodes, strict=True)
        ),
        *(
            f'  <text class="caption" x="{_n(_MARGIN)}" y="{_n(head + bottom - top + 26 + _LINE * index)}">'
            f"{html(caption)}</text>"
            for index, caption in enumerate(diagram.captions)
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _edges(curves: Iterable[_Curve], shift: _Point) -> Iterator[str]:
    """All lines first, so that no label is crossed by one."""
    shifted = [
        _Curve(
            tuple(p + shift for p in curve.points),
            curve.label,
            curve.at + shift,
            tuple(p + shift for p in curve.control),
        )
        for curve in curves
    ]
    for curve in shifted:
        path, direction = _smooth(curve)
        tip = curve.points[-1]
        yield f'  <path class="edge" d="{path}"/>'
        yield f'  <path class="head" d="{_arrow_head(tip, direction)}"/>'
    labelled = [curve for curve in shifted if curve.label]
    for curve in labelled:
        wide = width(visible(curve.label)) * _SMALL_CHARACTER + 6
        corner = f'x="{_n(curve.at.x - wide / 2)}" y="{_n(curve.at.y - 9)}"'
        yield f'  <rect class="paper" {corner} width="{_n(wide)}" height="18" rx="4"/>'
    for curve in labelled:
        x, y = _n(curve.at.x), _n(curve.at.y + 4)
        yield f'  <text class="label" x="{x}" y="{y}" text-anchor="middle">{html(curve.label)}</text>'


def _smooth(curve: _Curve) -> tuple[str, _Point]:
    """Path data for a curve, and the direction in which it ends: a Catmull–Rom spline as Bézier curves."""
    points = curve.points
    start = f"M{_at(points[0])}"
    if curve.control:
        first, second = curve.control
        return f"{start} C{_at(first)} {_at(second)} {_at(points[-1])}", points[-1] - second
    if len(points) == 2:
        return f"{start} L{_at(points[1])}", points[1] - points[0]
    padded = (points[0], *points, points[-1])
    pieces = [start]
    direction = points[-1] - points[-2]
    for before, a, b, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first, second = a + (b - before).scaled(1 / 6), b - (after - a).scaled(1 / 6)
        pieces.append(f"C{_at(first)} {_at(second)} {_at(b)}")
        direction = b - second
    return " ".join(pieces), direction


def _arrow_head(tip: _Point, direction: _Point) -> str:
    along, across = direction.unit(), direction.normal()
    back = tip - along.scaled(9)
    left, right, notch = back + across.scaled(4), back - across.scaled(4), tip - along.scaled(6.5)
    return f"M{_at(tip)} L{_at(left)} L{_at(notch)} L{_at(right)} Z"


def _at(point: _Point) -> str:
    return f"{_n(point.x)},{_n(point.y)}"


def _n(value: float) -> str:
    """A number with at most one decimal, so that pictures do not change with the machine's last bits."""
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace("-0", "0") if text in ("-0.0", "0.0") else text.removesuffix(".0")
