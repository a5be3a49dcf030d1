"""Formal verification for the category theory behind foundation models."""

__version__ = "0.1.0"
