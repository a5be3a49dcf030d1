"""``formal refute``: look for the smallest counter-model of a theorem, and write it as a script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formal.cli.option import colored, in_script
from formal.cli.terminal import put, say, screen_of
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.verify.theorem import Refutation


@click.command(short_help="Look for a counter-model of a theorem.")
@click.argument("name")
@in_script("states")
@click.option(
    "--emit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the counter-model there, as a script whose claims replay the failure.",
)
@click.option("--size", type=click.IntRange(min=0), metavar="N", help="The largest total size to search.")
@colored
def refute(name: str, file: str | None, emit: Path | None, size: int | None, color: str) -> int:
    """Look for the smallest counter-model of the theorem called NAME, replay it, and show it.

    Every obligation is searched, in order; sizes count objects, arrows that are no identities, and elements.

    \b
    Examples:
      formal refute pointwise_solution_is_enough
      formal refute monos_are_epi --in proofs/library/falsehood.cat --emit counter.cat && formal check counter.cat

    \b
    Exit status: 0 a counter-model was found and replayed, 3 there is none up to the sizes searched,
    4 one was found and could not be replayed, 2 bad input.
    """
    from formal.cli.theorems import theorem_named
    from formal.report.full import full_file
    from formal.verdict.result import FileResult
    from formal.verify.engines import Engines
    from formal.verify.options import Options
    from formal.verify.run import check_counter_model
    from formal.verify.theorem import Setting, refute_theorem

    statement = theorem_named(name, file)
    with Engines() as engines:
        result, refutation = refute_theorem(statement, Setting(Options(size=size), engines, check_counter_model))
    put(full_file(FileResult(statement.file, claims=(result,)), screen_of(sys.stdout, color)))
    if refutation is None:
        return int(ExitCode.INTERNAL if result.trouble is not None else ExitCode.INCONCLUSIVE)
    if emit is not None:
        _emit(emit, refutation)
    return int(ExitCode.AS_EXPECTED)


def _emit(path: Path, refutation: Refutation) -> None:
    try:
        path.write_text(refutation.script, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be written: {error.strerror or error}") from None
    say(f"written to {path}")
