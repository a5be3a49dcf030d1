"""A solver's process, seen from outside: it is asked, watched, and killed when it does not answer properly.

Whatever goes wrong there (a crash, silence, an answer that cannot be read) becomes a fault here, never an answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_HEADER_LIMIT = 65536
_PATIENCE = 0.05
"""How often, in seconds, a job may be stopped."""
_TYPES = {"job": int, "status": str, "reason": str, "resources": int, "solver": str, "size": int}


class Fault(StrEnum):
    """What went wrong in a conversation."""

    KILLED = "killed"
    CRASHED = "crashed"
    GARBAGE = "garbage"


class Broken(Exception):
    """The conversation with the process cannot go on."""

    def __init__(self, fault: Fault, detail: str) -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(detail)


class Process:
    """A process that does one job after another; started by the first, and again after it was closed.

    Not to be shared between threads. See ``serve`` for what goes in and out.

    Args:
        command: what to run.
        noun: what it is called in the words for a fault, such as ``solver``.
        environment: variables that it has beside those of this process.
    """

    def __init__(self, command: Sequence[str], noun: str, environment: Mapping[str, str] | None = None) -> None:
        self._command = list(command)
        self._noun = noun
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._jobs = 0

    def __enter__(self) -> Self:
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

    def interrupt(self) -> None:
        """Kill the process, from another thread: a conversation in progress breaks."""
        process = self._process
        if process is not None:
            process.kill()

    def converse(
        self,
        header: Mapping[str, object],
        text: bytes,
        seconds: float,
        accept: Callable[[dict[str, Any]], None],
        stop: Callable[[], bool] | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """Do one job; the process is closed when anything is not as it should be.

        Args:
            header: what the job's header says beside ``job`` and ``size``.
            seconds: after so long it is killed: a safety net, not a budget.
            accept: raises ``Broken`` for the header of an answer that cannot be one to this job.
            stop: asked every now and then whether the job has become pointless.
        Returns:
            The header and the body of the answer.
        Raises:
            Broken: there is no proper answer.
        """
        try:
            return self._converse(header, text, seconds, accept, stop)
        except BaseException:
            self.close()
            raise

    def _converse(
        self,
        header: Mapping[str, object],
        text: bytes,
        seconds: float,
        accept: Callable[[dict[str, Any]], None],
        stop: Callable[[], bool] | None,
    ) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + seconds
        self._jobs += 1
        pending = memoryview(json.dumps({"job": self._jobs, "size": len(text), **header}).encode() + b"\n" + text)
        process = self._running()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise Broken(Fault.CRASHED, f"the {self._noun} has no input or output")
        received = bytearray()
        answer: dict[str, Any] | None = None
        body = 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdin, selectors.EVENT_WRITE)
            selector.register(stdout, selectors.EVENT_READ)
            while answer is None or len(received) < body + answer["size"]:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise Broken(Fault.KILLED, f"no answer after {seconds:g} seconds")
                if stop is not None and stop():
                    raise Broken(Fault.KILLED, "stopped")
                for key, _ in selector.select(remaining if stop is None else min(remaining, _PATIENCE)):
                    if key.fileobj is stdin:
                        pending = pending[self._write(stdin.fileno(), pending) :]
                        if not pending:
                            selector.unregister(stdin)
                        continue
                    chunk = os.read(stdout.fileno(), 1 << 16)
                    if not chunk:
                        raise Broken(Fault.CRASHED, self._last_words(process))
                    received += chunk
                if answer is None and (end := received.find(b"\n")) >= 0:
                    answer = _header(bytes(received[:end]), self._jobs)
                    accept(answer)
                    body = end + 1
                if answer is None and len(received) > _HEADER_LIMIT:
                    raise Broken(Fault.GARBAGE, "the answer has no end")
        if pending or len(received) > body + answer["size"]:
            raise Broken(Fault.GARBAGE, f"the {self._noun} answers more than it was asked")
        return answer, bytes(received[body:])

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
                env={**os.environ, **self._environment, "PYTHONPATH": path},
                # An interrupt from the terminal is for the parent; it kills the child.
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise Broken(Fault.CRASHED, f"the {self._noun} cannot be started: {error}") from error
        self._process = process
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
        return process

    def _write(self, descriptor: int, data: memoryview) -> int:
        try:
            return os.write(descriptor, data[: 1 << 16])
        except BlockingIOError:
            return 0
        except BrokenPipeError as error:
            raise Broken(Fault.CRASHED, f"the {self._noun} closed its input") from error

    def _last_words(self, process: subprocess.Popen[bytes]) -> str:
        try:
            code = process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return f"the {self._noun} closed its output"
        died = f"died of signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"the {self._noun} {died}"


def _header(line: bytes, job: int) -> dict[str, Any]:
    """The header of an answer, when it is one to this job."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Broken(Fault.GARBAGE, "the answer is no JSON") from error
    if not isinstance(answer, dict) or any(type(answer.get(name)) is not kind for name, kind in _TYPES.items()):
        raise Broken(Fault.GARBAGE, "the answer has no status, or not all that belongs to it")
    if answer["job"] != job:
        raise Broken(Fault.GARBAGE, "the answer is not one to this question")
    return answer
