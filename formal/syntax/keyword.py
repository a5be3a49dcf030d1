"""Which words are keywords: only those in whose place the grammar has a keyword.

The rule is at the head of the grammar; it rests on this, that two names never stand side by side in a script.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from formal.syntax.word import Word

DECLARATIONS = frozenset(
    ["IMPORT", "CATEGORY", "FUNCTOR", "PRESHEAF", "COPRESHEAF", "TRANSFORMATION", "FAMILY", "DEFINE", "CLAIM", "MODEL"]
)
"""The keywords that begin a declaration."""
_INFIX = frozenset(["ON", "FROM", "EXPECT", "OBJECTS", "ARROWS", "EQUATIONS"])
_OPERANDS = frozenset({"NAME", "INTEGER", "STRING"})
_FOLLOWERS = {"POSET": {"LPAR"}, "MONOID": {"LBRACE"}, "EQUATIONS": _OPERANDS | {"LPAR"}}


def is_keyword(terminal: str, following: Word, acceptable: Container[str]) -> bool:
    """Whether a word that is spelled like the terminal is that keyword.

    Args:
        terminal: the keyword's terminal.
        following: the next word.
        acceptable: the terminals that the parser has a place for.
    """
    if terminal not in acceptable:
        return False
    return "NAME" not in acceptable or following.type in _FOLLOWERS.get(terminal, _OPERANDS)


def begins_declaration(words: Sequence[Word], index: int, keywords: dict[str, str]) -> bool:
    """Whether a declaration begins here, judged by the words alone.

    It does where the first word of a line is the keyword of a declaration, a name or label follows, and no comma or
    bracket before it makes it a parameter.
    """
    word, following = words[index], words[index + 1]
    terminal = keywords.get(word.text)
    if terminal not in DECLARATIONS or following.type not in ("NAME", "STRING"):
        return False
    if keywords.get(following.text) in DECLARATIONS | _INFIX:
        return False
    if index == 0:
        return True
    before = words[index - 1]
    return before.type not in ("COMMA", "LPAR", "LBRACE") and "\n" in word.source.text[before.end : word.start]
