"""``formal export``: the obligations of a theorem for other provers, as SMT-LIB or TPTP."""

from __future__ import annotations

import re
from pathlib import Path

import click

from formal.cli.option import in_script
from formal.cli.terminal import put, say

_SUFFIXES = {"smtlib": "smt2", "tptp": "p"}


@click.command(short_help="Write a theorem for other provers.")
@click.argument("name")
@in_script("states")
@click.option("--format", type=click.Choice(list(_SUFFIXES)), default="smtlib", show_default=True)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write one file an obligation there, instead of all to standard output.",
)
def export(name: str, file: str | None, format: str, folder: Path | None) -> int:  # noqa: A002
    """Write each obligation of the theorem called NAME in first-order logic, for another prover to run.

    Objects, arrows and elements are guarded by predicates, since a category or a set may be empty. `unsat`, or
    "Theorem", means that the obligation holds for all categories. What is second-order is left out, as in our proofs.

    \b
    Examples:
      formal export monos_compose --format tptp --to obligations && eprover --auto obligations/*.p
      formal export monos_compose | cvc5 -
    """
    from formal.certificate.theorem import write_theorem_claim
    from formal.cli.theorems import theorem_named
    from formal.prove.export import to_smtlib, to_tptp
    from formal.prove.first_order import first_order

    statement = theorem_named(name, file)
    write = to_tptp if format == "tptp" else to_smtlib
    for number, obligation in enumerate(statement.obligations, 1):
        text = write(write_theorem_claim(first_order(statement, obligation)))
        if folder is None:
            put(text if text.endswith("\n") else f"{text}\n")
            continue
        words = "-".join(re.findall(r"[A-Za-z0-9_]+", f"{name} {obligation.name}"))[:80]
        path = folder / f"{words}-{number}.{_SUFFIXES[format]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise click.UsageError(f"`{path}` cannot be written: {error.strerror or error}") from None
        say(f"written to {path}")
    return 0
