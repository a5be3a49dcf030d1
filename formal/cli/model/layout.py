"""How what is said of bundles is laid out, and options that the commands on bundles share."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.terminal import put, say, screen_of
from formal.text.escape import clip, json_text, terminal

if TYPE_CHECKING:
    from fractions import Fraction

    from formal.quantale import Number

FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
MOST_LISTED = 20
_LONGEST = 80
_NAME = 16


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--output``, ``full`` or ``json``."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(["full", "json"]),
        default="full",
        show_default=True,
        help="How it is written.",
    )(command)


def field(name: str, text: str) -> Iterator[str]:
    """``  name          text``, wrapped."""
    columns = screen_of(sys.stdout, "auto").columns
    head, *tail = textwrap.wrap(terminal(text), columns - _NAME, break_on_hyphens=False) or [""]
    yield f"  {name:<{_NAME - 2}}{head}"
    yield from (f"{'':{_NAME}}{line}" for line in tail)


def entry(name: str, text: str) -> Iterator[str]:
    """A name, and below it what there is to say."""
    columns = screen_of(sys.stdout, "auto").columns
    yield clip(terminal(name), columns)
    yield from (f"  {line}" for line in textwrap.wrap(terminal(text), columns - 2, break_on_hyphens=False))


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(clip(name, _LONGEST) for name in names[:MOST_LISTED]) + more


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most some columns, one at least."""
    return textwrap.wrap(terminal(text), columns) or [""]


def number(value: Number) -> str:
    """A number to read: exact where that is short, else in decimals."""
    if value == float("inf"):
        return "infinity"
    if isinstance(value, float) or len(str(value)) <= 9:
        return str(value)
    return f"about {float(value):.6g}"


def decimal(value: Fraction) -> str:
    """A number in decimals."""
    return f"{float(value):.6g}"


def write_text(path: Path, text: str) -> None:
    """Write a file, and say so.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be written: {error.strerror or error}") from None
    say(f"written to {path}")


def put_json(value: dict[str, Any]) -> None:
    """Put an object of JSON on standard output."""
    put(json_text(json.dumps(value, indent=2)) + "\n")
