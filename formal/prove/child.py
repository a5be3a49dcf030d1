"""A prover's process, seen from outside: it is asked, watched, and killed when it does not answer properly.

Whatever goes wrong there (a crash, silence, an answer that cannot be read) becomes an answer of its own here, never a
proof.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from formal.process.child import Broken, Fault, Process

MEMORY = 2048
SECONDS = 120.0


class Status(StrEnum):
    """What comes of a job."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"
    KILLED = "killed"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Job:
    """What a prover is asked; see ``z3_worker``.

    Args:
        kind: ``quantified`` or ``ground``.
        text: SMT-LIB.
        options: parameters of the solver.
        resources: resource units; ``check``: those of each step of minimising.
        count: how many named formulas there are, for ``ground``.
        seconds: after so long it is killed: a safety net, not a budget.
        memory: MiB.
    """

    kind: str
    text: bytes
    options: Mapping[str, bool | int] = field(default_factory=dict)
    resources: int = 10_000_000
    check: int = 1_000_000
    count: int = 0
    seconds: float = SECONDS
    memory: int = MEMORY


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a job.

    Args:
        detail: why it is no answer, in words.
        body: what the prover found, not yet checked; None where there is nothing.
    """

    status: Status
    detail: str = ""
    resources: int = 0
    body: Any = None


_BODY_LIMIT = 256 * 1024 * 1024


def worker_command() -> list[str]:
    """The command that starts Z3's process."""
    return [sys.executable, "-P", "-m", "formal.prove.z3_worker"]


class Child(Process):
    """A child process that does one job after another; restarted when it misbehaves.

    It is started by the first job and lives until ``close``. Not to be shared between threads.

    Args:
        command: what to run instead of the package's own worker.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        super().__init__(worker_command() if command is None else command, "prover")

    def ask(self, job: Job, stop: Callable[[], bool] = lambda: False) -> Reply:
        """Do one job; ``KILLED`` or ``CRASHED`` when anything is not as it should be.

        Args:
            stop: asked every now and then whether the job has become pointless.
        """
        header = {
            "kind": job.kind,
            "options": dict(job.options),
            "resources": job.resources,
            "memory": job.memory,
            "check": job.check,
            "count": job.count,
        }
        try:
            answer, body = self.converse(header, job.text, job.seconds, _accept, stop)
            return Reply(Status(answer["status"]), answer["reason"][:200], answer["resources"], _body(body))
        except Broken as broken:
            self.close()
            return Reply(Status.KILLED if broken.fault is Fault.KILLED else Status.CRASHED, broken.detail)


def _accept(answer: dict[str, Any]) -> None:
    if answer["status"] not in (Status.SAT, Status.UNSAT, Status.UNKNOWN):
        raise Broken(Fault.GARBAGE, "the answer is not one to this question")
    if not 0 <= answer["size"] <= _BODY_LIMIT:
        raise Broken(Fault.GARBAGE, "the answer has no proper size")


def _body(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError) as error:
        raise Broken(Fault.GARBAGE, "the answer's body is no JSON") from error
