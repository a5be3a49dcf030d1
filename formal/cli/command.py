"""The command ``formal`` and what becomes of its failures.

Every failure ends here: a wrong use or a bad input is 2, Ctrl-C is 130, and anything that nobody foresaw is our fault,
4, with a traceback. Nothing that fails is ever 0.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from formal import __version__
from formal.cli.audit import audit
from formal.cli.check import check
from formal.cli.doctor import doctor
from formal.cli.explain import explain
from formal.cli.export import export
from formal.cli.fmt import fmt
from formal.cli.model import model
from formal.cli.refute import refute
from formal.cli.replay import replay
from formal.cli.show import show
from formal.cli.solve import solve
from formal.cli.terminal import say
from formal.cli.train import train
from formal.text import Rejection
from formal.verdict.result import ExitCode


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def formal() -> None:
    """Prove or refute claims about categories, functors and presheaves.

    \b
    Examples:
      formal check                      every script under proofs/
      formal check square.cat:commutes  one claim of one script
      formal explain not-composable     what a code means and how to mend it
      formal show Square --in square.cat --format svg > square.svg

    \b
    Exit status: 0 as expected, 1 refuted or not as expected, 2 usage or bad input,
    3 inconclusive, 4 internal error, 5 nothing selected, 130 interrupted.
    """


for _command in (check, audit, refute, solve, explain, export, fmt, show, model, train, replay, doctor):
    formal.add_command(_command)


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run the command; every way to end is turned into an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: Any = formal.main(
            args=None if arguments is None else list(arguments), prog_name="formal", standalone_mode=False
        )
        _flush()
    except click.ClickException as error:
        say(f"error: {error.format_message()}")
        if isinstance(error, click.UsageError) and error.ctx is not None:
            say(f"`{error.ctx.command_path} --help` says more")
        return int(ExitCode.BAD_INPUT)
    except Rejection as rejection:
        from formal.report.diagnostic import render_plain

        for diagnostic in rejection.diagnostics:
            say(f"{render_plain(diagnostic)}\n")
        return int(ExitCode.BAD_INPUT)
    except (KeyboardInterrupt, click.Abort) as interruption:
        detail = str(interruption.__cause__ or "")
        say(f"interrupted: {detail}" if detail else "interrupted")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _silence()
        return int(ExitCode.INTERNAL)
    except Exception:
        say(traceback.format_exc())
        say(f"internal error in formal {__version__}: this is our fault, not yours; please report it")
        return int(ExitCode.INTERNAL)
    return int(status or 0)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()


def _silence() -> None:
    """Nobody reads our output any more: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
