"""Options that several commands have, each said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from formal.report.format import Format

F = TypeVar("F", bound=Callable[..., Any])


def in_script(verb: str) -> Callable[[F], F]:
    """``--in FILE``, the argument ``file``: the script that states, or declares, what a name means."""
    return click.option(
        "--in",
        "file",
        type=click.Path(dir_okay=False, exists=True),
        metavar="FILE",
        help=f"The script that {verb} it.  [default: looked for under proofs/, or else the current folder]",
    )


colored = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
"""``--color``, the argument of ``screen_of``."""

uncached = click.option("--no-cache", is_flag=True, help="Neither read nor write remembered verdicts.")
"""``--no-cache``, the argument of ``options_of``."""


def reporting(command: F) -> F:
    """``--output``, ``--output-file`` and ``--color``, the arguments of ``destination_of``."""
    output = click.option(
        "-o",
        "--output",
        type=click.Choice(list(map(str, Format))),
        default=str(Format.FULL),
        show_default=True,
        help="How the report is written.",
    )
    output_file = click.option(
        "--output-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Where the report is written, instead of standard output.",
    )
    return output(output_file(colored(command)))
