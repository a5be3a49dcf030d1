"""A prover's process, seen from outside: it is asked, watched, and killed when it does not answer properly.

Whatever goes wrong there (a crash, silence, an answer that cannot be read) becomes an answer of its own here, never a
proof.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any


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
    seconds: float = 120.0
    memory: int = 2048


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


_PATIENCE = 0.05
"""How often, in seconds, a child's job may be stopped."""
_HEADER_LIMIT = 65536
_BODY_LIMIT = 256 * 1024 * 1024


class _Broken(Exception):
    """The conversation with the child cannot go on."""

    def __init__(self, status: Status, detail: str) -> None:
        self.status = status
        self.detail = detail
        super().__init__(detail)


def worker_command() -> list[str]:
    """The command that starts Z3's process."""
    return [sys.executable, "-P", "-m", "formal.prove.z3_worker"]


class Child:
    """A child process that does one job after another; restarted when it misbehaves.

    It is started by the first job and lives until ``close``. Not to be shared between threads.

    Args:
        command: what to run instead of the package's own worker.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(worker_command() if command is None else command)
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0

    def __enter__(self) -> Child:
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

    def ask(self, job: Job, stop: Callable[[], bool] = lambda: False) -> Reply:
        """Do one job; ``KILLED`` or ``CRASHED`` when anything is not as it should be.

        Args:
            stop: asked every now and then whether the job has become pointless.
        """
        try:
            return self._converse(job, stop)
        except _Broken as broken:
            self.close()
            return Reply(broken.status, broken.detail)
        except BaseException:
            self.close()
            raise

    def _converse(self, job: Job, stop: Callable[[], bool]) -> Reply:
        deadline = time.monotonic() + job.seconds
        self._jobs += 1
        header = {
            "job": self._jobs,
            "size": len(job.text),
            "kind": job.kind,
            "options": dict(job.options),
            "resources": job.resources,
            "memory": job.memory,
            "check": job.check,
            "count": job.count,
        }
        pending = memoryview(json.dumps(header).encode() + b"\n" + job.text)
        process = self._running()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise _Broken(Status.CRASHED, "the prover has no input or output")
        received = bytearray()
        answer: dict[str, Any] | None = None
        body = 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            while answer is None or len(received) < body + answer["size"]:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise _Broken(Status.KILLED, f"no answer after {job.seconds:g} seconds")
                if stop():
                    raise _Broken(Status.KILLED, "stopped")
                for key, _ in selector.select(min(remaining, _PATIENCE)):
                    if key.fileobj is stdin:
                        pending = pending[_write(stdin.fileno(), pending) :]
                        if not pending:
                            selector.unregister(stdin)
                        continue
                    chunk = os.read(stdout.fileno(), 1 << 16)
                    if not chunk:
                        raise _Broken(Status.CRASHED, _last_words(process))
                    received += chunk
                if answer is None and (end := received.find(b"\n")) >= 0:
                    answer = _parse(bytes(received[:end]), self._jobs)
                    body = end + 1
                if answer is None and len(received) > _HEADER_LIMIT:
                    raise _Broken(Status.CRASHED, "the answer has no end")
        if pending or len(received) > body + answer["size"]:
            raise _Broken(Status.CRASHED, "the prover answers more than it was asked")
        return Reply(Status(answer["status"]), answer["reason"][:200], answer["resources"], _body(received[body:]))

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
            raise _Broken(Status.CRASHED, f"the prover cannot be started: {error}") from error
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
        raise _Broken(Status.CRASHED, "the prover closed its input") from error


def _last_words(process: subprocess.Popen[bytes]) -> str:
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return "the prover closed its output"
    return f"the prover died of signal {-code}" if code < 0 else f"the prover ended with exit code {code}"


def _parse(line: bytes, job: int) -> dict[str, Any]:
    """The header of an answer, when it is one to this job."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Broken(Status.CRASHED, "the answer is no JSON") from error
    types = {"job": int, "status": str, "reason": str, "resources": int, "solver": str, "size": int}
    if not isinstance(answer, dict) or any(type(answer.get(name)) is not kind for name, kind in types.items()):
        raise _Broken(Status.CRASHED, "the answer has no status, or not all that belongs to it")
    if answer["job"] != job or answer["status"] not in (Status.SAT, Status.UNSAT, Status.UNKNOWN):
        raise _Broken(Status.CRASHED, "the answer is not one to this question")
    if not 0 <= answer["size"] <= _BODY_LIMIT:
        raise _Broken(Status.CRASHED, "the answer has no proper size")
    return answer


def _body(data: bytearray) -> Any:
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError) as error:
        raise _Broken(Status.CRASHED, "the answer's body is no JSON") from error
