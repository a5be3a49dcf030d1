"""The solver's process, seen from outside: it is asked, watched, and killed when it does not answer properly.

Whatever goes wrong there (a crash, silence, an answer that cannot be read) becomes an answer of its own here, never a
verdict.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from formal.process.child import Broken, Fault, Process
from formal.smt.limit import SolverLimits
from formal.smt.problem import Model


class Status(StrEnum):
    """What the solver says of a problem."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why there is no verdict."""

    BUDGET = "budget"
    RESOURCE = "resource"
    MEMORY = "memory"
    KILLED = "killed"
    CRASHED = "crashed"
    GARBAGE = "garbage"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Reply:
    """The solver's answer to one problem.

    Args:
        reason: for ``UNKNOWN``, why; ``detail`` in words.
        model: for ``SAT``, the assignment, not yet checked.
        resources: Z3's resource units used.
        solver: name and version.
    """

    status: Status
    reason: Reason | None = None
    detail: str = ""
    model: Model = b""
    resources: int = 0
    solver: str = ""


def worker_command() -> list[str]:
    """The command that starts the solver's process."""
    return [sys.executable, "-P", "-m", "formal.smt.worker"]


class Solver(Process):
    """A child process that solves one problem after another, each in a fresh context; restarted when it misbehaves.

    It is started by the first question and lives until ``close``. Not to be shared between threads.

    Args:
        command: what to run instead of the package's own worker.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        super().__init__(worker_command() if command is None else command, "solver")

    def ask(self, text: bytes, variable_count: int, limits: SolverLimits) -> Reply:
        """Solve one problem.

        Args:
            text: the problem in DIMACS format, with ``variable_count`` variables.
        Returns:
            Its answer; ``UNKNOWN`` with the reason when anything is not as it should be.
        """
        header = {"resources": limits.resources, "memory": limits.memory, "seed": limits.seed}

        def accept(answer: dict[str, Any]) -> None:
            if answer["status"] not in tuple(Status):
                raise Broken(Fault.GARBAGE, "the answer is not one to this question")
            if answer["size"] != (variable_count + 1 if answer["status"] == Status.SAT else 0):
                raise Broken(Fault.GARBAGE, "the answer's model has the wrong size")

        try:
            answer, model = self.converse(header, text, limits.seconds, accept)
            return _reply(answer, model, limits)
        except Broken as broken:
            self.close()
            return Reply(Status.UNKNOWN, Reason(broken.fault.value), broken.detail)


def _reply(answer: dict[str, Any], model: bytes, limits: SolverLimits) -> Reply:
    status, detail, used = Status(answer["status"]), answer["reason"], answer["resources"]
    reason: Reason | None = None
    if status is Status.UNKNOWN:
        if used >= limits.resources:
            reason, detail = Reason.RESOURCE, f"more than {limits.resources} resource units"
        elif "memory" in detail:
            reason, detail = Reason.MEMORY, f"more than {limits.memory} MiB of memory"
        else:
            reason = Reason.INCOMPLETE
    if len(model) and max(model) > 1:
        raise Broken(Fault.GARBAGE, "the answer's model is no assignment")
    return Reply(status, reason, detail[:200], model, used, answer["solver"][:80])
