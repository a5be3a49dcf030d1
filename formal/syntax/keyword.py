"""Which words are keywords: only those in whose place the grammar has a keyword.

The rule is at the head of the grammar; it rests on this, that two names never stand side by side in a script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formal.syntax.word import Word

DECLARATIONS = frozenset(
    [
        *("IMPORT", "CATEGORY", "FUNCTOR", "PRESHEAF", "COPRESHEAF", "TRANSFORMATION", "FAMILY"),
        *("DEFINE", "CLAIM", "THEOREM", "MODEL"),
        *("RELATION", "PROFUNCTOR", "WEIGHT", "COWEIGHT", "PARAMETER", "CROSSCHECK"),
    ]
)
"""The keywords that begin a declaration."""
CLAUSES = frozenset(["GIVEN", "ASSUME", "LET", "HAVE", "OBTAIN", "SHOW", "ACCEPT"])
"""The keywords that begin a clause of a theorem."""
CHECKS = frozenset(["BY", "PREMISE", "IDEAL", "OWN", "PREDICT", "MEASURE"])
"""The keywords that begin a clause of a cross-check."""
CLAUSES_OF = {"THEOREM": CLAUSES, "CROSSCHECK": CHECKS}
"""The clauses of declarations that have any, by the keywords that begin these."""
_INFIX = frozenset(["ON", "FROM", "TO", "OVER", "WITHIN", "EXPECT", "OBJECTS", "ARROWS", "EQUATIONS"])
_OPERANDS = frozenset({"NAME", "INTEGER", "STRING"})
_TERMS = _OPERANDS | {"RATIONAL", "STAR", "MINUS", "LPAR", "LBRACE", "LBRACKET"}
_FORMULAS = _TERMS | {"NOT", "FORALL", "EXISTS", "EXISTS_UNIQUE"}
_AFTER_NAME = frozenset({"STAR", "LPAR", "LBRACE"})
_CLAUSES = frozenset({"OBJECTS", "ARROWS", "EQUATIONS"})
_FOLLOWERS = {
    "POSET": {"LPAR"},
    "MONOID": {"LBRACE"},
    "OBJECTS": _OPERANDS,
    "ARROWS": _OPERANDS,
    "EQUATIONS": _TERMS,
    "ASSUME": _FORMULAS,
    "HAVE": _FORMULAS,
    "SHOW": _FORMULAS,
    **dict.fromkeys(("PREMISE", "IDEAL", "OWN", "PREDICT"), _FORMULAS),
}


def is_keyword(
    words: Sequence[Word], index: int, keywords: dict[str, str], has_place_for: Callable[[str], bool]
) -> bool:
    """Whether a word that is spelled like a keyword is one.

    Args:
        words: all words.
        index: the word in question.
        keywords: the terminals by their spelling.
        has_place_for: whether the parser can go on with a terminal.
    """
    terminal = keywords[words[index].text]
    if not has_place_for(terminal):
        return False
    if not has_place_for("NAME"):
        return True
    following = words[index + 1]
    if terminal == "THE":
        return following.type == "NAME" and words[index + 2].type in ("COLON", "IN")
    if terminal in _CLAUSES and keywords.get(following.text) in _CLAUSES:
        # in `arrows arrows f: …` and the like the keyword is the last word that an operand follows
        return words[index + 2].type not in _FOLLOWERS[terminal]
    return following.type in _FOLLOWERS.get(terminal, _OPERANDS)


def begins_declaration(words: Sequence[Word], index: int, keywords: dict[str, str]) -> bool:
    """Whether a declaration begins here, judged by the words alone.

    It does where the first word of a line is the keyword of a declaration, a name or label follows, and no comma,
    bracket, `given` or `let` before it makes it a parameter.
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
    if before.type in ("COMMA", "LPAR", "LBRACE") or keywords.get(before.text) in ("GIVEN", "LET"):
        return False
    return _begins_line(word, before)


def may_begin_clause(
    words: Sequence[Word], index: int, keywords: dict[str, str], clauses: frozenset[str] = CLAUSES
) -> bool:
    """Whether the first word of a line is the keyword of one of some clauses, with a word that can follow it.

    It may still be a name, which is applied or multiplied: see ``begins_clause``.
    """
    terminal = keywords.get(words[index].text)
    if terminal not in clauses or not _begins_line(words[index], words[index - 1]):
        return False
    following = words[index + 1]
    return following.type in _FOLLOWERS.get(terminal, _OPERANDS) and keywords.get(following.text) not in clauses


def begins_clause(
    words: Sequence[Word], index: int, keywords: dict[str, str], clauses: frozenset[str] = CLAUSES
) -> bool:
    """Whether a clause begins here, judged by the words alone, of which all belong to a declaration that has some.

    It does where the first word of a line is the keyword of a clause, and a word follows that no name stands before.
    """
    return may_begin_clause(words, index, keywords, clauses) and words[index + 1].type not in _AFTER_NAME


def _begins_line(word: Word, before: Word) -> bool:
    return "\n" in word.source.text[before.end : word.start]
