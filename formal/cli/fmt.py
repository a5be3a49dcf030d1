"""``formal fmt``: the canonical layout of scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from formal.cli.discover import discover
from formal.cli.terminal import put, say
from formal.report.diagnostic import render_plain
from formal.report.verdict import counted
from formal.text import Code, Diagnostic, Rejection, Source
from formal.verdict.result import ExitCode


@click.command(short_help="Format scripts.")
@click.argument("paths", nargs=-1, metavar="[PATH | -]...")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if something is not formatted.")
@click.option(
    "--unicode/--ascii",
    "unicode",
    default=None,
    help="Write symbols as → ∀ ∈ or as -> forall in.  [default: as most symbols of the script are written]",
)
def fmt(paths: tuple[str, ...], only_check: bool, unicode: bool | None) -> int:
    """Bring scripts into the canonical layout; comments are kept.

    PATH is a script or a folder, by default proofs/ or else the current folder. With -, a script is read from
    standard input and the formatted one written to standard output.

    \b
    Examples:
      formal fmt
      formal fmt --check proofs
      formal fmt --unicode square.cat
      cat square.cat | formal fmt -
    """
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` stands alone: it cannot be combined with other paths")
        return _format_input(only_check, unicode)
    if any(":" in path and not Path(path).exists() for path in paths):
        raise click.UsageError("whole scripts are formatted: a path cannot name a claim")
    scripts = [selected.path for selected in discover(paths)]
    if not scripts:
        say("nothing to format: no scripts (`*.cat`) there")
        return int(ExitCode.NOTHING_SELECTED)
    changed = failed = 0
    for path in scripts:
        try:
            changed += _format_file(path, only_check, unicode)
        except Rejection as rejection:
            failed += 1
            _complain(rejection)
    verb = "would change" if only_check else "changed"
    parts = [f"{counted(changed, 'script')} {verb}", f"{len(scripts) - changed - failed} left as they are"]
    say(", ".join([*parts, *([f"{failed} with errors"] if failed else [])]))
    if failed:
        return int(ExitCode.BAD_INPUT)
    return int(ExitCode.NOT_AS_EXPECTED if only_check and changed else ExitCode.AS_EXPECTED)


def _format_file(path: Path, only_check: bool, unicode: bool | None) -> bool:
    """Format one file in its place; gives whether it changes."""
    from formal.store.file import write_whole

    before = _decode(_read(path), str(path))
    after = _formatted(Source(str(path), before.replace("\r\n", "\n")), unicode)
    if after == before:
        return False
    if only_check:
        put(f"{path}\n")
        return True
    try:
        write_whole(path.resolve(), after.encode("utf-8"))
    except OSError as error:
        raise _unusable(f"`{path}` cannot be written: {error.strerror or error}") from None
    return True


def _format_input(only_check: bool, unicode: bool | None) -> int:
    before = _decode(sys.stdin.buffer.read(), "<stdin>")
    try:
        after = _formatted(Source("<stdin>", before.replace("\r\n", "\n")), unicode)
    except Rejection as rejection:
        _complain(rejection)
        return int(ExitCode.BAD_INPUT)
    if only_check:
        return int(ExitCode.AS_EXPECTED if after == before else ExitCode.NOT_AS_EXPECTED)
    put(after)
    return 0


def _formatted(source: Source, unicode: bool | None) -> str:
    from formal.syntax.format import format_source

    return format_source(source, unicode=unicode)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(f"`{path}` cannot be read: {error.strerror or error}") from None


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(f"`{name}` is not UTF-8: the byte at offset {error.start} cannot be decoded") from None


def _unusable(message: str) -> Rejection:
    return Rejection([Diagnostic(Code.UNREADABLE_FILE, message, None)])


def _complain(rejection: Rejection) -> None:
    for diagnostic in rejection.diagnostics:
        say(f"{render_plain(diagnostic)}\n")
