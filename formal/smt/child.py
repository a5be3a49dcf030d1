"""The solver's process, seen from outside: it is asked, watched, and killed when it does not answer properly.

Whatever goes wrong there (a crash, silence, an answer that cannot be read) becomes an answer of its own here, never a
verdict.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

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


_HEADER_LIMIT = 65536


class _Broken(Exception):
    """The conversation with the child cannot go on."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)


def worker_command() -> list[str]:
    """The command that starts the solver's process."""
    return [sys.executable, "-P", "-m", "formal.smt.worker"]


class Solver:
    """A child process that solves one problem after another, each in a fresh context; restarted when it misbehaves.

    It is started by the first question and lives until ``close``. Not to be shared between threads.

    Args:
        command: what to run instead of the package's own worker.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(worker_command() if command is None else command)
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0

    def __enter__(self) -> Solver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()

    def ask(self, text: bytes, variable_count: int, limits: SolverLimits) -> Reply:
        """Solve one problem.

        Args:
            text: the problem in DIMACS format, with ``variable_count`` variables.
        Returns:
            Its answer; ``UNKNOWN`` with the reason when anything is not as it should be.
        """
        try:
            return self._converse(text, variable_count, limits)
        except _Broken as broken:
            self.close()
            return Reply(Status.UNKNOWN, broken.reason, broken.detail)
        except BaseException:
            self.close()
            raise

    def _converse(self, text: bytes, variable_count: int, limits: SolverLimits) -> Reply:
        deadline = time.monotonic() + limits.seconds
        self._jobs += 1
        header = {
            "job": self._jobs,
            "size": len(text),
            "resources": limits.resources,
            "memory": limits.memory,
            "seed": limits.seed,
        }
        pending = memoryview(json.dumps(header).encode() + b"\n" + text)
        process = self._running()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise _Broken(Reason.CRASHED, "the solver has no input or output")
        received = bytearray()
        answer: dict[str, Any] | None = None
        body = 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            while answer is None or len(received) < body + answer["size"]:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise _Broken(Reason.KILLED, f"no answer after {limits.seconds:g} seconds")
                for key, _ in selector.select(remaining):
                    if key.fileobj is stdin:
                        pending = pending[_write(stdin.fileno(), pending) :]
                        if not pending:
                            selector.unregister(stdin)
                        continue
                    chunk = os.read(stdout.fileno(), 1 << 16)
                    if not chunk:
                        raise _Broken(Reason.CRASHED, _last_words(process))
                    received += chunk
                if answer is None and (end := received.find(b"\n")) >= 0:
                    answer = _parse(bytes(received[:end]), self._jobs, variable_count)
                    body = end + 1
                if answer is None and len(received) > _HEADER_LIMIT:
                    raise _Broken(Reason.GARBAGE, "the answer has no end")
        if pending or len(received) > body + answer["size"]:
            raise _Broken(Reason.GARBAGE, "the solver answers more than it was asked")
        return _reply(answer, bytes(received[body:]), limits)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        package_root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
                # An interrupt from the terminal is for the parent; it kills the child.
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise _Broken(Reason.CRASHED, f"the solver cannot be started: {error}") from error
        self._process = process
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        return process


def _write(descriptor: int, data: memoryview) -> int:
    try:
        return os.write(descriptor, data[: 1 << 16])
    except BlockingIOError:
        return 0
    except BrokenPipeError as error:
        raise _Broken(Reason.CRASHED, "the solver closed its input") from error


def _last_words(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "the solver closed its output"
    return f"the solver died of signal {-code}" if code < 0 else f"the solver ended with exit code {code}"


def _parse(line: bytes, job: int, variable_count: int) -> dict[str, Any]:
    """The header of an answer, when it is one to this job."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Broken(Reason.GARBAGE, "the answer is no JSON") from error
    types = {"job": int, "status": str, "reason": str, "resources": int, "solver": str, "size": int}
    if not isinstance(answer, dict) or any(type(answer.get(name)) is not kind for name, kind in types.items()):
        raise _Broken(Reason.GARBAGE, "the answer has no status, or not all that belongs to it")
    if answer["job"] != job or answer["status"] not in tuple(Status):
        raise _Broken(Reason.GARBAGE, "the answer is not one to this question")
    if answer["size"] != (variable_count + 1 if answer["status"] == Status.SAT else 0):
        raise _Broken(Reason.GARBAGE, "the answer's model has the wrong size")
    return answer


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
        raise _Broken(Reason.GARBAGE, "the answer's model is no assignment")
    return Reply(status, reason, detail[:200], model, used, answer["solver"][:80])
