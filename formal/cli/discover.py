"""Which scripts and claims are meant by the paths on a command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

SUFFIX = ".cat"


class BadPath(click.UsageError):
    """A path on the command line names nothing that can be checked; the text says why."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A script, or one claim of it."""

    path: Path
    claim: str | None = None


def discover(paths: Sequence[str]) -> tuple[Selected, ...]:
    """The scripts and claims meant, in the order of the paths, each once.

    Args:
        paths: scripts, folders (all scripts below, sorted, hidden ones skipped), ``script.cat:claim``. None means the
            folder ``proofs`` if there is one, else the current folder.
    Raises:
        BadPath: a path does not exist, is no script, or has no claim after its colon.
    """
    chosen: dict[Path, list[Selected]] = {}
    for text in paths or (["proofs"] if os.path.isdir("proofs") else ["."]):
        for selected in _selected(text):
            real = selected.path.resolve()
            known = chosen.setdefault(real, [])
            if selected.claim is None:
                chosen[real] = [Selected(known[0].path if known else selected.path)]
            elif not any(other.claim in (None, selected.claim) for other in known):
                known.append(selected)
    return tuple(selected for group in chosen.values() for selected in group)


def scripts_with(word: re.Pattern[str]) -> list[Path]:
    """The scripts under proofs/, or else the current folder, in whose text a word is found; unreadable ones aside.

    Raises:
        BadPath: a folder cannot be read.
    """
    return [selected.path for selected in discover(()) if _has(selected.path, word)]


def _has(path: Path, word: re.Pattern[str]) -> bool:
    try:
        return word.search(path.read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False


def _selected(text: str) -> Iterator[Selected]:
    path = Path(text)
    try:
        if not text:
            raise BadPath("a path is empty")
        if path.is_dir():
            yield from (Selected(script) for script in scripts_below(path))
        elif path.exists():
            if path.suffix != SUFFIX:
                raise BadPath(f"`{text}` is not a proof script: their names end with `{SUFFIX}`")
            yield Selected(path)
        else:
            yield _claim(text)
    except OSError as error:
        raise BadPath(f"`{error.filename or text}` cannot be read: {error.strerror or error}") from None


def _claim(text: str) -> Selected:
    file, colon, claim = text.rpartition(":")
    if not colon or not file.endswith(SUFFIX):
        raise BadPath(f"`{text}` does not exist")
    if not Path(file).is_file():
        raise BadPath(f"`{file}` does not exist")
    if not claim:
        raise BadPath(f"`{text}` has no claim's name after the colon")
    return Selected(Path(file), claim)


def scripts_below(folder: Path) -> list[Path]:
    """All scripts below a folder, sorted by path.

    Names that begin with a dot are skipped. Links to folders are not followed; a link to a file is taken only when it
    leads to a place below the folder, and then once.

    Raises:
        OSError: a folder cannot be read, so it is not known what it holds.
    """
    root = folder.resolve()
    found: list[Path] = []
    links: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith(".") or not name.endswith(SUFFIX):
                continue
            path = Path(parent, name)
            if path.is_symlink():
                links.append(path)
            elif path.is_file():
                found.append(path)
    seen = {path.resolve() for path in found}
    for link in sorted(links):
        try:
            real = link.resolve()
        except (OSError, RuntimeError):  # links that lead to each other
            continue
        if real.is_file() and real.is_relative_to(root) and real not in seen:
            seen.add(real)
            found.append(link)
    return sorted(found, key=lambda path: path.parts)


def _fail(error: OSError) -> None:
    raise error
