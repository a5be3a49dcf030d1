"""Graphs in the DOT language of Graphviz."""

from __future__ import annotations

from formal.draw.diagram import Diagram
from formal.text.escape import visible


def dot(diagram: Diagram) -> str:
    """The graph in DOT; every label is a quoted string in which nothing is special."""
    caption = "".join(f"{_escaped(line)}\\l" for line in (diagram.title, *diagram.captions))
    lines = [
        "digraph {",
        "  rankdir=LR",
        f'  label="{caption}"',
        "  labeljust=l",
        '  node [shape=plaintext, fontname="sans-serif"]',
        '  edge [fontname="sans-serif", fontsize=11, arrowsize=0.7]',
        *(f'  n{number} [label="{_escaped(label)}"]' for number, label in enumerate(diagram.nodes)),
        *(f"  n{edge.tail} -> n{edge.head}{_label(edge.label)}" for edge in diagram.edges),
        "}",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def _label(text: str) -> str:
    return f' [label="{_escaped(text)}"]' if text else ""
