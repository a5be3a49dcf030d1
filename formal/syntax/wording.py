"""What a claim says: its text and that of every declaration that it speaks of, directly or not, as a digest.

Comments, blanks, and what the claim expects are left out: an expectation that is pinned later, with its reason, changes
no digest, and any other change does. Texts are compared, not meanings: a claim said in other words is another one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from formal.syntax import ast
from formal.syntax.parser import parse
from formal.text.file import read_source
from formal.text.project import project_root

_BLANK = re.compile(r'("(?:\\.|[^"\\])*")|(?:\s|#[^\n]*)+')
_WORD = re.compile(r"\w[\w']*")
_STATED = ast.ClaimDecl | ast.TheoremDecl | ast.CrossCheckDecl


@dataclass(frozen=True, slots=True)
class Wording:
    """What a claim, a theorem or a cross-check says.

    Args:
        name: where it is stated.
        digest: the sha256 of the texts, in the order in which they are found from its own.
        mentions: the names of the declarations that it speaks of, its own among them.
        bundles: the files of the models among them, as they are written.
    """

    name: ast.Name
    digest: str
    mentions: frozenset[str]
    bundles: frozenset[str]


def wordings(script: ast.Script, imported: Iterable[ast.Script] = ()) -> tuple[Wording, ...]:
    """What each claim, theorem and cross-check of a script says, in source order.

    A claim may be called like a relation or model: a name stands for all that is declared under it.

    Args:
        imported: all scripts that it imports, directly or not.
    """
    declared: dict[str, list[ast.Declaration]] = {}
    for name, declaration in _named(script):
        declared.setdefault(name.text, []).append(declaration)
    own = {name.text for name, declaration in _named(script) if isinstance(declaration, _STATED)}
    for other in imported:
        for name, declaration in _named(other):
            if not (isinstance(declaration, _STATED) and name.text in own):
                declared.setdefault(name.text, []).append(declaration)
    texts = {name: "\n".join(map(_text, several)) for name, several in declared.items()}
    words = {name: tuple(dict.fromkeys(word for word in _WORD.findall(texts[name]) if word in texts)) for name in texts}
    files = {
        name: [node.path.text for node in several if isinstance(node, ast.ModelDecl)]
        for name, several in declared.items()
    }
    return tuple(_wording(name, texts, words, files) for name, node in _named(script) if isinstance(node, _STATED))


def read_wordings(path: Path) -> tuple[Wording, ...]:
    """What each claim, theorem and cross-check of a file says, in source order.

    Imports that lead out of the project, or to no file, are left out: scripts that have them are refused elsewhere.

    Raises:
        Rejection: the file, or one that it imports, cannot be read or is no script.
    """
    first = path.resolve()
    root = project_root(first.parent) or first.parent
    scripts = {first: parse(read_source(first, first.name))}
    queue = [first]
    for each in queue:
        for node in _imports(scripts[each]):
            target = (each.parent / node.path.text).resolve()
            if target not in scripts and target.is_relative_to(root) and target.is_file():
                scripts[target] = parse(read_source(target, target.name))
                queue.append(target)
    script, *others = scripts.values()
    return wordings(script, others)


def _imports(script: ast.Script) -> Iterator[ast.ImportDecl]:
    return (node for node in script.declarations if isinstance(node, ast.ImportDecl))


def _named(script: ast.Script) -> Iterator[tuple[ast.Name, ast.Declaration]]:
    for declaration in script.declarations:
        name = getattr(declaration, "name", None)
        if isinstance(name, ast.Name):
            yield name, declaration


def _text(declaration: ast.Declaration) -> str:
    """What a declaration says, on one line, without its expectation."""
    text = declaration.span.text
    expect = getattr(declaration, "expect", None)
    if expect is not None:
        text = text[: expect.span.start - declaration.span.start]
    plain = _BLANK.sub(lambda found: found[1] or " ", text).strip()
    return plain if expect is None else plain.removesuffix("expect").rstrip()


def _wording(
    name: ast.Name, texts: Mapping[str, str], words: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[str]]
) -> Wording:
    found = {name.text: None}
    queue = [name.text]
    for each in queue:
        for word in words[each]:
            if word not in found:
                found[word] = None
                queue.append(word)
    digest = hashlib.sha256("\n".join(texts[each] for each in found).encode()).hexdigest()
    return Wording(name, digest, frozenset(found), frozenset(file for each in found for file in files[each]))
