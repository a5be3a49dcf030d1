"""``formal audit``: what the theorems and claims of scripts assume too much, and what they say too little."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from formal.cli.check import Destination, check_once, options_of
from formal.cli.terminal import screen_of
from formal.report.format import Format


@click.command(short_help="Ask what statements assume too much.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--warn", is_flag=True, help="Findings are warnings: they do not change the exit status.")
@click.option("--size", type=click.IntRange(min=0), metavar="N", help="Largest counter-model searched for.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Random seed of the solvers.  [default: 0]")
@click.option("-j", "--jobs", type=click.IntRange(min=0), metavar="N", help="Files at once; 0: one a processor.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write remembered verdicts.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(list(map(str, Format))),
    default=str(Format.FULL),
    show_default=True,
    help="How the report is written.",
)
@click.option(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the report is written, instead of standard output.",
)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def audit(paths: tuple[str, ...], output: str, output_file: Path | None, color: str, **choices: Any) -> int:
    """Check scripts, and ask of each theorem, and of each claim with a hypothesis:

    \b
      are the hypotheses satisfiable, and not only by empty or discrete structures?
      is each of them needed? does the goal hold without any?
      is the goal one of them? is something declared and never used?
      does the goal imply a hypothesis? does it hold in the opposite categories?

    A finding (vacuous, redundant, tautology, circular, unused) is an error, unless the theorem accepts it:
    `accept redundant(NAME): "reason"`.

    \b
    Examples:
      formal audit proofs/library/yoneda_lemma.cat
      formal audit mine.cat:my_theorem --warn
      formal audit proofs --output sarif --output-file audit.sarif

    Exit status: as `formal check`; 1 also when there are findings.
    """
    screen = screen_of(sys.stdout, "never" if output_file else color)
    destination = Destination(Format(output), output_file, replace(screen, at_length=False))
    if output_file is not None and not output_file.absolute().parent.is_dir():
        raise click.UsageError(f"the folder of the output file does not exist: {output_file}")
    code, _ = check_once(paths, options_of({**choices, "audit": True}), destination)
    return int(code)
