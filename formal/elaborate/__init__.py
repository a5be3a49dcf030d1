"""From the syntax tree to categories, functors and closed formulas, or to diagnostics."""
