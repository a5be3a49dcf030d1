"""The spellings of the grammar's symbols and words: in ASCII, and in Unicode where that differs."""

from __future__ import annotations

SPELLINGS: dict[str, tuple[str, str]] = {
    "ARROW": ("->", "→"),
    "DOUBLE_ARROW": ("=>", "⇒"),
    "MAPSTO": ("|->", "↦"),
    "FORALL": ("forall", "∀"),
    "EXISTS": ("exists", "∃"),
    "EXISTS_UNIQUE": ("exists!", "∃!"),
    "IN": ("in", "∈"),
    "NOT": ("not", "¬"),
    "AND": ("and", "∧"),
    "OR": ("or", "∨"),
    "NOT_EQUAL": ("!=", "≠"),
    "AT_MOST": ("<=", "≤"),
    "AT_LEAST": (">=", "≥"),
    "LEFT_ADJOINT": ("-|", "⊣"),
}
"""Terminals with two spellings. ``g ∘ f`` and ``f >> g`` differ in the order of their operands: no such pair."""

SYMBOLS: dict[str, str] = {
    "DEFINED_AS": ":=",
    "SCOPE": "::",
    "EQUAL": "=",
    "LESS": "<",
    "GREATER": ">",
    "THEN": ">>",
    "AFTER": "∘",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "CARET": "^",
    "COLON": ":",
    "COMMA": ",",
    "DOT": ".",
    "LPAR": "(",
    "RPAR": ")",
    "LBRACE": "{",
    "RBRACE": "}",
    "LBRACKET": "[",
    "RBRACKET": "]",
}
"""Symbols with one spelling."""


def spell(terminal: str, *, unicode: bool = False) -> str:
    """A terminal as it is written; a keyword is its name in lower case, but for ``arrow``."""
    if terminal in SPELLINGS:
        return SPELLINGS[terminal][unicode]
    return SYMBOLS.get(terminal, terminal.removesuffix("_WORD").lower())
