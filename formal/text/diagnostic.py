"""Diagnostics are data: what is wrong, where, and what to do about it.

They are yielded or collected, and rendered by ``formal.report``; nothing else formats them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from formal.text.code import Code
from formal.text.source import Span


class Severity(StrEnum):
    """How bad it is; only errors keep a claim from being decided."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what there is to say about it there; the message may be empty."""

    span: Span
    message: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """The user's text or data is wrong.

    Args:
        code: the behaviour, with an explanation of its own (``formal explain CODE``).
        message: one sentence in the present tense, names in backticks.
        primary: where it is; None only for trouble outside any text (an unreadable file).
        secondary: declarations involved.
        help: what to do, only where it is likely right.
        notes: further facts, such as both sides of a failing equation.
    """

    code: Code
    message: str
    primary: Label | None
    secondary: tuple[Label, ...] = ()
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR


class Rejection(Exception):
    """The input is rejected, for all of these reasons at once."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in self.diagnostics))


class Bug(Exception):
    """An invariant of `formal` itself is broken: never the user's fault."""
