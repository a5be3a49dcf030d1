"""Directed graphs with labels: what every picture is drawn from.

A category is drawn by its objects and generating arrows, with the equations as a caption; a functor as its domain,
each thing with its image; a set-valued functor as the generators of its category of elements; a transformation as
the maps between its elements.

Source: Spivak, Category Theory for the Sciences, 4.5 (schemas), 6.2.2 (categories of elements).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.draw.name import arrow_name, clipped, counted
from formal.draw.relation import generator_label, is_thin, relation_texts

Drawable = Category | Functor | SetFunctor | Transformation

_NODES = 60
_EDGES = 150
_CAPTIONS = 8
_LABEL = 40


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes, by their numbers."""

    tail: int
    head: int
    label: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A graph to be drawn.

    Args:
        title: what it shows.
        nodes: a label each.
        captions: lines below: equations, and what was left out.
    """

    title: str
    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]
    captions: tuple[str, ...] = ()


def diagram(value: Drawable) -> Diagram:
    """The graph of a structure; of a large one the first 60 nodes, and the first 150 edges between them."""
    match value:
        case Category():
            drawn = _category(value)
        case Functor():
            drawn = _functor(value)
        case SetFunctor():
            drawn = _set_functor(value)
        case Transformation():
            drawn = _transformation(value)
        case _:
            assert_never(value)
    return _bounded(drawn)


def _category(category: Category) -> Diagram:
    thin = is_thin(category)
    edges = tuple(
        Edge(g.dom, g.cod, generator_label(category, i, thin=thin)) for i, g in enumerate(category.generators)
    )
    sizes = f"{counted(category.object_count, 'object')}, {counted(category.arrow_count, 'arrow')}"
    return Diagram(f"{category.name} ({sizes})", category.objects, edges, tuple(relation_texts(category)))


def _functor(functor: Functor) -> Diagram:
    dom, cod = functor.dom, functor.cod
    nodes = tuple(f"{x} ↦ {cod.objects[y]}" for x, y in zip(dom.objects, functor.objects, strict=True))
    thin = is_thin(dom)
    edges = []
    for index, (g, f) in enumerate(zip(dom.generators, functor.generators, strict=True)):
        label, image = generator_label(dom, index, thin=thin), arrow_name(cod, f)
        edges.append(Edge(g.dom, g.cod, f"{label} ↦ {image}" if label else f"↦ {image}"))
    return Diagram(f"functor {functor.name}: {dom.name} → {cod.name}", nodes, tuple(edges))


def _set_functor(functor: SetFunctor) -> Diagram:
    category = functor.category
    nodes = tuple(f"{label} ∈ {category.objects[functor.base[t]]}" for t, label in enumerate(functor.labels))
    thin = is_thin(category)
    edges = []
    for index in range(len(category.generators)):
        label = generator_label(category, index, thin=thin)
        edges += [Edge(t, functor.act(index, t), label) for t in functor.at(functor.ends(index)[0])]
    empty = [x for x, labels in zip(category.objects, functor.elements, strict=True) if not labels]
    kind = "presheaf" if functor.contravariant else "copresheaf"
    captions = (f"no element over {', '.join(empty)}",) if empty else ()
    return Diagram(f"{kind} {functor.name} on {category.name}", nodes, tuple(edges), captions)


def _transformation(transformation: Transformation) -> Diagram:
    dom, cod = transformation.dom, transformation.cod
    names = dom.category.objects
    nodes = tuple(f"{label} ∈ {f.name}({names[f.base[t]]})" for f in (dom, cod) for t, label in enumerate(f.labels))
    edges = tuple(Edge(s, dom.size + t, names[dom.base[s]]) for s, t in enumerate(transformation.images))
    return Diagram(f"transformation {transformation.name}: {dom.name} ⇒ {cod.name}", nodes, edges)


def _bounded(drawn: Diagram) -> Diagram:
    nodes = tuple(clipped(label, _LABEL) for label in drawn.nodes[:_NODES])
    inside = [edge for edge in drawn.edges if edge.tail < _NODES and edge.head < _NODES]
    edges = tuple(Edge(edge.tail, edge.head, clipped(edge.label, _LABEL)) for edge in inside[:_EDGES])
    captions = [clipped(caption, 100) for caption in drawn.captions[:_CAPTIONS]]
    if len(drawn.captions) > _CAPTIONS:
        captions.append(f"and {len(drawn.captions) - _CAPTIONS} more")
    missing = [
        counted(total - shown, noun)
        for total, shown, noun in (
            (len(drawn.nodes), len(nodes), "node"),
            (len(drawn.edges), len(edges), "edge"),
        )
        if total > shown
    ]
    if missing:
        captions.append(f"not drawn: {' and '.join(missing)}")
    return Diagram(clipped(drawn.title, 100), nodes, edges, tuple(captions))
