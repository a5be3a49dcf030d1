"""``formal explain``: what a code means, an example, and how to mend it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files

import click

from formal.cli.terminal import put, screen_of
from formal.report.screen import Screen
from formal.text import Code

_WIDEST = 88


@click.command(short_help="Say what a diagnostic's code means.")
@click.argument("code", required=False)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def explain(code: str | None, color: str) -> int:
    """Say what a diagnostic's code means, with an example, and how to mend it.

    Without CODE, list all codes.

    \b
    Examples:
      formal explain not-composable
      formal explain
    """
    if code is None:
        widest = max(map(len, Code))
        put("".join(f"{each:<{widest}}  {title(each)}\n" for each in Code))
        return 0
    wanted = code.strip().lower().removeprefix("error[").removeprefix("warning[").removesuffix("]").replace("_", "-")
    if wanted not in list(Code):
        close = get_close_matches(wanted, list(Code), n=1)
        hint = f"did you mean `{close[0]}`?" if close else "`formal explain` lists all codes"
        raise click.UsageError(f"there is no code `{wanted}`; {hint}")
    put("".join(f"{line}\n" for line in shown(explanation(Code(wanted)), screen_of(sys.stdout, color))))
    return 0


def explanation(code: Code) -> str:
    """The explanation of a code, in Markdown.

    Its first line is ``# CODE``; after a blank line comes one sentence that says what is wrong. Code blocks marked
    ``cat fails`` are scripts with exactly this diagnostic, those marked ``cat works`` are mended.
    """
    return files("formal.text").joinpath("explanation", f"{code}.md").read_text(encoding="utf-8")


def title(code: Code) -> str:
    """The sentence that says what is wrong."""
    return next(line for line in explanation(code).splitlines()[1:] if line.strip())


def shown(page: str, screen: Screen) -> Iterator[str]:
    """The lines of an explanation on a terminal: headings bold, paragraphs wrapped, code indented."""
    in_code = False
    for line in page.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            yield _styled(f"    {line}".rstrip(), "36", screen)
        elif line.startswith("#"):
            yield _styled(line.lstrip("# "), "1", screen)
        else:
            yield from textwrap.wrap(line, min(screen.columns, _WIDEST)) or [""]


def _styled(line: str, style: str, screen: Screen) -> str:
    return f"\x1b[{style}m{line}\x1b[0m" if screen.color and line else line
