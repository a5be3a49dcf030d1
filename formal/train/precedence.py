"""Which claims were there before a run: a bundle carries a digest of each claim that judges it.

The digest covers the text of the claim and of every declaration that it speaks of, without comments, blanks, and what
the claim expects: an expectation that is pinned after the run, with its reason, changes no digest. A claim that is new,
or says something else than before the run, is newer than the run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from formal.bundle.model import Bundle
from formal.syntax import ast
from formal.syntax.parser import parse
from formal.text import Code, Diagnostic, Rejection, Source

_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|#[^\n]*')
_WORD = re.compile(r"[^\W\d][\w']*")


def statements(path: Path) -> dict[str, str]:
    """For each claim, theorem and cross-check of a script the sha256 of what it says.

    Raises:
        Rejection: the script cannot be read.
    """
    source = Source(path.name, path.read_text(encoding="utf-8"))
    script = parse(source)
    texts = {name: _text(source, declaration) for name, declaration in _named(script)}
    judged = [name for name, declaration in _named(script) if hasattr(declaration, "expect")]
    return {name: _digest(name, texts) for name in judged}


def newer_claims(bundle: Bundle, path: Path) -> tuple[str, ...]:
    """The claims of a script that a bundle does not carry as they are; all, when it carries none."""
    stated = bundle.manifest.get("claims", {})
    known = stated if isinstance(stated, dict) else {}
    return tuple(name for name, digest in statements(path).items() if known.get(name) != digest)


def require_older_claims(bundle: Bundle, path: Path) -> None:
    """Refuse a bundle that is judged by claims newer than its run.

    Raises:
        Rejection: ``bad-bundle``, one diagnostic a claim.
    """
    newer = newer_claims(bundle, path)
    if newer:
        raise Rejection(
            Diagnostic(
                Code.BAD_BUNDLE,
                f"`{bundle.file}`: the claim `{name}` is newer than the run",
                None,
                help=("train again, or put what was thought of after the run in a script of its own",),
            )
            for name in newer
        )


def _named(script: ast.Script) -> Iterator[tuple[str, ast.Declaration]]:
    for declaration in script.declarations:
        name = getattr(declaration, "name", None)
        if isinstance(name, ast.Name):
            yield name.text, declaration


def _text(source: Source, declaration: ast.Declaration) -> str:
    """What a declaration says, on one line, without its expectation."""
    text = source.text[declaration.span.start : declaration.span.end]
    expect = getattr(declaration, "expect", None)
    if expect is not None:
        text = text[: expect.span.start - declaration.span.start].rstrip().removesuffix("expect")
    return " ".join(_COMMENT.sub(lambda found: found[1] or "", text).split())


def _digest(name: str, texts: dict[str, str]) -> str:
    """Of a text, and of the texts of all that it mentions, in the order in which they are found."""
    found = {name: None}
    queue = [name]
    for each in queue:
        for word in _WORD.findall(texts[each]):
            if word in texts and word not in found:
                found[word] = None
                queue.append(word)
    return hashlib.sha256("\n".join(texts[each] for each in found).encode()).hexdigest()
