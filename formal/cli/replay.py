"""``formal replay``: have the kernel check a folder of certificates, and compare it with the lock file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formal.cli.option import colored
from formal.cli.terminal import put, screen_of
from formal.report.verdict import counted
from formal.text.escape import clip, terminal
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.store.replay import ReplayReport

_COLOURS = {"accepted": 32, "same": 32, "rejected": 31}
_OTHER_COLOUR = 33


@click.command(short_help="Re-check a folder of certificates.")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--lock",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Lock file to compare with.  [default: proofs.lock in DIR, else in the project's root]",
)
@colored
def replay(directory: Path, lock: Path | None, color: str) -> int:
    """Have the kernel check every certificate in DIR, and compare the verdicts with the lock file.

    No solver is asked, and no script is read: the kernel reads claims and certificates only.

    \b
    Example:
      formal check --certificates certs && formal replay certs

    \b
    Exit status: 0 all accepted, and the same as in the lock file if there is one;
    1 something is different, obsolete or missing; 4 the kernel rejects a certificate;
    2 the folder or the lock file cannot be read; 5 there is no certificate.
    """
    from formal.store.replay import replay as replay_folder

    report = replay_folder(directory, lock=lock)
    put("".join(f"{line}\n" for line in _lines(report, screen_of(sys.stdout, color).color)))
    return int(replay_exit_code(report))


def _lines(report: ReplayReport, color: bool) -> list[str]:
    widest = max((len(claim.finding) for claim in report.claims), default=0)
    lines = []
    for claim in report.claims:
        word = f"{claim.finding:<{widest}}"
        if color:
            word = f"\x1b[{_COLOURS.get(claim.finding, _OTHER_COLOUR)}m{word}\x1b[0m"
        verdict = f" ({terminal(claim.verdict)})" if claim.verdict else ""
        detail = f": {terminal(clip(claim.detail))}" if claim.detail else ""
        lines.append(f"{word}  {terminal(claim.name)}{verdict}{detail}")
    counts = ", ".join(f"{number} {finding}" for finding, number in report.counts.items())
    lines.append(f"{counted(len(report.claims), 'certificate')}{': ' if counts else ''}{counts}")
    return lines


def replay_exit_code(report: ReplayReport) -> ExitCode:
    """Rejected is worse than not as locked, and no certificate at all is no success."""
    from formal.store.replay import Finding

    if Finding.REJECTED in report.counts:
        return ExitCode.INTERNAL
    if not report.claims:
        return ExitCode.NOTHING_SELECTED
    return ExitCode.AS_EXPECTED if report.as_locked else ExitCode.NOT_AS_EXPECTED
