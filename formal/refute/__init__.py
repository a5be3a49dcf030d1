"""Finite counter-models of theorem statements: ground encodings by growing size, the least found first."""
