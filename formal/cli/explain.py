"""``formal explain``: what a diagnostic's code means; ``formal explain proof``: why a theorem holds."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from formal.cli.option import colored
from formal.cli.terminal import put, screen_of
from formal.report.screen import Screen
from formal.text import Code
from formal.text.escape import terminal
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.prove.result import Proof
    from formal.statement.model import Obligation

_WIDEST = 88


@click.command(short_help="Say what a code means, or why a theorem holds.")
@click.argument("code", required=False)
@click.argument("name", required=False)
@click.option(
    "--in", "file", type=click.Path(dir_okay=False, exists=True), metavar="FILE", help="The script with the theorem."
)
@colored
def explain(code: str | None, name: str | None, file: str | None, color: str) -> int:
    """Say what a diagnostic's code means, with an example, and how to mend it.

    Without CODE, list all codes. `formal explain proof NAME` lists the laws and hypotheses that the proof of a
    theorem uses, each instance in the notation of the language.

    \b
    Examples:
      formal explain not-composable
      formal explain
      formal explain proof monos_compose --in proofs/library/monomorphism.cat
    """
    if code == "proof" and name is not None:
        return _explain_proof(name, file, color)
    if name is not None or file is not None:
        raise click.UsageError("a code is one word; a proof is explained by `formal explain proof NAME [--in FILE]`")
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


def _explain_proof(name: str, file: str | None, color: str) -> int:
    """Prove a theorem, and print what each obligation's certificate says."""
    from formal.cli.theorems import theorem_named
    from formal.verify.engines import Engines
    from formal.verify.options import Options
    from formal.verify.run import check_counter_model
    from formal.verify.theorem import Setting, prove_theorem

    statement = theorem_named(name, file)
    screen = screen_of(sys.stdout, color)
    lines: list[str] = [_styled(f"{statement.file}:{terminal(statement.name)}", "1", screen)]
    status = ExitCode.AS_EXPECTED
    with Engines() as engines:
        for obligation, proof in prove_theorem(statement, Setting(Options(), engines, check_counter_model)):
            lines.append("")
            if proof is None:
                status = ExitCode.INCONCLUSIVE
                lines.append(_styled(f"{terminal(obligation.name)}: not proved", "1;33", screen))
                continue
            lines += _proof_lines(obligation, proof, screen)
    put("".join(f"{line}\n" for line in lines))
    return int(status)


def _proof_lines(obligation: Obligation, proof: Proof, screen: Screen) -> Iterator[str]:
    from formal.prove.readable import readable_proof
    from formal.statement.show import show_formula

    read = readable_proof(proof.claim, proof.certificate)
    yield _styled(terminal(f"{obligation.name}: {show_formula(obligation.formula)}"), "1", screen)
    if read.supposed:
        yield from _paragraph(f"Suppose not, for some {', '.join(read.supposed)}. Then:", "  ", screen)
    else:
        yield "  Suppose not. Then:"
    widest = max(len(step.law) for step in read.steps)
    for step in read.steps:
        label = "not the goal" if step.law == "goal" else step.law
        yield from _paragraph(f"{label:<{max(widest, 12)}}  {step.text}", "    ", screen)
    yield "  These contradict each other."
    uses = ", ".join(law if count == 1 else f"{law} ({count} times)" for law, count in read.laws)
    yield from _paragraph(f"Used: {uses or 'nothing but the goal'}. Found by {proof.configuration}.", "  ", screen)


def _paragraph(text: str, indent: str, screen: Screen) -> list[str]:
    rest = f"{indent}    "
    return textwrap.wrap(
        terminal(text), max(40, screen.columns), initial_indent=indent, subsequent_indent=rest, replace_whitespace=False
    )


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
