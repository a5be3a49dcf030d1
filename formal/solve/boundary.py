"""A second opinion on a solution: Z3 proves that the claim holds, or fails, all over each of its pieces."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum

from formal.enriched.formula import Formula
from formal.process.child import Broken, Fault, Process
from formal.solve.smtlib import Translation, Untranslatable, bound
from formal.solve.solution import Piece, Solution, Status


class Agreement(StrEnum):
    """What the solver says of a solution."""

    PROVED = "proved"
    """Of every piece that is decided, that the claim is there what the solution says."""
    PARTLY = "partly"
    """Of some pieces; of none the opposite."""
    REFUTED = "refuted"
    """Of some piece the opposite: somebody is wrong."""
    SKIPPED = "skipped"
    """It was not asked."""


@dataclass(frozen=True, slots=True)
class BoundaryLimits:
    """What the solver may use for one piece.

    Args:
        resources: Z3's own units.
        memory: of its process, in MiB.
        seconds: wall time after which the process is killed.
        pieces: the most that are asked about.
    """

    resources: int = 20_000_000
    memory: int = 1024
    seconds: float = 30.0
    pieces: int = 64


@dataclass(frozen=True, slots=True)
class Boundary:
    """The answer.

    Args:
        proved: how many pieces; ``asked`` are decided by the solution.
        reason: why not all of them, or why none was asked about.
        resources: Z3's units used, all pieces together.
        solver: name and version; empty when it was not asked.
    """

    agreement: Agreement
    proved: int = 0
    asked: int = 0
    reason: str = ""
    resources: int = 0
    solver: str = ""


def solver() -> Process:
    """A process that answers the questions; started by the first."""
    return Process([sys.executable, "-P", "-m", "formal.solve.worker"], "solver")


def prove_boundary(
    formula: Formula,
    solution: Solution,
    limits: BoundaryLimits = BoundaryLimits(),
    process: Process | None = None,
) -> Boundary:
    """Have Z3 prove, in a process of its own, what a solution says of each piece of the range.

    With an end of a piece that is algebraic the question speaks of the root of its polynomial, so that what is proved
    includes where exactly the claim changes.

    Args:
        process: a running one to be used again.
    """
    pieces = [piece for piece in solution.pieces if piece.status in (Status.HOLDS, Status.FAILS)]
    if len(pieces) > limits.pieces:
        return Boundary(Agreement.SKIPPED, reason=f"there are more than {limits.pieces} pieces")
    try:
        translation = Translation(formula, solution.precision)
    except Untranslatable as why:
        return Boundary(Agreement.SKIPPED, reason=f"no question for Z3: {why}")
    if process is not None:
        return _asked(translation, pieces, limits, process)
    with solver() as own:
        return _asked(translation, pieces, limits, own)


def _asked(translation: Translation, pieces: list[Piece], limits: BoundaryLimits, process: Process) -> Boundary:
    proved = resources = 0
    reason = version = ""
    for piece in pieces:
        text = "\n".join([*translation.lines, *_question(piece)]).encode()
        header = {"resources": limits.resources, "memory": limits.memory}
        try:
            answer, _ = process.converse(header, text, limits.seconds, _accept)
        except Broken as broken:
            reason = reason or str(broken)
            continue
        resources += answer["resources"]
        version = answer["solver"][:80]
        match answer["status"]:
            case "unsat":
                proved += 1
            case "sat" if translation.is_exact:
                why = "Z3 contradicts what is said of a piece"
                return Boundary(Agreement.REFUTED, proved, len(pieces), why, resources, version)
            case "sat":
                reason = reason or "exponentials and logarithms are enclosed too coarsely for Z3"
            case _:
                reason = reason or f"Z3 does not know: {answer['reason']}"
    agreement = Agreement.PROVED if proved == len(pieces) else Agreement.PARTLY
    return Boundary(agreement, proved, len(pieces), reason, resources, version)


def _question(piece: Piece) -> list[str]:
    """Is there a number in the piece for which the claim is not what is said?"""
    asserted = "(assert (not claim))" if piece.status is Status.HOLDS else "(assert claim)"
    if piece.lower == piece.upper:
        return [*bound("=", piece.lower, "lower"), asserted]
    return [
        *bound(">=" if piece.has_lower else ">", piece.lower, "lower"),
        *bound("<=" if piece.has_upper else "<", piece.upper, "upper"),
        asserted,
    ]


def _accept(answer: dict[str, object]) -> None:
    if answer["status"] not in ("sat", "unsat", "unknown") or answer["size"] != 0:
        raise Broken(Fault.GARBAGE, "the answer is not one to this question")
