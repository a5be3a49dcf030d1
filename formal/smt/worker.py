"""The child process: problems in, answers out; the one place where Z3 is loaded.

A job is one line of JSON, ``{"job", "size", "resources", "memory", "seed"}``, then ``size`` bytes of DIMACS. An answer
is one line of JSON, ``{"job", "status", "reason", "size", "resources", "solver"}``, then ``size`` bytes: for ``sat``
the model, one byte a variable from 0, 0 or 1. Each job has a context of its own. The process ends with its input.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
import threading
from queue import SimpleQueue
from typing import Any, BinaryIO

import z3

Job = tuple[dict[str, Any], bytes]

_VARIABLE = re.compile(r"define-fun k!(\d+) \(\) Bool\s+true\)")


def solve(header: dict[str, Any], text: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one job: its header and the model."""
    context = z3.Context()
    solver = z3.SolverFor("QF_FD", ctx=context)
    solver.set("rlimit", header["resources"])
    solver.set("max_memory", header["memory"])
    solver.set("random_seed", header["seed"])
    status, reason, model = "unknown", "", b""
    try:
        solver.from_string(text)
        status = str(solver.check())
        if status == "sat":
            model = _model(solver, context, int(text.split(maxsplit=3)[2]))
        elif status == "unknown":
            reason = solver.reason_unknown()
    except z3.Z3Exception as exception:
        status, reason = "unknown", str(exception)
    return {"status": status, "reason": reason, "resources": _resources(solver), "size": len(model)}, model


def _model(solver: Any, context: Any, variables: int) -> bytes:
    values = bytearray(variables + 1)
    text = z3.Z3_model_to_string(context.ref(), solver.model().model)
    for match in _VARIABLE.finditer(text):
        values[int(match[1])] = 1
    return bytes(values)


def _resources(solver: Any) -> int:
    with contextlib.suppress(z3.Z3Exception):
        statistics = solver.statistics()
        if "rlimit count" in statistics.keys():  # noqa: SIM118
            return int(statistics.get_key_value("rlimit count"))
    return 0


def _read(stream: BinaryIO, jobs: SimpleQueue[Job]) -> None:
    """Read jobs until the input ends; then the process ends too, whatever Z3 is doing."""
    while line := stream.readline():
        header = json.loads(line)
        text = stream.read(header["size"])
        if len(text) < header["size"]:
            break
        jobs.put((header, text))
    os._exit(0)


_OVERHEAD = 1024
"""MiB of address space for Python, Z3's code and the text of the problem, beside what Z3 counts."""


def _limit_memory(mebibytes: int) -> None:
    """Let allocations far beyond the limit fail, should Z3 not count them; where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, ((mebibytes + _OVERHEAD) * 2**20, hard))


def main() -> None:
    """Serve jobs from standard input; end at once when that fails, though a thread is still reading."""
    try:
        _serve()
    finally:
        os._exit(1)


def _serve() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    solver = f"z3 {z3.get_version_string()}"
    output = sys.stdout.buffer
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        header, text = jobs.get()
        _limit_memory(header["memory"])
        answer, model = solve(header, text)
        line = json.dumps({"job": header["job"], "solver": solver, **answer})
        output.write(line.encode() + b"\n" + model)
        output.flush()


if __name__ == "__main__":
    main()
