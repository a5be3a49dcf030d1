"""``formal audit``: what the theorems and claims of scripts assume too much, and what they say too little."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from formal.cli.check import check_once, destination_of, options_of
from formal.cli.option import reporting, uncached
from formal.cli.terminal import say
from formal.report.verdict import counted
from formal.verdict.result import FileResult


@click.command(short_help="Ask what statements assume too much.")
@click.argument("paths", nargs=-1, metavar="[PATH|NAME]...")
@click.option(
    "--emit",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each model that an answer rests on to this folder, as a script that can be checked.",
)
@click.option("--warn", is_flag=True, help="Findings are warnings: they do not change the exit status.")
@click.option("--size", type=click.IntRange(min=0), metavar="N", help="Largest counter-model searched for.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Random seed of the solvers.  [default: 0]")
@click.option("-j", "--jobs", type=click.IntRange(min=0), metavar="N", help="Files at once; 0: one a processor.")
@uncached
@reporting
def audit(
    paths: tuple[str, ...], emit: Path | None, output: str, output_file: Path | None, color: str, **choices: Any
) -> int:
    """Check scripts, and ask of each theorem, and of each claim with a hypothesis:

    \b
      are the hypotheses satisfiable, and not only by empty or discrete structures?
      is each of them needed? does the goal hold without any?
      is the goal one of them? is something declared and never used?
      does the goal imply a hypothesis? does it hold in the opposite categories?

    A finding (vacuous, redundant, tautology, circular, unused) is an error, unless the theorem accepts it:
    `accept redundant(NAME): "reason"`. What can be settled neither way is undecided, and no finding.

    PATH is a script, a folder, or SCRIPT.cat:NAME; a NAME alone is that of a theorem under proofs/, or else in the
    current folder.

    \b
    Examples:
      formal audit proofs/library/yoneda_lemma.cat
      formal audit mine.cat:my_theorem --warn
      formal audit equalizers_split_idempotents --emit models && formal check models
      formal audit proofs --output sarif --output-file audit.sarif

    Exit status: as `formal check`; 1 also when there are findings.
    """
    destination = destination_of(output, output_file, color, at_length=False)
    code, files = check_once([_path(path) for path in paths], options_of({**choices, "audit": True}), destination)
    if emit is not None:
        _emit(emit, files)
    unasked = [claim for file in files for claim in file.claims if not claim.audit and claim.trouble is None]
    if unasked:
        say(f"{counted(len(unasked), 'claim')} without a hypothesis: nothing to ask there")
    return int(code)


def _path(text: str) -> str:
    """The place of a theorem that is meant by its name alone; anything else is a path already."""
    is_path = os.path.exists(text) or ":" in text or text.endswith(".cat") or os.sep in text
    if is_path:
        return text
    from formal.cli.theorems import place_of

    return f"{place_of(text)}:{text}"


def _emit(folder: Path, files: Sequence[FileResult]) -> None:
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, script in _scripts(files):
            (folder / name).write_text(script, encoding="utf-8", newline="\n")
            count += 1
    except OSError as error:
        raise click.UsageError(f"models cannot be written to `{folder}`: {error.strerror or error}") from None
    say(f"{counted(count, 'model')} written to {folder}")


def _scripts(files: Sequence[FileResult]) -> Iterator[tuple[str, str]]:
    """Names of files, each once, and the scripts of all rows that have one."""
    taken: set[str] = set()
    for claim in (claim for file in files for claim in file.claims):
        for row in claim.audit:
            if not row.script:
                continue
            stem = "-".join(filter(None, map(_word, (claim.name, row.question, row.subject))))
            name, number = f"{stem}.cat", 1
            while name in taken:
                number += 1
                name = f"{stem}-{number}.cat"
            taken.add(name)
            yield name, row.script


def _word(text: str) -> str:
    """What of a text is safe in the name of a file."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[:80]
