"""Which theorem is meant by a name on the command line."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formal.cli.discover import scripts_with
from formal.cli.terminal import say
from formal.report.diagnostic import render_plain
from formal.report.verdict import is_error

if TYPE_CHECKING:
    from formal.statement.model import Statement


def theorem_named(name: str, file: str | None) -> Statement:
    """The theorem of that name in a script, or in the only script that has one.

    Raises:
        click.UsageError: there is none, there are several, or it has errors.
    """
    if file is None:
        return _only(name, _everywhere(name), "--in FILE says which one is meant", "--in FILE says where to look")[1]
    found = _theorems(Path(file), name)
    if not found:
        raise click.UsageError(f"`{file}` has no theorem `{name}`{_close(name, file)}")
    return found[0]


def place_of(name: str) -> Path:
    """The only script that has a theorem of that name.

    Raises:
        click.UsageError: there is none, there are several, or the theorem has errors.
    """
    return _only(name, _everywhere(name), "SCRIPT.cat:NAME says which one is meant", "nor is that a path")[0]


Found = list[tuple[Path, "Statement"]]


def _everywhere(name: str) -> Found:
    """The theorems of that name in all scripts."""
    word = re.compile(rf"theorem\s+\"?{re.escape(name)}(?![\w'])")
    return [(path, statement) for path in scripts_with(word) for statement in _theorems(path, name)]


def _only(name: str, found: Found, if_several: str, if_none: str) -> tuple[Path, Statement]:
    if not found:
        raise click.UsageError(f"no script here has a theorem `{name}`; {if_none}")
    if len(found) > 1:
        places = ", ".join(str(path) for path, _ in found)
        raise click.UsageError(f"several scripts have a theorem `{name}`: {places}; {if_several}")
    return found[0]


def _theorems(path: Path, name: str) -> list[Statement]:
    """The theorem of that name in one script, none or one."""
    from formal.elaborate.module import Loader, find_root
    from formal.verify.run import elaborate_theorems

    script = Loader(find_root(path)).load(path)
    if not any(node.name.text == name for node in script.theorems):
        if not script.theorems:
            for diagnostic in filter(is_error, script.diagnostics):
                say(f"{render_plain(diagnostic)}\n")
        return []
    statements, diagnostics = elaborate_theorems(script)
    chosen = [statement for statement in statements if statement.name == name]
    if not chosen:
        for diagnostic in [*script.diagnostics, *diagnostics]:
            if is_error(diagnostic):
                say(f"{render_plain(diagnostic)}\n")
        raise click.UsageError(f"the theorem `{name}` has errors")
    return chosen


def _close(name: str, file: str) -> str:
    from formal.elaborate.module import Loader, find_root

    script = Loader(find_root(Path(file))).load(Path(file))
    close = get_close_matches(name, [node.name.text for node in script.theorems], n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
