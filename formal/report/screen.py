"""What a terminal can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a report is shown.

    Args:
        columns: how wide it is, in cells.
        color: whether ANSI colours may be used.
        unicode: whether it can show more than ASCII.
        at_length: whether claims that are as expected show their witness or counter-example in full, too.
    """

    columns: int = 80
    color: bool = False
    unicode: bool = True
    at_length: bool = True
