"""The canonical layout of a script.

Short declarations stand on one line, long ones break as ``layout`` says; no list ends in a comma; one empty line at
most stands between declarations, and exactly one around those of several lines; parentheses and the order of clauses
stay as they are, and so do comments, each above or behind the word it belongs to.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from formal.syntax.grammar import vocabulary
from formal.syntax.keyword import CHECKS, CLAUSES
from formal.syntax.layout import Layout, Token
from formal.syntax.parser import Reading, read
from formal.syntax.spelling import SPELLINGS, spell
from formal.syntax.word import CLOSING, OPENING, Word, split
from formal.text import Bug, Source

_ENDS_LIST = frozenset({*CLOSING, *CLAUSES, *CHECKS, "OBJECTS", "ARROWS", "EQUATIONS"})


def format_source(source: Source, *, unicode: bool | None = None) -> str:
    """The text of a script in canonical layout.

    Reading the result gives the same syntax tree up to places, and formatting it changes nothing.

    Args:
        source: a script.
        unicode: whether symbols with two spellings become ``→ ∀ ∈ …`` or ``-> forall in …``; None takes for all the
            spelling that most of them have, and ASCII where both are as frequent.
    Raises:
        Rejection: the text is not a script.
    """
    reading = read(source, "script")
    if unicode is None:
        unicode = _prefers_unicode(reading.words)
    words = _without_last_commas(reading.words)
    above, behind = _comments(reading, words)
    offsets = [word.start for word in words]
    starts = [bisect_left(offsets, declaration.span.start) for declaration in reading.tree]
    text: list[str] = []
    was_long = False
    for start, end in pairwise([*starts, len(words) - 1]):
        tokens = [
            Token(
                word.type,
                _spelled(word, words[index + 1], unicode=unicode),
                _inside(above[index], words[index - 1], word) if index > start else (),
                behind[index],
            )
            for index, word in enumerate(words[start:end], start)
        ]
        lines = Layout(tokens).lines()
        is_long = len(lines) > 1
        if text and (is_long or was_long) and above[start][:1] != [""]:
            text.append("")
        text += [*above[start], *lines]
        was_long = is_long
    text += above[-1]
    result = "\n".join(text).strip("\n")
    result = result + "\n" if result else ""
    _confirm(reading, result)
    return result


def _prefers_unicode(words: list[Word]) -> bool:
    pairs = pairwise(words)
    spelled = [
        word.text for word, following in pairs if word.type in SPELLINGS and not _names_argument(word, following)
    ]
    return sum(not text.isascii() for text in spelled) * 2 > len(spelled)


def _names_argument(word: Word, following: Word) -> bool:
    """Whether a word is the name of an argument `in: K`, which keeps its letters."""
    return word.type == "IN" and following.type == "COLON"


def _spelled(word: Word, following: Word, *, unicode: bool) -> str:
    """A word as it is going to be written."""
    if _names_argument(word, following):
        return spell("IN")
    return spell(word.type, unicode=unicode) if word.type in SPELLINGS else word.text


def _without_last_commas(words: list[Word]) -> list[Word]:
    """The words but commas that end a list; the end word stays."""
    kept = [word for word, following in pairwise(words) if not (word.type == "COMMA" and following.type in _ENDS_LIST)]
    return [*kept, words[-1]]


def _comments(reading: Reading, words: list[Word]) -> tuple[list[list[str]], list[str]]:
    """For every word the comments on lines above it, an empty text for an empty line; and the comment behind it."""
    above: list[list[str]] = [[] for _ in words]
    behind = [""] * len(words)
    remaining = iter((*reading.comments, None))
    comment = next(remaining)
    end = 0
    for index, word in enumerate(words):
        while comment is not None and comment.span.start < word.start:
            between = word.source.text[end : comment.span.start]
            if index and "\n" not in between and not above[index]:
                behind[index - 1] = comment.text
            else:
                above[index] += [""] * (between.count("\n") > 1) + [comment.text]
            end = comment.span.end
            comment = next(remaining)
        if word.source.text.count("\n", end, word.start) > 1:
            above[index].append("")
        end = word.end
    return above, behind


def _inside(above: list[str], before: Word, word: Word) -> tuple[str, ...]:
    """Comments inside a declaration: empty lines stay between comments and next to them, not next to brackets."""
    if not any(above):
        return ()
    first = 1 if before.type in OPENING and not above[0] else 0
    last = len(above) - 1 if word.type in CLOSING and not above[-1] else len(above)
    return tuple(above[first:last])


def _texts(words: list[Word]) -> list[str]:
    return [_spelled(word, word, unicode=False) for word in words]


def _confirm(reading: Reading, text: str) -> None:
    """Compare the words and comments before and after: nothing may be lost, added or changed."""
    words, comments = split(Source(reading.words[0].source.name, text), vocabulary())
    kept = _without_last_commas(reading.words)
    before = _texts(kept)
    types = [word.type for word in kept]
    for word, kind in zip(words, types, strict=False):
        word.type = kind
    if before != _texts(words):
        raise Bug("formatting changed the words of the script")
    if [comment.text for comment in reading.comments] != [comment.text for comment in comments]:
        raise Bug("formatting changed the comments of the script")
