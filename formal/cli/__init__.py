"""The command line."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``formal`` with these arguments, by default those of the process; gives the exit status."""
    from formal.cli.command import run_command

    return run_command(arguments)
