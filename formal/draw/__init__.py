"""Drawings of categories, functors and counter-models: text, DOT, Mermaid, tikz-cd, quiver, SVG."""
