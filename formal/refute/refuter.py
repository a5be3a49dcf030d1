"""The search in a child process, seen from outside: it can be stopped, and what goes wrong there stays there."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from formal.logic.theory import Formula
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.statement.model import Obligation, Statement
from formal.text import Bug

_HEADER = 8


class Refuter:
    """A child process that searches for one counter-model after another; started when it is first needed.

    One thread searches; any other may cancel.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._searching = False
        self._cancelled = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def cancel(self) -> None:
        """Make a search in progress return soon, from another thread; without one nothing happens."""
        with self._lock:
            if self._searching:
                self._cancelled = True
                if self._process is not None:
                    self._process.kill()

    def search(
        self,
        statement: Statement,
        obligation: Obligation,
        limits: SearchLimits,
        *,
        without: frozenset[str] = frozenset(),
        goal: Formula | None = None,
        satisfy: bool = False,
        nondegenerate: bool = False,
    ) -> CounterModel | Searched:
        """What ``search.search`` gives; when it was cancelled, or the process died, that nothing was searched.

        Raises:
            Bug: there was an error in the search.
        """
        options = {"without": without, "goal": goal, "satisfy": satisfy, "nondegenerate": nondegenerate}
        try:
            content = pickle.dumps((statement, obligation, limits, options))
        except RecursionError:
            return _nothing("the statement is nested too deeply")
        with self._lock:
            self._searching, self._cancelled = True, False
        try:
            answer = self._converse(content)
        except BaseException:
            self.close()
            raise
        finally:
            with self._lock:
                self._searching = False
        if answer is None:
            self.close()
            return _nothing("the search was stopped" if self._cancelled else "the process of the search died")
        kind, found = pickle.loads(answer)
        if kind == "bug":
            raise Bug(f"the search for a counter-model failed:\n{found}")
        if kind == "exceeded":
            return _nothing(found)
        assert isinstance(found, CounterModel | Searched)
        return found

    def _converse(self, content: bytes) -> bytes | None:
        """The answer to a job; None when the process ends before it has answered."""
        process = self._running()
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(len(content).to_bytes(_HEADER, "big") + content)
            process.stdin.flush()
            header = process.stdout.read(_HEADER)
            size = int.from_bytes(header, "big") if len(header) == _HEADER else -1
            answer = process.stdout.read(size) if size >= 0 else b""
        except (OSError, ValueError):
            return None
        return answer if len(answer) == size else None

    def _running(self) -> subprocess.Popen[bytes] | None:
        """The process, started where needed; None when the search was cancelled by now."""
        with self._lock:
            if self._cancelled:
                return None
            if self._process is not None and self._process.poll() is not None:
                _end(self._process)
                self._process = None
            if self._process is None:
                self._process = _start()
            return self._process


def _start() -> subprocess.Popen[bytes]:
    package_root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (package_root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "formal.refute.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"},
        # An interrupt from the terminal is for the parent; it kills the child.
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


def _nothing(reason: str) -> Searched:
    return Searched(-1, 0, 0, 0, True, reason, 0)
