"""What scripts say of their claims, theorems and cross-checks, for the pages about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from formal.syntax import ast
from formal.syntax.parser import parse
from formal.text import Source, Span

Judged = ast.TheoremDecl | ast.ClaimDecl | ast.CrossCheckDecl
"""The declarations that something is expected of."""


def read_script(path: Path) -> ast.Script:
    """The script of a file.

    Raises:
        Rejection: it is no script.
    """
    return parse(Source(path.name, path.read_text(encoding="utf-8")))


def judged(script: ast.Script) -> Iterator[Judged]:
    """What something is expected of, in source order."""
    return (each for each in script.declarations if isinstance(each, Judged))


def expected(declaration: Judged) -> str:
    """The verdict, or the finding, that the script expects."""
    match declaration:
        case ast.CrossCheckDecl(expect=expect):
            return "agrees" if expect is None else expect.word.text.replace("_", " ")
        case ast.TheoremDecl(expect=name) | ast.ClaimDecl(expect=name):
            return "proved" if name is None else name.text


def words(declaration: Judged) -> str:
    """The doc comment on one line, for a table; of a claim without one its formula."""
    doc = cell(" ".join(declaration.doc.split()))
    return code(declaration.formula.span) if not doc and isinstance(declaration, ast.ClaimDecl) else doc


def extent(span: Span) -> tuple[int, int]:
    """The first and the last line."""
    return span.source.position(span.start)[0], span.source.position(span.end)[0]


def code(span: Span) -> str:
    """What stands there, as code in a table."""
    return f"`{' '.join(span.text.split()).replace('|', chr(92) + '|')}`"


def cell(text: str) -> str:
    """Text inside a table: bars and what Markdown would read as emphasis are escaped."""
    return re.sub(r"([|*_`\\<>])", r"\\\1", text)
