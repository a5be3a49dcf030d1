"""From source text to the syntax tree, and back."""
