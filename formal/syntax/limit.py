"""What no script may contain, and how large it may be; each check is linear in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from formal.text import Code, Diagnostic, Label, Source, Span

if TYPE_CHECKING:
    from formal.syntax.word import Word

MAX_BYTES = 4 * 1024 * 1024
"""The size of a file, in UTF-8."""
MAX_DEPTH = 200
"""How many brackets, and how many nodes of the syntax tree, may lie within one another."""
MAX_NAME = 256
"""The length of a name, number or label, in characters."""
MAX_DIAGNOSTICS = 100
"""How many errors of one file are reported."""

# Controls but tab and line feed; marks that are invisible or reverse the order in which a text is shown; halves of
# characters; tags. Source: Boucher, Anderson, "Trojan Source", 2021; Unicode Technical Report 36, section 2.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)


def describe_character(character: str) -> str:
    """How a character is written in a report: by its number, and by its name where it has one."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")


def file_too_large(source: Source) -> Iterator[Diagnostic]:
    """The text is longer than ``MAX_BYTES``."""
    size = len(source.text) if source.text.isascii() else len(source.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        yield Diagnostic(
            Code.FILE_TOO_LARGE,
            f"the file has {size} bytes, more than {MAX_BYTES}",
            Label(Span(source, 0, 0)),
            help=("divide it, and `import` the parts",),
        )


def forbidden_characters(source: Source) -> Iterator[Diagnostic]:
    """Characters that are not shown, or change how others are shown; in comments and labels too."""
    for match in _FORBIDDEN.finditer(source.text):
        yield Diagnostic(
            Code.FORBIDDEN_CHARACTER,
            f"the character {describe_character(match.group()[0])} is invisible or reorders what is shown",
            Label(Span(source, match.start(), match.end())),
            help=("remove it",),
        )


def nesting_too_deep(span: Span) -> Diagnostic:
    """Something lies within more than ``MAX_DEPTH`` others."""
    return Diagnostic(
        Code.NESTING_TOO_DEEP,
        f"this is nested more than {MAX_DEPTH} deep",
        Label(span),
        help=("name a part with `define`",),
    )


def names_too_long(words: Iterable[Word]) -> Iterator[Diagnostic]:
    """Names, numbers and labels of more than ``MAX_NAME`` characters."""
    for word in words:
        length = word.end - word.start
        if length > MAX_NAME:
            yield Diagnostic(
                Code.NAME_TOO_LONG,
                f"the name has {length} characters, more than {MAX_NAME}",
                Label(Span(word.source, word.start, word.end)),
            )
