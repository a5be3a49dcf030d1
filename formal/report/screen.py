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
    """

    columns: int = 80
    color: bool = False
    unicode: bool = True
