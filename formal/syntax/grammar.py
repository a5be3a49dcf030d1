"""The grammar of proof scripts, from ``formal.lark``, and the parser that Lark makes of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from formal.syntax.builder import Builder
from formal.syntax.table import stored_parser, table_text
from formal.syntax.word import UNRECOGNISED, Vocabulary
from formal.text import Bug

if TYPE_CHECKING:
    from lark import Lark

START_SYMBOLS = ("script", "expression")


def grammar_path() -> Path:
    """Where the grammar is: in the package when installed from a wheel, at top level in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammar", package.parent / "grammar"):
        path = folder / "formal.lark"
        if path.is_file():
            return path
    raise Bug("the grammar `formal.lark` is not installed")


def derive(transformer: object = None) -> Lark:
    """The parser, derived from the grammar; this takes a tenth of a second."""
    from lark import Lark

    return Lark(
        grammar_path().read_text(encoding="utf-8"),
        parser="lalr",
        lexer="basic",
        start=list(START_SYMBOLS),
        keep_all_tokens=True,
        maybe_placeholders=False,
        transformer=transformer,
    )


@cache
def lark() -> Lark:
    """The LALR(1) parser of the grammar: from the stored table if it fits, else derived.

    The values on its stack are the nodes of the syntax tree themselves: no tree of Lark's is kept.
    """
    path = grammar_path()
    builder = Builder()
    return stored_parser(path.with_suffix(".table.json"), path.read_text(encoding="utf-8"), builder) or derive(builder)


@cache
def vocabulary() -> Vocabulary:
    """The terminals of the grammar as one regular expression, tried in the order in which Lark tries them."""
    keywords: dict[str, str] = {}
    patterns: list[tuple[int, int, str, str]] = []
    for terminal in lark().terminals:
        spelling = terminal.pattern.value
        if terminal.pattern.type == "str" and spelling.isidentifier():
            keywords[spelling] = terminal.name
        else:
            key = (-terminal.priority, -terminal.pattern.max_width)
            patterns.append((*key, terminal.name, terminal.pattern.to_regexp()))
    alternatives = [f"(?P<{name}>{pattern})" for _, _, name, pattern in sorted(patterns)]
    return Vocabulary(re.compile("|".join([*alternatives, f"(?P<{UNRECOGNISED}>.)"])), keywords)


def main() -> None:
    """Store the parser's table next to the grammar."""
    path = grammar_path()
    text = table_text(derive(), path.read_text(encoding="utf-8"))
    path.with_suffix(".table.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
