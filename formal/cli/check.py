"""``formal check``: decide the claims of scripts, and report."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.discover import Selected, discover
from formal.cli.option import reporting, uncached
from formal.cli.progress import Progress
from formal.cli.terminal import put, say, screen_of
from formal.report.format import Format, closing, piece
from formal.report.screen import Screen
from formal.verdict.result import ExitCode, FileResult, exit_code

if TYPE_CHECKING:
    from formal.verify.options import Options

_STREAMED = (Format.FULL, Format.CONCISE, Format.JSONL, Format.GITHUB)


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """``i/n`` with 1 <= i <= n."""
    if value is None:
        return None
    part, slash, parts = value.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise click.BadParameter(f"`{value}` is not of the form i/n with 1 <= i <= n, such as 1/4", context, parameter)
    return int(part), int(parts)


@click.command(short_help="Prove or refute the claims and theorems of scripts.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    metavar="N",
    help="Files checked at once; 0: one a processor. [default: 1]",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first claim that is not as expected.")
@click.option("--shard", callback=_shard, metavar="I/N", help="Check only the i-th of n parts of the claims.")
@click.option("--watch", is_flag=True, help="Check again whenever a script changes, until Ctrl-C.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "smt", "direct", "both"]),
    default="auto",
    show_default=True,
    help="Who decides: algorithms on tables (direct), Z3 (smt), both (they must agree), or the cheaper one.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Random seed of the solver.  [default: 0]")
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Budget of the direct route, in steps.")
@click.option("--rlimit", type=click.IntRange(min=1), metavar="N", help="Budget of the solver, in its resource units.")
@click.option("--memory", type=click.IntRange(min=64), metavar="MB", help="Memory of the solver, in MiB.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="When the solver is killed."
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show expected counter-examples in full; so it is for a single script or claim.",
)
@click.option(
    "--size", type=click.IntRange(min=0), metavar="N", help="Largest counter-model of a theorem searched for."
)
@click.option("--provers", is_flag=True, help="Ask cvc5, E and Vampire, where installed, for what Z3 does not prove.")
@click.option("--trust-solver", is_flag=True, help="Count proofs of theorems for which no certificate is found.")
@uncached
@click.option(
    "--certificates",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write claims and certificates to this folder, for `formal replay`.",
)
@click.option("--lock", is_flag=True, help="Record the verdicts in proofs.lock, in the project's root.")
@reporting
def check(
    paths: tuple[str, ...],
    watch: bool,
    verbose: bool,
    lock: bool,
    output: str,
    output_file: Path | None,
    color: str,
    **choices: Any,
) -> int:
    """Prove or refute the claims and theorems of scripts, and have the certificates re-checked.

    PATH is a script, a folder, or SCRIPT.cat:CLAIM; by default the folder proofs/, or else the current one.

    \b
    Examples:
      formal check                                   everything under proofs/
      formal check square.cat:commutes               one claim, at length
      formal check proofs --output junit --output-file report.xml
      formal check --shard 1/4 --no-cache            a quarter of the claims, afresh
      formal check --certificates certs && formal replay certs
      formal check --watch square.cat                again after every change

    \b
    Exit status, the worst of what was found:
      4 internal error, kernel rejection or disagreement of the engines
      2 usage or bad input            1 refuted, or not as expected
      3 inconclusive                  5 nothing selected
      0 everything is as expected
    """
    at_length = verbose or (len(paths) == 1 and not os.path.isdir(paths[0]))
    target = destination_of(output, output_file, color, at_length=at_length)
    options = options_of(choices)
    if lock:
        _refuse_partial_lock(paths, options)
    if watch:
        return _watch(paths, options, target)
    code, files = check_once(paths, options, target)
    if lock:
        _lock(files)
    return int(code)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the report goes, and how."""

    format: Format
    file: Path | None
    screen: Screen


def destination_of(output: str, file: Path | None, color: str, *, at_length: bool) -> Destination:
    """Where a report goes by the options of ``reporting``.

    Args:
        at_length: whether expected counter-examples are shown in full.
    Raises:
        click.UsageError: the folder of the file does not exist.
    """
    if file is not None and not file.absolute().parent.is_dir():
        raise click.UsageError(f"the folder of the output file does not exist: {file}")
    screen = screen_of(sys.stdout, "never" if file else color)
    return Destination(Format(output), file, replace(screen, at_length=at_length))


def options_of(choices: dict[str, Any]) -> Options:
    """The options of a run; what the user left open keeps its default there."""
    from formal.verify.options import Options

    names = {"memory": "memory_mb", "timeout": "timeout_seconds"}
    given = {names.get(key, key): value for key, value in choices.items() if value is not None and key != "no_cache"}
    if given.get("jobs") == 0:
        given["jobs"] = _processors()
    return Options(cache=not choices["no_cache"], **given)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_once(paths: Sequence[str], options: Options, target: Destination) -> tuple[ExitCode, tuple[FileResult, ...]]:
    """Check what the paths name, and report."""
    selection = discover(paths)
    files = _run(selection, options, target) if selection else ()
    if not selection:
        say("nothing to check: no scripts (`*.cat`) there")
        _finish([], (), target)
    code = exit_code(files)
    if options.fail_fast and code is not ExitCode.AS_EXPECTED:
        say("--fail-fast: what comes after the first file that is not as expected was left out")
    return code, files


def _run(selection: Sequence[Selected], options: Options, target: Destination) -> tuple[FileResult, ...]:
    from formal.verify.run import Target, run

    # Files come in the order in which they are done; only a person watching is better served by that.
    is_streamed = target.file is None and target.format in _STREAMED and (options.jobs == 1 or sys.stdout.isatty())
    progress = Progress(len({selected.path for selected in selection}))
    printed: list[FileResult] = []

    def on_file(file: FileResult) -> None:
        progress.count(file)
        if is_streamed:
            progress.clear()
            put(piece(file, target.format, target.screen))
            printed.append(file)
        progress.show(file.file)

    progress.show()
    try:
        files = run([Target(s.path, s.claim) for s in selection], options, on_file=on_file)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{progress.done} of {progress.total} files were checked") from None
    finally:
        progress.clear()
    _finish(printed, files, target)
    return files


def _finish(printed: Sequence[FileResult], files: Sequence[FileResult], target: Destination) -> None:
    """Write what is not printed yet, and the end of the report."""
    rest = [file for file in files if not any(file is other for other in printed)]
    text = "".join(piece(file, target.format, target.screen) for file in rest)
    text += closing(files, target.format, target.screen)
    if target.file is None:
        put(text)
    else:
        _write(target.file, text)
        say(closing(files, Format.CONCISE).rstrip("\n"))


def _write(path: Path, text: str) -> None:
    """Replace a file at once: whoever reads it sees the old report or the new one. A device or a pipe is written to."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
            return
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.write(text)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise click.UsageError(f"the report cannot be written to `{path}`: {error.strerror}") from None


def _refuse_partial_lock(paths: Sequence[str], options: Options) -> None:
    is_whole = options.shard is None and not options.fail_fast and all(s.claim is None for s in discover(paths))
    if not is_whole:
        raise click.UsageError("--lock records whole scripts: not with --shard, --fail-fast or single claims")


def _lock(files: Sequence[FileResult]) -> None:
    """Record what a run over whole files found; the lock keeps what it says of other files."""
    from formal.store.lock import LOCK_NAME, locked, read_lock, write_lock
    from formal.text.project import project_root

    path = (project_root(Path.cwd()) or Path.cwd()) / LOCK_NAME
    try:
        write_lock(path, locked(files, read_lock(path) if path.exists() else None))
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be written: {error.strerror or error}") from None


def _watch(paths: Sequence[str], options: Options, target: Destination) -> int:
    from formal.cli.watch import wait_for_change

    while True:
        _, files = check_once(paths, options, target)
        say("watching for changes; Ctrl-C ends")
        wait_for_change(paths, [file.file for file in files])
