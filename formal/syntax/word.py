"""Words: the terminals of a text with their places, and the comments between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formal.syntax.ast import Comment
from formal.syntax.limit import MAX_DEPTH, nesting_too_deep
from formal.text import Rejection, Source, Span

OPENING = ("LPAR", "LBRACE", "LBRACKET")
CLOSING = ("RPAR", "RBRACE", "RBRACKET")

UNRECOGNISED = "UNRECOGNISED"
"""The type of a character that begins no terminal of the grammar."""
END = "$END"
"""The type of the word after the last one, as Lark calls it."""


@dataclass(slots=True)
class Word:
    """A terminal of the grammar, as it stands in the text.

    Args:
        type: the terminal's name; the parser turns ``NAME`` into a keyword where the grammar has a place for it.
        text: the characters ``source.text[start:end]``.
    """

    source: Source
    type: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How a text falls into words.

    Args:
        pattern: one alternative a terminal, each a group of the terminal's name.
        keywords: the terminals spelled like names, by their text.
    """

    pattern: re.Pattern[str]
    keywords: dict[str, str]


def split(source: Source, vocabulary: Vocabulary) -> tuple[list[Word], tuple[Comment, ...]]:
    """The words and the comments of a text, in order, the ``END`` word last; linear in the text.

    Keywords still have the type ``NAME``. Stops at the first bracket that is nested too deep.
    """
    words: list[Word] = []
    comments: list[Comment] = []
    depth = 0
    for match in vocabulary.pattern.finditer(source.text):
        kind = match.lastgroup
        if kind == "BLANK":
            continue
        start, end = match.span()
        if kind == "COMMENT":
            comments.append(Comment(Span(source, start, end), match.group().rstrip()))
            continue
        word = Word(source, str(kind), match.group(), start, end)
        words.append(word)
        if kind in OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                raise Rejection([nesting_too_deep(word.span)])
        elif kind in CLOSING:
            depth = max(0, depth - 1)
    end = len(source.text)
    words.append(Word(source, END, "", end, end))
    return words, tuple(comments)


def documentation(comments: tuple[Comment, ...], source: Source) -> dict[int, str]:
    """The ``##`` comments that stand alone on lines right above a line, by that line's number.

    Adjacent lines are joined; the marks and one blank after them are left out.
    """
    result: dict[int, str] = {}
    lines: list[str] = []
    below = 0
    for comment in comments:
        line, column = source.position(comment.span.start)
        if not comment.text.startswith("##") or source.line(line)[: column - 1].strip():
            continue
        if line != below:
            result[below] = "\n".join(lines)
            lines = []
        lines.append(comment.text[2:].removeprefix(" "))
        below = line + 1
    result[below] = "\n".join(lines)
    return result
