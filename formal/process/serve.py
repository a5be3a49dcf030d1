"""The inside of a solver's process: problems in, answers out.

A job is one line of JSON with ``job``, ``size``, ``memory`` and what else the solver wants to know, then ``size``
bytes. An answer is one line of JSON with ``job``, ``solver`` and what the solver says, ``size`` among it, then
``size`` bytes.
The process ends with its input, whatever the solver is doing.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, BinaryIO

Header = dict[str, Any]
Solve = Callable[[Header, bytes], tuple[Header, bytes]]
"""From the header and the body of a job to those of its answer."""

OVERHEAD = 1024
"""MiB of address space for Python, the solver's code and the text of the problem, beside what the solver counts."""


def serve(solver: str, solve: Solve) -> None:
    """Serve jobs from standard input; end at once when that fails, though a thread is still reading.

    Args:
        solver: name and version.
    """
    try:
        _serve(solver, solve)
    finally:
        os._exit(1)


def _serve(solver: str, solve: Solve) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    output = sys.stdout.buffer
    jobs: SimpleQueue[tuple[Header, bytes]] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        header, text = jobs.get()
        limit_memory(header["memory"] + OVERHEAD)
        answer, body = solve(header, text)
        line = json.dumps({"job": header["job"], "solver": solver, **answer})
        output.write(line.encode() + b"\n" + body)
        output.flush()


def _read(stream: BinaryIO, jobs: SimpleQueue[tuple[Header, bytes]]) -> None:
    while line := stream.readline():
        header = json.loads(line)
        text = stream.read(header["size"])
        if len(text) < header["size"]:
            break
        jobs.put((header, text))
    os._exit(0)


def limit_memory(mebibytes: int) -> None:
    """Let allocations beyond so much address space fail; where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 2**20, hard))
