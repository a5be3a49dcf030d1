"""Drawings of structures, in each format."""

from __future__ import annotations

from formal.draw.diagram import Drawable, diagram
from formal.draw.dot import dot
from formal.draw.latex import quiver_link, tikz_cd
from formal.draw.mermaid import mermaid
from formal.draw.svg import svg
from formal.draw.text import draw_text

FORMATS = ("text", "dot", "mermaid", "tikz", "quiver", "svg")


def draw(value: Drawable, format: str) -> str:  # noqa: A002 (the word that users know)
    """Draw a category, functor, set-valued functor or transformation.

    Args:
        format: ``text``, ``dot`` (Graphviz), ``mermaid``, ``tikz`` (a tikz-cd document), ``quiver`` (a link to the
            editor of that name) or ``svg``.
    Raises:
        ValueError: there is no such format.
    """
    match format:
        case "text":
            return draw_text(value)
        case "dot":
            return dot(diagram(value))
        case "mermaid":
            return mermaid(diagram(value))
        case "tikz" | "tikz-cd":
            return tikz_cd(diagram(value))
        case "quiver":
            return quiver_link(diagram(value))
        case "svg":
            return svg(diagram(value))
        case _:
            raise ValueError(f"no format {format!r}: one of {', '.join(FORMATS)}")
