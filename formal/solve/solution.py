"""The numbers for which a claim holds: a range in cells, points and intervals, and what is true on each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formal.enriched.evidence import Algebraic, Decomposition, Evidence
from formal.enriched.expression import Unknown
from formal.solve.show import Names, show_pieces


class Status(StrEnum):
    """What is known of a claim on a piece of the range."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    """Not decided: a budget ran out, or constants are enclosed too coarsely."""
    UNDEFINED = "undefined"
    """It has no meaning there: a division by zero, or an entry that is no value of its quantale."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A largest interval of numbers on which the same is known.

    Args:
        lower, upper: equal for one number.
        has_lower, has_upper: whether the ends belong to it.
        reason: why it is unknown or undefined; empty otherwise.
    """

    lower: Algebraic
    upper: Algebraic
    has_lower: bool
    has_upper: bool
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer for a claim with one parameter.

    Args:
        decomposition: the cells, for the kernel; undefined ones count as unknown.
        pieces: the same for readers, cells put together.
        evidence: of what does not depend on the parameter.
        precision: to how many bits the kernel has to enclose irrational constants, so that it can follow.
        steps: elementary operations used.
    """

    parameter: Unknown
    decomposition: Decomposition
    pieces: tuple[Piece, ...]
    evidence: Evidence
    precision: int
    steps: int

    @property
    def truth(self) -> bool | None:
        """True when the claim holds all over the range, False when it fails somewhere, None when neither is known."""
        found = {piece.status for piece in self.pieces}
        if Status.FAILS in found:
            return False
        return True if found == {Status.HOLDS} else None

    @property
    def is_complete(self) -> bool:
        """Whether the claim is decided for all numbers of the range."""
        return {piece.status for piece in self.pieces} <= {Status.HOLDS, Status.FAILS}

    @property
    def counterexample(self) -> Algebraic | None:
        """A number for which the claim fails, a rational one if there is; None when none is known."""
        samples = [cell.sample for cell in self.decomposition.cells if cell.truth == "false"]
        rational = [sample for sample in samples if sample.lower == sample.upper]
        return min(rational, key=lambda s: (s.lower.denominator, s.lower), default=samples[0] if samples else None)

    @property
    def reason(self) -> str:
        """Why it is not decided everywhere; empty when it is."""
        return next((piece.reason for piece in self.pieces if piece.reason), "")

    @property
    def set_text(self) -> str:
        """The set of numbers for which the claim holds, such as ``[0, (sqrt(5) - 1)/2]``."""
        return self.text_of(Status.HOLDS)

    def text_of(self, status: Status) -> str:
        """The set of numbers of which this is known, with what its end points are where a name stands for them.

        A name stands for the same number whatever the status.
        """
        names = Names(self.parameter.name)
        for piece in self.pieces:
            names.text(piece.lower)
            names.text(piece.upper)
        names.explained("")
        shown = [
            (piece.lower, piece.upper, piece.has_lower, piece.has_upper)
            for piece in self.pieces
            if piece.status is status
        ]
        return names.explained(show_pieces(shown, names))


def pieces_of(
    decomposition: Decomposition, statuses: tuple[Status, ...], reasons: tuple[str, ...]
) -> tuple[Piece, ...]:
    """Neighbouring cells put together where the same is known of them; the first reason stands for all."""
    found: list[Piece] = []
    for cell, status, reason in zip(decomposition.cells, statuses, reasons, strict=True):
        is_point = cell.lower == cell.upper
        piece = Piece(cell.lower, cell.upper, is_point, is_point, status, reason)
        if found and found[-1].status is status:
            before = found.pop()
            piece = Piece(before.lower, cell.upper, before.has_lower, is_point, status, before.reason or reason)
        found.append(piece)
    return tuple(found)
