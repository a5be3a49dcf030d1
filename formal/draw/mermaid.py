"""Graphs in Mermaid, which GitHub and many documentation tools draw."""

from __future__ import annotations

from formal.draw.diagram import Diagram
from formal.text.escape import visible


def mermaid(diagram: Diagram) -> str:
    """The graph as a flow chart; in labels all but letters, digits, blanks and underscores are entity codes."""
    lines = [
        "flowchart LR",
        *(f"  %% {_comment(line)}" for line in (diagram.title, *diagram.captions)),
        *(f'  n{number}["{_escaped(label)}"]' for number, label in enumerate(diagram.nodes)),
        *(f"  n{edge.tail} -->{_label(edge.label)} n{edge.head}" for edge in diagram.edges),
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return "".join(c if c.isalnum() or c in " _" else f"#{ord(c)};" for c in visible(text)) or "#8203;"


def _label(text: str) -> str:
    return f'|"{_escaped(text)}"|' if text else ""


def _comment(text: str) -> str:
    # Braces after %% would be read as a directive.
    return visible(text).replace("{", "(").replace("}", ")")
