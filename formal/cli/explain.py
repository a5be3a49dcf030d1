"""``formal explain``: what a code means, an example, and how to mend it."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib.resources import files

import click

from formal.cli.terminal import put, screen_of
from formal.text import Code


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
    screen = screen_of(sys.stdout, color)
    text = explanation(Code(wanted))
    if not screen.color:
        put(text)
        return 0
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(screen.columns, 88), force_terminal=True).print(Markdown(text, code_theme="ansi_dark"))
    return 0


def explanation(code: Code) -> str:
    """The explanation of a code, in Markdown.

    Its first line is ``# CODE``, then after a blank line comes one sentence that says what is wrong.
    """
    return files("formal.text").joinpath("explanation", f"{code}.md").read_text(encoding="utf-8")


def title(code: Code) -> str:
    """The sentence that says what is wrong."""
    return next(line for line in explanation(code).splitlines()[1:] if line.strip())
